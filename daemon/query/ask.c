#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "query/compare.h"
#include "query/evidence.h"
#include "query/regex.h"
#include "query/scan.h"
#include "query/set.h"
#include "query/simhash.h"
#include "query/wake.h"

static void
wake(void *cookie, uint32_t expr)
{
	struct nw_query_set *s = cookie;
	struct nw_set_woken *w = &s->woken[expr];
	struct nw_set_group *g = &s->group[w->group];

	if (w->article == s->prog.phrases.article)
		return;
	w->article = s->prog.phrases.article;
	__builtin_prefetch(&s->prog.expr[expr]);
	g->woken[g->nwoken++] = expr;
}

void
nw_query_tag(struct nw_query_set *s, const struct nw_tag *tag)
{
	void *v = s->tag;

	if (!s->begun || nw_prog_room(&v, &s->tag_cap, s->ntag, 1, sizeof(*s->tag)) == -1)
		return;
	s->tag = v;
	s->tag[s->ntag++] = tag;
	s->eval.tag = s->tag;
	s->eval.ntag = s->ntag;
	nw_wake_tag(&s->prog, nw_str_or_empty(tag->name), wake, s);
}

static void
scan_fields(struct nw_query_set *s, const struct nw_vocab_tongue *tongue, int stems)
{
	for (uint32_t i = 0; i < NW_FIELDS_N; i++) {
		const struct nw_fields_text *f = &s->fields.f[i];
		struct nw_scan_field field = {&f->t, stems ? f->stem : NULL, nw_fields_base(i)};

		if (f->used && f->t.n != 0)
			nw_scan_text(&s->prog.phrases, &s->vocab, tongue, &field);
	}
}

/* Marks of what was found wrap with the number of the article. */
static void
restart_marks(struct nw_query_set *s)
{
	for (uint32_t i = 0; i < s->prog.nexpr; i++)
		s->woken[i].article = 0;
	for (uint32_t i = 0; i < s->prog.nlist; i++)
		s->prog.list[i].article = s->prog.list[i].joined_article = 0;
	for (uint32_t i = 0; i < s->prog.nregex; i++)
		s->prog.regex[i]->article = 0;
}

int
nw_query_begin(struct nw_query_set *s, const struct nw_article *a, int64_t now_ms, struct nw_err *err)
{
	int stems = s->prog.phrases.words.count[NW_WORDS_STEM] != 0;
	struct nw_vocab_tongue *tongue;

	s->begun = 0;
	if (!s->ready)
		return nw_fail(err, NW_ECONF, "the expressions are not compiled yet");
	nw_arena_reset(s->article);
	s->ntag = s->eval.ntag = 0;
	s->eval.now_ms = now_ms;
	s->eval.failed = s->eval.relaxed = 0;
	for (uint32_t i = 0; i < s->ngroup; i++)
		s->group[i].nwoken = s->group[i].at = s->group[i].at_always = s->group[i].sorted = 0;
	tongue = nw_vocab_open(&s->vocab, nw_str_or_empty(a->lang));
	if (tongue == NULL || nw_fields_set(&s->fields, a, s->prog.fields, &s->vocab, tongue, stems) == -1)
		return nw_fail(err, NW_ERES, "no memory to analyse a text of %zu bytes", a->body.len);
	nw_scan_begin(&s->prog.phrases, s->article);
	if (s->prog.phrases.article == 1)
		restart_marks(s);
	scan_fields(s, tongue, stems);
	if (s->prog.phrases.failed || nw_wake_phrases(&s->prog, s->article, wake, s) == -1)
		return nw_fail(err, NW_ELIMIT, "the article matches more than NW_QUERY_ARENA_MAX bytes can hold");
	s->begun = 1;
	for (uint32_t i = 0; i < a->ntags; i++)
		nw_query_tag(s, a->tags[i]);
	return 0;
}

/* The envelope: an article of unknown language passes, one of an unknown source does not. */
static int
is_within(const struct nw_query_set *s, const struct nw_prog_expr *e)
{
	const struct nw_set_limit *l = e->limit != 0 ? &s->limit[e->limit - 1] : NULL;
	struct nw_str source = nw_str_or_empty(s->fields.article->source);
	uint32_t i;

	if (l == NULL)
		return 1;
	for (i = 0; i < l->nsource && !nw_str_eq(l->source[i], source); i++)
		;
	if (l->nsource != 0 && i == l->nsource)
		return 0;
	if (l->nlang == 0 || s->fields.lang.len == 0)
		return 1;
	for (i = 0; i < l->nlang; i++)
		if (nw_compare_lang(l->lang[i], s->fields.lang))
			return 1;
	return 0;
}

