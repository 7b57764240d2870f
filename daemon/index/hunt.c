#include "base/err.h"
#include "index/hunt.h"
#include "index/index.h"
#include "index/lookup.h"

#define PAGE 256u /* revisions of one reading call, well within its deadline */

struct walk {
	const struct nw_hunt *hunt;
	nw_store_revision_fn *fn;
	void *cookie;
	struct nw_hunt_report *report;
	uint32_t rows; /* of the page */
	int stopped;   /* the asker has enough, or the bound is reached */
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

/* Every revision with from <= id <= until. */
static int
scan(struct walk *w, int64_t from, int64_t until, struct nw_err *err)
{
	while (!w->stopped && until >= from) {
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

static int
follow(struct walk *w, struct nw_lookup *l, struct nw_err *err)
{
	int64_t id;
	int rc;

	while (!w->stopped && (rc = nw_lookup_next(l, &id, err)) != 0) {
		if (rc == -1)
			return -1;
		w->report->proposed++;
		/* one that retention removed is no candidate any more */
		if (nw_store_revision(w->hunt->store, id, w->hunt->flags, tell, w, err) == -1)
			return -1;
	}
	return 0;
}

/* What the index holds. */
static int
walk_indexed(struct walk *w, int64_t from, int64_t until, struct nw_err *err)
{
	struct nw_lookup *l = NULL;
	int rc = nw_lookup_open(w->hunt->index, w->hunt->need, from, until + 1, &l, err);

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
