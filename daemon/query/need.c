#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "query/ast.h"
#include "query/need.h"
#include "query/prefix.h"
#include "query/regex.h"
#include "query/set.h"

#define WITHOUT_MAX 64u /* words ruled out by the index; the others are left to the evaluator */
#define FUZZY_LONG  8u	/* letters from which two edits are near (R21) */

struct maker {
	const struct nw_prog *p;
	struct nw_arena *arena;
	nw_need_topic_fn *topic;
	void *cookie;
	int failed;
};

static struct nw_need *of_node(struct maker *, uint32_t at);

static struct nw_need *
make(struct maker *m, uint32_t kind, uint32_t cap)
{
	struct nw_need *need = nw_arena_zalloc(m->arena, sizeof(*need));

	if (need == NULL) {
		m->failed = 1;
		return NULL;
	}
	need->kind = kind;
	need->distance = NW_NEED_ANYWHERE;
	if (kind == NW_NEED_PHRASE &&
	    (need->word = nw_arena_array(m->arena, cap + 1, sizeof(*need->word))) == NULL)
		m->failed = 1;
	if (kind >= NW_NEED_AND &&
	    (need->kid = nw_arena_array(m->arena, cap + 1, sizeof(*need->kid))) == NULL)
		m->failed = 1;
	return m->failed ? NULL : need;
}

/* --- leaves */

static struct nw_need_word
word_of(const struct nw_prog *p, uint32_t key)
{
	static const uint32_t like[NW_WORDS_KINDS] = {
	    [NW_WORDS_PLAIN] = NW_NEED_SAME,
	    [NW_WORDS_WILD] = NW_NEED_GLOB,
	    [NW_WORDS_HANGUL] = NW_NEED_INSIDE,
	    [NW_WORDS_FUZZY] = NW_NEED_NEAR,
	    [NW_WORDS_STEM] = NW_NEED_WORD, /* the index has no accents, which stemmers need */
	    [NW_WORDS_EXACT] = NW_NEED_WORD,
	};
	const struct nw_words *w = &p->phrases.words;

	return (struct nw_need_word){nw_words_text(w, key), like[w->key[key].kind]};
}

/* Where the field prefix above it lets a place lie; 0: in a text the index does not hold. */
static uint32_t
fields_of(uint32_t scope)
{
	switch (scope) {
	case NW_PROG_TITLE:
		return NW_NEED_TITLE;
	case NW_PROG_LEAD:
	case NW_PROG_BODY:
		return NW_NEED_BODY;
	case NW_PROG_AUTHOR:
		return NW_NEED_AUTHOR;
	case NW_PROG_URL:
		return NW_NEED_URL;
	case NW_PROG_REMOVED:
		return 0;
	default:
		return NW_NEED_TITLE | NW_NEED_BODY;
	}
}

static struct nw_need *
of_phrase(struct maker *m, uint32_t phrase, uint32_t scope)
{
	const struct nw_phrases *ph = &m->p->phrases;
	uint32_t fields = fields_of(scope), known = 0;
	struct nw_need *need;

	if (phrase == NW_PHRASE_NONE || fields == 0)
		return make(m, NW_NEED_ANY, 0);
	if ((need = make(m, NW_NEED_PHRASE, ph->phrase[phrase].n)) == NULL)
		return NULL;
	need->fields = fields;
	for (uint32_t i = 0; i < ph->phrase[phrase].n; i++) {
		need->word[need->n] = word_of(m->p, ph->matcher[ph->phrase[phrase].first + i].key);
		known += need->word[need->n++].like != NW_NEED_WORD;
	}
	if (known == 0)
		need->kind = NW_NEED_ANY;
	return need;
}

/* One more alternative; one that may be anything makes the whole so. */
static void
add_or(struct nw_need * or, const struct nw_need *kid)
{
	if (kid == NULL || kid->kind == NW_NEED_ANY)
		or->kind = NW_NEED_ANY;
	else
		or->kid[or->n++] = (struct nw_need *)(uintptr_t)kid;
}

