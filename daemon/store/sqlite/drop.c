#include <stdio.h>

#include "base/arena.h"
#include "store/sqlite/db.h"
#include "store/sqlite/drop.h"
#include "store/sqlite/event.h"
#include "store/sqlite/message.h"

/* The message made of it is not rendered, and its delivery is addressed to nobody: its channel may be gone. */
static int
drop_group(struct nw_store *st, const struct nw_store_group *g, struct nw_str who, int64_t now_ms, struct nw_arena *a,
    uint32_t *n, struct nw_err *err)
{
	static const struct nw_str nobody = {"", 0};
	char message[NW_STORE_ID_LEN + 1], id[NW_STORE_ID_LEN + 1] = "";
	sqlite3_stmt *row = NULL;
	int rc = nw_message_make(st, g, &nobody, 1, now_ms, a, message, err);

	if (rc == 1)
		rc = nw_db_run(st, NW_SQL_RENDER_STOP, NW_ARGS(nw_db_text(message)), err) == -1
			 ? -1
			 : nw_db_row(st, NW_SQL_DELIVERY_OF_NOBODY, NW_ARGS(nw_db_text(message)), &row, err);
	if (rc != 1)
		return rc;
	(void)snprintf(id, sizeof(id), "%s", nw_db_col_str(row, 0).p);
	nw_db_done(row);
	++*n;
	return nw_db_run(st, NW_SQL_DROP, NW_ARGS(nw_db_text(id), nw_db_int(now_ms)), err) == -1 ||
		       nw_event_add(st, now_ms, "dropped", nw_str(id), who, err) == -1
		   ? -1
		   : 1;
}

/* Group by group, as ${next} finds them: each is gone from there once it is a message. */
static int
drop_all(struct nw_store *st, enum nw_sql next, const struct nw_arg *by, size_t nby, struct nw_str who, int64_t now_ms,
    uint32_t *n, struct nw_err *err)
{
	struct nw_store_group g = {.escalate_at_ms = NW_TIME_NONE};
	struct nw_arena *a = nw_arena_new(0);
	sqlite3_stmt *row = NULL;
	int rc = 1;

	if (a == NULL)
		return nw_db_nomem(err);
	while (rc == 1 && (rc = nw_db_row(st, next, by, nby, &row, err)) == 1) {
		nw_arena_reset(a);
		g.channel = nw_db_col_dup(row, 0, a);
		g.key = nw_db_col_dup(row, 1, a);
		nw_db_done(row);
		rc = g.channel.p == NULL || g.key.p == NULL ? nw_db_nomem(err) : drop_group(st, &g, who, now_ms, a, n, err);
	}
	nw_arena_free(a);
	return rc == -1 ? -1 : 0;
}

int
nw_drop_waiting(
    struct nw_store *st, struct nw_str channel, struct nw_str who, int64_t now_ms, uint32_t *n, struct nw_err *err)
{
	return drop_all(st, NW_SQL_DROP_NEXT_OF_CHANNEL, NW_ARGS(nw_db_str(channel)), who, now_ms, n, err);
}

int
nw_drop_of_alert(struct nw_store *st, const struct nw_prefix *range, struct nw_str who, int64_t now_ms, uint32_t *n,
    struct nw_err *err)
{
	/* apart from the others of its group, which go on waiting */
	if (nw_db_run(st, NW_SQL_DROP_APART, NW_ARGS(nw_db_text(range->from), nw_db_text(range->to)), err) == -1)
		return -1;
	return drop_all(st, NW_SQL_DROP_NEXT_OF_ALERT, NW_ARGS(nw_db_text(range->from), nw_db_text(range->to)), who, now_ms,
	    n, err);
}

int
nw_drop_undo(struct nw_store *st, const char *delivery, int64_t now_ms, struct nw_err *err)
{
	char message[NW_STORE_ID_LEN + 1];
	sqlite3_stmt *row = NULL;
	int rc = nw_db_row(st, NW_SQL_DROP_OF_NOBODY, NW_ARGS(nw_db_text(delivery)), &row, err);

	if (rc != 1)
		return rc;
	(void)snprintf(message, sizeof(message), "%s", nw_db_col_str(row, 0).p);
	nw_db_done(row);
	if (nw_db_run(st, NW_SQL_OUTBOX_BACK, NW_ARGS(nw_db_text(message), nw_db_int(now_ms)), err) == -1 ||
	    nw_db_run(st, NW_SQL_DELIVERY_DELETE, NW_ARGS(nw_db_text(delivery)), err) == -1 ||
	    nw_db_run(st, NW_SQL_MESSAGE_DELETE, NW_ARGS(nw_db_text(message)), err) == -1)
		return -1;
	return 1;
}
