/*
 * ids.h - a set of row ids, filled once, then asked.
 * Floor 3, private to store/sqlite.  Life: {0} -> nw_ids_add()* -> nw_ids_sort() -> nw_ids_has()* -> nw_ids_done().
 */
#ifndef NW_STORE_IDS_H
#define NW_STORE_IDS_H

#include <stddef.h>
#include <stdint.h>

struct nw_ids {
	int64_t *id;
	size_t n, cap;
};

int nw_ids_add(struct nw_ids *, int64_t id); /* -1 without memory */
void nw_ids_sort(struct nw_ids *);
int nw_ids_has(const struct nw_ids *, int64_t id);
void nw_ids_done(struct nw_ids *);
#endif
