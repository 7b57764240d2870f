/*
 * phrase.h - the terms of all rules, each once: a phrase is a row of matchers, and an anchor by which it is found.
 * Floor 2.  Life: nw_phrase_add()* -> nw_anchor_choose() once (anchor.h) -> (nw_scan_begin() -> nw_scan_text()*)* (scan.h)
 * -> nw_phrase_done().
 * An anchor is the rarest word, or the rarest two words in a row, that every place of the phrase must hold; so a text
 * is read once, most words lead nowhere, and what leads somewhere is nearly always the phrase.
 */
#ifndef NW_QUERY_PHRASE_H
#define NW_QUERY_PHRASE_H

#include "query/span.h"
#include "query/vocab.h"

struct nw_arena;

/* One position of a phrase: a word that answers to the key, and passes the filter. */
struct nw_matcher {
	uint32_t key;
	uint32_t filter; /* 0 none, NW_PHRASE_CAPS, or the key of an exact spelling */
};
enum { NW_PHRASE_CAPS = 1 };

struct nw_phrase {
	uint32_t first; /* matchers [first, first + n) */
	uint16_t n;
	uint16_t anchor; /* which of them; with NW_ANCHOR_PAIR this and the next */
};

/* Where a phrase stands in the article begun. */
struct nw_phrase_hits {
	uint32_t article, n, cap;
	struct nw_span *v;
};

struct nw_phrases {
	struct nw_words words;
	struct nw_phrase *phrase;
	uint32_t n, cap;
	struct nw_matcher *matcher;
	uint32_t nmatcher, matcher_cap;
	uint32_t *slot, mask; /* hash table of phrases */

	/* after nw_anchor_choose() */
	uint8_t *flags;	 /* [nkey]: NW_VOCAB_* >> 22 */
	uint32_t *alone_first, *alone; /* by key: phrases anchored by one word */
	struct nw_phrase_pair {
		uint32_t left, right, first, n;
	} *pair;	       /* hash table; n 0 is empty */
	uint32_t pair_mask, npair;
	uint32_t *paired;      /* phrases of each pair */
	uint64_t *bloom;       /* a bit for each pair: most pairs of a text end here */
	uint32_t bloom_shift;

	/* of the article begun */
	struct nw_phrase_hits *hits; /* [n] */
	uint32_t article;
	struct nw_arena *arena;
	uint32_t *found, nfound;     /* phrases found, each once, in the order of their first place */
	int failed;		     /* no memory */
};

#define NW_PHRASE_NONE UINT32_MAX

/* The phrase of these matchers, new or known; NW_PHRASE_NONE without memory or past NW_QUERY_PHRASES_MAX. */
uint32_t nw_phrase_add(struct nw_phrases *, const struct nw_matcher *, uint32_t n);
/* Where it stands in the article begun. */
static inline struct nw_spans
nw_phrase_spans(const struct nw_phrases *p, uint32_t phrase)
{
	const struct nw_phrase_hits *h = &p->hits[phrase];

	return h->article == p->article ? (struct nw_spans){h->v, h->n} : (struct nw_spans){NULL, 0};
}
size_t nw_phrase_bytes(const struct nw_phrases *);
void nw_phrase_done(struct nw_phrases *);
#endif
