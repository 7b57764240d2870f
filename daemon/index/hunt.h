/*
 * hunt.h - the archive newest first, as far as an expression can hold in it: revisions not yet indexed all,
 * indexed ones where the index proposes them. Floor 3, newswatch.  Works on a store opened for reading and,
 * where there is one, its index.
 */
#ifndef NW_INDEX_HUNT_H
#define NW_INDEX_HUNT_H

#include "store/store_read.h"

struct nw_index;
struct nw_need;

struct nw_hunt {
	struct nw_store *store;
	struct nw_index *index; /* NULL: every revision is looked at */
	const struct nw_need *need;
	int64_t from, before; /* revisions with from <= id < before; before 0: no end */
	uint32_t flags;	      /* NW_STORE_WITH_* of the rows */
	uint64_t scan_max;    /* revisions looked at that the index did not propose; 0: no bound */
};

struct nw_hunt_report {
	int64_t last;	 /* the newest revision there is */
	int64_t pending; /* how many of these were not in the index */
	uint32_t used;	 /* 1 the index proposed, 0 it could not help */
	uint32_t bound;	 /* scan_max was reached: what is older than stopped_at was not looked at */
	uint64_t scanned, proposed;
	int64_t stopped_at; /* the oldest revision looked at; 0 none */
};

/*
 * nw_hunt_run(hunt, fn, cookie, report_r, err):
 * Call ${fn} for each candidate, newest first, until it returns 1.
 * errors  -1 with NW_ERES, of store or index; what was found until then was told.
 */
int nw_hunt_run(const struct nw_hunt *, nw_store_revision_fn *fn, void *cookie,
    struct nw_hunt_report *report_r, struct nw_err *);
/* What was only listed, and has been read since: no rule ever saw it but provisionally. */
static inline int
nw_hunt_is_stub(const struct nw_store_revision_row *row)
{
	return row->n == 0 && !row->current;
}
#endif
