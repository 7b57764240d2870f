#include <stdio.h>

#include "base/arena.h"
#include "core/digest.h"
#include "core/frame.h"
#include "store/sqlite/before.h"
#include "store/sqlite/db.h"
#include "store/sqlite/event.h"
#include "store/sqlite/evidence.h"
#include "store/sqlite/load.h"
#include "store/store_outbox.h"

/* --- notices
 * ---------------------------------------------------------------------------------------------------- */

static ProtobufCBinaryData
column(sqlite3_stmt *row, int col, struct nw_arena *a, int *bad)
{
	struct nw_str s = nw_db_col_dup(row, col, a);

	*bad |= s.p == NULL;
	return nw_pb(s);
}

/* An article and an alert of the notice's own, which no revision stands behind. */
static int
make_own(struct nw_arena *a, uint32_t severity, int64_t at_ms, Nw__Notice *n)
{
	Nw__Article *art = nw_arena_alloc(a, sizeof(*art));
	Nw__Alert *al = nw_arena_alloc(a, sizeof(*al));

	if (art == NULL || al == NULL)
		return -1;
	nw__article__init(art);
	nw__alert__init(al);
	n->severity = al->severity = severity;
	n->alerted_at_ms = art->first_seen_ms = at_ms;
	n->article = art;
	n->alert = al;
	return 0;
}

/* An operator's notice travels as an article of the daemon itself. */
static int
read_operator_notice(sqlite3_stmt *row, struct nw_arena *a, Nw__Notice *n)
{
	int bad = 0;

	if (make_own(a, nw_db_col_u32(row, 13), nw_db_col_int(row, 14), n) == -1)
		return -1;
	n->id = column(row, 11, a, &bad);
	n->watch = nw_pb(NW_STR("operator"));
	n->article->source = column(row, 12, a, &bad);
	n->article->title = column(row, 15, a, &bad);
	n->article->body = column(row, 16, a, &bad);
	return bad ? -1 : 0;
}

static int
read_alert_notice(sqlite3_stmt *row, struct nw_arena *a, Nw__Notice *n, int64_t *revision_r)
{
	struct nw_bytes sha = nw_db_col_blob(row, 10);
	char *hex = nw_arena_zalloc(a, 2 * NW_SHA256_LEN + 1);
	int bad = hex == NULL;

	n->id = column(row, 0, a, &bad);
	n->watch = column(row, 1, a, &bad);
	n->severity = nw_db_col_u32(row, 2);
	n->alerted_at_ms = nw_db_col_int(row, 3);
	n->provisional = nw_db_col_int(row, 4) != 0;
	n->alert = nw_evidence_alert(a, nw_db_col_blob(row, 6));
	if (n->alert == NULL || bad)
		return -1;
	n->alert->severity = n->severity;
	n->alert->has_score = sqlite3_column_type(row, 5) != SQLITE_NULL;
	n->alert->score = nw_db_col_int(row, 5);
	*revision_r = nw_db_col_int(row, 7);
	n->source_title = column(row, nw_db_col_str(row, 8).len > 0 ? 8 : 9, a, &bad);
	if (sha.len == NW_SHA256_LEN)
		n->document_sha256 = nw_pb(nw_str(nw_hex(sha.p, sha.len, hex)));
	return bad ? -1 : 0;
}

/* The article of an alert, and for an edit the sentences that stood there before. */
static int
add_article(struct nw_store *st, struct nw_arena *a, int64_t revision, Nw__Notice *n, struct nw_err *err)
{
	struct nw_loaded l = {0};
	int rc = nw_load_revision(st, revision, a, &l, err);

	if (rc != 1)
		return -1;
	n->article = l.m;
	return nw_before_find(a, l.m, n->alert, &n->old, &n->n_old) == -1 ? nw_db_nomem(err) : 0;
}

/* An alert that is only named: what a list needs. */
static int
read_brief_notice(sqlite3_stmt *row, struct nw_arena *a, Nw__Notice *n)
{
	int bad = 0;

	if (make_own(a, nw_db_col_u32(row, 2), nw_db_col_int(row, 3), n) == -1)
		return -1;
	n->id = column(row, 0, a, &bad);
	n->watch = column(row, 1, a, &bad);
	n->source_title = column(row, nw_db_col_str(row, 8).len > 0 ? 8 : 9, a, &bad);
	n->article->source = column(row, 9, a, &bad);
	n->article->title = column(row, 17, a, &bad);
	n->article->url = column(row, 18, a, &bad);
	return bad ? -1 : 0;
}

static int
read_notice(sqlite3_stmt *row, struct nw_arena *a, int brief, Nw__Notice *n, int64_t *revision_r)
{
	*revision_r = 0;
	if (sqlite3_column_type(row, 0) == SQLITE_NULL)
		return read_operator_notice(row, a, n);
	return brief ? read_brief_notice(row, a, n) : read_alert_notice(row, a, n, revision_r);
}

static int
load_notices(struct nw_store *st, struct nw_arena *a, struct nw_store_render *r, struct nw_err *err)
{
	int64_t revision[NW_MAIL_ALERTS_MAX];
	uint32_t most = r->alerts < NW_STORE_MESSAGE_ALERTS ? r->alerts : NW_STORE_MESSAGE_ALERTS;
	Nw__Notice *all = nw_arena_array(a, (size_t)most + 1, sizeof(*all));
	sqlite3_stmt *row = NULL;
	int rc, bad = 0;

	r->notice = nw_arena_array(a, (size_t)most + 1, sizeof(*r->notice));
	if (all == NULL || r->notice == NULL)
		return nw_db_nomem(err);
	for (rc = nw_db_row(st, NW_SQL_RENDER_ITEMS, NW_ARGS(nw_db_text(r->id), nw_db_int(most)), &row, err);
	     rc == 1; rc = nw_db_next(st, row, err)) {
		uint32_t i = r->nnotice++, brief = i >= NW_MAIL_ALERTS_MAX;
		int64_t none;

		nw__notice__init(&all[i]);
		r->notice[i] = &all[i];
		bad |= read_notice(row, a, (int)brief, &all[i], brief ? &none : &revision[i]);
	}
	if (rc == -1 || bad)
		return rc == -1 ? -1 : nw_db_nomem(err);
	for (uint32_t i = 0; i < r->nnotice && i < NW_MAIL_ALERTS_MAX; i++)
		if (revision[i] != 0 && add_article(st, a, revision[i], &all[i], err) == -1)
			return -1;
	return 0;
}

