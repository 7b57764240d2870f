#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "core/batch.h"
#include "core/frame.h"
#include "core/limits.h"
#include "core/parts.h"
#include "pool/child.h"
#include "pool/gen.h"
#include "pool/runner.h"

#define CLOSE_MS 2000 /* from end of file to its end */

static void
set_deadline(struct nw_runner *r, uint32_t ms)
{
	struct timeval tv = {ms / 1000, (suseconds_t)(ms % 1000) * 1000};

	(void)evtimer_add(r->deadline, &tv); /* fails only without memory; then the next event loop turn will too */
}

static void
on_deadline(evutil_socket_t fd, short what, void *cookie)
{
	struct nw_runner *r = cookie;

	(void)fd;
	(void)what;
	nw_child_kill(r->child, r->state == NW_RUNNER_STARTING ? "it was not ready in time"
		: r->state == NW_RUNNER_BUSY			? "it did not answer before its deadline"
								: "it did not end when told to");
}

/* What a worker did that it must not, told once; then it is killed. */
static void
nonsense(struct nw_runner *r, const struct nw_err *err)
{
	char line[NW_ERR_MAX + 64];
	int n = snprintf(line, sizeof(line), "worker %d: its answer is refused: %s", nw_child_pid(r->child), err->msg);

	r->calls->line(r->cookie, r, NW_LOG_ERROR, line, n > 0 ? (size_t)n : 0);
	nw_child_kill(r->child, "its answer was refused");
}

/* --- what it says -------------------------------------------------------------------------------------------------- */

