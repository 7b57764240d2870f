#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "core/time.h"
#include "core/url.h"
#include "store/sqlite/read.h"

#define ARTICLES_MAX 8 /* a URL that several sources list is explained for each */

struct explain {
	struct nw_store *st;
	struct nw_str watch;
	int64_t now_ms;
	nw_store_step_fn *fn;
	void *cookie;
	struct nw_err *err;
	struct nw_buf text;
	uint32_t steps; /* said so far */
	int stopped;	/* the program wants no more */
	int failed;	/* while a row was being told */
};

/* One step; 0, 1 the program wants no more. */
static int say(struct explain *, uint32_t station, int ok, int64_t at_ms, struct nw_str ref, const char *fmt,
    ...) __attribute__((format(printf, 6, 7)));
static int
say(struct explain *e, uint32_t station, int ok, int64_t at_ms, struct nw_str ref, const char *fmt, ...)
{
	struct nw_store_step step = {.station = station, .ok = (uint32_t)ok, .at_ms = at_ms, .ref = ref};
	va_list ap;

	if (e->stopped)
		return 1;
	nw_buf_reset(&e->text);
	va_start(ap, fmt);
	nw_buf_addvf(&e->text, fmt, ap);
	va_end(ap);
	step.text = nw_buf_str(&e->text);
	e->steps++;
	return e->stopped = e->fn(e->cookie, &step);
}

/* The rows of a query within a row of another. */
static int
tell_rows(struct explain *e, enum nw_sql q, struct nw_arg by, nw_read_row_fn *fn)
{
	if (nw_read_rows(e->st, q, &by, 1, fn, e, e->err) == -1)
		e->failed = 1;
	return e->failed || e->stopped;
}

/* --- an article that no source has listed ----------------------------------------------------------------------- */

static int
host_row(void *cookie, sqlite3_stmt *r)
{
	struct explain *e = cookie;
	int64_t ok_ms = nw_db_col_time(r, 4);
	int failing = nw_db_col_int(r, 2) > 0;
	char at[32] = "never";

	if (ok_ms != NW_TIME_NONE)
		(void)nw_time_rfc3339(ok_ms, at);
	return say(e, NW_STORE_AT_SOURCE, !failing && nw_db_col_int(r, 5) != 0, ok_ms, nw_db_col_str(r, 0),
	    "source %s watches %s on that host%s, last read well %s%s%s", nw_db_col_str(r, 0).p,
	    nw_db_col_str(r, 1).p, nw_db_col_int(r, 5) != 0 ? "" : " but is disabled", at,
	    failing ? ", failing now: " : "", failing ? nw_db_col_str(r, 3).p : "");
}

static int
explain_unknown(struct explain *e, struct nw_str text)
{
	struct nw_url url;
	struct nw_buf host = {0};
	int rc = 0;

	if (nw_url_parse(text, &url, NULL) == 0) {
		nw_buf_addstr(&host, url.host);
		rc = nw_read_rows(e->st, NW_SQL_SOURCES_OF_HOST, NW_ARGS(nw_db_str(nw_buf_str(&host))),
		    host_row, e, e->err);
		nw_buf_done(&host);
	}
	if (rc == 0)
		(void)say(e, NW_STORE_AT_LISTED, 0, NW_TIME_NONE, NW_STR(""), "no source has listed it%s",
		    e->steps == 0 ? ", and none watches its host" : "");
	return rc;
}

/* --- the way of a known article --------------------------------------------------------------------------------- */

/* A row of ARTICLE_ROW, as far as it is told. */
struct way {
	int64_t article, revision, n, first_seen_ms, matched, match_ms, source, seen_ms, length;
	char state[16];
	char ref[40];
};

static int
source_step(struct explain *e, const struct way *w)
{
	sqlite3_stmt *r = NULL;
	int rc = nw_db_row(e->st, NW_SQL_SOURCE_HEALTH, NW_ARGS(nw_db_int(w->source)), &r, e->err);

	if (rc != 1)
		return rc;
	(void)say(e, NW_STORE_AT_SOURCE, 1, nw_db_col_time(r, 2), nw_db_col_str(r, 0), "source %s%s%s%s",
	    nw_db_col_str(r, 0).p, nw_db_col_int(r, 1) != 0 ? "" : " (disabled now)",
	    nw_db_col_int(r, 3) > 0 ? ", failing now: " : "",
	    nw_db_col_int(r, 3) > 0 ? nw_db_col_str(r, 4).p : "");
	nw_db_done(r);
	return 0;
}

