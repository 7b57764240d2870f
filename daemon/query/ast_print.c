#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "query/parse.h"

/* How tightly a node binds; one that stands where something tighter is needed gets brackets. */
enum level { ANY, CHAIN, PRIM };

static enum level
level_of(const struct nw_ast *a)
{
	switch (a->kind) {
	case NW_AST_AND:
	case NW_AST_OR:
		return ANY;
	case NW_AST_NOT: /* stands below an AND only */
	case NW_AST_NEAR:
	case NW_AST_PRE:
	case NW_AST_SENT:
	case NW_AST_PARA:
	case NW_AST_NOTNEAR:
	case NW_AST_NOTSENT:
	case NW_AST_NOTPARA:
	case NW_AST_IN:
	case NW_AST_NOTIN:
		return CHAIN;
	default:
		return PRIM;
	}
}

/* Whether the text is read back as one bare token of the same text. */
static int
one_token(struct nw_str s, int operand)
{
	struct nw_lex lx = {.text = s};
	struct nw_token t;

	if (operand)
		nw_lex_operand(&lx, &t);
	else
		nw_lex_operator(&lx, &t);
	return t.type == NW_LEX_WORD && t.off == 0 && t.text.len == s.len && !nw_parse_is_keyword(s) &&
	       !nw_parse_is_operator(s);
}

static void
quoted(struct nw_buf *b, struct nw_str s)
{
	nw_buf_addc(b, '"');
	nw_buf_addstr(b, s);
	nw_buf_addc(b, '"');
}

static void
term(struct nw_buf *b, const struct nw_ast *a)
{
	static const char *const functions[] = {NULL, "EXACT", "ALLCAPS", "STEM", "FUZZY"};

	if (a->mode != NW_AST_PLAIN) {
		nw_buf_adds(b, functions[a->mode]);
		nw_buf_addc(b, '(');
	}
	if (one_token(a->text, 1) && nw_parse_is_plain(a->text))
		nw_buf_addstr(b, a->text);
	else
		quoted(b, a->text);
	if (a->mode != NW_AST_PLAIN)
		nw_buf_addc(b, ')');
}

static void
regex(struct nw_buf *b, const struct nw_ast *a)
{
	struct nw_str s = a->text;

	nw_buf_addc(b, '/');
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\\' && i + 1 < s.len)
			nw_buf_addc(b, s.p[i++]);
		else if (s.p[i] == '/')
			nw_buf_addc(b, '\\');
		nw_buf_addc(b, s.p[i]);
	}
	nw_buf_adds(b, a->icase ? "/i" : "/");
}

static void
value(struct nw_buf *b, unsigned cfield, const struct nw_ast_value *v)
{
	int bare = one_token(v->text, 0);

	if (!bare)
		nw_buf_addc(b, '"');
	nw_buf_addstr(b, v->text);
	if (v->cls.len != 0) {
		nw_buf_addc(b, '/');
		nw_buf_addstr(b, v->cls);
	}
	if (cfield == NW_AST_TOPIC && v->lo != INT64_MIN)
		nw_buf_addf(b, ">=%lld", (long long)v->lo);
	if (!bare)
		nw_buf_addc(b, '"');
}

static void
compare(struct nw_buf *b, const struct nw_ast *a)
{
	nw_buf_addf(b, "%s:", nw_parse_field_name(1, a->n));
	if (a->nvalue > 1)
		nw_buf_addc(b, '(');
	for (uint32_t i = 0; i < a->nvalue; i++) {
		if (i > 0)
			nw_buf_adds(b, " OR ");
		value(b, a->n, &a->value[i]);
	}
	if (a->nvalue > 1)
		nw_buf_addc(b, ')');
}

static void print(struct nw_buf *, const struct nw_ast *, enum level, uint32_t flags);

static void
named(struct nw_buf *b, const struct nw_ast *a, enum level need, uint32_t flags)
{
	const struct nw_ast *k = a->nkid > 0 ? a->kid[0] : NULL;

	if ((flags & NW_AST_EXPAND) != 0 && k != NULL) {
		/* a list of one entry is an OR of one: the entry itself */
		print(b, k->kind == NW_AST_OR && k->nkid == 1 ? k->kid[0] : k, need, flags);
		return;
	}
	if (a->kind == NW_AST_LIST) {
		nw_buf_addc(b, '@');
		nw_buf_addstr(b, a->text);
		return;
	}
	nw_buf_adds(b, "watch(");
	if (one_token(a->text, 1))
		nw_buf_addstr(b, a->text);
	else
		quoted(b, a->text);
	nw_buf_addc(b, ')');
}

