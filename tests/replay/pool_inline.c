/*
 * pool/pool.h without processes: jobs run in this process, one after the other, on the real plugins.
 * Every message still goes through a frame and its checks, as between processes.
 */
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "core/batch.h"
#include "core/conf_diag.h"
#include "core/frame.h"
#include "pool/pool_own.h"
#include "worker/check.h"
#include "worker/hello.h"
#include "worker/jobs.h"
#include "worker/load.h"

/* A generation's worker; earlier ones stay until the end, as alerts of theirs may be under way. */
struct inline_worker {
	struct nw_worker w;
	struct nw_conf_diags diags;
	struct nw_gen *gen;
	struct inline_worker *older;
};

struct inline_pool {
	struct event *turn;
	struct inline_worker *live;
	struct nw_queue waiting;
	const Nw__Config *trial; /* borrowed from trial_arena */
	struct nw_arena *trial_arena;
	struct nw_gen *trial_gen;
	nw_pool_config_fn *fn;
	void *cookie;
	uint64_t last_id;
	struct nw_sink *sink;
};

static struct inline_pool *
inner(const struct nw_pool *p)
{
	return (struct inline_pool *)(uintptr_t)p;
}

static void
wake(struct inline_pool *p)
{
	struct timeval now = {0, 0};

	if (evtimer_add(p->turn, &now) == -1)
		abort();
}

/* --- a configuration ------------------------------------------------------------------------------------------------- */

static void
worker_free(struct inline_worker *i)
{
	nw_load_free(&i->w);
	nw_conf_diags_done(&i->diags);
	nw_gen_unref(i->gen);
	free(i);
}

static void
tell_hello(struct inline_pool *p, struct inline_worker *i)
{
	nw_pool_config_fn *fn = p->fn;
	Nw__Hello hello;
	struct nw_err err;

	if (nw_hello_fill(&i->w, &hello) == -1 || nw_gen_hello(i->gen, &hello, &err) == -1)
		abort();
	i->older = p->live;
	p->live = i;
	p->fn = NULL;
	fn(p->cookie, &hello, NULL, NULL);
	nw_load_forget(&i->w);
}

static void
tell_refused(struct inline_pool *p, struct inline_worker *i)
{
	nw_pool_config_fn *fn = p->fn;
	Nw__Refused refused = NW__REFUSED__INIT;

	refused.diags = nw_hello_diags(&i->w, &refused.n_diags);
	p->fn = NULL;
	fn(p->cookie, NULL, &refused, NULL);
	worker_free(i);
}

static void
try_config(struct inline_pool *p)
{
	struct inline_worker *i = calloc(1, sizeof(*i));
	int rc;

	i->w.diags = &i->diags;
	i->w.keep = nw_arena_new(0);
	i->w.load = p->trial_arena;
	i->w.conf = p->trial;
	i->gen = p->trial_gen;
	p->trial = NULL;
	rc = nw_load(&i->w);
	if (rc == 0)
		rc = nw_check_all(&i->w);
	if (rc == -1 || (i->diags.nerror > 0 && i->w.conf->strict_entries) || i->w.conf->only_check)
		tell_refused(p, i);
	else
		tell_hello(p, i);
}

void
nw_pool_config(struct nw_pool *pool, const Nw__Config *config, nw_pool_config_fn *fn, void *cookie)
{
	struct inline_pool *p = inner(pool);
	struct nw_bytes bytes;
	Nw__Frame *f;
	struct nw_err err;

	p->trial_arena = nw_arena_new(0);
	p->trial_gen = nw_gen_new(config);
	bytes = (struct nw_bytes){(const uint8_t *)p->trial_gen->first.p + NW_FRAME_HEAD,
	    p->trial_gen->first.len - NW_FRAME_HEAD};
	if (nw_frame_unpack(p->trial_arena, bytes, &f, &err) == -1)
		abort();
	p->trial = f->config;
	p->fn = fn;
	p->cookie = cookie;
	wake(p);
}

int
nw_pool_adopt(struct nw_pool *pool, const Nw__Config *config, struct nw_err *err)
{
	(void)pool;
	(void)config;
	return nw_fail(err, NW_ERES, "every configuration of a scenario is tried");
}

/* --- a job ------------------------------------------------------------------------------------------------------------- */

static int
run(struct nw_sink *s, const Nw__Job *job)
{
	switch (job->job_case) {
	case NW__JOB__JOB_READ:
		s->worker->now_ms = job->read->fetched_at_ms;
		return nw_read_job(s, job->read);
	case NW__JOB__JOB_MATCH:
		s->worker->now_ms = job->match->now_ms;
		return nw_match_job(s, job->match);
	default:
		s->worker->now_ms = nw_clock_wall_ms();
		return nw_render_job(s, job->render);
	}
}

