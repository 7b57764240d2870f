/*
 * pipeline_own.h - what the conductor's files share: pipeline.c the turn and the outbox's questions,
 * pipeline_visit.c a target from claim to commit, pipeline_match.c edits and pages that did not come.
 */
#ifndef NW_MAIN_PIPELINE_OWN_H
#define NW_MAIN_PIPELINE_OWN_H

#include "main/pipeline.h"

struct event;
struct nw_outbox;
struct nw_statements;

struct nw_pipeline {
	struct nw_pipeline_parts parts;
	struct nw_outbox *outbox;
	struct nw_statements *statements;
	struct event *turn;
	int64_t next_target_ms; /* wall; nothing is due before */
	int64_t next_match_ms, next_statement_ms; /* as above */
	int64_t next_outbox_ms; /* wall; the outbox has nothing to do before, unless something changes */
	struct nw_pipeline_gauges n;
	int draining;
	uint32_t matches; /* MATCH jobs in hand */
};

static inline const struct nw_generation *
nw_pipeline_live(const struct nw_pipeline *p)
{
	return p->parts.generations->live;
}

/* The store did not take it: leases run out and the work is due again, nothing has moved. */
void nw_pipeline_store_failed(struct nw_pipeline *, const struct nw_err *);
/* pipeline_visit.c: claim what is due and fits; sets the time before which nothing is due. */
int nw_pipeline_claim_targets(struct nw_pipeline *, int64_t now_ms, struct nw_err *);
/* pipeline_match.c: a MATCH job of the articles that are due for one. */
int nw_pipeline_claim_matches(struct nw_pipeline *, int64_t now_ms, struct nw_err *);
#endif
