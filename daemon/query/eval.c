#include <string.h>

#include "base/arena.h"
#include "query/ast.h"
#include "query/chain.h"
#include "query/compare.h"
#include "query/eval.h"
#include "query/regex.h"

static const struct nw_spans none = {NULL, 0};

/* --- scopes: fields follow one another, so most are a slice */

static uint32_t
first_from(struct nw_spans s, uint32_t pos)
{
	uint32_t lo = 0, hi = s.n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (s.v[mid].from < pos)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static struct nw_spans
slice(struct nw_spans s, uint32_t from, uint32_t end)
{
	uint32_t a = first_from(s, from), b = first_from(s, end);

	return (struct nw_spans){s.v + a, b - a};
}

static struct nw_spans
only_changed(struct nw_eval *ev, struct nw_spans s)
{
	struct nw_span *v = s.n != 0 ? nw_arena_alloc(ev->arena, s.n * sizeof(*v)) : NULL;
	uint32_t n = 0;

	if (v == NULL) {
		ev->failed |= s.n != 0;
		return none;
	}
	for (uint32_t i = 0; i < s.n; i++)
		if (nw_fields_is_changed(ev->fields, s.v[i]))
			v[n++] = s.v[i];
	return (struct nw_spans){v, n};
}

/* The lead ends with a paragraph, so no phrase leads out of it. */
static uint32_t
lead_end(struct nw_eval *ev)
{
	return nw_fields_base(NW_FIELDS_BODY) + nw_fields_sentences(ev->fields, NW_FIELDS_BODY)->lead;
}

struct nw_spans
nw_eval_scope(struct nw_eval *ev, struct nw_spans s, enum nw_prog_scope scope)
{
	uint32_t title = nw_fields_base(NW_FIELDS_TITLE), body = nw_fields_base(NW_FIELDS_BODY),
		 author = nw_fields_base(NW_FIELDS_AUTHOR), url = nw_fields_base(NW_FIELDS_URL),
		 old = nw_fields_base(NW_FIELDS_OLD_TITLE);

	if (s.n == 0)
		return s;
	switch (scope) {
	case NW_PROG_TITLE:
		return slice(s, title, body);
	case NW_PROG_LEAD:
		return slice(s, body, lead_end(ev));
	case NW_PROG_BODY:
		return slice(s, body, author);
	case NW_PROG_NEW:
		return only_changed(ev, slice(s, title, author));
	case NW_PROG_REMOVED:
		return only_changed(ev, slice(s, old, UINT32_MAX));
	case NW_PROG_AUTHOR:
		return slice(s, author, url);
	case NW_PROG_URL:
		return slice(s, url, old);
	default:
		return s.v[s.n - 1].from < author ? s : slice(s, title, author);
	}
}

/* --- leaves */

static struct nw_spans
regex_spans(struct nw_eval *ev, uint32_t id)
{
	struct nw_regex *re = ev->prog->regex[id];
	struct nw_regex_out out = {0};

	if (re->article == ev->prog->phrases.article)
		return re->found;
	re->article = ev->prog->phrases.article;
	for (uint32_t f = 0; f < NW_FIELDS_N; f++)
		if (ev->fields->f[f].used &&
		    nw_regex_find(re, &ev->fields->f[f].t, nw_fields_base(f), ev->arena, &out) == -1)
			ev->failed = 1;
	out.n = nw_span_sort(out.v, out.n);
	re->found = (struct nw_spans){out.v, out.n};
	return re->found;
}

static struct nw_spans
unite(struct nw_eval *ev, const struct nw_spans *v, uint32_t n)
{
	struct nw_spans out = none;

	if (nw_span_union(ev->arena, v, n, &out) == -1)
		ev->failed = 1;
	return out;
}

static struct nw_spans *
room(struct nw_eval *ev, uint32_t n)
{
	struct nw_spans *v = nw_arena_array(ev->arena, n, sizeof(*v));

	ev->failed |= v == NULL;
	return v;
}

static struct nw_spans
list_spans(struct nw_eval *ev, uint32_t id)
{
	struct nw_prog_list *l = &ev->prog->list[id];
	uint32_t found = l->article == ev->prog->phrases.article ? l->nfound : 0, n = 0;
	struct nw_spans *v;

	if (found + l->nregex == 0)
		return none;
	if (l->joined_article == ev->prog->phrases.article)
		return l->joined;
	if ((v = room(ev, found + l->nregex)) == NULL)
		return none;
	for (uint32_t i = 0; i < found; i++)
		v[n++] = nw_phrase_spans(&ev->prog->phrases, l->found[i]);
	for (uint32_t i = 0; i < l->nregex; i++)
		v[n++] = regex_spans(ev, ev->prog->list_regex[l->first_regex + i].phrase);
	l->joined = unite(ev, v, n);
	l->joined_article = ev->prog->phrases.article;
	return l->joined;
}

/* --- operators */

static struct nw_spans
any_place(struct nw_eval *ev, const struct nw_prog_node *node)
{
	struct nw_spans *v = room(ev, node->nkid);

	if (v == NULL)
		return none;
	for (uint32_t i = 0; i < node->nkid; i++)
		v[i] = nw_eval_place(ev, node->a + i);
	return unite(ev, v, node->nkid);
}

/* Sentences must be known before units are asked for. */
static void
prepare_units(struct nw_eval *ev, struct nw_spans s)
{
	if (s.n == 0)
		return;
	for (uint32_t f = nw_span_field(s.v[0]); f <= nw_span_field(s.v[s.n - 1]); f++)
		(void)nw_fields_sentences(ev->fields, f);
}

static struct nw_span_step
step_of(const struct nw_eval *ev, const struct nw_prog_node *node)
{
	struct nw_span_step s = {.distance = UINT32_MAX, .cookie = ev->fields};

	switch (node->kind) {
	case NW_PROG_PRE:
		s.ordered = 1;
		s.distance = node->n;
		break;
	case NW_PROG_NEAR:
		s.distance = node->n;
		break;
	case NW_PROG_SENT:
	case NW_PROG_NOTSENT:
		s.unit = nw_fields_sentence;
		break;
	default:
		s.unit = nw_fields_paragraph;
	}
	return s;
}

static struct nw_spans
chain(struct nw_eval *ev, const struct nw_prog_node *node)
{
	struct nw_span_step step = step_of(ev, node);
	struct nw_spans *v = room(ev, node->nkid), out = none;

	if (v == NULL)
		return none;
	for (uint32_t i = 0; i < node->nkid; i++) {
		v[i] = nw_eval_place(ev, node->a + i);
		if (v[i].n == 0)
			return none;
		if (step.unit != NULL)
			prepare_units(ev, v[i]);
	}
	if (nw_chain_find(ev->arena, v, node->nkid, &step, &out) == -1)
		ev->failed = 1;
	return out;
}

/* IN and the negative operators: which spans of the left operand survive. */
static struct nw_spans
survivors(struct nw_eval *ev, const struct nw_prog_node *node)
{
	struct nw_spans a = nw_eval_place(ev, node->a), b, out = none;
	struct nw_span_step step;
	int rc;

	if (a.n == 0 || (ev->relaxed && node->kind != NW_PROG_IN))
		return a;
	b = nw_eval_place(ev, node->a + 1);
	switch (node->kind) {
	case NW_PROG_IN:
	case NW_PROG_NOTIN:
		rc = nw_span_in(ev->arena, a, b, node->kind == NW_PROG_NOTIN, &out);
		break;
	case NW_PROG_NOTNEAR:
		rc = nw_span_notnear(ev->arena, a, b, node->n, &out);
		break;
	default:
		step = step_of(ev, node);
		prepare_units(ev, a);
		prepare_units(ev, b);
		rc = nw_span_notunit(ev->arena, a, b, &step, &out);
	}
	ev->failed |= rc == -1;
	return out;
}

/* FIRST: without a field the title counts as a whole (R15). */
static struct nw_spans
first(struct nw_eval *ev, const struct nw_prog_node *node)
{
	struct nw_spans a = nw_eval_place(ev, node->a);
	int whole_title = node->scope == NW_PROG_ANYWHERE || node->scope == NW_PROG_NEW || node->scope == NW_PROG_REMOVED;
	struct nw_span *v = a.n != 0 ? nw_arena_alloc(ev->arena, a.n * sizeof(*v)) : NULL;
	uint32_t n = 0;

	if (v == NULL) {
		ev->failed |= a.n != 0;
		return none;
	}
	for (uint32_t i = 0; i < a.n; i++) {
		uint32_t field = nw_span_field(a.v[i]);

		if ((whole_title && (field == NW_FIELDS_TITLE || field == NW_FIELDS_OLD_TITLE)) ||
		    a.v[i].from - nw_fields_base(field) < node->n)
			v[n++] = a.v[i];
	}
	return (struct nw_spans){v, n};
}

struct nw_spans
nw_eval_place(struct nw_eval *ev, uint32_t at)
{
	const struct nw_prog_node *node = &ev->prog->node[at];

	switch (node->kind) {
	case NW_PROG_PHRASE:
		return nw_eval_scope(ev, nw_phrase_spans(&ev->prog->phrases, node->a), node->scope);
	case NW_PROG_LIST:
		return nw_eval_scope(ev, list_spans(ev, node->a), node->scope);
	case NW_PROG_REGEX:
		return nw_eval_scope(ev, regex_spans(ev, node->a), node->scope);
	case NW_PROG_SAME:
		return nw_eval_place(ev, node->a);
	case NW_PROG_OR:
		return any_place(ev, node);
	case NW_PROG_NEAR:
	case NW_PROG_PRE:
	case NW_PROG_SENT:
	case NW_PROG_PARA:
		return chain(ev, node);
	case NW_PROG_FIRST:
		return first(ev, node);
	default:
		return survivors(ev, node);
	}
}

static uint32_t
count_true(struct nw_eval *ev, const struct nw_prog_node *node, int negated, uint32_t enough)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < node->nkid && n < enough; i++)
		n += nw_eval_truth(ev, node->a + i, negated) != 0;
	return n;
}