static int
ask(struct nw_query_set *s, uint32_t id, struct nw_evidence *ev_r)
{
	const struct nw_prog_expr *e = &s->prog.expr[id];
	int64_t score = 0;
	int rc = NW_DONE;

	if (!is_within(s, e))
		return NW_DONE;
	if (nw_eval_expr(&s->eval, e, &score)) {
		rc = NW_OK;
	} else if (e->flags & NW_PROG_NEARLY) {
		s->eval.relaxed = 1;
		if (nw_eval_expr(&s->eval, e, &score))
			rc = NW_NEAR;
		s->eval.relaxed = 0;
	}
	if (rc != NW_DONE && ev_r != NULL && nw_evidence_make(&s->eval, e, &score, rc == NW_NEAR, ev_r) == -1)
		s->eval.failed = 1;
	if (s->eval.failed || s->fields.failed)
		return NW_ELIMIT;
	return rc;
}

static int
by_id(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void
sort(uint32_t *v, uint32_t n)
{
	if (n > 64) {
		qsort(v, n, sizeof(*v), by_id);
		return;
	}
	for (uint32_t i = 1; i < n; i++) {
		uint32_t x = v[i], k = i;

		for (; k > 0 && v[k - 1] > x; k--)
			v[k] = v[k - 1];
		v[k] = x;
	}
}

/* Ask the memory for what the next candidates will read: their nodes, then where their phrases stand. */
static void
fetch_ahead(const struct nw_query_set *s, const struct nw_set_group *g)
{
	const struct nw_prog *p = &s->prog;
	const struct nw_prog_node *node;
	uint32_t match;

	if (g->at + 4 < g->nwoken && (match = p->expr[g->woken[g->at + 4]].match) != NW_PROG_NONE)
		__builtin_prefetch(&p->node[match]);
	if (g->at + 2 >= g->nwoken || (match = p->expr[g->woken[g->at + 2]].match) == NW_PROG_NONE)
		return;
	node = &p->node[match];
	__builtin_prefetch(p->text.p + node->text.off);
	if (node->kind == NW_PROG_PHRASE)
		return; /* it was found just now */
	for (uint32_t i = 0; node->kind != NW_PROG_COMPARE && i < node->nkid && i < 3; i++)
		if (p->node[node->a + i].kind == NW_PROG_PHRASE)
			__builtin_prefetch(&p->phrases.hits[p->node[node->a + i].a]);
}

/* The next expression to look at, in ascending order; NW_PROG_NONE at the end. */
static uint32_t
next_candidate(const struct nw_query_set *s, struct nw_set_group *g)
{
	uint32_t woken, always;

	if (g->sorted != g->nwoken) { /* the first time, and when a tag woke more */
		sort(g->woken + g->at, g->nwoken - g->at);
		g->sorted = g->nwoken;
	}
	fetch_ahead(s, g);
	woken = g->at < g->nwoken ? g->woken[g->at] : NW_PROG_NONE;
	always = g->at_always < g->nalways ? g->always[g->at_always] : NW_PROG_NONE;
	if (woken < always)
		g->at++;
	else if (always != NW_PROG_NONE)
		g->at_always++;
	return woken < always ? woken : always;
}

int
nw_query_next(struct nw_query_set *s, uint32_t group, uint32_t *id_r, struct nw_evidence *ev_r)
{
	struct nw_set_group *g = NULL;
	uint32_t id;
	int rc;

	for (uint32_t i = 0; i < s->ngroup && g == NULL; i++)
		if (s->group[i].id == group)
			g = &s->group[i];
	if (g == NULL || !s->begun)
		return NW_DONE;
	while ((id = next_candidate(s, g)) != NW_PROG_NONE)
		if ((rc = ask(s, id, ev_r)) != NW_DONE) {
			*id_r = id;
			return rc;
		}
	return NW_DONE;
}

int
nw_query_holds(struct nw_query_set *s, uint32_t id, struct nw_evidence *ev_r)
{
	return s->begun && id < s->prog.nexpr ? ask(s, id, ev_r) : NW_DONE;
}

uint64_t
nw_query_simhash(const struct nw_query_set *s)
{
	return s->begun ? nw_simhash_of(&s->fields.f[NW_FIELDS_TITLE].t, &s->fields.f[NW_FIELDS_BODY].t) : 0;
}

void
nw_query_warm(struct nw_query_set *s)
{
	static const struct nw_str tongues[] = {{"", 0}, {"en", 2}};

	nw_analyse_warm(s->an);
	for (size_t i = 0; s->ready && i < sizeof(tongues) / sizeof(tongues[0]); i++)
		(void)nw_vocab_open(&s->vocab, tongues[i]);
}
