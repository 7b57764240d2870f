#include "base/arena.h"
#include "base/buf.h"
#include "core/frame.h"
#include "store/sqlite/commit.h"
#include "store/sqlite/db.h"
#include "store/sqlite/event.h"
#include "store/sqlite/restored.h"

/* --- load ------------------------------------------------------------------------------------------------------- */

int
nw_article_load(struct nw_commit *c, int64_t article, struct nw_article_state *state_r)
{
	struct nw_article_state s = {.id = article};
	sqlite3_stmt *r = NULL;
	struct nw_bytes key;
	int rc = nw_db_row(c->st, NW_SQL_ARTICLE_STATE, NW_ARGS(nw_db_int(article)), &r, c->err);

	if (rc != 1)
		return rc;
	s.n = nw_db_col_int(r, 0);
	s.state = nw_db_col_dup(r, 1, c->arena);
	s.text_from = nw_db_col_int(r, 2);
	s.listed_hash = (uint64_t)nw_db_col_int(r, 3);
	s.matched = nw_db_col_int(r, 4);
	key = nw_db_col_blob(r, 5);
	if (key.len == sizeof(s.policy_key))
		memcpy(s.policy_key, key.p, key.len);
	s.first_seen_ms = nw_db_col_int(r, 6);
	s.published_ms = nw_db_col_time(r, 7);
	s.precision = nw_db_col_u32(r, 8);
	s.origin = nw_db_col_u32(r, 9);
	s.baseline = nw_db_col_u32(r, 10);
	s.churned = nw_db_col_u32(r, 11);
	s.number = nw_db_col_dup(r, 12, c->arena);
	s.lang = nw_db_col_dup(r, 13, c->arena);
	s.url = nw_db_col_dup(r, 14, c->arena);
	s.content_hash = (uint64_t)nw_db_col_int(r, 15);
	s.title = nw_db_col_dup(r, 16, c->arena);
	s.summary = nw_db_col_dup(r, 17, c->arena);
	s.has_body = nw_db_col_u32(r, 18);
	s.story = nw_db_col_int(r, 19);
	s.match_ms = nw_db_col_time(r, 20);
	s.mute_before_ms = nw_db_col_int(r, 21);
	s.held_n = nw_db_col_int(r, 22);
	nw_db_done(r);
	if (s.state.p == NULL || s.number.p == NULL || s.lang.p == NULL || s.url.p == NULL ||
	    s.title.p == NULL || s.summary.p == NULL)
		return nw_db_nomem(c->err);
	*state_r = s;
	return 1;
}

void
nw_article_date(struct nw_article_state *s, const Nw__Time *t)
{
	if (t == NULL || t->precision == NW_PREC_NONE)
		return;
	if (s->published_ms != NW_TIME_NONE &&
	    (t->origin > s->origin || (t->origin == s->origin && t->precision < s->precision)))
		return;
	s->published_ms = t->at_ms;
	s->precision = t->precision;
	s->origin = t->origin;
}

/* --- revisions -------------------------------------------------------------------------------------------------- */

static void
add_lines(struct nw_buf *categories, struct nw_buf *enclosures, const Nw__Article *art)
{
	for (size_t i = 0; i < art->n_categories; i++) {
		nw_buf_addstr(categories, nw_pb_str(art->categories[i]));
		nw_buf_addc(categories, '\n');
	}
	for (size_t i = 0; i < art->n_enclosures; i++) {
		const Nw__Enclosure *e = art->enclosures[i];

		nw_buf_addf(enclosures, "%lld\t", (long long)e->length);
		nw_buf_addstr(enclosures, nw_pb_str(e->type));
		nw_buf_addc(enclosures, '\t');
		nw_buf_addstr(enclosures, nw_pb_str(e->url));
		nw_buf_addc(enclosures, '\n');
	}
}

int
nw_article_revision_add(
    struct nw_commit *c, int64_t article, int64_t n, const Nw__Article *art, int64_t *revision_r)
{
	struct nw_buf categories = {0}, enclosures = {0};
	int rc;

