#include "query/parse.h"

static int
is_proximity(unsigned kind)
{
	return kind >= NW_AST_NEAR && kind <= NW_AST_NOTIN;
}

static int
is_binary(unsigned kind)
{
	return kind >= NW_AST_NOTNEAR && kind <= NW_AST_NOTIN;
}

static int
is_negative(unsigned kind)
{
	return is_binary(kind) && kind != NW_AST_IN;
}

/* The first kid that makes a node a truth, seen through what passes it on. */
static const struct nw_ast *
culprit(const struct nw_ast *a)
{
	while (a->kind == NW_AST_OR || a->kind == NW_AST_FIELD || is_proximity(a->kind)) {
		uint32_t i = 0;

		while (i + 1 < a->nkid && a->kid[i]->place)
			i++;
		a = a->kid[i];
	}
	return a;
}

void
nw_parse_want_place(struct nw_parse *p, const struct nw_ast *a, const char *what)
{
	const struct nw_ast *c;

	if (a->place)
		return;
	c = culprit(a);
	if (c->kind == NW_AST_AND || c->kind == NW_AST_NOT)
		nw_parse_error(p, a->off, a->len,
		    "%s needs places, and AND only says true or false: use SENT, PARA or NEAR "
		    "instead of AND here",
		    what);
	else if (c->kind == NW_AST_COMPARE)
		nw_parse_error(p, a->off, a->len,
		    "%s needs places in the text, and a comparison is none: write it beside with "
		    "AND, or with AND NOT",
		    what);
	else if (c->kind == NW_AST_WATCH)
		nw_parse_error(p, a->off, a->len,
		    "%s needs places, and watch(%s) is only true or false: join it with AND, or "
		    "use SENT, PARA or NEAR in that watch",
		    what, c->text.p);
	else
		nw_parse_error(p, a->off, a->len,
		    "%s needs places, and %s only says true or false: use SENT, PARA or NEAR "
		    "inside, or join the two with AND",
		    what, c->kind == NW_AST_ATLEAST ? "ATLEAST" : "ANYOF");
}

void
nw_parse_want_meeting(struct nw_parse *p, const struct nw_ast *a, const char *what)
{
	if (is_negative(a->kind)) {
		if ((a->kid[0]->fields & a->kid[1]->fields) == 0)
			nw_parse_note(p, NW_QDIAG_WARNING, a->off, a->len,
			    "%s between two different fields never silences "
			    "anything: for another field write AND NOT",
			    what);
	} else if (a->fields == 0 && a->kid[0]->fields != 0) {
		nw_parse_error(p, a->off, a->len,
		    "%s between two different fields can never hold: write AND between them", what);
	}
}

/* --- chains */

/* A primary, and what follows it without an operator. */
static struct nw_ast *
operand(struct nw_parse *p)
{
	struct nw_token first, t;
	struct nw_op op;
	struct nw_lex lx = p->lx;
	struct nw_ast *a;
	const struct nw_token *bare =
	    nw_parse_row_word(&lx, &first) ? &first : NULL; /* until something else follows */
	size_t off = first.off;

	a = nw_parse_prim(p);
	if (a->kind == NW_AST_FIRST) /* a word with /Fn/ behind it */
		bare = NULL;
	for (;;) {
		nw_parse_op_peek(p, &op);
		lx = p->lx;
		nw_lex_operator(&lx, &t);
		if (op.kind != NW_PARSE_NOOP || t.type == NW_LEX_END || t.type == NW_LEX_CLOSE ||
		    t.type == NW_LEX_COMMA)
			return a;
		a = nw_parse_row(p, a, bare, off);
		bare = NULL;
	}
}

/* Two operators in one chain that are not the same. */
static void
mixed_chain(struct nw_parse *p, const struct nw_op *one, const struct nw_op *two, size_t off, size_t end)
{
	struct nw_parse_quote q;
	char a[32], b[32];

	nw_parse_op_name(one, a);
	nw_parse_op_name(two, b);
	nw_parse_error(p, two->off, two->len, "%s and %s in one chain need brackets: write (%s) %s ...", a, b,
	    nw_parse_quote(&q, nw_parse_slice(p, off, end)), b);
}

static struct nw_ast *
join(struct nw_parse *p, const struct nw_op *op, size_t base, size_t off)
{
	struct nw_ast *a = nw_parse_node(p, op->kind, off);
	char name[32];

	a->n = op->n;
	a = nw_parse_close(p, a, base, off);
	if (!p->failed)
		nw_parse_want_meeting(p, a, nw_parse_op_name(op, name));
	return a;
}

static struct nw_ast *
chain(struct nw_parse *p)
{
	struct nw_lex lx = p->lx;
	struct nw_token t;
	struct nw_op first, op;
	struct nw_ast *a;
	size_t base = p->nstack, end;
	char name[32];
	int mixed = 0;

	nw_lex_operand(&lx, &t);
	a = operand(p);
	nw_parse_op_peek(p, &first);
	if (!is_proximity(first.kind))
		return a;
	nw_parse_want_place(p, a, nw_parse_op_name(&first, name));
	nw_parse_push(p, a);
	for (op = first; is_proximity(op.kind); nw_parse_op_peek(p, &op)) {
		end = p->lx.end;
		nw_parse_op(p, &op);
		if (op.off == first.off)
			first = op;
		else if ((op.kind != first.kind || op.n != first.n) && !mixed++)
			mixed_chain(p, &first, &op, t.off, end);
		p->last = op;
		p->negative += is_negative(op.kind);
		a = operand(p);
		p->negative -= is_negative(op.kind);
		nw_parse_want_place(p, a, nw_parse_op_name(&op, name));
		nw_parse_push(p, a);
		if (is_binary(first.kind))
			nw_parse_push(p, join(p, &first, base, t.off));
	}
	return is_binary(first.kind) ? p->stack[--p->nstack] : join(p, &first, base, t.off);
}

