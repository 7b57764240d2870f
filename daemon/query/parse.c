#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/limits.h"
#include "query/parse.h"

#define MESSAGE_MAX 512 /* bytes */

void
nw_parse_init(struct nw_parse *p, const struct nw_ast_ctx *ctx, struct nw_str text)
{
	*p = (struct nw_parse){.ctx = ctx, .lx = {.text = text}, .at = {.line = 1}};
}

void
nw_parse_done(struct nw_parse *p)
{
	free(p->stack);
	p->stack = NULL;
}

/* Line and column of a byte; asked for mostly in text order, so the count goes on from the last one. */
static void
place(struct nw_parse *p, size_t off, uint32_t *line_r, uint32_t *col_r)
{
	const char *s = p->lx.text.p, *nl;

	if (off < p->at.line_off) {
		p->at.line = 1;
		p->at.off = p->at.line_off = 0;
	}
	while (p->at.off < off && (nl = memchr(s + p->at.off, '\n', off - p->at.off)) != NULL) {
		p->at.line++;
		p->at.off = p->at.line_off = (size_t)(nl - s) + 1;
	}
	if (p->at.off < off)
		p->at.off = off;
	*line_r = p->at.line + p->line_base;
	*col_r = (uint32_t)(off - p->at.line_off) + 1;
}

void
nw_parse_stop(struct nw_parse *p)
{
	p->failed = 1;
	p->lx.pos = p->lx.text.len; /* every loop finds the end */
}

static void
tell(struct nw_parse *p, uint32_t severity, size_t off, size_t len, const char *fmt, va_list ap)
{
	char msg[MESSAGE_MAX];
	uint32_t line, col;
	int n;

	if (p->ctx->diag == NULL)
		return;
	n = vsnprintf(msg, sizeof(msg), fmt, ap);
	if (n >= (int)sizeof(msg)) /* cut, but not inside a character */
		msg[nw_utf8_cut((struct nw_str){msg, sizeof(msg) - 1}, sizeof(msg) - 2)] = '\0';
	place(p, off, &line, &col);
	p->ctx->diag(p->ctx->cookie, severity, line, col, (uint32_t)len, msg);
}

static void
tell_error(struct nw_parse *p, uint32_t severity, size_t off, size_t len, const char *fmt, va_list ap)
{
	if (p->failed)
		return;
	tell(p, severity, off, len, fmt, ap);
	if (++p->errors >= NW_PARSE_ERRORS_MAX)
		nw_parse_stop(p);
}

void
nw_parse_error(struct nw_parse *p, size_t off, size_t len, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell_error(p, NW_QDIAG_ERROR, off, len, fmt, ap);
	va_end(ap);
}

void
nw_parse_follows(struct nw_parse *p, size_t off, size_t len, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell_error(p, NW_QDIAG_ERROR | NW_QDIAG_FOLLOWS, off, len, fmt, ap);
	va_end(ap);
}

void
nw_parse_note(struct nw_parse *p, uint32_t severity, size_t off, size_t len, const char *fmt, ...)
{
	va_list ap;

	if (p->failed || (p->ctx->flags & NW_AST_NOTES) == 0)
		return;
	va_start(ap, fmt);
	tell(p, severity, off, len, fmt, ap);
	va_end(ap);
}

const char *
nw_parse_quote(struct nw_parse_quote *out, struct nw_str s)
{
	size_t n = 0, i, cut = nw_utf8_cut(s, NW_PARSE_QUOTE_MAX);

	for (i = 0; i < cut; i++) {
		int space = (unsigned char)s.p[i] <= ' ';

		if (!space || (n > 0 && out->s[n - 1] != ' '))
			out->s[n++] = space ? ' ' : s.p[i];
	}
	snprintf(out->s + n, sizeof(out->s) - n, "%s", cut < s.len ? "..." : "");
	return out->s;
}

struct nw_str
nw_parse_slice(const struct nw_parse *p, size_t off, size_t end)
{
	return (struct nw_str){p->lx.text.p + off, end > off ? end - off : 0};
}

struct nw_ast *
nw_parse_oom(struct nw_parse *p)
{
	nw_parse_error(p, 0, 0, "out of memory while reading the expression");
	nw_parse_stop(p);
	p->spare = (struct nw_ast){.kind = NW_PARSE_BAD, .place = 1, .depth = 1};
	return &p->spare;
}

struct nw_ast *
nw_parse_node(struct nw_parse *p, unsigned kind, size_t off)
{
	struct nw_ast *a = nw_arena_zalloc(p->ctx->arena, sizeof(*a));

	if (a == NULL)
		return nw_parse_oom(p);
	a->kind = (uint8_t)kind;
	a->depth = a->size = 1;
	a->place = 1;
	a->fields = NW_AST_IN_TEXT;
	a->off = (uint32_t)off;
	place(p, off, &a->line, &a->col);
	return a;
}

struct nw_ast *
nw_parse_bad(struct nw_parse *p, size_t off)
{
	struct nw_ast *a = nw_parse_node(p, NW_PARSE_BAD, off);

	a->fields = UINT8_MAX;
	return a;
}

