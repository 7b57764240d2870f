/* A steady daemon asks after every poll what is due; most polls change nothing here, so the answer is kept. */
#include "store/sqlite/db.h"
#include "store/sqlite/due.h"

enum { MATCH = 1, OUTBOX = 2, ALL = MATCH | OUTBOX };

/* Which of the answers a table's rows decide. */
static uint32_t
concerns(const char *table)
{
	if (strcmp(table, "article") == 0)
		return MATCH;
	if (strcmp(table, "outbox") == 0 || strcmp(table, "message") == 0 || strcmp(table, "delivery") == 0)
		return OUTBOX;
	return 0;
}

static void
on_row(void *cookie, int what, const char *db, const char *table, sqlite3_int64 row)
{
	struct nw_store *st = cookie;
	uint32_t which = concerns(table);

	(void)what;
	(void)db;
	(void)row;
	st->due_stale |= which;
	st->due.changes += (which & OUTBOX) != 0;
}

void
nw_due_watch(struct nw_store *st)
{
	(void)sqlite3_update_hook(st->db, on_row, st); /* gives the hook before: none */
	nw_due_forget(st);
}

void
nw_due_forget(struct nw_store *st)
{
	st->due_stale = ALL;
	st->due.changes++;
}

int
nw_store_due(struct nw_store *st, struct nw_store_due *due_r, struct nw_err *err)
{
	struct nw_store_due *d = &st->due;
	const struct {
		enum nw_sql query;
		uint32_t part;
		int64_t *at_ms;
	} ask[] = {
	    {NW_SQL_DUE_MATCH, MATCH, &d->match_ms},
	    {NW_SQL_DUE_OUTBOX, OUTBOX, &d->outbox_ms},
	    {NW_SQL_DUE_RENDER, OUTBOX, &d->render_ms},
	    {NW_SQL_DUE_DELIVERY, OUTBOX, &d->delivery_ms},
	    {NW_SQL_DUE_ESCALATION, OUTBOX, &d->escalate_ms},
	};

	for (size_t i = 0; i < sizeof(ask) / sizeof(*ask) && st->due_stale != 0; i++) {
		nw_db_reading(st);
		if ((st->due_stale & ask[i].part) != 0 &&
		    nw_db_get(st, ask[i].query, NW_NO_ARGS, NW_STORE_NEVER, ask[i].at_ms, err) == -1)
			return -1;
	}
	st->due_stale = 0;
	*due_r = *d;
	return 0;
}

int
nw_store_target_due(struct nw_store *st, int64_t now_ms, int64_t *due_r, struct nw_err *err)
{
	nw_db_reading(st);
	if (st->once_ms != 0)
		return nw_db_get(st, NW_SQL_DUE_TARGET_SINCE, NW_ARGS(nw_db_int(now_ms), nw_db_int(st->once_ms)),
			   NW_STORE_NEVER, due_r, err) == -1 ? -1 : 0;
	return nw_db_get(st, NW_SQL_DUE_TARGET, NW_NO_ARGS, NW_STORE_NEVER, due_r, err) == -1 ? -1 : 0;
}
