#include "base/err.h"
#include "core/limits.h"
#include "index/hunt.h"
#include "index/index.h"
#include "index/lookup.h"

#define PAGE  256u /* revisions of one reading call, well within its deadline */
#define FIRST 64u  /* candidates looked up one by one: many an asker has enough of them */

struct walk {
	const struct nw_hunt *hunt;
	nw_store_revision_fn *fn;
	void *cookie;
	struct nw_hunt_report *report;
	uint32_t rows; /* of the page */
	int stopped;   /* the asker has enough, or the bound is reached */
};

/* Candidates in hand. */
struct run {
	int64_t id[NW_STORE_AHEAD_N];
	size_t n;
};

static int
tell(void *cookie, const struct nw_store_revision_row *row)
{
	struct walk *w = cookie;

	w->rows++;
	w->report->stopped_at = row->id;
	w->stopped = w->fn(w->cookie, row) != 0;
	return w->stopped;
}

static int
tell_scanned(void *cookie, const struct nw_store_revision_row *row)
{
	struct walk *w = cookie;

	if (w->hunt->scan_max != 0 && w->report->scanned == w->hunt->scan_max) {
		w->report->bound = 1;
		w->stopped = 1;
		return 1;
	}
	w->report->scanned++;
	return tell(w, row);
}

/* Of the page that ends at ${until}. */
static void
look_ahead(const struct walk *w, int64_t from, int64_t until, enum nw_store_ahead_step step)
{
	int64_t id[PAGE];
	size_t n = 0;

	while (n < PAGE && until - (int64_t)n >= from) {
		id[n] = until - (int64_t)n;
		n++;
	}
	nw_store_ahead(w->hunt->store, id, n, step);
}

/* Every revision with from <= id <= until. */
static int
scan(struct walk *w, int64_t from, int64_t until, struct nw_err *err)
{
	look_ahead(w, from, until, NW_STORE_AHEAD_ROWS);
	while (!w->stopped && until >= from) {
		look_ahead(w, from, until - PAGE, NW_STORE_AHEAD_ROWS);
		look_ahead(w, from, until, NW_STORE_AHEAD_REST);
		w->rows = 0;
		if (nw_store_revisions(w->hunt->store, from - 1, until, PAGE,
			w->hunt->flags | NW_STORE_NEWEST_FIRST, tell_scanned, w, err) == -1)
			return -1;
		if (w->rows < PAGE)
			break;
		until = w->report->stopped_at - 1;
	}
	return 0;
}

/* The next ${size} candidates; 1, 0 these were the last, -1. */
static int
fill(struct run *r, struct nw_lookup *l, size_t size, struct nw_err *err)
{
	int rc = 1;

	while (r->n < size && (rc = nw_lookup_next(l, &r->id[r->n], err)) == 1)
		r->n++;
	return rc;
}

static int
tell_run(struct walk *w, const struct run *r, struct nw_err *err)
{
	for (size_t i = 0; i < r->n && !w->stopped; i++) {
		w->report->proposed++;
		/* one that retention removed is no candidate any more */
		if (nw_store_revision(w->hunt->store, r->id[i], w->hunt->flags, tell, w, err) == -1)
			return -1;
	}
	return 0;
}

/* Runs grow: who has enough after a few candidates has not waited for many more to be looked up. */
static size_t
run_size(const struct walk *w)
{
	uint64_t n = w->report->proposed;

	return n < FIRST ? 1 : n < NW_STORE_AHEAD_N ? (size_t)n : NW_STORE_AHEAD_N;
}

/* While one run is told, the disk fetches the next. */
static int
follow(struct walk *w, struct nw_lookup *l, struct nw_err *err)
{
	struct run run[2], *now = &run[0], *next = &run[1], *swap;
	int more = 1;

	for (now->n = next->n = 0; !w->stopped && (more == 1 || now->n != 0);
	     swap = now, now = next, next = swap) {
		next->n = 0;
		if (more == 1 && (more = fill(next, l, run_size(w), err)) == -1)
			return -1;
		if (next->n > 1)
			nw_store_ahead(w->hunt->store, next->id, next->n, NW_STORE_AHEAD_ROWS);
		if (now->n > 1)
			nw_store_ahead(w->hunt->store, now->id, now->n, NW_STORE_AHEAD_REST);
		if (tell_run(w, now, err) == -1)
			return -1;
	}
	return 0;
}

/* What the index holds. */
static int
walk_indexed(struct walk *w, int64_t from, int64_t until, struct nw_err *err)
{
	struct nw_lookup *l = NULL;
	int rc = nw_lookup_open(w->hunt->index, w->hunt->store, w->hunt->need, from, until + 1, &l, err);

	if (rc == 1) {
		w->report->used = 1;
		rc = follow(w, l, err);
		nw_lookup_close(l);
		return rc;
	}
	return rc == 0 ? scan(w, from, until, err) : -1;
}

static int
walk(struct walk *w, struct nw_err *err)
{
	const struct nw_hunt *h = w->hunt;
	struct nw_index_state s = {0};
	int64_t from = h->from > 1 ? h->from : 1, until;

	if (nw_store_revision_last(h->store, &w->report->last, err) == -1 ||
	    (h->index != NULL && nw_index_state(h->index, &s, err) == -1))
		return -1;
	until = h->before != 0 && h->before <= w->report->last ? h->before - 1 : w->report->last;
	if (s.mark < until && scan(w, s.mark + 1 > from ? s.mark + 1 : from, until, err) == -1)
		return -1;
	w->report->pending = (int64_t)w->report->scanned;
	until = s.mark < until ? s.mark : until;
	return w->stopped || until < from ? 0 : walk_indexed(w, from, until, err);
}

int
nw_hunt_run(const struct nw_hunt *h, nw_store_revision_fn *fn, void *cookie, struct nw_hunt_report *report_r,
    struct nw_err *err)
{
	struct walk w = {h, fn, cookie, report_r, 0, 0};
	int rc;

	*report_r = (struct nw_hunt_report){0};
	if (h->index != NULL && nw_index_hold(h->index, err) == -1)
		return -1;
	rc = walk(&w, err);
	if (h->index != NULL)
		nw_index_release(h->index);
	return rc;
}