static struct nw_need *
of_list(struct maker *m, const struct nw_prog_list *l, uint32_t scope)
{
	struct nw_need * or = make(m, NW_NEED_OR, l->n + l->nregex);

	for (uint32_t i = 0; or != NULL && i < l->n; i++)
		add_or(or, of_phrase(m, m->p->entry[l->first + i].phrase, scope));
	for (uint32_t i = 0; or != NULL && i < l->nregex; i++)
		add_or(or,
		    of_phrase(m, m->p->regex[m->p->list_regex[l->first_regex + i].phrase]->phrase, scope));
	return or ;
}

/* --- what an article is, which never changes once it is known */

static uint32_t
fact_of(const struct nw_prog_node *node)
{
	return node->n == NW_AST_LANG ? NW_NEED_LANG : NW_NEED_SOURCE;
}

static struct nw_need *
of_fact(struct maker *m, uint32_t field, struct nw_str text)
{
	struct nw_need *need = make(m, NW_NEED_PHRASE, 1);
	char *lower = nw_arena_alloc(m->arena, text.len + 1);

	if (need == NULL || lower == NULL) {
		m->failed = 1;
		return NULL;
	}
	for (size_t i = 0; i < text.len; i++)
		lower[i] = field == NW_NEED_LANG ? (char)tolower((unsigned char)text.p[i]) : text.p[i];
	need->fields = field;
	need->n = 1;
	need->word[0] = (struct nw_need_word){{lower, text.len}, NW_NEED_SAME};
	return need;
}

/* --- operators */

static struct nw_need *
of_any_kid(struct maker *m, const struct nw_prog_node *node)
{
	struct nw_need * or = make(m, NW_NEED_OR, node->nkid);

	for (uint32_t i = 0; or != NULL && i < node->nkid; i++)
		add_or(or, of_node(m, node->a + i));
	return or ;
}

/* Two phrases of one field with at most n positions between. */
static uint32_t
distance_of(const struct nw_prog_node *node, const struct nw_need *and)
{
	if ((node->kind != NW_PROG_NEAR && node->kind != NW_PROG_PRE) || and->n != 2 ||
	    node->nkid != 2 || and->kid[0]->kind != NW_NEED_PHRASE || and->kid[1]->kind != NW_NEED_PHRASE ||
									  and->kid[0]->fields != and->kid[1]
												     ->fields)
		return NW_NEED_ANYWHERE;
	return node->n;
}

/* --- what must not be there: only what the index is as sure of as the evaluator */

/* One word in any case, in title, body or both: wherever the index has it, the term holds. */
static int
is_sure(const struct nw_prog *p, uint32_t phrase, uint32_t scope)
{
	const struct nw_phrases *ph = &p->phrases;
	const struct nw_matcher *one;

	if (phrase == NW_PHRASE_NONE || ph->phrase[phrase].n != 1 ||
	    (scope != NW_PROG_ANYWHERE && scope != NW_PROG_TITLE && scope != NW_PROG_BODY))
		return 0;
	one = &ph->matcher[ph->phrase[phrase].first];
	return one->filter == 0 && ph->words.key[one->key].kind == NW_WORDS_PLAIN;
}

static void
add_without(struct maker *m, struct nw_need *and, uint32_t phrase, uint32_t scope)
{
	if (and->nwithout < WITHOUT_MAX && is_sure(m->p, phrase, scope) &&
	    (and->without[ and->nwithout] = of_phrase(m, phrase, scope)) != NULL)
		and->nwithout++;
}

static void
add_without_fact(struct maker *m, struct nw_need *and, const struct nw_prog_node *node)
{
	if (node->n != NW_AST_LANG && node->n != NW_AST_SOURCE)
		return;
	for (uint32_t i = 0; i < node->nkid && and->nwithout < WITHOUT_MAX; i++) {
		and->without[ and->nwithout] =
		    of_fact(m, fact_of(node), nw_prog_str(m->p, m->p->value[node->a + i].text));
		and->nwithout += !m->failed;
	}
}

