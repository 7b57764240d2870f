/*
 * load.h - a configuration becomes a worker that can work: plugins loaded and open, expressions compiled.
 * Floor 4.
 */
#ifndef NW_WORKER_LOAD_H
#define NW_WORKER_LOAD_H

#include "worker/worker.h"

/*
 * nw_load(worker):
 * Everything that must happen before the lock, from worker->conf.  What is wrong is told to worker->diags; the
 * caller refuses if there is an error there.
 * errors  -1 without memory.
 */
int nw_load(struct nw_worker *);
/* Whether the names of all tags are those of entries: not if a tagger is not there or has no section to name them. */
int nw_load_knows_tags(const struct nw_worker *);
/* Forget what only loading needed. */
void nw_load_forget(struct nw_worker *);
void nw_load_free(struct nw_worker *); /* closes the plugins */
#endif
