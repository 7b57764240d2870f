/*
 * evidence.h - why an expression holds, and what stood in the way of one that nearly does (R2, R24).
 * Floor 2.  Every item names field and bytes of the original text, the passage round it, and the clause it satisfies.
 */
#ifndef NW_QUERY_EVIDENCE_H
#define NW_QUERY_EVIDENCE_H

#include "query/eval.h"

struct nw_evidence_draft { /* while items are collected */
	struct nw_eval *ev;
	struct nw_evidence_item {
		struct nw_hit hit;
		uint32_t order; /* as it was found */
	} *item;
	uint32_t n, cap;
	struct nw_prog_text *clause;
	uint32_t nclause, clause_cap;
	struct nw_prog_text line; /* of a score block: the clause of everything below it */
	int32_t weight;
};

/*
 * nw_evidence_make(ev, expr, score, near, out_r):
 * The evidence of an expression that holds; with ${near} of one that holds only relaxed, and what blocked it.
 * owns    everything lies in the article's arena.
 * limits  NW_HITS_MAX items, the first in text order.
 * errors  -1 without memory.
 */
int nw_evidence_make(struct nw_eval *, const struct nw_prog_expr *, const int64_t *score, int near,
    struct nw_evidence *out_r);
#endif
