/*
 * leap.h - what waits for a year that a wrong clock named.
 * Floor 3, private to store/sqlite.
 */
#ifndef NW_STORE_LEAP_H
#define NW_STORE_LEAP_H

#include <stdint.h>

struct nw_err;
struct nw_store;

/* What is due later than anything is ever put off becomes due now: 0, -1.  In a transaction. */
int nw_leap_near(struct nw_store *, int64_t now_ms, int64_t spread_ms, uint32_t *n_r, struct nw_err *);
#endif
