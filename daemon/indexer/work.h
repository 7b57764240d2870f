/*
 * work.h - the index catches up with the store, a batch at a time.
 * Floor 4.
 * Life: nw_work_init() -> nw_work_step()*; the store and the index are the caller's.
 */
#ifndef NW_INDEXER_WORK_H
#define NW_INDEXER_WORK_H

#include <stdint.h>

struct nw_err;
struct nw_index;
struct nw_store;

struct nw_work {
	struct nw_store *store;
	struct nw_index *index;
	int64_t mark, last; /* in the index; the newest there is */
};

/* Reads the mark; an index that is not of this store is emptied, *anew_r is then 1. */
int nw_work_init(struct nw_work *, struct nw_store *, struct nw_index *, int *anew_r, struct nw_err *);
/*
 * nw_work_step(work, err):
 * Index the next revisions, at most NW_INDEX_BATCH_N and NW_INDEX_BATCH_BYTES of them in one transaction;
 * when there are none, join what batches left. returns  1 there is more to do, 0 not now, -1.
 */
int nw_work_step(struct nw_work *, struct nw_err *);
#endif
