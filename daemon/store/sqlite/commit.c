#include <stdio.h>

#include "base/arena.h"
#include "core/frame.h"
#include "store/sqlite/commit.h"
#include "store/sqlite/db.h"
#include "store/sqlite/event.h"
#include "store/sqlite/restored.h"

#define USUAL_SCALE 16 /* items_usual is a moving average in sixteenths */

/* --- the articles of a document ------------------------------------------------------------------------- */

/* More than half of a known listing is new, under titles of known articles: the source has moved its
 * addresses. */
static int
is_churn(const struct nw_commit *c, const struct nw_identity *id)
{
	uint32_t items = c->m->document != NULL ? c->m->document->items : 0, renamed = 0;

	if (items < c->m->n_articles)
		items = (uint32_t)c->m->n_articles;
	for (size_t i = 0; i < c->m->n_articles; i++)
		renamed += id[i].article == 0 && id[i].known_title;
	return items >= NW_STORE_CHURN_MIN && renamed > items / 2;
}

static int
find_all(struct nw_commit *c, struct nw_identity *id)
{
	uint32_t known = 0;

	if (c->target.articles == 0)
		return 0; /* nothing of this source is known */
	for (size_t i = 0; i < c->m->n_articles; i++) {
		if (nw_identity_find(c->st, c->target.source, c->m->articles[i], 1, &id[i], c->err) == -1)
			return -1;
		known += id[i].article != 0;
	}
	c->churn = (uint32_t)is_churn(c, id); /* at a first contact too: a new address may be that of a site that moved */
	c->report->churn = c->churn;
	c->report->no_overlap = !c->first_contact && c->target.kind == NW_STORE_LISTING && c->m->n_articles > 0 && known == 0 &&
				(c->m->document == NULL || c->m->document->unchanged == 0);
	return 0;
}

static int
note_guid(struct nw_commit *c, const Nw__Article *art)
{
	struct nw_str guid = nw_pb_str(art->guid), url = nw_pb_str(art->url);

	(void)snprintf(c->report->note, sizeof(c->report->note),
	    "guid '%.*s' stands for several articles, %.*s is kept apart",
	    (int)(guid.len < 80 ? guid.len : 80), guid.p, (int)(url.len < 120 ? url.len : 120), url.p);
	return nw_event_source(
	    c->st, c->now_ms, "note", c->target.source_name, c->err, "%s", c->report->note);
}

static int
commit_items(struct nw_commit *c)
{
	struct nw_identity *id = nw_identity_keys(c->arena, c->m, c->target.identity);

	if (id == NULL)
		return nw_db_nomem(c->err);
	if (find_all(c, id) == -1)
		return -1;
	for (size_t i = 0; i < c->m->n_articles; i++) {
		const Nw__Article *art = nw_batch_article_whole(c->batch, i, c->err);
		int64_t added = 0;

		if (art == NULL)
			return -1;
		if (id[i].article != 0) {
			if (nw_article_known(c, art, &id[i]) == -1)
				return -1;
			continue;
		}
		if (nw_article_new(c, art, &id[i], &added) == -1)
			return -1;
		if (id[i].guid_shared && added != 0 && c->report->note[0] == '\0' && note_guid(c, art) == -1)
			return -1;
	}
	if (nw_number_gap(c) == -1)
		return -1;
	return nw_follow_add_all(c);
}

/* --- the page of an article ----------------------------------------------------------------------------- */

/* Whether there is an article of the page, and which: the only one, or the one at the page's own address. */
static int
article_of_page(struct nw_commit *c, size_t *i_r)
{
	uint8_t own[2][NW_KEY_LEN], hash[NW_KEY_LEN];

	*i_r = 0;
	if (c->m->n_articles == 1)
		return 1;
	nw_identity_hash(c->arena, NW_KEY_URL, c->target.url, own[0]);
	nw_identity_hash(c->arena, NW_KEY_URL, c->poll->url, own[1]);
	for (size_t i = 0; i < c->m->n_articles; i++) {
		nw_identity_hash(c->arena, NW_KEY_URL, nw_pb_str(c->m->articles[i]->url), hash);
		if (memcmp(hash, own[0], NW_KEY_LEN) == 0 || memcmp(hash, own[1], NW_KEY_LEN) == 0) {
			*i_r = i;
			return 1;
		}
	}
	return 0;
}

/* A page that a listing named without an article: known by its keys, or an article of its own. */
static int
commit_followed_page(struct nw_commit *c, const Nw__Article *art)
{
	const Nw__Batch one = {.n_articles = 1, .articles = (Nw__Article *[]){(Nw__Article *)(uintptr_t)art}};
	struct nw_identity *id = nw_identity_keys(c->arena, &one, c->target.identity);
	int64_t article = 0;

	if (id == NULL)
		return nw_db_nomem(c->err);
	if (nw_identity_find(c->st, c->target.source, art, 0, id, c->err) == -1)
		return -1;
	c->first_contact = c->target.baseline;
	if (id->article == 0) {
		if (nw_article_new(c, art, id, &article) == -1)
			return -1;
		c->target.article = article;
		return 0;
	}
	c->target.article = id->article;
	return nw_page_commit(c, id->article, art);
}