static int
note_row(void *cookie, sqlite3_stmt *r)
{
	return say(
	    cookie, NW_STORE_AT_FETCHED, 1, nw_db_col_int(r, 0), NW_STR(""), "%s", nw_db_col_str(r, 1).p);
}

static int
some_row(void *cookie, sqlite3_stmt *r)
{
	(void)r;
	return *(int *)cookie = 1;
}

/* Its page is lost: that stopped it, unless title and summary were enough for the watch. */
static int
lost_page_step(struct explain *e, const struct way *w)
{
	struct nw_arg by[] = {nw_db_int(w->article), nw_db_str(e->watch)};
	int fired = 0;

	if (nw_read_rows(e->st, NW_SQL_ALERTS_OF, by, 2, some_row, &fired, e->err) == -1)
		return -1;
	(void)say(e, NW_STORE_AT_FETCHED, fired, NW_TIME_NONE, NW_STR(""),
	    "its page could not be read; title and summary stand for it");
	return 0;
}

static int
page_step(struct explain *e, const struct way *w)
{
	sqlite3_stmt *r = NULL;
	int rc = 0, pending = strcmp(w->state, "pending") == 0;
	char due[32] = "";

	if (pending &&
	    (rc = nw_db_row(e->st, NW_SQL_PAGE_STATE, NW_ARGS(nw_db_int(w->article)), &r, e->err)) == 1) {
		(void)nw_time_rfc3339(nw_db_col_int(r, 0), due);
		(void)say(e, NW_STORE_AT_FETCHED, 0, NW_TIME_NONE, NW_STR(""),
		    "its page is still to be read: due %s, %lld failure%s%s%s", due,
		    (long long)nw_db_col_int(r, 1), nw_db_col_int(r, 1) == 1 ? "" : "s", nw_db_col_str(r, 2).len > 0 ? ", last: " : "",
		    nw_db_col_str(r, 2).p);
		nw_db_done(r);
	} else if (rc == 0 && strcmp(w->state, "summary") == 0) {
		rc = lost_page_step(e, w);
	} else if (rc == 0) {
		(void)say(e, NW_STORE_AT_FETCHED, 1, w->seen_ms, NW_STR(""), "fetched%s",
		    strcmp(w->state, "vanished") == 0 ? "; the page has vanished since" : "");
	}
	if (rc == -1)
		return -1;
	return nw_read_rows(e->st, NW_SQL_NOTES_OF, NW_ARGS(nw_db_text(w->ref)), note_row, e, e->err);
}

/* Whether the watch was there to see the article. */
static int
watch_step(struct explain *e, const struct way *w)
{
	sqlite3_stmt *r = NULL;
	int rc = nw_db_row(e->st, NW_SQL_WATCH_AT, NW_ARGS(nw_db_str(e->watch)), &r, e->err);
	char at[32] = "";

	if (rc == -1)
		return -1;
	if (rc == 0)
		(void)say(e, NW_STORE_AT_MATCHED, 0, NW_TIME_NONE, NW_STR(""),
		    "there has never been a watch %.*s", (int)e->watch.len, e->watch.p);
	if (rc == 0)
		return 0;
	(void)nw_time_rfc3339(nw_db_col_int(r, 0), at);
	if (nw_db_col_time(r, 1) != NW_TIME_NONE)
		(void)say(e, NW_STORE_AT_MATCHED, 0, nw_db_col_int(r, 1), NW_STR(""),
		    "the watch is no longer configured");
	else if (nw_db_col_int(r, 0) > w->seen_ms)
		(void)say(e, NW_STORE_AT_MATCHED, 0, nw_db_col_int(r, 0), NW_STR(""),
		    "the watch, as it stands, is live since %s, after the text was read: only newer texts "
		    "are matched",
		    at);
	nw_db_done(r);
	return 0;
}

static int
match_step(struct explain *e, const struct way *w)
{
	if (w->matched >= w->n)
		(void)say(e, NW_STORE_AT_MATCHED, 1, w->seen_ms, NW_STR(""),
		    "the rules have seen revision %lld", (long long)w->n);
	else if (w->match_ms == NW_TIME_NONE)
		(void)say(e, NW_STORE_AT_MATCHED, 0, NW_TIME_NONE, NW_STR(""),
		    "the rules have not seen revision %lld", (long long)w->n);
	else
		(void)say(e, NW_STORE_AT_MATCHED, 0, w->match_ms, NW_STR(""),
		    "the rules see revision %lld at the time shown%s", (long long)w->n,
		    strcmp(w->state, "pending") == 0 ? ", unless its page comes before" : "");
	return e->watch.len > 0 ? watch_step(e, w) : 0;
}

