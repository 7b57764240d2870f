#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/limits.h"
#include "query/blocked.h"
#include "query/compare.h"
#include "query/evidence.h"
#include "query/regex.h"

/* Room for one more in a table of the arena. */
static void *
room(struct nw_evidence_draft *d, void *v, uint32_t n, uint32_t *cap, size_t size)
{
	uint32_t want = *cap == 0 ? 4 : 4 * *cap;
	void *p;

	if (n < *cap)
		return v;
	if ((p = nw_arena_alloc(d->ev->arena, want * size)) == NULL) {
		d->ev->failed = 1;
		return NULL;
	}
	if (n != 0)
		memcpy(p, v, n * size);
	*cap = want;
	return p;
}

static uint32_t
clause_number(struct nw_evidence_draft *d, struct nw_prog_text text)
{
	void *v;

	for (uint32_t i = d->nclause; i-- > 0 && d->nclause - i < 64;)
		if (d->clause[i].off == text.off && d->clause[i].len == text.len)
			return i;
	if ((v = room(d, d->clause, d->nclause, &d->clause_cap, sizeof(*d->clause))) == NULL)
		return 0;
	d->clause = v;
	d->clause[d->nclause] = text;
	return d->nclause++;
}

static void
add_hit(struct nw_evidence_draft *d, struct nw_hit hit, struct nw_prog_text clause)
{
	void *v = room(d, d->item, d->n, &d->cap, sizeof(*d->item));

	if (v == NULL)
		return;
	d->item = v;
	hit.clause = clause_number(d, d->line.len != 0 ? d->line : clause);
	hit.weight = d->weight;
	hit.reserved = 0;
	d->item[d->n] = (struct nw_evidence_item){hit, d->n};
	d->n++;
}

/* A span in bytes, with the sentences it touches. */
static struct nw_hit
locate(struct nw_evidence_draft *d, struct nw_span s)
{
	uint32_t field = nw_span_field(s), base = nw_fields_base(field);
	const struct nw_text *t = nw_fields_sentences(d->ev->fields, field);
	const struct nw_pos *from = &t->pos[s.from - base], *to = &t->pos[s.to - base];
	struct nw_hit h = {.field = nw_fields_name(d->ev->fields, field), .off = from->off, .len = to->off + to->len - from->off};

	h.passage_off = h.off;
	h.passage_len = h.len;
	if (t->nsentence != 0) {
		const struct nw_sentence *a = &t->sentence[nw_analyse_sentence_of(t, s.from - base)],
					 *b = &t->sentence[nw_analyse_sentence_of(t, s.to - base)];

		h.passage_off = a->off;
		h.passage_len = b->off + b->len - a->off;
	}
	return h;
}

void
nw_evidence_add(struct nw_evidence_draft *d, struct nw_spans s, struct nw_prog_text clause)
{
	/* spans come in text order: what lies behind the first ones of one clause can never be among the first of all */
	for (uint32_t i = 0; i < s.n && i < NW_HITS_MAX; i++)
		add_hit(d, locate(d, s.v[i]), clause);
}

static void
add_tags(struct nw_evidence_draft *d, const struct nw_prog_node *node)
{
	for (uint32_t i = 0; i < d->ev->ntag; i++) {
		const struct nw_tag *t = d->ev->tag[i];

		if (nw_compare_is_tag(d->ev, node, t))
			for (uint32_t k = 0; k < t->nhits; k++)
				add_hit(d, t->hits[k], node->text);
	}
}

/* A list is an OR: the clause is the entry that hit. */
static void
add_list(struct nw_evidence_draft *d, const struct nw_prog_node *node)
{
	const struct nw_prog *p = d->ev->prog;
	const struct nw_prog_list *l = &p->list[node->a];
	uint32_t found = l->article == p->phrases.article ? l->nfound : 0;

	for (uint32_t i = 0; i < found; i++) {
		uint32_t lo = l->first, hi = l->first + l->n;

		while (lo + 1 < hi) {
			uint32_t mid = lo + (hi - lo) / 2;

			if (p->entry[mid].phrase <= l->found[i])
				lo = mid;
			else
				hi = mid;
		}
		nw_evidence_add(d, nw_eval_scope(d->ev, nw_phrase_spans(&p->phrases, l->found[i]), node->scope),
		    p->entry[lo].text);
	}
	for (uint32_t i = 0; i < l->nregex; i++) {
		const struct nw_prog_entry *e = &p->list_regex[l->first_regex + i];

		if (p->regex[e->phrase]->article == p->phrases.article)
			nw_evidence_add(d, nw_eval_scope(d->ev, p->regex[e->phrase]->found, node->scope), e->text);
	}
}

