#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/batch.h"
#include "core/conf_type.h"
#include "core/frame.h"
#include "query/query.h"
#include "worker/entries.h"
#include "worker/evaluate.h"
#include "worker/evidence.h"

/* --- adding expressions, in open() -------------------------------------------------------------------------------- */

/* Where a message about an expression points: the scalar the text came from. */
struct told {
	const struct nw_instance *inst;
	uint32_t entry;
	const struct nw_value *match, *score;
	int follows; /* for another's error */
};

/* A check says what is to be mended, not all that hangs on it; where entries are left out, each says why. */
void
nw_evaluate_tell(struct nw_worker *w, uint32_t severity, const struct nw_conf_place *at, const char *text)
{
	if (!w->conf->strict_entries || (severity & NW_QDIAG_FOLLOWS) == 0)
		(void)nw_conf_diag(w->diags, severity & NW_QDIAG_SEVERITY, at, "%s", text);
}

static void
tell(void *cookie, uint32_t severity, uint32_t line, uint32_t col, uint32_t len, const char *text)
{
	struct told *t = cookie;
	struct nw_conf_place entry = nw_entries_place(t->inst, t->entry), at = entry;
	const struct nw_value *v = t->match == NULL || (severity & NW_QDIAG_IN_SCORE) ? t->score : t->match;
	const Nw__Key *key = v != NULL ? v->host : NULL;

	if (key != NULL && key->n_values > 0)
		at = nw_conf_at_text(&entry, key->values[0], line, col, len);
	t->follows |= (severity & NW_QDIAG_FOLLOWS) != 0;
	nw_evaluate_tell(t->inst->worker, severity, &at, text);
}

static struct nw_str
text_of(const struct nw_value *v)
{
	return v != NULL && v->given ? v->str : (struct nw_str){"", 0};
}

/* The entry's own `lang`, if its table has one. */
static const struct nw_value *
langs_of(const struct nw_instance *inst, uint32_t entry)
{
	static const struct nw_value none = {.str = {"", 0}};
	int lang = nw_conf_option(inst->plugin->entry, NW_STR("lang"));

	return lang >= 0 ? &inst->conf.entry[entry][lang] : &none;
}

/* The envelope's `sources`, and the languages. */
static void
limit(const struct nw_instance *inst, uint32_t entry, uint32_t id, const struct nw_value *langs)
{
	const Nw__Entry *e = inst->entry[entry];
	struct nw_str *sources = nw_arena_array(inst->worker->load, e->n_sources, sizeof(*sources));

	if (sources == NULL || e->n_sources + langs->nlist == 0)
		return;
	for (size_t i = 0; i < e->n_sources; i++)
		sources[i] = nw_pb_str(e->sources[i]);
	(void)nw_query_limit(inst->worker->set, id, sources, (uint32_t)e->n_sources, langs->list,
	    langs->nlist); /* a wrong language was reported with the option */
}

static int
remember(struct nw_instance *inst, const struct nw_expr *x, uint32_t id)
{
	struct nw_worker *w = inst->worker;
	uint32_t cap;
	void *p;

	if (inst->nexpr == inst->expr_cap) {
		cap = inst->expr_cap == 0 ? 64 : inst->expr_cap * 2;
		if ((p = realloc(inst->expr, cap * sizeof(*inst->expr))) == NULL)
			return -1;
		inst->expr = p;
		inst->expr_cap = cap;
	}
	if (id >= w->nowner) {
		cap = w->nowner == 0 ? 256 : w->nowner;
		while (cap <= id)
			cap *= 2;
		if ((p = realloc(w->owner, cap * sizeof(*w->owner))) == NULL)
			return -1;
		w->owner = p;
		memset(w->owner + w->nowner, 0, (cap - w->nowner) * sizeof(*w->owner));
		w->nowner = cap;
	}
	w->owner[id] = (struct nw_expr_owner){.inst = inst->index, .expr = inst->nexpr, .given = 1};
	inst->expr[inst->nexpr++] = (struct nw_expr_id){.cookie = x->cookie, .id = id, .entry = x->entry};
	w->nexpr++;
	return 0;
}

int
nw_evaluate_add(const struct nw_instance *given, const struct nw_expr *expr)
{
	struct nw_instance *inst = &given->worker->inst[given->index];
	struct nw_query_set *set = inst->worker->set;
	struct nw_expr x;
	struct told told = {.inst = inst};
	const struct nw_value *langs;
	uint32_t id;

	nw_sink_sized(&x, sizeof(x), expr);
	if (!inst->opening || x.entry >= inst->nentry)
		return NW_EPLUGIN;
	told.entry = x.entry;
	told.match = x.match != NULL && x.match->given ? x.match : NULL;
	told.score = x.score != NULL && x.score->given ? x.score : NULL;
	langs = langs_of(inst, x.entry);
	nw_query_langs(set, langs->list, langs->nlist);
	if (nw_query_add(set, inst->index, inst->plugin->kind == NW_KIND_TAGGER ? NW_QUERY_TOPIC : 0, text_of(x.match),
		text_of(x.score), x.scope.len != 0 ? x.scope : NW_STR("any"), &id, tell, &told) == -1) {
		inst->info[x.entry].refused = 1;
		inst->worker->lacking |= told.follows || inst->plugin->kind == NW_KIND_TAGGER;
		return NW_OK; /* told; the other entries are looked at too */
	}
	limit(inst, x.entry, id, langs);
	if ((x.flags & NW_EXPR_LAZY) != 0)
		nw_query_lazy(set, id);
	return remember(inst, &x, id) == 0 ? NW_OK : NW_ERES;
}

