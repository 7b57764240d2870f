#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "query/parse.h"

struct link { /* the values read so far; their number is not known before */
	struct nw_ast_value v;
	struct link *next;
};

/* One value, bare or in quotes. */
static struct link *
value(struct nw_parse *p, unsigned cfield)
{
	const char *name = nw_parse_field_name(1, cfield);
	struct nw_lex lx = p->lx;
	struct nw_token t;
	struct link *l;

	nw_lex_operator(&lx, &t);
	if (t.type != NW_LEX_WORD && t.type != NW_LEX_QUOTED) {
		if (t.type == NW_LEX_QUOTE_OPEN) {
			nw_parse_move(p, &lx);
			nw_parse_error(
			    p, t.off, 1, "this quote is never closed: add a \" at the end of the value");
		} else {
			nw_parse_error(p, p->last.off, p->last.len, "%s: has no value: write %s", name,
			    nw_parse_value_example(cfield));
		}
		return NULL;
	}
	nw_parse_move(p, &lx);
	if ((l = nw_arena_zalloc(p->ctx->arena, sizeof(*l))) == NULL) {
		(void)nw_parse_oom(p);
		return NULL;
	}
	return nw_parse_value(p, cfield, &t, &l->v) == 0 ? l : NULL;
}

/* "(a OR b)" with its opening bracket read; what is wrong is told and left out. */
static uint32_t
several(struct nw_parse *p, unsigned cfield, size_t open, struct link **tail)
{
	const char *name = nw_parse_field_name(1, cfield);
	struct nw_token t;
	struct nw_op op;
	uint32_t n = 0, before = p->errors;

	for (;;) {
		struct nw_lex lx = p->lx;

		if ((*tail = value(p, cfield)) != NULL) {
			tail = &(*tail)->next;
			n++;
		} else if (p->lx.pos == lx.pos) {
			break; /* no value there */
		}
		nw_parse_op_peek(p, &op);
		if (op.kind == NW_PARSE_NOOP)
			break;
		nw_parse_op(p, &op);
		if (op.kind != NW_AST_OR)
			nw_parse_error(p, op.off, op.len,
			    "values of %s: are joined by OR: write %s:(a OR b), and AND NOT %s:c beside it",
			    name, name, name);
		p->last = op;
	}
	if (nw_parse_skip_bracket(p, &t) > 0 && p->errors == before)
		nw_parse_error(
		    p, t.off, t.len, "values of %s: are joined by OR: write %s:(a OR b)", name, name);
	nw_parse_close_bracket(p, open);
	return n;
}

static void
refuse_in_topic(struct nw_parse *p, unsigned cfield, size_t off)
{
	if ((p->ctx->flags & NW_AST_IS_TOPIC) == 0 || (cfield != NW_AST_TOPIC && cfield != NW_AST_TAG))
		return;
	nw_parse_error(p, off, p->lx.end - off,
	    "a topic is asked before the tags of topics are known, so %s: cannot stand here: "
	    "put what both need into a list",
	    nw_parse_field_name(1, cfield));
}

struct nw_ast *
nw_parse_compare(struct nw_parse *p, unsigned cfield, size_t off)
{
	struct nw_ast *a = nw_parse_node(p, NW_AST_COMPARE, off);
	struct nw_ast_value *v;
	struct link *first = NULL, *l;
	struct nw_lex lx = p->lx;
	uint32_t before = p->errors, n = 0;
	struct nw_token t;

	nw_lex_operator(&lx, &t);
	if (t.type == NW_LEX_OPEN) {
		nw_parse_move(p, &lx);
		n = several(p, cfield, t.off, &first);
	} else if ((first = value(p, cfield)) != NULL) {
		n = 1;
	}
	refuse_in_topic(p, cfield, off);
	if (p->errors != before || p->failed)
		return nw_parse_bad(p, off);
	if ((v = nw_arena_array(p->ctx->arena, n, sizeof(*v))) == NULL)
		return nw_parse_oom(p);
	a->n = cfield;
	a->value = v;
	a->nvalue = n;
	a->place = 0;
	for (l = first; l != NULL; l = l->next)
		*v++ = l->v;
	nw_parse_span(p, a, off);
	return a;
}