/* The kids with ${between}; a kid needs brackets below ${need}, but the first of a chain that goes on does
 * not. */
static void
joined(struct nw_buf *b, const struct nw_ast *a, const char *between, enum level need, uint32_t flags)
{
	int leftwards = a->kind >= NW_AST_NOTNEAR && a->kind <= NW_AST_NOTIN;

	for (uint32_t i = 0; i < a->nkid; i++) {
		const struct nw_ast *k = a->kid[i];
		int goes_on = leftwards && i == 0 && k->kind == a->kind && k->n == a->n;

		if (i > 0)
			nw_buf_addf(b, "%s", between);
		print(b, k, goes_on ? CHAIN : need, flags);
	}
}

static void
counted(struct nw_buf *b, const struct nw_ast *a, const char *name, uint32_t flags)
{
	nw_buf_addf(b, "%s(%u", name, a->n);
	for (uint32_t i = 0; i < a->nkid; i++) {
		nw_buf_adds(b, ", ");
		print(b, a->kid[i], ANY, flags);
	}
	nw_buf_addc(b, ')');
}

static void
chain(struct nw_buf *b, const struct nw_ast *a, uint32_t flags)
{
	struct nw_op op = {.kind = a->kind, .n = a->n};
	char name[32], between[40] = " ";

	nw_parse_op_name(&op, name);
	strcat(strcat(between, name), " ");
	joined(b, a, between, PRIM, flags);
}

static void
inner(struct nw_buf *b, const struct nw_ast *a, enum level need, uint32_t flags)
{
	switch (a->kind) {
	case NW_AST_TERM:
		term(b, a);
		break;
	case NW_AST_REGEX:
		regex(b, a);
		break;
	case NW_AST_LIST:
	case NW_AST_WATCH:
		named(b, a, need, flags);
		break;
	case NW_AST_COMPARE:
		compare(b, a);
		break;
	case NW_AST_AND:
		joined(b, a, " AND ", CHAIN, flags);
		break;
	case NW_AST_OR:
		joined(b, a, " OR ", CHAIN, flags);
		break;
	case NW_AST_NOT:
		nw_buf_adds(b, "NOT ");
		print(b, a->kid[0], CHAIN, flags);
		break;
	case NW_AST_FIELD:
		nw_buf_addf(b, "%s:", nw_parse_field_name(0, a->n));
		print(b, a->kid[0], PRIM, flags);
		break;
	case NW_AST_FIRST:
		counted(b, a, "FIRST", flags);
		break;
	case NW_AST_ATLEAST:
		counted(b, a, "ATLEAST", flags);
		break;
	case NW_AST_ANYOF:
		counted(b, a, "ANYOF", flags);
		break;
	default:
		chain(b, a, flags);
		break;
	}
}

static void
print(struct nw_buf *b, const struct nw_ast *a, enum level need, uint32_t flags)
{
	int brackets = level_of(a) < need;

	if (brackets)
		nw_buf_addc(b, '(');
	inner(b, a, brackets ? ANY : need, flags);
	if (brackets)
		nw_buf_addc(b, ')');
}

void
nw_ast_print(struct nw_buf *b, const struct nw_ast *a, uint32_t flags)
{
	print(b, a, ANY, flags);
}

void
nw_ast_print_score(struct nw_buf *b, const struct nw_ast_score *s, uint32_t flags)
{
	for (uint32_t i = 0; i < s->nclause; i++) {
		const struct nw_ast_clause *c = &s->clause[i];

		nw_buf_addf(b, "%d: ", c->weight);
		nw_ast_print(b, c->expr, flags);
		if (c->has_cap)
			nw_buf_addf(b, " cap %d", c->cap);
		nw_buf_addc(b, '\n');
	}
	nw_buf_addf(b, ">= %d\n", s->threshold);
}