/* ${art} is NULL where the page is read again and says what it said. */
static int
commit_page(struct nw_commit *c, const Nw__Article *art)
{
	int rc = 0;

	if (art == NULL)
		rc = nw_page_same(c, c->target.article);
	else if (c->target.article != 0)
		rc = nw_page_commit(c, c->target.article, art);
	else
		rc = commit_followed_page(c, art);
	if (rc == -1)
		return -1;
	c->target.step = c->target.kind == NW_STORE_PAGE ? 0 : c->target.step + 1;
	c->target.kind = NW_STORE_RELOOK;
	if (nw_number_gap(c) == -1)
		return -1;
	c->target.due_ms = c->policy->relook ? nw_poll_next_look(&c->target, c->poll) : 0;
	return 0;
}

/* --- target and source ---------------------------------------------------------------------------------- */

static void
move_target(struct nw_commit *c)
{
	const Nw__Document *d = c->m->document;
	struct nw_poll_state *t = &c->target;
	int64_t items = d != NULL && d->items > 0 ? d->items : (int64_t)c->m->n_articles;

	c->report->items_usual = (t->items_usual + USUAL_SCALE / 2) / USUAL_SCALE;
	c->report->items_before = t->items_last;
	t->items_last = items;
	t->items_usual =
	    t->items_usual == 0 ? items * USUAL_SCALE : (7 * t->items_usual + items * USUAL_SCALE) / 8;
	t->last_change_ms = c->now_ms;
	if (!c->whole)
		return; /* the next poll brings it all again */
	if (t->first_read_ms == NW_TIME_NONE)
		t->first_read_ms = c->now_ms;
	t->etag = c->poll->etag;
	t->last_modified = c->poll->last_modified;
	memcpy(t->body_hash, c->poll->body_hash, sizeof(t->body_hash));
	t->has_body_hash = 1;
}

static int
save_target(struct nw_commit *c)
{
	const Nw__Document *d = c->m->document;

	if (c->target.due_ms == 0)
		return nw_poll_finish(c->st, &c->target, c->now_ms, c->err);
	if (d != NULL && d->seen.len > 0 &&
	    nw_db_run(c->st, NW_SQL_SEEN_SET,
		NW_ARGS(nw_db_int(c->target.id), nw_db_blob(d->seen.data, d->seen.len)), c->err) == -1)
		return -1;
	return nw_poll_save(c->st, &c->target, c->now_ms, c->err);
}

static struct nw_str
last_number(const Nw__Batch *m)
{
	for (size_t i = 0; i < m->n_articles; i++) /* the newest stands first */
		if (m->articles[i]->number.len > 0)
			return nw_pb_str(m->articles[i]->number);
	return NW_STR("");
}

/* The usual gap between the items a first contact finds, so that a source that dries up at once is noticed.
 */
static int64_t
first_rhythm(const struct nw_commit *c)
{
	int64_t first = INT64_MAX, last = INT64_MIN, n = 0;

	for (size_t i = 0; i < c->m->n_articles; i++) {
		const Nw__Time *t = c->m->articles[i]->published;

		if (t == NULL || t->precision < NW_PREC_DAY || t->at_ms > c->now_ms)
			continue;
		first = t->at_ms < first ? t->at_ms : first;
		last = t->at_ms > last ? t->at_ms : last;
		n++;
	}
	return n < NW_STORE_RHYTHM_MIN ? 0 : (last - first) / (n - 1);
}

static int
save_source(struct nw_commit *c)
{
	const struct nw_poll_state *t = &c->target;
	int64_t rhythm = t->rhythm_ms, last_new = t->last_new_ms;
	struct nw_str charset = NW_STR("");

	if (c->report->articles > 0) {
		if (!c->first_contact && last_new != NW_TIME_NONE && c->now_ms > last_new)
			rhythm = rhythm == 0 ? c->now_ms - last_new : (3 * rhythm + c->now_ms - last_new) / 4;
		last_new = c->now_ms;
		if (c->first_contact && rhythm == 0)
			rhythm = first_rhythm(c);
	}
	/* of listings: pages may each have their own */
	if (c->m->document != NULL && t->kind == NW_STORE_LISTING)
		charset = nw_pb_str(c->m->document->charset);
	return nw_db_run(c->st, NW_SQL_SOURCE_READ,
	    NW_ARGS(nw_db_int(t->source), nw_db_int(t->identity),
		c->whole ? nw_db_int(c->now_ms) : nw_db_null(), nw_db_int(c->now_ms), nw_db_time(last_new),
		nw_db_int(rhythm), nw_db_int(c->report->articles), nw_db_str(charset),
		nw_db_str(last_number(c->m))),
	    c->err);
}

/* --- the whole ------------------------------------------------------------------------------------------ */

