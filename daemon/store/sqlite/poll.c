#include "base/arena.h"
#include "store/sqlite/db.h"
#include "store/sqlite/event.h"
#include "store/sqlite/poll.h"

#define HOUR_MS INT64_C(3600000)

/* When a page that was read is looked at again, each counted from the look before. */
static const int64_t look_ms[] = {HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS, 7 * 24 * HOUR_MS, 30 * 24 * HOUR_MS};

int64_t
nw_poll_next_look(const struct nw_poll_state *s, const struct nw_store_poll *p)
{
	if (p->look_s != NULL)
		return s->step < p->nlook ? p->now_ms + p->look_s[s->step] * 1000 : 0;
	return s->step < sizeof(look_ms) / sizeof(*look_ms) ? p->now_ms + look_ms[s->step] : 0;
}

/* --- load, save ----------------------------------------------------------------------------------------- */

static void
read_state(sqlite3_stmt *r, struct nw_arena *a, struct nw_poll_state *s)
{
	struct nw_bytes hash = nw_db_col_blob(r, 28);

	s->source = nw_db_col_int(r, 0);
	s->kind = nw_db_col_u32(r, 1);
	s->role = nw_db_col_u32(r, 2);
	s->url = nw_db_col_dup(r, 3, a);
	s->article = nw_db_col_int(r, 4);
	s->enabled = nw_db_col_u32(r, 5);
	s->failures = nw_db_col_u32(r, 6);
	s->failing_since_ms = nw_db_col_time(r, 7);
	s->step = nw_db_col_u32(r, 8);
	s->depth = nw_db_col_u32(r, 9);
	s->baseline = nw_db_col_u32(r, 10);
	s->conditional = nw_db_col_u32(r, 11);
	s->last_ok_ms = nw_db_col_time(r, 12);
	s->last_change_ms = nw_db_col_time(r, 13);
	s->first_read_ms = nw_db_col_time(r, 14);
	s->items_last = nw_db_col_int(r, 15);
	s->items_usual = nw_db_col_int(r, 16);
	s->moved_n = nw_db_col_u32(r, 17);
	s->last_status = nw_db_col_u32(r, 18);
	s->etag = nw_db_col_dup(r, 19, a);
	s->last_modified = nw_db_col_dup(r, 20, a);
	s->adopted_url = nw_db_col_dup(r, 21, a);
	s->moved_url = nw_db_col_dup(r, 22, a);
	s->source_name = nw_db_col_dup(r, 23, a);
	s->identity = nw_db_col_u32(r, 24);
	s->rhythm_ms = nw_db_col_int(r, 25);
	s->last_new_ms = nw_db_col_time(r, 26);
	s->due_ms = nw_db_col_int(r, 27);
	s->articles = nw_db_col_int(r, 29);
	s->charset = nw_db_col_dup(r, 30, a);
	if (hash.len == sizeof(s->body_hash)) {
		memcpy(s->body_hash, hash.p, hash.len);
		s->has_body_hash = 1;
	}
}

int
nw_poll_load(struct nw_store *st, int64_t target, struct nw_arena *a, struct nw_poll_state *state_r,
    struct nw_err *err)
{
	struct nw_poll_state s = {.id = target, .last_error = NW_STR("")};
	sqlite3_stmt *row = NULL;
	int rc = nw_db_row(st, NW_SQL_TARGET_STATE, NW_ARGS(nw_db_int(target)), &row, err);

	if (rc != 1)
		return rc;
	read_state(row, a, &s);
	nw_db_done(row);
	if (s.url.p == NULL || s.etag.p == NULL || s.last_modified.p == NULL || s.adopted_url.p == NULL ||
	    s.moved_url.p == NULL || s.source_name.p == NULL || s.charset.p == NULL)
		return nw_db_nomem(err);
	*state_r = s;
	return 1;
}

int
nw_poll_save(struct nw_store *st, const struct nw_poll_state *s, int64_t now_ms, struct nw_err *err)
{
	int64_t due = s->enabled ? s->due_ms : NW_STORE_NEVER; /* disabled while it was being polled */

	return nw_db_run(st, NW_SQL_TARGET_SAVE,
	    NW_ARGS(nw_db_int(s->id), nw_db_int(s->kind), nw_db_ref(s->article), nw_db_int(due),
		nw_db_int(s->failures), nw_db_time(s->failing_since_ms), nw_db_int(s->step),
		nw_db_int(s->conditional), nw_db_time(s->last_ok_ms), nw_db_time(s->last_change_ms),
		nw_db_time(s->first_read_ms), nw_db_int(s->items_last), nw_db_int(s->items_usual),
		nw_db_int(s->moved_n), nw_db_int(s->last_status), nw_db_str(s->last_error),
		nw_db_str(s->etag), nw_db_str(s->last_modified), nw_db_str(s->adopted_url),
		nw_db_str(s->moved_url),
		s->has_body_hash ? nw_db_blob(s->body_hash, sizeof(s->body_hash)) : nw_db_null(),
		nw_db_time(now_ms), nw_db_int(s->unchanged)),
	    err);
}

