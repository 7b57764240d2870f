#include <stdio.h>

#include "base/buf.h"
#include "store/sqlite/db.h"
#include "store/sqlite/drop.h"
#include "store/sqlite/event.h"
#include "store/sqlite/prefix.h"
#include "store/store_tell.h"

/* "who: text" as an event's text. */
static int
said(struct nw_store *st, int64_t now_ms, const char *kind, struct nw_str ref, struct nw_str who,
    struct nw_str text, struct nw_err *err)
{
	struct nw_buf b = {0};
	int rc;

	nw_buf_addstr(&b, who);
	nw_buf_adds(&b, ": ");
	nw_buf_addstr(&b, text);
	rc = nw_event_add(st, now_ms, kind, ref, nw_buf_str(&b), err);
	nw_buf_done(&b);
	return rc;
}

static int
ack(struct nw_store *st, struct nw_str alert, struct nw_str who, struct nw_str note, int64_t now_ms,
    struct nw_err *err)
{
	char id[NW_STORE_ID_LEN + 1];
	int rc = nw_prefix_find(st, NW_SQL_ALERT_PREFIX, alert, id, err);

	if (rc != 1)
		return rc;
	if (nw_db_run(st, NW_SQL_ALERT_ACK, NW_ARGS(nw_db_text(id), nw_db_int(now_ms), nw_db_str(who)),
		err) == -1 ||
	    said(st, now_ms, "acknowledged", nw_str(id), who, note, err) == -1)
		return -1;
	return 1;
}

int
nw_store_ack(struct nw_store *st, struct nw_str alert, struct nw_str who, struct nw_str note, int64_t now_ms,
    struct nw_err *err)
{
	if (nw_db_begin(st, err) == -1)
		return -1;
	return nw_db_end(st, ack(st, alert, who, note, now_ms, err), NW_DB_NOW, err);
}

static int
review(struct nw_store *st, struct nw_str alert, struct nw_str verdict, struct nw_str reason,
    struct nw_str who, int64_t now_ms, struct nw_err *err)
{
	char id[NW_STORE_ID_LEN + 1];
	struct nw_buf b = {0};
	int rc = nw_prefix_find(st, NW_SQL_ALERT_PREFIX, alert, id, err);

	if (rc != 1)
		return rc;
	nw_buf_addstr(&b, verdict);
	nw_buf_adds(&b, ", ");
	nw_buf_addstr(&b, reason);
	rc = nw_db_run(st, NW_SQL_REVIEW_ADD,
	    NW_ARGS(nw_db_text(id), nw_db_int(now_ms), nw_db_str(who), nw_db_str(verdict), nw_db_str(reason)),
	    err);
	if (rc == 0)
		rc = said(st, now_ms, "reviewed", nw_str(id), who, nw_buf_str(&b), err);
	nw_buf_done(&b);
	return rc == 0 ? 1 : -1;
}

int
nw_store_review(struct nw_store *st, struct nw_str alert, struct nw_str verdict, struct nw_str reason,
    struct nw_str who, int64_t now_ms, struct nw_err *err)
{
	if (nw_db_begin(st, err) == -1)
		return -1;
	return nw_db_end(st, review(st, alert, verdict, reason, who, now_ms, err), NW_DB_NOW, err);
}

/* --- send again, or not at all ---------------------------------------------------------------------------------- */

/* What is done to a delivery, and the queries that find it by its own id, its alert's, its message's. */
struct deed {
	int (*do_one)(struct nw_store *, const char *id, struct nw_str who, int64_t now_ms, struct nw_err *);
	enum nw_sql own, of_alert, of_message;
	/* done to what is in no message yet; NULL: nothing */
	int (*outbox)(struct nw_store *, const struct nw_prefix *, struct nw_str who, int64_t now_ms, uint32_t *n, struct nw_err *);
};

static int
resend_one(struct nw_store *st, const char *id, struct nw_str who, int64_t now_ms, struct nw_err *err)
{
	int rc = nw_drop_undo(st, id, now_ms, err);

	if (rc == -1)
		return -1;
	if (rc == 0 && (nw_db_run(st, NW_SQL_RESEND_MESSAGE, NW_ARGS(nw_db_text(id), nw_db_int(now_ms)), err) == -1 ||
			   nw_db_run(st, NW_SQL_RESEND, NW_ARGS(nw_db_text(id), nw_db_int(now_ms)), err) == -1))
		return -1;
	return nw_event_add(st, now_ms, "resent", nw_str(id), who, err);
}