/* Below a NOT: a word, or any of several alternatives. */
static void
of_negative(struct maker *m, struct nw_need *and, uint32_t at)
{
	const struct nw_prog_node *node = &m->p->node[at];
	const struct nw_prog_list *l = node->kind == NW_PROG_LIST ? &m->p->list[node->a] : NULL;

	if (and->without == NULL &&
	    (and->without = nw_arena_array(m->arena, WITHOUT_MAX, sizeof(*and->without))) == NULL)
		m->failed = 1;
	else if (node->kind == NW_PROG_PHRASE)
		add_without(m, and, node->a, node->scope);
	else if (node->kind == NW_PROG_COMPARE)
		add_without_fact(m, and, node);
	else if (l != NULL)
		for (uint32_t i = 0; i < l->n; i++)
			add_without(m, and, m->p->entry[l->first + i].phrase, node->scope);
	else if (node->kind == NW_PROG_OR)
		for (uint32_t i = 0; i < node->nkid && !m->failed; i++)
			of_negative(m, and, node->a + i);
}

static struct nw_need *
of_all_kids(struct maker *m, const struct nw_prog_node *node)
{
	struct nw_need *and = make(m, NW_NEED_AND, node->nkid);

	for (uint32_t i = 0; and != NULL && i < node->nkid && !m->failed; i++) {
		const struct nw_prog_node *k = &m->p->node[node->a + i];
		struct nw_need *kid = k->kind != NW_PROG_NOT ? of_node(m, node->a + i) : NULL;

		if (k->kind == NW_PROG_NOT)
			of_negative(m, and, k->a);
		if (kid != NULL && kid->kind != NW_NEED_ANY)
			and->kid[ and->n++] = kid;
	}
	if (and == NULL || and->n == 0)
		return make(m, NW_NEED_ANY, 0);
	and->distance = distance_of(node, and);
	return and->n == 1 && and->nwithout == 0 ? and->kid[0] : and;
}

/* One of the topics, languages or sources; what else is compared is not to be looked up. */
static struct nw_need *
of_compare(struct maker *m, const struct nw_prog_node *node)
{
	struct nw_need * or ;

	if (node->n != NW_AST_LANG && node->n != NW_AST_SOURCE &&
	    (node->n != NW_AST_TOPIC || m->topic == NULL))
		return make(m, NW_NEED_ANY, 0);
	or = make(m, NW_NEED_OR, node->nkid + 1);
	for (uint32_t i = 0; or != NULL && i < node->nkid; i++) {
		struct nw_str text = nw_prog_str(m->p, m->p->value[node->a + i].text);

		add_or(or,
		    node->n == NW_AST_TOPIC ? m->topic(m->cookie, text) : of_fact(m, fact_of(node), text));
	}
	if (or != NULL && or->kind != NW_NEED_ANY && node->n == NW_AST_LANG)
		add_or(or, of_fact(m, NW_NEED_LANG, NW_STR(""))); /* R28: an unknown language passes */
	return or ;
}

/* Recursion as deep as the tree was, whose depth the parser bounds. */
static struct nw_need *
of_node(struct maker *m, uint32_t at)
{
	const struct nw_prog_node *node = &m->p->node[at];

	switch (node->kind) {
	case NW_PROG_PHRASE:
		return of_phrase(m, node->a, node->scope);
	case NW_PROG_LIST:
		return of_list(m, &m->p->list[node->a], node->scope);
	case NW_PROG_REGEX:
		return of_phrase(m, m->p->regex[node->a]->phrase, node->scope);
	case NW_PROG_COMPARE:
		return of_compare(m, node);
	case NW_PROG_NOT:
		return make(m, NW_NEED_ANY, 0);
	case NW_PROG_OR:
	case NW_PROG_ANYOF:
		return of_any_kid(m, node);
	case NW_PROG_AND:
	case NW_PROG_NEAR:
	case NW_PROG_PRE:
	case NW_PROG_SENT:
	case NW_PROG_PARA:
	case NW_PROG_IN: /* what it lies in must stand there too */
		return of_all_kids(m, node);
	default: /* the left operand, the only one, the watch named */
		return of_node(m, node->a);
	}
}

