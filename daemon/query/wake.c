#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "query/anchor.h"
#include "query/ast.h"
#include "query/regex.h"
#include "query/wake.h"

#define NEVER	 UINT64_MAX /* the cost of waiting for nothing: evaluated always */
#define TAG_COST 4u	    /* a topic is met less often than a common word */

enum alarm_kind { BY_PHRASE, BY_LIST, BY_TAG };
struct alarm {
	uint32_t kind, id; /* phrase, list, or value */
};
struct alarms {
	struct alarm *v;
	uint32_t n, cap;
	int failed;
};

static uint64_t cost(const struct nw_prog *, uint32_t at);

static uint64_t
plus(uint64_t a, uint64_t b)
{
	return a == NEVER || b == NEVER || a + b < a ? NEVER : a + b;
}

static uint64_t
regex_cost(const struct nw_prog *p, uint32_t id)
{
	uint32_t phrase = p->regex[id]->phrase;

	return phrase == NW_PHRASE_NONE ? NEVER : nw_anchor_cost(&p->phrases, phrase);
}

static uint64_t
list_cost(const struct nw_prog *p, const struct nw_prog_list *l)
{
	uint64_t sum = 1;

	for (uint32_t i = 0; i < l->n; i++)
		sum = plus(sum, nw_anchor_cost(&p->phrases, p->entry[l->first + i].phrase));
	for (uint32_t i = 0; i < l->nregex; i++)
		sum = plus(sum, regex_cost(p, p->list_regex[l->first_regex + i].phrase));
	return sum;
}

/* The kid of an AND, or of what joins places, that is cheapest to wait for. */
static uint32_t
cheapest(const struct nw_prog *p, const struct nw_prog_node *node, uint64_t *least)
{
	uint32_t best = node->a;

	*least = NEVER;
	for (uint32_t i = 0; i < node->nkid; i++) {
		uint64_t c = p->node[node->a + i].kind == NW_PROG_NOT ? NEVER : cost(p, node->a + i);

		if (c < *least) {
			*least = c;
			best = node->a + i;
		}
	}
	return best;
}

static uint64_t
cost_of_all(const struct nw_prog *p, const struct nw_prog_node *node)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < node->nkid; i++)
		sum = plus(sum, cost(p, node->a + i));
	return sum;
}

static int
waits_for_tag(const struct nw_prog_node *node)
{
	return node->n == NW_AST_TOPIC || node->n == NW_AST_TAG || node->n == NW_AST_COUNTRY;
}

/* How often waiting for this node's alarms will wake: 1 and up, NEVER if there are none. */
static uint64_t
cost(const struct nw_prog *p, uint32_t at)
{
	const struct nw_prog_node *node = &p->node[at];
	uint64_t least;

	switch (node->kind) {
	case NW_PROG_PHRASE:
		return nw_anchor_cost(&p->phrases, node->a);
	case NW_PROG_LIST:
		return p->list[node->a].cost;
	case NW_PROG_REGEX:
		return regex_cost(p, node->a);
	case NW_PROG_COMPARE:
		return waits_for_tag(node) ? TAG_COST * (uint64_t)node->nkid : NEVER;
	case NW_PROG_NOT:
		return NEVER;
	case NW_PROG_OR:
	case NW_PROG_ANYOF: /* at least one of them, whatever the number */
		return cost_of_all(p, node);
	case NW_PROG_AND:
	case NW_PROG_NEAR:
	case NW_PROG_PRE:
	case NW_PROG_SENT:
	case NW_PROG_PARA:
		(void)cheapest(p, node, &least);
		return least;
	default: /* the left operand, the only one, the watch named */
		return cost(p, node->a);
	}
}

static void
add(struct alarms *out, enum alarm_kind kind, uint32_t id)
{
	void *v = out->v;

	for (uint32_t i = out->n; i-- > 0 && out->n < 32;) /* short sets only: doubles do no harm */
		if (out->v[i].kind == kind && out->v[i].id == id)
			return;
	if (nw_prog_room(&v, &out->cap, out->n, 1, sizeof(*out->v)) == -1) {
		out->failed = 1;
		return;
	}
	out->v = v;
	out->v[out->n++] = (struct alarm){kind, id};
}

