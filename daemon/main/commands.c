/* What may be asked of a running newswatchd; each request is a row of the table. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "core/time.h"
#include "main/daemon.h"
#include "main/indexer.h"
#include "main/opened.h"
#include "main/pipeline.h"
#include "main/reload.h"
#include "pool/pool.h"
#include "store/store_config.h"
#include "store/store_outbox.h"
#include "store/store_tell.h"

#define PIDS_MAX 64
#define SILENCE_MAX_S (366 * INT64_C(86400)) /* a silence that nobody ends is a mistake */

struct request {
	struct nw_daemon *d;
	int argc;
	char **argv;
	struct nw_str who;
	struct nw_buf *answer;
};

static struct nw_str
arg(const struct request *q, int i)
{
	return nw_str(i < q->argc ? q->argv[i] : "");
}

static int
not_found(struct nw_err *err, const char *what, const char *name)
{
	return nw_fail(err, NW_ECONF, "no %s '%s', or more than one begins so", what, name);
}

/* A name by which nothing is configured; "" is every one. */
static int
is_no_channel(const struct request *q, struct nw_str name)
{
	const struct nw_generation *g = q->d->generations.live;

	return name.len > 0 && g != NULL && nw_conf_channel_find(g->config, name) == -1;
}

static int
no_channel(struct nw_err *err, const char *name)
{
	return nw_fail(err, NW_ECONF, "no channel '%s' is configured, and nothing waits for one", name);
}

/* How far the index is. */
static void
add_index(const struct nw_daemon *d, struct nw_buf *answer)
{
	struct nw_indexer_gauges n;

	if (d->indexer == NULL)
		return;
	nw_indexer_gauges_get(d->indexer, &n);
	nw_buf_addf(answer, "indexer %d\nindexer_lock_level %u\nindexer_failures %u\nindexed %lld\nindexed_of %lld\n", n.pid,
	    n.lock_level, n.failures, (long long)n.mark, (long long)n.last);
}

/* "key value" lines: what only the running process knows. */
static int
do_status(struct request *q, struct nw_err *err)
{
	struct nw_daemon *d = q->d;
	const struct nw_generation *g = d->generations.live;
	struct nw_pipeline_gauges n = {0};
	int pids[PIDS_MAX];
	uint32_t npids = nw_pool_pids(d->pool, pids, PIDS_MAX);

	(void)err;
	if (d->pipeline != NULL)
		nw_pipeline_gauges_get(d->pipeline, &n);
	nw_buf_addf(q->answer, "pid %d\nstarted_ms %lld\n", (int)getpid(), (long long)d->started_ms);
	if (g != NULL)
		nw_buf_addf(q->answer, "generation %llu\nsources %u\nwatches %u\nexpressions %u\nalways %u\nlock_level %u\n",
		    (unsigned long long)g->number, g->nsource, g->nwatch, g->expressions, g->always, g->lock_level);
	nw_buf_addf(q->answer, "fetching %u\nreading %u\nmatching %u\ndelivering %u\n", n.fetching, n.reading, n.matching,
	    n.delivering);
	nw_buf_addf(q->answer, "polls %llu\ndocuments %llu\narticles %llu\nalerts %llu\nfailures %llu\n",
	    (unsigned long long)n.polls, (unsigned long long)n.documents, (unsigned long long)n.articles,
	    (unsigned long long)n.alerts, (unsigned long long)n.failures);
	nw_buf_addf(q->answer, "stale %d\nrefused %s\nreloads %llu\n", nw_reload_is_stale(d->reload),
	    nw_reload_refusal(d->reload), (unsigned long long)nw_reload_ended(d->reload));
	add_index(d, q->answer);
	for (uint32_t i = 0; i < npids; i++)
		nw_buf_addf(q->answer, "worker %d\n", pids[i]);
	npids = d->pipeline != NULL ? nw_pipeline_sender_pids(d->pipeline, pids, PIDS_MAX) : 0;
	for (uint32_t i = 0; i < npids; i++)
		nw_buf_addf(q->answer, "sender %d\n", pids[i]);
	return 0;
}

