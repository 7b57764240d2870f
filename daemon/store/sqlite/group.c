#include "base/arena.h"
#include "store/sqlite/db.h"
#include "store/store_outbox.h"

/* Whether a group is among the n found; floods have few groups or many short ones, never both in one call. */
static int
is_among(const struct nw_store_group *g, uint32_t n, struct nw_str channel, struct nw_str key)
{
	while (n-- > 0)
		if (nw_str_eq(g[n].key, key) && nw_str_eq(g[n].channel, channel))
			return 1;
	return 0;
}

/* The groups of the rows that ${row} stands on; ${rc} is what starting the statement gave. */
static int
collect_groups(struct nw_store *st, int rc, sqlite3_stmt *row, uint32_t max, struct nw_arena *a,
    struct nw_store_group *g, uint32_t *n_r, struct nw_err *err)
{
	uint32_t n = 0;

	for (; rc == 1 && n < max; rc = nw_db_next(st, row, err)) {
		if (is_among(g, n, nw_db_col_str(row, 0), nw_db_col_str(row, 1)))
			continue;
		g[n].channel = nw_db_col_dup(row, 0, a);
		g[n].key = nw_db_col_dup(row, 1, a);
		if (g[n].channel.p == NULL || g[n].key.p == NULL) {
			nw_db_done(row);
			return nw_db_nomem(err);
		}
		n++;
	}
	if (rc == -1)
		return -1;
	nw_db_done(rc == 1 ? row : NULL);
	*n_r = n;
	return 0;
}

static int
describe(struct nw_store *st, struct nw_store_group *g, struct nw_arena *a, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int64_t first;
	int rc = nw_db_row(st, NW_SQL_GROUP_OF, NW_ARGS(nw_db_str(g->channel), nw_db_str(g->key)), &row, err);

	if (rc != 1)
		return rc;
	g->due_ms = nw_db_col_int(row, 0);
	g->since_ms = nw_db_col_int(row, 1);
	g->severity = nw_db_col_u32(row, 2);
	g->alerts = nw_db_col_u32(row, 3);
	first = nw_db_col_int(row, 4);
	nw_db_done(row);
	if ((rc = nw_db_row(st, NW_SQL_OUTBOX_ABOUT, NW_ARGS(nw_db_int(first)), &row, err)) != 1)
		return rc;
	g->watch = nw_db_col_dup(row, 0, a);
	g->source = nw_db_col_dup(row, 1, a);
	g->notice = nw_db_col_u32(row, 3);
	g->escalate_at_ms = NW_TIME_NONE;
	nw_db_done(row);
	return g->watch.p != NULL && g->source.p != NULL ? 0 : nw_db_nomem(err);
}

static int
list_groups(struct nw_store *st, int rc, sqlite3_stmt *row, uint32_t max, struct nw_arena *a,
    struct nw_store_group **groups_r, uint32_t *n_r, struct nw_err *err)
{
	struct nw_store_group *g = nw_arena_array(a, max, sizeof(*g));
	uint32_t n = 0;

	if (g == NULL) {
		nw_db_done(rc == 1 ? row : NULL);
		return nw_db_nomem(err);
	}
	if (collect_groups(st, rc, row, max, a, g, &n, err) == -1)
		return -1;
	for (uint32_t i = 0; i < n; i++)
		if (describe(st, &g[i], a, err) == -1)
			return -1;
	*groups_r = g;
	*n_r = n;
	return 0;
}

int
nw_store_group_due(struct nw_store *st, int64_t now_ms, uint32_t max, struct nw_arena *a,
    struct nw_store_group **groups_r, uint32_t *n_r, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int rc = nw_db_row(st, NW_SQL_GROUP_ROWS, NW_ARGS(nw_db_int(now_ms)), &row, err);

	return list_groups(st, rc, row, max, a, groups_r, n_r, err);
}

int
nw_store_group_waiting(struct nw_store *st, uint32_t max, struct nw_arena *a,
    struct nw_store_group **groups_r, uint32_t *n_r, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int rc = nw_db_row(st, NW_SQL_GROUP_ROWS_WAITING, NW_NO_ARGS, &row, err);

	return list_groups(st, rc, row, max, a, groups_r, n_r, err);
}

int
nw_store_group_move(struct nw_store *st, const struct nw_store_group *g, int64_t due_ms, struct nw_str key,
    struct nw_str reason, struct nw_err *err)
{
	int rc;

	if (nw_db_begin(st, err) == -1)
		return -1;
	rc = nw_db_run(st, NW_SQL_GROUP_MOVE,
	    NW_ARGS(nw_db_str(g->channel), nw_db_str(g->key), nw_db_int(due_ms), nw_db_str(key),
		nw_db_str(reason)),
	    err);
	return nw_db_end(st, rc, NW_DB_GROUP, err);
}

int
nw_store_message_nth(
    struct nw_store *st, struct nw_str channel, uint32_t nth, int64_t *at_ms_r, struct nw_err *err)
{
	*at_ms_r = NW_TIME_NONE;
	return nw_db_get(st, NW_SQL_MESSAGE_NTH, NW_ARGS(nw_db_str(channel), nw_db_int(nth)), NW_TIME_NONE,
	    at_ms_r, err) == -1 ? -1 : 0;
}

int
nw_store_alert_nth(
    struct nw_store *st, struct nw_str watch, uint32_t nth, int64_t *at_ms_r, struct nw_err *err)
{
	*at_ms_r = NW_TIME_NONE;
	return nw_db_get(st, NW_SQL_ALERT_NTH, NW_ARGS(nw_db_str(watch), nw_db_int(nth)), NW_TIME_NONE, at_ms_r,
	    err) == -1 ? -1 : 0;
}

/* 1 some of the group are silenced and wait apart from it now. */
static int
hold(struct nw_store *st, const struct nw_store_group *g, int64_t now_ms, struct nw_err *err)
{
	if (nw_db_run(st, NW_SQL_SILENCE_HOLD,
		NW_ARGS(nw_db_str(g->channel), nw_db_str(g->key), nw_db_int(now_ms)), err) == -1)
		return -1;
	return nw_db_changes(st) > 0;
}

int
nw_store_silence_hold(struct nw_store *st, const struct nw_store_group *g, int64_t now_ms, struct nw_err *err)
{
	int64_t any = 0;
	int rc = nw_db_get(st, NW_SQL_SILENCE_ANY, NW_ARGS(nw_db_int(now_ms)), 0, &any, err);

	if (rc != 1)
		return rc;
	if (nw_db_begin(st, err) == -1)
		return -1;
	return nw_db_end(st, hold(st, g, now_ms, err), NW_DB_GROUP, err);
}
