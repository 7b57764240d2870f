/*
 * expression.h - an expression of the command line, compiled with what the configuration defines.
 * Floor 4.
 */
#ifndef NW_CLI_EXPRESSION_H
#define NW_CLI_EXPRESSION_H

#include <newswatch/plugin.h>

struct nw_cli;
struct nw_config;
struct nw_query_set;

/* A nw_query_diag_fn: the message on standard error, the line, and a caret below the place. */
struct nw_expression_told {
	const char *expr;
	int errors;
};
void nw_expression_tell(
    void *told, uint32_t severity, uint32_t line, uint32_t col, uint32_t len, const char *text);

/*
 * nw_expression_compile(cli, conf, expr, set_r, id_r):
 * A set with this one expression, of several lines a score block.  ${conf} has its lists, watches, topics and
 * sources; NULL: there are none, and names are not checked.
 * owns    the caller frees the set.
 * returns 0, else the exit code, told.
 */
int nw_expression_compile(const struct nw_cli *, const struct nw_config *, const char *expr,
    struct nw_query_set **set_r, uint32_t *id_r);
/* A set with all watches of ${conf}, in their order, their errors told; the rest as above. */
int nw_expression_watches(const struct nw_cli *, const struct nw_config *conf, struct nw_query_set **set_r);
#endif
