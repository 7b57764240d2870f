/*
 * pipeline.h - the conductor: knows all stations, which know nobody.
 * Floor 4, newswatchd.
 *
 *   due target -> fetch -> READ -> one commit (articles, tags, alerts, outbox rows, follow-up targets, target state)
 *   due edit or late page -> MATCH -> one commit
 *   due group -> message -> RENDER -> parts -> sender -> outcome            (outbox.h)
 *
 * Life: nw_pipeline_new() -> nw_pipeline_kick() ... -> nw_pipeline_free().
 */
#ifndef NW_MAIN_PIPELINE_H
#define NW_MAIN_PIPELINE_H

#include "main/generation.h"

struct event_base;
struct nw_err;
struct nw_fetch;
struct nw_operator;
struct nw_pipeline;
struct nw_pool;
struct nw_store;

struct nw_pipeline_parts { /* borrowed; they outlive the pipeline */
	struct event_base *base;
	struct nw_store *store;
	struct nw_pool *pool;
	struct nw_fetch *fetch;
	struct nw_generations *generations;
	struct nw_operator *operator;
	const char *sender_program;
	int once; /* claim what is due, follow what that creates, flush group waits, then call ${idle} */
	void (*idle)(void *cookie);
	/* the store is broken: leave for a restart */
	void (*broken)(void *cookie, const struct nw_err *);
	void *cookie;
};

struct nw_pipeline *nw_pipeline_new(const struct nw_pipeline_parts *, struct nw_err *);
void nw_pipeline_free(struct nw_pipeline *); /* NULL is fine */
/* Something may be due: look soon (calls are joined). */
void nw_pipeline_kick(struct nw_pipeline *);
/* A new configuration is live. */
void nw_pipeline_renew(struct nw_pipeline *);
/* Claim nothing more; ${idle} is called once nothing is in hand. */
void nw_pipeline_drain(struct nw_pipeline *);
/* Poll a source's listings now: how many were claimed, or -1. */
int nw_pipeline_poll(struct nw_pipeline *, struct nw_str source, struct nw_err *);

/* Use a channel again that was gone or held: how many deliveries are due, or -1. */
int nw_pipeline_release(struct nw_pipeline *, struct nw_str channel, struct nw_err *);

void nw_pipeline_dropped(struct nw_pipeline *); /* deliveries, by somebody */

struct nw_pipeline_gauges {
	uint32_t fetching, reading, matching, delivering;
	uint64_t polls, documents, articles, alerts, failures;
};
void nw_pipeline_gauges_get(const struct nw_pipeline *, struct nw_pipeline_gauges *gauges_r);
uint32_t nw_pipeline_sender_pids(const struct nw_pipeline *, int *pids_r, uint32_t n);
#endif
