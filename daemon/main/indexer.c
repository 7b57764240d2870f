#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/frame.h"
#include "core/limits.h"
#include "main/indexer.h"
#include "main/operator.h"
#include "pool/child.h"

#define WAIT_MIN_MS 1000
#define STEADY_MS   60000 /* one that lived so long did not fail at its start */
#define TELL_AFTER  5	  /* failures in a row that the operator is told of, once an episode */

struct nw_indexer {
	struct nw_indexer_parts parts;
	struct nw_child *child;
	struct event *again;
	int anew;		      /* the next start is */
	int told_why;		      /* by this one */
	int64_t started_ms, since_ms; /* monotonic; wall, of the first failure in a row */
	struct nw_indexer_gauges gauges;
};

static void start(struct nw_indexer *);

static void
wait_and_start(struct nw_indexer *x, const char *why)
{
	int64_t ms = WAIT_MIN_MS;
	struct timeval tv;
	char key[64];

	if (nw_clock_mono_ms() - x->started_ms >= STEADY_MS)
		x->gauges.failures = 0;
	if (x->gauges.failures++ == 0)
		x->since_ms = nw_clock_wall_ms();
	for (uint32_t i = 1; i < x->gauges.failures && ms < NW_INDEX_WAIT_MS; i++)
		ms *= 2;
	ms = ms < NW_INDEX_WAIT_MS ? ms : NW_INDEX_WAIT_MS;
	nw_log(NW_LOG_WARNING,
	    "newswatch-indexer: %s; started again in %lld s, searches read what is not indexed", why,
	    (long long)ms / 1000);
	if (x->gauges.failures == TELL_AFTER) {
		(void)snprintf(key, sizeof(key), "indexer:%lld", (long long)x->since_ms);
		nw_operator_tell(x->parts.operator, key, NW_STR(""), NW_SEV_NORMAL,
		    "The full-text index is not kept up: newswatch-indexer ends again and again, see the "
		    "log. Alerts do not "
		    "need it; searches take longer.");
	}
	tv = (struct timeval){ms / 1000, (ms % 1000) * 1000};
	(void)event_add(x->again,
	    &tv); /* fails only without memory: then until the next reindex or start there is none */
}

/* --- what it says */

static void
take(struct nw_indexer *x, const Nw__Indexed *m)
{
	x->gauges.mark = m->mark;
	x->gauges.last = m->last;
	x->gauges.lock_level = m->lock_level;
	x->anew = m->damaged;
	if (m->why.len != 0 && !x->told_why)
		nw_log(NW_LOG_NOTICE, "the full-text index is made anew: %s", nw_pb_str(m->why).p);
	x->told_why |= m->why.len != 0; /* once a life: it could say so for ever */
}

static void
on_frame(void *cookie, struct nw_arena *arena, Nw__Frame *f)
{
	struct nw_indexer *x = cookie;

	if (f->kind_case == NW__FRAME__KIND_INDEXED)
		take(x, f->indexed);
	else
		nw_child_kill(x->child, "it sent an unexpected frame");
	nw_arena_free(arena);
}

static void
on_line(void *cookie, const char *line, size_t len)
{
	(void)cookie;
	nw_log_line(NW_LOG_WARNING, "indexer", line, len);
}

static void
on_end(void *cookie, const char *why)
{
	struct nw_indexer *x = cookie;

	x->child = NULL;
	x->gauges.pid = 0;
	wait_and_start(x, why);
}

/* --- starting it */

static int
send_order(struct nw_indexer *x, struct nw_err *err)
{
	Nw__Index m = NW__INDEX__INIT;
	Nw__Frame f = NW__FRAME__INIT;

	m.version = NW_WIRE_VERSION;
	m.store_path = nw_pb(nw_str(x->parts.store_path));
	m.index_path = nw_pb(nw_str(x->parts.index_path));
	m.sandbox = x->parts.sandbox;
	m.anew = x->anew;
	f.kind_case = NW__FRAME__KIND_INDEX;
	f.index = &m;
	return nw_child_send(x->child, &f, err);
}

static void
start(struct nw_indexer *x)
{
	struct nw_child_options o = {
	    .path = x->parts.program,
	    .frame_max = NW_INDEX_FRAME_MAX,
	    .arena_max = 2 * NW_INDEX_FRAME_MAX,
	    .on_frame = on_frame,
	    .on_line = on_line,
	    .on_end = on_end,
	    .cookie = x,
	};
	struct nw_err err;

	x->started_ms = nw_clock_mono_ms();
	if (nw_child_spawn(x->parts.base, &o, &x->child, &err) == -1) {
		wait_and_start(x, err.msg);
		return;
	}
	x->gauges.pid = nw_child_pid(x->child);
	x->told_why = 0;
	if (send_order(x, &err) == -1)
		nw_child_kill(x->child, "no memory for its order");
	x->anew = 0;
}

static void
on_again(evutil_socket_t fd, short what, void *cookie)
{
	(void)fd;
	(void)what;
	start(cookie);
}

int
nw_indexer_start(const struct nw_indexer_parts *parts, struct nw_indexer **indexer_r, struct nw_err *err)
{
	struct nw_indexer *x = calloc(1, sizeof(*x));

	if (x == NULL || (x->again = evtimer_new(parts->base, on_again, x)) == NULL) {
		free(x);
		return nw_fail(err, NW_ERES, "out of memory");
	}
	x->parts = *parts;
	start(x);
	*indexer_r = x;
	return 0;
}

void
nw_indexer_free(struct nw_indexer *x)
{
	if (x == NULL)
		return;
	nw_child_free(x->child);
	event_free(x->again);
	free(x);
}

void
nw_indexer_anew(struct nw_indexer *x)
{
	nw_child_free(x->child); /* its transaction is undone */
	x->child = NULL;
	x->anew = 1;
	x->gauges = (struct nw_indexer_gauges){0};
	(void)event_del(x->again); /* cannot fail for a timer */
	start(x);
}

void
nw_indexer_gauges_get(const struct nw_indexer *x, struct nw_indexer_gauges *gauges_r)
{
	*gauges_r = x->gauges;
}
