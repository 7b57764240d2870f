/* The turn: which station acts next; and what the outbox asks of the others. */
#include <event2/event.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/limits.h"
#include "main/coverage.h"
#include "main/fetch.h"
#include "main/operator.h"
#include "main/outbox.h"
#include "main/pipeline_own.h"
#include "main/polled.h"
#include "main/robots.h"
#include "main/statement.h"
#include "pool/pool.h"

#define LOOK_MAX_MS 60000 /* the wall clock may have jumped: look at least this often */

void
nw_pipeline_store_failed(struct nw_pipeline *p, const struct nw_err *err)
{
	struct nw_store_health h;

	nw_store_health(p->parts.store, &h);
	nw_operator_store(p->parts.operator, &h, err);
	if (h.broken)
		p->parts.broken(p->parts.cookie, err);
}

static void
store_failed(void *cookie, const struct nw_err *err)
{
	nw_pipeline_store_failed(cookie, err);
}

/* --- rendering ------------------------------------------------------------------------------------------------------------ */

static void
on_rendered(void *cookie, struct nw_job *job /* ours */, const struct nw_err *why)
{
	struct nw_pipeline *p = cookie;
	const Nw__Batch *m = job->batch != NULL ? job->batch->m : NULL;

	nw_outbox_rendered(p->outbox, job->user, m != NULL && m->n_messages == 1 ? m->messages[0] : NULL,
	    why != NULL ? why->msg : "the notifier gave no message");
	free(job->user);
	nw_job_free(job);
}

static int
submit_render(void *cookie, Nw__Job *m, const char *id)
{
	struct nw_pipeline *p = cookie;
	struct nw_job *job = nw_job_new();

	if (job == NULL || (job->user = strdup(id)) == NULL) {
		nw_job_free(job);
		return -1;
	}
	job->m = m;
	job->source = NW_STR("");
	nw_pool_submit(p->parts.pool, job, on_rendered, p);
	return 0;
}

/* --- the turn ------------------------------------------------------------------------------------------------------------- */

static int
is_idle(const struct nw_pipeline *p)
{
	return p->n.fetching + p->n.reading + p->matches + nw_outbox_busy(p->outbox) == 0;
}

/* --once: nothing is due any more. */
static int
is_done(const struct nw_pipeline *p, int64_t now_ms)
{
	return p->next_target_ms > now_ms && p->next_outbox_ms > now_ms && p->next_match_ms > now_ms;
}

static void
set_timer(struct nw_pipeline *p, int64_t ms)
{
	struct timeval tv;

	if (ms < 0)
		ms = 0;
	if (ms > LOOK_MAX_MS)
		ms = LOOK_MAX_MS;
	tv = (struct timeval){ms / 1000, (ms % 1000) * 1000};
	(void)event_add(p->turn, &tv); /* fails only without memory; the next kick adds it */
}

/* How long until the next instant at which anything is to be done. */
static int64_t
sleep_ms(const struct nw_pipeline *p, int64_t now_ms)
{
	int64_t at = p->next_target_ms, flush = nw_store_flush_at(p->parts.store), ms;

	if (at < p->claim_after_ms)
		at = p->claim_after_ms;
	if (p->draining || nw_pipeline_room(p) == 0)
		at = NW_STORE_NEVER; /* a finished visit kicks */
	if (p->next_match_ms < at && p->matches == 0)
		at = p->next_match_ms;
	if (!p->draining && p->next_outbox_ms < at)
		at = p->next_outbox_ms;
	if (!p->draining && p->next_statement_ms < at)
		at = p->next_statement_ms;
	ms = at - now_ms;
	if (ms <= 0)
		ms = 5; /* it could not be taken now: not a spin */
	if (flush != -1 && flush - nw_clock_mono_ms() < ms)
		ms = flush - nw_clock_mono_ms();
	return ms < 0 ? 0 : ms;
}

/* A burst that has passed leaves its pages and options in memory, and glibc would keep what was freed.  How long until
 * the next look. */
