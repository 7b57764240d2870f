#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "query/analyse.h"
#include "query/query.h"
#include "query_brute_check.h"

static void
differ(const struct nw_brute_text *t, const char *expr, const char *what)
{
	fprintf(stderr, "%s: %s\ntitle: %s\nbody: %s\n", what, expr, t->s[0], t->s[1]);
	abort();
}

static int
is_in(const struct nw_brute_text *t, const struct nw_brute_set *s, const struct nw_hit *h)
{
	int f = h->field == NW_FIELD_TITLE ? 0 : 1, from = -1, to = -1;

	for (int i = 0; i < t->n[f]; i++) {
		from = t->w[f][i].off == (int)h->off ? t->w[f][i].pos : from;
		to = t->w[f][i].off + 2 == (int)(h->off + h->len) ? t->w[f][i].pos : to;
	}
	for (int i = 0; i < s->n; i++)
		if (s->v[i].field == f && s->v[i].from == from && s->v[i].to == to)
			return 1;
	return 0;
}

/* The engine's answer, with all its evidence if the expression is a place. */
static void
compare(const struct nw_brute_text *t, const struct nw_ast *a, const char *expr, int rc, const struct nw_evidence *ev)
{
	static struct nw_brute_set want;
	int strict = nw_brute_truth(t, a, 0), relaxed = nw_brute_truth(t, a, 1);

	if (rc != (strict ? NW_OK : relaxed ? NW_NEAR : NW_DONE))
		differ(t, expr, strict ? "must hold" : relaxed ? "must be a near miss" : "must not hold");
	if (!a->place || a->kind == NW_AST_OR || rc == NW_DONE)
		return;
	nw_brute_place(t, a, rc == NW_NEAR, &want);
	if (want.n > NW_HITS_MAX)
		return;
	if ((int)ev->nhits != want.n)
		differ(t, expr, "another number of spans");
	for (uint32_t i = 0; i < ev->nhits; i++)
		if (!is_in(t, &want, &ev->hits[i]))
			differ(t, expr, "a span of its own");
	if (rc == NW_NEAR && ev->nblocked == 0)
		differ(t, expr, "nothing blocks it");
}

static int
is_void(const struct nw_brute_text *t, const struct nw_ast *a)
{
	return nw_brute_truth(t, a, 0) < 0 || nw_brute_truth(t, a, 1) < 0;
}

static void
ask(const struct nw_brute_text *t, const struct nw_ast *a, const char *expr)
{
	struct nw_query_set *set = nw_query_set_new();
	struct nw_article article = {.size = sizeof(article), .title = nw_str(t->s[0]), .body = nw_str(t->s[1]),
	    .lang = NW_STR("en"), .revision = 1};
	struct nw_evidence ev = {.size = sizeof(ev)};
	struct nw_err err;
	uint32_t id, got;

	if (nw_query_add(set, 7, 0, nw_str(expr), NW_STR(""), NW_STR("any"), &id, NULL, NULL) == -1 ||
	    nw_query_compile(set, &err) == -1 || nw_query_begin(set, &article, 0, &err) == -1)
		differ(t, expr, "not taken");
	compare(t, a, expr, nw_query_next(set, 7, &got, &ev), &ev);
	nw_query_set_free(set);
}

int
nw_brute_check(struct nw_brute_dice *dice, int place)
{
	struct nw_ast_ctx ctx = {.arena = nw_arena_new(0), .an = nw_analyse_new()};
	struct nw_brute_text t;
	struct nw_buf expr = {0};
	struct nw_ast *a;
	int told = 0;

	nw_brute_make_text(dice, &t);
	nw_brute_make_expr(dice, &expr, place);
	a = nw_ast_parse(&ctx, nw_buf_str(&expr), NW_STR("any"));
	if (a != NULL && !is_void(&t, a)) {
		ask(&t, a, nw_buf_str(&expr).p);
		told = 1;
	}
	nw_buf_done(&expr);
	nw_analyse_free(ctx.an);
	nw_arena_free(ctx.arena);
	return told;
}