	if (nw_document_cite(c) == -1)
		return -1;
	add_lines(&categories, &enclosures, art);
	rc = nw_db_run(c->st, NW_SQL_REVISION_ADD,
	    NW_ARGS(nw_db_int(article), nw_db_int(n), nw_db_int(c->now_ms),
		nw_db_int((int64_t)art->content_hash), nw_db_int((int64_t)art->simhash),
		nw_db_int(c->document), nw_db_str(nw_pb_str(art->title)), nw_db_str(nw_pb_str(art->author)),
		nw_db_str(nw_buf_str(&categories)), nw_db_str(nw_buf_str(&enclosures)),
		nw_db_str(nw_pb_str(art->summary)), nw_db_str(nw_pb_str(art->body))),
	    c->err);
	nw_buf_done(&categories);
	nw_buf_done(&enclosures);
	if (rc == 0)
		*revision_r = nw_db_last_id(c->st);
	return rc;
}

struct nw_subject
nw_article_subject(
    const struct nw_commit *c, const struct nw_article_state *s, int64_t revision, int64_t n, uint64_t simhash)
{
	struct nw_subject subject = {
	    .article = s->id,
	    .revision = revision,
	    .n = n,
	    .source = c->target.source,
	    .story = s->story,
	    .published_ms = s->published_ms,
	    .mute_before_ms = s->mute_before_ms,
	    .precision = s->precision,
	    .baseline = s->baseline,
	    .churned = s->churned,
	    .held = s->held_n > 0 && n <= s->held_n,
	    .simhash = simhash,
	    .source_name = c->target.source_name,
	    .number = s->number,
	};

	memcpy(subject.policy_key, s->policy_key, sizeof(subject.policy_key));
	return subject;
}

int
nw_article_judged(
    struct nw_commit *c, const struct nw_article_state *s, int64_t revision, const Nw__Article *art)
{
	struct nw_subject subject = nw_article_subject(c, s, revision, s->n, art->simhash);

	if (nw_tag_add_all(c, revision, art) == -1 || nw_conflict_look(c, s->id, art) == -1)
		return -1;
	return nw_alert_add_all(c, &subject, art);
}

int
nw_article_revise(struct nw_commit *c, struct nw_article_state *s, const Nw__Article *art, int64_t text_from)
{
	int64_t revision;

	if (nw_article_revision_add(c, s->id, s->n + 1, art, &revision) == -1)
		return -1;
	nw_article_date(s, art->published);
	if (nw_db_run(c->st, NW_SQL_ARTICLE_TEXT,
		NW_ARGS(nw_db_int(s->id), nw_db_int(s->n + 1), nw_db_text("final"), nw_db_ref(text_from),
		    nw_db_time(s->published_ms), nw_db_int(s->precision), nw_db_int(s->origin),
		    nw_db_str(s->lang), nw_db_str(s->number), nw_db_int(s->matched), nw_db_int(c->now_ms),
		    nw_db_int(c->unknown ? s->n + 1 : s->held_n)),
		c->err) == -1)
		return -1;
	c->report->revisions++;
	c->report->match++;
	c->report->article = s->id;
	return nw_event_article(c->st, c->now_ms, "revised", s->id, c->err, "revision %lld: %s",
	    (long long)s->n + 1,
	    nw_str_eq(s->title, nw_pb_str(art->title)) ? "text changed" : "title changed");
}

/* --- new -------------------------------------------------------------------------------------------------------- */

/* Whether the page behind the item is to be read, and no other target reads it already. */
static int
wants_page(struct nw_commit *c, const Nw__Article *art)
{
	uint32_t full = c->policy->full_text;
	sqlite3_stmt *row = NULL;
	int rc, free_url = 1;

	if (c->target.kind == NW_STORE_PAGE || c->target.kind == NW_STORE_RELOOK || art->url.len == 0 ||
	    full == NW_STORE_FULL_NEVER ||
	    (full == NW_STORE_FULL_AUTO && !(art->flags & NW_ARTICLE_TEASER)) ||
	    (c->m->document != NULL && c->m->document->role == NW_ROLE_ARTICLE))
		return 0;
	rc = nw_db_row(c->st, NW_SQL_PAGE_FIND,
	    NW_ARGS(nw_db_int(c->target.source), nw_db_str(nw_pb_str(art->url))), &row, c->err);
	if (rc == 1) {
		free_url = nw_db_col_int(row, 1) == NW_STORE_PAGE && nw_db_col_int(row, 2) == 0;
		nw_db_done(row);
	}
	return rc == -1 ? -1 : free_url;
}

