/*
 * daemon.h - what newswatchd is made of, and its life between start and stop.
 * Floor 4, newswatchd.
 */
#ifndef NW_MAIN_DAEMON_H
#define NW_MAIN_DAEMON_H

#include <limits.h>

#include "main/generation.h"
#include "main/options.h"
#include "store/store.h"

struct event;
struct event_base;
struct nw_buf;
struct nw_control;
struct nw_err;
struct nw_fetch;
struct nw_fetch_options;
struct nw_heartbeat;
struct nw_indexer;
struct nw_operator;
struct nw_pipeline;
struct nw_pool;
struct nw_reload;

struct nw_daemon {
	const struct nw_options *options;
	struct nw_config *settings;	/* the daemon's own options, read at the start; with --once the whole */
	struct nw_conf_diags found;	/* in the whole */
	int settings_given;		/* they are the reload's, and end with its first */
	struct event_base *base;
	struct nw_store *store;
	struct nw_store_opened opened; /* how it was found */
	struct nw_pool *pool;
	struct nw_fetch *fetch;
	struct nw_operator *operator;
	struct nw_generations generations;
	struct nw_reload *reload;
	struct nw_pipeline *pipeline; /* from the first generation on */
	struct nw_heartbeat *heartbeat; /* likewise; with --once at its end */
	struct nw_control *control;
	struct nw_indexer *indexer; /* NULL: index.enabled is false, or --once */
	struct event *signal[4], *watchdog, *stop;
	int64_t started_ms, pinged_ms; /* wall; monotonic */
	size_t nstage; /* parts that stand */
	int stopping, ready, status;
	char store_path[PATH_MAX], kept_path[PATH_MAX], control_path[PATH_MAX], worker_program[PATH_MAX],
	    sender_program[PATH_MAX], indexer_program[PATH_MAX], index_path[PATH_MAX], plugin_dir[PATH_MAX];
};

/* stages.c: all parts, or -1 after logging why one would not stand; close takes down what stands. */
int nw_daemon_open(struct nw_daemon *);
void nw_daemon_close(struct nw_daemon *);

/* From settings and options: where everything is. */
int nw_daemon_paths(struct nw_daemon *, struct nw_err *);
void nw_daemon_fetch_options(const struct nw_conf_daemon *, struct nw_fetch_options *options_r);
int nw_daemon_open_reload(struct nw_daemon *, struct nw_err *);
int nw_daemon_open_signals(struct nw_daemon *, struct nw_err *);
void nw_daemon_close_signals(struct nw_daemon *);
/* The loop, until a signal, the end of --once, or a broken store. */
void nw_daemon_run(struct nw_daemon *);
void nw_daemon_close_pipeline(struct nw_daemon *);

/* End the loop. */
void nw_daemon_leave(struct nw_daemon *, int status);

/* alive.c: a configuration is live, so the heartbeat beats by it. */
int nw_daemon_beat(struct nw_daemon *, struct nw_err *);
/* The one beat at the end of --once: 1 it is under way and ends the loop, 0 there is none. */
int nw_daemon_beat_once(struct nw_daemon *);

/* commands.c: the control socket's requests (nw_control_fn). */
int nw_daemon_command(void *daemon, int argc, char **argv, const char *who, struct nw_buf *answer, struct nw_err *);
#endif
