#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "core/digest.h"
#include "store/sqlite/db.h"
#include "store/sqlite/ids.h"
#include "store/sqlite/rename.h"
#include "store/store_config.h"
#include "store/store_target.h"

struct nw_sync {
	int64_t now_ms, spread_ms;
	struct nw_ids source, target; /* named so far */
	struct nw_store_synced count;
	int marked;
	struct nw_rename *rename; /* NULL: no names were given before, or there is nothing to rename */
	int fresh; /* the store has no source yet */
};

static void
sync_free(struct nw_store *st)
{
	if (st->sync == NULL)
		return;
	nw_ids_done(&st->sync->source);
	nw_ids_done(&st->sync->target);
	nw_rename_free(st->sync->rename);
	free(st->sync);
	st->sync = NULL;
}

int
nw_store_sync_begin(struct nw_store *st, int64_t now_ms, int64_t spread_ms, struct nw_err *err)
{
	struct nw_sync *y;

	if (nw_store_flush(st, err) == -1)
		return -1;
	if ((y = calloc(1, sizeof(*y))) == NULL)
		return nw_db_nomem(err);
	if (nw_db_begin(st, err) == -1) {
		free(y);
		return -1;
	}
	y->now_ms = now_ms;
	y->spread_ms = spread_ms;
	st->sync = y;
	return 0;
}

void
nw_store_sync_abort(struct nw_store *st)
{
	if (st->sync == NULL)
		return;
	sync_free(st);
	(void)nw_db_end(st, -1, NW_DB_NOW, NULL); /* undoes */
}

/* When a target that is new, or back, is due: spread by its URL, the same on every start. */
static int64_t
first_due(const struct nw_sync *y, struct nw_str url)
{
	return y->now_ms + (y->spread_ms > 0 ? (int64_t)(nw_hash_str(url) % (uint64_t)y->spread_ms) : 0);
}

static int
same_source(sqlite3_stmt *row, const struct nw_store_source *s)
{
	struct nw_bytes options = nw_db_col_blob(row, 2);

	return nw_str_eq(nw_db_col_str(row, 1), nw_str_or_empty(s->title)) && options.len == s->options.len &&
	       (options.len == 0 || memcmp(options.p, s->options.p, options.len) == 0) &&
	       nw_db_col_int(row, 3) == !!s->enabled && nw_db_col_int(row, 4) == s->every_ms;
}

/* What nobody watches any more is not out of order. */
static int
stop_source(struct nw_store *st, int64_t id, struct nw_err *err)
{
	if (nw_db_run(st, NW_SQL_SOURCE_TARGETS_OFF, NW_ARGS(nw_db_int(id)), err) == -1)
		return -1;
	return nw_db_run(st, NW_SQL_SOURCE_CONDITIONS_END, NW_ARGS(nw_db_int(id), nw_db_int(st->sync->now_ms)), err);
}

static int
change_source(
    struct nw_store *st, int64_t id, const struct nw_store_source *s, int was_enabled, int64_t was_every_ms,
    struct nw_err *err)
{
	int64_t most_ms = s->every_ms < was_every_ms ? s->every_ms : s->every_max_ms;

	st->sync->count.changed++;
	if (nw_db_run(st, NW_SQL_SOURCE_CHANGE,
		NW_ARGS(nw_db_int(id), nw_db_str(s->title), nw_db_blob(s->options.p, s->options.len),
		    nw_db_int(!!s->enabled), nw_db_int(s->every_ms)),
		err) == -1)
		return -1;
	if (was_enabled && !s->enabled)
		return stop_source(st, id, err);
	if (was_enabled && s->enabled && most_ms > 0)
		return nw_db_run(st, NW_SQL_SOURCE_SOONER,
		    NW_ARGS(nw_db_int(id), nw_db_int(st->sync->now_ms), nw_db_int(most_ms)), err);
	if (!was_enabled && s->enabled)
		return nw_db_run(st, NW_SQL_SOURCE_PAGES_ON,
		    NW_ARGS(nw_db_int(id), nw_db_int(first_due(st->sync, s->name))), err);
	return 0;
}

