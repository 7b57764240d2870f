/* What nobody acknowledged in time goes to one more channel. */
#include <stdio.h>

#include "base/arena.h"
#include "store/sqlite/db.h"
#include "store/store_outbox.h"

int
nw_store_escalate_next(struct nw_store *st, int64_t now_ms, struct nw_arena *a,
    struct nw_store_escalation *next_r, struct nw_err *err)
{
	struct nw_store_escalation e = {0};
	sqlite3_stmt *row = NULL;
	int rc = nw_db_row(st, NW_SQL_ESCALATE_NEXT, NW_ARGS(nw_db_int(now_ms)), &row, err);

	if (rc != 1)
		return rc;
	(void)snprintf(e.message, sizeof(e.message), "%s", nw_db_col_str(row, 0).p); /* ids fit */
	e.channel = nw_db_col_dup(row, 1, a);
	nw_db_done(row);
	if (e.channel.p == NULL)
		return nw_db_nomem(err);
	*next_r = e;
	return 1;
}

static int
escalate(struct nw_store *st, const char *message, struct nw_str to, uint32_t severity, int64_t now_ms,
    struct nw_err *err)
{
	int64_t n;

	if (nw_db_run(st, NW_SQL_ESCALATE_AT, NW_ARGS(nw_db_text(message), nw_db_null()), err) == -1)
		return -1;
	if (to.len == 0)
		return 0;
	if (nw_db_run(st, NW_SQL_ESCALATE_ADD,
		NW_ARGS(nw_db_text(message), nw_db_str(to), nw_db_int(severity), nw_db_int(now_ms)), err) == -1)
		return -1;
	if ((n = nw_db_changes(st)) > 0 &&
	    nw_db_run(st, NW_SQL_ESCALATE_EVENT, NW_ARGS(nw_db_str(to), nw_db_int(now_ms), nw_db_text(message)),
		err) == -1)
		return -1;
	return (int)n;
}

int
nw_store_escalate(struct nw_store *st, const char *message, struct nw_str to, uint32_t severity, int64_t now_ms,
    struct nw_err *err)
{
	int rc;

	if (nw_db_begin(st, err) == -1)
		return -1;
	rc = escalate(st, message, to, severity, now_ms, err);
	return nw_db_end(st, rc, rc > 0 ? NW_DB_NOW : NW_DB_GROUP, err);
}
