#include <sys/stat.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/time.h"
#include "store/sqlite/ahead.h"
#include "store/sqlite/cache.h"
#include "store/sqlite/db.h"
#include "store/sqlite/due.h"
#include "store/sqlite/leap.h"
#include "store/sqlite/migrate.h"
#include "store/sqlite/place.h"
#include "store/sqlite/restored.h"
#include "store/store_config.h"

#define CHECK_BYTES                                                                                          \
	(INT64_C(512) << 20) /* larger files are checked but for the two tables that hold the texts */

/* What an attempt to open came to. */
enum attempt { OPENED, DAMAGED, REFUSED };

static const char writer_setup[] = "PRAGMA page_size=4096;"
				   "PRAGMA journal_mode=WAL;"
				   "PRAGMA synchronous=FULL;"
				   "PRAGMA temp_store=MEMORY;"
				   "PRAGMA foreign_keys=ON;"
				   "PRAGMA journal_size_limit=4194304;"
				   "PRAGMA cell_size_check=ON;";
static const char reader_setup[] =
    "PRAGMA query_only=ON; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON;";

static int
past_deadline(void *cookie)
{
	const struct nw_store *st = cookie;

	return st->deadline_ms != -1 && nw_clock_mono_ms() > st->deadline_ms;
}

static int
is_damaged(struct nw_store *st)
{
	int code = sqlite3_errcode(st->db) & 0xff;

	return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

/* What a checkpoint cannot do now a later one does: the log keeps everything meanwhile. */
static void
checkpoint(struct nw_store *st)
{
	(void)sqlite3_wal_checkpoint_v2(st->db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	st->wal_pages = 0;
}

static int
after_commit(void *cookie, sqlite3 *db, const char *schema, int pages)
{
	struct nw_store *st = cookie;

	(void)db;
	(void)schema;
	st->wal_pages = pages;
	if (pages >= NW_STORE_WAL_MAX_PAGES)
		checkpoint(st);
	return SQLITE_OK;
}

static int
setup(struct nw_store *st, struct nw_err *err)
{
	int on = 1;

	(void)sqlite3_extended_result_codes(st->db, 1);	      /* cannot fail on an open handle */
	(void)sqlite3_busy_timeout(st->db, NW_STORE_BUSY_MS); /* nor can this */
	(void)sqlite3_db_config(st->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(st->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	if (st->mode != NW_STORE_WRITE) {
		sqlite3_progress_handler(st->db, 1000, past_deadline, st);
		return nw_db_script(st, reader_setup, err);
	}
	/* the log stays when the last writer goes, so that readers need not make it */
	(void)sqlite3_file_control(st->db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
	if (nw_db_script(st, writer_setup, err) == -1)
		return -1;
	(void)sqlite3_wal_hook(st->db, after_commit, st); /* in place of the engine's own checkpoints */
	return nw_cache_open(st, err);
}

/* --- damage ----------------------------------------------------------------------------------------------------- */

/* 1 sound, 0 damaged, -1 could not look. */
static int
check_with(struct nw_store *st, const char *sql, struct nw_err *err)
{
	sqlite3_stmt *s = NULL;
	int rc = -1;

	if (sqlite3_prepare_v2(st->db, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
		rc = nw_str_is(nw_db_col_str(s, 0), "ok");
	if (rc == -1 && is_damaged(st))
		rc = 0;
	if (rc == -1)
		nw_db_fail(st, sql, err);
	if (rc == 0)
		nw_fail(err, NW_ERES, "store: '%s' is damaged", st->path);
	(void)sqlite3_finalize(s); /* repeats the last error */
	return rc;
}

static int
quick_check(struct nw_store *st, int64_t bytes, struct nw_err *err)
{
	static const char *const small[] = {"PRAGMA quick_check(source)", "PRAGMA quick_check(target)",
	    "PRAGMA quick_check(article)", "PRAGMA quick_check(article_key)", "PRAGMA quick_check(alert)",
	    "PRAGMA quick_check(outbox)", "PRAGMA quick_check(message)", "PRAGMA quick_check(delivery)"};
	int rc = 1;

	if (bytes <= CHECK_BYTES)
		return check_with(st, "PRAGMA quick_check(1)", err);
	for (size_t i = 0; i < sizeof(small) / sizeof(*small) && rc == 1; i++)
		rc = check_with(st, small[i], err);
	return rc;
}

/* Whether the last writer closed it; an empty database counts as closed. */
static int
was_closed(struct nw_store *st, int *closed_r, struct nw_err *err)
{
	sqlite3_stmt *s = NULL;
	int rc = -1;

	if (sqlite3_prepare_v2(st->db, "SELECT value FROM meta WHERE key='clean'", -1, &s, NULL) ==
	    SQLITE_OK) {
		*closed_r = sqlite3_step(s) != SQLITE_ROW || nw_str_is(nw_db_col_str(s, 0), "1");
		rc = 0;
	} else {
		nw_db_fail(st, "read the mark of a clean stop", err);
	}
	(void)sqlite3_finalize(s); /* repeats the last error */
	return rc;
}

static void
close_db(struct nw_store *st)
{
	nw_db_finalize_all(st);
	(void)sqlite3_close(st->db); /* all statements are gone */
	st->db = NULL;
	st->broken = st->full = 0;
}

/* --- the writer ------------------------------------------------------------------------------------------------- */

static enum attempt
try_writer(struct nw_store *st, int64_t bytes, struct nw_store_opened *op, struct nw_err *err)
{
	uint32_t version = 0;
	int closed = 1, rc;

	rc = sqlite3_open_v2(st->path, &st->db,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE, NULL);
	if (st->db == NULL) {
		nw_db_nomem(err);
		return REFUSED;
	}
	if (rc != SQLITE_OK) {
		nw_db_fail(st, st->path, err);
		return REFUSED;
	}
	/* another program's file, or a newer one, is found before anything may be written to it */
	if (nw_migrate_check(st, &version, err) == -1)
		return is_damaged(st) ? DAMAGED : REFUSED;
	if (setup(st, err) == -1)
		return is_damaged(st) ? DAMAGED : REFUSED;
	if (version > 0 && was_closed(st, &closed, err) == -1)
		return is_damaged(st) ? DAMAGED : REFUSED;
	if (!closed) {
		op->unclean = 1;
		if ((rc = quick_check(st, bytes, err)) != 1)
			return rc == 0 ? DAMAGED : REFUSED;
	}
	if (nw_migrate(st, version, err) == -1)
		return is_damaged(st) ? DAMAGED : REFUSED;
	nw_due_watch(st);
	op->migrated_from = version != nw_migrate_version() ? version : 0;
	return OPENED;
}

static int
set_aside(struct nw_store *st, int64_t now_ms, struct nw_store_opened *op, struct nw_err *err)
{
	char at[32], *to = at;

	(void)nw_time_rfc3339(now_ms, at);
	for (const char *p = at; *p != '\0'; p++) /* 20210323T101500Z */
		if (*p != '-' && *p != ':')
			*to++ = *p;
	*to = '\0';
	close_db(st);
	if ((size_t)snprintf(op->corrupt_path, sizeof(op->corrupt_path), "%s.corrupt-%s", st->path, at) >=
	    sizeof(op->corrupt_path))
		return nw_fail(err, NW_ECONF, "store: the path is too long");
	op->corrupt = 1;
	return nw_place_aside(st->path, op->corrupt_path, err);
}

/* Leases of a process that is gone, and what it was sending, are due at once. */
static int
recover(struct nw_store *st, int64_t now_ms, struct nw_store_opened *op, struct nw_err *err)
{
	static const enum nw_sql free_lease[] = {
	    NW_SQL_FREE_TARGETS, NW_SQL_FREE_MATCHES, NW_SQL_FREE_RENDERS};
	int rc = 0;

	if (nw_db_begin(st, err) == -1)
		return -1;
	op->due_ms = NW_STORE_NEVER;
	rc = nw_db_get(st, NW_SQL_STOPPED_AT, NW_NO_ARGS, NW_STORE_NEVER, &op->due_ms, err) == -1 ? -1 : 0;
	for (size_t i = 0; i < sizeof(free_lease) / sizeof(*free_lease) && rc == 0; i++) {
		rc = nw_db_run(st, free_lease[i], NW_ARGS(nw_db_int(now_ms)), err);
		op->leases += rc == 0 ? (uint32_t)nw_db_changes(st) : 0;
	}
	if (rc == 0 && (rc = nw_db_run(st, NW_SQL_FREE_SENDING, NW_ARGS(nw_db_int(now_ms)), err)) == 0)
		op->in_flight = (uint32_t)nw_db_changes(st);
	if (rc == 0)
		rc = nw_leap_near(st, now_ms, NW_LEAP_SPREAD_S * INT64_C(1000), &op->far, err);
	if (rc == 0)
		rc = nw_restored_begin(st, now_ms, op, err);
	if (rc == 0 && (op->created || op->corrupt_path[0] != '\0'))
		rc = nw_db_run(st, NW_SQL_META_SET, NW_ARGS(nw_db_text("began"), nw_db_int(now_ms)), err);
	if (rc == 0)
		rc = nw_db_run(st, NW_SQL_META_SET, NW_ARGS(nw_db_text("clean"), nw_db_text("0")), err);
	return nw_db_end(st, rc, NW_DB_NOW, err);
}

/* Damage of a file that was closed well shows only when it is written to. */
static enum attempt
begin_writing(struct nw_store *st, int64_t bytes, int64_t now_ms, struct nw_store_opened *op, struct nw_err *err)
{
	enum attempt got = try_writer(st, bytes, op, err);
	struct nw_err ignored;

	if (got != OPENED || recover(st, now_ms, op, err) == 0)
		return got;
	return st->broken && check_with(st, "PRAGMA quick_check(1)", &ignored) == 0 ? DAMAGED : REFUSED;
}

/* Between moving the old file away and the new one into its place: a fresh database would forget everything. */
static int
restore_broke_off(const char *path)
{
	char name[PATH_MAX];

	return (size_t)snprintf(name, sizeof(name), "%s.restoring", path) < sizeof(name) && access(name, F_OK) == 0;
}

static int
open_writer(struct nw_store *st, int64_t now_ms, struct nw_store_opened *op, struct nw_err *err)
{
	int64_t bytes = 0;
	int existed = 0, there;
	enum attempt got;

	if (nw_place_lock(st->path, &st->lock_fd, &existed, err) == -1)
		return -1;
	if ((there = nw_place_file(st->path, &bytes, err)) == -1)
		return -1;
	if (!there && restore_broke_off(st->path))
		return nw_fail(err, NW_ECONF,
		    "store: a restore broke off and left '%s.restoring'; restore the backup again", st->path);
	op->created = !there;
	op->corrupt = there && bytes == 0 && existed; /* emptied since the last start: as good as damaged */
	if (nw_place_create(st->path, err) == -1)
		return -1;
	if ((got = begin_writing(st, bytes, now_ms, op, err)) == DAMAGED) {
		if (set_aside(st, now_ms, op, err) == -1 || nw_place_create(st->path, err) == -1)
			return -1;
		got = begin_writing(st, 0, now_ms, op, err);
	}
	return got == OPENED ? 0 : -1;
}

/* --- the reader ------------------------------------------------------------------------------------------------- */

static int
open_reader(struct nw_store *st, struct nw_err *err)
{
	uint32_t version;
	int64_t bytes;
	int there = nw_place_file(st->path, &bytes, err);

	if (there == -1)
		return -1;
	if (there == 0)
		return nw_fail(err, NW_ECONF, "store: there is no '%s'%s", st->path,
		    st->mode == NW_STORE_COPY ? "" : " yet; newswatchd makes it at its first start");
	if (sqlite3_open_v2(st->path, &st->db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE,
		NULL) != SQLITE_OK)
		return st->db == NULL ? nw_db_nomem(err) : nw_db_fail(st, st->path, err);
	nw_db_reading(st);
	if (setup(st, err) == -1 || nw_migrate_check(st, &version, err) == -1)
		return -1;
	if (st->mode == NW_STORE_COPY && version == 0)
		return nw_fail(err, NW_ECONF, "store: '%s' is empty, it is no store of newswatchd", st->path);
	if (st->mode == NW_STORE_COPY)
		return 0;
	if (version != nw_migrate_version())
		return nw_fail(err, NW_ECONF,
		    "store: '%s' has schema %u, this program needs %u; start newswatchd to migrate it",
		    st->path, version, nw_migrate_version());
	return 0;
}

/* --- open, close ------------------------------------------------------------------------------------------------ */

int
nw_store_open(const struct nw_store_options *o, struct nw_store **store_r, struct nw_store_opened *opened_r,
    struct nw_err *err)
{
	struct nw_store *st = calloc(1, sizeof(*st));
	struct nw_store_opened op = {0};
	int rc = -1;

	if (st == NULL)
		return nw_db_nomem(err);
	st->lock_fd = -1;
	st->mode = o->mode;
	st->deadline_ms = -1;
	st->read_ms = o->read_ms != 0 ? o->read_ms : NW_STORE_READ_MS;
	if (nw_place_resolve(o->path, &st->path, err) == -1)
		goto out;
	rc = o->mode == NW_STORE_WRITE ? open_writer(st, o->now_ms, &op, err) : open_reader(st, err);
	if (rc == -1)
		goto out;
	if (opened_r != NULL)
		*opened_r = op;
	*store_r = st;
	st = NULL;
out:
	if (st != NULL)
		st->broken = 1; /* half open: nothing is to be marked */
	nw_store_close(st);
	return rc;
}

void
nw_store_close(struct nw_store *st)
{
	if (st == NULL)
		return;
	if (st->db != NULL) {
		nw_store_sync_abort(st);
		/* without the mark the next start checks the file, nothing else */
		if (st->mode == NW_STORE_WRITE && !st->broken && nw_store_flush(st, NULL) == 0 &&
		    nw_db_begin(st, NULL) == 0)
			(void)nw_db_end(st,
			    nw_db_run(
				st, NW_SQL_META_SET, NW_ARGS(nw_db_text("clean"), nw_db_text("1")), NULL),
			    NW_DB_NOW, NULL);
		close_db(st);
	}
	nw_ahead_close(st->ahead); /* behind the engine, whose locks on the file go with any descriptor of it */
	if (st->lock_fd != -1)
		(void)close(st->lock_fd); /* frees the lock */
	free(st->path);
	free(st);
}

/* --- health ------------------------------------------------------------------------------------------------------ */

static int64_t
file_bytes(const char *path, const char *tail)
{
	char name[PATH_MAX];
	struct stat sb;

	if ((size_t)snprintf(name, sizeof(name), "%s%s", path, tail) >= sizeof(name) || stat(name, &sb) == -1)
		return 0;
	return sb.st_size;
}

void
nw_store_health(struct nw_store *st, struct nw_store_health *health_r)
{
	*health_r = (struct nw_store_health){
	    .broken = st->broken,
	    .full = st->full,
	    .write_errors = st->write_errors,
	    .bytes = file_bytes(st->path, ""),
	    .wal_bytes = file_bytes(st->path, "-wal"),
	    .free_bytes = nw_place_free_bytes(st->path),
	};
}

uint32_t
nw_store_undone(const struct nw_store *st)
{
	return st->undone;
}

uint32_t
nw_store_filled(const struct nw_store *st)
{
	return st->filled;
}

void
nw_store_tidy(struct nw_store *st)
{
	if (st->wal_pages >= NW_STORE_WAL_PAGES && !st->in_group && st->sync == NULL && !st->broken)
		checkpoint(st);
}

int
nw_store_checkpoint(struct nw_store *st, struct nw_err *err)
{
	if (nw_store_flush(st, err) == -1)
		return -1;
	if (sqlite3_wal_checkpoint_v2(st->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) != SQLITE_OK)
		return nw_fail(
		    err, NW_ERES, "store: the write-ahead log cannot shrink: %s", sqlite3_errmsg(st->db));
	return 0;
}
