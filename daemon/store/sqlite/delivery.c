#include "base/arena.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "store/sqlite/db.h"
#include "store/sqlite/event.h"
#include "store/store_outbox.h"

#define ANSWER_MAX 512 /* bytes of a last answer */

/* Seconds to the next attempt after the 1st, 2nd, ... refusal; the last one repeats until the delivery is too old. */
static const int32_t retry_s[] = {5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400};

/* --- claim ------------------------------------------------------------------------------------------------------ */

int
nw_store_queues(struct nw_store *st, struct nw_arena *a, struct nw_store_queue **queues_r, uint32_t *n_r,
    struct nw_err *err)
{
	struct nw_store_queue *out = nw_arena_array(a, NW_STORE_CHANNELS_MAX, sizeof(*out));
	struct nw_str last = NW_STR("");
	sqlite3_stmt *row = NULL;
	uint32_t n = 0;
	int rc;

	if (out == NULL)
		return nw_db_nomem(err);
	/* from channel to channel, never along the deliveries that wait in one */
	while ((rc = nw_db_row(st, NW_SQL_DELIVERY_CHANNEL_NEXT, NW_ARGS(nw_db_str(last)), &row, err)) == 1) {
		int64_t next_ms = nw_db_col_int(row, 1);

		last = nw_db_col_dup(row, 0, a);
		nw_db_done(row);
		if (last.p == NULL)
			return nw_db_nomem(err);
		if (n < NW_STORE_CHANNELS_MAX)
			out[n++] = (struct nw_store_queue){last, next_ms};
	}
	if (rc == -1)
		return -1;
	*queues_r = out;
	*n_r = n;
	return 0;
}

static int
read_delivery(sqlite3_stmt *r, struct nw_arena *a, struct nw_store_delivery **out)
{
	struct nw_store_delivery *d = nw_arena_zalloc(a, sizeof(*d));
	struct nw_str id = nw_db_col_str(r, 0), message = nw_db_col_str(r, 1);

	if (d == NULL || id.len >= sizeof(d->id) || message.len >= sizeof(d->message))
		return -1;
	memcpy(d->id, id.p, id.len);
	memcpy(d->message, nw_db_col_str(r, 1).p, message.len);
	d->channel = nw_db_col_dup(r, 2, a);
	d->recipient = nw_db_col_dup(r, 3, a);
	d->watch = nw_db_col_dup(r, 4, a);
	d->subject = nw_db_col_dup(r, 5, a);
	d->text = nw_db_col_dup(r, 6, a);
	d->html = nw_db_col_dup(r, 7, a);
	d->json = nw_db_col_dup(r, 8, a);
	d->thread = nw_db_col_dup(r, 9, a);
	d->severity = nw_db_col_u32(r, 10);
	d->attempts = nw_db_col_u32(r, 11);
	d->date_ms = nw_db_col_int(r, 12);
	d->created_ms = nw_db_col_int(r, 13);
	*out = d;
	return d->channel.p != NULL && d->recipient.p != NULL && d->watch.p != NULL && d->subject.p != NULL &&
		       d->text.p != NULL && d->html.p != NULL && d->json.p != NULL && d->thread.p != NULL
		   ? 0
		   : -1;
}

int
nw_store_delivery_claim(struct nw_store *st, struct nw_str channel, int64_t now_ms, int64_t lease_ms,
    struct nw_arena *a, struct nw_store_delivery **delivery_r, struct nw_err *err)
{
	struct nw_store_delivery *d = NULL;
	sqlite3_stmt *row = NULL;
	int rc, bad;

	if (nw_db_begin(st, err) == -1)
		return -1;
	if ((rc = nw_db_row(
		 st, NW_SQL_DELIVERY_NEXT, NW_ARGS(nw_db_str(channel), nw_db_int(now_ms)), &row, err)) == 1) {
		bad = read_delivery(row, a, &d);
		nw_db_done(row);
		rc = bad ? nw_db_nomem(err)
			 : nw_db_run(st, NW_SQL_DELIVERY_LEASE,
			       NW_ARGS(nw_db_text(d->id), nw_db_int(now_ms + lease_ms)), err);
		rc = rc == 0 ? 1 : -1;
	}
	/* what leaves is on disk, so that a second copy is the same; a lease that is lost costs that second copy at most */
	if ((rc = nw_db_end(st, rc, rc == 1 && st->rendered ? NW_DB_NOW : NW_DB_GROUP, err)) == 1)
		*delivery_r = d;
	return rc;
}

/* --- outcome ---------------------------------------------------------------------------------------------------- */

struct sent {
	const char *id, *state;
	uint32_t attempts;
	int64_t made_ms, next_ms, done_ms;
};

/* Spread by a tenth either way, by the delivery's id: the same on every redoing. */
static int64_t
retry_at(const struct sent *s, int64_t now_ms, int64_t retry_after_ms)
{
	size_t last = sizeof(retry_s) / sizeof(*retry_s) - 1;
	int64_t wait = 1000LL * retry_s[s->attempts - 1 < last ? s->attempts - 1 : last];
	int64_t cap = NW_STORE_RETRY_MAX_S * 1000LL, after = retry_after_ms < cap ? retry_after_ms : cap;
	uint64_t spread = nw_hash64_seed(s->id, NW_STORE_ID_LEN, s->attempts) % 2001;

	wait += wait * ((int64_t)spread - 1000) / 10000;
	return now_ms + (wait > after ? wait : after);
}

