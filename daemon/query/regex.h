/*
 * regex.h - a regular expression as a place: the positions its matches touch (R23).
 * Floor 2.  ICU's engine on the original text, with its time limit; results are kept for the article begun.
 */
#ifndef NW_QUERY_REGEX_H
#define NW_QUERY_REGEX_H

#include "query/analyse.h"
#include "query/span.h"

struct nw_arena;

struct URegularExpression;
struct nw_regex {
	struct URegularExpression *re;
	uint32_t phrase; /* what every match holds, NW_PHRASE_NONE if that is not known: it wakes the expression */
	uint32_t article;
	struct nw_spans found; /* in the article `article` */
};

struct nw_regex *nw_regex_new(struct nw_str pattern, int icase); /* NULL: does not compile, or memory */
void nw_regex_free(struct nw_regex *);
/*
 * nw_regex_find(re, text, base, arena, out, n, cap):
 * Append the spans of all matches in a text, as global positions from ${base}.
 * limits  NW_REGEX_MS; what is found by then counts.
 * errors  -1 without memory.
 */
struct nw_regex_out {
	struct nw_span *v;
	uint32_t n, cap;
};
int nw_regex_find(struct nw_regex *, const struct nw_text *, uint32_t base, struct nw_arena *, struct nw_regex_out *);
#endif
