/* newswatchd's parts: a table, walked forward, unwound backward. */
#include <event2/event.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/limits.h"
#include "main/control_socket.h"
#include "main/daemon.h"
#include "main/fetch.h"
#include "main/indexer.h"
#include "main/operator.h"
#include "main/reload.h"
#include "pool/pool.h"

/* --- the parts, in the order they stand on each other -------------------------------------------------------------- */

static int
open_loop(struct nw_daemon *d, struct nw_err *err)
{
	d->generations.at_once = d->options->once != 0;
	d->base = event_base_new();
	return d->base != NULL ? 0 : nw_fail(err, NW_ERES, "no event loop");
}

static void
close_loop(struct nw_daemon *d)
{
	event_base_free(d->base);
}

/*
 * The daemon's own options are needed before any worker can try the whole.  With --once, over in a moment, the whole is
 * read at once and tried as it is; a daemon that stays reads the rest when it knows where to keep it.
 */
static int
read_settings(struct nw_daemon *d, struct nw_err *err)
{
	struct nw_conf_from from = {.path = d->options->conf, .flags = d->options->once ? 0 : NW_CONF_OPTIONS};

	if (nw_conf_load(&from, &d->settings, &d->found, err) == -1) {
		nw_conf_diags_done(&d->found);
		return -1;
	}
	if (!d->options->once) {
		nw_conf_diags_done(&d->found); /* told again, with the worker's, by the first reload */
		nw_conf_shrink(d->settings);
	}
	return nw_daemon_paths(d, err);
}

static void
drop_settings(struct nw_daemon *d)
{
	if (d->settings_given)
		return;
	nw_conf_free(d->settings);
	nw_conf_diags_done(&d->found);
}

static int
open_store(struct nw_daemon *d, struct nw_err *err)
{
	struct nw_store_options o = {.path = d->store_path, .mode = NW_STORE_WRITE, .now_ms = nw_clock_wall_ms()};
	struct nw_store_opened *opened = &d->opened;

	if (nw_store_open(&o, &d->store, opened, err) == -1)
		return -1;
	if (opened->corrupt)
		nw_log(NW_LOG_ERROR, "the store was malformed: moved aside to %s, a fresh one begins with a baseline",
		    opened->corrupt_path);
	else if (opened->unclean)
		nw_log(NW_LOG_WARNING, "the last run did not end cleanly: store checked, %u deliveries and %u leases freed",
		    opened->in_flight, opened->leases);
	return 0;
}

static void
close_store(struct nw_daemon *d)
{
	nw_store_close(d->store);
}

static void
tell_line(void *cookie, uint32_t level, const char *line, size_t len)
{
	(void)cookie;
	nw_log_line(level, "worker", line, len);
}

static int
open_pool(struct nw_daemon *d, struct nw_err *err)
{
	const struct nw_conf_daemon *c = &d->settings->daemon;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct nw_pool_options o = {
	    .worker = d->worker_program,
	    .nworkers = c->workers.count != 0 ? c->workers.count : cpus > 3 ? (uint32_t)cpus : 3,
	    .job_ms = (uint32_t)c->workers.job_ms,
	    .jobs = c->workers.jobs,
	    .tell = tell_line,
	};

	return (d->pool = nw_pool_new(d->base, &o, err)) != NULL ? 0 : -1;
}

static void
close_pool(struct nw_daemon *d)
{
	nw_pool_free(d->pool);
	nw_generations_done(&d->generations);
}

static int
open_fetch(struct nw_daemon *d, struct nw_err *err)
{
	struct nw_fetch_options o;

	nw_daemon_fetch_options(&d->settings->daemon, &o);
	return (d->fetch = nw_fetch_new(d->base, &o, err)) != NULL ? 0 : -1;
}

static void
close_fetch(struct nw_daemon *d)
{
	nw_fetch_free(d->fetch);
}

