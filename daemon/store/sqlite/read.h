/*
 * read.h - what the reading calls share.
 * Floor 3, private to store/sqlite.
 */
#ifndef NW_STORE_READ_PARTS_H
#define NW_STORE_READ_PARTS_H

#include "store/sqlite/db.h"
#include "store/store_read.h"

static inline int64_t
nw_read_limit(uint32_t limit)
{
	return limit != 0 && limit < NW_STORE_ROWS_MAX ? limit : NW_STORE_ROWS_MAX;
}

/* Rows of a query to the program: ${row_fn} reads one and calls back; it returns 0 to go on, 1 to stop, -1. */
typedef int nw_read_row_fn(void *cookie, sqlite3_stmt *);
int nw_read_rows(struct nw_store *, enum nw_sql, const struct nw_arg *, size_t n, nw_read_row_fn *,
    void *cookie, struct nw_err *);

/* Columns 0 to 21 of ALERT_HEAD and ALERT_STATE, borrowed. */
void nw_read_alert(sqlite3_stmt *, struct nw_store_alert_row *);

/* The articles that a person means: a URL, guid, announcement number, id of an alert or near miss; newest first. */
int nw_read_find(
    struct nw_store *, struct nw_str text, int64_t *article_r, uint32_t max, uint32_t *n_r, struct nw_err *);
#endif