/* A page without an article: no document to keep, the reason stands in the target. */
static int
fail_page(struct nw_commit *c)
{
	struct nw_store_poll p = *c->poll;
	struct nw_store_polled out = {0};

	p.end = NW_STORE_FAILED;
	p.reason = c->m->document != NULL && c->m->document->reason.len > 0
		       ? nw_pb_str(c->m->document->reason)
		       : NW_STR("the page holds no article of its own");
	if (nw_poll_failed(c->st, &c->target, &p, &out, c->err) == -1)
		return -1;
	c->report->match += out.match;
	c->report->article = out.article;
	return 0;
}

/* Its article is known by `seen` and unchanged. */
static int
is_same_page(const struct nw_commit *c)
{
	return c->target.kind == NW_STORE_RELOOK && c->m->n_articles == 0 && c->m->document != NULL &&
	       c->m->document->unchanged > 0;
}

static int
commit_document(struct nw_commit *c)
{
	struct nw_store_polled polled = {0};
	int is_page = c->target.kind == NW_STORE_PAGE || c->target.kind == NW_STORE_RELOOK;
	const Nw__Article *art = NULL;
	size_t i;

	/* before the page, now read, becomes one to look at again */
	c->report->baseline_page = c->target.kind == NW_STORE_PAGE && c->target.baseline;
	if (is_page && article_of_page(c, &i) && (art = nw_batch_article_whole(c->batch, i, c->err)) == NULL)
		return -1;
	if (is_page && art == NULL && !is_same_page(c))
		return fail_page(c);
	c->whole =
	    c->poll->end == NW_STORE_READ_WHOLE && (c->m->document == NULL || !c->m->document->incomplete);
	c->unknown = nw_restored_unknown(c);
	c->first_contact = !is_page && c->target.first_read_ms == NW_TIME_NONE;
	c->target.identity = nw_identity_decide(c->arena, c->m, c->policy, c->target.identity);
	if (nw_poll_answered(c->st, &c->target, c->poll, &polled, c->err) == -1 ||
	    (is_page ? commit_page(c, art) : commit_items(c)) == -1)
		return -1;
	if (c->target.kind == NW_STORE_LISTING)
		(void)snprintf(c->report->charset_was, sizeof(c->report->charset_was), "%.*s",
		    (int)c->target.charset.len, c->target.charset.p);
	c->report->first_contact = c->first_contact && c->target.kind == NW_STORE_LISTING && c->whole;
	c->report->moved = polled.moved;
	c->report->recovered = polled.recovered;
	move_target(c);
	if (nw_document_keep(c) == -1 || save_target(c) == -1 || save_source(c) == -1)
		return -1;
	/* with the contact itself, so that no end of the program comes between it and its mail */
	if (!c->report->first_contact || c->report->articles + c->report->follow == 0)
		return 0;
	return nw_db_run(c->st, NW_SQL_REPORT_OWED, NW_ARGS(nw_db_int(c->target.source)), c->err);
}

int
nw_store_commit(struct nw_store *st, const struct nw_store_poll *poll, const struct nw_batch *batch,
    const struct nw_store_policy *policy, const struct nw_store_rules *rules,
    struct nw_store_report *report_r, struct nw_err *err)
{
	struct nw_store_report report = {0};
	struct nw_commit c = {.st = st,
	    .poll = poll,
	    .batch = batch,
	    .m = batch->m,
	    .policy = policy,
	    .rules = rules,
	    .report = &report,
	    .now_ms = poll->now_ms,
	    .err = err};
	int rc = -1;

	if (nw_alert_check_all(batch, rules, err) == -1)
		return -1;
	if ((c.arena = nw_arena_new(0)) == NULL)
		return nw_db_nomem(err);
	if (nw_db_begin(st, err) == 0) {
		/* 0: the target went while it was polled, as pages do */
		if ((rc = nw_poll_load(st, poll->target, c.arena, &c.target, err)) == 1)
			rc = commit_document(&c);
		rc = nw_db_end(st, rc, NW_DB_GROUP, err);
	}
	nw_arena_free(c.arena);
	if (rc == -1)
		return -1;
	*report_r = report;
	return 0;
}

int
nw_store_quarantine(struct nw_store *st, const struct nw_store_poll *poll, struct nw_store_polled *polled_r,
    struct nw_err *err)
{
	struct nw_arena *a = nw_arena_new(0);
	struct nw_store_polled out = {.failing_since_ms = NW_TIME_NONE};
	struct nw_poll_state s;
	int rc = -1;

	if (a == NULL)
		return nw_db_nomem(err);
	if (nw_db_begin(st, err) == 0) {
		if ((rc = nw_poll_load(st, poll->target, a, &s, err)) == 1) {
			rc = nw_event_source(st, poll->now_ms, "quarantined", s.source_name, err, "%s: %.*s",
			    poll->url.p, (int)poll->reason.len, poll->reason.p);
			if (rc == 0)
				rc = nw_poll_failed(st, &s, poll, &out, err);
		}
		rc = nw_db_end(st, rc, NW_DB_NOW, err);
	}
	nw_arena_free(a);
	if (rc == -1)
		return -1;
	if (polled_r != NULL)
		*polled_r = out;
	return 0;
}
