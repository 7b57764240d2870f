#include <event2/event.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "core/limits.h"
#include "pool/pool_own.h"

#define RESTART_MS_MIN 250 /* after a worker that died before HELLO, doubled each time */
#define RESTART_MS_MAX 60000

static void
unlink_runner(struct nw_pool *p, struct nw_runner *r)
{
	struct nw_runner **at = &p->runners;

	while (*at != NULL && *at != r)
		at = &(*at)->next;
	if (*at != NULL)
		*at = r->next;
}

/* The worker under a job died: once more, alone on a fresh worker, then never again. */
static void
survive(struct nw_pool *p, struct nw_ticket *t, const char *why)
{
	struct nw_err err;

	nw_suspects_add(&p->suspects, t->source, nw_clock_mono_ms());
	if (++t->tries < (p->opt.tries != 0 ? p->opt.tries : 2)) {
		nw_queue_push(&p->waiting, t);
		return;
	}
	t->job.killed = 1;
	nw_fail(&err, NW_ERES, "the worker ended%s: %s", t->tries > 1 ? ", twice, the second time alone with it" : "", why);
	nw_pool_finish(p, t, &err);
}

/* --- runners -------------------------------------------------------------------------------------------------------- */

/* End what is idle and no longer wanted; the busy ones end after their job. */
void
nw_staff_retire(struct nw_pool *p)
{
	for (struct nw_runner *r = p->runners; r != NULL; r = r->next) {
		if (r->gen == p->live)
			continue;
		r->retire = 1;
		if (r->state == NW_RUNNER_IDLE)
			nw_runner_close(r);
	}
}

/* A worker that dies before HELLO will do so again: wait, longer each time, and do not let jobs wait for ever. */
static void
start_failed(struct nw_pool *p, const char *why)
{
	int64_t pause = RESTART_MS_MIN;
	struct nw_err err;

	for (uint32_t i = 0; i < p->failed_starts && pause < RESTART_MS_MAX; i++)
		pause *= 2;
	p->failed_starts++;
	p->start_after_ms = nw_clock_mono_ms() + pause;
	if (p->failed_starts < NW_WORKER_STARTS)
		return;
	nw_fail(&err, NW_ERES, "no worker starts: %s", why);
	for (uint32_t n = p->waiting.n; n > 0; n--)
		nw_pool_finish(p, nw_queue_take(&p->waiting), &err);
}

static void
on_hello(void *cookie, struct nw_runner *r, const Nw__Hello *h)
{
	struct nw_pool *p = cookie;

	p->failed_starts = 0;
	p->start_after_ms = 0;
	if (r == p->trial.runner) {
		nw_gen_unref(p->live);
		p->live = nw_gen_ref(p->trial.gen);
		nw_staff_retire(p);
		nw_pool_trial_over(p, h, NULL, NULL);
	}
	nw_pool_wake(p);
}

static void
on_refused(void *cookie, struct nw_runner *r, const Nw__Refused *refused)
{
	struct nw_pool *p = cookie;

	if (r == p->trial.runner)
		nw_pool_trial_over(p, NULL, refused, NULL);
	else
		start_failed(p, "it refuses the configuration that was accepted before");
}

static void
on_answered(void *cookie, struct nw_runner *r, struct nw_batch *b, const struct nw_err *err)
{
	struct nw_pool *p = cookie;
	struct nw_ticket *t = r->job;

	r->job = NULL;
	t->job.batch = b;
	nw_pool_finish(p, t, err);
	if (r->retire || nw_runner_is_old(r, p->opt.jobs != 0 ? p->opt.jobs : NW_WORKER_JOBS))
		nw_runner_close(r);
}

static void
on_ended(void *cookie, struct nw_runner *r, const char *why)
{
	struct nw_pool *p = cookie;
	struct nw_ticket *t = r->job;
	char line[512];
	struct nw_err err;
	int n;

	unlink_runner(p, r);
	if (r->state != NW_RUNNER_ENDING) {
		n = snprintf(line, sizeof(line), "a worker ended: %s%s%s", why,
		    t != NULL && t->source[0] != '\0' ? "; its document was of source " : "", t != NULL ? t->source : "");
		nw_pool_tell(p, NW_LOG_WARNING, line, n < (int)sizeof(line) ? (size_t)n : sizeof(line) - 1);
	}
	if (r == p->trial.runner) {
		nw_fail(&err, NW_ERES, "the worker that tried the configuration ended: %s", why);
		nw_pool_trial_over(p, NULL, NULL, &err);
	} else if (r->state == NW_RUNNER_STARTING) {
		start_failed(p, why);
	}
	if (t != NULL)
		survive(p, t, why);
	nw_pool_wake(p);
}

static void
on_line(void *cookie, struct nw_runner *r, uint32_t level, const char *line, size_t len)
{
	(void)r;
	nw_pool_tell(cookie, level, line, len);
}

static const struct nw_runner_calls calls = {
    .hello = on_hello,
    .refused = on_refused,
    .answered = on_answered,
    .ended = on_ended,
    .line = on_line,
};

