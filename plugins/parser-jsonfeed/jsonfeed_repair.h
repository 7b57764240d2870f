/*
 * jsonfeed_repair.h - JSON that was cut inside its list of items, or holds numbers no reader takes, as JSON.
 *
 * Nothing else is repaired: what is malformed is refused, for nobody knows what it was to say.
 */
#ifndef JSONFEED_REPAIR_H
#define JSONFEED_REPAIR_H

#include <newswatch/plugin.h>

/* What was done; bits. */
enum {
	JSONFEED_CUT = 1,    /* the whole items are kept */
	JSONFEED_NUMBER = 2, /* numbers too large became strings */
};

/* Rewrites ${text} into scratch memory, in one pass.  ${done_r} says what was done: 0 where there was nothing to do
 * or no memory, and then ${text} is returned. */
struct nw_str jsonfeed_repair(const struct nw_host *, struct nw_sink *, struct nw_str text, uint32_t *done_r);
#endif
