#include "base/err.h"
#include "core/limits.h"
#include "index/index.h"
#include "store/store_read.h"
#include "indexer/work.h"

#define PAGE 200u /* revisions of one reading call, well within its deadline */

struct batch {
	struct nw_index *index;
	uint32_t n;
	uint64_t bytes;
	int64_t id, seen_ms; /* of the last one */
	int failed;
	struct nw_err *err;
};

int
nw_work_init(
    struct nw_work *w, struct nw_store *store, struct nw_index *index, int *anew_r, struct nw_err *err)
{
	struct nw_index_state s;
	int fits = nw_index_fits(index, store, err);

	*w = (struct nw_work){.store = store, .index = index};
	if (fits == -1 || (!fits && nw_index_clear(index, err) == -1) ||
	    nw_index_state(index, &s, err) == -1 || nw_store_revision_last(store, &w->last, err) == -1)
		return -1;
	*anew_r = !fits;
	w->mark = s.mark;
	return 0;
}

static int
add(void *cookie, const struct nw_store_revision_row *row)
{
	struct batch *b = cookie;

	if (nw_index_add(b->index, row, b->err) == -1) {
		b->failed = 1;
		return 1;
	}
	b->n++;
	b->bytes += row->m->title.len + row->m->body.len + row->m->summary.len;
	b->id = row->id;
	b->seen_ms = row->seen_ms;
	return b->n == NW_INDEX_BATCH_N || b->bytes >= NW_INDEX_BATCH_BYTES;
}

/* One transaction of new revisions; how many, or -1. */
static int
index_batch(struct nw_work *w, struct nw_err *err)
{
	struct batch b = {.index = w->index, .id = w->mark, .err = err};
	uint32_t before;

	do {
		before = b.n;
		if (nw_store_revisions(w->store, b.id, w->last, PAGE, 0, add, &b, err) == -1)
			b.failed = 1;
	} while (
	    !b.failed && b.n - before == PAGE && b.n < NW_INDEX_BATCH_N && b.bytes < NW_INDEX_BATCH_BYTES);
	if (!b.failed && b.n > 0 && nw_index_commit(w->index, b.id, b.seen_ms, err) == -1)
		b.failed = 1;
	if (b.failed) {
		nw_index_rollback(w->index);
		return -1;
	}
	w->mark = b.id;
	return (int)b.n;
}

int
nw_work_step(struct nw_work *w, struct nw_err *err)
{
	int n = 0;

	if (nw_store_revision_last(w->store, &w->last, err) == -1)
		return -1;
	if (w->last > w->mark && (n = index_batch(w, err)) != 0)
		return n > 0 ? 1 : -1;
	return nw_index_tidy(w->index, err);
}
