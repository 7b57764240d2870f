#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "core/limits.h"
#include "pool/pool_own.h"

#define MINUTE_MS 60000

void
nw_pool_wake(struct nw_pool *p)
{
	struct timeval now = {0, 0};

	(void)evtimer_add(p->kick, &now); /* fails only without memory */
}

void
nw_pool_tell(struct nw_pool *p, uint32_t level, const char *line, size_t len)
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

/* --- a job's end ---------------------------------------------------------------------------------------------------- */

void
nw_pool_finish(struct nw_pool *p, struct nw_ticket *t, const struct nw_err *why)
{
	t->failed = why != NULL;
	if (why != NULL)
		t->err = *why;
	nw_queue_add(&p->finished, t);
	nw_pool_wake(p);
}

/* Each callback may submit again, so that only what is finished now is told. */
static void
tell_finished(struct nw_pool *p)
{
	for (uint32_t n = p->finished.n; n > 0; n--) {
		struct nw_ticket *t = nw_queue_take(&p->finished);

		nw_job_unpack(t);
		t->fn(t->cookie, &t->job, t->failed ? &t->err : NULL);
	}
}

void
nw_pool_trial_over(struct nw_pool *p, const Nw__Hello *h, const Nw__Refused *refused, const struct nw_err *err)
{
	nw_pool_config_fn *fn = p->trial.fn;

	p->trial.fn = NULL;
	p->trial.runner = NULL;
	nw_gen_unref(p->trial.gen);
	p->trial.gen = NULL;
	fn(p->trial.cookie, h, refused, err);
}

static void
on_kick(evutil_socket_t fd, short what, void *cookie)
{
	struct nw_pool *p = cookie;

	(void)fd;
	(void)what;
	if (p->trial.fn != NULL && p->trial.runner == NULL)
		nw_pool_trial_over(p, NULL, NULL, &p->trial.err);
	if (p->live != NULL)
		nw_staff_look(p);
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
	nw_gen_unref(p->trial.gen);
	nw_gen_unref(p->live);
	event_free(p->kick);
	free(p->path);
	free(p);
}

void
nw_pool_config(struct nw_pool *p, const Nw__Config *config, nw_pool_config_fn *fn, void *cookie)
{
	struct nw_runner *before = p->trial.runner;
	struct nw_err err;

	if (p->trial.fn != NULL) {
		nw_fail(&err, NW_ECONF, "a newer configuration came before this one was tried");
		nw_pool_trial_over(p, NULL, NULL, &err);
		if (before != NULL)
			nw_runner_kill(before, "its configuration is no longer wanted");
	}
	p->trial.fn = fn;
	p->trial.cookie = cookie;
	if ((p->trial.gen = nw_gen_new(config)) == NULL)
		nw_fail(&p->trial.err, NW_ERES, "pool: out of memory");
	else
		p->trial.runner = nw_staff_start(p, p->trial.gen, &p->trial.err);
	if (p->trial.runner == NULL)
		nw_pool_wake(p);
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
	nw_staff_retire(p);
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
		nw_pool_finish(p, t, &err);
	} else if (p->waiting.n >= NW_JOBS_MAX) {
		nw_fail(&err, NW_ELIMIT, "pool: %d jobs are waiting", NW_JOBS_MAX);
		nw_pool_finish(p, t, &err);
	} else {
		nw_queue_add(&p->waiting, t);
		nw_pool_wake(p);
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
