/*
 * anchor.h - by which of its words a phrase is looked for.
 * Floor 2.  Works on phrase.h, whose tables it fills; scan.h looks them up.
 */
#ifndef NW_QUERY_ANCHOR_H
#define NW_QUERY_ANCHOR_H

#include "query/phrase.h"

#define NW_ANCHOR_PAIR 0x8000u /* in nw_phrase.anchor: this matcher and the next */
#define NW_ANCHOR_AT(p) ((p)->anchor & 0x7fffu)
#define NW_ANCHOR_WHOLE 0x80000000u /* beside a phrase's number: the anchor is all of it, without filters */

/* Choose the anchors of all phrases; after this nothing may be added.  -1: memory. */
int nw_anchor_choose(struct nw_phrases *);
/* What a place of the phrase is expected to cost: how often its anchor is met (a guess, for choices only). */
uint32_t nw_anchor_cost(const struct nw_phrases *, uint32_t phrase);
/* The anchor in words, appended. */
void nw_anchor_print(const struct nw_phrases *, uint32_t phrase, struct nw_buf *);

static inline uint64_t
nw_anchor_hash(uint32_t left, uint32_t right)
{
	return (left * 0x9e3779b97f4a7c15ull ^ right) * 0xd6e8feb86659fd93ull;
}

static inline int
nw_anchor_maybe(const struct nw_phrases *p, uint64_t hash)
{
	uint64_t bit = hash >> p->bloom_shift;

	return (p->bloom[bit >> 6] >> (bit & 63) & 1) != 0;
}

/* Ask the memory for what the next two will read. */
static inline void
nw_anchor_fetch_bloom(const struct nw_phrases *p, uint64_t hash)
{
	__builtin_prefetch(&p->bloom[hash >> p->bloom_shift >> 6]);
}

static inline void
nw_anchor_fetch(const struct nw_phrases *p, uint64_t hash)
{
	__builtin_prefetch(&p->pair[(uint32_t)(hash >> 24) & p->pair_mask]);
}

/* The phrases anchored by two words in a row; NULL if there are none. */
static inline const struct nw_phrase_pair *
nw_anchor_pair(const struct nw_phrases *p, uint64_t hash, uint32_t left, uint32_t right)
{
	uint32_t i = (uint32_t)(hash >> 24) & p->pair_mask;

	for (; p->pair[i].n != 0; i = (i + 1) & p->pair_mask)
		if (p->pair[i].left == left && p->pair[i].right == right)
			return &p->pair[i];
	return NULL;
}
#endif
