/*
 * statement.h - the daily statement: what each channel, and the operator, was sent since yesterday, and what stands open;
 * sent also when nothing fired, so that quiet is told from broken.
 * Floor 4, newswatchd.  The store's notices tell one of a day once, whatever restarts lie between.
 */
#ifndef NW_MAIN_STATEMENT_H
#define NW_MAIN_STATEMENT_H

#include "core/conf.h"
#include "core/zone.h"

struct nw_err;
struct nw_operator;
struct nw_statements;
struct nw_store;

struct nw_statements *nw_statements_new(struct nw_store *, struct nw_operator *); /* NULL without memory */
void nw_statements_free(struct nw_statements *); /* NULL is fine */
/*
 * nw_statements_turn(statements, config, now_ms, next_ms_r, err):
 * Send what is due and was not sent; one that fell into a stop is sent at the start.  Nothing is done before the next
 * is due, unless nw_statements_renew() says that the configuration is another.  ${next_ms_r}: when that is.
 * errors  -1: the store does not answer.
 */
int nw_statements_turn(struct nw_statements *, const struct nw_config *, int64_t now_ms, int64_t *next_ms_r,
    struct nw_err *);
void nw_statements_renew(struct nw_statements *);
#endif
