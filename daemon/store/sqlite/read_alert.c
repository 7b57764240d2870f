#include <zlib.h>

#include "base/arena.h"
#include "store/sqlite/evidence.h"
#include "store/sqlite/load.h"
#include "store/sqlite/prefix.h"
#include "store/sqlite/read.h"

void
nw_read_alert(sqlite3_stmt *r, struct nw_store_alert_row *out)
{
	*out = (struct nw_store_alert_row){
	    .seq = nw_db_col_int(r, 0),
	    .id = nw_db_col_str(r, 1),
	    .watch = nw_db_col_str(r, 2),
	    .source = nw_db_col_str(r, 3),
	    .article_url = nw_db_col_str(r, 4),
	    .title = nw_db_col_str(r, 5),
	    .article = nw_db_col_int(r, 6),
	    .revision = nw_db_col_int(r, 7),
	    .revision_n = nw_db_col_int(r, 8),
	    .watch_version = nw_db_col_int(r, 9),
	    .severity = nw_db_col_u32(r, 10),
	    .has_score = sqlite3_column_type(r, 11) != SQLITE_NULL,
	    .score = nw_db_col_int(r, 11),
	    .engine_version = nw_db_col_u32(r, 12),
	    .at_ms = nw_db_col_int(r, 13),
	    .published_ms = nw_db_col_time(r, 14),
	    .published_precision = nw_db_col_u32(r, 15),
	    .state = nw_db_col_str(r, 16),
	    .reason = nw_db_col_str(r, 17),
	    .provisional = nw_db_col_u32(r, 18),
	    .acked = sqlite3_column_type(r, 19) != SQLITE_NULL,
	    .acked_ms = nw_db_col_time(r, 19),
	    .ack_by = nw_db_col_str(r, 20),
	    .review = nw_db_col_str(r, 21),
	    .text = NW_STR(""),
	};
	if (nw_str_is(out->reason, "shadow"))
		out->state = nw_str("shadow");
}

/* --- lists ------------------------------------------------------------------------------------------------------ */

struct alert_rows {
	nw_store_alert_fn *fn;
	void *cookie;
};

static int
alert_row(void *cookie, sqlite3_stmt *r)
{
	struct alert_rows *s = cookie;
	struct nw_store_alert_row out;

	nw_read_alert(r, &out);
	return s->fn(s->cookie, &out);
}

static int
notice_row(void *cookie, sqlite3_stmt *r)
{
	struct alert_rows *s = cookie;
	struct nw_str empty = NW_STR("");
	struct nw_store_alert_row out = {
	    .id = nw_db_col_str(r, 0),
	    .watch = nw_str("operator"),
	    .source = nw_db_col_str(r, 1),
	    .severity = nw_db_col_u32(r, 2),
	    .at_ms = nw_db_col_int(r, 3),
	    .title = nw_db_col_str(r, 4),
	    .text = nw_db_col_str(r, 5),
	    .state = nw_str("operator"),
	    .article_url = empty,
	    .reason = empty,
	    .ack_by = empty,
	    .review = empty,
	    .published_ms = NW_TIME_NONE,
	    .acked_ms = NW_TIME_NONE,
	};

	return s->fn(s->cookie, &out);
}

static int
list(struct nw_store *st, enum nw_sql q, const struct nw_store_filter *f, nw_store_alert_fn *fn, void *cookie,
    struct nw_err *err)
{
	struct alert_rows s = {fn, cookie};

	return nw_read_rows(st, q,
	    NW_ARGS(nw_db_str(f->source), nw_db_str(f->watch), nw_db_str(f->state), nw_db_time(f->since_ms),
		nw_db_time(f->until_ms), nw_db_int(f->before), nw_db_int(nw_read_limit(f->limit))),
	    alert_row, &s, err);
}

int
nw_store_alerts(struct nw_store *st, const struct nw_store_filter *f, nw_store_alert_fn *fn, void *cookie,
    struct nw_err *err)
{
	struct alert_rows s = {fn, cookie};

	if (!nw_str_is(f->state, "operator"))
		return list(st, NW_SQL_LIST_ALERTS, f, fn, cookie, err);
	return nw_read_rows(st, NW_SQL_LIST_NOTICES,
	    NW_ARGS(nw_db_str(f->source), nw_db_time(f->since_ms), nw_db_time(f->until_ms),
		nw_db_int(nw_read_limit(f->limit))),
	    notice_row, &s, err);
}

int
nw_store_baseline_alerts(struct nw_store *st, struct nw_str source, uint32_t limit, nw_store_alert_fn *fn, void *cookie,
    struct nw_err *err)
{
	struct alert_rows s = {fn, cookie};

	return nw_read_rows(st, NW_SQL_LIST_BASELINE, NW_ARGS(nw_db_str(source), nw_db_int(nw_read_limit(limit))),
	    alert_row, &s, err);
}

int
nw_store_near_misses(struct nw_store *st, const struct nw_store_filter *f, nw_store_alert_fn *fn,
    void *cookie, struct nw_err *err)
{
	return list(st, NW_SQL_LIST_NEAR, f, fn, cookie, err);
}

