#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "query/ast.h"
#include "query/compare.h"

int
nw_compare_lang(struct nw_str want, struct nw_str have)
{
	return have.len >= want.len && strncasecmp(want.p, have.p, want.len) == 0 &&
	    (have.len == want.len || have.p[want.len] == '-');
}

struct nw_time
nw_compare_date(const struct nw_article *a)
{
	if (a->published.at_ms != NW_TIME_NONE && (a->published.at_ms != 0 || a->published.precision != NW_PREC_NONE))
		return a->published;
	return (struct nw_time){a->first_seen_ms, NW_PREC_MINUTE, NW_ORIGIN_NONE};
}

static int
is_country_kind(struct nw_str kind)
{
	return nw_str_is(kind, "place") || nw_str_is(kind, "country");
}

static int
names_tag(const struct nw_eval *ev, uint32_t field, const struct nw_prog_value *v, const struct nw_tag *t)
{
	struct nw_str name = nw_prog_str(ev->prog, v->text), cls = nw_prog_str(ev->prog, v->cls);

	if (name.len != t->name.len || (field == NW_AST_COUNTRY ? strncasecmp(name.p, t->name.p, name.len)
								: memcmp(name.p, t->name.p, name.len)) != 0)
		return 0;
	if (field == NW_AST_COUNTRY)
		return is_country_kind(nw_str_or_empty(t->kind));
	if (field == NW_AST_TAG)
		return 1;
	if (t->kind.len != 0 && !nw_str_is(t->kind, "topic"))
		return 0;
	if (cls.len != 0 && !nw_str_eq(cls, nw_str_or_empty(t->cls)))
		return 0;
	return v->lo == INT64_MIN || (t->has_score && t->score >= v->lo);
}

int
nw_compare_is_tag(const struct nw_eval *ev, const struct nw_prog_node *node, const struct nw_tag *t)
{
	if (node->kind != NW_PROG_COMPARE || (node->n != NW_AST_TOPIC && node->n != NW_AST_TAG && node->n != NW_AST_COUNTRY))
		return 0;
	for (uint32_t i = 0; i < node->nkid; i++)
		if (names_tag(ev, node->n, &ev->prog->value[node->a + i], t))
			return 1;
	return 0;
}

static int
any_tag(const struct nw_eval *ev, uint32_t field, const struct nw_prog_value *v)
{
	for (uint32_t i = 0; i < ev->ntag; i++)
		if (names_tag(ev, field, v, ev->tag[i]))
			return 1;
	return 0;
}

/* A date of day precision is its own day; a coarser one its first. */
static int
in_range(const struct nw_prog_value *v, struct nw_time t)
{
	return t.at_ms != NW_TIME_NONE && t.at_ms >= v->lo && t.at_ms <= v->hi;
}

static int
age_holds(const struct nw_prog_value *v, struct nw_time t, int64_t now_ms)
{
	int64_t age;

	return t.at_ms != NW_TIME_NONE && !__builtin_sub_overflow(now_ms, t.at_ms, &age) && age > v->lo && age < v->hi;
}

/* The same words in the same order; brackets and spaces are none. */
static int
same_number(const struct nw_eval *ev, struct nw_str want, struct nw_str have)
{
	struct nw_text a = {0}, b = {0};
	int same = 0;

	if (have.len != 0 && nw_analyse_text(ev->fields->an, want, &a) == 0 && nw_analyse_text(ev->fields->an, have, &b) == 0 &&
	    a.n == b.n && a.n != 0)
		same = memcmp(a.hash, b.hash, a.n * sizeof(*a.hash)) == 0;
	nw_text_done(&a);
	nw_text_done(&b);
	return same;
}

static int
value_holds(const struct nw_eval *ev, uint32_t field, const struct nw_prog_value *v)
{
	const struct nw_article *a = ev->fields->article;
	struct nw_str want = nw_prog_str(ev->prog, v->text);

	switch (field) {
	case NW_AST_SOURCE:
		return nw_str_eq(want, nw_str_or_empty(a->source));
	case NW_AST_LANG:
		return nw_compare_lang(want, ev->fields->lang);
	case NW_AST_DATE:
		return in_range(v, nw_compare_date(a));
	case NW_AST_AGE:
		return age_holds(v, nw_compare_date(a), ev->now_ms);
	case NW_AST_NUMBER:
		return same_number(ev, want, nw_str_or_empty(a->number));
	default:
		return any_tag(ev, field, v);
	}
}

int
nw_compare_holds(struct nw_eval *ev, const struct nw_prog_node *node, int negated)
{
	if (node->n == NW_AST_LANG && ev->fields->lang.len == 0)
		return !negated;
	for (uint32_t i = 0; i < node->nkid; i++)
		if (value_holds(ev, node->n, &ev->prog->value[node->a + i]))
			return 1;
	return 0;
}