/* --- from alert to outcome -------------------------------------------------------------------------------------- */

static int
delivery_row(void *cookie, sqlite3_stmt *r)
{
	struct nw_str state = nw_db_col_str(r, 3), answer = nw_db_col_str(r, 8);
	int64_t next_ms = nw_db_col_int(r, 5), done_ms = nw_db_col_time(r, 6);
	int64_t at_ms = done_ms != NW_TIME_NONE || nw_str_is(state, "held") || next_ms == NW_STORE_NEVER ? done_ms : next_ms;

	return say(cookie, NW_STORE_AT_DELIVERED, nw_str_is(state, "delivered"), at_ms, nw_db_col_str(r, 0),
	    "channel %s%s%s: %s after %lld attempt%s%s%s", nw_db_col_str(r, 1).p,
	    nw_db_col_str(r, 2).len > 0 ? ", to " : "", nw_db_col_str(r, 2).p, state.p,
	    (long long)nw_db_col_int(r, 4), nw_db_col_int(r, 4) == 1 ? "" : "s", answer.len > 0 ? ", last answer: " : "", answer.p);
}

static int
outbox_row(void *cookie, sqlite3_stmt *r)
{
	struct explain *e = cookie;
	struct nw_str channel = nw_db_col_str(r, 0), reason = nw_db_col_str(r, 2),
		      error = nw_db_col_str(r, 5);

	if (sqlite3_column_type(r, 3) == SQLITE_NULL)
		return say(e, NW_STORE_AT_OUTBOX, 0, nw_db_col_int(r, 1), NW_STR(""),
		    "waits for channel %s until the time shown%s%s", channel.p, reason.len > 0 ? ": " : "",
		    reason.p);
	if (say(e, NW_STORE_AT_OUTBOX, 1, nw_db_col_time(r, 6), nw_db_col_str(r, 3),
		"went into a message for channel %s", channel.p))
		return 1;
	if (nw_db_col_time(r, 4) == NW_TIME_NONE &&
	    say(e, NW_STORE_AT_RENDERED, 0, NW_TIME_NONE, nw_db_col_str(r, 3),
		"the message has no text yet%s%s", error.len > 0 ? ": " : "", error.p))
		return 1;
	if (nw_db_col_time(r, 4) != NW_TIME_NONE &&
	    say(e, NW_STORE_AT_RENDERED, 1, nw_db_col_time(r, 4), nw_db_col_str(r, 3), "rendered"))
		return 1;
	return tell_rows(e, NW_SQL_DELIVERIES_OF, nw_db_str(nw_db_col_str(r, 3)), delivery_row);
}

