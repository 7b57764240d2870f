#include <stdio.h>

#include "base/arena.h"
#include "store/sqlite/db.h"
#include "store/sqlite/event.h"
#include "store/sqlite/message.h"

#define WHY "its recipient is no longer one of the channel's"

/* A delivery to somebody who is no recipient any more. */
struct stranger {
	char id[NW_STORE_ID_LEN + 1], message[NW_STORE_ID_LEN + 1];
	struct nw_str held; /* why it is; "": it is not */
	struct stranger *next;
};

static int
is_among(struct nw_str recipient, const struct nw_str *to, uint32_t n)
{
	while (n-- > 0)
		if (nw_str_eq(to[n], recipient))
			return 1;
	return 0;
}

/* Found first: rows are not changed under the query that finds them. */
static int
find(struct nw_store *st, struct nw_str channel, const struct nw_str *to, uint32_t n, struct nw_arena *a,
    struct stranger **first_r, struct nw_err *err)
{
	struct stranger *s;
	sqlite3_stmt *row = NULL;
	int rc;

	*first_r = NULL;
	for (rc = nw_db_row(st, NW_SQL_DELIVERIES_OPEN, NW_ARGS(nw_db_str(channel)), &row, err); rc == 1;
	     rc = nw_db_next(st, row, err)) {
		if (is_among(nw_db_col_str(row, 2), to, n))
			continue;
		if ((s = nw_arena_alloc(a, sizeof(*s))) == NULL || (s->held = nw_db_col_dup(row, 3, a)).p == NULL) {
			nw_db_done(row);
			return nw_db_nomem(err);
		}
		(void)snprintf(s->id, sizeof(s->id), "%s", nw_db_col_str(row, 0).p);
		(void)snprintf(s->message, sizeof(s->message), "%s", nw_db_col_str(row, 1).p);
		s->next = *first_r;
		*first_r = s;
	}
	return rc;
}

/* Who has a delivery of the message keeps it: its id is that of message and recipient.  Who lost it here, and is one of the
 * channel's again, gets it back. */
static int
address_all(struct nw_store *st, struct nw_str channel, const struct stranger *s, const struct nw_str *to, uint32_t n,
    int64_t now_ms, struct nw_err *err)
{
	struct nw_message_to m = {.channel = channel, .message = nw_str(s->message), .held = s->held};
	sqlite3_stmt *row = NULL;
	int is_rendered = 0, rc = nw_db_row(st, NW_SQL_MESSAGE_STORY, NW_ARGS(nw_db_text(s->message)), &row, err);

	if (rc == 1) {
		m.story = nw_db_col_int(row, 0);
		is_rendered = sqlite3_column_type(row, 1) != SQLITE_NULL;
		nw_db_done(row);
	}
	for (uint32_t i = 0; i < n && rc != -1; i++)
		if ((rc = nw_message_address(st, &m, to[i], now_ms, err)) != -1)
			rc = nw_db_run(st, NW_SQL_DELIVERY_FRIEND,
			    NW_ARGS(nw_db_text(s->message), nw_db_str(to[i]), nw_db_text(WHY), nw_db_int(now_ms),
				nw_db_str(s->held)),
			    err);
	if (rc != -1 && is_rendered)
		rc = nw_db_run(st, NW_SQL_RENDER_READY, NW_ARGS(nw_db_text(s->message), nw_db_int(now_ms)), err);
	return rc == -1 ? -1 : 0;
}

static int
readdress(struct nw_store *st, struct nw_str channel, const struct nw_str *to, uint32_t n, int64_t now_ms,
    struct nw_arena *a, uint32_t *n_r, struct nw_err *err)
{
	struct stranger *s;

	if (find(st, channel, to, n, a, &s, err) == -1)
		return -1;
	for (; s != NULL; s = s->next, ++*n_r)
		if (nw_db_run(st, NW_SQL_DELIVERY_STRANGER,
			NW_ARGS(nw_db_text(s->id), nw_db_int(now_ms), nw_db_text(WHY)), err) == -1 ||
		    nw_event_add(st, now_ms, "dropped", nw_str(s->id), NW_STR(WHY), err) == -1 ||
		    address_all(st, channel, s, to, n, now_ms, err) == -1)
			return -1;
	return 0;
}

int
nw_store_readdress(struct nw_store *st, struct nw_str channel, const struct nw_str *to, uint32_t n, int64_t now_ms,
    uint32_t *n_r, struct nw_err *err)
{
	struct nw_arena *a = nw_arena_new(0);
	uint32_t dropped = 0;
	int rc;

	if (a == NULL)
		return nw_db_nomem(err);
	if ((rc = nw_db_begin(st, err)) == 0)
		rc = nw_db_end(st, readdress(st, channel, to, n, now_ms, a, &dropped, err), NW_DB_GROUP, err);
	nw_arena_free(a);
	if (rc == 0)
		*n_r = dropped;
	return rc;
}
