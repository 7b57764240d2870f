#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "core/limits.h"
#include "pool/pool_own.h"

#define RESTART_MS_MIN 250   /* after a worker that died before HELLO, doubled each time */
#define RESTART_MS_MAX 60000
#define MINUTE_MS      60000

struct nw_pool {
	struct event_base *base;
	struct nw_pool_options opt;
	char *path;
	struct event *kick;	/* look at the queues in the next turn of the loop */
	struct nw_gen *live;
	struct nw_runner *runners;
	struct nw_queue waiting, finished;
	struct nw_suspects suspects;
	uint64_t last_id;
	/* a configuration on trial */
	struct nw_gen *trial;
	struct nw_runner *trial_runner; /* NULL: it could not be started, trial_err says why */
	nw_pool_config_fn *trial_fn;
	void *trial_cookie;
	struct nw_err trial_err;
	/* workers that died before HELLO, in a row */
	uint32_t failed_starts;
	int64_t start_after_ms;
	char why[256];
	/* lines of workers this minute */
	int64_t minute_ms;
	uint32_t nlines;
};

static void
wake(struct nw_pool *p)
{
	struct timeval now = {0, 0};

	(void)evtimer_add(p->kick, &now); /* fails only without memory */
}

static void
tell(struct nw_pool *p, uint32_t level, const char *line, size_t len)
{
	static const char full[] = "workers: further lines of this minute are left out";
	int64_t now = nw_clock_mono_ms();

	if (p->opt.tell == NULL)
		return;
	if (now - p->minute_ms >= MINUTE_MS) {
		p->minute_ms = now;
		p->nlines = 0;
	}
	if (++p->nlines > NW_STDERR_LINES + 1)
		return;
	if (p->nlines == NW_STDERR_LINES + 1)
		p->opt.tell(p->opt.cookie, NW_LOG_WARNING, full, sizeof(full) - 1);
	else
		p->opt.tell(p->opt.cookie, level, line, len);
}

static void
unlink_runner(struct nw_pool *p, struct nw_runner *r)
{
	struct nw_runner **at = &p->runners;

	while (*at != NULL && *at != r)
		at = &(*at)->next;
	if (*at != NULL)
		*at = r->next;
}

/* --- a job's end ---------------------------------------------------------------------------------------------------- */

static void
finish(struct nw_pool *p, struct nw_ticket *t, const struct nw_err *why)
{
	t->failed = why != NULL;
	if (why != NULL)
		t->err = *why;
	nw_queue_add(&p->finished, t);
	wake(p);
}

/* Each callback may submit again, so that only what is finished now is told. */
static void
tell_finished(struct nw_pool *p)
{
	for (uint32_t n = p->finished.n; n > 0; n--) {
		struct nw_ticket *t = nw_queue_take(&p->finished);

		nw_buf_done(&t->frame);
		t->fn(t->cookie, &t->job, t->failed ? &t->err : NULL);
	}
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
	finish(p, t, &err);
}

/* --- runners -------------------------------------------------------------------------------------------------------- */

static void
trial_over(struct nw_pool *p, const Nw__Hello *h, const Nw__Refused *refused, const struct nw_err *err)
{
	nw_pool_config_fn *fn = p->trial_fn;

	p->trial_fn = NULL;
	p->trial_runner = NULL;
	nw_gen_unref(p->trial);
	p->trial = NULL;
	fn(p->trial_cookie, h, refused, err);
}

/* End what is idle and no longer wanted; the busy ones end after their job. */
static void
retire_older(struct nw_pool *p)
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
	(void)snprintf(p->why, sizeof(p->why), "%s", why);
	if (p->failed_starts < NW_WORKER_STARTS)
		return;
	nw_fail(&err, NW_ERES, "no worker starts: %s", p->why);
	for (uint32_t n = p->waiting.n; n > 0; n--)
		finish(p, nw_queue_take(&p->waiting), &err);
}

static void
on_hello(void *cookie, struct nw_runner *r, const Nw__Hello *h)
{
	struct nw_pool *p = cookie;

	p->failed_starts = 0;
	p->start_after_ms = 0;
	if (r == p->trial_runner) {
		nw_gen_unref(p->live);
		p->live = nw_gen_ref(p->trial);
		retire_older(p);
		trial_over(p, h, NULL, NULL);
	}
	wake(p);
}

static void
on_refused(void *cookie, struct nw_runner *r, const Nw__Refused *refused)
{
	struct nw_pool *p = cookie;

	if (r == p->trial_runner)
		trial_over(p, NULL, refused, NULL);
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
	finish(p, t, err);
	if (r->retire || nw_runner_is_old(r))
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
		tell(p, NW_LOG_WARNING, line, n < (int)sizeof(line) ? (size_t)n : sizeof(line) - 1);
	}
	if (r == p->trial_runner) {
		nw_fail(&err, NW_ERES, "the worker that tried the configuration ended: %s", why);
		trial_over(p, NULL, NULL, &err);
	} else if (r->state == NW_RUNNER_STARTING) {
		start_failed(p, why);
	}
	if (t != NULL)
		survive(p, t, why);
	wake(p);
}

static void
on_line(void *cookie, struct nw_runner *r, uint32_t level, const char *line, size_t len)
{
	(void)r;
	tell(cookie, level, line, len);
}

static const struct nw_runner_calls calls = {
    .hello = on_hello,
    .refused = on_refused,
    .answered = on_answered,
    .ended = on_ended,
    .line = on_line,
};

