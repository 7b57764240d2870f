/*
 * eval.h - whether an expression holds in the article begun, and with which spans.
 * Floor 2.  Places are sets of spans, truths are 0 or 1 (R2).  Recursion goes no deeper than the parser let trees be.
 */
#ifndef NW_QUERY_EVAL_H
#define NW_QUERY_EVAL_H

#include "query/fields.h"

struct nw_eval {
	struct nw_prog *prog;
	struct nw_fields *fields;
	struct nw_arena *arena; /* of the article */
	int64_t now_ms;
	const struct nw_tag *const *tag; /* tags known so far */
	uint32_t ntag;
	int relaxed; /* as if NOT clauses were not there, and negative operators were their left operand (R24) */
	int failed;  /* no memory: the answer is not to be believed */
};

struct nw_spans nw_eval_place(struct nw_eval *, uint32_t node);
/* ${negated}: below a NOT, where a comparison that cannot be answered must not hold (R28). */
int nw_eval_truth(struct nw_eval *, uint32_t node, int negated);
/* Points of one line of a score block (R26). */
int64_t nw_eval_points(struct nw_eval *, const struct nw_prog_clause *);
/* 1 if match and score hold; score_r is set where there is a block. */
int nw_eval_expr(struct nw_eval *, const struct nw_prog_expr *, int64_t *score_r);

/* The spans of what a phrase or list found, within a scope. */
struct nw_spans nw_eval_scope(struct nw_eval *, struct nw_spans, enum nw_prog_scope);
#endif