int
nw_eval_truth(struct nw_eval *ev, uint32_t at, int negated)
{
	const struct nw_prog_node *node = &ev->prog->node[at];

	if (node->flags & NW_PROG_PLACE)
		return nw_eval_place(ev, at).n != 0;
	switch (node->kind) {
	case NW_PROG_AND:
		for (uint32_t i = 0; i < node->nkid; i++)
			if (!nw_eval_truth(ev, node->a + i, negated))
				return 0;
		return 1;
	case NW_PROG_NOT:
		return ev->relaxed || !nw_eval_truth(ev, node->a, !negated);
	case NW_PROG_OR:
		return count_true(ev, node, negated, 1) != 0;
	case NW_PROG_ANYOF:
		return count_true(ev, node, negated, node->n) >= node->n;
	case NW_PROG_ATLEAST:
		return nw_span_disjoint(ev->arena, nw_eval_place(ev, node->a)) >= node->n;
	case NW_PROG_SAME:
		return nw_eval_truth(ev, node->a, negated);
	default:
		return nw_compare_holds(ev, node, negated);
	}
}

int64_t
nw_eval_points(struct nw_eval *ev, const struct nw_prog_clause *c)
{
	const struct nw_prog_node *node = &ev->prog->node[c->node];
	int64_t n, points;

	if (node->flags & NW_PROG_PLACE)
		n = nw_span_disjoint(ev->arena, nw_eval_place(ev, c->node));
	else
		n = nw_eval_truth(ev, c->node, 0);
	points = c->weight * n;
	if (c->cap != 0 && points > c->cap)
		return c->cap;
	if (c->cap != 0 && points < -(int64_t)c->cap)
		return -(int64_t)c->cap;
	return points;
}

/* A negative line is never relaxed: it is no NOT, it only weighs. */
static int64_t
sum(struct nw_eval *ev, const struct nw_prog_expr *e)
{
	int64_t total = 0;
	int relaxed = ev->relaxed;

	for (uint32_t i = 0; i < e->nclause; i++) {
		const struct nw_prog_clause *c = &ev->prog->clause[e->clause + i];

		ev->relaxed = relaxed && c->weight > 0;
		total += nw_eval_points(ev, c);
	}
	ev->relaxed = relaxed;
	return total;
}

int
nw_eval_expr(struct nw_eval *ev, const struct nw_prog_expr *e, int64_t *score)
{
	if (e->match != NW_PROG_NONE && !nw_eval_truth(ev, e->match, 0))
		return 0;
	if (e->nclause == 0)
		return 1;
	*score = sum(ev, e);
	return *score >= e->threshold;
}