static int
drop_one(struct nw_store *st, const char *id, struct nw_str who, int64_t now_ms, struct nw_err *err)
{
	if (nw_db_run(st, NW_SQL_DROP, NW_ARGS(nw_db_text(id), nw_db_int(now_ms)), err) == -1)
		return -1;
	return nw_event_add(st, now_ms, "dropped", nw_str(id), who, err);
}

/* Whose deliveries are meant: prefixes of ids. */
struct whose {
	struct nw_str prefix, who;
	struct nw_prefix range;
	int64_t now_ms;
};

/* Every delivery of an alert or of a message, by the query that finds them. */
static int
each_of(struct nw_store *st, const struct deed *deed, enum nw_sql of, const struct whose *w, uint32_t *n, struct nw_err *err)
{
	char id[NW_STORE_ID_LEN + 1] = "";
	sqlite3_stmt *row = NULL;
	int rc;

	while ((rc = nw_db_row(st, of, NW_ARGS(nw_db_text(w->range.from), nw_db_text(w->range.to), nw_db_text(id)), &row,
		    err)) == 1) {
		(void)snprintf(id, sizeof(id), "%s", nw_db_col_str(row, 0).p);
		nw_db_done(row);
		if (deed->do_one(st, id, w->who, w->now_ms, err) == -1)
			return -1;
		++*n;
	}
	return rc == -1 ? -1 : *n > 0;
}

static int
find_and_do(struct nw_store *st, const struct deed *deed, struct whose *w, uint32_t *n, struct nw_err *err)
{
	char id[NW_STORE_ID_LEN + 1];
	int rc;

	if (!nw_prefix_make(w->prefix, &w->range))
		return 0;
	if ((rc = nw_prefix_find(st, deed->own, w->prefix, id, err)) == -1)
		return -1;
	if (rc == 1) {
		*n = 1;
		return deed->do_one(st, id, w->who, w->now_ms, err) == -1 ? -1 : 1;
	}
	if ((rc = nw_prefix_find(st, NW_SQL_ALERT_PREFIX, w->prefix, id, err)) == -1)
		return -1;
	if (rc == 1 && deed->outbox != NULL && deed->outbox(st, &w->range, w->who, w->now_ms, n, err) == -1)
		return -1;
	if (rc == 1)
		return each_of(st, deed, deed->of_alert, w, n, err);
	if ((rc = nw_prefix_find(st, NW_SQL_MESSAGE_PREFIX, w->prefix, id, err)) != 1)
		return rc;
	return each_of(st, deed, deed->of_message, w, n, err);
}

static int
in_one(struct nw_store *st, const struct deed *deed, struct whose *w, uint32_t *n_r, struct nw_err *err)
{
	uint32_t n = 0;
	int rc;

	if (nw_db_begin(st, err) == -1)
		return -1;
	if ((rc = nw_db_end(st, find_and_do(st, deed, w, &n, err), NW_DB_NOW, err)) != -1)
		*n_r = n;
	return rc;
}

int
nw_store_resend(struct nw_store *st, struct nw_str id, struct nw_str who, int64_t now_ms, uint32_t *n_r,
    struct nw_err *err)
{
	static const struct deed deed = {
	    resend_one, NW_SQL_RESEND_DELIVERY, NW_SQL_RESEND_ALERT, NW_SQL_RESEND_OF_MESSAGE, NULL};
	struct whose w = {.prefix = id, .who = who, .now_ms = now_ms};

	return in_one(st, &deed, &w, n_r, err);
}

int
nw_store_drop(struct nw_store *st, struct nw_str id, struct nw_str who, int64_t now_ms, uint32_t *n_r, struct nw_err *err)
{
	static const struct deed deed = {drop_one, NW_SQL_DROP_DELIVERY, NW_SQL_DROP_OF_ALERT, NW_SQL_DROP_OF_MESSAGE,
	    nw_drop_of_alert};
	struct whose w = {.prefix = id, .who = who, .now_ms = now_ms};

	return in_one(st, &deed, &w, n_r, err);
}

static int
drop_all(struct nw_store *st, struct nw_str channel, int waiting, struct nw_str who, int64_t now_ms, uint32_t *n,
    struct nw_err *err)
{
	const struct nw_arg now = nw_db_int(now_ms), of = nw_db_str(channel), too = nw_db_int(waiting);

	if (nw_db_run(st, NW_SQL_DROP_ALL_EVENT, NW_ARGS(now, of, nw_db_str(who), too), err) == -1 ||
	    nw_db_run(st, NW_SQL_DROP_ALL, NW_ARGS(now, of, too), err) == -1)
		return -1;
	*n = (uint32_t)nw_db_changes(st);
	return waiting ? nw_drop_waiting(st, channel, who, now_ms, n, err) : 0;
}