static int64_t
shrink(struct nw_pipeline *p)
{
	int64_t left = p->shrunk_ms + NW_STORE_SHRINK_MS - nw_clock_mono_ms();

	if (left > 0)
		return left;
	p->shrunk_ms = nw_clock_mono_ms();
	nw_polled_tidy(p->polled);
	(void)nw_store_shrink(p->parts.store); /* jobs and transfers were freed in any case */
	(void)malloc_trim(0);		       /* 0 where there was nothing */
	return LOOK_MAX_MS;
}

static int
run_stations(struct nw_pipeline *p, int64_t now_ms, struct nw_err *err)
{
	int64_t flush = nw_store_flush_at(p->parts.store);
	struct nw_store_due due;

	if (nw_pipeline_claim_targets(p, now_ms, err) == -1 || nw_store_due(p->parts.store, &due, err) == -1)
		return -1;
	if (!p->draining && p->matches == 0 && due.match_ms <= now_ms && nw_pipeline_claim_matches(p, now_ms, err) == -1)
		return -1;
	if (!p->draining &&
	    nw_statements_turn(p->statements, nw_pipeline_live(p)->config, now_ms, &p->next_statement_ms, err) == -1)
		return -1;
	if (!p->draining && nw_outbox_turn(p->outbox, now_ms, p->parts.once, &p->next_outbox_ms, err) == -1)
		return -1;
	/* idle: nobody comes within a group's wait; a lazy group has longer */
	if (flush != -1 && nw_clock_mono_ms() >= flush - (is_idle(p) ? NW_STORE_GROUP_MS : 0) &&
	    nw_store_flush(p->parts.store, err) == -1)
		return -1;
	if (is_idle(p))
		nw_store_tidy(p->parts.store);
	if (nw_store_due(p->parts.store, &due, err) == -1)
		return -1;
	p->next_match_ms = due.match_ms;
	return 0;
}

/* What was reckoned by the old time is void: overdue visits do not all begin at once, none waits for a year that will not
 * come. */
static int
after_leap(struct nw_pipeline *p, int64_t now_ms, int64_t leap_ms, struct nw_err *err)
{
	char key[48], text[160];
	uint32_t n = 0;

	if (nw_store_spread(p->parts.store, now_ms, NW_LEAP_SPREAD_S * INT64_C(1000), &n, err) == -1)
		return -1;
	p->next_target_ms = p->claim_after_ms = p->next_outbox_ms = p->next_match_ms = p->next_statement_ms = 0;
	nw_outbox_renew(p->outbox);
	nw_statements_renew(p->statements);
	(void)snprintf(key, sizeof(key), "clock/%lld", (long long)now_ms);
	(void)snprintf(text, sizeof(text), "the clock has leapt by %lld s: %u overdue visits are spread over %d minutes",
	    (long long)(leap_ms / 1000), n, NW_LEAP_SPREAD_S / 60);
	nw_operator_tell(p->parts.operator, key, NW_STR(""), NW_SEV_NORMAL, text);
	return 0;
}

/* A machine that slept, too, has a clock that leapt. */
static int
watch_clock(struct nw_pipeline *p, int64_t now_ms, int64_t mono_ms, struct nw_err *err)
{
	int64_t leap_ms = now_ms - p->turn_wall_ms - (mono_ms - p->turn_mono_ms), bound = NW_LEAP_S * INT64_C(1000);
	int first = p->turn_wall_ms == 0;

	p->turn_wall_ms = now_ms;
	p->turn_mono_ms = mono_ms;
	return first || p->parts.once || (leap_ms < bound && leap_ms > -bound) ? 0 : after_leap(p, now_ms, leap_ms, err);
}

static void
on_turn(evutil_socket_t fd, short what, void *cookie)
{
	struct nw_pipeline *p = cookie;
	int64_t now_ms = nw_clock_wall_ms(), mono_ms = nw_clock_mono_ms(), ms, left;
	struct nw_err err;

	(void)fd;
	(void)what;
	nw_space_look(&p->space, p->parts.operator, p->parts.store, mono_ms);
	nw_operator_again(p->parts.operator);
	if (watch_clock(p, now_ms, mono_ms, &err) == 0 && run_stations(p, now_ms, &err) == 0) {
		ms = sleep_ms(p, now_ms);
	} else {
		nw_pipeline_store_failed(p, &err);
		ms = 1000;
	}
	if (is_idle(p) && (p->draining || (p->parts.once && is_done(p, now_ms)))) {
		if (nw_store_flush(p->parts.store, &err) == -1)
			nw_pipeline_store_failed(p, &err);
		p->parts.idle(p->parts.cookie);
		return;
	}
	if (is_idle(p) && !p->parts.once && (left = shrink(p)) < ms)
		ms = left;
	set_timer(p, ms);
}

