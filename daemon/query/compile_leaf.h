/*
 * compile_leaf.h - the leaves of a tree: terms, lists, regexes, comparisons (compile.h).
 * Floor 2.  Each returns its number in the program's table, NW_PROG_NONE (NW_PHRASE_NONE) without memory.
 */
#ifndef NW_QUERY_COMPILE_LEAF_H
#define NW_QUERY_COMPILE_LEAF_H

#include "query/compile.h"

uint32_t nw_compile_leaf_term(struct nw_compile *, const struct nw_ast *);
uint32_t nw_compile_leaf_list(struct nw_compile *, struct nw_ast *entries);
uint32_t nw_compile_leaf_regex(struct nw_compile *, const struct nw_ast *);
uint32_t nw_compile_leaf_values(struct nw_compile *, const struct nw_ast *);
#endif
