#include <stdio.h>

#include "store/sqlite/db.h"
#include "store/sqlite/ids.h"
#include "store/store_admin.h"

/* Up to which revision texts have been looked at: a sweep goes on where the last one ended. */
static int
set_mark(struct nw_store *st, int64_t id, struct nw_err *err)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%lld", (long long)id);
	return nw_db_run(st, NW_SQL_META_SET, NW_ARGS(nw_db_text("retained"), nw_db_text(text)), err);
}

/* Ids first: what is found by a query is not changed under it. */
static int
find_texts(struct nw_store *st, const struct nw_store_retention *r, struct nw_ids *ids, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int64_t mark = 0;
	int rc;

	if (nw_db_get(st, NW_SQL_META_GET, NW_ARGS(nw_db_text("retained")), 0, &mark, err) == -1)
		return -1;
	for (rc = nw_db_row(st, NW_SQL_RETAIN_TEXTS,
		 NW_ARGS(nw_db_int(r->text_before_ms), nw_db_int(r->max), nw_db_int(mark)), &row, err);
	     rc == 1; rc = nw_db_next(st, row, err))
		if (nw_ids_add(ids, nw_db_col_int(row, 0)) == -1) {
			nw_db_done(row);
			return nw_db_nomem(err);
		}
	return rc;
}

static int
drop_texts(struct nw_store *st, const struct nw_store_retention *r, uint32_t *n, struct nw_err *err)
{
	static const enum nw_sql part[] = {
	    NW_SQL_RETAIN_TEXT, NW_SQL_TAGS_DROP, NW_SQL_DOCUMENT_FORGET, NW_SQL_RETAIN_HEADERS};
	struct nw_ids ids = {0};
	int rc = find_texts(st, r, &ids, err);

	for (size_t i = 0; i < ids.n && rc == 0; i++)
		for (size_t k = 0; k < sizeof(part) / sizeof(*part) && rc == 0; k++)
			rc = nw_db_run(st, part[k], NW_ARGS(nw_db_int(ids.id[i])), err);
	if (rc == 0 && ids.n > 0)
		rc = set_mark(st, ids.id[ids.n - 1], err);
	*n += (uint32_t)ids.n;
	nw_ids_done(&ids);
	return rc;
}

static int
drop_alert(struct nw_store *st, const char *id, int64_t revision, struct nw_err *err)
{
	static const enum nw_sql part[] = {NW_SQL_DROP_REVIEWS, NW_SQL_DROP_OUTBOX, NW_SQL_DROP_ALERT};

	for (size_t i = 0; i < sizeof(part) / sizeof(*part); i++)
		if (nw_db_run(st, part[i], NW_ARGS(nw_db_text(id)), err) == -1)
			return -1;
	return nw_db_run(st, NW_SQL_DOCUMENT_FORGET, NW_ARGS(nw_db_int(revision)), err);
}

/* Alerts with their reviews and outbox rows; one that is not delivered yet stays. */
static int
drop_alerts(struct nw_store *st, const struct nw_store_retention *r, uint32_t *n, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	char id[NW_STORE_ID_LEN + 1];
	int64_t revision;
	uint32_t before = *n;
	int rc = 0;

	for (uint32_t k = 0; k < r->max; k++) {
		rc = nw_db_row(st, NW_SQL_RETAIN_ALERTS,
		    NW_ARGS(nw_db_int(r->alerts_before_ms), nw_db_int(1)), &row, err);
		if (rc != 1)
			break;
		(void)snprintf(id, sizeof(id), "%s", nw_db_col_str(row, 0).p);
		revision = nw_db_col_int(row, 1);
		nw_db_done(row);
		if (drop_alert(st, id, revision, err) == -1)
			return -1;
		++*n;
	}
	/* what they cited may go now: the next sweep of texts begins anew */
	if (rc == -1 || (*n > before && set_mark(st, 0, err) == -1))
		return -1;
	if (nw_db_run(
		st, NW_SQL_DROP_NEAR, NW_ARGS(nw_db_int(r->alerts_before_ms), nw_db_int(r->max)), err) == -1)
		return -1;
	*n += (uint32_t)nw_db_changes(st);
	if (nw_db_run(st, NW_SQL_DROP_DELIVERIES, NW_ARGS(nw_db_int(r->alerts_before_ms)), err) == -1 ||
	    nw_db_run(st, NW_SQL_DROP_MESSAGES, NW_ARGS(nw_db_int(r->alerts_before_ms)), err) == -1)
		return -1;
	return 0;
}

static int
drop_events(struct nw_store *st, const struct nw_store_retention *r, uint32_t *n, struct nw_err *err)
{
	if (nw_db_run(st, NW_SQL_RETAIN_EVENTS, NW_ARGS(nw_db_int(r->events_before_ms), nw_db_int(r->max)),
		err) == -1)
		return -1;
	*n += (uint32_t)nw_db_changes(st);
	return nw_db_run(st, NW_SQL_DROP_BANDS, NW_ARGS(nw_db_int(r->events_before_ms)), err);
}

int
nw_store_retain(
    struct nw_store *st, const struct nw_store_retention *r, uint32_t *removed_r, struct nw_err *err)
{
	uint32_t n = 0;
	int rc = 0;

	if (nw_db_begin(st, err) == -1)
		return -1;
	if (r->alerts_before_ms != NW_TIME_NONE)
		rc = drop_alerts(st, r, &n, err);
	if (rc == 0 && r->text_before_ms != NW_TIME_NONE)
		rc = drop_texts(st, r, &n, err);
	if (rc == 0 && r->events_before_ms != NW_TIME_NONE)
		rc = drop_events(st, r, &n, err);
	if (nw_db_end(st, rc, NW_DB_NOW, err) == -1)
		return -1;
	*removed_r = n;
	return n >= r->max;
}