/* Resident bytes, 0 if unknown. */
static uint64_t
resident(const struct nw_runner *r)
{
	char path[64];
	unsigned long total, pages = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/statm", nw_child_pid(r->child)); /* fits */
	if ((f = fopen(path, "re")) == NULL)
		return 0;
	if (fscanf(f, "%lu %lu", &total, &pages) != 2)
		pages = 0;
	(void)fclose(f); /* read only */
	return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void
on_start_frame(struct nw_runner *r, const Nw__Frame *f)
{
	struct nw_err err;

	if (f->id == 0 && f->kind_case == NW__FRAME__KIND_REFUSED) {
		r->state = NW_RUNNER_ENDING;
		r->calls->refused(r->cookie, r, f->refused);
		nw_child_kill(r->child, "it refused the configuration");
		return;
	}
	if (f->id != 0 || f->kind_case != NW__FRAME__KIND_HELLO)
		nw_fail(&err, NW_EPLUGIN, "neither HELLO nor REFUSED");
	else if (f->hello->version != NW_WIRE_VERSION)
		nw_fail(&err, NW_EPLUGIN, "it speaks version %u, this program %u", f->hello->version, NW_WIRE_VERSION);
	else if (nw_gen_hello(r->gen, f->hello, &err) == 0) {
		(void)evtimer_del(r->deadline); /* cannot fail for an added timer */
		r->state = NW_RUNNER_IDLE;
		r->rss_base = resident(r);
		r->calls->hello(r->cookie, r, f->hello);
		return;
	}
	nonsense(r, &err);
}

static void
drop_parts(struct nw_runner *r)
{
	nw_parts_free(r->parts.have);
	r->parts = (struct nw_runner_parts){0};
}

/* Part of an answer: put aside, and nothing of it is used before the rest has come. */
static int
take_part(struct nw_runner *r, const Nw__Batch *m, struct nw_err *err)
{
	if (!r->parts.may)
		return nw_fail(err, NW_EPLUGIN, "it answers in parts what is no document");
	if (nw_batch_check_part(m, err) == -1 || nw_gen_check(r->gen, m, err) == -1)
		return -1;
	if (r->parts.failed.code != 0)
		return 0; /* the rest is read and left out */
	if (r->parts.have == NULL && (r->parts.have = nw_parts_new(&r->parts.failed)) == NULL)
		return 0;
	if (nw_parts_add(r->parts.have, m, err) == 0)
		return 0;
	if (err->code != NW_ERES)
		return -1;
	r->parts.failed = *err; /* not the worker's fault */
	return 0;
}

/* The last of an answer that came in parts makes it whole: its articles are heads then, in their order. */
static int
join_parts(struct nw_runner *r, struct nw_batch *b, struct nw_err *err)
{
	if (r->parts.have == NULL || r->parts.failed.code != 0)
		return 0;
	if (nw_parts_add(r->parts.have, b->m, err) == -1)
		return -1;
	b->parts = r->parts.have;
	r->parts.have = NULL;
	nw_parts_heads(b->parts, b->m);
	return 0;
}

static struct nw_batch *
batch_of(struct nw_runner *r, struct nw_arena *arena, Nw__Batch *m, struct nw_err *err)
{
	struct nw_batch *b;

	if (nw_batch_check(m, err) == -1 || nw_gen_check(r->gen, m, err) == -1)
		return NULL;
	if ((b = malloc(sizeof(*b))) == NULL) {
		nw_fail(err, NW_ERES, "out of memory");
		return NULL;
	}
	*b = (struct nw_batch){.arena = arena, .m = m};
	if (join_parts(r, b, err) == 0)
		return b;
	free(b); /* the arena is the caller's */
	return NULL;
}

static int
failure_of(const Nw__Failed *f, struct nw_err *failure, struct nw_err *err)
{
	if (f->code >= NW_OK || f->code < NW_ERES)
		return nw_fail(err, NW_EPLUGIN, "a failure of no known kind (%d)", f->code);
	if (!nw_utf8_valid(f->text.data, f->text.len))
		return nw_fail(err, NW_EPLUGIN, "a failure whose text is not UTF-8");
	nw_fail(failure, f->code, "%s", f->text.len != 0 ? (const char *)f->text.data : "it failed without a word");
	return 0;
}

static void
done_with_job(struct nw_runner *r)
{
	(void)evtimer_del(r->deadline); /* cannot fail for an added timer */
	drop_parts(r);
	r->state = NW_RUNNER_IDLE;
	r->id = 0;
	r->njobs++;
}

/* Takes the arena. */
static void
on_answer(struct nw_runner *r, struct nw_arena *arena, const Nw__Frame *f)
{
	struct nw_batch *b = NULL;
	struct nw_err err, failure;
	int rc = -1, is_last;

	if (f->id != r->id)
		nw_fail(&err, NW_EPLUGIN, "it answers a request that was not made");
	else if (nw_child_is_writing(r->child))
		nw_fail(&err, NW_EPLUGIN, "it answers a request it has not read");
	else if (f->kind_case == NW__FRAME__KIND_MORE)
		rc = take_part(r, f->more, &err);
	else if (f->kind_case == NW__FRAME__KIND_DONE)
		rc = (b = batch_of(r, arena, f->done, &err)) != NULL ? 0 : -1;
	else if (f->kind_case == NW__FRAME__KIND_FAILED)
		rc = failure_of(f->failed, &failure, &err);
	else
		nw_fail(&err, NW_EPLUGIN, "neither MORE, DONE nor FAILED");
	is_last = f->kind_case != NW__FRAME__KIND_MORE;
	if (b == NULL)
		nw_arena_free(arena);
	if (rc == -1) {
		nonsense(r, &err);
		return;
	}
	if (!is_last)
		return;
	if (b != NULL && r->parts.failed.code != 0) {
		failure = r->parts.failed;
		nw_batch_free(b);
		b = NULL;
	}
	done_with_job(r);
	r->calls->answered(r->cookie, r, b, b != NULL ? NULL : &failure);
}

static void
on_frame(void *cookie, struct nw_arena *arena, Nw__Frame *f)
{
	struct nw_runner *r = cookie;
	struct nw_err err;

	if (r->state == NW_RUNNER_BUSY) {
		on_answer(r, arena, f);
		return;
	}
	if (r->state == NW_RUNNER_STARTING) {
		on_start_frame(r, f);
	} else if (r->state == NW_RUNNER_IDLE) {
		nw_fail(&err, NW_EPLUGIN, "it spoke without being asked");
		nonsense(r, &err);
	}
	nw_arena_free(arena);
}

/* A worker's lines carry their level as the journal's "<N>"; what has none is a library's last word. */
static void
on_line(void *cookie, const char *line, size_t len)
{
	struct nw_runner *r = cookie;
	uint32_t level = NW_LOG_ERROR;

	if (len > 3 && line[0] == '<' && line[1] >= '3' && line[1] <= '7' && line[2] == '>') {
		level = (uint32_t)(line[1] - '3');
		line += 3;
		len -= 3;
	}
	if (level == NW_LOG_DEBUG && r->state == NW_RUNNER_STARTING) { /* what it is about to do, if it ends on that */
		(void)snprintf(r->step, sizeof(r->step), " while %.*s", (int)len, line);
		return;
	}
	r->calls->line(r->cookie, r, level, line, len);
}

static void
release(struct nw_runner *r)
{
	if (r->deadline != NULL)
		event_free(r->deadline);
	drop_parts(r);
	nw_gen_unref(r->gen);
	free(r);
}

static void
on_end(void *cookie, const char *why)
{
	struct nw_runner *r = cookie;
	char text[256];

	(void)snprintf(text, sizeof(text), "%s%s", why, r->state == NW_RUNNER_STARTING ? r->step : "");
	r->calls->ended(r->cookie, r, text);
	release(r);
}

/* --- life ---------------------------------------------------------------------------------------------------------- */

static int
send_config(struct nw_runner *r, struct nw_err *err)
{
	struct nw_buf *b = r->gen->first.len != 0 ? &r->gen->first : &r->gen->later;
	int rc = nw_child_send_packed(r->child, (struct nw_bytes){(const uint8_t *)b->p, b->len}, err);

	nw_buf_done(&r->gen->first);
	return rc;
}

int
nw_runner_start(struct event_base *base, const char *path, struct nw_gen *gen, uint32_t config_ms,
    const struct nw_runner_calls *calls, void *cookie, struct nw_runner **runner_r, struct nw_err *err)
{
	struct nw_runner *r = calloc(1, sizeof(*r));
	struct nw_child_options o = {
	    .path = path,
	    .frame_max = NW_FRAME_BATCH_MAX,
	    .arena_max = NW_BATCH_ARENA_MAX,
	    .on_frame = on_frame,
	    .on_line = on_line,
	    .on_end = on_end,
	    .cookie = r,
	};

	if (r == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	r->gen = nw_gen_ref(gen);
	r->calls = calls;
	r->cookie = cookie;
	if ((r->deadline = evtimer_new(base, on_deadline, r)) == NULL) {
		release(r);
		return nw_fail(err, NW_ERES, "out of memory");
	}
	if (nw_child_spawn(base, &o, &r->child, err) == -1 || send_config(r, err) == -1) {
		nw_child_free(r->child);
		release(r);
		return -1;
	}
	set_deadline(r, config_ms);
	*runner_r = r;
	return 0;
}

int
nw_runner_work(struct nw_runner *r, const struct nw_runner_job *job, struct nw_err *err)
{
	if (nw_child_send_packed(r->child, job->frame, err) == -1)
		return -1;
	if (job->body_fd != -1 && nw_child_send_file(r->child, job->body_fd, job->body_len, err) == -1)
		return -1;
	r->state = NW_RUNNER_BUSY;
	r->id = job->id;
	r->parts.may = job->in_parts;
	set_deadline(r, job->ms);
	return 0;
}

void
nw_runner_close(struct nw_runner *r)
{
	r->state = NW_RUNNER_ENDING;
	set_deadline(r, CLOSE_MS);
	nw_child_close(r->child);
}

void
nw_runner_kill(struct nw_runner *r, const char *why)
{
	nw_child_kill(r->child, why);
}

int
nw_runner_pid(const struct nw_runner *r)
{
	return nw_child_pid(r->child);
}

int
nw_runner_is_old(struct nw_runner *r, uint32_t jobs_max)
{
	uint64_t now;

	if (r->njobs >= jobs_max)
		return 1;
	if (r->njobs % NW_WORKER_LOOK != 0)
		return 0;
	now = resident(r);
	return r->rss_base != 0 && now > r->rss_base && now - r->rss_base > NW_WORKER_GROWTH;
}

void
nw_runner_free(struct nw_runner *r)
{
	if (r == NULL)
		return;
	nw_child_free(r->child);
	release(r);
}