static void
settle(struct sent *s, const struct nw_store_outcome *o, int64_t now_ms, struct nw_store_settled *out)
{
	int64_t age_ms = o->max_age_ms > 0 ? o->max_age_ms : NW_DELIVERY_AGE_S * 1000LL;

	s->attempts += o->result != NW_STORE_RETURNED;
	s->next_ms = now_ms;
	s->done_ms = NW_TIME_NONE;
	s->state = "deferred";
	out->state = NW_STORE_DEFERRED;
	if (o->result == NW_STORE_SENT) {
		s->state = "delivered";
		out->state = NW_STORE_DELIVERED;
		s->done_ms = now_ms;
	} else if (o->result == NW_STORE_LATER) {
		s->next_ms = retry_at(s, now_ms, o->retry_after_ms);
		out->gave_up = s->next_ms - s->made_ms > age_ms;
	}
	if (o->result == NW_STORE_REJECTED || out->gave_up) {
		s->state = "failed";
		out->state = NW_STORE_UNDELIVERABLE;
		s->done_ms = now_ms;
	}
	out->attempts = s->attempts;
	out->next_ms = s->next_ms;
}

static int
record(struct nw_store *st, struct sent *s, const struct nw_store_outcome *o, int64_t now_ms,
    struct nw_store_settled *out, struct nw_err *err)
{
	struct nw_str answer = {o->text.p, nw_utf8_cut(nw_str_or_empty(o->text), ANSWER_MAX)};

	settle(s, o, now_ms, out);
	if (nw_db_run(st, NW_SQL_DELIVERY_SAVE,
		NW_ARGS(nw_db_text(s->id), nw_db_text(s->state), nw_db_int(s->attempts),
		    nw_db_int(s->next_ms), nw_db_time(s->done_ms), nw_db_int(o->code), nw_db_str(answer)),
		err) == -1)
		return -1;
	if (out->state == NW_STORE_DEFERRED)
		return 0;
	return nw_event_add(st, now_ms, s->state, nw_str(s->id), answer, err);
}

/* A late answer to what was settled otherwise changes nothing. */
static int
is_open(struct nw_str state)
{
	return nw_str_is(state, "sending") || nw_str_is(state, "deferred") || nw_str_is(state, "pending");
}

int
nw_store_delivery_done(struct nw_store *st, const char *id, const struct nw_store_outcome *o, int64_t now_ms,
    struct nw_store_settled *settled_r, struct nw_err *err)
{
	struct nw_store_settled out = {.state = NW_STORE_DELIVERED};
	struct sent s = {.id = id};
	sqlite3_stmt *row = NULL;
	int rc, open = 0;

	if (nw_db_begin(st, err) == -1)
		return -1;
	if ((rc = nw_db_row(st, NW_SQL_DELIVERY_STATE, NW_ARGS(nw_db_text(id)), &row, err)) == 1) {
		open = is_open(nw_db_col_str(row, 0));
		s.attempts = nw_db_col_u32(row, 1);
		s.made_ms = nw_db_col_int(row, 2);
		nw_db_done(row);
		rc = open ? record(st, &s, o, now_ms, &out, err) : 0;
	} else if (rc == 0) {
		rc = nw_fail(err, NW_EINPUT, "store: there is no delivery %s", id);
	}
	if (nw_db_end(st, rc, NW_DB_GROUP, err) == -1)
		return -1;
	if (settled_r != NULL)
		*settled_r = out;
	return 0;
}

/* --- a channel as a whole --------------------------------------------------------------------------------------- */

int
nw_store_channel_hold(struct nw_store *st, struct nw_str channel, struct nw_str reason, int64_t now_ms,
    uint32_t *n_r, struct nw_err *err)
{
	int64_t n = 0;
	int rc;

	if (nw_db_begin(st, err) == -1)
		return -1;
	if ((rc = nw_db_run(st, NW_SQL_CHANNEL_HOLD, NW_ARGS(nw_db_str(channel), nw_db_str(reason)), err)) ==
		0 &&
	    (n = nw_db_changes(st)) > 0)
		rc = nw_event_add(st, now_ms, "held", channel, reason, err);
	if (nw_db_end(st, rc, NW_DB_NOW, err) == -1)
		return -1;
	*n_r = (uint32_t)n;
	return 0;
}

static int
release_groups(struct nw_store *st, struct nw_str channel, struct nw_str reason, int64_t now_ms, struct nw_err *err)
{
	return nw_db_run(st, NW_SQL_OUTBOX_RELEASE,
	    NW_ARGS(nw_db_str(channel), nw_db_int(now_ms), nw_db_str(reason)), err);
}

int
nw_store_outbox_release(struct nw_store *st, struct nw_str channel, struct nw_str reason, int64_t now_ms, struct nw_err *err)
{
	if (nw_db_begin(st, err) == -1)
		return -1;
	return nw_db_end(st, release_groups(st, channel, reason, now_ms, err), NW_DB_GROUP, err);
}

int
nw_store_channel_release(
    struct nw_store *st, struct nw_str channel, int64_t now_ms, uint32_t *n_r, struct nw_err *err)
{
	int64_t n = 0;
	int rc;

	if (nw_db_begin(st, err) == -1)
		return -1;
	if ((rc = nw_db_run(
		 st, NW_SQL_CHANNEL_RELEASE, NW_ARGS(nw_db_str(channel), nw_db_int(now_ms)), err)) == 0)
		n = nw_db_changes(st);
	if (rc == 0) /* and what stands before them, not yet a message */
		rc = release_groups(st, channel, NW_STR(NW_STORE_NO_CHANNEL), now_ms, err);
	if (nw_db_end(st, rc, NW_DB_NOW, err) == -1)
		return -1;
	*n_r = (uint32_t)n;
	return 0;
}
