/*
 * query_brute.h - the interval algebra a second time, by definition and without any cleverness: every operator tries
 * all combinations of spans.  For short texts of the words "aa" to "ee"; the oracle of the evaluator.
 */
#ifndef NW_TEST_QUERY_BRUTE_H
#define NW_TEST_QUERY_BRUTE_H

#include "query/ast.h"

enum { NW_BRUTE_WORDS = 40, NW_BRUTE_SPANS = 400 };

struct nw_brute_span {
	int field, from, to; /* field 0 title, 1 body; positions, the end of a paragraph counting as one */
};
struct nw_brute_set {
	struct nw_brute_span v[NW_BRUTE_SPANS];
	int n, full; /* full: more than fit, the case is void */
};
struct nw_brute_text {
	char s[2][NW_BRUTE_WORDS * 6]; /* title and body as text */
	struct {
		int word; /* 0..4 */
		int pos, sentence, para;
		int off;  /* byte in s[field] */
	} w[2][NW_BRUTE_WORDS];
	int n[2];
};

/* A stream of choices: random with a seed, or a fuzzer's bytes. */
struct nw_brute_dice {
	uint64_t seed;
	const uint8_t *p;
	size_t n;
};
unsigned nw_brute_roll(struct nw_brute_dice *, unsigned sides);

void nw_brute_make_text(struct nw_brute_dice *, struct nw_brute_text *);
/* Writes an expression; with ${place} one that yields spans. */
void nw_brute_make_expr(struct nw_brute_dice *, struct nw_buf *, int place);

void nw_brute_place(const struct nw_brute_text *, const struct nw_ast *, int relaxed, struct nw_brute_set *);
/* 1 or 0; -1 if it cannot be told (too many spans). */
int nw_brute_truth(const struct nw_brute_text *, const struct nw_ast *, int relaxed);
#endif
