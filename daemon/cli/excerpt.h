/*
 * excerpt.h - the sentences that prove a hit, for people: evidence marked, each passage once.
 * Floor 4.
 */
#ifndef NW_CLI_EXCERPT_H
#define NW_CLI_EXCERPT_H

#include <newswatch/plugin.h>

#include "batch.pb-c.h"

struct nw_arena;

/* Evidence of the engine in the shape that answers of workers have. */
struct nw_excerpt {
	Nw__Hit **hit;
	ProtobufCBinaryData *clause;
	size_t nhit, nclause;
};

/* In the arena; clauses stay borrowed.  -1 without memory. */
int nw_excerpt_make(struct nw_arena *, const struct nw_evidence *, struct nw_excerpt *excerpt_r);
/* Up to NW_EXCERPT_PASSAGES passages on standard output, each on a line of its own; in ${colour} evidence stands bold, else
 * between brackets.  -1 if it could not be written. */
#define NW_EXCERPT_PASSAGES 3
int nw_excerpt_print(const Nw__Article *, const struct nw_excerpt *, int colour);
#endif
