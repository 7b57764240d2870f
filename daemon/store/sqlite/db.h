/*
 * db.h - the store's handle, its statements, arguments, rows, operations and groups.
 * Floor 3, private to store/sqlite.  A statement is named by enum nw_sql and prepared at its first use;
 * arguments are typed, in order, and borrowed until the statement is reset.
 */
#ifndef NW_STORE_DB_H
#define NW_STORE_DB_H

#include <sqlite3.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "store/sqlite/sql.h"
#include "store/store.h"

struct nw_ahead;
struct nw_arena;
struct nw_sync;

struct nw_store {
	sqlite3 *db;
	sqlite3_stmt *stmt[NW_SQL_N];
	char *path; /* of news.db, its directory resolved */
	int lock_fd;
	uint32_t mode, read_ms;
	int64_t deadline_ms;	    /* monotonic, of the reader's call under way; -1 none */
	uint32_t in_group, group_n; /* a transaction stands; calls in it */
	uint32_t group_eager;	    /* calls of the group that are not lazy */
	uint32_t rendered;	    /* the group holds parts of a message, which must not leave before they are on disk */
	int64_t group_at_ms;	    /* monotonic, of its first call */
	struct nw_sync *sync;	    /* a configuration being taken in, in a transaction of its own */
	int wal_pages;		    /* in the write-ahead log after the last commit */
	uint32_t broken, full, filled, write_errors;
	uint32_t undone; /* groups, whole */
	uint32_t cache_kb, misses; /* the writer's cache; pages read before the last look; cache.c */
	int64_t once_ms;	 /* what was polled since then is not claimed again; 0: it is */
	int64_t restored_ms;	 /* when it was a backup's copy, 0 never; restored.c */
	struct nw_store_due due; /* as last asked; due.c */
	uint32_t due_stale;
	struct nw_ahead *ahead; /* of a reader, once asked for */
	uint32_t no_ahead;	/* it could not be had */
};

/* --- arguments */

enum nw_arg_kind { NW_ARG_NULL, NW_ARG_INT, NW_ARG_TEXT, NW_ARG_BLOB };
struct nw_arg {
	enum nw_arg_kind kind;
	int64_t i;
	const void *p;
	size_t n;
};
static inline struct nw_arg
nw_db_int(int64_t i)
{
	return (struct nw_arg){.kind = NW_ARG_INT, .i = i};
}
static inline struct nw_arg
nw_db_null(void)
{
	return (struct nw_arg){.kind = NW_ARG_NULL};
}
/* An instant; NW_TIME_NONE is NULL. */
static inline struct nw_arg
nw_db_time(int64_t at_ms)
{
	return at_ms == NW_TIME_NONE ? nw_db_null() : nw_db_int(at_ms);
}
/* A reference; 0 is NULL. */
static inline struct nw_arg
nw_db_ref(int64_t id)
{
	return id == 0 ? nw_db_null() : nw_db_int(id);
}
static inline struct nw_arg
nw_db_str(struct nw_str s)
{
	return (struct nw_arg){
	    .kind = NW_ARG_TEXT, .p = s.p != NULL ? s.p : "", .n = s.p != NULL ? s.len : 0};
}
static inline struct nw_arg
nw_db_text(const char *s)
{
	return nw_db_str(nw_str(s));
}
static inline struct nw_arg
nw_db_blob(const void *p, size_t n)
{
	return (struct nw_arg){.kind = NW_ARG_BLOB, .p = p != NULL ? p : "", .n = p != NULL ? n : 0};
}
#define NW_ARGS(...)                                                                                         \
	(const struct nw_arg[]){__VA_ARGS__},                                                                \
	    sizeof((const struct nw_arg[]){__VA_ARGS__}) / sizeof(struct nw_arg)
#define NW_NO_ARGS NULL, 0

/* --- statements */

void nw_db_finalize_all(struct nw_store *);
/* Run to the end; rows are not looked at. */
int nw_db_run(struct nw_store *, enum nw_sql, const struct nw_arg *, size_t n, struct nw_err *);
/* First row: 1 (nw_db_done() ends it), 0 none, -1. */
int nw_db_row(
    struct nw_store *, enum nw_sql, const struct nw_arg *, size_t n, sqlite3_stmt **row_r, struct nw_err *);
int nw_db_next(struct nw_store *, sqlite3_stmt *, struct nw_err *); /* 1, 0, -1; ended at 0 and -1 */
void nw_db_done(sqlite3_stmt *);				    /* NULL is fine */
/* One integer of one row: 1, 0 no row, -1.  NULL gives ${none}. */
int nw_db_get(struct nw_store *, enum nw_sql, const struct nw_arg *, size_t n, int64_t none, int64_t *value_r,
    struct nw_err *);
/* Text of no statement: pragmas, migrations. */
int nw_db_script(struct nw_store *, const char *sql, struct nw_err *);
int64_t nw_db_changes(struct nw_store *); /* rows of the last statement */
int64_t nw_db_last_id(struct nw_store *);

/* Columns.  Strings are copied into the arena; NULL columns give "" or ${none}. */
struct nw_str nw_db_col_dup(sqlite3_stmt *, int col, struct nw_arena *);
struct nw_str nw_db_col_str(sqlite3_stmt *, int col);	 /* borrowed until the next step */
struct nw_bytes nw_db_col_blob(sqlite3_stmt *, int col); /* borrowed until the next step */
static inline int64_t
nw_db_col_int(sqlite3_stmt *s, int col)
{
	return sqlite3_column_int64(s, col);
}
static inline uint32_t
nw_db_col_u32(sqlite3_stmt *s, int col)
{
	return (uint32_t)sqlite3_column_int64(s, col);
}
static inline int64_t
nw_db_col_time(sqlite3_stmt *s, int col)
{
	return sqlite3_column_type(s, col) == SQLITE_NULL ? NW_TIME_NONE : sqlite3_column_int64(s, col);
}

/* --- errors, operations, groups */

/* Fill ${err} from the engine's last error, note it in the health; -1. */
int nw_db_fail(struct nw_store *, const char *doing, struct nw_err *);
int nw_db_nomem(struct nw_err *);
/* A writing call: begins a group where none stands and a savepoint where one does. */
int nw_db_begin(struct nw_store *, struct nw_err *);
enum nw_db_end { NW_DB_LAZY, NW_DB_GROUP, NW_DB_NOW }; /* LAZY: may be lost and done again; NOW: committed before it returns */
/* ${rc} -1 undoes the call alone.  Returns ${rc}, or -1 when the commit fails. */
int nw_db_end(struct nw_store *, int rc, enum nw_db_end, struct nw_err *);
/* A writing call of one statement: it undoes itself, so that it needs no savepoint.  1 rows changed, 0 none, -1. */
int nw_db_alone(
    struct nw_store *, enum nw_sql, const struct nw_arg *, size_t n, enum nw_db_end, struct nw_err *);
/* A reading call begins: its deadline. */
void nw_db_reading(struct nw_store *);
#endif