/* The alarms whose cost cost() told. */
static void
collect(const struct nw_prog *p, uint32_t at, struct alarms *out)
{
	const struct nw_prog_node *node = &p->node[at];
	uint64_t least;

	switch (node->kind) {
	case NW_PROG_PHRASE:
		add(out, BY_PHRASE, node->a);
		break;
	case NW_PROG_LIST:
		add(out, BY_LIST, node->a);
		for (uint32_t i = 0; i < p->list[node->a].nregex; i++)
			add(out, BY_PHRASE, p->regex[p->list_regex[p->list[node->a].first_regex + i].phrase]->phrase);
		break;
	case NW_PROG_REGEX:
		add(out, BY_PHRASE, p->regex[node->a]->phrase);
		break;
	case NW_PROG_COMPARE:
		for (uint32_t i = 0; i < node->nkid; i++)
			add(out, BY_TAG, node->a + i);
		break;
	case NW_PROG_OR:
	case NW_PROG_ANYOF:
		for (uint32_t i = 0; i < node->nkid; i++)
			collect(p, node->a + i, out);
		break;
	case NW_PROG_AND:
	case NW_PROG_NEAR:
	case NW_PROG_PRE:
	case NW_PROG_SENT:
	case NW_PROG_PARA:
		collect(p, cheapest(p, node, &least), out);
		break;
	default:
		collect(p, node->a, out);
	}
}

/* A score of 1 or more needs a line of positive weight; where there is a match as well, the cheaper is waited for. */
static uint64_t
score_cost(const struct nw_prog *p, const struct nw_prog_expr *e)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < e->nclause; i++)
		if (p->clause[e->clause + i].weight > 0)
			sum = plus(sum, cost(p, p->clause[e->clause + i].node));
	return e->nclause == 0 ? NEVER : sum;
}

/* 0 if the expression waits for nothing. */
static int
alarms_of(const struct nw_prog *p, const struct nw_prog_expr *e, struct alarms *out)
{
	uint64_t match = e->match != NW_PROG_NONE ? cost(p, e->match) : NEVER, score = score_cost(p, e);

	out->n = 0;
	if (match == NEVER && score == NEVER)
		return 0;
	if (match <= score) {
		collect(p, e->match, out);
		return 1;
	}
	for (uint32_t i = 0; i < e->nclause; i++)
		if (p->clause[e->clause + i].weight > 0)
			collect(p, p->clause[e->clause + i].node, out);
	return 1;
}

/* A phrase that the match needs besides what it waits for: the cheapest other operand of its outermost operator. */
static uint32_t
also_needed(const struct nw_prog *p, const struct nw_prog_expr *e)
{
	const struct nw_prog_node *node;
	uint64_t least;
	uint32_t best = NW_PROG_NONE, waited;

	if (e->match == NW_PROG_NONE || cost(p, e->match) > score_cost(p, e))
		return NW_PROG_NONE;
	node = &p->node[e->match];
	if (node->kind != NW_PROG_AND && (node->kind < NW_PROG_NEAR || node->kind > NW_PROG_PARA))
		return NW_PROG_NONE;
	waited = cheapest(p, node, &least);
	for (uint32_t i = node->a; i < node->a + node->nkid; i++)
		if (i != waited && p->node[i].kind == NW_PROG_PHRASE && (best == NW_PROG_NONE ||
		    nw_anchor_cost(&p->phrases, p->node[i].a) < nw_anchor_cost(&p->phrases, best)))
			best = p->node[i].a;
	return best;
}

/* --- the tables: pairs (who, whom), grouped by who */

struct pair {
	uint32_t who;
	struct nw_prog_alarm whom;
};
struct pairs {
	struct pair *v;
	uint32_t n, cap;
};

static int
push(struct pairs *ps, uint32_t who, struct nw_prog_alarm whom)
{
	void *v = ps->v;

	if (nw_prog_room(&v, &ps->cap, ps->n, 1, sizeof(*ps->v)) == -1)
		return -1;
	ps->v = v;
	ps->v[ps->n++] = (struct pair){who, whom};
	return 0;
}

