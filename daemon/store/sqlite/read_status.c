#include "store/sqlite/migrate.h"
#include "store/sqlite/read.h"

#define DAY_MS INT64_C(86400000)

/* Columns of one row into integers; NULL gives NW_TIME_NONE. */
static int
row_of(struct nw_store *st, enum nw_sql q, const struct nw_arg *args, size_t n, int64_t *const *out,
    size_t nout, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int rc = nw_db_row(st, q, args, n, &row, err);

	if (rc != 1)
		return rc;
	for (size_t i = 0; i < nout; i++)
		*out[i] = nw_db_col_time(row, (int)i);
	nw_db_done(row);
	return 0;
}

#define INTO(...) (int64_t *const[]){__VA_ARGS__}, sizeof((int64_t *const[]){__VA_ARGS__}) / sizeof(int64_t *)

static int
count_work(struct nw_store *st, int64_t now_ms, struct nw_store_counts *c, struct nw_err *err)
{
	int64_t day = 0;

	if (row_of(st, NW_SQL_COUNT_SOURCES, NW_NO_ARGS,
		INTO(&c->sources, &c->sources_failing, &c->sources_gone, &c->articles, &c->last_article_ms),
		err) == -1 ||
	    row_of(st, NW_SQL_COUNT_TARGETS, NW_ARGS(nw_db_int(now_ms)),
		INTO(&c->targets, &c->targets_overdue, &c->last_poll_ms), err) == -1 ||
	    row_of(st, NW_SQL_COUNT_TEXTS, NW_NO_ARGS,
		INTO(&c->revisions, &c->documents, &c->pending, &c->near_misses), err) == -1 ||
	    nw_store_revision_since(st, now_ms - DAY_MS, &day, err) == -1)
		return -1;
	if (day == 0)
		return 0;
	return row_of(st, NW_SQL_COUNT_NEW, NW_ARGS(nw_db_int(day)), INTO(&c->articles_day), err);
}

static int
count_sending(struct nw_store *st, int64_t now_ms, struct nw_store_counts *c, struct nw_err *err)
{
	int64_t waiting_ms = NW_TIME_NONE, undelivered_ms = NW_TIME_NONE;

	if (row_of(st, NW_SQL_COUNT_ALERTS, NW_ARGS(nw_db_int(now_ms - DAY_MS)),
		INTO(&c->alerts, &c->alerts_muted, &c->alerts_day), err) == -1 ||
	    row_of(st, NW_SQL_COUNT_OUTBOX, NW_NO_ARGS, INTO(&c->outbox_waiting, &waiting_ms, &c->unrendered),
		err) == -1 ||
	    row_of(st, NW_SQL_COUNT_DELIVERIES, NW_ARGS(nw_db_int(now_ms)),
		INTO(&c->deliveries_due, &c->deliveries_deferred, &c->deliveries_sending,
		    &c->deliveries_failed, &c->deliveries_held, &undelivered_ms),
		err) == -1 ||
	    row_of(st, NW_SQL_COUNT_DELIVERED, NW_ARGS(nw_db_int(now_ms - DAY_MS)),
		INTO(&c->delivered, &c->delivered_day), err) == -1)
		return -1;
	c->oldest_undelivered_ms = undelivered_ms;
	if (waiting_ms != NW_TIME_NONE && (undelivered_ms == NW_TIME_NONE || waiting_ms < undelivered_ms))
		c->oldest_undelivered_ms = waiting_ms;
	return 0;
}

int
nw_store_counts(struct nw_store *st, int64_t now_ms, struct nw_store_counts *counts_r, struct nw_err *err)
{
	struct nw_store_counts c = {.last_article_ms = NW_TIME_NONE, .last_poll_ms = NW_TIME_NONE};

	nw_db_reading(st);
	if (count_work(st, now_ms, &c, err) == -1 || count_sending(st, now_ms, &c, err) == -1)
		return -1;
	c.schema = nw_migrate_version();
	*counts_r = c;
	return 0;
}

/* --- sources ---------------------------------------------------------------------------------------------------- */

struct source_rows {
	nw_store_source_fn *fn;
	void *cookie;
};

static int
source_row(void *cookie, sqlite3_stmt *r)
{
	static const char *const identity[] = {"", "guid", "url", "title"};
	struct source_rows *s = cookie;
	struct nw_store_source_row out = {
	    .id = nw_db_col_int(r, 0),
	    .name = nw_db_col_str(r, 1),
	    .title = nw_db_col_str(r, 2),
	    .identity = nw_str(identity[nw_db_col_u32(r, 3) & 3]),
	    .enabled = nw_db_col_u32(r, 4),
	    .targets = nw_db_col_u32(r, 5),
	    .failures = nw_db_col_u32(r, 6),
	    .items_last = nw_db_col_u32(r, 7),
	    .items_usual = (nw_db_col_int(r, 8) + 8) / 16,
	    .first_read_ms = nw_db_col_time(r, 9),
	    .last_read_ms = nw_db_col_time(r, 10),
	    .last_poll_ms = nw_db_col_time(r, 11),
	    .last_new_ms = nw_db_col_time(r, 12),
	    .failing_since_ms = nw_db_col_time(r, 13),
	    .next_due_ms = nw_db_col_time(r, 14),
	    .rhythm_ms = nw_db_col_int(r, 15),
	    .polls = nw_db_col_int(r, 16),
	    .unchanged = nw_db_col_int(r, 17),
	    .articles = nw_db_col_int(r, 18),
	    .last_error = nw_db_col_str(r, 19),
	    .charset = nw_db_col_str(r, 20),
	    .last_number = nw_db_col_str(r, 21),
	    .last_ok_ms = nw_db_col_time(r, 22),
	};

	return s->fn(s->cookie, &out);
}

int
nw_store_sources(struct nw_store *st, const struct nw_store_filter *f, nw_store_source_fn *fn, void *cookie,
    struct nw_err *err)
{
	struct source_rows s = {fn, cookie};

	return nw_read_rows(st, NW_SQL_LIST_SOURCES,
	    NW_ARGS(nw_db_str(f->source), nw_db_str(f->state), nw_db_int(f->before),
		nw_db_int(nw_read_limit(f->limit))),
	    source_row, &s, err);
}
