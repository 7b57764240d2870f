#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/str.h"
#include "fake_host.h"
#include "fake_query.h"
#include "query/query.h"

#define GROUP 0

/* The table's calls get a sink or an instance; the fake behind both is found here, one at a time. */
static struct fake_host *attached;

static void
diag(void *cookie, uint32_t severity, uint32_t line, uint32_t col, uint32_t len, const char *text)
{
	const struct nw_expr *e = cookie;
	const struct nw_value *at = e->match != NULL ? e->match : e->score;

	(void)len; /* nothing is underlined here */
	if ((severity & NW_QDIAG_SEVERITY) == NW_QDIAG_ERROR)
		(void)attached->host.refuse(attached->instance, e->entry, at, "%u:%u: %s", line, col, text);
}

static struct nw_str
text(const struct nw_value *v)
{
	return v != NULL && v->given ? v->str : nw_str("");
}

static int
query_add(const struct nw_instance *inst, const struct nw_expr *expr)
{
	struct fake_query *q = attached->query;
	struct nw_expr e = *expr;
	uint32_t id;

	assert(inst == attached->instance);
	(void)inst; /* without assertions */
	if (nw_query_add(q->set, GROUP, 0, text(e.match), text(e.score), nw_str_or_empty(e.scope), &id, diag, &e) != 0)
		return NW_ECONF;
	if (id >= q->ncookies) {
		q->cookie = realloc(q->cookie, (id + 1) * sizeof(*q->cookie));
		assert(q->cookie != NULL);
		q->ncookies = id + 1;
	}
	q->cookie[id] = e.cookie;
	if (e.flags & NW_EXPR_LAZY)
		nw_query_lazy(q->set, id);
	return NW_OK;
}

static int
query_next(struct nw_sink *sink, const struct nw_article *article, uint32_t *cookie_r, struct nw_evidence *ev_r)
{
	struct fake_query *q = attached->query;
	uint32_t id = 0;
	int rc;

	(void)sink;
	(void)article; /* begun by the fake */
	rc = nw_query_next(q->set, GROUP, &id, ev_r);
	if (rc == NW_OK || rc == NW_NEAR)
		*cookie_r = q->cookie[id];
	return rc;
}

static int
query_holds(struct nw_sink *sink, const struct nw_article *article, uint32_t cookie, struct nw_evidence *ev_r)
{
	struct fake_query *q = attached->query;

	(void)sink;
	(void)article; /* begun by the fake */
	for (uint32_t id = 0; id < q->ncookies; id++)
		if (q->cookie[id] == cookie)
			return nw_query_holds(q->set, id, ev_r);
	return NW_EPLUGIN;
}

static void
begin(struct fake_host *fh, const struct nw_article *article)
{
	struct nw_err err;

	attached = fh;
	if (nw_query_begin(fh->query->set, article, fh->now_ms, &err) != 0) {
		fprintf(stderr, "fake_query: %s\n", err.msg);
		abort();
	}
}

static void
tag(struct fake_host *fh, const struct nw_tag *t)
{
	nw_query_tag(fh->query->set, t);
}

static void
compile(struct fake_host *fh)
{
	struct nw_err err;

	if (nw_query_compile(fh->query->set, &err) != 0) {
		fprintf(stderr, "fake_query: %s\n", err.msg);
		abort();
	}
}

static void
query_free(struct fake_host *fh)
{
	nw_query_set_free(fh->query->set);
	free(fh->query->cookie);
	free(fh->query);
	fh->query = NULL;
}

void
fake_query_attach(struct fake_host *fh)
{
	struct fake_query *q = calloc(1, sizeof(*q));

	assert(q != NULL);
	q->set = nw_query_set_new();
	assert(q->set != NULL);
	q->begin = begin;
	q->tag = tag;
	q->compile = compile;
	q->free = query_free;
	fh->query = q;
	fh->host.query_add = query_add;
	fh->host.query_next = query_next;
	fh->host.query_holds = query_holds;
	attached = fh;
}