static int
group(const struct pairs *ps, uint32_t nwho, uint32_t **first_r, struct nw_prog_alarm **whom_r)
{
	uint32_t *first = calloc((size_t)nwho + 2, sizeof(*first));
	struct nw_prog_alarm *whom = calloc((size_t)ps->n + 1, sizeof(*whom));

	*first_r = first;
	*whom_r = whom;
	if (first == NULL || whom == NULL)
		return -1;
	for (uint32_t i = 0; i < ps->n; i++)
		first[ps->v[i].who + 2]++;
	for (uint32_t i = 2; i < nwho + 2; i++)
		first[i] += first[i - 1];
	for (uint32_t i = 0; i < ps->n; i++) /* first[who + 1] runs from the start of its share to its end */
		whom[first[ps->v[i].who + 1]++] = ps->v[i].whom;
	return 0;
}

static int
by_hash(const void *a, const void *b)
{
	const struct nw_prog_tag *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->expr > y->expr) - (x->expr < y->expr);
}

static int
set_alarm(struct nw_prog *p, const struct alarm *a, struct nw_prog_alarm whom, struct pairs *phrases, struct pairs *lists,
    uint32_t *cap)
{
	void *v = p->tag;

	switch (a->kind) {
	case BY_PHRASE:
		return push(phrases, a->id, whom);
	case BY_LIST:
		return push(lists, a->id, whom);
	default:
		if (nw_prog_room(&v, cap, p->ntag, 1, sizeof(*p->tag)) == -1)
			return -1;
		p->tag = v;
		p->tag[p->ntag++] = 
		    (struct nw_prog_tag){nw_hash_str(nw_prog_str(p, p->value[a->id].text)), whom.expr};
		return 0;
	}
}

static int
set_alarms(struct nw_prog *p, struct alarms *alarms, struct pairs *phrases, struct pairs *lists)
{
	uint32_t tag_cap = 0;

	for (uint32_t e = 0; e < p->nexpr; e++) {
		struct nw_prog_alarm whom = {e, also_needed(p, &p->expr[e])};

		if (p->expr[e].flags & NW_PROG_LAZY)
			continue;
		if (!alarms_of(p, &p->expr[e], alarms)) {
			p->expr[e].flags |= NW_PROG_ALWAYS;
			p->nalways++;
			continue;
		}
		for (uint32_t i = 0; i < alarms->n; i++)
			if (set_alarm(p, &alarms->v[i], whom, phrases, lists, &tag_cap) == -1)
				return -1;
		if (alarms->failed)
			return -1;
	}
	if (p->ntag != 0)
		qsort(p->tag, p->ntag, sizeof(*p->tag), by_hash);
	return 0;
}

static int
set_lists(struct nw_prog *p, struct pairs *ps)
{
	for (uint32_t l = 0; l < p->nlist; l++)
		for (uint32_t i = 0; i < p->list[l].n; i++)
			if (push(ps, p->entry[p->list[l].first + i].phrase, (struct nw_prog_alarm){l, NW_PROG_NONE}) == -1)
				return -1;
	return 0;
}

int
nw_wake_make(struct nw_prog *p)
{
	struct alarms alarms = {0};
	struct pairs phrases = {0}, lists = {0}, members = {0};
	int rc = -1;

	for (uint32_t l = 0; l < p->nlist; l++)
		p->list[l].cost = list_cost(p, &p->list[l]);
	if (set_alarms(p, &alarms, &phrases, &lists) == 0 && set_lists(p, &members) == 0 &&
	    group(&phrases, p->phrases.n, &p->by_phrase_first, &p->by_phrase) == 0 &&
	    group(&lists, p->nlist, &p->by_list_first, &p->by_list) == 0 &&
	    group(&members, p->phrases.n, &p->list_of_first, &p->list_of) == 0)
		rc = 0;
	free(alarms.v);
	free(phrases.v);
	free(lists.v);
	free(members.v);
	return rc;
}

