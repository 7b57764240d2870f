/*
 * hello.h - what a worker answers to its configuration: HELLO with what it can do, or the findings of REFUSED.
 * Floor 4.  The messages lie in worker->load.
 */
#ifndef NW_WORKER_HELLO_H
#define NW_WORKER_HELLO_H

#include "worker/worker.h"

/* errors  -1 without memory. */
int nw_hello_fill(struct nw_worker *, Nw__Hello *);
/* The findings so far, sorted; as many as memory allows. */
Nw__Diag **nw_hello_diags(struct nw_worker *, size_t *n_r);
#endif