static const char *
mute_sentence(struct nw_str reason)
{
	static const struct {
		const char *word, *sentence;
	} table[] = {
	    {"baseline",
		"muted: it stood there at the first contact with the source, older than follow.alert_age or undated"},
	    {"too old", "muted: published longer ago than the source's alert_age"},
	    {"churn", "muted: more than half of the listing came back new under known titles"},
	    {"shadow", "muted: the watch is in state shadow: kept, not sent"},
	    {"expired", "muted: the watch has expired"},
	    {"no channel", "muted: the watch names no channel"},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (nw_str_is(reason, table[i].word))
			return table[i].sentence;
	return "muted";
}

static int
alert_row(void *cookie, sqlite3_stmt *r)
{
	struct explain *e = cookie;
	struct nw_str id = nw_db_col_str(r, 0);
	int live = nw_str_is(nw_db_col_str(r, 2), "live");

	if (say(e, NW_STORE_AT_FIRED, 1, nw_db_col_int(r, 1), id, "watch %s fired: alert %s", nw_db_col_str(r, 4).p, id.p))
		return 1;
	if (!live)
		return say(e, NW_STORE_AT_LIVE, 0, nw_db_col_int(r, 1), id, "%s",
		    mute_sentence(nw_db_col_str(r, 3)));
	if (say(e, NW_STORE_AT_LIVE, 1, nw_db_col_int(r, 1), id, "live"))
		return 1;
	return tell_rows(e, NW_SQL_OUTBOX_OF, nw_db_str(id), outbox_row);
}

static int
near_row(void *cookie, sqlite3_stmt *r)
{
	return say(cookie, NW_STORE_AT_FIRED, 0, nw_db_col_int(r, 1), nw_db_col_str(r, 0),
	    "watch %s nearly fired: only a negative clause silenced it, near miss %s", nw_db_col_str(r, 2).p,
	    nw_db_col_str(r, 0).p);
}

static int
expired_row(void *cookie, sqlite3_stmt *r)
{
	return say(cookie, NW_STORE_AT_LIVE, 0, nw_db_col_int(r, 0), nw_db_col_str(r, 1),
	    "watch %s fired, but had expired: it alerts nobody until its date is renewed", nw_db_col_str(r, 1).p);
}

static int
fire_step(struct explain *e, const struct way *w)
{
	struct nw_arg by[] = {nw_db_int(w->article), nw_db_str(e->watch)};
	struct nw_arg expired[] = {nw_db_text(w->ref), nw_db_str(e->watch)};
	uint32_t before = e->steps;

	if (nw_read_rows(e->st, NW_SQL_ALERTS_OF, by, 2, alert_row, e, e->err) == -1 ||
	    nw_read_rows(e->st, NW_SQL_EXPIRED_OF, expired, 2, expired_row, e, e->err) == -1)
		return -1;
	/* what fired for one watch says nothing of the others */
	if ((e->steps == before || e->watch.len == 0) &&
	    nw_read_rows(e->st, NW_SQL_NEAR_OF, by, 2, near_row, e, e->err) == -1)
		return -1;
	if (e->steps == before && w->matched >= 0 && e->watch.len == 0)
		(void)say(e, NW_STORE_AT_FIRED, 0, NW_TIME_NONE, NW_STR(""), "no watch fired on it");
	else if (e->steps == before && w->matched >= 0)
		(void)say(e, NW_STORE_AT_FIRED, 0, NW_TIME_NONE, NW_STR(""),
		    "its expression does not hold on revision %lld", (long long)w->matched);
	return e->failed ? -1 : 0;
}

static int
load_way(struct explain *e, int64_t article, struct way *w)
{
	sqlite3_stmt *r = NULL;
	int rc = nw_db_row(e->st, NW_SQL_ARTICLE_ROW, NW_ARGS(nw_db_int(article)), &r, e->err);

	if (rc != 1)
		return rc;
	*w = (struct way){.article = article,
	    .revision = nw_db_col_int(r, 1),
	    .n = nw_db_col_int(r, 2),
	    .first_seen_ms = nw_db_col_int(r, 3),
	    .matched = nw_db_col_int(r, 14),
	    .match_ms = nw_db_col_time(r, 15),
	    .source = nw_db_col_int(r, 16),
	    .seen_ms = nw_db_col_int(r, 17),
	    .length = nw_db_col_int(r, 18)};
	(void)snprintf(w->state, sizeof(w->state), "%s", nw_db_col_str(r, 6).p);
	(void)snprintf(w->ref, sizeof(w->ref), "article:%lld", (long long)article);
	rc = source_step(e, w);
	(void)say(e, NW_STORE_AT_LISTED, 1, w->first_seen_ms, nw_str(w->ref), "listed as '%s'%s",
	    nw_db_col_str(r, 9).p, nw_db_col_int(r, 13) != 0 ? " at the first contact with its source" : "");
	nw_db_done(r);
	return rc == -1 ? -1 : 1;
}

static int
explain_one(struct explain *e, int64_t article)
{
	struct way w;
	int rc;

	if ((rc = load_way(e, article, &w)) != 1)
		return rc;
	if (page_step(e, &w) == -1)
		return -1;
	(void)say(e, NW_STORE_AT_READ, 1, w.seen_ms, NW_STR(""), "revision %lld, %lld characters of text%s",
	    (long long)w.n, (long long)w.length, w.n == 0 ? ", title and summary as listed" : "");
	if (match_step(e, &w) == -1)
		return -1;
	return fire_step(e, &w);
}

int
nw_store_explain(struct nw_store *st, struct nw_str article, struct nw_str watch, int64_t now_ms,
    nw_store_step_fn *fn, void *cookie, struct nw_err *err)
{
	struct explain e = {
	    .st = st, .watch = watch, .now_ms = now_ms, .fn = fn, .cookie = cookie, .err = err};
	int64_t found[ARTICLES_MAX];
	uint32_t n = 0;
	int rc = nw_read_find(st, article, found, ARTICLES_MAX, &n, err);

	if (rc == 0 && n == 0)
		rc = explain_unknown(&e, article);
	for (uint32_t i = 0; i < n && rc == 0 && !e.stopped; i++)
		rc = explain_one(&e, found[i]);
	nw_buf_done(&e.text);
	return rc == -1 ? -1 : n > 0;
}
