/*
 * warm.h - what libraries load or open at their first use, used once before the lock.
 * Floor 4.  Nothing that runs after the lock may open a file.
 */
#ifndef NW_WORKER_WARM_H
#define NW_WORKER_WARM_H

struct nw_worker;

void nw_warm(struct nw_worker *);
#endif
