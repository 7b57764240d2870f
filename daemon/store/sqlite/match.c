#include "base/arena.h"
#include "core/frame.h"
#include "store/sqlite/commit.h"
#include "store/sqlite/db.h"
#include "store/sqlite/event.h"
#include "store/sqlite/load.h"

/* --- claim ------------------------------------------------------------------------------------------------------ */

static size_t
text_bytes(const Nw__Article *m)
{
	return m->title.len + m->summary.len + m->body.len + m->prev_title.len + m->prev_body.len;
}

/* Ids first: leasing moves the rows in the index that finds them. */
static int
find_due(struct nw_store *st, int64_t now_ms, uint32_t max, struct nw_store_match *out, uint32_t *n_r,
    struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	uint32_t n = 0;
	int rc;

	for (rc = nw_db_row(st, NW_SQL_MATCH_DUE, NW_ARGS(nw_db_int(now_ms), nw_db_int(max)), &row, err);
	     rc == 1; rc = nw_db_next(st, row, err))
		if (n < max)
			out[n++] = (struct nw_store_match){.revision = nw_db_col_int(row, 0),
			    .article = nw_db_col_int(row, 1),
			    .provisional = nw_str_is(nw_db_col_str(row, 2), "pending")};
	*n_r = n;
	return rc;
}

static int
claim(struct nw_store *st, int64_t now_ms, uint32_t max, struct nw_arena *a, struct nw_store_match *out,
    uint32_t *n_r, struct nw_err *err)
{
	size_t bytes = 0;
	uint32_t due = 0, n;

	if (find_due(st, now_ms, max, out, &due, err) == -1)
		return -1;
	for (n = 0; n < due && (n == 0 || bytes < NW_STORE_MATCH_BYTES); n++) {
		struct nw_loaded l = {0};

		if (nw_load_revision(st, out[n].revision, a, &l, err) != 1)
			return -1;
		l.m->n_tags = 0; /* the job makes them again */
		out[n].m = l.m;
		bytes += text_bytes(l.m);
		if (nw_db_run(st, NW_SQL_MATCH_LEASE,
			NW_ARGS(nw_db_int(out[n].article), nw_db_int(now_ms + NW_LEASE_S * 1000LL)),
			err) == -1)
			return -1;
	}
	*n_r = n;
	return 0;
}

int
nw_store_match_claim(struct nw_store *st, int64_t now_ms, uint32_t max, struct nw_arena *a,
    struct nw_store_match **matches_r, uint32_t *n_r, struct nw_err *err)
{
	struct nw_store_match *out = nw_arena_array(a, max, sizeof(*out));
	uint32_t n = 0;
	int rc;

	if (out == NULL)
		return nw_db_nomem(err);
	if (nw_db_begin(st, err) == -1)
		return -1;
	rc = claim(st, now_ms, max, a, out, &n, err);
	if (nw_db_end(st, rc, NW_DB_GROUP, err) == -1)
		return -1;
	*matches_r = out;
	*n_r = n;
	return 0;
}

/* --- answer ----------------------------------------------------------------------------------------------------- */

/* The texts that hits point into, for an answer that came back without them. */
static int
with_texts(struct nw_commit *c, int64_t revision, const Nw__Article *art, Nw__Article *out)
{
	struct nw_loaded l = {0};
	int rc;

	*out = *art;
	if (art->body.len > 0 || art->title.len > 0 || art->n_alerts == 0)
		return 0;
	if ((rc = nw_load_revision(c->st, revision, c->arena, &l, c->err)) != 1)
		return rc;
	out->title = l.m->title;
	out->summary = l.m->summary;
	out->body = l.m->body;
	out->author = l.m->author;
	out->url = l.m->url;
	out->prev_title = l.m->prev_title;
	out->prev_body = l.m->prev_body;
	return 0;
}

static int
load_source(struct nw_commit *c, int64_t article)
{
	sqlite3_stmt *row = NULL;
	int rc = nw_db_row(c->st, NW_SQL_SOURCE_OF_ARTICLE, NW_ARGS(nw_db_int(article)), &row, c->err);

	if (rc != 1)
		return rc;
	c->target.source = nw_db_col_int(row, 0);
	c->target.source_name = nw_db_col_dup(row, 1, c->arena);
	nw_db_done(row);
	return c->target.source_name.p != NULL ? 1 : nw_db_nomem(c->err);
}

/* What the answer speaks of. */
struct asked {
	int64_t revision, article, n;
	uint64_t simhash;
};

