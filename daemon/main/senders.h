/*
 * senders.h - newswatch-sender processes: at most one a channel (`parallel`), each ended by its own deadline.
 * Floor 4, newswatchd.  Knows processes and frames; which delivery is next is asked of the outbox station by callback.
 * Life: nw_senders_new() -> nw_senders_wake()* -> nw_senders_free().
 */
#ifndef NW_MAIN_SENDERS_H
#define NW_MAIN_SENDERS_H

#include <newswatch/plugin.h>

#include "wire.pb-c.h"

struct event_base;
struct nw_arena;
struct nw_err;
struct nw_senders;

struct nw_senders_ops {
	/* The CHANNEL frame of a channel, secrets included, into ${arena}.  -1: the channel cannot be used (err). */
	int (*channel)(void *cookie, struct nw_str name, struct nw_arena *, Nw__Channel **channel_r, struct nw_err *);
	void (*wipe)(void *cookie, Nw__Channel *);
	/* The next delivery of the channel, claimed; 1, 0 if none is due, -1. */
	int (*next)(void *cookie, struct nw_str name, struct nw_arena *, Nw__Deliver **deliver_r);
	/* What came of it; ${outcome} NULL: the sender died or was killed, ${why} says how; `started` 0: it never had it. */
	void (*done)(void *cookie, struct nw_str name, struct nw_str id, const Nw__Outcome *outcome, const char *why,
	    int started);
	/* The channel cannot be used: once per wake. */
	void (*unusable)(void *cookie, struct nw_str name, const struct nw_err *);
	/* One is gone, or its place free: what waits for one may be woken.  ${ready} 0: it never took its channel. */
	void (*ended)(void *cookie, struct nw_str name, int ready);
	/* A line of a sender's stderr. */
	void (*line)(void *cookie, const char *line, size_t len);
	void *cookie;
};

struct nw_senders *nw_senders_new(struct event_base *, const char *program, const struct nw_senders_ops *, struct nw_err *);
/* Kills what still delivers; no callback.  NULL is fine. */
void nw_senders_free(struct nw_senders *);
/*
 * nw_senders_wake(senders, channel, parallel):
 * Deliveries of this channel are due: give idle senders their next, start one where fewer than ${parallel} run.
 * limits  NW_SENDERS_MAX in all; where they are used up, an idle one of another channel ends and `ended` follows.
 */
void nw_senders_wake(struct nw_senders *, struct nw_str channel, uint32_t parallel);
/* A new configuration: senders end after what they have in hand, so that changed secrets count. */
void nw_senders_renew(struct nw_senders *);
/* Deliveries in hand, and senders that are starting for one. */
uint32_t nw_senders_busy(const struct nw_senders *);
uint32_t nw_senders_pids(const struct nw_senders *, int *pids_r, uint32_t n);
#endif
