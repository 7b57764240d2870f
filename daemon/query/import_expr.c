#include "base/arena.h"
#include "base/str.h"
#include "core/limits.h"
#include "query/import_int.h"

#define DEPTH_MAX                                                                                            \
	(4 * NW_QUERY_DEPTH_MAX) /* calls within calls: a bracket takes one, operators of falling rank more  \
				  */

int
nw_import_op(
    struct nw_import *im, struct nw_import_op *op, unsigned kind, int64_t n, int binds, const char *loses)
{
	struct nw_import_token t;
	size_t start = op->len != 0 ? op->off : SIZE_MAX; /* "not" and "w/5" are two tokens */

	nw_import_next(im, &t);
	*op = (struct nw_import_op){kind, (uint32_t)n, binds, loses, t.off, t.len};
	if (start != SIZE_MAX) {
		op->off = start;
		op->len = t.off + t.len - start;
	}
	return 1;
}

static int
is_counted(unsigned kind)
{
	return kind == NW_AST_NEAR || kind == NW_AST_PRE || kind == NW_AST_NOTNEAR;
}

void
nw_import_op_tell(struct nw_import *im, struct nw_import_op *op)
{
	static const char *const names[] = {[NW_AST_AND] = "AND",
	    [NW_AST_OR] = "OR",
	    [NW_AST_NEAR] = "NEAR",
	    [NW_AST_PRE] = "PRE",
	    [NW_AST_SENT] = "SENT",
	    [NW_AST_PARA] = "PARA",
	    [NW_AST_NOTNEAR] = "NOTNEAR",
	    [NW_AST_NOTSENT] = "NOTSENT",
	    [NW_AST_NOTPARA] = "NOTPARA"};
	struct nw_str was = {im->text.p + op->off, op->len};
	const char *name = op->kind == NW_IMPORT_ANDNOT ? "AND NOT" : names[op->kind];

	if (is_counted(op->kind)) {
		if (im->rules->confirm != NULL && (im->told & NW_IMPORT_TOLD_CONFIRM) == 0)
			nw_import_tell(im, NW_QDIAG_WARNING, op->off, op->len, "%s", im->rules->confirm);
		im->told |= NW_IMPORT_TOLD_CONFIRM;
		op->n = op->n > 0 ? op->n - 1 : 0;
		nw_import_tell(im, NW_QDIAG_NOTE, op->off, op->len,
		    "%.*s becomes %s/%u, since adjacent words count 1 at %s and 0 here", (int)was.len, was.p,
		    name, op->n, im->rules->name);
	} else if (!nw_import_is(was, name)) {
		nw_import_tell(
		    im, NW_QDIAG_NOTE, op->off, op->len, "%.*s becomes %s", (int)was.len, was.p, name);
	}
	if (op->n > NW_QUERY_DISTANCE_MAX)
		nw_import_tell(im, NW_QDIAG_ERROR, op->off, op->len,
		    "a distance lies between 1 and %d: use the paragraph instead", NW_QUERY_DISTANCE_MAX + 1);
	if (op->loses != NULL)
		nw_import_tell(
		    im, NW_QDIAG_WARNING, op->off, op->len, "%.*s: %s", (int)was.len, was.p, op->loses);
}

/* Puts b behind the kids of a, when a is what the same operator made before and no bracket stands between. */
static struct nw_ast *
append(struct nw_import *im, struct nw_ast *a, struct nw_ast *b)
{
	struct nw_ast **kid = nw_arena_alloc(im->arena, (a->nkid + 1) * sizeof(*kid));

	if (kid == NULL)
		return nw_import_pair(im, a->kind, a, b); /* nested is right, too */
	for (uint32_t i = 0; i < a->nkid; i++)
		kid[i] = a->kid[i];
	kid[a->nkid] = b;
	return nw_import_node(im, a->kind, kid, a->nkid + 1);
}

/* A kid that the printer will put into brackets and the text did not: made by an operator and not marked as
 * bracketed. */
static void
tell_brackets(struct nw_import *im, unsigned kind, const struct nw_ast *k)
{
	int proximity = k->kind >= NW_AST_NEAR && k->kind <= NW_AST_NOTIN;

	if (k->mark != 0 || k->len == 0 || (k->kind != NW_AST_AND && k->kind != NW_AST_OR && !proximity))
		return;
	if (proximity && (kind == NW_AST_AND || kind == NW_AST_OR || kind == NW_AST_NOT))
		return;
	nw_import_tell(
	    im, NW_QDIAG_NOTE, k->off, k->len, "brackets are added round this, since %s", im->rules->order);
}

/* ${joined}: a was made by an operator of this level and stands in no bracket. */
static struct nw_ast *
join(struct nw_import *im, const struct nw_import_op *op, struct nw_ast *a, struct nw_ast *b, int joined)
{
	unsigned kind = op->kind == NW_IMPORT_ANDNOT ? NW_AST_AND : op->kind;
	size_t off = a->len > 0 ? a->off : op->off;
	struct nw_ast *both;
	int goes_on = joined && a->kind == kind && (kind == NW_AST_AND || kind == NW_AST_OR);

	if (!goes_on)
		tell_brackets(im, kind, a);
	tell_brackets(im, op->kind == NW_IMPORT_ANDNOT ? NW_AST_NOT : kind, b);
	if (op->kind == NW_IMPORT_ANDNOT)
		b = nw_import_node(im, NW_AST_NOT, &b, 1);
	both = goes_on ? append(im, a, b) : nw_import_pair(im, kind, a, b);
	both->n = op->n;
	both->off = (uint32_t)off;
	both->len = (uint32_t)(im->end - off);
	return both;
}

