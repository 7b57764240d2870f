/*
 * cache.h - how many pages of the file stay in memory: many while there is much to do, few in between.
 * Floor 3, private to store/sqlite.
 */
#ifndef NW_STORE_CACHE_H
#define NW_STORE_CACHE_H

struct nw_err;
struct nw_store;

/* The writer's, when it is opened: many. */
int nw_cache_open(struct nw_store *, struct nw_err *);
/* Before a group: many again, once more pages had to be read than few can hold.  Without memory it stays as it is. */
void nw_cache_fit(struct nw_store *);
#endif
