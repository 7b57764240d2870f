/*
 * compile.h - from checked trees to the flat tables of prog.h.
 * Floor 2.  Trees may be freed afterwards; those of lists and watches, which many expressions share, are compiled
 * once and remembered by their mark.
 */
#ifndef NW_QUERY_COMPILE_H
#define NW_QUERY_COMPILE_H

#include "query/ast.h"
#include "query/prog.h"

struct nw_compile {
	struct nw_prog *prog;
	struct nw_analyse *an;
	struct nw_arena *scratch; /* reset by the caller, after each expression */
	struct nw_buf text;
};

/* Add an expression: ${match} or ${score} may be NULL.  Its number, or NW_PROG_NONE without memory or past a limit. */
uint32_t nw_compile_expr(struct nw_compile *, struct nw_ast *match, const struct nw_ast_score *score, uint32_t group,
    uint32_t flags);
#endif
