/*
 * ask.h - requests to the newswatchd that runs with a configuration.
 * Floor 4.  What changes something goes through its control socket, never to the store.
 * Life: nw_ask_open() -> nw_ask()* -> nw_ask_done() or nw_ask_close().
 */
#ifndef NW_CLI_ASK_H
#define NW_CLI_ASK_H

#include "base/buf.h"
#include "core/conf.h"

struct nw_cli;

struct nw_ask {
	struct nw_config *conf;
	struct nw_buf answer; /* of the requests so far: lines */
};

/* ${config} NULL: the installed one.  0, or the exit code, told. */
int nw_ask_open(const struct nw_cli *, const char *config, struct nw_ask *);
/* Tabs and line feeds within an argument become spaces.  0, or the exit code, told: NW_EXIT_NO what the daemon refused. */
int nw_ask(const struct nw_cli *, struct nw_ask *, const char *const *argv, int argc);
/* The number behind a key in the answer, -1 if it is not there. */
int64_t nw_ask_number(const struct nw_ask *, const char *key);
/* The text behind it, "". */
struct nw_str nw_ask_text(const struct nw_ask *, const char *key);
/* What was asked succeeded: print the answer, or ${text} where it has none (--json: {"command", "answer":[lines]}), and
 * close. */
int nw_ask_done(const struct nw_cli *, struct nw_ask *, const char *text);
void nw_ask_close(struct nw_ask *);
#endif