/* Operators that bind at least as tightly as ${binds_min}, from left to right. */
struct nw_ast *
nw_import_expr(struct nw_import *im, int binds_min)
{
	struct nw_ast *a, *b;
	struct nw_import_op op;
	struct nw_import_token t;
	size_t start = im->pos;

	if (im->depth >= DEPTH_MAX) {
		nw_import_tell(im, NW_QDIAG_ERROR, start, 0, "the query is nested deeper than %d levels",
		    NW_QUERY_DEPTH_MAX);
		im->pos = im->text.len;
		return nw_import_bad(im);
	}
	im->depth++;
	nw_import_peek(im, &t);
	a = nw_import_operand(im);
	if (a->len == 0) {
		a->off = (uint32_t)t.off;
		a->len = (uint32_t)(im->end - t.off);
	}
	for (int joined = 0;; joined = 1) {
		start = im->pos;
		if (!im->rules->op(im, &op) || op.binds < binds_min)
			break;
		nw_import_op_tell(im, &op);
		b = nw_import_expr(im, op.binds + 1);
		a = join(im, &op, a, b, joined);
	}
	im->pos = start;
	im->depth--;
	return a;
}

struct nw_ast *
nw_import_bracket(struct nw_import *im)
{
	struct nw_import_token open, t;
	struct nw_ast *a;

	nw_import_next(im, &open);
	a = nw_import_expr(im, 0);
	nw_import_next(im, &t);
	if (t.type == NW_IMPORT_END)
		nw_import_tell(im, NW_QDIAG_ERROR, open.off, 1, "this bracket is never closed: add a )");
	else if (t.type != NW_IMPORT_CLOSE && im->errors == 0)
		nw_import_tell(im, NW_QDIAG_ERROR, t.off, t.len,
		    "an operator is missing before %.*s: write and, or, or one phrase in quotes",
		    (int)t.text.len, t.text.p);
	a->mark = 1; /* bracketed in the text, too */
	a->off = (uint32_t)open.off;
	a->len = (uint32_t)(im->end - open.off);
	return a;
}

/* Words side by side, which both vendors read as a phrase; the first is read. */
static struct nw_ast *
words(struct nw_import *im, struct nw_import_token first)
{
	struct nw_import_token t;
	struct nw_import_op op;
	size_t end = first.off + first.len;
	int n = 1;

	nw_import_check_word(im, &first);
	for (;; n++) {
		struct nw_import ahead = *im;

		ahead.diag = NULL;
		nw_import_peek(im, &t);
		if (t.type != NW_IMPORT_WORD || im->rules->is_special(im, &t) || im->rules->op(&ahead, &op))
			break;
		nw_import_next(im, &t);
		nw_import_check_word(im, &t);
		end = t.off + t.len;
	}
	first.len = end - first.off;
	first.text.len = end - (size_t)(first.text.p - im->text.p);
	if (n > 1)
		nw_import_tell(im, NW_QDIAG_NOTE, first.off, first.len,
		    "words side by side become a phrase in quotes, as %s reads them", im->rules->name);
	return nw_import_term(im, first.text, &first);
}

static struct nw_ast *
missing(struct nw_import *im, const struct nw_import_token *t)
{
	if (im->errors == 0 && t->type == NW_IMPORT_WORD && nw_import_is(t->text, "not"))
		nw_import_tell(im, NW_QDIAG_ERROR, t->off, t->len,
		    "a term is missing here: what is left out stands behind what must be there, as in treaty "
		    "not football");
	else if (im->errors == 0)
		nw_import_tell(im, NW_QDIAG_ERROR, t->off, t->len,
		    t->type == NW_IMPORT_END
			? "a term is missing at the end: write one, or leave the operator out"
			: "a term is missing here: write one, or put the word in quotes");
	if (t->type != NW_IMPORT_CLOSE) /* what stands there is skipped, a bracket is left to its partner */
		im->pos = t->off + t->len;
	return nw_import_bad(im);
}

static struct nw_ast *
primary(struct nw_import *im)
{
	struct nw_import_token t;
	struct nw_import_op op;
	size_t start = im->pos;

	nw_import_peek(im, &t);
	if (t.type == NW_IMPORT_OPEN)
		return nw_import_bracket(im);
	if (t.type == NW_IMPORT_QUOTED) {
		nw_import_next(im, &t);
		return nw_import_term(im, t.text, &t);
	}
	if (t.type != NW_IMPORT_WORD)
		return missing(im, &t);
	if (im->rules->is_special(im, &t))
		return im->rules->special(im, &t);
	if (im->rules->op(im, &op)) {
		im->pos = start;
		return missing(im, &t);
	}
	nw_import_next(im, &t);
	return words(im, t);
}

/* A primary with /F50/ behind it: among the first 50 words. */
struct nw_ast *
nw_import_operand(struct nw_import *im)
{
	struct nw_ast *a = primary(im);
	struct nw_import_token t;
	int64_t n;

	nw_import_peek(im, &t);
	if (t.type != NW_IMPORT_SLASHES || (n = nw_import_number(t.text, "f")) < 0)
		return a;
	nw_import_next(im, &t);
	a = nw_import_node(im, NW_AST_FIRST, &a, 1);
	a->n = (uint32_t)n;
	nw_import_tell(im, NW_QDIAG_NOTE, t.off, t.len, "%.*s becomes FIRST(%u, ...)", (int)t.len,
	    im->text.p + t.off, a->n);
	return a;
}