/* A score of 1 or more needs a line of positive weight. */
static struct nw_need *
of_score(struct maker *m, const struct nw_prog_expr *e)
{
	struct nw_need * or = make(m, NW_NEED_OR, e->nclause);

	for (uint32_t i = 0; or != NULL && i < e->nclause; i++)
		if (m->p->clause[e->clause + i].weight > 0)
			add_or(or, of_node(m, m->p->clause[e->clause + i].node));
	return or ;
}

/* The envelope: one of the sources, or one of the languages; ANY where there is no such bound. */
static struct nw_need *
of_limit(struct maker *m, uint32_t field, const struct nw_str *name, uint32_t n)
{
	struct nw_need * or = make(m, n != 0 ? NW_NEED_OR : NW_NEED_ANY, n + 1);

	for (uint32_t i = 0; or != NULL && i < n; i++)
		add_or(or, of_fact(m, field, name[i]));
	if (or != NULL && n != 0 && field == NW_NEED_LANG)
		add_or(or, of_fact(m, NW_NEED_LANG, NW_STR("")));
	return or ;
}

/* All that say something. */
static struct nw_need *
of_parts(struct maker *m, struct nw_need *const *part, uint32_t n)
{
	struct nw_need *and = make(m, NW_NEED_AND, n);

	for (uint32_t i = 0; and != NULL && i < n && !m->failed; i++)
		if (part[i]->kind != NW_NEED_ANY)
			and->kid[ and->n++] = part[i];
	if (and == NULL || m->failed || and->n > 1)
		return and;
	return and->n == 1 ? and->kid[0] : make(m, NW_NEED_ANY, 0);
}

struct nw_need *
nw_need_of(
    const struct nw_query_set *s, uint32_t id, nw_need_topic_fn *topic, void *cookie, struct nw_arena *arena)
{
	static const struct nw_set_limit none = {0};
	struct maker m = {&s->prog, arena, topic, cookie, 0};
	const struct nw_prog_expr *e = &s->prog.expr[id];
	const struct nw_set_limit *l = e->limit != 0 ? &s->limit[e->limit - 1] : &none;
	struct nw_need *part[] = {
	    e->match != NW_PROG_NONE ? of_node(&m, e->match) : make(&m, NW_NEED_ANY, 0),
	    e->nclause != 0 ? of_score(&m, e) : make(&m, NW_NEED_ANY, 0),
	    of_limit(&m, NW_NEED_SOURCE, l->source, l->nsource),
	    of_limit(&m, NW_NEED_LANG, l->lang, l->nlang),
	};
	struct nw_need *all = m.failed ? NULL : of_parts(&m, part, sizeof(part) / sizeof(*part));

	return m.failed ? NULL : all;
}

/* --- words */

static int
is_alike(const struct nw_need_word *w, struct nw_str folded)
{
	uint32_t max;

	switch (w->like) {
	case NW_NEED_SAME:
		return nw_str_eq(w->text, folded);
	case NW_NEED_GLOB:
		return nw_reach_glob(w->text, folded);
	case NW_NEED_INSIDE:
		return memmem(folded.p, folded.len, w->text.p, w->text.len) != NULL;
	case NW_NEED_NEAR:
		max = nw_utf8_count(w->text) >= FUZZY_LONG ? 2 : 1;
		return nw_reach_edits(w->text, folded, max) <= max;
	default:
		return 1;
	}
}

int
nw_need_is_like(const struct nw_need_word *w, struct nw_str folded)
{
	struct nw_str form[NW_PREFIX_FORMS];
	uint32_t n;

	if (is_alike(w, folded))
		return 1;
	n = nw_prefix_strip(folded, form);
	for (uint32_t i = 0; i < n; i++)
		if (is_alike(w, form[i]))
			return 1;
	return 0;
}