/* --- claim
 * ------------------------------------------------------------------------------------------------------ */

static int
claim(struct nw_store *st, int64_t now_ms, struct nw_arena *a, struct nw_store_render *r, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int rc = nw_db_row(st, NW_SQL_RENDER_NEXT, NW_ARGS(nw_db_int(now_ms)), &row, err);

	if (rc != 1)
		return rc;
	(void)snprintf(r->id, sizeof(r->id), "%s", nw_db_col_str(row, 0).p);
	r->channel = nw_db_col_dup(row, 1, a);
	r->key = nw_db_col_dup(row, 2, a);
	r->tries = nw_db_col_u32(row, 3);
	r->alerts = nw_db_col_u32(row, 4);
	r->digest = nw_db_col_u32(row, 5);
	nw_db_done(row);
	if (r->channel.p == NULL || r->key.p == NULL)
		return nw_db_nomem(err);
	if (load_notices(st, a, r, err) == -1 ||
	    nw_db_run(st, NW_SQL_RENDER_LEASE,
		NW_ARGS(nw_db_text(r->id), nw_db_int(now_ms + NW_LEASE_S * 1000LL)), err) == -1)
		return -1;
	return 1;
}

int
nw_store_render_claim(struct nw_store *st, int64_t now_ms, struct nw_arena *a,
    struct nw_store_render **render_r, struct nw_err *err)
{
	struct nw_store_render *r = nw_arena_zalloc(a, sizeof(*r));
	int rc;

	if (r == NULL)
		return nw_db_nomem(err);
	if (nw_db_begin(st, err) == -1)
		return -1;
	if ((rc = nw_db_end(st, claim(st, now_ms, a, r, err), NW_DB_GROUP, err)) == 1)
		*render_r = r;
	return rc;
}

/* --- outcome
 * ---------------------------------------------------------------------------------------------------- */

int
nw_store_render_done(
    struct nw_store *st, const char *id, const Nw__Message *m, int64_t now_ms, struct nw_err *err)
{
	int rc;

	if (nw_db_begin(st, err) == -1)
		return -1;
	rc = nw_db_run(st, NW_SQL_RENDER_DONE,
	    NW_ARGS(nw_db_text(id), nw_db_str(nw_pb_str(m->subject)), nw_db_str(nw_pb_str(m->text)),
		nw_db_str(nw_pb_str(m->html)), nw_db_str(nw_pb_str(m->json)), nw_db_int(now_ms)),
	    err);
	if (rc == 0 && nw_db_changes(st) > 0) /* stored once: a second rendering changes nothing */
		rc = nw_db_run(st, NW_SQL_RENDER_READY, NW_ARGS(nw_db_text(id), nw_db_int(now_ms)), err);
	if ((rc = nw_db_end(st, rc, NW_DB_GROUP, err)) == 0)
		st->rendered = st->in_group;
	return rc;
}

/* What cannot be rendered stands as failed, with the reason, and can be sent again. */
static int
quarantine(struct nw_store *st, const char *id, struct nw_str reason, int64_t now_ms, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	char delivery[NW_STORE_ID_LEN + 1];
	int rc;

	if (nw_db_run(st, NW_SQL_RENDER_STOP, NW_ARGS(nw_db_text(id)), err) == -1)
		return -1;
	while ((rc = nw_db_row(st, NW_SQL_MESSAGE_DELIVERIES, NW_ARGS(nw_db_text(id)), &row, err)) == 1) {
		(void)snprintf(delivery, sizeof(delivery), "%s", nw_db_col_str(row, 0).p);
		nw_db_done(row);
		if (nw_db_run(st, NW_SQL_DELIVERY_SAVE,
			NW_ARGS(nw_db_text(delivery), nw_db_text("failed"), nw_db_int(0),
			    nw_db_int(NW_STORE_NEVER), nw_db_int(now_ms), nw_db_int(0), nw_db_str(reason)),
			err) == -1 ||
		    nw_event_add(st, now_ms, "failed", nw_str(delivery), reason, err) == -1)
			return -1;
	}
	return rc;
}

int
nw_store_render_failed(struct nw_store *st, const char *id, struct nw_str reason, int64_t retry_ms,
    int64_t now_ms, int *failed_r, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int64_t tries = 0;
	int rc, failed = 0;

	if (nw_db_begin(st, err) == -1)
		return -1;
	rc = nw_db_row(st, NW_SQL_RENDER_FAILED,
	    NW_ARGS(nw_db_text(id), nw_db_str(reason), nw_db_int(retry_ms)), &row, err);
	if (rc == 1) {
		tries = nw_db_col_int(row, 0);
		rc = nw_db_next(st, row, err);
	}
	if (rc == 0 && tries >= NW_STORE_RENDER_TRIES) {
		failed = 1;
		rc = quarantine(st, id, reason, now_ms, err);
	}
	if (nw_db_end(st, rc, NW_DB_NOW, err) == -1)
		return -1;
	*failed_r = failed;
	return 0;
}
