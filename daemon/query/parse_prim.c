#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/limits.h"
#include "query/defs.h"
#include "query/parse.h"

/* --- what closes and what is missing */

/* Whether the last token was a bracket that opened, or a comma: one that opened is then told as never closed. */
static int
just_opened(const struct nw_parse *p)
{
	struct nw_str s = p->lx.text;
	size_t n = p->lx.end;

	return n >= 1 && (s.p[n - 1] == '(' || s.p[n - 1] == ',' ||
			     (n >= 3 && (memcmp(s.p + n - 3, "\xef\xbc\x88", 3) == 0 ||
					    memcmp(s.p + n - 3, "\xef\xbc\x8c", 3) == 0)));
}

/* A term is needed and something else stands there; what is read again by the caller stays unread. */
static struct nw_ast *
missing(struct nw_parse *p, const struct nw_token *t)
{
	struct nw_parse_quote q;
	struct nw_op op;
	size_t off = t->type == NW_LEX_END ? p->lx.end : t->off; /* not on a line below the last word */

	nw_parse_op_peek(p, &op);
	if (op.kind != NW_PARSE_NOOP && op.kind != NW_AST_NOT && t->type == NW_LEX_WORD)
		nw_parse_error(p, t->off, t->len,
		    "%s has nothing before it: write a term on both sides (in quotes it is a word)",
		    nw_parse_quote(&q, t->text));
	else if (p->last.len != 0 && p->last.off + p->last.len == p->lx.end)
		nw_parse_error(p, p->last.off, p->last.len,
		    "%s has nothing after it: write a term on both sides",
		    nw_parse_quote(&q, nw_parse_slice(p, p->last.off, p->lx.end)));
	else if (t->type == NW_LEX_END && p->lx.end == 0)
		nw_parse_error(p, 0, 0, "the expression is empty: write what must be in the text");
	else if (t->type == NW_LEX_CLOSE)
		nw_parse_error(p, t->off, t->len,
		    "nothing stands before this bracket: write a term, or take the brackets out");
	else if (t->type != NW_LEX_END || !just_opened(p))
		nw_parse_error(p, off, t->len, "a term is missing here");
	return nw_parse_bad(p, off);
}

/* Whether a comma was meant as part of a number: "1,000" without quotes. */
static int
in_number(const struct nw_parse *p, const struct nw_token *comma)
{
	struct nw_str s = p->lx.text;
	size_t i = comma->off, j = comma->off + comma->len;

	return i > 0 && j < s.len && s.p[i - 1] >= '0' && s.p[i - 1] <= '9' && s.p[j] >= '0' && s.p[j] <= '9';
}

static void
stray_comma(struct nw_parse *p, const struct nw_token *t)
{
	if (in_number(p, t))
		nw_parse_error(p, t->off, t->len,
		    "a comma ends the term: put a number with commas in quotes, as in \"1,000\"");
	else
		nw_parse_error(p, t->off, t->len,
		    "a comma stands only between the arguments of ANYOF, FIRST and ATLEAST: write OR "
		    "between alternatives");
	if (nw_parse_enter(p, t->off) == -1)
		return;
	(void)nw_parse_expr(p);
	nw_parse_leave(p);
}

/* The bracket that closes the one at ${open}. */
void
nw_parse_close_bracket(struct nw_parse *p, size_t open)
{
	struct nw_lex lx = p->lx;
	struct nw_token t;

	for (;;) {
		nw_lex_operator(&lx, &t);
		if (t.type == NW_LEX_CLOSE)
			nw_parse_move(p, &lx);
		if (t.type == NW_LEX_CLOSE || t.type == NW_LEX_END)
			break;
		if (t.type == NW_LEX_COMMA) {
			nw_parse_move(p, &lx);
			stray_comma(p, &t);
		} else {
			nw_parse_error(p, t.off, t.len, "a ) is missing before this");
			(void)nw_parse_expr(p);
		}
		lx = p->lx;
	}
	if (t.type == NW_LEX_END)
		nw_parse_error(p, open, 1, "this bracket is never closed: add a )");
}

unsigned
nw_parse_skip_bracket(struct nw_parse *p, struct nw_token *first_r)
{
	struct nw_token t;
	unsigned n = 0, depth = 0;

	for (;; n++) {
		struct nw_lex lx = p->lx;

		nw_lex_operator(&lx, &t);
		if (n == 0)
			*first_r = t;
		if (t.type == NW_LEX_END || (t.type == NW_LEX_CLOSE && depth == 0))
			return n;
		depth += t.type == NW_LEX_OPEN ? 1u : t.type == NW_LEX_CLOSE ? -1u : 0u;
		nw_parse_move(p, &lx);
	}
}

