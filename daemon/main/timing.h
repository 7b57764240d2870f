/*
 * timing.h - when a due group may go: quiet hours, floods, digests, throttles.  All off by default (but the flood's
 * bound); a critical alert passes them all.  A group that may not go now moves; nothing is dropped.  Silences came before:
 * what they hold is in the group no more (nw_store_silence_hold()).
 * Floor 4, newswatchd.  Knows clocks and rules; the store is asked only for facts.
 */
#ifndef NW_MAIN_TIMING_H
#define NW_MAIN_TIMING_H

#include "core/conf.h"
#include "core/limits.h"
#include "core/zone.h"
#include "store/store_outbox.h"

/* Why a group waits, as the store keeps it and the status shows it. */
#define NW_TIMING_QUIET	   "quiet hours"
#define NW_TIMING_DIGEST   "digest"
#define NW_TIMING_THROTTLE "throttled"

struct nw_timing_facts {
	int64_t now_ms;
	int64_t throttled_until_ms; /* NW_TIME_NONE: there is room for a message */
	uint32_t flooded;	    /* its watch has alerted more often than delivery.flood in the last hour */
	uint32_t flush;		    /* waits for company are over (--once) */
};

struct nw_timing {
	int64_t due_ms;		     /* not after now: it goes */
	char key[NW_NAME_MAX + 40];  /* that of the message it joins, "" keeps its own */
	const char *reason;	     /* for the status; "" when it goes */
	uint32_t flood;		     /* the operator is to be told */
};

/*
 * nw_timing_judge(channel, zone, group, facts, timing_r):
 * The rules alone, in their order.  What a quiet hour holds keeps its own message; what a flood, a digest or a throttle
 * holds comes together in one.  An operator's notice obeys quiet hours only.
 */
void nw_timing_judge(const struct nw_conf_channel *, const struct nw_zone *, const struct nw_store_group *,
    const struct nw_timing_facts *, struct nw_timing *timing_r);

/* The facts of a group, as far as the channel's rules ask for them.  -1: the store does not answer. */
int nw_timing_facts(struct nw_store *, const struct nw_conf_channel *, uint32_t flood, const struct nw_store_group *,
    struct nw_timing_facts *, struct nw_err *);
#endif
