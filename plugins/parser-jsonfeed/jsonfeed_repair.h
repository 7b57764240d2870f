/*
 * jsonfeed_repair.h - what programs write for JSON that is nearly JSON, and JSON that was cut, as JSON.
 */
#ifndef JSONFEED_REPAIR_H
#define JSONFEED_REPAIR_H

#include <newswatch/plugin.h>

/* What was done; bits. */
enum {
	JSONFEED_CUT = 1,      /* the document ends inside an item, or behind one: the whole ones are kept */
	JSONFEED_COMMA = 2,    /* a comma before "]" or "}" */
	JSONFEED_CONTROL = 4,  /* control characters in a string, escaped */
	JSONFEED_ESCAPE = 8,   /* escapes JSON does not know, "\'" */
	JSONFEED_NUMBER = 16,  /* numbers too large, made strings */
	JSONFEED_TRAILING = 32, /* text behind the document's end */
};

/* Rewrites ${text} into scratch memory, in one pass.  ${done_r} says what was done: 0 where there was nothing to do
 * or no memory, and then ${text} is returned. */
struct nw_str jsonfeed_repair(const struct nw_host *, struct nw_sink *, struct nw_str text, uint32_t *done_r);
#endif