void
nw_parse_push(struct nw_parse *p, struct nw_ast *a)
{
	size_t cap = p->stack_cap != 0 ? p->stack_cap * 2 : 32;
	struct nw_ast **grown;

	if (p->nstack == p->stack_cap) {
		if ((grown = realloc(p->stack, cap * sizeof(*grown))) == NULL) {
			(void)nw_parse_oom(p);
			return;
		}
		p->stack = grown;
		p->stack_cap = cap;
	}
	p->stack[p->nstack++] = a;
}

/* The fields in which an interval of the node can lie, seen from its kids. */
static uint8_t
fields_of(const struct nw_ast *a)
{
	uint8_t f = a->kid[0]->fields;

	switch (a->kind) {
	case NW_AST_NOTNEAR:
	case NW_AST_NOTSENT:
	case NW_AST_NOTPARA:
	case NW_AST_NOTIN:
	case NW_AST_FIELD: /* the caller knows */
		return f;
	case NW_AST_NEAR:
	case NW_AST_PRE:
	case NW_AST_SENT:
	case NW_AST_PARA:
	case NW_AST_IN:
		for (uint32_t i = 1; i < a->nkid; i++)
			f &= a->kid[i]->fields;
		return f;
	default:
		for (uint32_t i = 1; i < a->nkid; i++)
			f |= a->kid[i]->fields;
		return f;
	}
}

/* Contents of watches multiply, brackets nest: both have their bound. */
static void
check_bounds(struct nw_parse *p, const struct nw_ast *a, size_t off)
{
	if (p->failed)
		return;
	if (a->depth > NW_QUERY_DEPTH_MAX)
		nw_parse_error(p, off, p->lx.end - off,
		    "the expression is nested deeper than %d levels: put right operands of one "
		    "kind into one bracket, as in a NOTIN (b OR c OR d)",
		    NW_QUERY_DEPTH_MAX);
	else if (a->size > NW_QUERY_NODES_MAX)
		nw_parse_error(p, off, p->lx.end - off,
		    "the expression has more than %u terms and operators with its watch() "
		    "contents: put the words into a list and write @name",
		    NW_QUERY_NODES_MAX);
	else
		return;
	nw_parse_stop(p);
}

static void
derive(struct nw_parse *p, struct nw_ast *a, size_t off)
{
	uint16_t depth = 0;
	uint32_t size = 1;
	uint8_t is_place = a->kind != NW_AST_AND && a->kind != NW_AST_NOT && a->kind != NW_AST_ATLEAST &&
			   a->kind != NW_AST_ANYOF;

	for (uint32_t i = 0; i < a->nkid; i++) {
		const struct nw_ast *k = a->kid[i];

		depth = k->depth > depth ? k->depth : depth;
		size += a->kind == NW_AST_LIST ? 0 : k->size;
		is_place &= k->place;
		a->scoped |= k->scoped;
		a->stems |= k->stems;
	}
	a->place = is_place;
	a->fields = fields_of(a);
	a->depth = (uint16_t)(depth + 1);
	a->size = size > UINT32_MAX / 4 ? UINT32_MAX / 4 : size;
	check_bounds(p, a, off);
}

struct nw_ast *
nw_parse_close(struct nw_parse *p, struct nw_ast *a, size_t base, size_t off)
{
	size_t n = p->nstack - base;

	p->nstack = base;
	if (p->failed)
		return a;
	if ((a->kid = nw_arena_alloc(p->ctx->arena, n * sizeof(*a->kid))) == NULL)
		return nw_parse_oom(p);
	memcpy(a->kid, p->stack + base, n * sizeof(*a->kid));
	a->nkid = (uint32_t)n;
	derive(p, a, off);
	nw_parse_span(p, a, off);
	return a;
}

int
nw_parse_enter(struct nw_parse *p, size_t off)
{
	if (p->depth >= NW_QUERY_DEPTH_MAX) {
		nw_parse_error(p, off, 1,
		    "brackets are nested deeper than %d levels; take out those that are not needed",
		    NW_QUERY_DEPTH_MAX);
		nw_parse_stop(p);
		return -1;
	}
	p->depth++;
	return 0;
}

void
nw_parse_leave(struct nw_parse *p)
{
	p->depth--;
}

void
nw_parse_span(struct nw_parse *p, struct nw_ast *a, size_t off)
{
	a->len = (uint32_t)(p->lx.end > off ? p->lx.end - off : 0);
}

int
nw_parse_readable(struct nw_parse *p)
{
	struct nw_str text = p->lx.text;

	if (text.len > NW_QUERY_TEXT_MAX) {
		nw_parse_error(p, 0, 0,
		    "the expression is longer than %u bytes: put the words into a list and write @name",
		    NW_QUERY_TEXT_MAX);
		return 0;
	}
	if (!nw_utf8_valid(text.p, text.len)) {
		nw_parse_error(p, 0, 0, "the expression is not UTF-8: save the file as UTF-8");
		return 0;
	}
	return 1;
}