void
nw_evidence_collect(struct nw_evidence_draft *d, uint32_t at)
{
	const struct nw_prog_node *node = &d->ev->prog->node[at];

	switch (node->kind) {
	case NW_PROG_LIST:
		add_list(d, node);
		return;
	case NW_PROG_COMPARE:
		add_tags(d, node);
		return;
	case NW_PROG_ATLEAST:
		nw_evidence_add(d, nw_eval_place(d->ev, node->a), node->text);
		return;
	case NW_PROG_SAME:
		nw_evidence_collect(d, node->a);
		return;
	case NW_PROG_NOT:
		return;
	case NW_PROG_AND:
	case NW_PROG_OR:
	case NW_PROG_ANYOF:
		for (uint32_t i = 0; i < node->nkid; i++)
			if (node->kind == NW_PROG_AND || nw_eval_truth(d->ev, node->a + i, 0))
				nw_evidence_collect(d, node->a + i);
		return;
	default:
		nw_evidence_add(d, nw_eval_place(d->ev, at), node->text);
	}
}

static void
collect_expr(struct nw_evidence_draft *d, const struct nw_prog_expr *e, int blocked)
{
	if (e->match != NW_PROG_NONE) {
		if (blocked)
			nw_blocked_collect(d, e->match);
		else
			nw_evidence_collect(d, e->match);
	}
	for (uint32_t i = 0; i < e->nclause; i++) {
		const struct nw_prog_clause *c = &d->ev->prog->clause[e->clause + i];

		if (c->weight <= 0 || !nw_eval_truth(d->ev, c->node, 0))
			continue;
		d->line = c->text;
		d->weight = c->weight;
		if (blocked)
			nw_blocked_collect(d, c->node);
		else
			nw_evidence_collect(d, c->node);
	}
	d->line.len = 0;
	d->weight = 0;
}

/* Text order, the title before the body; at one place the longer first, and what was found first. */
static int
by_place(const void *a, const void *b)
{
	const struct nw_evidence_item *x = a, *y = b;
	uint32_t fx = x->hit.field, fy = y->hit.field;

	if (fx != fy)
		return fx < fy ? -1 : 1;
	if (x->hit.off != y->hit.off)
		return x->hit.off < y->hit.off ? -1 : 1;
	if (x->hit.len != y->hit.len)
		return x->hit.len > y->hit.len ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

/* The items in order, no place twice, as many as are kept. */
static const struct nw_hit *
finish(struct nw_evidence_draft *d, uint32_t *n_r)
{
	struct nw_hit *hit = nw_arena_array(d->ev->arena, d->n + 1, sizeof(*hit));
	uint32_t n = 0;

	if (hit == NULL) {
		d->ev->failed = 1;
		return NULL;
	}
	if (d->n != 0)
		qsort(d->item, d->n, sizeof(*d->item), by_place);
	for (uint32_t i = 0; i < d->n && n < NW_HITS_MAX; i++) {
		const struct nw_hit *h = &d->item[i].hit;

		if (n == 0 || hit[n - 1].field != h->field || hit[n - 1].off != h->off || hit[n - 1].len != h->len)
			hit[n++] = *h;
	}
	*n_r = n;
	d->n = 0;
	return hit;
}

/* The clauses' texts; what is a part of a longer one is copied, for its NUL. */
static const struct nw_str *
clauses(struct nw_evidence_draft *d)
{
	const struct nw_prog *p = d->ev->prog;
	struct nw_str *out = nw_arena_array(d->ev->arena, d->nclause + 1, sizeof(*out));

	for (uint32_t i = 0; out != NULL && i < d->nclause; i++) {
		out[i] = nw_prog_str(p, d->clause[i]);
		if (p->text.p[d->clause[i].off + d->clause[i].len] != '\0')
			out[i] = nw_arena_dup(d->ev->arena, out[i]);
		d->ev->failed |= out[i].p == NULL;
	}
	d->ev->failed |= out == NULL;
	return out;
}

int
nw_evidence_make(struct nw_eval *ev, const struct nw_prog_expr *e, const int64_t *score, int near, struct nw_evidence *out)
{
	struct nw_evidence_draft d = {.ev = ev};
	uint32_t size = out->size != 0 ? out->size : (uint32_t)sizeof(*out);
	struct nw_evidence r = {.size = size};

	ev->relaxed = near;
	collect_expr(&d, e, 0);
	r.hits = finish(&d, &r.nhits);
	if (near) {
		collect_expr(&d, e, 1);
		r.blocked = finish(&d, &r.nblocked);
	}
	ev->relaxed = 0;
	r.clause = clauses(&d);
	r.nclause = d.nclause;
	r.has_score = e->nclause != 0;
	r.score = e->nclause != 0 ? *score : 0;
	if (ev->failed)
		return -1;
	memcpy(out, &r, size < sizeof(r) ? size : sizeof(r));
	return 0;
}
