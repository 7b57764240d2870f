#include <stdlib.h>

#include "base/arena.h"
#include "store/sqlite/db.h"
#include "store/sqlite/idhash.h"
#include "store/sqlite/message.h"

/* The rows that become one message. */
struct taken {
	int64_t *row; /* of outbox */
	struct nw_str *id; /* of alert or notice, in the same order */
	uint32_t n, severity, digest;
	uint32_t held; /* of them */
	int64_t story;
	struct nw_str watch;
};

static uint32_t
most_of(const struct nw_store_group *g)
{
	return g->most > 0 && g->most < NW_STORE_MESSAGE_ALERTS ? g->most : NW_STORE_MESSAGE_ALERTS;
}

static int
take_rows(struct nw_store *st, const struct nw_store_group *g, struct nw_arena *a, struct taken *t,
    struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int rc;

	t->row = nw_arena_array(a, NW_STORE_MESSAGE_ALERTS, sizeof(*t->row));
	t->id = nw_arena_array(a, NW_STORE_MESSAGE_ALERTS, sizeof(*t->id));
	if (t->row == NULL || t->id == NULL)
		return nw_db_nomem(err);
	for (rc = nw_db_row(st, NW_SQL_GROUP_ITEMS,
		 NW_ARGS(nw_db_str(g->channel), nw_db_str(g->key), nw_db_int(most_of(g))), &row, err);
	     rc == 1; rc = nw_db_next(st, row, err)) {
		t->row[t->n] = nw_db_col_int(row, 0);
		t->id[t->n] = nw_db_col_dup(row, 1, a);
		t->severity = nw_db_col_u32(row, 2) > t->severity ? nw_db_col_u32(row, 2) : t->severity;
		t->digest |= nw_db_col_u32(row, 3);
		t->held += nw_db_col_u32(row, 4);
		if (t->id[t->n++].p == NULL) {
			nw_db_done(row);
			return nw_db_nomem(err);
		}
	}
	if (rc == -1 || t->n == 0)
		return rc;
	if ((rc = nw_db_row(st, NW_SQL_OUTBOX_ABOUT, NW_ARGS(nw_db_int(t->row[0])), &row, err)) != 1)
		return rc;
	t->watch = nw_db_col_dup(row, 0, a);
	t->story = nw_db_col_int(row, 2);
	nw_db_done(row);
	return t->watch.p != NULL ? 0 : nw_db_nomem(err);
}

static int
compare_ids(const void *a, const void *b)
{
	return nw_str_cmp(*(const struct nw_str *)a, *(const struct nw_str *)b);
}

/* hash(channel, alerts in order of their ids): the same alerts never make a second message. */
static int
message_id(const struct nw_store_group *g, const struct taken *t, struct nw_arena *a, char *id)
{
	struct nw_str *part = nw_arena_array(a, t->n + 2, sizeof(*part));

	if (part == NULL)
		return -1;
	part[0] = nw_str("message");
	part[1] = g->channel;
	memcpy(&part[2], t->id, t->n * sizeof(*part));
	qsort(&part[2], t->n, sizeof(*part), compare_ids);
	nw_idhash_make(part, t->n + 2, id);
	return 0;
}

int
nw_message_address(struct nw_store *st, const struct nw_message_to *to, struct nw_str recipient, int64_t now_ms,
    struct nw_err *err)
{
	char id[NW_STORE_ID_LEN + 1], thread[NW_STORE_ID_LEN + 1] = "";
	sqlite3_stmt *row = NULL;
	int rc = 0;

	nw_idhash_make((struct nw_str[]){nw_str("delivery"), to->message, recipient}, 3, id);
	if (to->story != 0)
		rc = nw_db_row(st, NW_SQL_THREAD_OF,
		    NW_ARGS(nw_db_int(to->story), nw_db_str(to->channel), nw_db_str(recipient)), &row, err);
	if (rc == 1) {
		struct nw_str first = nw_db_col_str(row, 0);

		if (first.len == NW_STORE_ID_LEN && !nw_str_is(first, id))
			memcpy(thread, first.p, NW_STORE_ID_LEN + 1);
		nw_db_done(row);
	}
	if (rc == -1)
		return -1;
	return nw_db_run(st, NW_SQL_DELIVERY_ADD,
	    NW_ARGS(nw_db_text(id), nw_db_str(to->message), nw_db_str(to->channel), nw_db_str(recipient),
		nw_db_text(thread), nw_db_int(now_ms), nw_db_str(to->held)),
	    err);
}

int
nw_message_make(struct nw_store *st, const struct nw_store_group *g, const struct nw_str *recipients, uint32_t n,
    int64_t now_ms, struct nw_arena *a, char *id, struct nw_err *err)
{
	struct nw_message_to to = {.channel = g->channel, .message = {id, NW_STORE_ID_LEN}, .held = NW_STR("")};
	struct taken t = {0};

	if (take_rows(st, g, a, &t, err) == -1)
		return -1;
	if (t.n == 0)
		return 0;
	if (message_id(g, &t, a, id) == -1)
		return nw_db_nomem(err);
	if (nw_db_run(st, NW_SQL_MESSAGE_ADD,
		NW_ARGS(nw_db_text(id), nw_db_str(g->channel), nw_db_str(g->key), nw_db_str(t.watch),
		    nw_db_ref(t.story), nw_db_int(t.severity), nw_db_int(t.n), nw_db_int(t.digest),
		    nw_db_int(now_ms)),
		err) == -1)
		return -1;
	for (uint32_t i = 0; i < t.n; i++)
		if (nw_db_run(st, NW_SQL_OUTBOX_TAKEN, NW_ARGS(nw_db_int(t.row[i]), nw_db_text(id)), err) ==
		    -1)
			return -1;
	if (g->escalate_at_ms != NW_TIME_NONE &&
	    nw_db_run(st, NW_SQL_ESCALATE_AT, NW_ARGS(nw_db_text(id), nw_db_int(g->escalate_at_ms)), err) == -1)
		return -1;
	to.story = t.story;
	if (t.held == t.n)
		to.held = NW_STR("the store was restored from a backup: it may have been delivered since");
	for (uint32_t i = 0; i < n; i++)
		if (nw_message_address(st, &to, recipients[i], now_ms, err) == -1)
			return -1;
	return 1;
}

int
nw_store_group_message(struct nw_store *st, const struct nw_store_group *g, const struct nw_str *recipients,
    uint32_t n, int64_t now_ms, char *id_r, struct nw_err *err)
{
	char id[NW_STORE_ID_LEN + 1] = "";
	struct nw_arena *a;
	int rc;

	if (n == 0)
		return nw_fail(err, NW_ECONF, "channel %s has no recipient", g->channel.p);
	if ((a = nw_arena_new(0)) == NULL)
		return nw_db_nomem(err);
	if ((rc = nw_db_begin(st, err)) == 0)
		rc = nw_db_end(st, nw_message_make(st, g, recipients, n, now_ms, a, id, err), NW_DB_GROUP, err);
	nw_arena_free(a);
	if (rc == 1)
		memcpy(id_r, id, sizeof(id));
	return rc;
}