struct nw_ast *
nw_parse_bracket(struct nw_parse *p, size_t open)
{
	struct nw_ast *a;
	struct nw_token t;
	struct nw_lex lx = p->lx;

	nw_lex_operand(&lx, &t);
	if (nw_parse_enter(p, open) == -1)
		return nw_parse_bad(p, open);
	if (t.type == NW_LEX_CLOSE) {
		nw_parse_error(
		    p, open, t.off + t.len - open, "empty brackets: write a term in them, or take them out");
		a = nw_parse_bad(p, open);
	} else {
		a = nw_parse_expr(p);
	}
	nw_parse_close_bracket(p, open);
	nw_parse_leave(p);
	return a;
}

static void
undefined(struct nw_parse *p, enum nw_defs_kind kind, struct nw_str name, const struct nw_ast *a)
{
	const char *noun = kind == NW_DEFS_LIST ? "list" : "watch";
	struct nw_str nearest = {"", 0};
	struct nw_parse_quote q, q2;

	if ((p->ctx->flags & NW_AST_ANY_NAME) != 0)
		return;
	nw_parse_quote(&q, name);
	if (p->ctx->defs != NULL)
		nearest = nw_defs_nearest(p->ctx->defs, kind, name);
	if (nearest.len != 0)
		nw_parse_error(p, a->off, a->len, "there is no %s \"%s\": did you mean \"%s\"?", noun, q.s,
		    nw_parse_quote(&q2, nearest));
	else
		nw_parse_error(p, a->off, a->len, "there is no %s \"%s\": define it under %s:", noun, q.s,
		    kind == NW_DEFS_LIST ? "lists" : "watches");
}

/* A name that is defined, but cannot be used. */
static void
unusable(struct nw_parse *p, enum nw_defs_kind kind, struct nw_str name, enum nw_defs_state st,
    const struct nw_ast *a)
{
	const char *noun = kind == NW_DEFS_LIST ? "list" : "watch";
	struct nw_parse_quote q;

	nw_parse_quote(&q, name);
	if (st == NW_DEFS_CYCLE)
		nw_parse_error(p, a->off, a->len,
		    "%s \"%s\" leads back to itself: take one of the references out", noun, q.s);
	else if (st == NW_DEFS_BROKEN)
		nw_parse_follows(p, a->off, a->len, "%s \"%s\" has errors of its own: mend it first", noun, q.s);
	else if (st == NW_DEFS_DEEP)
		nw_parse_error(p, a->off, a->len,
		    "%s \"%s\" stands at the end of more than %d names that lead to one another: "
		    "name it directly",
		    noun, q.s, NW_QUERY_DEPTH_MAX);
	else
		nw_parse_error(p, a->off, a->len,
		    "watch \"%s\" has a score block and cannot be named: put what both need into a "
		    "list",
		    q.s);
}

struct nw_ast *
nw_parse_named(struct nw_parse *p, unsigned kind, struct nw_str name, size_t off)
{
	enum nw_defs_kind which = kind == NW_AST_LIST ? NW_DEFS_LIST : NW_DEFS_WATCH;
	struct nw_ast *a = nw_parse_node(p, kind, off), *root = NULL;
	enum nw_defs_state st = NW_DEFS_UNKNOWN;
	size_t base = p->nstack;

	nw_parse_span(p, a, off);
	if ((a->text = nw_arena_dup(p->ctx->arena, name)).p == NULL)
		return nw_parse_oom(p);
	if (p->ctx->defs != NULL)
		st = nw_defs_get(p->ctx->defs, which, name, &root);
	if (st == NW_DEFS_UNKNOWN)
		undefined(p, which, name, a);
	else if (st != NW_DEFS_OK)
		unusable(p, which, name, st, a);
	if (st != NW_DEFS_OK || p->failed)
		return a;
	nw_parse_push(p, root);
	a = nw_parse_close(p, a, base, off);
	if (a->stems && p->stem == NULL)
		p->stem = a;
	if (root->wild && p->negative > 0) {
		nw_parse_note(p, NW_QDIAG_NOTE, off, a->len,
		    "list \"%s\" has wildcards and stands in a negative operand, where they "
		    "hide alerts for words nobody thought of: see what they reach with --expand",
		    a->text.p);
		root->wild = 0; /* told once, however many expressions name the list */
	}
	return a;
}

