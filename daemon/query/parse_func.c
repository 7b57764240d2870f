#include <string.h>

#include "base/str.h"
#include "base/suggest.h"
#include "core/limits.h"
#include "query/parse.h"

/* Reads the "(" that the caller has seen and gives its place. */
static size_t
open_bracket(struct nw_parse *p)
{
	struct nw_token t;

	nw_lex_operator(&p->lx, &t);
	return t.off;
}

static struct nw_ast *
term_function(struct nw_parse *p, unsigned mode, const struct nw_token *f)
{
	size_t open = open_bracket(p);
	struct nw_lex lx = p->lx, after;
	struct nw_parse_quote q;
	struct nw_ast *a = NULL;
	struct nw_token t, t2;
	struct nw_str name;

	nw_lex_operand(&lx, &t);
	after = lx;
	nw_lex_operator(&after, &t2);
	if (t2.type == NW_LEX_END) /* a bracket that is never closed is told below */
		t2.type = NW_LEX_CLOSE;
	if (t2.type == NW_LEX_CLOSE && t.type == NW_LEX_QUOTED) {
		nw_parse_move(p, &lx);
		a = nw_parse_quoted(p, &t, mode, f->off);
	} else if (t2.type == NW_LEX_CLOSE && t.type == NW_LEX_WORD && t.text.p[0] != '@' &&
		   !nw_parse_is_keyword(t.text) && !nw_lex_prefix(t.text, &name)) {
		nw_parse_move(p, &lx);
		a = nw_parse_word(p, &t, mode, f->off);
	} else {
		nw_parse_error(p, t.off, t.len > 0 ? t.len : 1,
		    "%s takes one word or one phrase in quotes: write %s(word), or join "
		    "several with OR",
		    nw_parse_quote(&q, f->text), q.s);
		(void)nw_parse_skip_bracket(p, &t);
	}
	nw_parse_close_bracket(p, open);
	if (a == NULL)
		return nw_parse_bad(p, f->off);
	nw_parse_span(p, a, f->off);
	if (mode == NW_AST_STEM) {
		a->stems = 1;
		p->stem = p->stem != NULL ? p->stem : a;
	}
	return a;
}

/* The n of FIRST(n, ...), at most ${max}; the comma behind it is read too. */
static uint32_t
leading_number(struct nw_parse *p, const char *what, int64_t max)
{
	struct nw_lex lx = p->lx;
	struct nw_parse_quote q;
	struct nw_token t, comma;
	int64_t n;

	nw_lex_operand(&lx, &t);
	n = t.type == NW_LEX_WORD ? nw_parse_number(t.text) : -1;
	if (n == -1) {
		nw_parse_error(
		    p, t.off, t.len > 0 ? t.len : 1, "%s begins with a number: write %s(2, ...)", what, what);
		nw_lex_operator(&lx, &comma);
		if (comma.type ==
		    NW_LEX_COMMA) /* what stands there is a number badly written, not the operand */
			nw_parse_move(p, &lx);
		return 1;
	}
	nw_parse_move(p, &lx);
	if (n < 1 || n > max) {
		nw_parse_error(p, t.off, t.len, "%s(%s, ...): the number lies between 1 and %d", what,
		    nw_parse_quote(&q, t.text), (int)max);
		n = 1;
	}
	nw_lex_operator(&lx, &comma);
	if (comma.type == NW_LEX_COMMA)
		nw_parse_move(p, &lx);
	else
		nw_parse_error(p, t.off, t.len, "a comma is missing after the number: write %s(%s, ...)",
		    what, nw_parse_quote(&q, t.text));
	return (uint32_t)n;
}

struct nw_ast *
nw_parse_first(struct nw_parse *p, struct nw_ast *k, uint32_t n, size_t off)
{
	size_t base = p->nstack;
	struct nw_ast *a = nw_parse_node(p, NW_AST_FIRST, off);

	if ((k->fields & ~(NW_AST_IN_FIELD(NW_FIELD_AUTHOR) | NW_AST_IN_FIELD(NW_FIELD_URL))) == 0)
		nw_parse_error(p, k->off, k->len,
		    "FIRST counts in title and body, so this can never hold: leave FIRST out");
	a->n = n;
	nw_parse_push(p, k);
	return nw_parse_close(p, a, base, off);
}