void
nw_pipeline_kick(struct nw_pipeline *p)
{
	set_timer(p, 0);
}

void
nw_pipeline_renew(struct nw_pipeline *p)
{
	p->next_target_ms = 0;
	nw_polled_forget(p->polled);
	nw_coverage_renew(p->coverage);
	nw_outbox_renew(p->outbox);
	nw_statements_renew(p->statements);
	nw_pipeline_kick(p);
}

int
nw_pipeline_release(struct nw_pipeline *p, struct nw_str channel, struct nw_err *err)
{
	return nw_outbox_release(p->outbox, channel, err);
}

void
nw_pipeline_dropped(struct nw_pipeline *p)
{
	nw_outbox_dropped(p->outbox);
}

void
nw_pipeline_drain(struct nw_pipeline *p)
{
	p->draining = 1;
	nw_pipeline_kick(p);
}

void
nw_pipeline_gauges_get(const struct nw_pipeline *p, struct nw_pipeline_gauges *gauges_r)
{
	*gauges_r = p->n;
	gauges_r->matching = p->matches;
	gauges_r->delivering = nw_outbox_busy(p->outbox);
}

uint32_t
nw_pipeline_sender_pids(const struct nw_pipeline *p, int *pids_r, uint32_t n)
{
	return nw_outbox_pids(p->outbox, pids_r, n);
}

/* --- what the outbox asks and tells ------------------------------------------------------------------------------------------ */

static const struct nw_config *
give_config(void *cookie)
{
	return nw_pipeline_live(cookie)->config;
}

static void
tell(void *cookie, const char *key, struct nw_str channel, uint32_t severity, const char *text)
{
	struct nw_pipeline *p = cookie;

	nw_operator_tell(p->parts.operator, key, channel, severity, text);
}

static void
condition(void *cookie, int raise, const char *key, struct nw_str channel, const char *text)
{
	struct nw_pipeline *p = cookie;

	if (raise)
		nw_operator_raise(p->parts.operator, key, channel, NW_SEV_HIGH, text);
	else
		nw_operator_clear(p->parts.operator, key, channel, text);
}

static void
kick(void *cookie)
{
	nw_pipeline_kick(cookie);
}

static void
line(void *cookie, const char *text, size_t len)
{
	(void)cookie;
	nw_log_line(NW_LOG_WARNING, "sender", text, len);
}

struct nw_pipeline *
nw_pipeline_new(const struct nw_pipeline_parts *parts, struct nw_err *err)
{
	struct nw_pipeline *p = calloc(1, sizeof(*p));
	struct nw_outbox_ops ops = {give_config, submit_render, tell, condition, kick, line, store_failed, p};

	if (p == NULL || (p->turn = evtimer_new(parts->base, on_turn, p)) == NULL) {
		free(p);
		nw_fail(err, NW_ERES, "out of memory");
		return NULL;
	}
	p->parts = *parts;
	if (parts->once)
		nw_store_claim_once(parts->store, nw_clock_wall_ms());
	if ((p->statements = nw_statements_new(parts->store, parts->operator)) == NULL ||
	    (p->robots = nw_robots_new(parts->fetch)) == NULL || (p->polled = nw_polled_new()) == NULL)
		nw_fail(err, NW_ERES, "out of memory");
	else if ((p->coverage = nw_coverage_new(parts->operator, parts->store, err)) != NULL &&
	    (p->outbox = nw_outbox_new(parts->base, parts->store, parts->sender_program, &ops, err)) != NULL)
		return p;
	nw_pipeline_free(p);
	return NULL;
}

void
nw_pipeline_free(struct nw_pipeline *p)
{
	if (p == NULL)
		return;
	nw_outbox_free(p->outbox);
	nw_robots_free(p->robots);
	nw_polled_free(p->polled);
	nw_coverage_free(p->coverage);
	nw_statements_free(p->statements);
	event_free(p->turn);
	free(p);
}
