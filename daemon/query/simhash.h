/*
 * simhash.h - 64 bits of which near texts share most.
 * Floor 2.
 */
#ifndef NW_QUERY_SIMHASH_H
#define NW_QUERY_SIMHASH_H

#include "query/analyse.h"

#define NW_SIMHASH_WORDS_MIN 16 /* fewer words than these say nothing of likeness */

/* Of the words of both texts together; 0 if they are too few.  Stable within an engine version. */
uint64_t nw_simhash_of(const struct nw_text *, const struct nw_text *);
#endif
