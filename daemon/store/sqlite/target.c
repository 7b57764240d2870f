#include "base/arena.h"
#include "store/sqlite/db.h"
#include "store/store_target.h"

static int
read_target(sqlite3_stmt *r, struct nw_arena *a, struct nw_store_target *t)
{
	struct nw_bytes hash = nw_db_col_blob(r, 10);
	struct nw_str adopted = nw_db_col_dup(r, 13, a), options = nw_db_col_dup(r, 17, a);

	*t = (struct nw_store_target){
	    .id = nw_db_col_int(r, 0),
	    .source = nw_db_col_int(r, 1),
	    .article = nw_db_col_int(r, 2),
	    .kind = nw_db_col_u32(r, 3),
	    .role = nw_db_col_u32(r, 4),
	    .failures = nw_db_col_u32(r, 5),
	    .polls_conditional = nw_db_col_u32(r, 6),
	    .first_contact = nw_db_col_time(r, 7) == NW_TIME_NONE,
	    .step = nw_db_col_u32(r, 8),
	    .moved_n = nw_db_col_u32(r, 9),
	    .source_name = nw_db_col_dup(r, 11, a),
	    .url_configured = nw_db_col_dup(r, 12, a),
	    .moved_url = nw_db_col_dup(r, 14, a),
	    .etag = nw_db_col_dup(r, 15, a),
	    .last_modified = nw_db_col_dup(r, 16, a),
	    .options = {(const uint8_t *)options.p, options.len},
	    .was_due_ms = nw_db_col_int(r, 18),
	    .last_poll_ms = nw_db_col_time(r, 19),
	    .last_ok_ms = nw_db_col_time(r, 20),
	    .last_change_ms = nw_db_col_time(r, 21),
	    .every_ms = nw_db_col_int(r, 22),
	    .rhythm_ms = nw_db_col_int(r, 23),
	    .last_new_ms = nw_db_col_time(r, 24),
	};
	t->url = adopted.len > 0 ? adopted : t->url_configured;
	if (hash.len == sizeof(t->body_hash)) {
		memcpy(t->body_hash, hash.p, hash.len);
		t->has_body_hash = 1;
	}
	return t->source_name.p != NULL && t->url.p != NULL && t->url_configured.p != NULL &&
	       t->moved_url.p != NULL && t->etag.p != NULL && t->last_modified.p != NULL && options.p != NULL;
}

/* Rows first, leases after: the index that finds them is the one that leasing moves them in. */
static int
claim(struct nw_store *st, enum nw_sql query, struct nw_arg by, uint32_t max, int64_t now_ms,
    struct nw_arena *a, struct nw_store_target *t, uint32_t *n_r, struct nw_err *err)
{
	const struct nw_arg args[] = {by, nw_db_int(max), nw_db_int(st->once_ms != 0 ? st->once_ms : NW_STORE_NEVER)};
	sqlite3_stmt *row = NULL;
	uint32_t n = 0;
	int rc;

	for (rc = nw_db_row(st, query, args, query == NW_SQL_CLAIM ? 3 : 2, &row, err); rc == 1;
	     rc = nw_db_next(st, row, err))
		if (n == max || !read_target(row, a, &t[n++])) {
			nw_db_done(row);
			return nw_db_nomem(err);
		}
	if (rc == -1)
		return -1;
	for (uint32_t i = 0; i < n; i++)
		if (nw_db_run(st, NW_SQL_LEASE,
			NW_ARGS(nw_db_int(t[i].id), nw_db_int(now_ms + NW_LEASE_S * 1000LL)), err) == -1)
			return -1;
	*n_r = n;
	return 0;
}

static int
claim_op(struct nw_store *st, enum nw_sql query, struct nw_arg by, uint32_t max, int64_t now_ms,
    struct nw_arena *a, struct nw_store_target **targets_r, uint32_t *n_r, struct nw_err *err)
{
	struct nw_store_target *t = nw_arena_array(a, max, sizeof(*t));
	uint32_t n = 0;
	int rc;

	if (t == NULL)
		return nw_db_nomem(err);
	if (nw_db_begin(st, err) == -1)
		return -1;
	rc = claim(st, query, by, max, now_ms, a, t, &n, err);
	if (nw_db_end(st, rc, NW_DB_LAZY, err) == -1)
		return -1;
	*targets_r = t;
	*n_r = n;
	return 0;
}

int
nw_store_claim(struct nw_store *st, int64_t now_ms, uint32_t max, struct nw_arena *a,
    struct nw_store_target **targets_r, uint32_t *n_r, struct nw_err *err)
{
	uint32_t n = max < NW_CLAIM_MAX ? max : NW_CLAIM_MAX;

	return claim_op(st, NW_SQL_CLAIM, nw_db_int(now_ms), n, now_ms, a, targets_r, n_r, err);
}

int
nw_store_claim_source(struct nw_store *st, struct nw_str source, int64_t now_ms, struct nw_arena *a,
    struct nw_store_target **targets_r, uint32_t *n_r, struct nw_err *err)
{
	return claim_op(
	    st, NW_SQL_CLAIM_SOURCE, nw_db_str(source), NW_CLAIM_MAX, now_ms, a, targets_r, n_r, err);
}

void
nw_store_claim_once(struct nw_store *st, int64_t since_ms)
{
	st->once_ms = since_ms;
}

int
nw_store_release(struct nw_store *st, int64_t target, int64_t due_ms, struct nw_err *err)
{
	int rc;

	if (nw_db_begin(st, err) == -1)
		return -1;
	rc = nw_db_run(st, NW_SQL_TARGET_RELEASE, NW_ARGS(nw_db_int(target), nw_db_int(due_ms)), err);
	return nw_db_end(st, rc, NW_DB_LAZY, err);
}

int
nw_store_seen(
    struct nw_store *st, int64_t target, struct nw_arena *a, struct nw_bytes *seen_r, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int rc = nw_db_row(st, NW_SQL_SEEN_GET, NW_ARGS(nw_db_int(target)), &row, err);
	struct nw_bytes seen;
	struct nw_str copy;

	if (rc == -1)
		return -1;
	if (rc == 0) {
		*seen_r = (struct nw_bytes){(const uint8_t *)"", 0};
		return 0;
	}
	seen = nw_db_col_blob(row, 0);
	copy = nw_arena_str(a, seen.p, seen.len);
	nw_db_done(row);
	if (copy.p == NULL)
		return nw_db_nomem(err);
	*seen_r = (struct nw_bytes){(const uint8_t *)copy.p, copy.len};
	return 0;
}