int
nw_poll_finish(struct nw_store *st, struct nw_poll_state *s, int64_t now_ms, struct nw_err *err)
{
	if (s->depth == 0)
		return nw_db_run(st, NW_SQL_TARGET_DELETE, NW_ARGS(nw_db_int(s->id)), err);
	s->due_ms = NW_STORE_NEVER;
	return nw_poll_save(st, s, now_ms, err);
}

/* --- answered ------------------------------------------------------------------------------------------- */

/* A permanent redirect is adopted when several polls in a row said the same. */
static int
follow_move(struct nw_store *st, struct nw_poll_state *s, const struct nw_store_poll *p,
    struct nw_store_polled *out, struct nw_err *err)
{
	if (p->moved_url.len == 0) {
		s->moved_n = 0;
		s->moved_url = NW_STR("");
		return 0;
	}
	s->moved_n = nw_str_eq(s->moved_url, p->moved_url) ? s->moved_n + 1 : 1;
	s->moved_url = p->moved_url;
	if (s->moved_n < NW_STORE_MOVED_N || p->moved_away)
		return 0;
	s->adopted_url = p->moved_url;
	s->moved_url = NW_STR("");
	s->moved_n = 0;
	out->moved = 1;
	return nw_event_source(st, p->now_ms, "moved", s->source_name, err, "%s has moved to %s for good",
	    s->url.p, s->adopted_url.p);
}

int
nw_poll_answered(struct nw_store *st, struct nw_poll_state *s, const struct nw_store_poll *p,
    struct nw_store_polled *out, struct nw_err *err)
{
	out->recovered = s->failures > 0;
	s->failures = 0;
	s->failing_since_ms = NW_TIME_NONE;
	s->last_error = NW_STR("");
	s->last_status = p->status;
	s->last_ok_ms = p->now_ms;
	/* a listing that another names waits to be named again */
	s->due_ms = s->kind == NW_STORE_FOLLOWED ? NW_STORE_NEVER : p->next_ms;
	s->conditional = p->conditional ? s->conditional + 1 : 0;
	return follow_move(st, s, p, out, err);
}

/* Validators that came, or that went: a 304 without them keeps the old ones. */
static void
take_validators(struct nw_poll_state *s, const struct nw_store_poll *p)
{
	if (p->etag.len > 0 || p->end != NW_STORE_NOT_MODIFIED)
		s->etag = p->etag;
	if (p->last_modified.len > 0 || p->end != NW_STORE_NOT_MODIFIED)
		s->last_modified = p->last_modified;
}

/* The page of an article stands as it was: the next look, or none. */
static int
unchanged_page(
    struct nw_store *st, struct nw_poll_state *s, const struct nw_store_poll *p, struct nw_err *err)
{
	if (nw_db_run(st, NW_SQL_ARTICLE_BACK, NW_ARGS(nw_db_int(s->article)), err) == -1)
		return -1;
	if (nw_db_changes(st) > 0 &&
	    nw_event_article(st, p->now_ms, "reappeared", s->article, err, "%s is back", s->url.p) == -1)
		return -1;
	s->step++;
	s->due_ms = nw_poll_next_look(s, p);
	return 0;
}

static int
end_unchanged(struct nw_store *st, struct nw_poll_state *s, const struct nw_store_poll *p,
    struct nw_store_polled *out, struct nw_err *err)
{
	if (nw_poll_answered(st, s, p, out, err) == -1)
		return -1;
	take_validators(s, p);
	s->unchanged = 1;
	if (s->kind == NW_STORE_RELOOK && unchanged_page(st, s, p, err) == -1)
		return -1;
	if (s->due_ms == 0)
		return nw_poll_finish(st, s, p->now_ms, err);
	return nw_poll_save(st, s, p->now_ms, err);
}

/* --- failed --------------------------------------------------------------------------------------------- */

static int
is_gone_status(uint32_t status)
{
	return status == 404 || status == 410;
}

/* An article's page will not come: title and summary are all there is. */
static int
give_up_page(struct nw_store *st, const struct nw_poll_state *s, const struct nw_store_poll *p,
    struct nw_store_polled *out, struct nw_err *err)
{
	if (s->article == 0)
		return nw_event_source(st, p->now_ms, "note", s->source_name, err,
		    "page %s is given up: %.*s", s->url.p, (int)p->reason.len, p->reason.p);
	if (nw_db_run(
		st, NW_SQL_ARTICLE_GIVE_UP, NW_ARGS(nw_db_int(s->article), nw_db_int(p->now_ms)), err) == -1)
		return -1;
	out->match = nw_db_changes(st) > 0;
	out->article = s->article;
	return nw_event_article(st, p->now_ms, "note", s->article, err,
	    "page %s is given up, title and summary are final: %.*s", s->url.p, (int)p->reason.len,
	    p->reason.p);
}