/* The revision that was asked about.  An edit was only read: its fingerprint comes with the match. */
static int
load_asked(struct nw_commit *c, const Nw__Article *art, struct asked *q)
{
	sqlite3_stmt *row = NULL;
	int rc;

	q->revision = (int64_t)art->id;
	if ((rc = nw_db_row(c->st, NW_SQL_MATCH_OF, NW_ARGS(nw_db_int(q->revision)), &row, c->err)) == -1)
		return -1;
	if (rc == 0)
		return nw_fail(c->err, NW_EPLUGIN, "an answer for revision %lld, which does not exist",
		    (long long)q->revision);
	q->article = nw_db_col_int(row, 0);
	q->n = nw_db_col_int(row, 1);
	q->simhash = (uint64_t)nw_db_col_int(row, 2);
	nw_db_done(row);
	if (q->simhash != 0 || art->simhash == 0)
		return 0;
	q->simhash = art->simhash;
	return nw_db_run(c->st, NW_SQL_REVISION_SIMHASH,
	    NW_ARGS(nw_db_int(q->revision), nw_db_int((int64_t)q->simhash)), c->err);
}

/* One article of the answer.  A summary whose page has come meanwhile is left out: the page's own match counts. */
static int
commit_one(struct nw_commit *c, const Nw__Article *art)
{
	struct nw_article_state s;
	struct nw_subject subject;
	struct asked q = {0};
	Nw__Article whole;

	if (load_asked(c, art, &q) == -1 || load_source(c, q.article) != 1 ||
	    nw_article_load(c, q.article, &s) != 1)
		return -1;
	if (q.n == 0 && s.n > 0)
		return 0;
	subject = nw_article_subject(c, &s, q.revision, q.n, q.simhash);
	subject.provisional = nw_str_is(s.state, "pending");
	if (nw_db_run(c->st, NW_SQL_TAGS_DROP, NW_ARGS(nw_db_int(q.revision)), c->err) == -1 ||
	    nw_tag_add_all(c, q.revision, art) == -1 || with_texts(c, q.revision, art, &whole) == -1 ||
	    nw_alert_add_all(c, &subject, &whole) == -1 ||
	    nw_db_run(c->st, NW_SQL_ARTICLE_MATCHED, NW_ARGS(nw_db_int(q.article), nw_db_int(q.n)), c->err) ==
		-1)
		return -1;
	return nw_db_run(c->st, NW_SQL_DOCUMENT_FORGET, NW_ARGS(nw_db_int(q.revision)), c->err);
}

int
nw_store_commit_match(struct nw_store *st, const struct nw_batch *batch, const struct nw_store_rules *rules,
    int64_t now_ms, struct nw_store_report *report_r, struct nw_err *err)
{
	struct nw_store_report report = {0};
	struct nw_commit c = {
	    .st = st, .batch = batch, .m = batch->m, .rules = rules, .report = &report, .now_ms = now_ms, .err = err};
	int rc;

	if (nw_alert_check_all(batch, rules, err) == -1)
		return -1;
	if ((c.arena = nw_arena_new(0)) == NULL)
		return nw_db_nomem(err);
	if ((rc = nw_db_begin(st, err)) == 0) {
		for (size_t i = 0; i < c.m->n_articles && rc == 0; i++)
			rc = commit_one(&c, c.m->articles[i]);
		rc = nw_db_end(st, rc, NW_DB_GROUP, err);
	}
	nw_arena_free(c.arena);
	if (rc == -1)
		return -1;
	*report_r = report;
	return 0;
}

int
nw_store_match_failed(
    struct nw_store *st, int64_t revision, struct nw_str reason, int64_t now_ms, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int64_t article = 0, n = 0;
	int rc;

	if (nw_db_begin(st, err) == -1)
		return -1;
	if ((rc = nw_db_row(st, NW_SQL_MATCH_OF, NW_ARGS(nw_db_int(revision)), &row, err)) == 1) {
		article = nw_db_col_int(row, 0);
		n = nw_db_col_int(row, 1);
		nw_db_done(row);
		rc = nw_db_run(st, NW_SQL_ARTICLE_MATCHED, NW_ARGS(nw_db_int(article), nw_db_int(n)), err);
		if (rc == 0)
			rc = nw_event_article(st, now_ms, "quarantined", article, err,
			    "revision %lld could not be matched: %.*s", (long long)n, (int)reason.len,
			    reason.p);
	}
	return nw_db_end(st, rc, NW_DB_NOW, err);
}
