#include <stdlib.h>

#include "base/arena.h"
#include "store/sqlite/db.h"
#include "store/sqlite/event.h"
#include "store/sqlite/ids.h"
#include "store/sqlite/rename.h"

/* A listing of a source that is configured no more. */
struct orphan {
	struct nw_str url;
	int64_t source;
	uint32_t rank; /* of two with one address the higher is meant: the one read last */
	struct orphan *next;
};

struct nw_rename {
	struct nw_ids kept;
	struct nw_ids taken;
	struct nw_arena *arena;
	struct orphan **all; /* in order of their addresses; NULL: not looked for yet */
	size_t n;
};

struct nw_rename *
nw_rename_new(void)
{
	return calloc(1, sizeof(struct nw_rename));
}

void
nw_rename_free(struct nw_rename *r)
{
	if (r == NULL)
		return;
	nw_ids_done(&r->kept);
	nw_ids_done(&r->taken);
	nw_arena_free(r->arena);
	free(r->all);
	free(r);
}

int
nw_rename_keep(struct nw_rename *r, int64_t source)
{
	return nw_ids_add(&r->kept, source);
}

/* --- what is configured no more ----------------------------------------------------------------------------------------- */

static int
by_url(const void *x, const void *y)
{
	const struct orphan *a = *(struct orphan *const *)x, *b = *(struct orphan *const *)y;
	int rc = nw_str_cmp(a->url, b->url);

	return rc != 0 ? rc : (a->rank > b->rank) - (a->rank < b->rank);
}

/* All listings but those of sources that keep their names, as a list. */
static int
find_orphans(struct nw_store *st, struct nw_rename *r, struct orphan **first_r, struct nw_err *err)
{
	struct orphan *first = NULL, *o;
	sqlite3_stmt *row = NULL;
	int rc;

	for (rc = nw_db_row(st, NW_SQL_LISTINGS_ALL, NW_NO_ARGS, &row, err); rc == 1; rc = nw_db_next(st, row, err)) {
		if (nw_ids_has(&r->kept, nw_db_col_int(row, 0)))
			continue;
		if ((o = nw_arena_alloc(r->arena, sizeof(*o))) == NULL ||
		    (o->url = nw_db_col_dup(row, 1, r->arena)).p == NULL) {
			nw_db_done(row);
			return nw_db_nomem(err);
		}
		o->source = nw_db_col_int(row, 0);
		o->rank = (uint32_t)r->n++;
		o->next = first;
		first = o;
	}
	*first_r = first;
	return rc;
}

static int
look(struct nw_store *st, struct nw_rename *r, struct nw_err *err)
{
	struct orphan *o = NULL;
	size_t i = 0;

	nw_ids_sort(&r->kept);
	if ((r->arena = nw_arena_new(0)) == NULL)
		return nw_db_nomem(err);
	if (find_orphans(st, r, &o, err) == -1)
		return -1;
	if ((r->all = calloc(r->n + 1, sizeof(struct orphan *))) == NULL)
		return nw_db_nomem(err);
	for (; o != NULL; o = o->next)
		r->all[i++] = o;
	qsort(r->all, r->n, sizeof(struct orphan *), by_url);
	return 0;
}

/* Few are looked up, and one is taken only once. */
static int
is_taken(const struct nw_rename *r, int64_t source)
{
	for (size_t i = 0; i < r->taken.n; i++)
		if (r->taken.id[i] == source)
			return 1;
	return 0;
}

static int64_t
find(const struct nw_rename *r, struct nw_str url)
{
	size_t low = 0, high = r->n;

	while (low < high) { /* the first beyond it */
		size_t mid = low + (high - low) / 2;

		if (nw_str_cmp(r->all[mid]->url, url) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	while (low-- > 0 && nw_str_eq(r->all[low]->url, url))
		if (!is_taken(r, r->all[low]->source))
			return r->all[low]->source;
	return 0;
}

/* --- the new name ---------------------------------------------------------------------------------------------------------- */

/* What is known by the name: conditions and counts ("kind/name", "kind/name/more"), silences. */
static int
give_name(struct nw_store *st, int64_t source, struct nw_str was, struct nw_str name, struct nw_err *err)
{
	static const enum nw_sql of_name[] = {NW_SQL_RENAME_CONDITIONS, NW_SQL_RENAME_STREAKS, NW_SQL_RENAME_SILENCES};

	for (size_t i = 0; i < sizeof(of_name) / sizeof(*of_name); i++)
		if (nw_db_run(st, of_name[i], NW_ARGS(nw_db_str(was), nw_db_str(name)), err) == -1)
			return -1;
	return nw_db_run(st, NW_SQL_SOURCE_RENAME, NW_ARGS(nw_db_int(source), nw_db_str(name)), err);
}

static int
rename_row(struct nw_store *st, int64_t source, struct nw_str name, int64_t now_ms, struct nw_err *err)
{
	struct nw_arena *a = nw_arena_new(0);
	sqlite3_stmt *row = NULL;
	struct nw_str was = {NULL, 0};
	int rc;

	if (a == NULL)
		return nw_db_nomem(err);
	if ((rc = nw_db_row(st, NW_SQL_SOURCE_NAME, NW_ARGS(nw_db_int(source)), &row, err)) == 1) {
		was = nw_db_col_dup(row, 0, a);
		nw_db_done(row);
		rc = was.p == NULL ? nw_db_nomem(err) : give_name(st, source, was, name, err);
		if (rc == 0)
			rc = nw_event_source(st, now_ms, "renamed", name, err, "source %s is now %.*s and keeps its history",
			    was.p, (int)name.len, name.p);
	}
	nw_arena_free(a);
	return rc == 0 ? 1 : -1;
}

int
nw_rename_take(
    struct nw_store *st, struct nw_rename *r, const struct nw_store_source *s, int64_t now_ms, struct nw_err *err)
{
	int64_t source = 0;

	if (r->all == NULL && look(st, r, err) == -1)
		return -1;
	for (uint32_t i = 0; i < s->nlisting && source == 0; i++)
		source = find(r, s->listing[i].url);
	if (source == 0)
		return 0;
	if (nw_ids_add(&r->taken, source) == -1)
		return nw_db_nomem(err);
	return rename_row(st, source, s->name, now_ms, err);
}
