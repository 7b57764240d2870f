/*
 * prefix.h - Arabic words without what is written together with them (R19).
 * Floor 2.  On folded words.
 */
#ifndef NW_QUERY_PREFIX_H
#define NW_QUERY_PREFIX_H

#include <newswatch/plugin.h>

enum { NW_PREFIX_FORMS = 8 };

/* The shorter forms of the word, borrowed from it; how many. */
uint32_t nw_prefix_strip(struct nw_str word, struct nw_str form[NW_PREFIX_FORMS]);
#endif