/* FIRST(n, x) and ATLEAST(n, x); with ${n} given (ATLEAST2) the bracket holds x alone. */
static struct nw_ast *
counted(struct nw_parse *p, unsigned kind, const char *what, size_t off, int64_t n)
{
	size_t open = open_bracket(p), base = p->nstack;
	struct nw_ast *a, *k;

	if (nw_parse_enter(p, off) == -1)
		return nw_parse_bad(p, off);
	if (n < 0)
		n = leading_number(
		    p, what, kind == NW_AST_FIRST ? NW_QUERY_DISTANCE_MAX : NW_QUERY_COUNT_MAX);
	k = nw_parse_expr(p);
	nw_parse_want_place(p, k, what);
	nw_parse_close_bracket(p, open);
	nw_parse_leave(p);
	if (kind == NW_AST_FIRST)
		return nw_parse_first(p, k, (uint32_t)n, off);
	a = nw_parse_node(p, kind, off);
	a->n = (uint32_t)n;
	nw_parse_push(p, k);
	return nw_parse_close(p, a, base, off);
}

static struct nw_ast *
any_of(struct nw_parse *p, size_t off)
{
	size_t open = open_bracket(p), base = p->nstack;
	struct nw_lex lx;
	struct nw_token t;
	struct nw_ast *a;
	uint32_t n;

	if (nw_parse_enter(p, off) == -1)
		return nw_parse_bad(p, off);
	n = leading_number(p, "ANYOF", NW_QUERY_COUNT_MAX);
	do {
		nw_parse_push(p, nw_parse_expr(p));
		lx = p->lx;
		nw_lex_operator(&lx, &t);
		if (t.type == NW_LEX_COMMA)
			nw_parse_move(p, &lx);
	} while (t.type == NW_LEX_COMMA);
	nw_parse_close_bracket(p, open);
	nw_parse_leave(p);
	if (n > p->nstack - base)
		nw_parse_error(p, off, p->lx.end - off,
		    "ANYOF(%u, ...) has only %u clauses, so it can never hold: lower the "
		    "number or add clauses",
		    n, (unsigned)(p->nstack - base));
	a = nw_parse_node(p, NW_AST_ANYOF, off);
	a->n = n;
	return nw_parse_close(p, a, base, off);
}

static struct nw_ast *
copy(struct nw_parse *p, const struct nw_ast *from)
{
	struct nw_ast *a = nw_parse_node(p, from->kind, from->off);
	size_t base = p->nstack;

	*a = *from;
	if (from->nkid == 0 || from->kind == NW_AST_LIST || from->kind == NW_AST_WATCH)
		return a;
	for (uint32_t i = 0; i < from->nkid && !p->failed; i++)
		nw_parse_push(p, copy(p, from->kid[i]));
	a = nw_parse_close(p, a, base, from->off);
	a->len = from->len;
	return a;
}

/* HEADLINE(x) and HLEAD(x): x in the title, in title or lead. */
static struct nw_ast *
headline(struct nw_parse *p, int lead, const struct nw_token *f)
{
	size_t open = open_bracket(p), base = p->nstack;
	const char *outer = p->field;
	struct nw_ast *k;

	if (outer != NULL)
		nw_parse_error(p, f->off, f->len,
		    "a field in a field: %s stands inside %s; write the two side by side with AND",
		    lead ? "HLEAD" : "HEADLINE", outer);
	p->field = lead ? "HLEAD" : "HEADLINE";
	k = nw_parse_bracket(p, open);
	p->field = outer;
	if (!lead)
		return nw_parse_in_field(p, NW_AST_TITLE, k, f->off);
	if (p->failed || outer != NULL)
		return nw_parse_bad(p, f->off);
	nw_parse_push(p, nw_parse_in_field(p, NW_AST_TITLE, k, f->off));
	nw_parse_push(p, nw_parse_in_field(p, NW_AST_LEAD, copy(p, k), f->off));
	return nw_parse_close(p, nw_parse_node(p, NW_AST_OR, f->off), base, f->off);
}

