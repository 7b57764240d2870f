/*
 * timing.h - when a due group may go: silences, quiet hours, digests, throttle.  All off by default; critical alerts
 * pass everything but silences.  A group that may not go now moves; nothing is dropped.
 * Floor 4, newswatchd.
 */
#ifndef NW_MAIN_TIMING_H
#define NW_MAIN_TIMING_H

#include "core/conf.h"
#include "store/store_outbox.h"

struct nw_timing {
	int64_t due_ms;	      /* not after now: it goes */
	struct nw_str key;    /* a digest's, else "" */
	struct nw_str reason; /* a literal, for the status */
};

/* errors -1 when the store does not answer. */
int nw_timing_decide(struct nw_store *, const struct nw_conf_channel *, const struct nw_store_group *, int64_t now_ms, struct nw_timing *when_r, struct nw_err *);
#endif
