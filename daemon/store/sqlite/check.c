#include <stdio.h>

#include "base/buf.h"
#include "store/sqlite/db.h"
#include "store/sqlite/read.h"
#include "store/store_admin.h"

/* What the promise of the store says of its rows, as queries that should find nothing. */
static const struct {
	enum nw_sql query;
	const char *sentence; /* with the row's first column */
} promise[] = {
    {NW_SQL_CHECK_LOST, "alert %s is live but stands in no outbox: it would reach nobody"},
    {NW_SQL_CHECK_SILENT, "message %s has no delivery: it would reach nobody"},
    {NW_SQL_CHECK_TEXTS, "article %s has no text of its current revision"},
    {NW_SQL_CHECK_WAITING, "article %s waits for its page, which no target reads"},
    {NW_SQL_CHECK_STATES, "delivery %s is in a state that does not exist"},
};

struct findings {
	nw_store_finding_fn *fn;
	void *cookie;
	const char *sentence;
	int n;
};

static int
finding_row(void *cookie, sqlite3_stmt *r)
{
	struct findings *f = cookie;
	struct nw_buf b = {0};

	nw_buf_addf(&b, f->sentence, nw_db_col_str(r, 0).p);
	f->fn(f->cookie, nw_buf_str(&b).p);
	nw_buf_done(&b);
	f->n++;
	return 0;
}

/* A pragma whose rows are findings, but for the one word "ok". */
static int
pragma(struct nw_store *st, const char *sql, struct findings *f, struct nw_err *err)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(st->db, sql, -1, &s, NULL);

	while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
		if (!nw_str_is(nw_db_col_str(s, 0), "ok"))
			(void)finding_row(f, s);
		rc = SQLITE_OK;
	}
	if (rc != SQLITE_DONE)
		nw_db_fail(st, sql, err);
	(void)sqlite3_finalize(s); /* repeats the last error */
	return rc == SQLITE_DONE ? 0 : -1;
}

int
nw_store_check(struct nw_store *st, nw_store_finding_fn *fn, void *cookie, struct nw_err *err)
{
	struct findings f = {fn, cookie, "database: %s", 0};

	st->deadline_ms = -1; /* it takes what it takes */
	if (pragma(st, "PRAGMA integrity_check(20)", &f, err) == -1)
		return -1;
	f.sentence = "a row of table %s refers to a row that is not there";
	if (pragma(st, "PRAGMA foreign_key_check", &f, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(promise) / sizeof(*promise); i++) {
		sqlite3_stmt *row = NULL;
		int rc;

		f.sentence = promise[i].sentence;
		for (rc = nw_db_row(st, promise[i].query, NW_NO_ARGS, &row, err); rc == 1;
		     rc = nw_db_next(st, row, err))
			(void)finding_row(&f, row);
		if (rc == -1)
			return -1;
	}
	return f.n > 0;
}

/* --- repair ----------------------------------------------------------------------------------------------------- */

static int
mend(struct nw_store *st, int64_t now_ms, struct findings *f, struct nw_err *err)
{
	struct nw_buf b = {0};
	int64_t pages = 0, states = 0;
	int rc;

	if (nw_db_begin(st, err) == -1)
		return -1;
	if ((rc = nw_db_run(st, NW_SQL_MEND_WAITING, NW_ARGS(nw_db_int(now_ms)), err)) == 0) {
		pages = nw_db_changes(st);
		if ((rc = nw_db_run(st, NW_SQL_MEND_STATES, NW_NO_ARGS, err)) == 0)
			states = nw_db_changes(st);
	}
	if (nw_db_end(st, rc, NW_DB_NOW, err) == -1)
		return -1;
	if (pages + states > 0) {
		nw_buf_addf(&b, "mended: %lld articles without a page, %lld deliveries without a state",
		    (long long)pages, (long long)states);
		f->fn(f->cookie, nw_buf_str(&b).p);
		nw_buf_done(&b);
	}
	return 0;
}

int
nw_store_repair(const char *path, int64_t now_ms, nw_store_finding_fn *fn, void *cookie, struct nw_err *err)
{
	struct nw_store_options o = {.path = path, .mode = NW_STORE_WRITE, .now_ms = now_ms};
	struct findings f = {fn, cookie, "", 0};
	struct nw_store_opened opened;
	struct nw_store *st = NULL;
	struct nw_buf b = {0};
	int rc;

	/* opening under the lock sets a malformed file aside and frees what a dead process held */
	if (nw_store_open(&o, &st, &opened, err) == -1)
		return -1;
	if (opened.corrupt) {
		nw_buf_addf(
		    &b, "the database was damaged: set aside as %s, a fresh one begun", opened.corrupt_path);
		fn(cookie, nw_buf_str(&b).p);
		nw_buf_done(&b);
	}
	if ((rc = mend(st, now_ms, &f, err)) == 0)
		rc = nw_store_check(st, fn, cookie, err);
	nw_store_close(st);
	return rc;
}
