/*
 * reach.h - which keys a word of a text reaches beside its own: wildcards, Hangul inside, near spellings, and what is
 * left of an Arabic word without its prefixes (R17 to R21).
 * Floor 2.  Asked once for each distinct word; the vocabulary keeps the answer.  Patterns are found by three bytes
 * that the word must hold, so that ten thousand wildcards cost a word little more than ten.
 */
#ifndef NW_QUERY_REACH_H
#define NW_QUERY_REACH_H

#include "query/words.h"

struct nw_reach {
	const struct nw_words *words;
	uint32_t *bucket; /* [1 << bits] first entry of a chain, + 1 */
	uint32_t bits;
	struct nw_reach_entry {
		uint32_t key, next;
	} *entry;
	uint32_t nentry;
	uint32_t *fuzzy, nfuzzy; /* near spellings hold no three bytes for sure */
	uint32_t *rest, nrest;	 /* patterns without three bytes in a row */
};

struct nw_reach_out {
	uint32_t *key;
	uint32_t n, cap;
	int failed;
};

enum { NW_REACH_ARABIC = 1 /* take prefixes off (R19) */ };

int nw_reach_init(struct nw_reach *, const struct nw_words *); /* -1: memory */
void nw_reach_done(struct nw_reach *);
/* Whether any word can reach anything with these flags. */
int nw_reach_any(const struct nw_reach *, int flags);
/* The keys, each once, in out (which keeps its memory from word to word). */
void nw_reach_find(const struct nw_reach *, struct nw_str folded, int flags, struct nw_reach_out *out);

/* Adds one more key, unless it is 0 or there already. */
void nw_reach_add(struct nw_reach_out *, uint32_t key);

/* Whether the folded word matches a pattern with "*" and "?" (whole characters). */
int nw_reach_glob(struct nw_str pattern, struct nw_str word);
/* Edits from a to b (swap of neighbours counts 1), or max + 1 if there are more. */
uint32_t nw_reach_edits(struct nw_str a, struct nw_str b, uint32_t max);
#endif