static int
add_page_target(struct nw_commit *c, int64_t article, struct nw_str url)
{
	int64_t target = 0;

	if (nw_db_run(c->st, NW_SQL_TARGET_ADD,
		NW_ARGS(nw_db_int(c->target.source), nw_db_int(NW_STORE_PAGE), nw_db_int(NW_ROLE_ARTICLE),
		    nw_db_str(url), nw_db_int(c->target.enabled),
		    nw_db_int(c->target.enabled ? c->now_ms : NW_STORE_NEVER), nw_db_int(article),
		    nw_db_int(c->first_contact), nw_db_int(0)),
		c->err) == -1)
		return -1;
	c->report->pending++;
	if (nw_db_changes(c->st) > 0) {
		c->report->follow++;
		return 0;
	}
	if (nw_db_get(c->st, NW_SQL_PAGE_FIND, NW_ARGS(nw_db_int(c->target.source), nw_db_str(url)), 0,
		&target, c->err) == -1)
		return -1;
	return nw_db_run(c->st, NW_SQL_PAGE_ATTACH, NW_ARGS(nw_db_int(target), nw_db_int(article)), c->err);
}

static uint32_t
is_baseline(const struct nw_commit *c)
{
	return c->first_contact && c->policy->backfill != NW_STORE_BACKFILL_ALERT;
}

/* The instant an article must have been published after to alert; 0 for none. */
static int64_t
mute_before(const struct nw_commit *c)
{
	int64_t age = c->policy->alert_age_ms;

	if (is_baseline(c) && (age == 0 || c->policy->contact_age_ms < age))
		age = c->policy->contact_age_ms;
	return age != 0 || is_baseline(c) ? c->now_ms - age : 0;
}

static int64_t
pending_ms(const struct nw_commit *c)
{
	return c->policy->pending_ms != 0 ? c->policy->pending_ms : NW_STORE_PENDING_S * INT64_C(1000);
}

static int
add_row(struct nw_commit *c, const Nw__Article *art, const struct nw_identity *id, int pending,
    struct nw_article_state *s)
{
	int from_page = c->target.kind == NW_STORE_PAGE || c->target.kind == NW_STORE_RELOOK;

	*s = (struct nw_article_state){
	    .n = pending ? 0 : 1,
	    .first_seen_ms = c->now_ms,
	    .published_ms = NW_TIME_NONE,
	    .match_ms = pending		 ? c->now_ms + pending_ms(c)
			: art->unmatched ? c->now_ms
					 : NW_TIME_NONE,
	    .baseline = is_baseline(c),
	    .mute_before_ms = mute_before(c),
	    .churned = c->churn && id->known_title,
	    .number = nw_pb_str(art->number),
	    .lang = nw_pb_str(art->lang),
	};
	memcpy(s->policy_key, id->hash[id->policy], NW_KEY_LEN);
	nw_article_date(s, art->published);
	s->held_n = nw_restored_held(c, s);
	s->matched = s->match_ms == NW_TIME_NONE ? s->n : -1;
	if (nw_db_run(c->st, NW_SQL_ARTICLE_ADD,
		NW_ARGS(nw_db_int(c->target.source), nw_db_blob(s->policy_key, NW_KEY_LEN),
		    nw_db_str(nw_pb_str(art->url)), nw_db_str(nw_pb_str(art->guid)), nw_db_str(s->lang),
		    nw_db_str(s->number), nw_db_int(c->now_ms), nw_db_time(s->published_ms),
		    nw_db_int(s->precision), nw_db_int(s->origin), nw_db_text(pending ? "pending" : "final"),
		    nw_db_int(s->baseline), nw_db_int(s->churned),
		    from_page ? nw_db_null() : nw_db_int(c->target.id), nw_db_int(s->n),
		    nw_db_int((int64_t)art->content_hash), nw_db_int(s->matched), nw_db_time(s->match_ms),
		    nw_db_int(s->mute_before_ms), nw_db_int(s->held_n)),
		c->err) == -1)
		return -1;
	s->id = nw_db_last_id(c->st);
	return 0;
}

