/*
 * newswatch-worker - runs every plugin and reads every foreign byte, with no network, no file, no secret.
 * Floor 4.  Descriptor 3 is the socket to its parent; CONFIG -> HELLO | REFUSED -> (JOB -> MORE* (DONE | FAILED))*.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/conf_diag.h"
#include "core/frame.h"
#include "core/limits.h"
#include "worker/check.h"
#include "worker/hello.h"
#include "worker/jobs.h"
#include "worker/load.h"
#include "worker/lock.h"
#include "worker/warm.h"

#define SOCKET 3
#define OOM_SCORE "500" /* of -1000 to 1000; the daemon's is 0 */
#define MAPPED (256 << 10) /* memory from here on is asked of the system, and given back at once */
#define KEEP_MAX (4u << 20) /* a job's memory above it is given back to the system */

enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_BROKEN = 3 };

/* Nothing of the parent's comes along, and nothing outlives it. */
static void
be_alone(void)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* end of file on the socket would do, later */
	(void)prctl(PR_SET_DUMPABLE, 0);
	(void)clearenv();
	(void)setenv("JOURNAL_STREAM", "-", 1); /* lines carry their level; the parent adds the time */
	nw_log_open("newswatch-worker", NW_LOG_DEBUG);
}

static int
broken(const struct nw_err *err)
{
	nw_log(NW_LOG_ERROR, "%s", err->msg);
	return EXIT_BROKEN;
}

/* --- until HELLO --------------------------------------------------------------------------------------------------- */

static int
send_refused(struct nw_worker *w)
{
	Nw__Frame f = NW__FRAME__INIT;
	Nw__Refused refused = NW__REFUSED__INIT;
	struct nw_err err;

	refused.diags = nw_hello_diags(w, &refused.n_diags);
	f.kind_case = NW__FRAME__KIND_REFUSED;
	f.refused = &refused;
	return nw_frame_write(SOCKET, &f, &err) == -1 ? broken(&err) : EXIT_REFUSED;
}

static int
send_hello(struct nw_worker *w, uint64_t compile_us)
{
	Nw__Frame f = NW__FRAME__INIT;
	Nw__Hello hello;
	struct nw_err err;

	if (nw_hello_fill(w, &hello) == -1) {
		nw_fail(&err, NW_ERES, "no memory for HELLO");
		return broken(&err);
	}
	hello.compile_us = compile_us;
	f.kind_case = NW__FRAME__KIND_HELLO;
	f.hello = &hello;
	return nw_frame_write(SOCKET, &f, &err) == -1 ? broken(&err) : EXIT_DONE;
}

static int
read_config(struct nw_worker *w, struct nw_err *err)
{
	Nw__Frame *f;
	int rc = nw_frame_read(SOCKET, NW_FRAME_CONFIG_MAX, w->load, &f, err);

	if (rc != 1)
		return rc == 0 ? nw_fail(err, NW_ERES, "the parent ended before it sent a configuration") : -1;
	if (f->kind_case != NW__FRAME__KIND_CONFIG)
		return nw_fail(err, NW_EPLUGIN, "the first frame is no configuration");
	if (f->config->version != NW_WIRE_VERSION)
		return nw_fail(err, NW_EPLUGIN, "the parent speaks version %u, this worker %u; install one release",
		    f->config->version, NW_WIRE_VERSION);
	w->conf = f->config;
	return 0;
}

static int
start(struct nw_worker *w)
{
	struct nw_conf_place nowhere = {.file = {"", 0}, .entry = {"", 0}};
	int64_t from = nw_clock_cpu_us();
	struct nw_err err;
	int rc, unlocked = 0;

	if (read_config(w, &err) == -1)
		return broken(&err);
	rc = nw_load(w);
	if (rc == 0)
		nw_warm(w);
	if (close_range(SOCKET + 1, ~0u, 0) == -1 && errno != ENOSYS)
		nw_log(NW_LOG_WARNING, "close_range: %s", strerror(errno));
	if (rc == 0 && nw_lock(w->conf->sandbox, w->conf->memory_bytes, &w->lock_level, &err) == -1)
		unlocked = nw_conf_diag(w->diags, NW_CONF_ERROR, &nowhere, "%s", err.msg);
	else if (rc == 0)
		rc = nw_check_all(w);
	if (rc == -1 || unlocked || (w->diags->nerror > 0 && w->conf->strict_entries) || w->conf->only_check)
		return send_refused(w);
	rc = send_hello(w, (uint64_t)(nw_clock_cpu_us() - from));
	nw_load_forget(w);
	return rc;
}

/* --- jobs ---------------------------------------------------------------------------------------------------------- */

