/*
 * chain.h - NEAR, PRE, SENT, PARA: one span of each operand, none overlapping, neighbours near enough (R11).
 * Floor 2.
 */
#ifndef NW_QUERY_CHAIN_H
#define NW_QUERY_CHAIN_H

#include "query/span.h"

/*
 * nw_chain_find(arena, operand, n, step, out_r):
 * The minimal spans of all chains.  Exact, whatever the operands.
 * units   time and memory grow with spans x states: n states if ordered, else 2 to the power of n.
 * limits  NW_QUERY_CHAIN_MAX operands.
 * errors  -1 without memory (the arena's cap) or past the limit.
 */
int nw_chain_find(struct nw_arena *, const struct nw_spans *operand, uint32_t n, const struct nw_span_step *,
    struct nw_spans *out_r);
#endif