int
nw_store_drop_all(struct nw_store *st, struct nw_str channel, int waiting, struct nw_str who, int64_t now_ms, uint32_t *n_r,
    struct nw_err *err)
{
	uint32_t n = 0;

	if (nw_db_begin(st, err) == -1 ||
	    nw_db_end(st, drop_all(st, channel, waiting, who, now_ms, &n, err), NW_DB_NOW, err) == -1)
		return -1;
	*n_r = n;
	return 0;
}

int
nw_store_channel_waiting(struct nw_store *st, struct nw_str channel, uint32_t *n_r, struct nw_err *err)
{
	int64_t n = 0;

	if (nw_db_get(st, NW_SQL_CHANNEL_WAITING, NW_ARGS(nw_db_str(channel)), 0, &n, err) == -1)
		return -1;
	*n_r = (uint32_t)n;
	return 0;
}

int
nw_store_held_since(struct nw_store *st, uint32_t *n_r, struct nw_err *err)
{
	int64_t n = 0;

	if (nw_db_get(st, NW_SQL_HELD_SINCE, NW_NO_ARGS, 0, &n, err) == -1)
		return -1;
	*n_r = (uint32_t)n;
	return 0;
}

static int
resend_state(struct nw_store *st, struct nw_str state, struct nw_str channel, struct nw_str who, int64_t now_ms,
    uint32_t *n, struct nw_err *err)
{
	const struct nw_arg event[] = {nw_db_str(state), nw_db_int(now_ms), nw_db_str(channel), nw_db_str(who)};

	if (nw_db_run(st, NW_SQL_RESEND_STATE_EVENT, event, 4, err) == -1 ||
	    nw_db_run(st, NW_SQL_RESEND_STATE_MESSAGE, event, 3, err) == -1 ||
	    nw_db_run(st, NW_SQL_RESEND_STATE, event, 3, err) == -1)
		return -1;
	*n = (uint32_t)nw_db_changes(st);
	return 0;
}

int
nw_store_resend_state(struct nw_store *st, struct nw_str state, struct nw_str channel, struct nw_str who, int64_t now_ms,
    uint32_t *n_r, struct nw_err *err)
{
	uint32_t n = 0;

	if (!nw_str_is(state, "failed") && !nw_str_is(state, "held"))
		return nw_fail(err, NW_EINPUT, "all that failed or all that is held can be sent again, nothing else");
	if (nw_db_begin(st, err) == -1 ||
	    nw_db_end(st, resend_state(st, state, channel, who, now_ms, &n, err), NW_DB_NOW, err) == -1)
		return -1;
	*n_r = n;
	return 0;
}

/* --- silences --------------------------------------------------------------------------------------------------- */

int
nw_store_silence_add(struct nw_store *st, const struct nw_store_silence *s, int64_t *id_r, struct nw_err *err)
{
	int64_t id = 0;
	int rc;

	if (nw_db_begin(st, err) == -1)
		return -1;
	rc = nw_db_run(st, NW_SQL_SILENCE_ADD,
	    NW_ARGS(nw_db_str(s->watch), nw_db_str(s->source), nw_db_str(s->channel), nw_db_int(s->from_ms),
		nw_db_int(s->until_ms), nw_db_str(s->who), nw_db_str(s->reason)),
	    err);
	if (rc == 0) {
		id = nw_db_last_id(st);
		rc = said(st, s->from_ms, "silenced", s->watch, s->who, s->reason, err);
	}
	if (nw_db_end(st, rc, NW_DB_NOW, err) == -1)
		return -1;
	*id_r = id;
	return 0;
}

int
nw_store_silence_end(struct nw_store *st, int64_t id, struct nw_str who, int64_t now_ms, struct nw_err *err)
{
	int rc;

	if (nw_db_begin(st, err) == -1)
		return -1;
	if ((rc = nw_db_run(st, NW_SQL_SILENCE_END, NW_ARGS(nw_db_int(id), nw_db_int(now_ms)), err)) == 0 &&
	    (rc = nw_db_changes(st) > 0) == 1 &&
	    (nw_db_run(st, NW_SQL_SILENCE_LIFT, NW_ARGS(nw_db_int(now_ms)), err) == -1 ||
		said(st, now_ms, "silenced", NW_STR(""), who, NW_STR("ended"), err) == -1))
		rc = -1;
	return nw_db_end(st, rc, NW_DB_NOW, err);
}