static int
run_job(struct nw_sink *s, const Nw__Job *job)
{
	struct nw_worker *w = s->worker;

	switch (job->job_case) {
	case NW__JOB__JOB_READ:
		w->now_ms = job->read->fetched_at_ms != 0 ? job->read->fetched_at_ms : nw_clock_wall_ms();
		return nw_read_job(s, job->read);
	case NW__JOB__JOB_MATCH:
		w->now_ms = job->match->now_ms != 0 ? job->match->now_ms : nw_clock_wall_ms();
		return nw_match_job(s, job->match);
	case NW__JOB__JOB_RENDER:
		w->now_ms = nw_clock_wall_ms();
		return nw_render_job(s, job->render);
	default:
		return nw_fail(&s->err, NW_EPLUGIN, "a job of no kind");
	}
}

/* Articles of a large document, before the rest of its answer. */
static int
send_more(struct nw_sink *s, struct nw_err *err)
{
	Nw__Frame f = NW__FRAME__INIT;
	Nw__Batch more = NW__BATCH__INIT;

	more.generation = s->worker->generation;
	more.articles = (Nw__Article **)s->articles.p;
	more.n_articles = s->articles.n;
	f.id = s->id;
	f.kind_case = NW__FRAME__KIND_MORE;
	f.more = &more;
	return nw_frame_write(SOCKET, &f, err);
}

/* 0, or -1 with the sink's error. */
static int
do_job(struct nw_worker *w, struct nw_sink *s, const Nw__Frame *f)
{
	if (nw_sink_begin(s, w) == -1)
		return nw_fail(&s->err, NW_ERES, "out of memory");
	s->send = send_more;
	s->id = f->id;
	return run_job(s, f->job);
}

static int
answer(struct nw_sink *s, uint64_t id, int rc, int64_t start_us, struct nw_err *err)
{
	Nw__Frame f = NW__FRAME__INIT;
	Nw__Failed failed = NW__FAILED__INIT;

	f.id = id;
	nw_sink_finish(s);
	if (rc == 0) {
		s->batch.generation = s->worker->generation;
		s->batch.cpu_us = (uint64_t)(nw_clock_cpu_us() - start_us);
		f.kind_case = NW__FRAME__KIND_DONE;
		f.done = &s->batch;
	} else {
		failed.code = s->err.code;
		failed.text = nw_pb(nw_sink_text(s, (struct nw_str){s->err.msg, strlen(s->err.msg)}, NW_ERR_MAX, NULL));
		failed.notes = s->notes;
		failed.n_notes = s->nnotes;
		f.kind_case = NW__FRAME__KIND_FAILED;
		f.failed = &failed;
	}
	return nw_frame_write(SOCKET, &f, err);
}

/* One job at a time until the parent closes the socket. */
static int
work(struct nw_worker *w, struct nw_sink *s)
{
	struct nw_arena *arena = NULL;
	struct nw_err err;
	Nw__Frame *f;
	int64_t from;
	int rc = 0;

	for (;;) {
		if (arena != NULL && nw_arena_used(arena) > KEEP_MAX) {
			nw_arena_free(arena);
			arena = NULL;
		}
		if (arena == NULL && (arena = nw_arena_new((size_t)NW_FRAME_MAX * 2 + KEEP_MAX)) == NULL) {
			rc = nw_fail(&err, NW_ERES, "out of memory");
			break;
		}
		nw_arena_reset(arena);
		if ((rc = nw_frame_read(SOCKET, NW_FRAME_MAX, arena, &f, &err)) != 1)
			break;
		if (f->kind_case != NW__FRAME__KIND_JOB) {
			rc = nw_fail(&err, NW_EPLUGIN, "a frame that is no job");
			break;
		}
		from = nw_clock_cpu_us();
		rc = do_job(w, s, f);
		if ((rc = answer(s, f->id, rc, from, &err)) == -1)
			break;
	}
	nw_arena_free(arena);
	return rc == 0 ? EXIT_DONE : broken(&err);
}

/* Where memory ends, a worker goes before the daemon: it can be started again, and costs one document a second reading. */
static void
go_first(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd == -1)
		return; /* no such kernel, or no /proc: only the order is not said */
	(void)!write(fd, OOM_SCORE, strlen(OOM_SCORE));
	(void)close(fd);
}

int
main(int argc, char **argv)
{
	static struct nw_worker w;
	static struct nw_sink sink;
	struct nw_conf_diags diags = {0};
	int rc;

	(void)argv;
	if (argc > 1 || fcntl(SOCKET, F_GETFD) == -1) {
		(void)fputs("newswatch-worker is started by newswatchd and newswatch, with a socket on descriptor 3\n", stderr);
		return EXIT_USAGE;
	}
	go_first(); /* while /proc is still its own */
	be_alone();
	(void)mallopt(M_MMAP_THRESHOLD, MAPPED); /* else glibc raises it with each long text, whose holes then stay */
	w.diags = &diags;
	w.keep = nw_arena_new(0);
	w.load = nw_arena_new(0);
	if (w.keep == NULL || w.load == NULL)
		return EXIT_BROKEN;
	if ((rc = start(&w)) == EXIT_DONE)
		rc = work(&w, &sink);
	nw_conf_diags_done(&diags);
	nw_sink_done(&sink);
	nw_load_free(&w);
	return rc;
}
