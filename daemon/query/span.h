/*
 * span.h - the algebra of intervals (R11 to R14): sets of spans of positions, and what the operators make of them.
 * Floor 2.  Positions are global: field << NW_SPAN_FIELD_SHIFT | position, so that no span and no distance leads from
 * one field into another.  A set is sorted by (from, to) and holds no span twice; only the results of chain.h are
 * minimal, others may hold spans within spans (R14).  Everything runs in about linear time, whatever the text.
 */
#ifndef NW_QUERY_SPAN_H
#define NW_QUERY_SPAN_H

#include <newswatch/plugin.h>

struct nw_arena;

#define NW_SPAN_FIELD_SHIFT 22 /* NW_TEXT_POSITIONS_MAX and a gap wider than any distance */

struct nw_span {
	uint32_t from, to; /* both included */
};

struct nw_spans {
	const struct nw_span *v;
	uint32_t n;
};

static inline uint32_t
nw_span_field(struct nw_span s)
{
	return s.from >> NW_SPAN_FIELD_SHIFT;
}

/* How a chain may step from one operand to the next. */
struct nw_span_step {
	uint32_t distance; /* positions strictly between; UINT32_MAX: any, within the unit */
	int ordered;	   /* PRE: operands in the written order */
	/* SENT, PARA: the number of the unit a position lies in; NULL: none asked */
	uint32_t (*unit)(const void *cookie, uint32_t pos);
	const void *cookie;
};

/* All return -1 without memory (the arena's cap), else 0.  Results lie in the arena or are the operand itself. */
int nw_span_union(struct nw_arena *, const struct nw_spans *operand, uint32_t n, struct nw_spans *out_r);
/* IN: the a's inside a span of b; with ${outside}: the others (NOTIN). */
int nw_span_in(struct nw_arena *, struct nw_spans a, struct nw_spans b, int outside, struct nw_spans *out_r);
/* NOTNEAR: the a's with no b within distance on either side; overlap is distance 0. */
int nw_span_notnear(struct nw_arena *, struct nw_spans a, struct nw_spans b, uint32_t distance, struct nw_spans *out_r);
/* NOTSENT, NOTPARA: the a's in none of whose units a b stands.  unit() must not decrease with the position. */
int nw_span_notunit(struct nw_arena *, struct nw_spans a, struct nw_spans b, const struct nw_span_step *,
    struct nw_spans *out_r);
/* The size of the largest set of spans that do not overlap. */
uint32_t nw_span_disjoint(struct nw_arena *, struct nw_spans);
/* Sorts v[0..n) and drops doubles; how many are left. */
uint32_t nw_span_sort(struct nw_span *v, uint32_t n);
#endif