/* --- per article */

static inline void
ring(const struct nw_prog *p, const struct nw_prog_alarm *a, nw_wake_fn *fn, void *cookie)
{
	if (a->also == NW_PROG_NONE || p->phrases.hits[a->also].article == p->phrases.article)
		fn(cookie, a->expr);
}

static int
note_in_list(struct nw_prog *p, struct nw_arena *arena, uint32_t id, uint32_t phrase, nw_wake_fn *fn, void *cookie)
{
	struct nw_prog_list *l = &p->list[id];

	if (l->article != p->phrases.article) {
		l->article = p->phrases.article;
		l->nfound = l->cap = 0;
		for (uint32_t i = p->by_list_first[id]; i < p->by_list_first[id + 1]; i++)
			ring(p, &p->by_list[i], fn, cookie);
	}
	if (l->nfound == l->cap) {
		uint32_t cap = l->cap == 0 ? 8 : 4 * l->cap;
		uint32_t *v = nw_arena_alloc(arena, cap * sizeof(*v));

		if (v == NULL)
			return -1;
		if (l->nfound != 0)
			memcpy(v, l->found, l->nfound * sizeof(*v));
		l->found = v;
		l->cap = cap;
	}
	l->found[l->nfound++] = phrase;
	return 0;
}

static int
note_in_lists(struct nw_prog *p, struct nw_arena *arena, uint32_t phrase, nw_wake_fn *fn, void *cookie)
{
	for (uint32_t k = p->list_of_first[phrase]; k < p->list_of_first[phrase + 1]; k++)
		if (note_in_list(p, arena, p->list_of[k].expr, phrase, fn, cookie) == -1)
			return -1;
	return 0;
}

/* The tables are large and met at random: what comes a few phrases later is asked of the memory now. */
static void
fetch_ahead(const struct nw_prog *p, uint32_t i)
{
	const struct nw_phrases *ph = &p->phrases;

	if (i + 8 < ph->nfound)
		__builtin_prefetch(&p->by_phrase_first[ph->found[i + 8]]);
	if (i + 4 < ph->nfound)
		__builtin_prefetch(&p->by_phrase[p->by_phrase_first[ph->found[i + 4]]]);
}

int
nw_wake_phrases(struct nw_prog *p, struct nw_arena *arena, nw_wake_fn *fn, void *cookie)
{
	for (uint32_t i = 0; i < p->phrases.nfound; i++) {
		uint32_t id = p->phrases.found[i];

		fetch_ahead(p, i);
		for (uint32_t k = p->by_phrase_first[id]; k < p->by_phrase_first[id + 1]; k++)
			ring(p, &p->by_phrase[k], fn, cookie);
		if (p->nlist != 0 && note_in_lists(p, arena, id, fn, cookie) == -1)
			return -1;
	}
	return 0;
}

void
nw_wake_tag(const struct nw_prog *p, struct nw_str name, nw_wake_fn *fn, void *cookie)
{
	uint64_t hash = nw_hash_str(name);
	uint32_t lo = 0, hi = p->ntag;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (p->tag[mid].hash < hash)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < p->ntag && p->tag[lo].hash == hash; lo++)
		fn(cookie, p->tag[lo].expr);
}

int
nw_wake_print(const struct nw_prog *p, uint32_t expr, struct nw_buf *out, int *always)
{
	struct alarms alarms = {0};

	*always = !alarms_of(p, &p->expr[expr], &alarms);
	for (uint32_t i = 0; i < alarms.n; i++) {
		const struct alarm *a = &alarms.v[i];

		if (i > 0)
			nw_buf_adds(out, " | ");
		if (a->kind == BY_PHRASE)
			nw_anchor_print(&p->phrases, a->id, out);
		else if (a->kind == BY_TAG)
			nw_buf_addstr(out, nw_prog_str(p, p->value[a->id].text));
		else
			nw_buf_addf(out, "list of %u", p->list[a->id].n);
	}
	free(alarms.v);
	return alarms.failed || out->failed ? -1 : 0;
}
