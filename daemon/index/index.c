#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/err.h"
#include "core/limits.h"
#include "query/query.h"
#include "store/store_read.h"
#include "index/index_own.h"

#define LAYOUT	  2	     /* of the tables below */
#define OURS	  0x6e777378 /* application_id: "nwsx" */
#define TEXT(x)	  #x
#define NUMBER(x) TEXT(x)

static const char *const statement[NW_INDEX_SQL_N] = {
    [NW_INDEX_SQL_HOLD] = "BEGIN",
    [NW_INDEX_SQL_COMMIT] = "COMMIT",
    [NW_INDEX_SQL_STATE] = "SELECT layout, engine, mark, seen_at, n FROM state",
    [NW_INDEX_SQL_FIND] =
	"SELECT rowid FROM words WHERE words MATCH ?1 AND rowid >= ?2 AND rowid < ?3 ORDER BY rowid DESC",
    [NW_INDEX_SQL_WORDS] = "SELECT word FROM dictionary WHERE word >= ?1 ORDER BY word",
    [NW_INDEX_SQL_IS_WORD] = "SELECT 1 FROM dictionary WHERE word = ?1",
    [NW_INDEX_SQL_COUNT] = "SELECT count(*) FROM words WHERE words MATCH ?1",
    [NW_INDEX_SQL_BEGIN] = "BEGIN IMMEDIATE",
    [NW_INDEX_SQL_ROLLBACK] = "ROLLBACK",
    [NW_INDEX_SQL_ADD] = "INSERT INTO words(rowid, title, body) VALUES (?1, ?2, ?3)",
    [NW_INDEX_SQL_ADD_WORD] = "INSERT OR IGNORE INTO dictionary VALUES (?1)",
    [NW_INDEX_SQL_MARK] = "UPDATE state SET mark = ?1, seen_at = ?2, n = n + ?3",
    [NW_INDEX_SQL_MERGE] =
	"INSERT INTO words(words, rank) VALUES ('merge', " NUMBER(NW_INDEX_MERGE_PAGES) ")",
};

/* Joining segments waits until nobody waits (nw_index_tidy()), or until there are many. */
static const char schema[] = "PRAGMA application_id=" NUMBER(
    OURS) ";"
	  "CREATE TABLE state(layout INTEGER NOT NULL, engine INTEGER NOT NULL, mark INTEGER NOT NULL,"
	  " seen_at INTEGER NOT NULL, n INTEGER NOT NULL) STRICT;"
	  "INSERT INTO state VALUES (" NUMBER(
	      LAYOUT) ", 0, 0, 0, 0);"
		      "CREATE TABLE dictionary(word TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"
		      "CREATE VIRTUAL TABLE words USING fts5(title, body, content='', columnsize=0, "
		      "tokenize='" NW_TOKENS_NAME "');"
		      "INSERT INTO words(words, rank) VALUES ('automerge', 0), ('crisismerge', 64), "
		      "('usermerge', 8),"
		      " ('hashsize', " NUMBER(NW_INDEX_HASH_BYTES) ");";

