#include <string.h>

#include "base/arena.h"
#include "core/limits.h"
#include "query/compile.h"
#include "query/compile_leaf.h"

static int fill(struct nw_compile *, uint32_t at, struct nw_ast *, enum nw_prog_scope);
static void name_clauses(struct nw_compile *, uint32_t at, const struct nw_ast *, struct nw_prog_text whole);

static const uint8_t kinds[] = {[NW_AST_TERM] = NW_PROG_PHRASE, [NW_AST_REGEX] = NW_PROG_REGEX, [NW_AST_LIST] = NW_PROG_LIST,
    [NW_AST_WATCH] = NW_PROG_SAME, [NW_AST_COMPARE] = NW_PROG_COMPARE, [NW_AST_AND] = NW_PROG_AND, [NW_AST_NOT] = NW_PROG_NOT,
    [NW_AST_ATLEAST] = NW_PROG_ATLEAST, [NW_AST_ANYOF] = NW_PROG_ANYOF, [NW_AST_OR] = NW_PROG_OR,
    [NW_AST_NEAR] = NW_PROG_NEAR, [NW_AST_PRE] = NW_PROG_PRE, [NW_AST_SENT] = NW_PROG_SENT, [NW_AST_PARA] = NW_PROG_PARA,
    [NW_AST_NOTNEAR] = NW_PROG_NOTNEAR, [NW_AST_NOTSENT] = NW_PROG_NOTSENT, [NW_AST_NOTPARA] = NW_PROG_NOTPARA,
    [NW_AST_IN] = NW_PROG_IN, [NW_AST_NOTIN] = NW_PROG_NOTIN, [NW_AST_FIRST] = NW_PROG_FIRST};

static const uint8_t scopes[] = {[NW_AST_TITLE] = NW_PROG_TITLE, [NW_AST_LEAD] = NW_PROG_LEAD, [NW_AST_BODY] = NW_PROG_BODY,
    [NW_AST_NEW] = NW_PROG_NEW, [NW_AST_REMOVED] = NW_PROG_REMOVED, [NW_AST_AUTHOR] = NW_PROG_AUTHOR,
    [NW_AST_URL] = NW_PROG_URL};

static uint32_t
add_nodes(struct nw_prog *p, uint32_t n)
{
	void *v = p->node;

	if (nw_prog_room(&v, &p->node_cap, p->nnode, n, sizeof(*p->node)) == -1)
		return NW_PROG_NONE;
	p->node = v;
	memset(p->node + p->nnode, 0, n * sizeof(*p->node));
	p->nnode += n;
	return p->nnode - n;
}

/* The match of another watch: compiled when first named, then shared; under a field prefix it is another one. */
static int
fill_watch(struct nw_compile *c, uint32_t at, struct nw_ast *root, enum nw_prog_scope scope)
{
	struct nw_prog *p = c->prog;
	uint32_t node;

	if (scope == NW_PROG_ANYWHERE && root->mark != 0) {
		node = p->same[root->mark - 1];
	} else {
		void *v = p->same;

		if ((node = add_nodes(p, 1)) == NW_PROG_NONE || fill(c, node, root, scope) == -1 ||
		    nw_prog_room(&v, &p->same_cap, p->nsame, 1, sizeof(*p->same)) == -1)
			return -1;
		p->same = v;
		if (scope == NW_PROG_ANYWHERE) {
			p->same[p->nsame++] = node;
			root->mark = p->nsame;
		}
		nw_buf_reset(&c->text);
		nw_ast_print(&c->text, root, 0);
		name_clauses(c, node, root, nw_prog_add_text(p, c->text.p, c->text.len));
	}
	p->node[at].a = node;
	p->node[at].flags |= p->node[node].flags;
	return 0;
}

static int
is_negative(unsigned kind)
{
	return kind == NW_PROG_NOT || kind == NW_PROG_NOTNEAR || kind == NW_PROG_NOTSENT || kind == NW_PROG_NOTPARA ||
	    kind == NW_PROG_NOTIN;
}

static int
fill_kids(struct nw_compile *c, uint32_t at, struct nw_ast *a, enum nw_prog_scope scope)
{
	uint32_t first = add_nodes(c->prog, a->nkid);

	if (first == NW_PROG_NONE)
		return -1;
	c->prog->node[at].a = first;
	c->prog->node[at].nkid = a->nkid;
	for (uint32_t i = 0; i < a->nkid; i++) {
		if (fill(c, first + i, a->kid[i], scope) == -1)
			return -1;
		c->prog->node[at].flags |= c->prog->node[first + i].flags & NW_PROG_NEGATIVE;
	}
	return 0;
}

static int
fill_leaf(struct nw_compile *c, uint32_t at, struct nw_ast *a)
{
	struct nw_prog_node *node = &c->prog->node[at];

	switch (a->kind) {
	case NW_AST_TERM:
		return (node->a = nw_compile_leaf_term(c, a)) == NW_PHRASE_NONE ? -1 : 0;
	case NW_AST_REGEX:
		return (node->a = nw_compile_leaf_regex(c, a)) == NW_PROG_NONE ? -1 : 0;
	case NW_AST_LIST:
		return (node->a = nw_compile_leaf_list(c, a->kid[0])) == NW_PROG_NONE ? -1 : 0;
	default:
		node->nkid = a->nvalue;
		return (node->a = nw_compile_leaf_values(c, a)) == NW_PROG_NONE ? -1 : 0;
	}
}

