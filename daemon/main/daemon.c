#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/limits.h"
#include "main/daemon.h"
#include "main/fetch.h"
#include "main/heartbeat.h"
#include "main/notify.h"
#include "main/opened.h"
#include "main/operator.h"
#include "main/pipeline.h"
#include "main/reload.h"
#include "pool/helpers.h"

#define STOP_MS	    4500 /* from SIGTERM to the end, whatever is in hand */
#define LAG_MAX_MS  5000 /* a loop that lags so much is not pinged for: systemd starts it again */

/* --- where things are ------------------------------------------------------------------------------------------------ */

static int
copy_path(char *to, struct nw_str from, const char *tail, struct nw_err *err)
{
	if (snprintf(to, PATH_MAX, "%.*s%s", (int)from.len, from.p, tail) >= PATH_MAX)
		return nw_fail(err, NW_ECONF, "a path is too long: '%.60s...'", from.p);
	return 0;
}

int
nw_daemon_paths(struct nw_daemon *d, struct nw_err *err)
{
	const struct nw_conf_daemon *c = &d->settings->daemon;
	struct nw_helpers h;

	if (nw_helpers_find(d->options->helpers, d->options->plugins, &h, err) == -1)
		return -1;
	if (copy_path(d->store_path, c->store.path, "", err) == -1 ||
	    copy_path(d->kept_path, c->store.path, ".config", err) == -1 ||
	    copy_path(d->control_path, c->control.path, "", err) == -1 ||
	    copy_path(d->plugin_dir, nw_str(h.plugins), "", err) == -1 ||
	    copy_path(d->worker_program, nw_str(h.worker), "", err) == -1 ||
	    copy_path(d->sender_program, nw_str(h.sender), "", err) == -1 ||
	    copy_path(d->indexer_program, nw_str(h.indexer), "", err) == -1)
		return -1;
	return nw_conf_index_path(c, d->index_path, sizeof(d->index_path), err);
}

void
nw_daemon_fetch_options(const struct nw_conf_daemon *c, struct nw_fetch_options *options_r)
{
	*options_r = (struct nw_fetch_options){
	    .user_agent = c->fetch.user_agent.p,
	    .ca_file = c->fetch.ca_file.len != 0 ? c->fetch.ca_file.p : NULL,
	    .proxy = c->fetch.proxy.len != 0 ? c->fetch.proxy.p : NULL,
	    .max = c->fetch.connections != 0 ? c->fetch.connections : NW_FETCH_MAX,
	    .host_max = c->fetch.host_connections != 0 ? c->fetch.host_connections : NW_HOST_CONN_MAX,
	    .host_gap_ms = (uint32_t)(c->fetch.host_gap_s * 1000),
	    .connect_ms = (uint32_t)(c->fetch.connect_timeout_s * 1000),
	    .redirects = c->fetch.redirects,
	};
}

/* --- stopping ---------------------------------------------------------------------------------------------------------- */

void
nw_daemon_leave(struct nw_daemon *d, int status)
{
	d->status = status;
	event_base_loopbreak(d->base);
}

static void
on_idle(void *cookie)
{
	if (!nw_daemon_beat_once(cookie))
		nw_daemon_leave(cookie, 0);
}

static void
on_broken(void *cookie, const struct nw_err *err)
{
	nw_log(NW_LOG_ERROR, "the store is broken, a new start has to check it: %s", err->msg);
	nw_daemon_leave(cookie, 1);
}

static void
on_stop_timer(evutil_socket_t fd, short what, void *cookie)
{
	(void)fd;
	(void)what;
	nw_log(NW_LOG_NOTICE, "stopping with work in hand: it is due again after the next start");
	nw_daemon_leave(cookie, 0);
}

static void
on_terminate(evutil_socket_t number, short what, void *cookie)
{
	struct nw_daemon *d = cookie;
	struct timeval tv = {STOP_MS / 1000, (STOP_MS % 1000) * 1000};

	(void)what;
	if (d->stopping)
		return;
	d->stopping = 1;
	nw_log(NW_LOG_NOTICE, "signal %d: finishing what is in hand", (int)number);
	nw_notify("STOPPING=1\n");
	if (d->pipeline == NULL || event_add(d->stop, &tv) == -1)
		nw_daemon_leave(d, 0);
	else
		nw_pipeline_drain(d->pipeline);
}

static void
on_hangup(evutil_socket_t number, short what, void *cookie)
{
	struct nw_daemon *d = cookie;

	(void)number;
	(void)what;
	nw_notify("RELOADING=1\nMONOTONIC_USEC=%lld\n", (long long)nw_clock_mono_ms() * 1000);
	nw_reload_start(d->reload);
}

/* --- the watchdog: only a loop that turns in time is alive --------------------------------------------------------------- */

static void
on_watchdog(evutil_socket_t fd, short what, void *cookie)
{
	struct nw_daemon *d = cookie;
	int64_t now_ms = nw_clock_mono_ms(), lag_ms = now_ms - d->pinged_ms - nw_notify_watchdog_ms();
	struct nw_store_health h;

	(void)fd;
	(void)what;
	d->pinged_ms = now_ms;
	nw_store_health(d->store, &h);
	if (lag_ms < LAG_MAX_MS && !h.broken)
		nw_notify("WATCHDOG=1\n");
	else
		nw_log(NW_LOG_ERROR, "the loop lags by %lld ms", (long long)lag_ms);
}

