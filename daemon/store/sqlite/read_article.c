#include <stdio.h>

#include "base/arena.h"
#include "store/sqlite/ahead.h"
#include "store/sqlite/load.h"
#include "store/sqlite/read.h"

#define FOUND_MAX 100 /* articles that one URL, guid or number finds */

struct article_rows {
	struct nw_store *st;
	nw_store_article_fn *fn;
	void *cookie;
	struct nw_err *err;
};

static void
read_article(sqlite3_stmt *r, struct nw_store_article_row *out)
{
	*out = (struct nw_store_article_row){
	    .id = nw_db_col_int(r, 0),
	    .revision = nw_db_col_int(r, 1),
	    .revision_n = nw_db_col_int(r, 2),
	    .first_seen_ms = nw_db_col_int(r, 3),
	    .published_ms = nw_db_col_time(r, 4),
	    .story = nw_db_col_int(r, 5) != 0 ? nw_db_col_int(r, 5) : nw_db_col_int(r, 0),
	    .state = nw_db_col_str(r, 6),
	    .source = nw_db_col_str(r, 7),
	    .url = nw_db_col_str(r, 8),
	    .title = nw_db_col_str(r, 9),
	    .lang = nw_db_col_str(r, 10),
	    .published_precision = nw_db_col_u32(r, 11),
	    .published_origin = nw_db_col_u32(r, 12),
	    .baseline = nw_db_col_u32(r, 13) != 0,
	    .vanished_ms = NW_TIME_NONE,
	};
}

static int
article_row(void *cookie, sqlite3_stmt *r)
{
	struct article_rows *s = cookie;
	struct nw_store_article_row out;
	char ref[40];

	read_article(r, &out);
	if (nw_str_is(out.state, "vanished")) {
		(void)snprintf(ref, sizeof(ref), "article:%lld", (long long)out.id);
		if (nw_db_get(s->st, NW_SQL_VANISHED_AT, NW_ARGS(nw_db_text(ref)), NW_TIME_NONE,
			&out.vanished_ms, s->err) == -1)
			return 1;
	}
	return s->fn(s->cookie, &out);
}

int
nw_store_articles(struct nw_store *st, const struct nw_store_filter *f, nw_store_article_fn *fn, void *cookie,
    struct nw_err *err)
{
	struct article_rows s = {st, fn, cookie, err};
	int64_t found[FOUND_MAX];
	uint32_t n = 0;

	if (f->text.len == 0)
		return nw_read_rows(st, NW_SQL_LIST_ARTICLES,
		    NW_ARGS(nw_db_str(f->source), nw_db_str(f->state), nw_db_time(f->since_ms),
			nw_db_time(f->until_ms), nw_db_int(f->before), nw_db_int(nw_read_limit(f->limit))),
		    article_row, &s, err);
	if (nw_read_find(st, f->text, found, FOUND_MAX, &n, err) == -1)
		return -1;
	for (uint32_t i = 0; i < n; i++)
		if (nw_read_rows(
			st, NW_SQL_ARTICLE_ROW, NW_ARGS(nw_db_int(found[i])), article_row, &s, err) == -1)
			return -1;
	return 0;
}

/* --- revisions -------------------------------------------------------------------------------------------------- */

struct revision_rows {
	struct nw_store *st;
	struct nw_arena *arena; /* of one row */
	uint32_t flags;
	nw_store_revision_fn *fn;
	void *cookie;
	struct nw_err *err;
	int failed;
};

static int
revision_row(void *cookie, sqlite3_stmt *r)
{
	struct revision_rows *s = cookie;
	struct nw_store_revision_row out;
	struct nw_loaded l;

	nw_arena_reset(s->arena);
	if (nw_load_row(r, s->arena, &l, s->err) == -1 ||
	    ((s->flags & NW_STORE_WITH_TAGS) && nw_load_tags(s->st, s->arena, &l, s->err) == -1) ||
	    ((s->flags & NW_STORE_WITH_PREV) && nw_load_previous(s->st, s->arena, &l, s->err) == -1)) {
		s->failed = 1;
		return 1;
	}
	out = (struct nw_store_revision_row){l.revision, l.article, l.n, l.seen_ms, l.n == l.current_n, l.source, l.m};
	return s->fn(s->cookie, &out);
}

