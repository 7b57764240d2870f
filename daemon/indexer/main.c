/*
 * newswatch-indexer: reads the store, writes its full-text index; no network, no other file.
 * Started by newswatchd or newswatch with a socket on descriptor 3: one INDEX comes, INDEXED goes.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/frame.h"
#include "core/limits.h"
#include "index/index.h"
#include "store/store.h"
#include "indexer/lock.h"
#include "indexer/work.h"

#define SOCKET	3
#define TELL_MS 1000

enum { EXIT_DONE = 0, EXIT_USAGE = 2, EXIT_BROKEN = 3 };

struct indexer {
	struct nw_arena *arena;
	const Nw__Index *order;
	struct nw_index *index;
	struct nw_store *store;
	struct nw_work work;
	const char *why; /* the index was begun anew */
	uint32_t level;
	int64_t told_ms, told_mark, told_last; /* what the other end knows */
	int64_t shrunk_ms; /* monotonic */
};

/* Nothing of the parent's comes along, and nothing outlives it; the end of the socket says when to end. */
static void
be_alone(void)
{
	static const int ignored[] = {
	    SIGTERM, SIGINT, SIGPIPE, SIGXFSZ}; /* the last two: then a write fails, and is handled */

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_DUMPABLE, 0);
	(void)umask(0077);
	for (size_t i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
		(void)signal(ignored[i], SIG_IGN);
	(void)clearenv();
	(void)setenv("JOURNAL_STREAM", "-", 1); /* lines carry their level; the parent adds the time */
	nw_log_open("newswatch-indexer", NW_LOG_DEBUG);
}

/* --- frames */

static int
read_order(struct indexer *x, struct nw_err *err)
{
	Nw__Frame *f;
	int rc = nw_frame_read(SOCKET, NW_INDEX_FRAME_MAX, x->arena, &f, err);

	if (rc == 0)
		return nw_fail(err, NW_EPLUGIN, "no INDEX came");
	if (rc == -1)
		return -1;
	if (f->kind_case != NW__FRAME__KIND_INDEX || f->index->version != NW_WIRE_VERSION)
		return nw_fail(err, NW_EPLUGIN, "a frame that is no INDEX of this release");
	x->order = f->index;
	return 0;
}

static int
tell(struct indexer *x, int damaged, struct nw_err *err)
{
	Nw__Indexed m = NW__INDEXED__INIT;
	Nw__Frame f = NW__FRAME__INIT;

	m.version = NW_WIRE_VERSION;
	m.lock_level = x->level;
	m.mark = x->work.mark;
	m.last = x->work.last;
	m.damaged = damaged;
	m.why = nw_pb(nw_str(x->why));
	f.kind_case = NW__FRAME__KIND_INDEXED;
	f.indexed = &m;
	x->why = NULL;
	x->told_ms = nw_clock_mono_ms();
	x->told_mark = m.mark;
	x->told_last = m.last;
	return nw_frame_write(SOCKET, &f, err);
}

static int
tell_news(struct indexer *x, int at_once, struct nw_err *err)
{
	if ((x->told_mark == x->work.mark && x->told_last == x->work.last) ||
	    (!at_once && nw_clock_mono_ms() < x->told_ms + TELL_MS))
		return 0;
	return tell(x, 0, err);
}

/* --- life */

/* The index first, with all its files; then only the store can be opened, then nothing. */
static int
open_both(struct indexer *x, struct nw_err *err)
{
	struct nw_store_options o = {
	    .path = nw_pb_str(x->order->store_path).p, .mode = NW_STORE_READ, .read_ms = NW_INDEX_READ_MS};
	uint32_t mode = x->order->anew ? NW_INDEX_REMAKE : NW_INDEX_WRITE;
	int anew = 0;

	if (nw_index_open(nw_pb_str(x->order->index_path).p, mode, &x->index, &x->why, err) == -1 ||
	    nw_lock_files(x->order->sandbox, o.path, &x->level, err) == -1 ||
	    nw_store_open(&o, &x->store, NULL, err) == -1 ||
	    nw_lock_all(x->order->sandbox, &x->level, err) == -1 ||
	    nw_work_init(&x->work, x->store, x->index, &anew, err) == -1)
		return -1;
	if (anew)
		x->why = "it was made of another store";
	return 0;
}

/* 1 when the other end is gone, or says what is not expected: nothing more is to come. */
static int
is_over(int wait_ms)
{
	struct pollfd p = {.fd = SOCKET, .events = POLLIN};

	return poll(&p, 1, wait_ms) > 0;
}

/* What a batch needed stays in memory until there is nothing more to do. */
static void
shrink(struct indexer *x)
{
	int gave;

	if (nw_clock_mono_ms() < x->shrunk_ms + NW_STORE_SHRINK_MS)
		return;
	x->shrunk_ms = nw_clock_mono_ms();
	gave = nw_store_shrink(x->store);
	gave |= nw_index_shrink(x->index);
	if (gave)
		(void)malloc_trim(0); /* 0 where there was nothing */
}

static int
run(struct indexer *x, struct nw_err *err)
{
	int more;

	if (tell(x, 0, err) == -1)
		return -1;
	do {
		if (nw_index_is_gone(x->index))
			return nw_fail(err, NW_ERES, "the index was removed: it is made anew");
		if ((more = nw_work_step(&x->work, err)) == -1 || tell_news(x, !more, err) == -1)
			return -1;
		if (!more)
			shrink(x);
	} while ((more || !x->order->once) && !is_over(more ? 0 : NW_INDEX_POLL_MS));
	return 0;
}

int
main(int argc, char **argv)
{
	struct indexer x = {.arena = nw_arena_new(2 * NW_INDEX_FRAME_MAX)};
	struct nw_err err;
	int rc;

	(void)argv;
	if (argc > 1 || fcntl(SOCKET, F_GETFD) == -1) {
		(void)fputs("newswatch-indexer is started by newswatchd and newswatch, with a socket on "
			    "descriptor 3\n",
		    stderr);
		return EXIT_USAGE;
	}
	be_alone();
	if (x.arena == NULL)
		return EXIT_BROKEN;
	rc = read_order(&x, &err) == -1 || open_both(&x, &err) == -1 || run(&x, &err) == -1 ? EXIT_BROKEN
											    : EXIT_DONE;
	if (rc != EXIT_DONE)
		nw_log(NW_LOG_ERROR, "%s", err.msg);
	if (rc != EXIT_DONE && x.index != NULL && nw_index_is_damaged(x.index))
		(void)tell(&x, 1, NULL); /* who cannot be told starts it again, and is told then */
	nw_store_close(x.store);
	nw_index_close(x.index);
	nw_arena_free(x.arena);
	return rc;
}
