/*
 * reload.h - from files to a live generation: read, let a worker try it, adopt it, keep it for the next start.
 * Floor 4, newswatchd.  A configuration with an error never replaces a good one.
 * Life: nw_reload_new() -> nw_reload_start() ... -> nw_reload_free().
 */
#ifndef NW_MAIN_RELOAD_H
#define NW_MAIN_RELOAD_H

#include "main/generation.h"

struct nw_err;
struct nw_pool;
struct nw_reload;
struct nw_store;

struct nw_reload_parts { /* borrowed but for one */
	struct nw_generations *generations;
	struct nw_pool *pool;
	struct nw_store *store;
	const char *conf_path;	/* -c, NULL: the installed one */
	const char *plugin_dir;
	const char *kept_path;	/* the accepted configuration, in the state directory */
	int sandbox;		/* of the command line, -1: the configuration's */
	/* Not borrowed: what was read of the files already, whole, for the first reload; NULL: it reads them. */
	struct nw_config *read;
	struct nw_conf_diags found;
	/* The end of a reload: ${err} NULL when a new generation is live. */
	void (*done)(void *cookie, const struct nw_err *err);
	void *cookie;
};

struct nw_reload *nw_reload_new(const struct nw_reload_parts *);
void nw_reload_free(struct nw_reload *); /* NULL is fine */
/*
 * nw_reload_start(reload):
 * Read the files again; requests while one is under way are joined into one more.  Every finding is printed to
 * stderr as `newswatch check` prints it.
 */
uint64_t nw_reload_start(struct nw_reload *); /* the number this request ends with, see nw_reload_ended() */
/* How many reloads have ended since the start, well or refused. */
uint64_t nw_reload_ended(const struct nw_reload *);
/* At the start: the files, else, when they are wrong, the configuration accepted last. */
void nw_reload_first(struct nw_reload *);
/* 1 while the last accepted configuration stands in for files with errors. */
int nw_reload_is_stale(const struct nw_reload *);
/* Of the last reload that was refused, "" if it was not. */
const char *nw_reload_refusal(const struct nw_reload *);
#endif