/* 1 when a row came, 0, -1. */
static int
revisions(struct nw_store *st, enum nw_sql q, const struct nw_arg *args, size_t n, uint32_t flags,
    nw_store_revision_fn *fn, void *cookie, struct nw_err *err)
{
	struct revision_rows s = {st, nw_arena_new(0), flags, fn, cookie, err, 0};
	int rc;

	if (s.arena == NULL)
		return nw_db_nomem(err);
	rc = nw_read_rows(st, q, args, n, revision_row, &s, err);
	if (rc == 0)
		rc = nw_arena_used(s.arena) > 0;
	nw_arena_free(s.arena);
	return s.failed ? -1 : rc;
}

int
nw_store_revisions(struct nw_store *st, int64_t after, int64_t until, uint32_t limit, uint32_t flags,
    nw_store_revision_fn *fn, void *cookie, struct nw_err *err)
{
	enum nw_sql q = flags & NW_STORE_NEWEST_FIRST ? NW_SQL_LIST_REVISIONS_BACK : NW_SQL_LIST_REVISIONS;
	int rc = revisions(st, q, NW_ARGS(nw_db_int(after), nw_db_int(until), nw_db_int(nw_read_limit(limit))), flags,
	    fn, cookie, err);

	return rc == -1 ? -1 : 0;
}

int
nw_store_revision(struct nw_store *st, int64_t id, uint32_t flags, nw_store_revision_fn *fn, void *cookie,
    struct nw_err *err)
{
	return revisions(st, NW_SQL_LOAD_REVISION, NW_ARGS(nw_db_int(id)), flags, fn, cookie, err);
}

static int
note_roots(void *cookie, sqlite3_stmt *row)
{
	struct nw_store *st = cookie;

	st->ahead = nw_ahead_open(st->path, nw_db_col_u32(row, 0), nw_db_col_u32(row, 1));
	return 1;
}

void
nw_store_ahead(struct nw_store *st, const int64_t *id, size_t n, enum nw_store_ahead_step step)
{
	if (st->ahead == NULL && !st->no_ahead && st->mode != NW_STORE_WRITE) {
		(void)nw_read_rows(st, NW_SQL_ROOT_PAGES, NW_NO_ARGS, note_roots, st, NULL); /* without it, only slower */
		st->no_ahead = st->ahead == NULL;
	}
	if (st->ahead != NULL && step == NW_STORE_AHEAD_ROWS)
		nw_ahead_rows(st->ahead, id, n);
	else if (st->ahead != NULL)
		nw_ahead_rest(st->ahead, id, n);
}

int
nw_store_source_id(struct nw_store *st, struct nw_str name, int64_t *id_r, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int rc;

	nw_db_reading(st);
	if ((rc = nw_db_row(st, NW_SQL_SOURCE_BY_NAME, NW_ARGS(nw_db_str(name)), &row, err)) != 1)
		return rc;
	*id_r = nw_db_col_int(row, 0);
	nw_db_done(row);
	return 1;
}

int
nw_store_revision_last(struct nw_store *st, int64_t *id_r, struct nw_err *err)
{
	nw_db_reading(st);
	return nw_db_get(st, NW_SQL_REVISION_LAST, NW_NO_ARGS, 0, id_r, err) == -1 ? -1 : 0;
}

/* Ids grow with time: the first one at or after an instant is found by halving. */
int
nw_store_revision_since(struct nw_store *st, int64_t at_ms, int64_t *id_r, struct nw_err *err)
{
	int64_t low = 1, high = 0, found = 0;
	sqlite3_stmt *row = NULL;
	int rc;

	nw_db_reading(st);
	if (nw_db_get(st, NW_SQL_REVISION_LAST, NW_NO_ARGS, 0, &high, err) == -1)
		return -1;
	while (low <= high) {
		int64_t mid = low + (high - low) / 2, id, seen_ms;

		/* the first row at or behind the middle: there may be holes */
		if ((rc = nw_db_row(st, NW_SQL_REVISION_AT, NW_ARGS(nw_db_int(mid)), &row, err)) != 1)
			return rc;
		id = nw_db_col_int(row, 0);
		seen_ms = nw_db_col_int(row, 1);
		nw_db_done(row);
		if (seen_ms >= at_ms) {
			found = id;
			high = mid - 1;
		} else {
			low = id + 1;
		}
	}
	*id_r = found;
	return 0;
}