static struct nw_ast *
list(struct nw_parse *p, const struct nw_token *t)
{
	if (t->text.len == 1) {
		nw_parse_error(p, t->off, t->len, "@ stands directly before the name of a list: write @name");
		return nw_parse_bad(p, t->off);
	}
	return nw_parse_named(p, NW_AST_LIST, (struct nw_str){t->text.p + 1, t->text.len - 1}, t->off);
}

/* A word that no term may be: a function, or an operator, which stays unread, since the caller goes on with
 * it. */
static struct nw_ast *
keyword(struct nw_parse *p, const struct nw_lex *after, const struct nw_token *t)
{
	struct nw_lex lx = *after;
	struct nw_parse_quote q;
	struct nw_token next;
	struct nw_op op;

	nw_parse_op_peek(p, &op);
	if (op.kind != NW_PARSE_NOOP)
		return missing(p, t);
	nw_parse_move(p, after);
	nw_lex_operator(&lx, &next);
	if (next.type == NW_LEX_OPEN)
		return nw_parse_function(p, t);
	nw_parse_error(p, t->off, t->len,
	    "%s needs brackets: write %s(...), or \"%s\" in quotes for the word", nw_parse_quote(&q, t->text),
	    q.s, q.s);
	return nw_parse_bad(p, t->off);
}

static struct nw_ast *
word(struct nw_parse *p, const struct nw_lex *after, const struct nw_token *t)
{
	struct nw_str name;
	size_t prefix;

	if (t->text.p[0] == '@') {
		nw_parse_move(p, after);
		return list(p, t);
	}
	if ((prefix = nw_lex_prefix(t->text, &name)) != 0) {
		nw_parse_move(p, after);
		return nw_parse_field(p, t, prefix, name);
	}
	if (nw_parse_is_keyword(t->text))
		return keyword(p, after, t);
	nw_parse_move(p, after);
	return t->called ? nw_parse_function(p, t) : nw_parse_word(p, t, NW_AST_PLAIN, t->off);
}

static struct nw_ast *
primary(struct nw_parse *p)
{
	struct nw_lex lx = p->lx;
	struct nw_token t;

	nw_lex_operand(&lx, &t);
	switch (t.type) {
	case NW_LEX_END:
	case NW_LEX_CLOSE:
	case NW_LEX_COMMA:
		return missing(p, &t);
	case NW_LEX_OPEN:
		nw_parse_move(p, &lx);
		return nw_parse_bracket(p, t.off);
	case NW_LEX_WORD:
		return word(p, &lx, &t);
	case NW_LEX_QUOTED:
		nw_parse_move(p, &lx);
		return nw_parse_quoted(p, &t, NW_AST_PLAIN, t.off);
	case NW_LEX_REGEX:
		nw_parse_move(p, &lx);
		return nw_parse_regex(p, &t);
	case NW_LEX_QUOTE_OPEN:
		nw_parse_move(p, &lx);
		nw_parse_error(p, t.off, 1, "this quote is never closed: add a \" at the end of the phrase");
		return nw_parse_bad(p, t.off);
	case NW_LEX_REGEX_OPEN:
		nw_parse_move(p, &lx);
		nw_parse_error(p, t.off, t.len,
		    "this regular expression is never closed: add a / at its end (a slash inside is "
		    "written \\/; a term that begins with a slash stands in quotes)");
		return nw_parse_bad(p, t.off);
	}
	return nw_parse_bad(p, t.off);
}

/* x/Fn/ */
static struct nw_ast *
first_of(struct nw_parse *p, struct nw_ast *a, size_t off)
{
	struct nw_op op;

	nw_parse_op(p, &op);
	if (op.n < 1)
		nw_parse_error(p, op.off, op.len, "positions count from 1: write /F50/, or FIRST(50, x)");
	nw_parse_want_place(p, a, "/Fn/");
	return nw_parse_first(p, a, op.n, off);
}

struct nw_ast *
nw_parse_prim(struct nw_parse *p)
{
	struct nw_lex lx = p->lx;
	struct nw_token t;
	struct nw_op op;
	struct nw_ast *a;

	nw_lex_operand(&lx, &t);
	a = primary(p);
	for (nw_parse_op_peek(p, &op); op.kind == NW_PARSE_POSTFIX; nw_parse_op_peek(p, &op))
		a = first_of(p, a, t.off);
	return a;
}