static int
start_watchdog(struct nw_daemon *d)
{
	int64_t ms = nw_notify_watchdog_ms();
	struct timeval tv = {ms / 1000, (ms % 1000) * 1000};

	d->pinged_ms = nw_clock_mono_ms();
	if (ms == 0)
		return 0;
	d->watchdog = event_new(d->base, -1, EV_PERSIST, on_watchdog, d);
	return d->watchdog == NULL ? -1 : event_add(d->watchdog, &tv);
}

static const int signals[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP};

int
nw_daemon_open_signals(struct nw_daemon *d, struct nw_err *err)
{
	for (size_t i = 0; i < 4; i++) {
		d->signal[i] = evsignal_new(d->base, signals[i], signals[i] == SIGHUP ? on_hangup : on_terminate, d);
		if (d->signal[i] == NULL || event_add(d->signal[i], NULL) == -1)
			return nw_fail(err, NW_ERES, "signals cannot be caught");
	}
	if ((d->stop = evtimer_new(d->base, on_stop_timer, d)) == NULL || start_watchdog(d) == -1)
		return nw_fail(err, NW_ERES, "out of memory");
	return 0;
}

void
nw_daemon_close_signals(struct nw_daemon *d)
{
	sigset_t late;

	(void)sigemptyset(&late);
	for (size_t i = 0; i < 4; i++)
		(void)sigaddset(&late, signals[i]);
	(void)sigprocmask(SIG_BLOCK, &late, NULL); /* it is ending already: none may kill it before it is whole */
	for (size_t i = 0; i < 4; i++)
		if (d->signal[i] != NULL)
			event_free(d->signal[i]);
	if (d->stop != NULL)
		event_free(d->stop);
	if (d->watchdog != NULL)
		event_free(d->watchdog);
}

/* --- configurations --------------------------------------------------------------------------------------------------------- */

static int
start_pipeline(struct nw_daemon *d, struct nw_err *err)
{
	struct nw_pipeline_parts parts = {
	    .base = d->base,
	    .store = d->store,
	    .pool = d->pool,
	    .fetch = d->fetch,
	    .generations = &d->generations,
	    .operator = d->operator,
	    .sender_program = d->sender_program,
	    .once = d->options->once,
	    .idle = on_idle,
	    .broken = on_broken,
	    .cookie = d,
	};

	if ((d->pipeline = nw_pipeline_new(&parts, err)) == NULL)
		return -1;
	nw_opened_tell(d->operator, &d->opened);
	if (!d->options->once) /* which runs when somebody thinks of it */
		nw_opened_away(d->operator, d->store, &d->opened, nw_clock_wall_ms());
	return 0;
}

static void
tell_refusal(struct nw_daemon *d)
{
	const char *why = nw_reload_refusal(d->reload);
	char text[512];

	if (*why == '\0') {
		nw_operator_clear(d->operator, "configuration", NW_STR(""), "the configuration is accepted again");
		return;
	}
	(void)snprintf(text, sizeof(text), "the configuration is refused, the one accepted before goes on: %.300s; newswatch check "
	    "tells all that is wrong", why); /* cut is fine */
	nw_operator_raise(d->operator, "configuration", NW_STR(""), NW_SEV_HIGH, text);
}

static void
say_ready(struct nw_daemon *d)
{
	const struct nw_generation *g = d->generations.live;

	d->ready = 1;
	nw_notify("READY=1\nSTATUS=watching %u sources with %u watches, lock level %u%s%s\n", g->nsource, g->nwatch,
	    g->lock_level, nw_reload_is_stale(d->reload) ? "; configuration refused, the last accepted one is live: " : "",
	    nw_reload_refusal(d->reload));
}

static void
on_reloaded(void *cookie, const struct nw_err *err)
{
	struct nw_daemon *d = cookie;
	struct nw_fetch_options o;
	struct nw_err why;

	if (d->generations.live == NULL) { /* none was ever accepted */
		nw_daemon_leave(d, 1);
		return;
	}
	if (err == NULL) {
		nw_daemon_fetch_options(&d->generations.live->config->daemon, &o);
		if (nw_fetch_configure(d->fetch, &o, &why) == -1 || (d->pipeline == NULL && start_pipeline(d, &why) == -1) ||
		    nw_daemon_beat(d, &why) == -1) {
			nw_log(NW_LOG_ERROR, "%s", why.msg);
			nw_daemon_leave(d, 1);
			return;
		}
		nw_pipeline_renew(d->pipeline);
	}
	tell_refusal(d);
	say_ready(d);
}

int
nw_daemon_open_reload(struct nw_daemon *d, struct nw_err *err)
{
	struct nw_reload_parts parts = {
	    .generations = &d->generations,
	    .pool = d->pool,
	    .store = d->store,
	    .conf_path = d->options->conf,
	    .plugin_dir = d->plugin_dir,
	    .kept_path = d->kept_path,
	    .sandbox = d->options->sandbox,
	    .done = on_reloaded,
	    .cookie = d,
	};

	if (d->options->once) {
		parts.read = d->settings;
		parts.found = d->found;
	}
	d->reload = nw_reload_new(&parts);
	d->settings_given = d->reload != NULL && d->options->once;
	return d->reload != NULL ? 0 : nw_fail(err, NW_ERES, "out of memory");
}

void
nw_daemon_run(struct nw_daemon *d)
{
	d->started_ms = nw_clock_wall_ms();
	nw_reload_first(d->reload);
	if (d->status == 0 && event_base_dispatch(d->base) == -1)
		d->status = 1;
}

void
nw_daemon_close_pipeline(struct nw_daemon *d)
{
	if (d->fetch != NULL)
		nw_fetch_stop(d->fetch);
	nw_heartbeat_free(d->heartbeat);
	nw_pipeline_free(d->pipeline);
}