static int
nothing_to_poll(const struct request *q, struct nw_err *err)
{
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_bytes options;
	int64_t id;
	int rc = arena == NULL ? nw_fail(err, NW_ERES, "out of memory") :
	    nw_store_source_get(q->d->store, arg(q, 1), arena, &id, &options, err);

	nw_arena_free(arena);
	if (rc == 0)
		return nw_fail(err, NW_ECONF, "there is no source '%s': newswatch sources lists them", q->argv[1]);
	return rc == 1 ? nw_fail(err, NW_ECONF, "source '%s' is disabled, or being polled already", q->argv[1]) : -1;
}

static int
do_poll(struct request *q, struct nw_err *err)
{
	int n = q->d->pipeline != NULL ? nw_pipeline_poll(q->d->pipeline, arg(q, 1), err) :
	    nw_fail(err, NW_ERES, "no configuration is live yet");

	if (n == 0)
		return nothing_to_poll(q, err);
	if (n > 0)
		nw_buf_addf(q->answer, "polling %d address%s\n", n, n == 1 ? "" : "es");
	return n > 0 ? 0 : -1;
}

/* The answer names the number that `reloads` of the status reaches when this request is done. */
static int
do_reload(struct request *q, struct nw_err *err)
{
	(void)err;
	nw_buf_addf(q->answer, "reloads %llu\n", (unsigned long long)nw_reload_start(q->d->reload));
	return 0;
}

static int
do_reindex(struct request *q, struct nw_err *err)
{
	if (q->d->indexer == NULL)
		return nw_fail(err, NW_ECONF, "index.enabled is false: this daemon keeps no index");
	nw_indexer_anew(q->d->indexer);
	return 0;
}

static int
do_ack(struct request *q, struct nw_err *err)
{
	int rc = nw_store_ack(q->d->store, arg(q, 1), q->who, arg(q, 2), nw_clock_wall_ms(), err);

	return rc == 0 ? not_found(err, "alert", q->argv[1]) : rc == 1 ? 0 : -1;
}

static int
do_review(struct request *q, struct nw_err *err)
{
	static const char *const verdict[] = {"useful", "noise", "duplicate", "late", "wrong"};
	size_t i = 0;
	int rc;

	while (i < sizeof(verdict) / sizeof(*verdict) && strcmp(q->argv[2], verdict[i]) != 0)
		i++;
	if (i == sizeof(verdict) / sizeof(*verdict))
		return nw_fail(err, NW_ECONF, "'%s' is no verdict: useful, noise, duplicate, late or wrong", q->argv[2]);
	rc = nw_store_review(q->d->store, arg(q, 1), arg(q, 2), arg(q, 3), q->who, nw_clock_wall_ms(), err);

	return rc == 0 ? not_found(err, "alert", q->argv[1]) : rc == 1 ? 0 : -1;
}

/* resend ID, resend failed|held [CHANNEL] */
static int
do_resend(struct request *q, struct nw_err *err)
{
	struct nw_str id = arg(q, 1);
	int64_t now_ms = nw_clock_wall_ms();
	uint32_t n = 0;
	int rc;

	if (nw_str_is(id, "failed") || nw_str_is(id, "held")) {
		if (nw_store_resend_state(q->d->store, id, arg(q, 2), q->who, now_ms, &n, err) == -1)
			return -1;
	} else {
		rc = nw_store_resend(q->d->store, id, q->who, now_ms, &n, err);
		if (rc != 1)
			return rc == 0 ? not_found(err, "delivery, message or alert", q->argv[1]) : -1;
	}
	nw_opened_look(q->d->operator, q->d->store);
	nw_buf_addf(q->answer, "%u deliver%s due\n", n, n == 1 ? "y is" : "ies are");
	return 0;
}

/* drop ID, drop held [CHANNEL], drop waiting CHANNEL */
static int
do_drop(struct request *q, struct nw_err *err)
{
	int64_t now_ms = nw_clock_wall_ms();
	uint32_t n = 0;
	int rc, waiting = nw_str_is(arg(q, 1), "waiting");

	if (waiting && arg(q, 2).len == 0)
		return nw_fail(err, NW_ECONF, "name the channel for which nothing is to wait any more");
	if (waiting || nw_str_is(arg(q, 1), "held")) {
		if (nw_store_drop_all(q->d->store, arg(q, 2), waiting, q->who, now_ms, &n, err) == -1)
			return -1;
	} else if ((rc = nw_store_drop(q->d->store, arg(q, 1), q->who, now_ms, &n, err)) != 1) {
		return rc == 0 ? nw_fail(err, NW_ECONF, "nothing still to be sent goes by '%s': newswatch deliveries tells what "
		    "became of it", q->argv[1]) : -1;
	}
	if (n == 0 && is_no_channel(q, arg(q, 2)))
		return no_channel(err, q->argv[2]);
	nw_opened_look(q->d->operator, q->d->store);
	if (q->d->pipeline != NULL)
		nw_pipeline_dropped(q->d->pipeline);
	nw_buf_addf(q->answer, "%u deliver%s dropped\n", n, n == 1 ? "y is" : "ies are");
	return 0;
}

