#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "store/sqlite/cache.h"
#include "store/sqlite/db.h"
#include "store/sqlite/due.h"

/* --- errors ----------------------------------------------------------------------------------------------------- */

static int
is_broken(int code)
{
	return code == SQLITE_IOERR || code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

static const char *
remedy(int code)
{
	switch (code) {
	case SQLITE_FULL:
		return "; make room on its file system";
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return "; another program holds the database";
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
		return "; see the owner and mode of the database, its -wal and its directory";
	case SQLITE_INTERRUPT:
		return "; the deadline of reading has passed, ask for less";
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return "; the file is damaged, a restart sets it aside";
	default:
		return "";
	}
}

int
nw_db_fail(struct nw_store *st, const char *doing, struct nw_err *err)
{
	int code = sqlite3_errcode(st->db) & 0xff;

	if (st->mode == NW_STORE_WRITE) {
		st->write_errors++;
		st->broken |= is_broken(code);
		st->full |= code == SQLITE_FULL;
		st->filled += code == SQLITE_FULL;
	}
	/* an error that rolled the whole transaction back leaves no group to commit */
	if (st->in_group && sqlite3_get_autocommit(st->db)) {
		st->undone += st->group_n > 0;
		st->in_group = 0;
	}
	return nw_fail(err, NW_ERES, "store: %s: %s (%d)%s", doing, sqlite3_errmsg(st->db),
	    sqlite3_extended_errcode(st->db), remedy(code));
}

int
nw_db_nomem(struct nw_err *err)
{
	return nw_fail(err, NW_ERES, "store: out of memory");
}

/* --- statements ------------------------------------------------------------------------------------------------- */

/* At their first use: most programs need few of them, and all together cost more than many a visit. */
static sqlite3_stmt *
statement(struct nw_store *st, enum nw_sql q, struct nw_err *err)
{
	if (st->stmt[q] == NULL &&
	    sqlite3_prepare_v3(st->db, nw_sql_text[q], -1, SQLITE_PREPARE_PERSISTENT, &st->stmt[q], NULL) != SQLITE_OK)
		nw_db_fail(st, nw_sql_text[q], err);
	return st->stmt[q];
}

void
nw_db_finalize_all(struct nw_store *st)
{
	for (int i = 0; i < NW_SQL_N; i++) {
		(void)sqlite3_finalize(st->stmt[i]); /* repeats the last error, told already */
		st->stmt[i] = NULL;
	}
}

static int
bind_one(sqlite3_stmt *s, int at, const struct nw_arg *a)
{
	switch (a->kind) {
	case NW_ARG_INT:
		return sqlite3_bind_int64(s, at, a->i);
	case NW_ARG_TEXT:
		return sqlite3_bind_text64(s, at, a->p, a->n, SQLITE_STATIC, SQLITE_UTF8);
	case NW_ARG_BLOB:
		return sqlite3_bind_blob64(s, at, a->p, a->n, SQLITE_STATIC);
	case NW_ARG_NULL:
		break;
	}
	return sqlite3_bind_null(s, at);
}

static int
bind_all(struct nw_store *st, sqlite3_stmt *s, const struct nw_arg *args, size_t n, struct nw_err *err)
{
	for (size_t i = 0; i < n; i++)
		if (bind_one(s, (int)i + 1, &args[i]) != SQLITE_OK)
			return nw_db_fail(st, sqlite3_sql(s), err);
	return 0;
}

void
nw_db_done(sqlite3_stmt *s)
{
	(void)sqlite3_reset(s); /* repeats the last error, told already */
}

int
nw_db_next(struct nw_store *st, sqlite3_stmt *s, struct nw_err *err)
{
	int rc = sqlite3_step(s);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		nw_db_fail(st, sqlite3_sql(s), err);
	nw_db_done(s);
	return rc == SQLITE_DONE ? 0 : -1;
}

int
nw_db_row(struct nw_store *st, enum nw_sql q, const struct nw_arg *args, size_t n, sqlite3_stmt **row_r,
    struct nw_err *err)
{
	sqlite3_stmt *s = statement(st, q, err);
	int rc;

	if (s == NULL || bind_all(st, s, args, n, err) == -1)
		return -1;
	if ((rc = nw_db_next(st, s, err)) == 1)
		*row_r = s;
	return rc;
}

int
nw_db_run(struct nw_store *st, enum nw_sql q, const struct nw_arg *args, size_t n, struct nw_err *err)
{
	sqlite3_stmt *s = NULL;
	int rc = nw_db_row(st, q, args, n, &s, err);

	while (rc == 1)
		rc = nw_db_next(st, s, err);
	return rc;
}

int
nw_db_get(struct nw_store *st, enum nw_sql q, const struct nw_arg *args, size_t n, int64_t none,
    int64_t *value_r, struct nw_err *err)
{
	sqlite3_stmt *s = NULL;
	int rc = nw_db_row(st, q, args, n, &s, err);

	if (rc != 1)
		return rc;
	*value_r = sqlite3_column_type(s, 0) == SQLITE_NULL ? none : sqlite3_column_int64(s, 0);
	nw_db_done(s);
	return 1;
}

int
nw_db_script(struct nw_store *st, const char *sql, struct nw_err *err)
{
	if (sqlite3_exec(st->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return nw_db_fail(st, sql, err);
	return 0;
}

int64_t
nw_db_changes(struct nw_store *st)
{
	return sqlite3_changes64(st->db);
}

int64_t
nw_db_last_id(struct nw_store *st)
{
	return sqlite3_last_insert_rowid(st->db);
}

/* --- columns ---------------------------------------------------------------------------------------------------- */

struct nw_str
nw_db_col_str(sqlite3_stmt *s, int col)
{
	const unsigned char *p = sqlite3_column_text(s, col);

	return p != NULL ? (struct nw_str){(const char *)p, (size_t)sqlite3_column_bytes(s, col)}
			 : NW_STR("");
}

struct nw_bytes
nw_db_col_blob(sqlite3_stmt *s, int col)
{
	const void *p = sqlite3_column_blob(s, col);

	return (struct nw_bytes){p, p != NULL ? (size_t)sqlite3_column_bytes(s, col) : 0};
}

struct nw_str
nw_db_col_dup(sqlite3_stmt *s, int col, struct nw_arena *a)
{
	return nw_arena_dup(a, nw_db_col_str(s, col));
}

/* --- operations and groups -------------------------------------------------------------------------------------- */

static int
may_write(const struct nw_store *st, struct nw_err *err)
{
	if (st->broken)
		return nw_fail(err, NW_ERES, "store: stopped after an I/O error; start again");
	if (st->mode != NW_STORE_WRITE)
		return nw_fail(err, NW_ERES, "store: opened for reading only");
	return 0;
}

static int
begin_group(struct nw_store *st, struct nw_err *err)
{
	nw_cache_fit(st);
	if (nw_db_run(st, NW_SQL_BEGIN, NW_NO_ARGS, err) == -1)
		return -1;
	st->in_group = 1;
	st->group_n = st->group_eager = 0;
	st->rendered = 0;
	st->group_at_ms = nw_clock_mono_ms();
	return 0;
}

int
nw_db_begin(struct nw_store *st, struct nw_err *err)
{
	if (may_write(st, err) == -1)
		return -1;
	return st->in_group ? nw_db_run(st, NW_SQL_SAVEPOINT, NW_NO_ARGS, err) : begin_group(st, err);
}

/* The group is gone whole; nothing of it has happened. */
static void
undo_group(struct nw_store *st)
{
	st->undone += st->in_group && st->group_n > 0;
	st->in_group = 0;
	nw_due_forget(st);
	if (!sqlite3_get_autocommit(st->db))
		(void)nw_db_run(st, NW_SQL_ROLLBACK, NW_NO_ARGS, NULL); /* what led here was told */
}

/* The call alone, where others stand in the group. */
static void
undo_call(struct nw_store *st)
{
	nw_due_forget(st);
	if (!st->in_group)
		return; /* the engine rolled back everything */
	if (st->group_n == 0 || nw_db_run(st, NW_SQL_UNDO, NW_NO_ARGS, NULL) == -1 ||
	    nw_db_run(st, NW_SQL_RELEASE, NW_NO_ARGS, NULL) == -1)
		undo_group(st);
}

/* A call has done its part; the commit is due where the group is full, or the call cannot wait. */
static int
count_call(struct nw_store *st, enum nw_db_end how, struct nw_err *err)
{
	if (how != NW_DB_LAZY && st->group_eager++ == 0)
		st->group_at_ms = nw_clock_mono_ms();
	if (++st->group_n >= NW_STORE_LAZY_N || st->group_eager >= NW_STORE_GROUP_N || how == NW_DB_NOW)
		return nw_store_flush(st, err);
	return 0;
}

int
nw_db_end(struct nw_store *st, int rc, enum nw_db_end how, struct nw_err *err)
{
	if (rc == -1) {
		undo_call(st);
		return -1;
	}
	if (st->group_n > 0 && nw_db_run(st, NW_SQL_RELEASE, NW_NO_ARGS, err) == -1) {
		undo_group(st);
		return -1;
	}
	return count_call(st, how, err) == -1 ? -1 : rc;
}

int
nw_db_alone(struct nw_store *st, enum nw_sql q, const struct nw_arg *args, size_t n, enum nw_db_end how,
    struct nw_err *err)
{
	int changed;

	if (may_write(st, err) == -1 || (!st->in_group && begin_group(st, err) == -1))
		return -1;
	if (nw_db_run(st, q, args, n, err) == -1) {
		nw_due_forget(st);
		if (st->in_group && st->group_n == 0)
			undo_group(st);
		return -1;
	}
	changed = nw_db_changes(st) > 0; /* a commit may follow */
	return count_call(st, how, err) == -1 ? -1 : changed;
}

int
nw_store_flush(struct nw_store *st, struct nw_err *err)
{
	if (!st->in_group || st->sync != NULL)
		return 0;
	if (nw_db_run(st, NW_SQL_COMMIT, NW_NO_ARGS, err) == -1) {
		undo_group(st);
		return -1;
	}
	st->in_group = 0;
	st->full = 0;
	return 0;
}

int64_t
nw_store_flush_at(const struct nw_store *st)
{
	if (!st->in_group || st->sync != NULL)
		return -1;
	return st->group_at_ms + (st->group_eager > 0 ? NW_STORE_GROUP_MS : NW_STORE_LAZY_MS);
}

void
nw_db_reading(struct nw_store *st)
{
	st->deadline_ms = st->mode == NW_STORE_READ ? nw_clock_mono_ms() + st->read_ms : -1;
}
