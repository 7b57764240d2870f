#include "base/arena.h"
#include "core/frame.h"
#include "store/sqlite/commit.h"
#include "store/sqlite/db.h"
#include "store/sqlite/event.h"

/* Title and summary of the listing stand where the page has none.  A shallow copy: the batch stays as it came. */
static Nw__Article
merged(const struct nw_article_state *s, const Nw__Article *art)
{
	Nw__Article out = *art;

	if (out.title.len == 0)
		out.title = nw_pb(s->title);
	if (out.summary.len == 0)
		out.summary = nw_pb(s->summary);
	return out;
}

/* The first text of an article that was listed: its rules ran on the page, so their answer counts now. */
static int
first_text(struct nw_commit *c, struct nw_article_state *s, const Nw__Article *art)
{
	int64_t revision;

	if (nw_article_revision_add(c, s->id, 1, art, &revision) == -1)
		return -1;
	nw_article_date(s, art->published);
	s->n = 1;
	if (s->first_seen_ms < c->st->restored_ms)
		s->held_n = 1; /* the backup waited for this page */
	if (s->lang.len == 0)
		s->lang = nw_pb_str(art->lang);
	if (s->number.len == 0)
		s->number = nw_pb_str(art->number);
	if (nw_db_run(c->st, NW_SQL_ARTICLE_TEXT,
		NW_ARGS(nw_db_int(s->id), nw_db_int(1), nw_db_text("final"), nw_db_null(),
		    nw_db_time(s->published_ms), nw_db_int(s->precision), nw_db_int(s->origin),
		    nw_db_str(s->lang), nw_db_str(s->number), nw_db_int(art->unmatched ? s->matched : 1),
		    nw_db_time(art->unmatched ? c->now_ms : NW_TIME_NONE), nw_db_int(s->held_n)),
		c->err) == -1)
		return -1;
	c->report->article = s->id;
	if (!art->unmatched)
		return nw_article_judged(c, s, revision, art);
	c->report->match++;
	return 0;
}

static int
reappeared(struct nw_commit *c, const struct nw_article_state *s)
{
	if (nw_db_run(c->st, NW_SQL_ARTICLE_BACK, NW_ARGS(nw_db_int(s->id)), c->err) == -1)
		return -1;
	if (nw_db_changes(c->st) == 0)
		return 0;
	c->report->reappeared = 1;
	return nw_event_article(c->st, c->now_ms, "reappeared", s->id, c->err, "%s is back", s->url.p);
}

int
nw_page_same(struct nw_commit *c, int64_t article)
{
	struct nw_article_state s;
	int rc = nw_article_load(c, article, &s);

	if (rc != 1)
		return rc;
	c->report->article = article;
	return reappeared(c, &s);
}

int
nw_page_commit(struct nw_commit *c, int64_t article, const Nw__Article *art)
{
	struct nw_article_state s;
	Nw__Article whole;
	int rc = nw_article_load(c, article, &s);

	if (rc != 1)
		return rc;
	c->report->article = article;
	if (reappeared(c, &s) == -1)
		return -1;
	whole = merged(&s, art);
	if (s.n == 0)
		return first_text(c, &s, &whole);
	if (s.text_from != 0 || art->content_hash == s.content_hash)
		return 0; /* a listing gives its text, or nothing has changed */
	return nw_article_revise(c, &s, &whole, 0);
}