static struct nw_runner *
start_runner(struct nw_pool *p, struct nw_gen *g, struct nw_err *err)
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
		if (r == p->trial_runner || r->state == NW_RUNNER_ENDING)
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
		if (r->state != NW_RUNNER_IDLE || r->gen != p->live || r == p->trial_runner)
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
	uint32_t ms = t->job.ms != 0 ? t->job.ms : p->opt.job_ms != 0 ? p->opt.job_ms : NW_JOB_MS;
	struct nw_err err;

	if (t->job.generation != p->live->number && nw_job_restamp(t, p->live->number) == -1) {
		nw_fail(&err, NW_ERES, "out of memory");
		finish(p, t, &err);
		return -1;
	}
	if (nw_runner_work(r, (struct nw_bytes){(const uint8_t *)t->frame.p, t->frame.len}, t->id, ms, &err) == -1) {
		finish(p, t, &err);
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
		if (start_runner(p, p->live, &err) == NULL) {
			start_failed(p, err.msg);
			wake(p);
			return;
		}
}

static void
on_kick(evutil_socket_t fd, short what, void *cookie)
{
	struct nw_pool *p = cookie;

	(void)fd;
	(void)what;
	if (p->trial_fn != NULL && p->trial_runner == NULL)
		trial_over(p, NULL, NULL, &p->trial_err);
	if (p->live != NULL)
		start_wanted(p, hand_out(p));
	tell_finished(p);
}

/* --- the contract ----------------------------------------------------------------------------------------------------- */

struct nw_pool *
nw_pool_new(struct event_base *base, const struct nw_pool_options *o, struct nw_err *err)
{
	struct nw_pool *p = calloc(1, sizeof(*p));

	if (p == NULL || (p->path = strdup(o->worker)) == NULL || (p->kick = evtimer_new(base, on_kick, p)) == NULL) {
		nw_fail(err, NW_ERES, "pool: out of memory");
		if (p != NULL)
			free(p->path);
		free(p);
		return NULL;
	}
	p->base = base;
	p->opt = *o;
	if (p->opt.nworkers == 0)
		p->opt.nworkers = 1;
	nw_queue_init(&p->waiting);
	nw_queue_init(&p->finished);
	return p;
}

void
nw_pool_free(struct nw_pool *p)
{
	struct nw_runner *r;
	struct nw_ticket *t;

	if (p == NULL)
		return;
	while ((r = p->runners) != NULL) {
		p->runners = r->next;
		if (r->job != NULL)
			nw_job_free(&((struct nw_ticket *)r->job)->job);
		nw_runner_free(r);
	}
	while ((t = nw_queue_take(&p->waiting)) != NULL || (t = nw_queue_take(&p->finished)) != NULL)
		nw_job_free(&t->job);
	nw_gen_unref(p->trial);
	nw_gen_unref(p->live);
	event_free(p->kick);
	free(p->path);
	free(p);
}

void
nw_pool_config(struct nw_pool *p, const Nw__Config *config, nw_pool_config_fn *fn, void *cookie)
{
	struct nw_runner *before = p->trial_runner;
	struct nw_err err;

	if (p->trial_fn != NULL) {
		nw_fail(&err, NW_ECONF, "a newer configuration came before this one was tried");
		trial_over(p, NULL, NULL, &err);
		if (before != NULL)
			nw_runner_kill(before, "its configuration is no longer wanted");
	}
	p->trial_fn = fn;
	p->trial_cookie = cookie;
	if ((p->trial = nw_gen_new(config)) == NULL)
		nw_fail(&p->trial_err, NW_ERES, "pool: out of memory");
	else
		p->trial_runner = start_runner(p, p->trial, &p->trial_err);
	if (p->trial_runner == NULL)
		wake(p);
}

int
nw_pool_adopt(struct nw_pool *p, const Nw__Config *config, struct nw_err *err)
{
	struct nw_gen *g = nw_gen_new(config);

	if (g == NULL)
		return nw_fail(err, NW_ERES, "pool: out of memory");
	nw_buf_done(&g->first); /* it was checked when it was accepted */
	nw_gen_unref(p->live);
	p->live = g;
	retire_older(p);
	return 0;
}

void
nw_pool_submit(struct nw_pool *p, struct nw_job *job, nw_pool_fn *fn, void *cookie)
{
	struct nw_ticket *t = (struct nw_ticket *)job;
	struct nw_err err;

	job->generation = p->live != NULL ? p->live->number : 0;
	t->fn = fn;
	t->cookie = cookie;
	if (nw_job_pack(t, ++p->last_id) == -1) {
		nw_fail(&err, NW_ERES, "pool: out of memory");
		finish(p, t, &err);
	} else if (p->waiting.n >= NW_JOBS_MAX) {
		nw_fail(&err, NW_ELIMIT, "pool: %d jobs are waiting", NW_JOBS_MAX);
		finish(p, t, &err);
	} else {
		nw_queue_add(&p->waiting, t);
		wake(p);
	}
}

uint32_t
nw_pool_waiting(const struct nw_pool *p)
{
	return p->waiting.n;
}

uint32_t
nw_pool_busy(const struct nw_pool *p)
{
	uint32_t n = 0;

	for (const struct nw_runner *r = p->runners; r != NULL; r = r->next)
		n += r->state == NW_RUNNER_BUSY;
	return n;
}

uint32_t
nw_pool_pids(const struct nw_pool *p, int *pids_r, uint32_t n)
{
	uint32_t found = 0;

	for (const struct nw_runner *r = p->runners; r != NULL && found < n; r = r->next)
		pids_r[found++] = nw_runner_pid(r);
	return found;
}