static int
is_damage(struct nw_index *ix)
{
	int code = ix->db != NULL ? sqlite3_errcode(ix->db) & 0xff : 0;

	return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

int
nw_index_fail(struct nw_index *ix, const char *doing, struct nw_err *err)
{
	ix->damaged |= is_damage(ix);
	return nw_fail(err, NW_ERES, "index '%s': %s: %s", ix->path, doing,
	    ix->db != NULL ? sqlite3_errmsg(ix->db) : "out of memory");
}

int
nw_index_shrink(struct nw_index *ix)
{
	int used = 0, peak, gave = nw_known_shrink(&ix->known);

	if (sqlite3_db_status(ix->db, SQLITE_DBSTATUS_CACHE_USED, &used, &peak, 0) != SQLITE_OK ||
	    used < NW_STORE_IDLE_BYTES)
		return gave;
	(void)sqlite3_db_release_memory(ix->db); /* always SQLITE_OK */
	return 1;
}

int
nw_index_is_damaged(const struct nw_index *ix)
{
	return ix->damaged;
}

int
nw_index_is_gone(struct nw_index *ix)
{
	int moved = 0;

	return sqlite3_file_control(ix->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved;
}

/* Run a statement without rows. */
static int
run(struct nw_index *ix, enum nw_index_sql q, struct nw_err *err)
{
	int rc = sqlite3_step(ix->stmt[q]);

	if (rc != SQLITE_DONE && rc != SQLITE_ROW)
		nw_index_fail(ix, statement[q], err);
	(void)sqlite3_reset(ix->stmt[q]); /* repeats the last error */
	return rc == SQLITE_DONE || rc == SQLITE_ROW ? 0 : -1;
}

static int
run_text(struct nw_index *ix, const char *sql, struct nw_err *err)
{
	return sqlite3_exec(ix->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0
									: nw_index_fail(ix, "set up", err);
}

/* --- open */

/* One number of a text statement; ${none} without a row. */
static int
ask(struct nw_index *ix, const char *sql, int64_t none, int64_t *value_r)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(ix->db, sql, -1, &s, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	*value_r = rc == SQLITE_ROW ? sqlite3_column_int64(s, 0) : none;
	(void)sqlite3_finalize(s); /* repeats the last error */
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : -1;
}

enum content { EMPTY, WHOLE, OLD, DAMAGED, FOREIGN, UNREADABLE };

static enum content
look(struct nw_index *ix)
{
	int64_t id = 0, tables = 0, engine = 0;

	if (ask(ix, "PRAGMA application_id", 0, &id) == -1 ||
	    ask(ix, "SELECT count(*) FROM sqlite_schema", 0, &tables) == -1)
		return is_damage(ix) ? DAMAGED : UNREADABLE;
	if (tables == 0)
		return EMPTY;
	if (id != OURS)
		return FOREIGN;
	if (ask(ix, "SELECT engine FROM state WHERE layout = " NUMBER(LAYOUT), -1, &engine) == -1)
		return is_damage(ix) ? DAMAGED : OLD;
	return engine == NW_QUERY_ENGINE_VERSION ? WHOLE : OLD;
}

static int
connect_db(struct nw_index *ix, struct nw_err *err)
{
	int flags =
		ix->mode != NW_INDEX_READ ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY,
	    on = 1;

	if (sqlite3_open_v2(ix->path, &ix->db,
		flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE,
		NULL) != SQLITE_OK)
		return nw_index_fail(ix, "open", err);
	(void)sqlite3_busy_timeout(ix->db, NW_STORE_BUSY_MS); /* cannot fail on an open handle */
	(void)sqlite3_db_config(ix->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(ix->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	/* the log stays when the writer goes, so that readers need not make it */
	(void)sqlite3_file_control(ix->db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
	if (nw_tokens_register(ix->db) == -1)
		return nw_index_fail(ix, "FTS5, which the index is made of", err);
	return 0;
}

static void
disconnect(struct nw_index *ix)
{
	for (size_t i = 0; i < NW_INDEX_SQL_N; i++) {
		(void)sqlite3_finalize(ix->stmt[i]); /* repeats the last error */
		ix->stmt[i] = NULL;
	}
	(void)sqlite3_close(ix->db); /* all statements are gone */
	ix->db = NULL;
}

static void
remove_files(const struct nw_index *ix)
{
	static const char *const tail[] = {"", "-wal", "-shm"};
	char name[4096 + 8];

	for (size_t i = 0; i < sizeof(tail) / sizeof(*tail); i++)
		if ((size_t)snprintf(name, sizeof(name), "%s%s", ix->path, tail[i]) < sizeof(name))
			(void)unlink(name); /* what cannot be removed is found again when it is opened */
}

static int
prepare(struct nw_index *ix, struct nw_err *err)
{
	int n = ix->mode != NW_INDEX_READ ? NW_INDEX_SQL_N : NW_INDEX_SQL_READERS;

	for (int i = 0; i < n; i++)
		if (sqlite3_prepare_v3(
			ix->db, statement[i], -1, SQLITE_PREPARE_PERSISTENT, &ix->stmt[i], NULL) != SQLITE_OK)
			return nw_index_fail(ix, statement[i], err);
	return 0;
}

static int
create(struct nw_index *ix, struct nw_err *err)
{
	char engine[64];

	(void)snprintf(engine, sizeof(engine), "UPDATE state SET engine = %u", NW_QUERY_ENGINE_VERSION);
	if (run_text(ix, "BEGIN", err) == 0 && run_text(ix, schema, err) == 0 &&
	    run_text(ix, engine, err) == 0 && run_text(ix, "COMMIT", err) == 0)
		return 0;
	return -1;
}

static int
lock(struct nw_index *ix, struct nw_err *err)
{
	char name[4096 + 8];

	if ((size_t)snprintf(name, sizeof(name), "%s.lock", ix->path) >= sizeof(name))
		return nw_fail(err, NW_ECONF, "index: the path is too long");
	if ((ix->lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) == -1)
		return nw_fail(err, NW_ERES, "index: open '%s': %s", name, strerror(errno));
	if (flock(ix->lock_fd, LOCK_EX | LOCK_NB) == -1)
		return nw_fail(
		    err, NW_ECONF, "index: '%s' is being written by another newswatch-indexer", ix->path);
	return 0;
}

/* The writer's connection to a file that is empty or whole. */
static int
open_writer(struct nw_index *ix, const char **why_r, struct nw_err *err)
{
	static const char *const why[] = {
	    [WHOLE] = "that was asked for", [OLD] = "it is of another release", [DAMAGED] = "it was damaged"};
	static const char setup[] =
	    "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
	    "PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON; PRAGMA journal_size_limit=4194304;"
	    "PRAGMA cache_size=-" NUMBER(NW_INDEX_CACHE_KB) ";";
	enum content c;

	if (connect_db(ix, err) == -1)
		return -1;
	c = look(ix);
	if (c == FOREIGN)
		return nw_fail(err, NW_ECONF,
		    "index: '%s' is another program's database: set index.path to a file of its own",
		    ix->path);
	if (c == UNREADABLE)
		return nw_index_fail(ix, "read", err);
	if (c == OLD || c == DAMAGED || (c == WHOLE && ix->mode == NW_INDEX_REMAKE)) {
		*why_r = why[c];
		c = EMPTY;
		disconnect(ix);
		remove_files(ix);
		if (connect_db(ix, err) == -1)
			return -1;
	}
	if (run_text(ix, setup, err) == -1 || (c != WHOLE && create(ix, err) == -1))
		return -1;
	return 0;
}

static int
open_reader(struct nw_index *ix, struct nw_err *err)
{
	if (access(ix->path, F_OK) == -1)
		return nw_fail(err, NW_ECONF, "there is no index '%s' yet", ix->path);
	if (connect_db(ix, err) == -1)
		return -1;
	switch (look(ix)) {
	case WHOLE:
		return run_text(
		    ix, "PRAGMA query_only=ON; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON;", err);
	case EMPTY:
	case OLD:
		return nw_fail(err, NW_ECONF,
		    "the index '%s' is of another release and waits to be made again", ix->path);
	case FOREIGN:
		return nw_fail(err, NW_ECONF, "'%s' is no index of ours", ix->path);
	case DAMAGED:
		return nw_fail(
		    err, NW_ERES, "the index '%s' is damaged: newswatch reindex makes it again", ix->path);
	default:
		return nw_index_fail(ix, "read", err);
	}
}

/* What only the writer needs, and its files: all of them are there before a lock forbids to make them. */
static int
ready_writer(struct nw_index *ix, struct nw_err *err)
{
	if ((ix->an = nw_analyse_new()) == NULL)
		return nw_fail(err, NW_ERES, "index: out of memory");
	if (run(ix, NW_INDEX_SQL_BEGIN, err) == -1)
		return -1;
	return run(ix, NW_INDEX_SQL_COMMIT, err);
}

int
nw_index_open(
    const char *path, uint32_t mode, struct nw_index **index_r, const char **why_r, struct nw_err *err)
{
	struct nw_index *ix = calloc(1, sizeof(*ix));
	const char *why = NULL;
	int rc = -1;

	if (ix == NULL || (ix->path = strdup(path)) == NULL) {
		free(ix);
		return nw_fail(err, NW_ERES, "index: out of memory");
	}
	ix->mode = (int)mode;
	ix->lock_fd = -1;
	if (mode != NW_INDEX_READ && lock(ix, err) == -1)
		goto out;
	if ((mode != NW_INDEX_READ ? open_writer(ix, &why, err) : open_reader(ix, err)) == -1)
		goto out;
	if (prepare(ix, err) == -1 || (mode != NW_INDEX_READ && ready_writer(ix, err) == -1))
		goto out;
	if (why_r != NULL)
		*why_r = why;
	*index_r = ix;
	ix = NULL;
	rc = 0;
out:
	nw_index_close(ix);
	return rc;
}

void
nw_index_close(struct nw_index *ix)
{
	if (ix == NULL)
		return;
	disconnect(ix);
	if (ix->lock_fd != -1)
		(void)close(ix->lock_fd); /* frees the lock */
	nw_analyse_free(ix->an);
	nw_text_done(&ix->text);
	nw_known_done(&ix->known);
	nw_buf_done(&ix->title);
	nw_buf_done(&ix->body);
	free(ix->path);
	free(ix);
}

/* --- state */

int
nw_index_state(struct nw_index *ix, struct nw_index_state *state_r, struct nw_err *err)
{
	sqlite3_stmt *s = ix->stmt[NW_INDEX_SQL_STATE];
	int rc = sqlite3_step(s);

	if (rc == SQLITE_ROW)
		*state_r = (struct nw_index_state){
		    sqlite3_column_int64(s, 2), sqlite3_column_int64(s, 3), sqlite3_column_int64(s, 4)};
	else
		nw_index_fail(ix, "read its state", err);
	(void)sqlite3_reset(s); /* repeats the last error */
	return rc == SQLITE_ROW ? 0 : -1;
}

int
nw_index_hold(struct nw_index *ix, struct nw_err *err)
{
	return run(ix, NW_INDEX_SQL_HOLD, err);
}

void
nw_index_release(struct nw_index *ix)
{
	(void)run(ix, NW_INDEX_SQL_COMMIT, NULL); /* nothing was written */
}

static int
note_seen(void *cookie, const struct nw_store_revision_row *row)
{
	*(int64_t *)cookie = row->seen_ms;
	return 1;
}

int
nw_index_fits(struct nw_index *ix, struct nw_store *st, struct nw_err *err)
{
	struct nw_index_state s;
	int64_t last = 0, seen_ms = 0;
	int rc;

	if (nw_index_state(ix, &s, err) == -1 || nw_store_revision_last(st, &last, err) == -1)
		return -1;
	if (s.mark == 0 || s.mark > last)
		return s.mark == 0;
	if ((rc = nw_store_revision(st, s.mark, 0, note_seen, &seen_ms, err)) == -1)
		return -1;
	return rc == 0 || seen_ms == s.seen_ms; /* a row that retention removed proves nothing */
}
