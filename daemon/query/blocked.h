/*
 * blocked.h - what stands in the way of a near miss: NOT clauses that hold, and what negative operators struck (R24).
 * Floor 2.
 */
#ifndef NW_QUERY_BLOCKED_H
#define NW_QUERY_BLOCKED_H

#include "query/evidence.h"

/* Collect it, from a node that holds relaxed.  The draft's evaluation is relaxed before and after. */
void nw_blocked_collect(struct nw_evidence_draft *, uint32_t node);

/* --- of evidence.c */
void nw_evidence_collect(struct nw_evidence_draft *, uint32_t node);
void nw_evidence_add(struct nw_evidence_draft *, struct nw_spans, struct nw_prog_text clause);
#endif
