#include "store/sqlite/db.h"
#include "store/sqlite/event.h"
#include "store/sqlite/restored.h"

#define PAGES_MS INT64_C(86400000) /* pages that turn up so long after a restore were there before it */
#define ZONE_MS	 INT64_C(50400000) /* a day begins in the first zone so long before it does in UTC */

static int
hold_all(struct nw_store *st, int64_t now_ms, struct nw_store_opened *op, struct nw_err *err)
{
	if (nw_db_run(st, NW_SQL_HOLD_ALL, NW_NO_ARGS, err) == -1)
		return -1;
	op->held = (uint32_t)nw_db_changes(st);
	if (nw_db_run(st, NW_SQL_HOLD_OUTBOX, NW_NO_ARGS, err) == -1)
		return -1;
	op->held += (uint32_t)nw_db_changes(st);
	if (nw_db_run(st, NW_SQL_COPY_FORGET, NW_NO_ARGS, err) == -1 ||
	    nw_db_run(st, NW_SQL_META_SET, NW_ARGS(nw_db_text("restored"), nw_db_int(now_ms)), err) == -1)
		return -1;
	return nw_event_add(st, now_ms, "held", NW_STR(""), NW_STR("the store was restored from a backup"), err);
}

int
nw_restored_begin(struct nw_store *st, int64_t now_ms, struct nw_store_opened *op, struct nw_err *err)
{
	int64_t copy = 0;

	if (nw_db_get(st, NW_SQL_META_GET, NW_ARGS(nw_db_text("copy")), 0, &copy, err) == -1 ||
	    (copy != 0 && hold_all(st, now_ms, op, err) == -1) ||
	    nw_db_get(st, NW_SQL_META_GET, NW_ARGS(nw_db_text("restored")), 0, &st->restored_ms, err) == -1)
		return -1;
	op->restored_ms = st->restored_ms;
	return 0;
}

enum nw_unknown
nw_restored_unknown(const struct nw_commit *c)
{
	const struct nw_poll_state *t = &c->target;
	int64_t at_ms = c->st->restored_ms;

	if (at_ms == 0)
		return NW_UNKNOWN_NONE;
	if (t->last_ok_ms != NW_TIME_NONE)
		return t->last_ok_ms < at_ms ? NW_UNKNOWN_ALL : NW_UNKNOWN_NONE;
	if (t->kind == NW_STORE_LISTING || t->kind == NW_STORE_FOLLOWED)
		return NW_UNKNOWN_DATED;
	return c->now_ms - at_ms < PAGES_MS ? NW_UNKNOWN_ALL : NW_UNKNOWN_NONE;
}

/* What claims to come from the future says nothing. */
static int
is_dated(const struct nw_commit *c, const struct nw_article_state *s)
{
	return s->published_ms != NW_TIME_NONE && s->precision != NW_PREC_NONE && s->published_ms <= c->now_ms;
}

int64_t
nw_restored_held(const struct nw_commit *c, const struct nw_article_state *s)
{
	int64_t earliest_ms = s->published_ms;

	if (c->unknown == NW_UNKNOWN_NONE)
		return 0;
	if (!is_dated(c, s))
		return c->unknown == NW_UNKNOWN_ALL;
	if (s->precision < NW_PREC_MINUTE)
		earliest_ms -= ZONE_MS;
	return earliest_ms <= c->st->restored_ms;
}