static int
open_operator(struct nw_daemon *d, struct nw_err *err)
{
	d->operator = nw_operator_new(d->store, &d->generations);
	return d->operator != NULL ? 0 : nw_fail(err, NW_ERES, "out of memory");
}

static void
close_operator(struct nw_daemon *d)
{
	nw_operator_free(d->operator);
}

static int
open_reload(struct nw_daemon *d, struct nw_err *err)
{
	return nw_daemon_open_reload(d, err);
}

static void
close_reload(struct nw_daemon *d)
{
	nw_reload_free(d->reload);
}

static int
open_control(struct nw_daemon *d, struct nw_err *err)
{
	char dir[PATH_MAX];

	if (d->options->once)
		return 0; /* it is over before anybody could ask */
	(void)snprintf(dir, sizeof(dir), "%s", d->control_path); /* same size */
	if (access(dirname(dir), W_OK) == -1) {
		nw_log(NW_LOG_WARNING, "no control socket: '%s' is not there or not ours (RuntimeDirectory=newswatch)", dir);
		return 0;
	}
	d->control = nw_control_new(d->base, d->control_path, d->settings->daemon.control.group.p, nw_daemon_command, d, err);
	return d->control != NULL ? 0 : -1;
}

static void
close_control(struct nw_daemon *d)
{
	nw_control_free(d->control);
}

/* Nobody waits for the index: with --once it is made by the next daemon, or by newswatch reindex. */
static int
open_indexer(struct nw_daemon *d, struct nw_err *err)
{
	struct nw_indexer_parts parts = {
	    .base = d->base,
	    .operator = d->operator,
	    .program = d->indexer_program,
	    .store_path = d->store_path,
	    .index_path = d->index_path,
	    .sandbox = d->options->sandbox >= 0 ? (uint32_t)d->options->sandbox : d->settings->daemon.sandbox,
	};

	if (!d->settings->daemon.index.enabled || d->options->once)
		return 0;
	return nw_indexer_start(&parts, &d->indexer, err);
}

static void
close_indexer(struct nw_daemon *d)
{
	nw_indexer_free(d->indexer);
}

static int
open_signals(struct nw_daemon *d, struct nw_err *err)
{
	return nw_daemon_open_signals(d, err);
}

static void
close_signals(struct nw_daemon *d)
{
	nw_daemon_close_signals(d);
}

static const struct stage {
	const char *name;
	int (*open)(struct nw_daemon *, struct nw_err *);
	void (*close)(struct nw_daemon *);
} stages[] = {
    {"event loop", open_loop, close_loop},
    {"signals", open_signals, close_signals}, /* answered once the loop turns */
    {"configuration", read_settings, drop_settings},
    {"store", open_store, close_store},
    {"workers", open_pool, close_pool},
    {"fetching", open_fetch, close_fetch},
    {"operator", open_operator, close_operator},
    {"reload", open_reload, close_reload},
    {"index", open_indexer, close_indexer},
    {"control socket", open_control, close_control},
};
#define NSTAGES (sizeof(stages) / sizeof(stages[0]))

/* A message that begins with the part's name needs no second. */
static void
tell_failure(const char *part, const char *msg)
{
	size_t n = strlen(part);

	if (strncmp(msg, part, n) == 0 && msg[n] == ':')
		nw_log(NW_LOG_ERROR, "%s", msg);
	else
		nw_log(NW_LOG_ERROR, "%s: %s", part, msg);
}

int
nw_daemon_open(struct nw_daemon *d)
{
	struct nw_err err;

	for (; d->nstage < NSTAGES; d->nstage++)
		if (stages[d->nstage].open(d, &err) == -1) {
			tell_failure(stages[d->nstage].name, err.msg);
			d->status = 1;
			return -1;
		}
	return 0;
}

void
nw_daemon_close(struct nw_daemon *d)
{
	nw_daemon_close_pipeline(d);
	while (d->nstage > 0)
		stages[--d->nstage].close(d);
}