int
nw_store_sync_name(struct nw_store *st, struct nw_str name, struct nw_err *err)
{
	struct nw_sync *y = st->sync;
	sqlite3_stmt *row = NULL;
	int64_t any = 0;
	int rc;

	if (y->fresh)
		return 0;
	if (y->rename == NULL) {
		if ((rc = nw_db_get(st, NW_SQL_SOURCE_ANY, NW_NO_ARGS, 0, &any, err)) == -1)
			return -1;
		if ((y->fresh = rc == 0))
			return 0;
		if ((y->rename = nw_rename_new()) == NULL)
			return nw_db_nomem(err);
	}
	if ((rc = nw_db_row(st, NW_SQL_SOURCE_BY_NAME, NW_ARGS(nw_db_str(name)), &row, err)) != 1)
		return rc;
	rc = nw_rename_keep(y->rename, nw_db_col_int(row, 0));
	nw_db_done(row);
	return rc == -1 ? nw_db_nomem(err) : 0;
}

/* The row of its name, or the one that it now names. */
static int
find_source(struct nw_store *st, const struct nw_store_source *s, sqlite3_stmt **row_r, struct nw_err *err)
{
	struct nw_sync *y = st->sync;
	int rc = nw_db_row(st, NW_SQL_SOURCE_BY_NAME, NW_ARGS(nw_db_str(s->name)), row_r, err);

	if (rc != 0 || y->rename == NULL)
		return rc;
	if ((rc = nw_rename_take(st, y->rename, s, y->now_ms, err)) != 1)
		return rc;
	y->count.renamed++;
	return nw_db_row(st, NW_SQL_SOURCE_BY_NAME, NW_ARGS(nw_db_str(s->name)), row_r, err);
}

/* The row of a source, as configured now; its id. */
static int
put_source(struct nw_store *st, const struct nw_store_source *s, int64_t *id_r, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int rc = find_source(st, s, &row, err);
	int same = 0, was_enabled = 0;
	int64_t was_every_ms;

	if (rc == -1)
		return -1;
	if (rc == 1) {
		*id_r = nw_db_col_int(row, 0);
		same = same_source(row, s);
		was_enabled = nw_db_col_int(row, 3) != 0;
		was_every_ms = nw_db_col_int(row, 4);
		nw_db_done(row);
		return same ? 0 : change_source(st, *id_r, s, was_enabled, was_every_ms, err);
	}
	if (nw_db_run(st, NW_SQL_SOURCE_ADD,
		NW_ARGS(nw_db_str(s->name), nw_db_str(s->title), nw_db_blob(s->options.p, s->options.len),
		    nw_db_int(!!s->enabled), nw_db_int(s->every_ms)),
		err) == -1)
		return -1;
	*id_r = nw_db_last_id(st);
	st->sync->count.added++;
	return 0;
}

static int
put_listing(
    struct nw_store *st, int64_t source, const struct nw_store_listing *l, int enabled, struct nw_err *err)
{
	struct nw_sync *y = st->sync;
	sqlite3_stmt *row = NULL;
	int rc = nw_db_row(st, NW_SQL_LISTING_FIND, NW_ARGS(nw_db_int(source), nw_db_str(l->url)), &row, err);
	int64_t id, due = enabled ? first_due(y, l->url) : NW_STORE_NEVER;
	int same;

	if (rc == -1)
		return -1;
	if (rc == 0) {
		if (nw_db_run(st, NW_SQL_TARGET_ADD,
			NW_ARGS(nw_db_int(source), nw_db_int(NW_STORE_LISTING), nw_db_int(l->role),
			    nw_db_str(l->url), nw_db_int(enabled), nw_db_int(due), nw_db_null(), nw_db_int(0),
			    nw_db_int(0)),
			err) == -1)
			return -1;
		y->count.targets_added++;
		return nw_ids_add(&y->target, nw_db_last_id(st)) == -1 ? nw_db_nomem(err) : 0;
	}
	id = nw_db_col_int(row, 0);
	same = nw_db_col_int(row, 1) == NW_STORE_LISTING && nw_db_col_u32(row, 2) == l->role &&
	       nw_db_col_int(row, 3) == enabled;
	nw_db_done(row);
	if (!same &&
	    nw_db_run(st, NW_SQL_LISTING_SET,
		NW_ARGS(nw_db_int(id), nw_db_int(l->role), nw_db_int(enabled), nw_db_int(due)), err) == -1)
		return -1;
	return nw_ids_add(&y->target, id) == -1 ? nw_db_nomem(err) : 0;
}

int
nw_store_sync_source(struct nw_store *st, const struct nw_store_source *s, struct nw_err *err)
{
	int64_t id = 0;

	if (put_source(st, s, &id, err) == -1)
		return -1;
	if (nw_ids_add(&st->sync->source, id) == -1)
		return nw_db_nomem(err);
	for (uint32_t i = 0; i < s->nlisting; i++)
		if (put_listing(st, id, &s->listing[i], !!s->enabled, err) == -1)
			return -1;
	return 0;
}

