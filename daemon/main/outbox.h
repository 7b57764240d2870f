/*
 * outbox.h - the station from alert to outcome: due groups become messages, messages are rendered, deliveries sent;
 * what nobody acknowledged escalates.
 * Floor 4, newswatchd.  The store is the truth; this asks it what is due, acts, and sleeps until something changes.
 * Life: nw_outbox_new() -> nw_outbox_turn()* -> nw_outbox_free().
 */
#ifndef NW_MAIN_OUTBOX_H
#define NW_MAIN_OUTBOX_H

#include "store/store_outbox.h"

struct event_base;
struct nw_config;
struct nw_err;
struct nw_outbox;

struct nw_outbox_ops {
	const struct nw_config *(*config)(void *cookie); /* the live one */
	/* Submit a RENDER job; nw_outbox_rendered() follows once.  -1: not now. */
	int (*render)(void *cookie, Nw__Job *, const char *message_id);
	/* Something is to be said of a channel ("" of none): a delivery that failed for good. */
	void (*tell)(void *cookie, const char *key, struct nw_str channel, uint32_t severity, const char *text);
	/* A condition begins or ends: a channel that fails or is gone, a flood. */
	void (*condition)(void *cookie, int raise, const char *key, struct nw_str channel, const char *text);
	/* Work may have come up for the next turn. */
	void (*kick)(void *cookie);
	void (*line)(void *cookie, const char *line, size_t len);
	/* The store did not take something between two turns. */
	void (*store_failed)(void *cookie, const struct nw_err *);
	void *cookie;
};

struct nw_outbox *nw_outbox_new(struct event_base *, struct nw_store *, const char *sender_program,
    const struct nw_outbox_ops *, struct nw_err *);
void nw_outbox_free(struct nw_outbox *); /* kills senders; their rows are deferred at the next start; NULL is fine */
/*
 * nw_outbox_turn(outbox, now_ms, flush, next_ms_r, err):
 * Act on what is due; nothing at all where nothing has changed and nothing is due.  ${flush}: waits for company are
 * over (--once).  ${next_ms_r}: when to come back, NW_STORE_NEVER: when kicked.
 * errors  -1: the store does not answer.
 */
int nw_outbox_turn(struct nw_outbox *, int64_t now_ms, int flush, int64_t *next_ms_r, struct nw_err *);
/* The answer to a RENDER job: parts, or NULL and why. */
void nw_outbox_rendered(struct nw_outbox *, const char *message_id, const Nw__Message *, const char *why);
/* A new configuration is live: what waited for its channel is due again. */
void nw_outbox_renew(struct nw_outbox *);
/* The operator says that a channel which was gone or held is to be used again: how many deliveries, or -1. */
int nw_outbox_release(struct nw_outbox *, struct nw_str channel, struct nw_err *);
/* Deliveries were dropped: a channel for which nothing waits any more is no trouble. */
void nw_outbox_dropped(struct nw_outbox *);
/* Renderings and deliveries in hand. */
uint32_t nw_outbox_busy(const struct nw_outbox *);
uint32_t nw_outbox_pids(const struct nw_outbox *, int *pids_r, uint32_t n);
#endif
