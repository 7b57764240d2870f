/*
 * tongue.h - one language's table of the vocabulary (vocab.h): built from the rules' words, then learning.
 * Floor 2.
 */
#ifndef NW_QUERY_TONGUE_H
#define NW_QUERY_TONGUE_H

#include "query/vocab.h"

#define NW_TONGUE_TAG (~(uint64_t)0x1ffffff) /* the part of a slot that is of the hash */

struct nw_vocab_tongue *nw_tongue_new(struct nw_vocab *, const char *name); /* NULL without memory */
void nw_tongue_free(struct nw_vocab_tongue *);
/* Remember what a word reaches, or its stem; the word as vocab.h defines it.  -1 without memory. */
int nw_tongue_learn(struct nw_vocab *, struct nw_vocab_tongue *, struct nw_str folded, uint64_t hash, uint32_t *word_r);
int nw_tongue_learn_stem(struct nw_vocab *, struct nw_vocab_tongue *, struct nw_str lower, uint64_t hash, uint32_t *word_r);

static inline uint64_t
nw_tongue_tag(uint64_t hash)
{
	return (hash & NW_TONGUE_TAG) != 0 ? hash & NW_TONGUE_TAG : ~NW_TONGUE_TAG + 1;
}

/* 1 and the word if the hash is known. */
static inline int
nw_tongue_find(const struct nw_vocab_table *t, uint64_t hash, uint32_t *word_r)
{
	uint64_t tag = nw_tongue_tag(hash), s;

	for (uint32_t i = (uint32_t)hash & t->mask; (s = t->slot[i]) != 0; i = (i + 1) & t->mask)
		if ((s & NW_TONGUE_TAG) == tag) {
			*word_r = (uint32_t)(s & ~NW_TONGUE_TAG);
			return 1;
		}
	return 0;
}
#endif