static int
page_vanished(struct nw_store *st, const struct nw_poll_state *s, const struct nw_store_poll *p,
    struct nw_store_polled *out, struct nw_err *err)
{
	if (nw_db_run(st, NW_SQL_ARTICLE_VANISHED, NW_ARGS(nw_db_int(s->article)), err) == -1)
		return -1;
	if (nw_db_changes(st) == 0)
		return 0;
	out->vanished = 1;
	out->article = s->article;
	return nw_event_article(
	    st, p->now_ms, "vanished", s->article, err, "%s answers %u", s->url.p, p->status);
}

/* 1 the target has nothing more to do, 0 it stays, -1. */
static int
failed_page(struct nw_store *st, struct nw_poll_state *s, const struct nw_store_poll *p, int gone_twice,
    struct nw_store_polled *out, struct nw_err *err)
{
	int over = s->failures >= NW_STORE_PAGE_TRIES;

	if (s->kind == NW_STORE_PAGE) {
		if (p->end != NW_STORE_REFUSED && !gone_twice && !over)
			return 0;
		return give_up_page(st, s, p, out, err) == -1 ? -1 : 1;
	}
	if (p->end == NW_STORE_REFUSED)
		return 1;
	if (gone_twice && page_vanished(st, s, p, out, err) == -1)
		return -1;
	if (!gone_twice && !over)
		return 0;
	s->failures = 0;
	s->failing_since_ms = NW_TIME_NONE;
	s->step++;
	return (s->due_ms = nw_poll_next_look(s, p)) == 0;
}

int
nw_poll_failed(struct nw_store *st, struct nw_poll_state *s, const struct nw_store_poll *p,
    struct nw_store_polled *out, struct nw_err *err)
{
	int gone_twice = p->end == NW_STORE_GONE && s->failures > 0 && is_gone_status(s->last_status), rc = 0;

	s->failures++;
	if (s->failing_since_ms == NW_TIME_NONE)
		s->failing_since_ms = p->now_ms;
	s->last_status = p->status;
	s->last_error =
	    (struct nw_str){p->reason.p, p->reason.len < NW_NOTE_MAX ? p->reason.len : NW_NOTE_MAX};
	s->due_ms = p->next_ms;
	s->conditional = p->conditional ? s->conditional + 1 : 0;
	if (s->kind == NW_STORE_PAGE || s->kind == NW_STORE_RELOOK)
		rc = failed_page(st, s, p, gone_twice, out, err);
	out->failures = s->failures;
	out->failing_since_ms = s->failing_since_ms;
	if (rc == -1)
		return -1;
	if (rc == 1)
		return nw_poll_finish(st, s, p->now_ms, err);
	return nw_poll_save(st, s, p->now_ms, err);
}

/* By far the most frequent end: a listing that goes well said so again.  1 done, 0 it is not that simple, -1.
 */
static int
still_unchanged(struct nw_store *st, const struct nw_store_poll *p, struct nw_err *err)
{
	if ((p->end != NW_STORE_NOT_MODIFIED && p->end != NW_STORE_SAME_BODY) || p->moved_url.len > 0)
		return 0;
	return nw_db_alone(st, NW_SQL_TARGET_UNCHANGED,
	    NW_ARGS(nw_db_int(p->target), nw_db_int(p->next_ms), nw_db_int(p->conditional),
		nw_db_int(p->now_ms), nw_db_int(p->status), nw_db_str(p->etag), nw_db_str(p->last_modified)),
	    NW_DB_LAZY, err);
}

static int
end_poll(struct nw_store *st, const struct nw_store_poll *p, struct nw_store_polled *out, struct nw_err *err)
{
	struct nw_arena *a = nw_arena_new(0);
	struct nw_poll_state s;
	int rc;

	if (a == NULL)
		return nw_db_nomem(err);
	/* 0: the target went while it was polled, as pages do */
	if ((rc = nw_poll_load(st, p->target, a, &s, err)) == 1) {
		out->baseline_page = s.kind == NW_STORE_PAGE && s.baseline;
		rc = p->end == NW_STORE_NOT_MODIFIED || p->end == NW_STORE_SAME_BODY
			 ? end_unchanged(st, &s, p, out, err)
			 : nw_poll_failed(st, &s, p, out, err);
	}
	nw_arena_free(a);
	return rc;
}

int
nw_store_poll_end(
    struct nw_store *st, const struct nw_store_poll *p, struct nw_store_polled *polled_r, struct nw_err *err)
{
	struct nw_store_polled out = {.failing_since_ms = NW_TIME_NONE};
	int rc = still_unchanged(st, p, err);

	if (rc == -1 || (rc == 0 && nw_db_begin(st, err) == -1))
		return -1;
	if (rc == 0 && nw_db_end(st, end_poll(st, p, &out, err), NW_DB_GROUP, err) == -1)
		return -1;
	if (polled_r != NULL)
		*polled_r = out;
	return 0;
}
