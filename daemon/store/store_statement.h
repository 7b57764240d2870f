/*
 * store_statement.h - what a daily statement says of the time since the one before.
 * Floor 3, newswatchd.
 */
#ifndef NW_STORE_STATEMENT_H
#define NW_STORE_STATEMENT_H

#include "store/store.h"

struct nw_arena;

struct nw_store_statement_watch {
	struct nw_str name;
	uint32_t messages, alerts;
};
struct nw_store_statement {
	int64_t began_ms;	       /* when the store began: nothing can be said of before; 0: long ago */
	int64_t away_from_ms, away_until_ms; /* when newswatchd last did not run for long; 0: never */
	uint32_t articles;	       /* new ones */
	uint32_t sources, answered;    /* enabled; of these, with a listing that could be read */
	uint32_t alerts, messages;     /* that went to the channel */
	uint32_t waiting;	       /* alerts of the channel that are not yet in a message */
	uint32_t underway, held, failed; /* its deliveries; failed: since then */
	struct nw_store_statement_watch *watch; /* with the most alerts first */
	uint32_t nwatch;
};
/*
 * nw_store_statement(store, channel, since_ms, arena, statement_r, err):
 * limits  NW_STATEMENT_LINES watches; the sums count all.  Nothing here goes through a table that grows for years.
 */
int nw_store_statement(struct nw_store *, struct nw_str channel, int64_t since_ms, struct nw_arena *,
    struct nw_store_statement *statement_r, struct nw_err *);
/* newswatchd did not run from ${from_ms} on until now. */
int nw_store_away(struct nw_store *, int64_t from_ms, int64_t now_ms, struct nw_err *);
#endif
