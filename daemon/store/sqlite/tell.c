#include <stdio.h>

#include "store/sqlite/db.h"
#include "store/sqlite/event.h"
#include "store/sqlite/idhash.h"
#include "store/sqlite/read.h"
#include "store/store_tell.h"

/* A notice and its outbox rows: 1 told, 0 it was before.  ${episode}: "" or what tells two of one key apart. */
static int
tell(struct nw_store *st, const struct nw_store_notice *n, struct nw_str episode, int64_t now_ms,
    struct nw_err *err)
{
	char id[NW_STORE_ID_LEN + 1];

	nw_idhash_make((struct nw_str[]){nw_str("notice"), n->key, episode}, 3, id);
	if (nw_db_run(st, NW_SQL_NOTICE_ADD,
		NW_ARGS(nw_db_text(id), nw_db_str(n->key), nw_db_str(n->source), nw_db_int(n->severity),
		    nw_db_int(now_ms), nw_db_str(n->subject), nw_db_str(n->text)),
		err) == -1)
		return -1;
	if (nw_db_changes(st) == 0)
		return 0;
	for (uint32_t i = 0; i < n->nchannels; i++)
		if (nw_db_run(st, NW_SQL_NOTICE_OUTBOX,
			NW_ARGS(nw_db_text(id), nw_db_str(n->channels[i]), nw_db_int(n->severity),
			    nw_db_int(now_ms)),
			err) == -1)
			return -1;
	return nw_event_add(st, now_ms, "told", nw_str(id), n->subject, err) == -1 ? -1 : 1;
}

int
nw_store_tell(struct nw_store *st, const struct nw_store_notice *n, int64_t now_ms, struct nw_err *err)
{
	int rc;

	if (nw_db_begin(st, err) == -1)
		return -1;
	rc = tell(st, n, NW_STR(""), now_ms, err);
	if (rc != -1 && n->report_of.len > 0 &&
	    nw_db_run(st, NW_SQL_REPORT_MADE, NW_ARGS(nw_db_str(n->report_of)), err) == -1)
		rc = -1;
	return nw_db_end(st, rc, n->report_of.len > 0 ? NW_DB_GROUP : NW_DB_NOW, err);
}

/* --- conditions ------------------------------------------------------------------------------------------------- */

/* How often it was raised, and whether it stands. */
static int
condition_get(struct nw_store *st, struct nw_str key, int64_t *episode_r, int *stands_r, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int rc = nw_db_row(st, NW_SQL_CONDITION_GET, NW_ARGS(nw_db_str(key)), &row, err);

	*episode_r = 0;
	*stands_r = 0;
	if (rc != 1)
		return rc;
	*episode_r = nw_db_col_int(row, 0);
	*stands_r = nw_db_col_int(row, 1) != 0;
	nw_db_done(row);
	return 0;
}

static int
tell_episode(struct nw_store *st, const struct nw_store_notice *n, const char *what, int64_t episode,
    int64_t now_ms, struct nw_err *err)
{
	char text[40];

	(void)snprintf(text, sizeof(text), "%s/%lld", what, (long long)episode);
	if (nw_event_add(st, now_ms, what, n->key, n->subject, err) == -1)
		return -1;
	return tell(st, n, nw_str(text), now_ms, err) == -1 ? -1 : 1;
}

static int
raise_condition(struct nw_store *st, const struct nw_store_notice *n, int64_t now_ms, struct nw_err *err)
{
	int64_t episode;
	int stands;

	if (condition_get(st, n->key, &episode, &stands, err) == -1)
		return -1;
	if (stands)
		return 0;
	if (nw_db_run(st, NW_SQL_CONDITION_RAISE,
		NW_ARGS(nw_db_str(n->key), nw_db_str(n->source), nw_db_int(n->severity), nw_db_int(now_ms),
		    nw_db_str(n->subject), nw_db_str(n->text)),
		err) == -1)
		return -1;
	return tell_episode(st, n, "raised", episode + 1, now_ms, err);
}

