/*
 * pipeline_own.h - what the conductor's files share: pipeline.c the turn and the outbox's questions,
 * pipeline_claim.c what is due and may be asked for, pipeline_visit.c a target from its answer to its commit,
 * pipeline_match.c edits and pages that did not come.
 */
#ifndef NW_MAIN_PIPELINE_OWN_H
#define NW_MAIN_PIPELINE_OWN_H

#include "main/pipeline.h"
#include "main/space.h"
#include "store/store_target.h"

struct event;
struct nw_arena;
struct nw_coverage;
struct nw_outbox;
struct nw_polled;
struct nw_polled_cache;
struct nw_response;
struct nw_robots_cache;
struct nw_statements;

struct nw_pipeline {
	struct nw_pipeline_parts parts;
	struct nw_outbox *outbox;
	struct nw_robots_cache *robots;
	struct nw_coverage *coverage;
	struct nw_polled_cache *polled;
	struct nw_statements *statements;
	struct event *turn;
	int64_t next_target_ms; /* wall; nothing is due before */
	int64_t claim_after_ms; /* wall; the last claim has just been */
	int64_t next_match_ms, next_statement_ms; /* as above */
	int64_t turn_wall_ms, turn_mono_ms; /* of the last turn: how the wall clock goes */
	int64_t next_outbox_ms; /* wall; the outbox has nothing to do before, unless something changes */
	struct nw_pipeline_gauges n;
	struct nw_space space;
	int64_t shrunk_ms; /* monotonic: memory was given back */
	int draining;
	uint32_t matches; /* MATCH jobs in hand */
};

/* Targets claimed together share their memory; the last visit frees it. */
struct nw_claim {
	struct nw_arena *arena;
	uint32_t visits;
	uint32_t n; /* claimed together */
};

/* One visit of a target, from claim to commit. */
struct nw_visit {
	struct nw_pipeline *p;
	struct nw_claim *claim;
	const struct nw_store_target *target;
	struct nw_conf_source *source;
	struct nw_polled *held; /* whose source it is, NULL if the generation's */
	struct nw_store_poll end;
	uint8_t *body;	 /* NULL once it is packed for a worker */
	size_t body_len; /* which counts as waiting until the visit is over */
	/* unreadable: a document came and no parser could read it; killed: it killed its readers */
	int conditional, unreadable, killed;
};

static inline const struct nw_generation *
nw_pipeline_live(const struct nw_pipeline *p)
{
	return p->parts.generations->live;
}

/* The store did not take it: leases run out and the work is due again, nothing has moved. */
void nw_pipeline_store_failed(struct nw_pipeline *, const struct nw_err *);
/* pipeline_visit.c: the answer came; it failed (${machine}: by a fault of our own); robots.txt does not permit it; given
 * up.  The visit is gone afterwards. */
void nw_visit_fetched(void *visit, const struct nw_response *, const struct nw_err *);
void nw_visit_fail(struct nw_visit *, struct nw_str reason, int64_t retry_after_ms, int machine);
void nw_visit_refuse(struct nw_visit *, struct nw_str reason);
void nw_visit_free(struct nw_visit *);
/* pipeline_claim.c: how many targets may be claimed now. */
uint32_t nw_pipeline_room(const struct nw_pipeline *);
/* Claim what is due and fits; sets the time before which nothing is due. */
int nw_pipeline_claim_targets(struct nw_pipeline *, int64_t now_ms, struct nw_err *);
/* pipeline_match.c: a MATCH job of the articles that are due for one. */
int nw_pipeline_claim_matches(struct nw_pipeline *, int64_t now_ms, struct nw_err *);
#endif
