#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/frame.h"
#include "core/limits.h"
#include "main/coverage_own.h"
#include "main/operator.h"
#include "main/silence.h"

#define FAILURES_TOLD	4 /* in a row: one bad night of a server is no news */
#define UNREADABLE_TOLD 2
#define GONE_TOLD	2
#define PAGES_TOLD	5
#define TEMPLATE_TOLD	3 /* in a row: one page may be of another kind */
#define FEW_USUAL	6 /* items a listing usually has, below which half of them means nothing */
#define GAPS_TOLD	5 /* of one source, in a day */
#define QUIET_MS	INT64_C(86400000) /* what is told as it happens counts as over after a day without it */

static int
was_quiet(const struct nw_coverage *c, const struct nw_coverage_visit *v, const char *kind)
{
	const struct nw_standing *e = nw_coverage_of(c, kind, v->source->name);

	return e != NULL && v->end->now_ms - e->last_ms >= QUIET_MS;
}

/* What happens at an instant stands for a day after its last time. */
static void
end_quiet_ones(struct nw_coverage *c, const struct nw_coverage_visit *v)
{
	static const struct {
		const char *kind, *text;
	} kinds[] = {
	    {"robots", "robots.txt has permitted everything for a day"},
	    {"quarantine", "no document has killed its readers for a day"},
	    {"churn", "its items have kept their keys for a day"},
	    {"overlap", "its documents have overlapped for a day"},
	    {"charset", "its encoding has been the same for a day and counts as usual"},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (was_quiet(c, v, kinds[i].kind))
			nw_coverage_over(c, v, kinds[i].kind, "source %.*s: %s", (int)v->source->name.len,
			    v->source->name.p, kinds[i].text);
}

/* --- a listing that cannot be had or read --------------------------------------------------------------- */

#define NAME(v)	  (int)(v)->source->name.len, (v)->source->name.p
#define REASON(v) (int)nw_utf8_cut((v)->end->reason, 300), (v)->end->reason.p

static int
says(struct nw_str reason, const char *what)
{
	return memmem(reason.p, reason.len, what, strlen(what)) != NULL;
}

/* 200 with something that is not what it was: a wall, too few links, another layout. */
static void
unreadable(struct nw_coverage *c, const struct nw_coverage_visit *v, uint32_t failures)
{
	if (says(v->end->reason, "challenge page"))
		nw_coverage_so(c, v, "challenge", 1, NW_SEV_HIGH,
		    "source %.*s answers with a page for browsers: %.*s; ask its owner, or use a feed",
		    NAME(v), REASON(v));
	else if (failures < UNREADABLE_TOLD)
		return;
	else if (says(v->end->reason, "expected: layout changed"))
		nw_coverage_so(c, v, "few", 1, NW_SEV_HIGH,
		    "source %.*s lists too few items (layout changed?): %.*s", NAME(v), REASON(v));
	else
		nw_coverage_so(c, v, "layout", 1, NW_SEV_HIGH,
		    "source %.*s answers with what cannot be read (layout changed?): %.*s", NAME(v),
		    REASON(v));
}

static void
listing_failed(struct nw_coverage *c, const struct nw_coverage_visit *v, uint32_t failures)
{
	if (v->end->end == NW_STORE_REFUSED) {
		nw_coverage_so(c, v, "robots", 1, NW_SEV_HIGH,
		    "source %.*s: robots.txt does not permit its listing (%.*s): it is not read; ask its "
		    "owner, or say robots: false "
		    "where you may",
		    NAME(v), REASON(v));
		return;
	}
	if (v->end->status == 410 && failures >= GONE_TOLD)
		nw_coverage_so(c, v, "gone", 1, NW_SEV_HIGH,
		    "source %.*s answers 410: gone for good, write its new address", NAME(v));
	else if (v->unreadable)
		unreadable(c, v, failures);
	else if (failures >= FAILURES_TOLD)
		nw_coverage_so(c, v, "failing", 1, NW_SEV_HIGH,
		    "source %.*s has failed %u times in a row: %.*s", NAME(v), failures, REASON(v));
}

static void
page_failed(struct nw_coverage *c, const struct nw_coverage_visit *v, const struct nw_store_polled *polled)
{
	if (v->end->end == NW_STORE_REFUSED)
		nw_coverage_so(c, v, "robots", 1, NW_SEV_HIGH,
		    "source %.*s: robots.txt does not permit its articles (%.*s): their summaries are "
		    "matched alone",
		    NAME(v), REASON(v));
	else if (polled->match)
		nw_coverage_so(c, v, "pages", 1, NW_SEV_NORMAL,
		    "source %.*s: a page is given up, its title and summary stand for it: %.*s", NAME(v),
		    REASON(v));
	else if (v->target->kind == NW_STORE_PAGE && v->target->failures == 0) /* another page each time */
		nw_coverage_so(c, v, "unread", PAGES_TOLD, NW_SEV_HIGH,
		    "source %.*s: the last %u article pages could not be read: %.*s", NAME(v), PAGES_TOLD,
		    REASON(v));
}

/* --- a listing that was had ----------------------------------------------------------------------------- */

static void
moved(struct nw_coverage *c, const struct nw_coverage_visit *v)
{
	const struct nw_store_target *t = v->target;

	if (v->end->moved_away && nw_str_eq(t->moved_url, v->end->moved_url) &&
	    t->moved_n + 1 >= NW_STORE_MOVED_N)
		nw_coverage_so(c, v, "moved", 1, NW_SEV_NORMAL,
		    "source %.*s has moved to another host for good: write its new address, %.*s", NAME(v),
		    (int)(v->end->url.len < 300 ? v->end->url.len : 300), v->end->url.p);
	else if (!v->end->moved_away)
		nw_coverage_over(c, v, "moved", "source %.*s no longer redirects to another host", NAME(v));
}

static void
silent(struct nw_coverage *c, const struct nw_coverage_visit *v, int any_new)
{
	int64_t bound = nw_silence_bound_ms(v->source, v->target->rhythm_ms), since = v->target->last_new_ms;

	if (any_new) {
		nw_coverage_over(c, v, "silent", "source %.*s publishes again", NAME(v));
		return;
	}
	if (bound == 0 || since == NW_TIME_NONE || v->end->now_ms - since <= bound ||
	    nw_silence_ms(v->source, since, v->end->now_ms) <= bound)
		return;
	nw_coverage_so(c, v, "silent", 1, NW_SEV_HIGH,
	    "source %.*s has published nothing for %lld hours, which is unusual", NAME(v),
	    (long long)((v->end->now_ms - since) / 3600000));
}

static void
listing_answered(struct nw_coverage *c, const struct nw_coverage_visit *v, int any_new)
{
	static const char *const broken[] = {"failing", "gone", "challenge", "layout"};

	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		nw_coverage_over(c, v, broken[i], "source %.*s is read again", NAME(v));
	moved(c, v);
	silent(c, v, any_new);
	end_quiet_ones(c, v);
}

void
nw_coverage_polled(
    struct nw_coverage *c, const struct nw_coverage_visit *v, const struct nw_store_polled *polled)
{
	int is_page = v->target->kind == NW_STORE_PAGE || v->target->kind == NW_STORE_RELOOK;

	nw_coverage_baselines_owed(c);
	if (v->killed)
		nw_coverage_so(c, v, "quarantine", 1, NW_SEV_HIGH,
		    "source %.*s: a document killed its readers and was set aside: %.*s: %.*s", NAME(v),
		    (int)(v->end->url.len < 300 ? v->end->url.len : 300), v->end->url.p, REASON(v));
	if (v->end->end == NW_STORE_NOT_MODIFIED || v->end->end == NW_STORE_SAME_BODY) {
		if (v->target->kind == NW_STORE_LISTING)
			listing_answered(c, v, 0);
	} else if (is_page) {
		page_failed(c, v, polled);
		if (polled->baseline_page)
			nw_coverage_baseline(c, v->source->name);
	} else if (v->target->kind == NW_STORE_LISTING) {
		listing_failed(c, v, polled->failures);
	}
	if (polled->moved)
		nw_log(NW_LOG_NOTICE, "source %.*s: its listing has moved to %.*s for good", NAME(v),
		    (int)v->end->moved_url.len, v->end->moved_url.p);
}

/* --- what a document says ------------------------------------------------------------------------------- */

static void
few(struct nw_coverage *c, const struct nw_coverage_visit *v, const struct nw_store_report *r,
    const Nw__Batch *m)
{
	int64_t items =
	    m->document != NULL && m->document->items > 0 ? m->document->items : (int64_t)m->n_articles;

	int is_few = r->items_usual >= FEW_USUAL && items < r->items_usual / 2;

	if (is_few && r->items_before < r->items_usual / 2) /* the second time in a row */
		nw_coverage_so(c, v, "few", 1, NW_SEV_HIGH,
		    "source %.*s lists %lld items where %lld are usual (layout changed?)", NAME(v),
		    (long long)items, (long long)r->items_usual);
	else if (!is_few)
		nw_coverage_over(c, v, "few", "source %.*s lists as many items as usual", NAME(v));
}

/* The same validators over other items: they say nothing. */
static void
frozen(struct nw_coverage *c, const struct nw_coverage_visit *v, const struct nw_store_report *r)
{
	const struct nw_store_target *t = v->target;
	int same = t->etag.len > 0
		       ? nw_str_eq(t->etag, v->end->etag)
		       : t->last_modified.len > 0 && nw_str_eq(t->last_modified, v->end->last_modified);

	if (r->articles + r->revisions == 0 || t->first_contact)
		return;
	if (same)
		nw_coverage_so(c, v, "frozen", 1, NW_SEV_NORMAL,
		    "source %.*s answers the same ETag or Last-Modified over a changed document: it is asked "
		    "without them from now on",
		    NAME(v));
	else
		nw_coverage_over(
		    c, v, "frozen", "source %.*s: its validators change with the document again", NAME(v));
}

static void
charset(struct nw_coverage *c, const struct nw_coverage_visit *v, const struct nw_store_report *r,
    const Nw__Batch *m)
{
	struct nw_str now = m->document != NULL ? nw_pb_str(m->document->charset) : NW_STR("");

	if (v->source->nurl == 1 && r->charset_was[0] != '\0' && now.len > 0 &&
	    !nw_str_is(now, r->charset_was))
		nw_coverage_so(c, v, "charset", 1, NW_SEV_NORMAL,
		    "source %.*s has changed its encoding from %s to %.*s", NAME(v), r->charset_was,
		    (int)(now.len < 60 ? now.len : 60), now.p);
}

/* A source that counts in leaps would be told of at each poll, for ever. */
static int
is_leaping(const struct nw_coverage *c, struct nw_str source, int64_t now_ms)
{
	char prefix[NW_COVERAGE_KEY_MAX];
	uint32_t n = 0;

	nw_coverage_key(prefix, "gap", source, "");
	for (const struct nw_standing *e = c->entries; e != NULL; e = e->hh.next)
		n += now_ms - e->last_ms < QUIET_MS && nw_str_starts(nw_str(e->key), prefix) &&
		     e->key[strlen(prefix)] == '/';
	return n >= GAPS_TOLD;
}

/* A missing announcement is a condition of its own, over when its number comes. */
static void
numbers(struct nw_coverage *c, const struct nw_coverage_visit *v, const struct nw_store_report *r,
    const Nw__Batch *m)
{
	char key[NW_COVERAGE_KEY_MAX], number[128], text[NW_NOTE_MAX];
	struct nw_standing *e;

	for (size_t i = 0; i < m->n_articles && HASH_COUNT(c->entries) > 0; i++) {
		if (m->articles[i]->number.len == 0 || m->articles[i]->number.len >= sizeof(number))
			continue;
		(void)snprintf(number, sizeof(number), "%.*s", (int)m->articles[i]->number.len,
		    (const char *)m->articles[i]->number.data);
		nw_coverage_key(key, "gap", v->source->name, number);
		if ((e = nw_coverage_find(c, key)) == NULL)
			continue;
		(void)snprintf(text, sizeof(text), "source %.*s: announcement %s has come", NAME(v), number);
		nw_operator_source(c->operator, 0, v->source->name, key, NW_SEV_NORMAL, text);
		nw_coverage_drop(c, e);
	}
	if (r->gap_n == 0 || is_leaping(c, v->source->name, v->end->now_ms))
		return;
	nw_coverage_key(key, "gap", v->source->name, r->gap_from);
	if ((e = nw_coverage_find_or_add(c, key)) == NULL || e->stands)
		return;
	e->stands = 1;
	e->last_ms = v->end->now_ms;
	(void)snprintf(text, sizeof(text),
	    r->gap_n == 1 ? "source %.*s: announcement %s has not been seen"
			  : "source %.*s: announcements %s to %s have not been seen",
	    NAME(v), r->gap_from, r->gap_to);
	nw_operator_source(c->operator, 1, v->source->name, key, NW_SEV_HIGH, text);
}

/* Pages that can be read, yet not as the source's entry says: of those read for the first time, for old ones keep the
 * template they were made with. */
static void
template(struct nw_coverage *c, const struct nw_coverage_visit *v, const Nw__Batch *m)
{
	if (v->target->kind != NW_STORE_PAGE)
		return;
	for (size_t i = 0; i < m->n_notes; i++) {
		struct nw_str note = nw_pb_str(m->notes[i]);

		if (!says(note, "template changed?"))
			continue;
		nw_coverage_so(c, v, "template", TEMPLATE_TOLD, NW_SEV_HIGH,
		    "source %.*s: the last %u articles could not be read as they used to: %.*s", NAME(v),
		    TEMPLATE_TOLD, (int)nw_utf8_cut(note, 300), note.p);
		return;
	}
	nw_coverage_over(c, v, "template", "source %.*s: its articles are read as they used to be", NAME(v));
}

void
nw_coverage_read(struct nw_coverage *c, const struct nw_coverage_visit *v, const struct nw_store_report *r,
    const Nw__Batch *m)
{
	nw_coverage_baselines_owed(c);
	if (v->target->kind == NW_STORE_PAGE || v->target->kind == NW_STORE_RELOOK) {
		nw_coverage_over(c, v, "pages", "source %.*s: pages are read again", NAME(v));
		nw_coverage_over(c, v, "unread", "source %.*s: its article pages are read again", NAME(v));
		template(c, v, m);
		numbers(c, v, r, m);
		if (r->baseline_page)
			nw_coverage_baseline(c, v->source->name);
		return;
	}
	if (v->target->kind != NW_STORE_LISTING)
		return;
	listing_answered(c, v, r->articles > 0);
	few(c, v, r, m);
	frozen(c, v, r);
	charset(c, v, r, m);
	numbers(c, v, r, m);
	if (r->first_contact)
		nw_coverage_baseline(c, v->source->name);
	if (r->churn)
		nw_coverage_so(c, v, "churn", 1, NW_SEV_HIGH,
		    "source %.*s: more than half of its known items came back under new keys "
		    "(a migration?): stored, no alerts",
		    NAME(v));
	else if (r->no_overlap)
		nw_coverage_so(c, v, "overlap", 1, NW_SEV_NORMAL,
		    "source %.*s: nothing of what it listed before is listed now: items between may have "
		    "been missed; ask it more often",
		    NAME(v));
}

int
nw_coverage_is_frozen(const struct nw_coverage *c, struct nw_str source)
{
	return nw_coverage_of(c, "frozen", source) != NULL;
}