/* What the worker collected, as it would come out of a pipe. */
static struct nw_batch *
through_pipe(const struct inline_worker *i, Nw__Batch *m, struct nw_err *err)
{
	struct nw_batch *b = calloc(1, sizeof(*b));
	struct nw_buf buf = {0};
	Nw__Frame f = NW__FRAME__INIT, *g;

	f.id = 1;
	f.kind_case = NW__FRAME__KIND_DONE;
	f.done = m;
	b->arena = nw_arena_new(0);
	if (nw_frame_pack(&buf, &f) == -1)
		abort();
	if (nw_frame_unpack(b->arena, (struct nw_bytes){(const uint8_t *)buf.p + NW_FRAME_HEAD, buf.len - NW_FRAME_HEAD}, &g,
		err) == -1 || nw_batch_check(g->done, err) == -1 || nw_gen_check(i->gen, g->done, err) == -1) {
		nw_batch_free(b);
		b = NULL;
	} else {
		b->m = g->done;
	}
	nw_buf_done(&buf);
	return b;
}

static struct inline_worker *
worker_of(struct inline_pool *p, uint64_t generation)
{
	struct inline_worker *i = p->live;

	while (i != NULL && i->w.generation != generation)
		i = i->older;
	return i != NULL ? i : p->live;
}

static void
run_ticket(struct inline_pool *p, struct nw_ticket *t)
{
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_bytes bytes = {(const uint8_t *)t->frame.p + NW_FRAME_HEAD, t->frame.len - NW_FRAME_HEAD};
	struct inline_worker *i = worker_of(p, t->job.generation);
	struct nw_err err;
	Nw__Frame *f;

	if (nw_frame_unpack(arena, bytes, &f, &err) == -1 || nw_sink_begin(p->sink, &i->w) == -1)
		abort();
	if (run(p->sink, f->job) == -1) {
		err = p->sink->err;
	} else {
		nw_sink_finish(p->sink);
		p->sink->batch.generation = i->w.generation;
		t->job.batch = through_pipe(i, &p->sink->batch, &err);
	}
	nw_arena_free(arena);
	nw_buf_done(&t->frame);
	t->fn(t->cookie, &t->job, t->job.batch != NULL ? NULL : &err);
}

void
nw_pool_submit(struct nw_pool *pool, struct nw_job *job, nw_pool_fn *fn, void *cookie)
{
	struct inline_pool *p = inner(pool);
	struct nw_ticket *t = (struct nw_ticket *)job;

	job->generation = p->live->w.generation;
	t->fn = fn;
	t->cookie = cookie;
	if (nw_job_pack(t, ++p->last_id) == -1)
		abort();
	nw_queue_add(&p->waiting, t);
	wake(p);
}

static void
on_turn(evutil_socket_t fd, short what, void *cookie)
{
	struct inline_pool *p = cookie;

	(void)fd;
	(void)what;
	if (p->trial != NULL)
		try_config(p);
	for (uint32_t n = p->waiting.n; n > 0; n--)
		run_ticket(p, nw_queue_take(&p->waiting));
}

/* --- life -------------------------------------------------------------------------------------------------------------- */

struct nw_pool *
nw_pool_new(struct event_base *base, const struct nw_pool_options *o, struct nw_err *err)
{
	struct inline_pool *p = calloc(1, sizeof(*p));

	(void)o;
	(void)err;
	p->turn = evtimer_new(base, on_turn, p);
	p->sink = calloc(1, sizeof(*p->sink));
	nw_queue_init(&p->waiting);
	return (struct nw_pool *)p;
}

void
nw_pool_free(struct nw_pool *pool)
{
	struct inline_pool *p = inner(pool);
	struct inline_worker *i;
	struct nw_ticket *t;

	while ((t = nw_queue_take(&p->waiting)) != NULL)
		nw_job_free(&t->job);
	while ((i = p->live) != NULL) {
		p->live = i->older;
		worker_free(i);
	}
	nw_sink_done(p->sink);
	free(p->sink);
	event_free(p->turn);
	free(p);
}

uint32_t
nw_pool_waiting(const struct nw_pool *pool)
{
	return inner(pool)->waiting.n + (inner(pool)->trial != NULL);
}

uint32_t
nw_pool_busy(const struct nw_pool *pool)
{
	(void)pool;
	return 0;
}

uint32_t
nw_pool_pids(const struct nw_pool *pool, int *pids_r, uint32_t n)
{
	(void)pool;
	(void)pids_r;
	(void)n;
	return 0;
}