static int
by_cookie(const void *left, const void *right)
{
	const struct nw_expr_id *a = left, *b = right;

	return a->cookie < b->cookie ? -1 : a->cookie > b->cookie;
}

void
nw_evaluate_ready(struct nw_instance *inst)
{
	if (inst->nexpr == 0)
		return;
	qsort(inst->expr, inst->nexpr, sizeof(*inst->expr), by_cookie);
	for (uint32_t i = 0; i < inst->nexpr; i++)
		inst->worker->owner[inst->expr[i].id].expr = i;
}

/* --- asking, in tag() and match() ---------------------------------------------------------------------------------- */

static int
ask_allowed(struct nw_sink *s, const struct nw_article *a, const char *call)
{
	int rc = nw_sink_allowed(s, NW_PHASE_TAG | NW_PHASE_RULE, call);

	if (rc == NW_OK && !s->analysed)
		rc = nw_sink_fail(s, NW_EPLUGIN, "%s() was called before the article was analysed", call);
	if (rc == NW_OK && a != s->view)
		rc = nw_sink_fail(s, NW_EPLUGIN, "%s() was asked about another article than the one given", call);
	return rc;
}

static void
give_evidence(struct nw_evidence *to, struct nw_evidence *ev)
{
	uint32_t size = to->size;

	ev->size = size < sizeof(*ev) ? size : (uint32_t)sizeof(*ev);
	memcpy(to, ev, ev->size);
	to->size = size;
}

int
nw_evaluate_next(struct nw_sink *s, const struct nw_article *a, uint32_t *cookie_r, struct nw_evidence *ev_r)
{
	struct nw_worker *w = s->worker;
	struct nw_evidence ev;
	const struct nw_expr_id *x;
	uint32_t id;
	int rc;

	if (ask_allowed(s, a, "query_next") != NW_OK)
		return NW_EPLUGIN;
	if (s->inst->nexpr == 0)
		return NW_DONE;
	for (;;) {
		ev = (struct nw_evidence){.size = sizeof(ev)};
		/* who only counts does not ask why */
		rc = nw_query_next(w->set, s->inst->index, &id, s->count_only ? NULL : &ev);
		if (rc != NW_OK && rc != NW_NEAR)
			return rc;
		if (rc == NW_NEAR && !s->near)
			continue;
		x = &s->inst->expr[w->owner[id].expr];
		if (s->all_states || !s->inst->info[x->entry].draft)
			break;
	}
	*cookie_r = x->cookie;
	give_evidence(ev_r, &ev);
	return rc;
}

/* nw_evaluate_ready() has sorted them. */
static const struct nw_expr_id *
find_cookie(const struct nw_instance *inst, uint32_t cookie)
{
	uint32_t from = 0, to = inst->nexpr, mid;

	while (from < to) {
		mid = from + (to - from) / 2;
		if (inst->expr[mid].cookie < cookie)
			from = mid + 1;
		else
			to = mid;
	}
	return from < inst->nexpr && inst->expr[from].cookie == cookie ? &inst->expr[from] : NULL;
}

int
nw_evaluate_holds(struct nw_sink *s, const struct nw_article *a, uint32_t cookie, struct nw_evidence *ev_r)
{
	const struct nw_expr_id *x;
	struct nw_evidence ev = {.size = sizeof(ev)};
	int rc;

	if (ask_allowed(s, a, "query_holds") != NW_OK)
		return NW_EPLUGIN;
	if ((x = find_cookie(s->inst, cookie)) == NULL)
		return NW_DONE;
	rc = nw_query_holds(s->worker->set, x->id, &ev);
	give_evidence(ev_r, &ev);
	return rc;
}

/* --- one article --------------------------------------------------------------------------------------------------- */

/* The tags an article came with, made visible to taggers and rules. */
static int
use_given_tags(struct nw_sink *s)
{
	for (size_t i = 0; i < s->article->n_tags; i++) {
		const struct nw_tag *t = nw_batch_tag(s->eval, s->article->tags[i]);

		if (t == NULL || nw_vec_add(s->items, &s->tags, s->article->tags[i]) == -1 ||
		    nw_vec_add(s->eval, &s->tag_views, (void *)(uintptr_t)t) == -1)
			return nw_fail(&s->err, NW_ELIMIT, "no memory for tags");
		if (s->analysed)
			nw_query_tag(s->worker->set, t);
	}
	s->view->tags = (const struct nw_tag *const *)s->tag_views.p;
	s->view->ntags = s->tag_views.n;
	return 0;
}

