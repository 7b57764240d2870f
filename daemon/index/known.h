/*
 * known.h - the words that are surely in the dictionary, by their hashes: most need not be written again.
 * Floor 3, private to index/.  Life: struct nw_known k = {0}; nw_known_add()*; nw_known_done().
 * limits  NW_INDEX_KNOWN_MAX slots; when they are full it forgets, and words are written again without
 * effect.
 */
#ifndef NW_INDEX_KNOWN_H
#define NW_INDEX_KNOWN_H

#include <stdint.h>

struct nw_known {
	uint64_t *slot; /* 0 is empty */
	uint32_t mask, n;
};

/* 1 if the hash is new, 0 if it was known; without memory everything is new. */
int nw_known_add(struct nw_known *, uint64_t hash);
/* Forget all, since what was written is undone. */
void nw_known_forget(struct nw_known *);
/* Forget all where there are more than a few hundred articles bring.  1 that gave memory back, 0. */
int nw_known_shrink(struct nw_known *);
void nw_known_done(struct nw_known *);
#endif