int
nw_store_unacked(struct nw_store *st, const struct nw_store_filter *f, uint32_t severity,
    nw_store_alert_fn *fn, void *cookie, struct nw_err *err)
{
	struct alert_rows s = {fn, cookie};

	return nw_read_rows(st, NW_SQL_LIST_UNACKED,
	    NW_ARGS(nw_db_str(f->source), nw_db_str(f->watch), nw_db_time(f->since_ms),
		nw_db_time(f->until_ms), nw_db_int(severity), nw_db_int(nw_read_limit(f->limit))),
	    alert_row, &s, err);
}

/* --- one, with its proof ---------------------------------------------------------------------------------------- */

static int
keep(struct nw_arena *a, struct nw_str *s)
{
	*s = nw_arena_dup(a, nw_str_or_empty(*s));
	return s->p != NULL;
}

static int
keep_row(struct nw_arena *a, struct nw_store_alert_row *r)
{
	return keep(a, &r->id) && keep(a, &r->watch) && keep(a, &r->source) && keep(a, &r->article_url) &&
	       keep(a, &r->title) && keep(a, &r->state) && keep(a, &r->reason) && keep(a, &r->ack_by) &&
	       keep(a, &r->review);
}

static int
read_proof(sqlite3_stmt *r, struct nw_arena *a, struct nw_store_proof *p)
{
	struct nw_str sha = nw_db_col_dup(r, 29, a);

	nw_read_alert(r, &p->row);
	p->alert = nw_evidence_alert(a, nw_db_col_blob(r, 22));
	p->watch_text = nw_db_col_dup(r, 23, a);
	p->watch_from_ms = nw_db_col_time(r, 24);
	p->seen_ms = nw_db_col_int(r, 25);
	p->document_url = nw_db_col_dup(r, 26, a);
	p->document_headers = nw_db_col_dup(r, 27, a);
	p->document_type = nw_db_col_dup(r, 28, a);
	p->document_sha256 = (struct nw_bytes){(const uint8_t *)sha.p, sha.len};
	p->document_at_ms = nw_db_col_time(r, 30);
	p->document_kept = nw_db_col_u32(r, 31);
	if (p->alert == NULL || sha.p == NULL || p->watch_text.p == NULL || p->document_url.p == NULL ||
	    p->document_headers.p == NULL || p->document_type.p == NULL || !keep_row(a, &p->row))
		return -1;
	p->alert->severity = p->row.severity;
	p->alert->has_score = p->row.has_score != 0;
	p->alert->score = p->row.score;
	return 0;
}

int
nw_store_proof(struct nw_store *st, struct nw_str prefix, struct nw_arena *a, struct nw_store_proof **proof_r,
    struct nw_err *err)
{
	struct nw_store_proof *p = nw_arena_zalloc(a, sizeof(*p));
	char id[NW_STORE_ID_LEN + 1];
	enum nw_sql by_id = NW_SQL_ALERT_BY_ID;
	sqlite3_stmt *row = NULL;
	struct nw_loaded l = {0};
	int rc;

	if (p == NULL)
		return nw_db_nomem(err);
	nw_db_reading(st);
	if ((rc = nw_prefix_find(st, NW_SQL_ALERT_PREFIX, prefix, id, err)) == 0) {
		by_id = NW_SQL_NEAR_BY_ID;
		rc = nw_prefix_find(st, NW_SQL_NEAR_PREFIX, prefix, id, err);
	}
	if (rc != 1 || (rc = nw_db_row(st, by_id, NW_ARGS(nw_db_text(id)), &row, err)) != 1)
		return rc;
	rc = read_proof(row, a, p);
	nw_db_done(row);
	if (rc == -1)
		return nw_db_nomem(err);
	if ((rc = nw_load_revision(st, p->row.revision, a, &l, err)) != 1)
		return rc;
	p->article = l.m;
	*proof_r = p;
	return 1;
}

/* --- the bytes -------------------------------------------------------------------------------------------------- */

static int
inflate_into(struct nw_arena *a, struct nw_bytes z, struct nw_bytes *body_r, struct nw_err *err)
{
	uLongf n = 0;
	uint8_t *p;
	int rc = Z_BUF_ERROR;

	/* zlib does not say how large it was: larger and larger, up to what is ever fetched */
	for (size_t cap = 4 * z.len + 4096; rc == Z_BUF_ERROR && cap <= 2 * (size_t)NW_BODY_CEILING;
	     cap *= 4) {
		n = cap;
		if ((p = nw_arena_alloc(a, cap)) == NULL)
			return nw_db_nomem(err);
		if ((rc = uncompress(p, &n, z.p, z.len)) == Z_OK)
			*body_r = (struct nw_bytes){p, n};
	}
	return rc == Z_OK ? 1 : nw_fail(err, NW_ERES, "store: the kept bytes of a document cannot be read");
}

int
nw_store_document(struct nw_store *st, struct nw_bytes sha256, struct nw_arena *a, struct nw_bytes *body_r,
    struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int rc;

	nw_db_reading(st);
	if ((rc = nw_db_row(
		 st, NW_SQL_DOCUMENT_BYTES, NW_ARGS(nw_db_blob(sha256.p, sha256.len)), &row, err)) != 1)
		return rc;
	rc = inflate_into(a, nw_db_col_blob(row, 0), body_r, err);
	nw_db_done(row);
	return rc;
}
