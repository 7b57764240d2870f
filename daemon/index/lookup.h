/*
 * lookup.h - candidates for an expression: the revisions whose words the index holds as the expression needs
 * them. Floor 3, private to index/ (hunt.h is what programs use). Life: nw_lookup_open() -> nw_lookup_next()*
 * -> nw_lookup_close().  One at a time on one index.
 */
#ifndef NW_INDEX_LOOKUP_H
#define NW_INDEX_LOOKUP_H

#include <newswatch/plugin.h>

struct nw_err;
struct nw_index;
struct nw_lookup;
struct nw_need;
struct nw_store;

/*
 * nw_lookup_open(index, store, need, from, before, lookup_r, err):
 * Look up revisions with ${from} <= id < ${before}, newest first.
 * returns  1, or 0 when the index cannot help: what is needed may be any word, or more words than are worth
 * it.
 */
int nw_lookup_open(struct nw_index *, struct nw_store *, const struct nw_need *, int64_t from, int64_t before,
    struct nw_lookup **lookup_r, struct nw_err *);
int nw_lookup_next(struct nw_lookup *, int64_t *id_r, struct nw_err *); /* 1, 0 no more, -1 */
void nw_lookup_close(struct nw_lookup *);				/* NULL is fine */
#endif