/* One tagger or rule over the article; 0, or -1 when the batch can hold no more. */
static int
run_one(struct nw_sink *s, struct nw_instance *i)
{
	int tagger = i->plugin->kind == NW_KIND_TAGGER, rc;

	nw_sink_enter(s, i, tagger ? NW_PHASE_TAG : NW_PHASE_RULE);
	rc = tagger ? i->plugin->ops.tagger->tag(i->state, s->view, s)
		    : i->plugin->ops.rule->match(i->state, s->view, s);
	nw_sink_leave(s);
	if (rc >= NW_OK && !s->failed)
		return 0;
	if (s->failed && s->err.code == NW_ELIMIT)
		return -1;
	nw_sink_note(s, "%s: %s", i->plugin->name, s->failed ? s->err.msg : "failed without a word");
	return 0;
}

static int
tells_language(const struct nw_instance *i)
{
	return strcmp(i->plugin->name, "tagger-language") == 0;
}

static int
run_kind(struct nw_sink *s, uint32_t kind)
{
	struct nw_worker *w = s->worker;
	struct nw_instance *i;

	for (i = nw_worker_next(w, kind, 0); i != NULL; i = nw_worker_next(w, kind, i->index + 1))
		if (!tells_language(i) && run_one(s, i) == -1)
			return -1;
	return 0;
}

/* Before the analysis, which depends on it: the language that neither document nor script told.  It costs more than
 * all the rest, so nobody else is asked. */
static int
ask_language(struct nw_sink *s)
{
	struct nw_worker *w = s->worker;
	struct nw_instance *i;

	for (i = nw_worker_next(w, NW_KIND_TAGGER, 0); i != NULL; i = nw_worker_next(w, NW_KIND_TAGGER, i->index + 1))
		if (tells_language(i) && run_one(s, i) == -1)
			return -1;
	for (uint32_t t = 0; t < s->tags.n; t++) {
		const Nw__Tag *tag = s->tags.p[t];

		if (nw_str_is(nw_pb_str(tag->kind), "language")) {
			s->article->lang = tag->name;
			s->view->lang = nw_pb_str(tag->name);
		}
	}
	return 0;
}

static int
analyse(struct nw_sink *s, uint32_t what)
{
	struct nw_worker *w = s->worker;

	if (w->nexpr == 0 && (what & NW_EVALUATE_SIMHASH) == 0)
		return 0;
	if (nw_query_begin(w->set, s->view, w->now_ms, &s->err) == -1)
		return -1;
	s->analysed = 1;
	for (uint32_t i = 0; i < s->tag_views.n; i++)
		nw_query_tag(w->set, s->tag_views.p[i]);
	return 0;
}

static int
evaluate(struct nw_sink *s, uint32_t what)
{
	if ((what & NW_EVALUATE_LANGUAGE) != 0 && s->view->lang.len == 0 && ask_language(s) == -1)
		return -1;
	if (analyse(s, what) == -1)
		return -1;
	if ((what & (NW_EVALUATE_TAG | NW_EVALUATE_KEEP)) != NW_EVALUATE_TAG && use_given_tags(s) == -1)
		return -1;
	if ((what & NW_EVALUATE_TAG) != 0 && run_kind(s, NW_KIND_TAGGER) == -1)
		return -1;
	if ((what & NW_EVALUATE_RULES) != 0 && run_kind(s, NW_KIND_RULE) == -1)
		return -1;
	if ((what & NW_EVALUATE_SIMHASH) != 0)
		s->article->simhash = nw_query_simhash(s->worker->set);
	return 0;
}

int
nw_evaluate(struct nw_sink *s, Nw__Article *a, uint32_t what)
{
	struct nw_arena *into = s->into;
	struct nw_article view;
	int rc;

	nw_arena_reset(s->eval);
	s->tags = s->tag_views = s->alerts = (struct nw_vec){0};
	s->article = a;
	s->view = &view;
	s->err = (struct nw_err){0};
	if (nw_batch_article(s->eval, a, &view) == -1)
		return nw_fail(&s->err, NW_ELIMIT, "no memory for an article");
	s->analysed = 0;
	s->into = s->items;
	rc = evaluate(s, what);
	s->into = into;
	if ((what & NW_EVALUATE_TAG) != 0) {
		a->tags = (Nw__Tag **)s->tags.p;
		a->n_tags = s->tags.n;
	}
	a->alerts = (Nw__Alert **)s->alerts.p;
	a->n_alerts = s->alerts.n;
	s->view = NULL;
	return rc;
}
