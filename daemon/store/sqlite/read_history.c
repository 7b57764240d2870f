#include "store/sqlite/prefix.h"
#include "store/sqlite/read.h"
#include "store/store_tell.h"

/* The program's callback, whichever it is. */
struct rows {
	nw_store_delivery_fn *delivery;
	nw_store_event_fn *event;
	nw_store_silence_fn *silence;
	nw_store_condition_fn *condition;
	nw_store_history_fn *history;
	void *cookie;
};

static int
delivery_row(void *cookie, sqlite3_stmt *r)
{
	struct rows *s = cookie;
	struct nw_store_delivery_row out = {
	    .seq = nw_db_col_int(r, 0),
	    .id = nw_db_col_str(r, 1),
	    .message = nw_db_col_str(r, 2),
	    .channel = nw_db_col_str(r, 3),
	    .recipient = nw_db_col_str(r, 4),
	    .state = nw_db_col_str(r, 5),
	    .subject = nw_db_col_str(r, 6),
	    .last_answer = nw_db_col_str(r, 7),
	    .attempts = nw_db_col_u32(r, 8),
	    .last_code = nw_db_col_u32(r, 9),
	    .severity = nw_db_col_u32(r, 10),
	    .alerts = nw_db_col_u32(r, 11),
	    .created_ms = nw_db_col_int(r, 12),
	    .next_ms = nw_db_col_int(r, 13),
	    .done_ms = nw_db_col_time(r, 14),
	};

	return s->delivery(s->cookie, &out);
}

int
nw_store_deliveries(struct nw_store *st, const struct nw_store_filter *f, nw_store_delivery_fn *fn,
    void *cookie, struct nw_err *err)
{
	struct rows s = {.delivery = fn, .cookie = cookie};
	struct nw_prefix p = {"", ""};

	if (f->text.len > 0 && !nw_prefix_make(f->text, &p))
		return nw_fail(err, NW_EINPUT, "'%.*s' is no id of an alert", (int)f->text.len, f->text.p);
	return nw_read_rows(st, NW_SQL_LIST_DELIVERIES,
	    NW_ARGS(nw_db_str(f->channel), nw_db_str(f->state), nw_db_time(f->since_ms),
		nw_db_time(f->until_ms), nw_db_int(f->before), nw_db_text(p.from), nw_db_text(p.to),
		nw_db_int(nw_read_limit(f->limit))),
	    delivery_row, &s, err);
}

static int
event_row(void *cookie, sqlite3_stmt *r)
{
	struct rows *s = cookie;
	struct nw_store_event_row out = {nw_db_col_int(r, 0), nw_db_col_int(r, 1), nw_db_col_str(r, 2),
	    nw_db_col_str(r, 3), nw_db_col_str(r, 4)};

	return s->event(s->cookie, &out);
}

int
nw_store_events(struct nw_store *st, const struct nw_store_filter *f, nw_store_event_fn *fn, void *cookie,
    struct nw_err *err)
{
	struct rows s = {.event = fn, .cookie = cookie};

	return nw_read_rows(st, f->text.len > 0 ? NW_SQL_EVENTS_OF : NW_SQL_LIST_EVENTS,
	    NW_ARGS(nw_db_str(f->kind), nw_db_str(f->text), nw_db_time(f->since_ms), nw_db_time(f->until_ms),
		nw_db_int(f->before), nw_db_int(nw_read_limit(f->limit))),
	    event_row, &s, err);
}

static int
history_row(void *cookie, sqlite3_stmt *r)
{
	struct rows *s = cookie;
	struct nw_store_history_row out = {nw_db_col_int(r, 0), nw_db_col_int(r, 1), nw_db_col_int(r, 2), nw_db_col_time(r, 3),
	    nw_db_col_u32(r, 4), nw_db_col_blob(r, 5), nw_db_col_str(r, 6), nw_db_col_str(r, 7), nw_db_col_str(r, 8)};

	return s->history(s->cookie, &out);
}

int
nw_store_history(struct nw_store *st, int64_t article, nw_store_history_fn *fn, void *cookie, struct nw_err *err)
{
	struct rows s = {.history = fn, .cookie = cookie};

	return nw_read_rows(st, NW_SQL_LIST_HISTORY, NW_ARGS(nw_db_int(article), nw_db_int(NW_STORE_ROWS_MAX)), history_row, &s,
	    err);
}

static int
silence_row(void *cookie, sqlite3_stmt *r)
{
	struct rows *s = cookie;
	struct nw_store_silence out = {
	    .id = nw_db_col_int(r, 0),
	    .watch = nw_db_col_str(r, 1),
	    .source = nw_db_col_str(r, 2),
	    .channel = nw_db_col_str(r, 3),
	    .who = nw_db_col_str(r, 4),
	    .reason = nw_db_col_str(r, 5),
	    .from_ms = nw_db_col_int(r, 6),
	    .until_ms = nw_db_col_int(r, 7),
	};

	return s->silence(s->cookie, &out);
}

int
nw_store_silences(
    struct nw_store *st, int64_t now_ms, nw_store_silence_fn *fn, void *cookie, struct nw_err *err)
{
	struct rows s = {.silence = fn, .cookie = cookie};

	return nw_read_rows(st, NW_SQL_LIST_SILENCES, NW_ARGS(nw_db_int(now_ms)), silence_row, &s, err);
}

static int
condition_row(void *cookie, sqlite3_stmt *r)
{
	struct rows *s = cookie;
	struct nw_store_condition_row out = {nw_db_col_str(r, 0), nw_db_col_str(r, 1), nw_db_col_str(r, 2),
	    nw_db_col_str(r, 3), nw_db_col_u32(r, 4), nw_db_col_int(r, 5), nw_db_col_int(r, 6)};

	return s->condition(s->cookie, &out);
}

int
nw_store_conditions(struct nw_store *st, nw_store_condition_fn *fn, void *cookie, struct nw_err *err)
{
	struct rows s = {.condition = fn, .cookie = cookie};

	return nw_read_rows(st, NW_SQL_LIST_CONDITIONS, NW_NO_ARGS, condition_row, &s, err);
}