/* --- AND and OR */

struct joined {			/* one level of AND or OR while it is read */
	struct nw_op op;	/* kind NW_PARSE_NOOP until the first */
	size_t base, off, last; /* where it and its last clause begin */
	uint32_t npositive;
	size_t not_off; /* of the last NOT */
	int mixed;
};

static struct nw_ast *
clause(struct nw_parse *p, struct joined *j)
{
	struct nw_op op;
	struct nw_token t;
	struct nw_lex lx = p->lx;
	struct nw_ast *a, *not ;
	size_t base;

	nw_lex_operand(&lx, &t);
	j->last = t.off;
	nw_parse_op_peek(p, &op);
	if (op.kind != NW_AST_NOT) {
		j->npositive++;
		return chain(p);
	}
	nw_parse_op(p, &op);
	p->last = op;
	j->not_off = op.off;
	for (nw_parse_op_peek(p, &op); op.kind == NW_AST_NOT; nw_parse_op_peek(p, &op)) {
		nw_parse_op(p, &op);
		nw_parse_error(p, op.off, op.len, "NOT twice says nothing: write it once, or not at all");
	}
	p->negative++;
	a = chain(p);
	p->negative--;
	base = p->nstack;
	not = nw_parse_node(p, NW_AST_NOT, j->last);
	nw_parse_push(p, a);
	return nw_parse_close(p, not, base, j->last);
}

/* The operator after a clause; 0 at the end of the level.  "a NOT b" is told and read as "a AND NOT b". */
static int
next_clause(struct nw_parse *p, struct joined *j)
{
	struct nw_op op;
	struct nw_parse_quote q, q2;
	size_t end = p->lx.end;

	nw_parse_op_peek(p, &op);
	if (op.kind == NW_AST_NOT) {
		nw_parse_error(p, op.off, op.len, "write AND NOT: NOT alone joins nothing");
		op.kind = NW_AST_AND; /* the NOT itself is read with its clause */
	} else if (op.kind == NW_AST_AND || op.kind == NW_AST_OR) {
		nw_parse_op(p, &op);
		p->last = op;
	} else {
		return 0;
	}
	if (j->op.kind == NW_PARSE_NOOP)
		j->op = op;
	if (op.kind != j->op.kind && j->last < end && !j->mixed++) {
		nw_parse_quote(&q, nw_parse_slice(p, j->off, end));
		nw_parse_quote(&q2, nw_parse_slice(p, j->last, end));
		if (op.kind == NW_AST_OR)
			nw_parse_error(p, op.off, op.len,
			    "AND and OR need brackets: write (%s) OR ..., or ... AND (%s OR ...)", q.s, q2.s);
		else
			nw_parse_error(p, op.off, op.len,
			    "AND and OR need brackets: write (%s) AND ..., or ... OR (%s AND ...)", q.s,
			    q2.s);
	}
	return 1;
}

static void
check_negatives(struct nw_parse *p, const struct joined *j, uint32_t n)
{
	if (j->npositive == n)
		return;
	if (j->npositive == 0)
		nw_parse_error(p, j->off, p->lx.end - j->off,
		    "no positive clause: NOT alone holds for nearly every article; put "
		    "what must be there before it in the same bracket, as in treaty AND NOT football");
	else if (j->op.kind == NW_AST_OR && !j->mixed)
		nw_parse_error(p, j->not_off, 3,
		    "NOT under OR holds for nearly every article: write a OR (b AND NOT c), with "
		    "something positive beside it");
}

struct nw_ast *
nw_parse_expr(struct nw_parse *p)
{
	struct joined j = {.op = {.kind = NW_PARSE_NOOP}, .base = p->nstack};
	struct nw_token t;
	struct nw_lex lx = p->lx;
	struct nw_ast *a;
	uint32_t n = 0;

	nw_lex_operand(&lx, &t);
	j.off = t.off;
	do {
		a = clause(p, &j);
		nw_parse_push(p, a);
		n++;
	} while (next_clause(p, &j));
	check_negatives(p, &j, n);
	if (n == 1)
		return p->failed ? a : p->stack[--p->nstack];
	return nw_parse_close(p, nw_parse_node(p, j.op.kind, j.off), j.base, j.off);
}

void
nw_parse_want_end(struct nw_parse *p)
{
	struct nw_token t;

	for (;;) {
		struct nw_lex lx = p->lx;

		nw_lex_operand(&lx, &t);
		if (t.type == NW_LEX_END)
			return;
		nw_parse_move(p, &lx);
		if (t.type == NW_LEX_CLOSE)
			nw_parse_error(
			    p, t.off, t.len, "this bracket closes nothing: take it out, or open one before");
		else
			nw_parse_error(p, t.off, t.len,
			    "a comma stands only between the arguments of ANYOF, FIRST and ATLEAST: write "
			    "OR between alternatives; a term with a comma stands in quotes, as in \"1,000\"");
		lx = p->lx;
		nw_lex_operand(&lx, &t);
		if (t.type != NW_LEX_END && t.type != NW_LEX_CLOSE && t.type != NW_LEX_COMMA)
			(void)nw_parse_expr(p);
	}
}