static int
clear_condition(struct nw_store *st, const struct nw_store_notice *n, int64_t now_ms, struct nw_err *err)
{
	int64_t episode;
	int stands;

	if (condition_get(st, n->key, &episode, &stands, err) == -1)
		return -1;
	if (!stands)
		return 0;
	if (nw_db_run(st, NW_SQL_CONDITION_CLEAR, NW_ARGS(nw_db_str(n->key), nw_db_int(now_ms)), err) == -1)
		return -1;
	return tell_episode(st, n, "cleared", episode, now_ms, err);
}

int
nw_store_condition_raise(
    struct nw_store *st, const struct nw_store_notice *n, int64_t now_ms, struct nw_err *err)
{
	int rc;

	if (nw_db_begin(st, err) == -1)
		return -1;
	rc = raise_condition(st, n, now_ms, err);
	return nw_db_end(st, rc, rc == 1 ? NW_DB_NOW : NW_DB_GROUP, err);
}

int
nw_store_condition_clear(
    struct nw_store *st, const struct nw_store_notice *n, int64_t now_ms, struct nw_err *err)
{
	int rc;

	if (nw_db_begin(st, err) == -1)
		return -1;
	rc = clear_condition(st, n, now_ms, err);
	return nw_db_end(st, rc, rc == 1 ? NW_DB_NOW : NW_DB_GROUP, err);
}

int
nw_store_condition_again(struct nw_store *st, struct nw_str key, int64_t now_ms, struct nw_err *err)
{
	return nw_db_alone(st, NW_SQL_CONDITION_AGAIN, NW_ARGS(nw_db_str(key), nw_db_int(now_ms)), NW_DB_GROUP, err) == -1 ? -1
															     : 0;
}

/* --- counts ----------------------------------------------------------------------------------------------------- */

int
nw_store_streak_set(struct nw_store *st, struct nw_str key, uint32_t n, struct nw_err *err)
{
	int rc = n > 0 ? nw_db_alone(st, NW_SQL_STREAK_SET, NW_ARGS(nw_db_str(key), nw_db_int(n)), NW_DB_GROUP, err)
		       : nw_db_alone(st, NW_SQL_STREAK_END, NW_ARGS(nw_db_str(key)), NW_DB_GROUP, err);

	return rc == -1 ? -1 : 0;
}

struct counts {
	nw_store_streak_fn *fn;
	nw_store_name_fn *name;
	void *cookie;
};

static int
streak_row(void *cookie, sqlite3_stmt *r)
{
	struct counts *c = cookie;

	return c->fn(c->cookie, nw_db_col_str(r, 0), nw_db_col_u32(r, 1));
}

int
nw_store_streaks(struct nw_store *st, nw_store_streak_fn *fn, void *cookie, struct nw_err *err)
{
	struct counts c = {.fn = fn, .cookie = cookie};

	return nw_read_rows(st, NW_SQL_STREAKS, NW_NO_ARGS, streak_row, &c, err);
}

static int
owed_row(void *cookie, sqlite3_stmt *r)
{
	struct counts *c = cookie;

	return c->name(c->cookie, nw_db_col_str(r, 0));
}

int
nw_store_reports_owed(struct nw_store *st, nw_store_name_fn *fn, void *cookie, struct nw_err *err)
{
	struct counts c = {.name = fn, .cookie = cookie};

	return nw_read_rows(st, NW_SQL_REPORTS_OWED, NW_NO_ARGS, owed_row, &c, err);
}

int
nw_store_baseline_get(
    struct nw_store *st, struct nw_str source, struct nw_store_baseline *baseline_r, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int rc;

	nw_db_reading(st);
	if ((rc = nw_db_row(st, NW_SQL_BASELINE_COUNT, NW_ARGS(nw_db_str(source)), &row, err)) == -1)
		return -1;
	*baseline_r = (struct nw_store_baseline){0};
	if (rc == 0)
		return 0;
	*baseline_r =
	    (struct nw_store_baseline){nw_db_col_u32(row, 0), nw_db_col_u32(row, 1), nw_db_col_u32(row, 2)};
	nw_db_done(row);
	return 0;
}
