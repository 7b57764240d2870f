#include "base/arena.h"
#include "store/sqlite/db.h"
#include "store/store_statement.h"

#define AWAY_FROM  "away_from" /* keys in meta */
#define AWAY_UNTIL "away_until"

static int
count_news(struct nw_store *st, int64_t since_ms, struct nw_store_statement *s, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int64_t n = 0;
	int rc;

	if (nw_db_get(st, NW_SQL_STATEMENT_ARTICLES, NW_ARGS(nw_db_int(since_ms)), 0, &n, err) == -1)
		return -1;
	s->articles = (uint32_t)n;
	if ((rc = nw_db_row(st, NW_SQL_STATEMENT_SOURCES, NW_ARGS(nw_db_int(since_ms)), &row, err)) == 1) {
		s->sources = nw_db_col_u32(row, 0);
		s->answered = nw_db_col_u32(row, 1);
		nw_db_done(row);
	}
	return rc == -1 ? -1 : 0;
}

static int
count_sent(struct nw_store *st, struct nw_str channel, int64_t since_ms, struct nw_arena *a,
    struct nw_store_statement *s, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int rc, bad = 0;

	if ((s->watch = nw_arena_array(a, NW_STATEMENT_LINES, sizeof(*s->watch))) == NULL)
		return nw_db_nomem(err);
	for (rc = nw_db_row(st, NW_SQL_STATEMENT_SENT, NW_ARGS(nw_db_str(channel), nw_db_int(since_ms)), &row, err);
	     rc == 1; rc = nw_db_next(st, row, err)) {
		s->messages += nw_db_col_u32(row, 1);
		s->alerts += nw_db_col_u32(row, 2);
		if (s->nwatch == NW_STATEMENT_LINES)
			continue;
		s->watch[s->nwatch] = (struct nw_store_statement_watch){
		    nw_db_col_dup(row, 0, a), nw_db_col_u32(row, 1), nw_db_col_u32(row, 2)};
		bad |= s->watch[s->nwatch++].name.p == NULL;
	}
	return rc == -1 ? -1 : bad ? nw_db_nomem(err) : 0;
}

static int
count_open(struct nw_store *st, struct nw_str channel, int64_t since_ms, struct nw_store_statement *s,
    struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int64_t waiting = 0;
	int rc;

	if (nw_db_get(st, NW_SQL_STATEMENT_WAITING, NW_ARGS(nw_db_str(channel)), 0, &waiting, err) == -1)
		return -1;
	s->waiting = (uint32_t)waiting;
	for (rc = nw_db_row(st, NW_SQL_STATEMENT_STATES, NW_ARGS(nw_db_str(channel), nw_db_int(since_ms)), &row, err);
	     rc == 1; rc = nw_db_next(st, row, err)) {
		struct nw_str state = nw_db_col_str(row, 0);
		uint32_t *n = nw_str_is(state, "failed") ? &s->failed : nw_str_is(state, "held") ? &s->held : &s->underway;

		*n += nw_db_col_u32(row, 1);
	}
	return rc;
}

int
nw_store_statement(struct nw_store *st, struct nw_str channel, int64_t since_ms, struct nw_arena *a,
    struct nw_store_statement *statement_r, struct nw_err *err)
{
	struct nw_store_statement s = {0};

	nw_db_reading(st);
	if (nw_db_get(st, NW_SQL_META_GET, NW_ARGS(nw_db_text("began")), 0, &s.began_ms, err) == -1 ||
	    nw_db_get(st, NW_SQL_META_GET, NW_ARGS(nw_db_text(AWAY_FROM)), 0, &s.away_from_ms, err) == -1 ||
	    nw_db_get(st, NW_SQL_META_GET, NW_ARGS(nw_db_text(AWAY_UNTIL)), 0, &s.away_until_ms, err) == -1)
		return -1;
	if (count_news(st, since_ms, &s, err) == -1 || count_sent(st, channel, since_ms, a, &s, err) == -1 ||
	    count_open(st, channel, since_ms, &s, err) == -1)
		return -1;
	*statement_r = s;
	return 0;
}

int
nw_store_away(struct nw_store *st, int64_t from_ms, int64_t now_ms, struct nw_err *err)
{
	int rc;

	if (nw_db_begin(st, err) == -1)
		return -1;
	rc = nw_db_run(st, NW_SQL_META_SET, NW_ARGS(nw_db_text(AWAY_FROM), nw_db_int(from_ms)), err);
	if (rc == 0)
		rc = nw_db_run(st, NW_SQL_META_SET, NW_ARGS(nw_db_text(AWAY_UNTIL), nw_db_int(now_ms)), err);
	return nw_db_end(st, rc, NW_DB_GROUP, err);
}
