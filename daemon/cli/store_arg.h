/*
 * store_arg.h - a command's store: the one the configuration names, opened read-only under a deadline.
 * Floor 4.  Works with or without a running daemon, and with a configuration that has errors: only the
 * daemon's own options are needed. Life: nw_store_arg_open() -> use -> nw_store_arg_close().
 */
#ifndef NW_CLI_STORE_ARG_H
#define NW_CLI_STORE_ARG_H

#include "core/conf.h"
#include "store/store_read.h"

struct nw_cli;

struct nw_store_arg {
	struct nw_config *conf;
	struct nw_store *store;
	int64_t now_ms;
};

/* ${config} NULL: the installed one.  0, or the exit code, told. */
int nw_store_arg_open(const struct nw_cli *, const char *config, struct nw_store_arg *);
void nw_store_arg_close(struct nw_store_arg *);
/*
 * nw_store_arg_since(cli, option, text, now_ms, at_r):
 * An instant as options take it: "24h" or "3d" ago, a day, or RFC 3339; NULL ${text}: NW_TIME_NONE.
 * returns  0, or the exit code, told.
 */
int nw_store_arg_since(
    const struct nw_cli *, const char *option, const char *text, int64_t now_ms, int64_t *at_r);
/* The sources a filter names (NULL: every one), a reading call at a time; 0, -1. */
int nw_store_arg_sources(struct nw_store_arg *, const struct nw_store_filter *, nw_store_source_fn *,
    void *cookie, struct nw_err *);
#endif