/* silence DURATION REASON (watch|source|channel NAME)+: what all of the names hold of */
static int
do_silence(struct request *q, struct nw_err *err)
{
	struct nw_store_silence s = {.who = q->who, .reason = arg(q, 2), .from_ms = nw_clock_wall_ms()};
	int64_t seconds, id;

	for (int i = 3; i < q->argc; i += 2) {
		struct nw_str kind = arg(q, i), *of = nw_str_is(kind, "watch") ? &s.watch : nw_str_is(kind, "source") ? &s.source :
		    nw_str_is(kind, "channel") ? &s.channel : NULL;

		if (of == NULL || of->len > 0 || arg(q, i + 1).len == 0)
			return nw_fail(err, NW_ECONF, "silence takes a watch, a source, a channel, each once and with its name");
		*of = arg(q, i + 1);
	}
	if (nw_time_parse_duration(arg(q, 1), &seconds) == -1 || seconds <= 0 || seconds > SILENCE_MAX_S)
		return nw_fail(err, NW_ECONF, "'%s' is no duration from a second to a year: write 2h or 3d", q->argv[1]);
	s.until_ms = s.from_ms + seconds * 1000;
	if (nw_store_silence_add(q->d->store, &s, &id, err) == -1)
		return -1;
	nw_buf_addf(q->answer, "silence %lld\n", (long long)id);
	return 0;
}

static int
do_unsilence(struct request *q, struct nw_err *err)
{
	int rc = nw_store_silence_end(q->d->store, strtoll(q->argv[1], NULL, 10), q->who, nw_clock_wall_ms(), err);

	if (rc == 0)
		return nw_fail(err, NW_ECONF, "no silence '%s' holds: newswatch silence lists those that do", q->argv[1]);
	return rc == 1 ? 0 : -1;
}

static int
do_release(struct request *q, struct nw_err *err)
{
	int n = q->d->pipeline != NULL ? nw_pipeline_release(q->d->pipeline, arg(q, 1), err) :
	    nw_fail(err, NW_ERES, "no configuration is live yet");

	if (n == -1)
		return -1;
	if (n == 0 && is_no_channel(q, arg(q, 1)))
		return no_channel(err, q->argv[1]);
	nw_opened_look(q->d->operator, q->d->store);
	nw_buf_addf(q->answer, "%d released\n", n);
	return 0;
}

static const struct command {
	const char *name;
	int least, most; /* arguments, the name not counted */
	int (*run)(struct request *, struct nw_err *);
} commands[] = {
    {"status", 0, 0, do_status},
    {"poll", 1, 1, do_poll},
    {"reload", 0, 0, do_reload},
    {"reindex", 0, 0, do_reindex},
    {"ack", 1, 2, do_ack},
    {"review", 3, 3, do_review},
    {"resend", 1, 2, do_resend},
    {"drop", 1, 2, do_drop},
    {"silence", 4, 8, do_silence},
    {"unsilence", 1, 1, do_unsilence},
    {"release", 1, 1, do_release},
};

int
nw_daemon_command(void *daemon, int argc, char **argv, const char *who, struct nw_buf *answer, struct nw_err *err)
{
	struct request q = {daemon, argc, argv, nw_str(who), answer};
	int rc;

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(argv[0], commands[i].name) != 0)
			continue;
		if (argc - 1 < commands[i].least || argc - 1 > commands[i].most)
			return nw_fail(err, NW_ECONF, "%s takes %d to %d arguments", argv[0], commands[i].least, commands[i].most);
		rc = commands[i].run(&q, err);
		if (rc == 0 && q.d->pipeline != NULL)
			nw_pipeline_kick(q.d->pipeline);
		return rc;
	}
	return nw_fail(err, NW_ECONF, "'%s' is no request this newswatchd knows", argv[0]);
}
