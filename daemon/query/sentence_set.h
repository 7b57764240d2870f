/*
 * sentence_set.h - the sentences of some texts as a set: how two revisions of an article are compared (R29).
 * Floor 2.  A sentence is its words, folded, in their order; marks and white space do not count, nor where it stands.
 * Life: nw_sentence_set_clear() -> nw_sentence_set_add()* -> nw_sentence_set_seal() -> nw_sentence_set_has()*, again and
 * again -> nw_sentence_set_done().  A zeroed struct is an empty set; memory is kept from one filling to the next.
 */
#ifndef NW_QUERY_SENTENCE_SET_H
#define NW_QUERY_SENTENCE_SET_H

#include "query/analyse.h"

struct nw_sentence_set {
	uint64_t *seen; /* hashes, ascending once sealed */
	uint32_t n, cap;
};

void nw_sentence_set_clear(struct nw_sentence_set *);
/* The sentences of a text, which nw_analyse_sentences() has found; -1 without memory. */
int nw_sentence_set_add(struct nw_sentence_set *, const struct nw_text *);
void nw_sentence_set_seal(struct nw_sentence_set *);
/* Whether sentence ${i} of a text is one of them. */
int nw_sentence_set_has(const struct nw_sentence_set *, const struct nw_text *, uint32_t i);
void nw_sentence_set_done(struct nw_sentence_set *);
#endif
