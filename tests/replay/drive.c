#include <event2/event.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "drive.h"
#include "main/pipeline.h"
#include "main/reload.h"
#include "play.h"
#include "pool/pool.h"
#include "store/store.h"

#define STEP_MS	  60000 /* what else waits by a timer of its own looks at least so often */
#define TURNS_MAX 20000

void
drive_open(struct drive *v)
{
	/* memory where there is some: a simulated day syncs thousands of times */
	(void)snprintf(v->dir, sizeof(v->dir), "%s/newswatch-replay-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (mkdtemp(v->dir) == NULL)
		v->wrong(v->cookie, "no folder");
	(void)snprintf(v->conf, sizeof(v->conf), "%s/newswatchd.yaml", v->dir);
	(void)snprintf(v->store, sizeof(v->store), "%s/news.db", v->dir);
	(void)snprintf(v->control, sizeof(v->control), "%s/control", v->dir);
	drive_begin(v, DRIVE_START_MS);
	play_net_reset();
	play_senders_reset();
}

void
drive_begin(struct drive *v, int64_t ms)
{
	v->start_ms = v->now_ms = ms;
	play_clock_set(ms);
}

void
drive_close(struct drive *v)
{
	char command[128];

	drive_stop(v);
	play_net_reset();
	play_senders_reset();
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", v->dir);
	if (system(command) != 0)
		v->wrong(v->cookie, "the folder cannot be removed");
}

void
drive_config(const struct drive *v, const char *text)
{
	FILE *f = fopen(v->conf, "w");

	if (f == NULL || fprintf(f, "store: { path: %s }\ncontrol: { path: %s }\n%s", v->store, v->control, text) < 0 ||
	    fclose(f) != 0)
		v->wrong(v->cookie, "the configuration cannot be written");
}

void
drive_ask(const struct drive *v, const char *sql, char *value, size_t size)
{
	sqlite3 *db;
	sqlite3_stmt *st = NULL;

	if (sqlite3_open_v2(v->store, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		v->wrong(v->cookie, sqlite3_errmsg(db));
	if (sqlite3_step(st) == SQLITE_ROW && sqlite3_column_text(st, 0) != NULL)
		(void)snprintf(value, size, "%s", (const char *)sqlite3_column_text(st, 0));
	else
		(void)snprintf(value, size, "nothing");
	sqlite3_finalize(st);
	sqlite3_close(db);
}

void
drive_change(const struct drive *v, const char *sql)
{
	sqlite3 *db;

	if (sqlite3_open_v2(v->store, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
	    sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		v->wrong(v->cookie, sqlite3_errmsg(db));
	sqlite3_close(db);
}

void
drive_start(struct drive *v)
{
	v->options = (struct nw_options){.conf = v->conf, .helpers = NW_BUILD, .plugins = NW_BUILD "/plugins", .sandbox = 0};
	memset(&v->d, 0, sizeof(v->d));
	v->d.options = &v->options;
	if (nw_daemon_open(&v->d) == -1)
		v->wrong(v->cookie, "newswatchd does not start");
	v->d.started_ms = v->now_ms;
	nw_reload_first(v->d.reload);
	v->is_up = 1;
}

void
drive_stop(struct drive *v)
{
	if (!v->is_up)
		return;
	nw_daemon_close(&v->d);
	v->is_up = 0;
}

void
drive_away(struct drive *v, int64_t ms)
{
	drive_stop(v);
	v->now_ms += ms;
	play_clock_set(v->now_ms);
	drive_start(v);
}

static int
is_busy(const struct drive *v)
{
	struct nw_pipeline_gauges g = {0};

	if (v->d.pipeline != NULL)
		nw_pipeline_gauges_get(v->d.pipeline, &g);
	return play_net.waiting + play_senders_waiting() + nw_pool_waiting(v->d.pool) + g.fetching + g.reading + g.matching +
	    g.delivering > 0;
}

void
drive_settle(struct drive *v)
{
	int quiet = 0;

	for (int i = 0; quiet < 3; i++) {
		if (i == TURNS_MAX) {
			v->wrong(v->cookie, "newswatchd does not come to rest");
			return;
		}
		if (v->d.pipeline != NULL)
			nw_pipeline_kick(v->d.pipeline);
		(void)event_base_loop(v->d.base, EVLOOP_NONBLOCK);
		quiet = is_busy(v) ? 0 : quiet + 1;
	}
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
next_due(const struct drive *v)
{
	int64_t at = v->now_ms + STEP_MS, flush = nw_store_flush_at(v->d.store);
	struct nw_store_due due;
	struct nw_err err;
	int64_t target_ms = 0;

	if (nw_store_due(v->d.store, &due, &err) == -1 || nw_store_target_due(v->d.store, v->now_ms, &target_ms, &err) == -1)
		v->wrong(v->cookie, err.msg);
	at = earlier(earlier(at, target_ms), earlier(due.match_ms, due.escalate_ms));
	at = earlier(earlier(at, due.outbox_ms), earlier(due.render_ms, due.delivery_ms));
	if (flush != -1)
		at = earlier(at, flush);
	return at > v->now_ms ? at : v->now_ms + 1000;
}

void
drive_go_to(struct drive *v, int64_t ms)
{
	drive_settle(v);
	while (v->now_ms < ms) {
		v->now_ms = earlier(next_due(v), ms);
		play_clock_set(v->now_ms);
		drive_settle(v);
	}
}
