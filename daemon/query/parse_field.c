#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/suggest.h"
#include "query/parse.h"

enum { IN_TITLE = NW_AST_IN_FIELD(NW_FIELD_TITLE), IN_BODY = NW_AST_IN_FIELD(NW_FIELD_BODY) };

static const struct field {
	const char *name;
	int compare;
	unsigned n;	/* enum nw_ast_field or enum nw_ast_cfield */
	uint8_t fields; /* where its intervals lie */
} fields[] = {
    {"title", 0, NW_AST_TITLE, IN_TITLE},
    {"lead", 0, NW_AST_LEAD, IN_BODY},
    {"body", 0, NW_AST_BODY, IN_BODY},
    {"new", 0, NW_AST_NEW, IN_TITLE | IN_BODY},
    {"removed", 0, NW_AST_REMOVED,
	NW_AST_IN_FIELD(NW_FIELD_REMOVED_TITLE) | NW_AST_IN_FIELD(NW_FIELD_REMOVED_BODY)},
    {"author", 0, NW_AST_AUTHOR, NW_AST_IN_FIELD(NW_FIELD_AUTHOR)},
    {"url", 0, NW_AST_URL, NW_AST_IN_FIELD(NW_FIELD_URL)},
    {"source", 1, NW_AST_SOURCE, 0},
    {"lang", 1, NW_AST_LANG, 0},
    {"country", 1, NW_AST_COUNTRY, 0},
    {"topic", 1, NW_AST_TOPIC, 0},
    {"tag", 1, NW_AST_TAG, 0},
    {"date", 1, NW_AST_DATE, 0},
    {"age", 1, NW_AST_AGE, 0},
    {"number", 1, NW_AST_NUMBER, 0},
};

static const struct field *
by_name(struct nw_str name)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (nw_str_is(name, fields[i].name))
			return &fields[i];
	return NULL;
}

static const struct field *
field_of(int compare, unsigned n)
{
	const struct field *f = fields;

	while (f->compare != compare || f->n != n)
		f++;
	return f;
}

struct nw_ast *
nw_parse_in_field(struct nw_parse *p, unsigned n, struct nw_ast *k, size_t off)
{
	size_t base = p->nstack;
	struct nw_ast *a = nw_parse_node(p, NW_AST_FIELD, off);

	a->n = n;
	nw_parse_push(p, k);
	a = nw_parse_close(p, a, base, off);
	a->fields = nw_parse_is_bad(k) ? k->fields : field_of(0, n)->fields;
	a->scoped = 1;
	return a;
}

static struct nw_ast *
unknown_field(struct nw_parse *p, const struct nw_token *t, size_t prefix, struct nw_str name)
{
	struct nw_suggest s = nw_suggest_init(name);
	struct nw_parse_quote q;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		nw_suggest_offer(&s, nw_str(fields[i].name));
	nw_parse_quote(&q, name);
	if (s.best.len != 0)
		nw_parse_error(p, t->off, prefix,
		    "there is no field \"%s\": did you mean \"%s:\"? (text with a colon stands in "
		    "quotes)",
		    q.s, s.best.p);
	else
		nw_parse_error(p, t->off, prefix,
		    "there is no field \"%s\": the fields are title lead body new removed author url, "
		    "source lang country topic tag date age number (text with a colon stands in quotes)",
		    q.s);
	if (prefix == t->len && !p->failed)
		(void)nw_parse_prim(p);
	return nw_parse_bad(p, t->off);
}

struct nw_ast *
nw_parse_field(struct nw_parse *p, const struct nw_token *t, size_t prefix, struct nw_str name)
{
	const struct field *f;
	const char *outer = p->field;
	struct nw_ast *k;
	char own[16];

	if (t->text.p[prefix - 1] == '=') /* Factiva's codes */
		name = nw_str(name.p[0] == 'h' ? "title" : "lang");
	if ((f = by_name(name)) == NULL)
		return unknown_field(p, t, prefix, name);
	nw_parse_move_to(p, t->off + prefix);
	p->last = (struct nw_op){.off = t->off, .len = prefix};
	if (f->compare)
		return nw_parse_compare(p, f->n, t->off);
	snprintf(own, sizeof(own), "%s:", f->name);
	if (outer != NULL)
		nw_parse_error(p, t->off, prefix,
		    "a field in a field: %s stands inside %s; write the two side by side with AND", own,
		    outer);
	if (nw_parse_enter(p, t->off) == -1)
		return nw_parse_bad(p, t->off);
	p->field = own;
	k = nw_parse_prim(p);
	p->field = outer;
	nw_parse_leave(p);
	return nw_parse_in_field(p, f->n, k, t->off);
}

const char *
nw_parse_field_name(int compare, unsigned n)
{
	return field_of(compare, n)->name;
}

int
nw_parse_is_field(struct nw_str name)
{
	return by_name(name) != NULL;
}
