/*
 * wake.h - which expressions an article wakes: each waits for the rarest set of phrases, lists or tags of which one
 * must be there for it to hold.
 * Floor 2.  Life: nw_wake_make() once -> per article nw_wake_phrases(), nw_wake_tag()* in any order.
 */
#ifndef NW_QUERY_WAKE_H
#define NW_QUERY_WAKE_H

#include "query/prog.h"

/* Fill the tables of who wakes whom; -1 without memory.  Anchors must have been chosen. */
int nw_wake_make(struct nw_prog *);

typedef void nw_wake_fn(void *cookie, uint32_t expr);
/* Call ${fn} for each expression that a phrase found wakes, and note in each list what of it was found. */
int nw_wake_phrases(struct nw_prog *, struct nw_arena *, nw_wake_fn *, void *cookie);
void nw_wake_tag(const struct nw_prog *, struct nw_str name, nw_wake_fn *, void *cookie);

/* What an expression waits for, in words; *always_r 1 if nothing. */
int nw_wake_print(const struct nw_prog *, uint32_t expr, struct nw_buf *, int *always_r);
#endif