struct nw_runner *
nw_staff_start(struct nw_pool *p, struct nw_gen *g, struct nw_err *err)
{
	struct nw_runner *r;
	uint32_t ms = p->opt.config_ms != 0 ? p->opt.config_ms : NW_CONFIG_MS;

	if (nw_runner_start(p->base, p->path, g, ms, &calls, p, &r, err) == -1)
		return NULL;
	r->next = p->runners;
	p->runners = r;
	return r;
}

/* --- who works on what ----------------------------------------------------------------------------------------------- */

struct census {
	uint32_t all, starting, suspects;
};

static struct census
count(const struct nw_pool *p)
{
	struct census c = {0, 0, 0};

	for (const struct nw_runner *r = p->runners; r != NULL; r = r->next) {
		if (r == p->trial.runner || r->state == NW_RUNNER_ENDING)
			continue;
		c.all++;
		c.starting += r->state == NW_RUNNER_STARTING;
		c.suspects += r->state == NW_RUNNER_BUSY && ((const struct nw_ticket *)r->job)->suspect;
	}
	return c;
}

static int
source_is_busy(const struct nw_pool *p, const char *source)
{
	for (const struct nw_runner *r = p->runners; source[0] != '\0' && r != NULL; r = r->next)
		if (r->state == NW_RUNNER_BUSY && strcmp(((const struct nw_ticket *)r->job)->source, source) == 0)
			return 1;
	return 0;
}

/* An idle worker; a job that killed one before wants a fresh one, and a used one makes room for it. */
static struct nw_runner *
idle_runner(struct nw_pool *p, int fresh)
{
	struct nw_runner *used = NULL;
	uint32_t all = 0, ending = 0;

	for (struct nw_runner *r = p->runners; r != NULL; r = r->next) {
		all++;
		ending += r->state == NW_RUNNER_ENDING;
		if (r->state != NW_RUNNER_IDLE || r->gen != p->live || r == p->trial.runner)
			continue;
		if (!fresh || r->njobs == 0)
			return r;
		used = r;
	}
	if (used != NULL && ending == 0 && all >= p->opt.nworkers)
		nw_runner_close(used);
	return NULL;
}

static int
give(struct nw_pool *p, struct nw_runner *r, struct nw_ticket *t)
{
	struct nw_runner_job job = {
	    .body_fd = t->job.body_fd,
	    .body_len = t->body_len,
	    .id = t->id,
	    .in_parts = t->in_parts,
	    .ms = t->job.ms != 0 ? t->job.ms : p->opt.job_ms != 0 ? p->opt.job_ms : NW_JOB_MS,
	};
	struct nw_err err;

	if (t->job.generation != p->live->number && nw_job_restamp(t, p->live->number) == -1) {
		nw_fail(&err, NW_ERES, "out of memory");
		nw_pool_finish(p, t, &err);
		return -1;
	}
	job.frame = (struct nw_bytes){(const uint8_t *)t->frame.p, t->frame.len};
	if (nw_runner_work(r, &job, &err) == -1) {
		nw_pool_finish(p, t, &err);
		return -1;
	}
	r->job = t;
	return 0;
}

/* Give waiting jobs to idle workers; the number of jobs that wait for a worker only. */
static uint32_t
hand_out(struct nw_pool *p)
{
	struct census c = count(p);
	uint32_t suspects_max = p->opt.nworkers > 1 ? p->opt.nworkers - 1 : 1, wanting = 0;
	int64_t now = nw_clock_mono_ms();
	struct nw_ticket **at = &p->waiting.first, *t;
	struct nw_runner *r;

	while ((t = *at) != NULL && wanting < p->opt.nworkers) {
		t->suspect = (uint32_t)(t->tries > 0 || nw_suspects_has(&p->suspects, t->source, now));
		if (source_is_busy(p, t->source) || (t->suspect && c.suspects >= suspects_max)) {
			at = &t->next;
			continue;
		}
		if ((r = idle_runner(p, t->tries > 0)) == NULL) {
			wanting++;
			at = &t->next;
			continue;
		}
		nw_queue_take_at(&p->waiting, at);
		if (give(p, r, t) == 0)
			c.suspects += t->suspect;
	}
	return wanting;
}

static void
start_wanted(struct nw_pool *p, uint32_t wanting)
{
	struct census c = count(p);
	int64_t wait = p->start_after_ms - nw_clock_mono_ms();
	struct timeval tv = {wait / 1000, wait % 1000 * 1000};
	struct nw_err err;

	if (wanting <= c.starting || c.all >= p->opt.nworkers)
		return;
	if (wait > 0) {
		(void)evtimer_add(p->kick, &tv); /* fails only without memory */
		return;
	}
	for (uint32_t n = c.starting; n < wanting && c.all < p->opt.nworkers; n++, c.all++)
		if (nw_staff_start(p, p->live, &err) == NULL) {
			start_failed(p, err.msg);
			nw_pool_wake(p);
			return;
		}
}

void
nw_staff_look(struct nw_pool *p)
{
	start_wanted(p, hand_out(p));
}
