/* What is due, and whether it may be asked for. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/limits.h"
#include "main/coverage.h"
#include "main/fetch.h"
#include "main/pipeline_own.h"
#include "main/polled.h"
#include "main/robots.h"
#include "main/source.h"

#define CLAIM_LOW (NW_CLAIM_MAX / 2) /* free places worth a claim while others run */
#define DAY_MS	  INT64_C(86400000)

/* Now and then, and at least about once a day, the whole document is asked for: servers lie about freshness.
 */
static int
may_be_conditional(const struct nw_conf_daemon *d, const struct nw_store_target *t, int64_t now_ms)
{
	int64_t gap =
	    t->last_poll_ms != NW_TIME_NONE && now_ms > t->last_poll_ms ? now_ms - t->last_poll_ms : 0;

	if (t->first_contact || !t->has_body_hash || (t->etag.len == 0 && t->last_modified.len == 0))
		return 0;
	return d->fetch.unconditional_every == 0 || (t->polls_conditional < d->fetch.unconditional_every &&
							(int64_t)t->polls_conditional * gap < DAY_MS);
}

/* Pages are asked for only where robots.txt permits it; feeds are made for programs. */
static int
obeys_robots(const struct nw_visit *v)
{
	return v->source->robots && v->target->role != NW_ROLE_FEED;
}

static int
fetch(struct nw_visit *v, const struct nw_request *q, struct nw_err *err)
{
	v->end.now_ms = nw_clock_wall_ms();
	return nw_fetch_start(v->p->parts.fetch, q, nw_visit_fetched, v, err);
}

static void
on_robots(void *cookie, enum nw_robots_answer answer, struct nw_str why)
{
	struct nw_visit *v = cookie;
	struct nw_request q;
	struct nw_err err;

	if (answer == NW_ROBOTS_ALLOWED &&
	    nw_source_request(v->claim->arena, &nw_pipeline_live(v->p)->config->daemon, v->source, v->target,
		v->conditional, &q, &err) == 0 &&
	    fetch(v, &q, &err) == 0)
		return; /* it goes on being counted */
	v->p->n.fetching--;
	v->end.now_ms = nw_clock_wall_ms();
	if (answer == NW_ROBOTS_DISALLOWED)
		nw_visit_refuse(v, why);
	else if (answer == NW_ROBOTS_UNREACHABLE)
		nw_visit_fail(v, why, 0, 0);
	else
		nw_visit_fail(v, nw_str(err.msg), 0, 1);
}

/* 0 under way, 1 refused by robots.txt: the visit is gone, -1. */
static int
start(struct nw_visit *v, const struct nw_request *q, struct nw_err *err)
{
	const struct nw_conf_daemon *d = &nw_pipeline_live(v->p)->config->daemon;
	struct nw_str agent = v->source->user_agent.len > 0 ? v->source->user_agent : d->fetch.user_agent;
	enum nw_robots_answer answer;
	char why[256];

	if (!obeys_robots(v))
		return fetch(v, q, err);
	answer = nw_robots_ask(v->p->robots, q, agent, on_robots, v, why);
	if (answer == NW_ROBOTS_ALLOWED)
		return fetch(v, q, err);
	if (answer == NW_ROBOTS_DISALLOWED)
		nw_visit_refuse(v, nw_str(why));
	else if (answer == NW_ROBOTS_UNREACHABLE)
		nw_visit_fail(v, nw_str(why), 0, 0);
	return answer != NW_ROBOTS_LATER;
}

/* --once has the configuration in memory; else the options are the store's. */
static int
find_source(struct nw_visit *v, const struct nw_conf_daemon *d, struct nw_err *err)
{
	const struct nw_store_target *t = v->target;

	if ((v->source = nw_generation_source(nw_pipeline_live(v->p), t->source_name)) != NULL)
		return 0;
	if (nw_polled_get(v->p->polled, t->source, t->options, d, &v->held, err) == -1)
		return -1;
	v->source = v->held->source;
	return 0;
}

