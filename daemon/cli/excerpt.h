/*
 * excerpt.h - evidence of the engine, asked by this program itself, in the shape that answers of workers
 * have. Floor 4.
 */
#ifndef NW_CLI_EXCERPT_H
#define NW_CLI_EXCERPT_H

#include <newswatch/plugin.h>

#include "batch.pb-c.h"

struct nw_arena;

struct nw_excerpt {
	Nw__Hit **hit;
	ProtobufCBinaryData *clause;
	size_t nhit, nclause;
};

/* In the arena; clauses stay borrowed.  -1 without memory. */
int nw_excerpt_make(struct nw_arena *, const struct nw_evidence *, struct nw_excerpt *excerpt_r);
#endif