static struct nw_ast *
watch(struct nw_parse *p, const struct nw_token *f)
{
	size_t open = open_bracket(p);
	struct nw_lex lx = p->lx;
	struct nw_token t;
	struct nw_ast *a;

	nw_lex_operand(&lx, &t);
	if (t.type != NW_LEX_WORD && t.type != NW_LEX_QUOTED) {
		nw_parse_error(p, f->off, f->len, "watch takes the name of a watch: write watch(name)");
		nw_parse_close_bracket(p, open);
		return nw_parse_bad(p, f->off);
	}
	nw_parse_move(p, &lx);
	nw_parse_close_bracket(p, open);
	if ((p->ctx->flags & NW_AST_IS_TOPIC) != 0) {
		nw_parse_error(p, f->off, p->lx.end - f->off,
		    "a topic is asked before any watch, so watch() cannot stand here: "
		    "put what both need into a list");
		return nw_parse_bad(p, f->off);
	}
	a = nw_parse_named(p, NW_AST_WATCH, t.text, f->off);
	if (a->scoped && p->field != NULL)
		nw_parse_error(p, f->off, a->len,
		    "a field in a field: watch(%s) has fields of its own and stands inside %s; write "
		    "the two side by side with AND",
		    a->text.p, p->field);
	return a;
}

static struct nw_ast *
unknown_function(struct nw_parse *p, const struct nw_token *t)
{
	static const char *const names[] = {
	    "EXACT", "ALLCAPS", "STEM", "FUZZY", "FIRST", "ATLEAST", "ANYOF", "HEADLINE", "HLEAD", "watch"};
	struct nw_suggest s = nw_suggest_init(t->text);
	struct nw_parse_quote q;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		nw_suggest_offer(&s, nw_str(names[i]));
	nw_parse_quote(&q, t->text);
	if (s.best.len != 0)
		nw_parse_error(
		    p, t->off, t->len, "there is no function %s: did you mean %s(...)?", q.s, s.best.p);
	else
		nw_parse_error(p, t->off, t->len,
		    "%s is followed by a bracket but is no function: put AND, OR or NEAR/5 between "
		    "them (functions: EXACT ALLCAPS STEM FUZZY FIRST ATLEAST ANYOF)",
		    q.s);
	(void)nw_parse_bracket(p, open_bracket(p));
	return nw_parse_bad(p, t->off);
}

/* ATLEASTn: the n, or -1. */
static int64_t
glued_number(struct nw_str w)
{
	return nw_str_starts(w, "ATLEAST") ? nw_parse_number((struct nw_str){w.p + 7, w.len - 7}) : -1;
}

struct nw_ast *
nw_parse_function(struct nw_parse *p, const struct nw_token *t)
{
	static const struct {
		const char *name;
		unsigned mode;
	} modes[] = {{"EXACT", NW_AST_EXACT}, {"ALLCAPS", NW_AST_ALLCAPS}, {"STEM", NW_AST_STEM},
	    {"FUZZY", NW_AST_FUZZY}};
	int64_t n;

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (nw_str_is(t->text, modes[i].name))
			return term_function(p, modes[i].mode, t);
	if (nw_str_is(t->text, "FIRST"))
		return counted(p, NW_AST_FIRST, "FIRST", t->off, -1);
	if (nw_str_is(t->text, "ATLEAST"))
		return counted(p, NW_AST_ATLEAST, "ATLEAST", t->off, -1);
	if ((n = glued_number(t->text)) >= 0) {
		if (n < 1 || n > NW_QUERY_COUNT_MAX)
			nw_parse_error(p, t->off, t->len,
			    "ATLEAST(%d, ...): the number lies between 1 and %d", (int)n, NW_QUERY_COUNT_MAX);
		return counted(p, NW_AST_ATLEAST, "ATLEAST", t->off, n);
	}
	if (nw_str_is(t->text, "ANYOF"))
		return any_of(p, t->off);
	if (nw_str_is(t->text, "HEADLINE") || nw_str_is(t->text, "HLEAD"))
		return headline(p, t->text.len == 5, t);
	if (nw_str_is(t->text, "watch"))
		return watch(p, t);
	return unknown_function(p, t);
}