static void
visit(struct nw_pipeline *p, struct nw_claim *c, const struct nw_store_target *t)
{
	const struct nw_conf_daemon *d = &nw_pipeline_live(p)->config->daemon;
	struct nw_visit *v = calloc(1, sizeof(*v));
	struct nw_request q;
	struct nw_err err;
	int rc = -1;

	if (v == NULL)
		return; /* the lease runs out and it is due again */
	*v = (struct nw_visit){.p = p, .claim = c, .target = t};
	v->end = (struct nw_store_poll){.target = t->id, .now_ms = nw_clock_wall_ms(), .url = t->url};
	v->conditional =
	    may_be_conditional(d, t, v->end.now_ms) && !nw_coverage_is_frozen(p->coverage, t->source_name);
	v->end.conditional = (uint32_t)v->conditional;
	v->end.etag = v->end.last_modified = v->end.moved_url = v->end.content_type = v->end.headers =
	    v->end.reason = NW_STR("");
	c->visits++;
	p->n.polls++;
	if (find_source(v, d, &err) == 0 &&
	    nw_source_request(c->arena, d, v->source, t, v->conditional, &q, &err) == 0)
		rc = start(v, &q, &err);
	p->n.fetching += rc == 0;
	if (rc == -1) {
		nw_log(NW_LOG_ERROR, "source %.*s: %s", (int)t->source_name.len, t->source_name.p, err.msg);
		(void)nw_store_release(
		    p->parts.store, t->id, v->end.now_ms + 60000, NULL); /* else the lease runs out */
		nw_visit_free(v);
	}
}

static void
visit_all(struct nw_pipeline *p, struct nw_arena *arena, const struct nw_store_target *t, uint32_t n)
{
	struct nw_claim *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		nw_arena_free(arena); /* the leases run out */
		return;
	}
	*c = (struct nw_claim){arena, 1, n}; /* our own hold until all have begun */
	for (uint32_t i = 0; i < n; i++)
		visit(p, c, &t[i]);
	if (--c->visits == 0) {
		nw_arena_free(arena);
		free(c);
	}
}

/* The more falls due at a time the longer the next claim gathers; what comes singly is asked for at its own time, so
 * that documents come, and alerts leave, one after the other and not in bursts of our own making. */
static int64_t
claim_gap_ms(uint32_t claimed)
{
	int64_t gap = (int64_t)claimed * NW_CLAIM_GAP_EACH_MS;

	return gap < NW_CLAIM_GAP_MS ? gap : NW_CLAIM_GAP_MS;
}

/* Small documents come faster than workers read them, and the pool refuses what it cannot hold. */
uint32_t
nw_pipeline_room(const struct nw_pipeline *p)
{
	uint32_t room = nw_fetch_room(p->parts.fetch), ahead = p->n.fetching + p->n.reading;
	uint32_t left = ahead < NW_READS_MAX ? NW_READS_MAX - ahead : 0;

	return room < left ? room : left;
}

/* Claim what is due and fits; sets the time before which nothing is due. */
int
nw_pipeline_claim_targets(struct nw_pipeline *p, int64_t now_ms, struct nw_err *err)
{
	uint32_t room, n, want;

	while (!p->draining && now_ms >= p->next_target_ms && now_ms >= p->claim_after_ms) {
		struct nw_store_target *t;
		struct nw_arena *arena;

		room = nw_pipeline_room(p);
		if (room == 0 || (room < CLAIM_LOW && p->n.fetching > CLAIM_LOW))
			return 0;
		if ((arena = nw_arena_new(0)) == NULL)
			return nw_fail(err, NW_ERES, "out of memory");
		want = room < NW_CLAIM_MAX ? room : NW_CLAIM_MAX;
		if (nw_store_claim(p->parts.store, now_ms, want, arena, &t, &n, err) == -1) {
			nw_arena_free(arena);
			return -1;
		}
		visit_all(p, arena, t, n);
		if (n < want) {
			p->claim_after_ms = p->parts.once ? 0 : now_ms + claim_gap_ms(n);
			if (nw_store_target_due(p->parts.store, now_ms, &p->next_target_ms, err) == -1)
				return -1;
		}
	}
	return 0;
}

int
nw_pipeline_poll(struct nw_pipeline *p, struct nw_str source, struct nw_err *err)
{
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_store_target *t;
	uint32_t n = 0;

	if (arena == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	if (nw_store_claim_source(p->parts.store, source, nw_clock_wall_ms(), arena, &t, &n, err) == -1) {
		nw_arena_free(arena);
		return -1;
	}
	visit_all(p, arena, t, n);
	return (int)n;
}