/* Write node ${at}, for which there is room, and all below it.  The tree's depth is bounded by the parser. */
static int
fill(struct nw_compile *c, uint32_t at, struct nw_ast *a, enum nw_prog_scope scope)
{
	struct nw_prog_node *node;

	while (a->kind == NW_AST_FIELD) { /* from here down the field is every leaf's own */
		scope = scopes[a->n];
		a = a->kid[0];
	}
	node = &c->prog->node[at];
	node->kind = kinds[a->kind];
	node->scope = (uint8_t)scope;
	node->n = a->n;
	node->flags = (a->place ? NW_PROG_PLACE : 0) | (is_negative(node->kind) ? NW_PROG_NEGATIVE : 0);
	c->prog->fields |= 1u << scope;
	if (a->kind == NW_AST_WATCH)
		return fill_watch(c, at, a->kid[0], scope);
	if (a->kind <= NW_AST_COMPARE)
		return fill_leaf(c, at, a);
	return fill_kids(c, at, a, scope);
}

/*
 * Give a text to every node that evidence can name: operands of AND, OR and ANYOF, as far down as these reach.  An
 * operand's canonical text stands in that of the whole, so it is stored as a part of it.
 */
static void
name_clauses(struct nw_compile *c, uint32_t at, const struct nw_ast *a, struct nw_prog_text whole)
{
	struct nw_prog_node *node = &c->prog->node[at];
	struct nw_prog_text rest = whole;

	node->text = whole;
	while (a->kind == NW_AST_FIELD)
		a = a->kid[0];
	if (a->kind != NW_AST_AND && a->kind != NW_AST_OR && a->kind != NW_AST_ANYOF && a->kind != NW_AST_NOT)
		return;
	for (uint32_t i = 0; i < a->nkid; i++) {
		struct nw_prog_text part;
		const char *found;

		nw_buf_reset(&c->text);
		nw_ast_print(&c->text, a->kid[i], 0);
		found = memmem(c->prog->text.p + rest.off, rest.len, c->text.p, c->text.len);
		if (found != NULL) {
			part = (struct nw_prog_text){(uint32_t)(found - c->prog->text.p), (uint32_t)c->text.len};
			rest.len = whole.off + whole.len - part.off - part.len;
			rest.off = part.off + part.len;
		} else {
			part = nw_prog_add_text(c->prog, c->text.p, c->text.len);
		}
		name_clauses(c, node->a + i, a->kid[i], part);
	}
}

static uint32_t
compile_root(struct nw_compile *c, struct nw_ast *a, struct nw_prog_text *text)
{
	uint32_t at = add_nodes(c->prog, 1);

	if (at == NW_PROG_NONE || fill(c, at, a, NW_PROG_ANYWHERE) == -1)
		return NW_PROG_NONE;
	nw_buf_reset(&c->text);
	nw_ast_print(&c->text, a, 0);
	*text = nw_prog_add_text(c->prog, c->text.p, c->text.len);
	name_clauses(c, at, a, *text);
	return c->text.failed || c->prog->text.failed ? NW_PROG_NONE : at;
}

/* The lines of a printed score block, each a clause's text; the threshold's is left over. */
static struct nw_prog_text
next_line(const struct nw_prog *p, struct nw_prog_text *rest)
{
	const char *s = p->text.p + rest->off, *lf = memchr(s, '\n', rest->len);
	struct nw_prog_text line = {rest->off, lf != NULL ? (uint32_t)(lf - s) : rest->len};
	uint32_t used = line.len + (lf != NULL);

	rest->off += used;
	rest->len -= used;
	return line;
}

static int
compile_score(struct nw_compile *c, struct nw_prog_expr *e, const struct nw_ast_score *score)
{
	struct nw_prog *p = c->prog;
	struct nw_prog_text rest, unused;
	void *v = p->clause;

	nw_buf_reset(&c->text);
	nw_ast_print_score(&c->text, score, 0);
	e->score = rest = nw_prog_add_text(p, c->text.p, c->text.len);
	e->threshold = score->threshold;
	e->clause = p->nclause;
	if (nw_prog_room(&v, &p->clause_cap, p->nclause, score->nclause, sizeof(*p->clause)) == -1)
		return -1;
	p->clause = v;
	for (uint32_t i = 0; i < score->nclause; i++) {
		const struct nw_ast_clause *from = &score->clause[i];
		struct nw_prog_clause *to = &p->clause[p->nclause];

		*to = (struct nw_prog_clause){.weight = from->weight, .cap = from->has_cap ? from->cap : 0,
		    .text = next_line(p, &rest)};
		if ((to->node = compile_root(c, from->expr, &unused)) == NW_PROG_NONE)
			return -1;
		p->nclause++;
		e->nclause++;
		if (p->node[to->node].flags & NW_PROG_NEGATIVE)
			e->flags |= NW_PROG_NEARLY;
	}
	return 0;
}

uint32_t
nw_compile_expr(struct nw_compile *c, struct nw_ast *match, const struct nw_ast_score *score, uint32_t group, uint32_t flags)
{
	struct nw_prog *p = c->prog;
	struct nw_prog_expr e = {.group = group, .flags = flags, .match = NW_PROG_NONE};
	void *v = p->expr;

	if (p->nexpr >= NW_QUERY_EXPRS_MAX || nw_prog_room(&v, &p->expr_cap, p->nexpr, 1, sizeof(*p->expr)) == -1)
		return NW_PROG_NONE;
	p->expr = v;
	if (match != NULL && (e.match = compile_root(c, match, &e.text)) == NW_PROG_NONE)
		return NW_PROG_NONE;
	if (match != NULL && (p->node[e.match].flags & NW_PROG_NEGATIVE))
		e.flags |= NW_PROG_NEARLY;
	if (score != NULL && compile_score(c, &e, score) == -1)
		return NW_PROG_NONE;
	p->expr[p->nexpr] = e;
	return p->nexpr++;
}