/* The ids that ${query} yields and the configuration did not name. */
static int
find_unnamed(
    struct nw_store *st, enum nw_sql query, struct nw_ids *named, struct nw_ids *gone, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int rc;

	nw_ids_sort(named);
	for (rc = nw_db_row(st, query, NW_NO_ARGS, &row, err); rc == 1; rc = nw_db_next(st, row, err))
		if (!nw_ids_has(named, nw_db_col_int(row, 0)) &&
		    nw_ids_add(gone, nw_db_col_int(row, 0)) == -1) {
			nw_db_done(row);
			return nw_db_nomem(err);
		}
	return rc;
}

static int
disable_unnamed(struct nw_store *st, struct nw_err *err)
{
	struct nw_ids source = {0}, target = {0};
	int rc = -1;

	if (find_unnamed(st, NW_SQL_SOURCE_ENABLED, &st->sync->source, &source, err) == -1 ||
	    find_unnamed(st, NW_SQL_LISTING_ENABLED, &st->sync->target, &target, err) == -1)
		goto out;
	for (size_t i = 0; i < target.n; i++)
		if (nw_db_run(st, NW_SQL_TARGET_OFF, NW_ARGS(nw_db_int(target.id[i])), err) == -1)
			goto out;
	for (size_t i = 0; i < source.n; i++)
		if (nw_db_run(st, NW_SQL_SOURCE_DISABLE, NW_ARGS(nw_db_int(source.id[i])), err) == -1 ||
		    stop_source(st, source.id[i], err) == -1)
			goto out;
	st->sync->count.removed = (uint32_t)source.n;
	rc = 0;
out:
	nw_ids_done(&source);
	nw_ids_done(&target);
	return rc;
}

#define MARK "sources" /* its key in meta */

static int
set_mark(struct nw_store *st, struct nw_str mark, struct nw_err *err)
{
	return nw_db_run(st, NW_SQL_META_SET, NW_ARGS(nw_db_text(MARK), nw_db_str(mark)), err);
}

int
nw_store_sync_mark(struct nw_store *st, const uint8_t digest[NW_STORE_DIGEST_LEN], struct nw_err *err)
{
	char hex[2 * NW_STORE_DIGEST_LEN + 1];

	st->sync->marked = 1;
	return set_mark(st, nw_str(nw_hex(digest, NW_STORE_DIGEST_LEN, hex)), err);
}

int
nw_store_sync_is(struct nw_store *st, const uint8_t digest[NW_STORE_DIGEST_LEN], struct nw_err *err)
{
	char hex[2 * NW_STORE_DIGEST_LEN + 1];
	sqlite3_stmt *row = NULL;
	int rc = nw_db_row(st, NW_SQL_META_TEXT, NW_ARGS(nw_db_text(MARK)), &row, err);

	if (rc == 1) {
		rc = nw_str_is(nw_db_col_str(row, 0), nw_hex(digest, NW_STORE_DIGEST_LEN, hex));
		nw_db_done(row);
	}
	return rc;
}

int
nw_store_sync_end(struct nw_store *st, struct nw_store_synced *synced_r, struct nw_err *err)
{
	struct nw_store_synced count;
	int rc = disable_unnamed(st, err);

	if (rc == 0 && !st->sync->marked)
		rc = set_mark(st, NW_STR(""), err);
	count = st->sync->count;
	sync_free(st);
	if (nw_db_end(st, rc, NW_DB_NOW, err) == -1)
		return -1;
	(void)sqlite3_db_release_memory(st->db); /* every source's page was read; idle ones are not to stay */
	if (synced_r != NULL)
		*synced_r = count;
	return 0;
}

int
nw_store_source_get(struct nw_store *st, struct nw_str name, struct nw_arena *a, int64_t *id_r,
    struct nw_bytes *options_r, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	struct nw_bytes options;
	struct nw_str copy;
	int rc;

	nw_db_reading(st);
	if ((rc = nw_db_row(st, NW_SQL_SOURCE_BY_NAME, NW_ARGS(nw_db_str(name)), &row, err)) != 1)
		return rc;
	options = nw_db_col_blob(row, 2);
	copy = nw_arena_str(a, options.p, options.len);
	*id_r = nw_db_col_int(row, 0);
	*options_r = (struct nw_bytes){(const uint8_t *)copy.p, copy.len};
	nw_db_done(row);
	return copy.p != NULL ? 1 : nw_db_nomem(err);
}