int
nw_article_new(struct nw_commit *c, const Nw__Article *art, const struct nw_identity *id, int64_t *article_r)
{
	struct nw_article_state s;
	int64_t revision;
	int pending = wants_page(c, art), rc;

	if (pending == -1 || add_row(c, art, id, pending, &s) == -1)
		return -1;
	if ((rc = nw_identity_claim(c->st, c->target.source, s.id, id, c->err)) != 1) {
		c->report->duplicates += rc == 0; /* it stood in the same document already */
		return rc == -1 ? -1
				: nw_db_run(c->st, NW_SQL_ARTICLE_DROP, NW_ARGS(nw_db_int(s.id)), c->err);
	}
	if (nw_identity_add_rest(c->st, c->target.source, s.id, id, c->err) == -1 ||
	    nw_article_revision_add(c, s.id, s.n, art, &revision) == -1 ||
	    (pending && add_page_target(c, s.id, nw_pb_str(art->url)) == -1))
		return -1;
	c->report->articles++;
	c->report->article = *article_r = s.id;
	if (s.match_ms == NW_TIME_NONE)
		return nw_article_judged(c, &s, revision, art);
	c->report->match += !pending;
	return nw_tag_add_all(c, revision, art);
}

/* --- known ------------------------------------------------------------------------------------------------------ */

/* The listing says something else of an article whose text is its page: look at the page now. */
static int
listing_changed(struct nw_commit *c, const struct nw_article_state *s, const Nw__Article *art)
{
	if (art->content_hash == s->listed_hash)
		return 0;
	if (nw_db_run(c->st, NW_SQL_ARTICLE_LISTED,
		NW_ARGS(nw_db_int(s->id), nw_db_int((int64_t)art->content_hash)), c->err) == -1 ||
	    nw_db_run(c->st, NW_SQL_PAGE_POKE, NW_ARGS(nw_db_int(s->id), nw_db_int(c->now_ms)), c->err) == -1)
		return -1;
	if (nw_db_changes(c->st) > 0 || s->url.len == 0 || c->policy->full_text == NW_STORE_FULL_NEVER)
		return 0;
	/* no look is left: one more */
	if (nw_db_run(c->st, NW_SQL_TARGET_ADD,
		NW_ARGS(nw_db_int(c->target.source), nw_db_int(NW_STORE_RELOOK), nw_db_int(NW_ROLE_ARTICLE),
		    nw_db_str(s->url), nw_db_int(c->target.enabled), nw_db_int(c->now_ms), nw_db_int(s->id),
		    nw_db_int(0), nw_db_int(0)),
		c->err) == -1)
		return -1;
	c->report->follow += (uint32_t)nw_db_changes(c->st);
	return 0;
}

/* Whether the text comes from another listing that is still polled: then this one's version is no edit. */
static int
from_another(struct nw_commit *c, const struct nw_article_state *s)
{
	int64_t enabled = 0;

	if (s->text_from == c->target.id || s->text_from == 0)
		return 0;
	if (nw_db_get(c->st, NW_SQL_TARGET_ALIVE, NW_ARGS(nw_db_int(s->text_from)), 0, &enabled, c->err) ==
	    -1)
		return -1;
	return enabled != 0;
}

int
nw_article_known(struct nw_commit *c, const Nw__Article *art, const struct nw_identity *id)
{
	struct nw_article_state s;
	int rc;

	if ((rc = nw_article_load(c, id->article, &s)) != 1)
		return rc;
	if ((rc = nw_identity_add(c->st, c->target.source, s.id, id, c->err)) == -1)
		return -1;
	c->report->keys += id->by_other && rc > 0;
	if (nw_str_is(s.state, "pending") || (s.text_from == 0 && s.n > 0))
		return listing_changed(c, &s, art);
	if (art->content_hash == s.content_hash)
		return 0;
	if ((rc = from_another(c, &s)) != 0)
		return rc == -1 ? -1 : 0;
	if (s.has_body && art->body.len == 0 && (art->flags & NW_ARTICLE_TEASER))
		return 0; /* a teaser does not replace a text */
	return nw_article_revise(c, &s, art, c->target.id);
}
