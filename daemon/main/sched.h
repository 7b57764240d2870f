/*
 * sched.h - when the next poll of a target is due.
 * Floor 4, newswatchd.  Arithmetic on instants and durations in milliseconds; the chance it needs is an argument.
 */
#ifndef NW_MAIN_SCHED_H
#define NW_MAIN_SCHED_H

#include "store/store_target.h"

/* How a visit ended, as far as the next one depends on it. */
struct nw_sched_visit {
	int64_t now_ms;
	int64_t every_ms, every_max_ms; /* the source's bounds */
	int64_t rhythm_ms;		/* usual gap between new items, 0 if not known */
	int64_t retry_after_ms;		/* the server's wish, 0 if none */
	uint32_t failures;		/* in a row, this one included; 0 = it went well */
	uint32_t fast;			/* a watch of high or critical severity wants it: never slower than every_ms */
	uint32_t machine;		/* our own fault: try soon, no back-off against the source */
	uint32_t gathered;		/* it was asked for together with others: at a first contact, after a pause */
	uint32_t random;		/* any 32 bits: spread */
};

/*
 * nw_sched_next(visit):
 * does    after success between every_ms and every_max_ms by the source's rhythm, spread by a tenth, but once
 *         anywhere within that time where the visit was gathered, or they would come together for days; after failures
 *         every_ms doubled each time, at most NW_BACKOFF_MAX_S, spread by half; never before retry_after_ms.
 */
int64_t nw_sched_next(const struct nw_sched_visit *);
#endif
