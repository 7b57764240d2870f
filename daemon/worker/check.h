/*
 * check.h - inside the lock, before HELLO: the parser options of all sources, the entries' own examples.
 * Floor 4.
 */
#ifndef NW_WORKER_CHECK_H
#define NW_WORKER_CHECK_H

struct nw_worker;

/* What is wrong is told to worker->diags.  errors  -1 without memory. */
int nw_check_all(struct nw_worker *);
#endif
