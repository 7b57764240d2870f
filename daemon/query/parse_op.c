#include <stdio.h>
#include <strings.h>

#include "base/str.h"
#include "core/limits.h"
#include "query/parse.h"

enum number { NONE, SLASHED, GLUED }; /* how a distance is written: SENT, NEAR/5, ADJ5 */

static const struct name {
	const char *name;
	unsigned kind;
	enum number number;
} names[] = {
    {"AND", NW_AST_AND, NONE},
    {"OR", NW_AST_OR, NONE},
    {"NOT", NW_AST_NOT, NONE},
    {"NEAR", NW_AST_NEAR, SLASHED},
    {"PRE", NW_AST_PRE, SLASHED},
    {"NOTNEAR", NW_AST_NOTNEAR, SLASHED},
    {"IN", NW_AST_IN, NONE},
    {"NOTIN", NW_AST_NOTIN, NONE},
    {"SENT", NW_AST_SENT, NONE},
    {"PARA", NW_AST_PARA, NONE},
    {"NOTSENT", NW_AST_NOTSENT, NONE},
    {"NOTPARA", NW_AST_NOTPARA, NONE},
    /* aliases; those above are canonical */
    {"W/S", NW_AST_SENT, NONE},
    {"W/P", NW_AST_PARA, NONE},
    {"SAME", NW_AST_PARA, NONE},
    {"W", NW_AST_NEAR, SLASHED},
    {"ONEAR", NW_AST_PRE, SLASHED},
    {"ADJ", NW_AST_PRE, GLUED},
    {"+", NW_AST_PRE, GLUED},
};

enum problem { FINE, LOWER_CASE, NO_NUMBER, BAD_NUMBER, EXTRA_NUMBER };

int64_t
nw_parse_number(struct nw_str s)
{
	int64_t n = 0;

	if (s.len == 0 || s.len > 9)
		return -1;
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		n = n * 10 + (s.p[i] - '0');
	}
	return n;
}

static int
digits(struct nw_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return 0;
	return s.len > 0;
}

/* The distance in s, told apart by the range only: what is out of it is -1 in n. */
static void
distance(struct nw_op *op, struct nw_str s)
{
	int64_t n = nw_parse_number(s);

	op->n = n >= 0 && n <= NW_QUERY_DISTANCE_MAX ? (uint32_t)n : UINT32_MAX;
}

static struct nw_str
after(struct nw_str s, size_t n)
{
	return (struct nw_str){s.p + n, s.len - n};
}

/* Factiva's forms between slashes: /5/ and /N5/ are NEAR, /F50/ is FIRST of what stands before. */
static int
between_slashes(struct nw_str w, struct nw_op *op)
{
	struct nw_str inner;
	unsigned kind = NW_AST_NEAR;

	if (w.len < 3 || w.p[0] != '/' || w.p[w.len - 1] != '/')
		return 0;
	inner = (struct nw_str){w.p + 1, w.len - 2};
	if (inner.p[0] == 'N' || inner.p[0] == 'F') {
		kind = inner.p[0] == 'F' ? NW_PARSE_POSTFIX : NW_AST_NEAR;
		inner = after(inner, 1);
	}
	if (!digits(inner))
		return 0;
	op->kind = kind;
	distance(op, inner);
	return 1;
}

/* What follows the name in the word: nothing, a distance, or something wrong; 0 if it is another word
 * altogether. */
static int
rest_fits(const struct name *k, struct nw_str rest, struct nw_op *op, enum problem *why)
{
	if (k->number == NONE) {
		if (rest.len != 0 && (rest.p[0] != '/' || !digits(after(rest, 1))))
			return 0;
		*why = rest.len != 0 ? EXTRA_NUMBER : FINE;
		return 1;
	}
	if (k->number == GLUED) {
		if (!digits(rest))
			return 0;
		distance(op, rest);
		return 1;
	}
	if (rest.len == 0) {
		*why = NO_NUMBER;
		return k->kind != NW_AST_NEAR || k->name[0] != 'W'; /* W alone is a letter */
	}
	if (rest.p[0] != '/')
		return 0;
	if (digits(after(rest, 1)))
		distance(op, after(rest, 1));
	else
		*why = BAD_NUMBER;
	return 1;
}

/*
 * Whether a word is an operator.  In lower case only forms with a slash are taken for one, to be refused:
 * "near/5" is a slip, "and" and "same" are words.
 */
static int
classify(struct nw_str w, struct nw_op *op, enum problem *why)
{
	*why = FINE;
	if (between_slashes(w, op))
		return 1;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct name *k = &names[i];
		size_t n = strlen(k->name);
		int lower;

		if (w.len < n || strncasecmp(w.p, k->name, n) != 0)
			continue;
		lower = memcmp(w.p, k->name, n) != 0;
		if (lower && memchr(w.p, '/', w.len) == NULL)
			continue;
		if (!rest_fits(k, after(w, n), op, why))
			continue;
		op->kind = k->kind;
		if (lower && *why == FINE)
			*why = LOWER_CASE;
		return 1;
	}
	return 0;
}

/* NOT with W/n, W/S, W/P behind it is one operator. */
static int
negated(unsigned kind)
{
	switch (kind) {
	case NW_AST_NEAR:
		return NW_AST_NOTNEAR;
	case NW_AST_SENT:
		return NW_AST_NOTSENT;
	case NW_AST_PARA:
		return NW_AST_NOTPARA;
	case NW_AST_IN:
		return NW_AST_NOTIN;
	default:
		return 0;
	}
}

const char *
nw_parse_op_name(const struct nw_op *op, char out[32])
{
	const struct name *k = names;

	while (k->kind != op->kind)
		if (++k == names + sizeof(names) / sizeof(names[0]))
			return "";
	if (k->number == NONE)
		snprintf(out, 32, "%s", k->name);
	else
		snprintf(out, 32, "%s/%u", k->name, op->n);
	return out;
}

static void
complain(struct nw_parse *p, struct nw_op *op, enum problem why, struct nw_str word)
{
	struct nw_parse_quote q;
	char name[32];
	const char *s = nw_parse_quote(&q, word);

	if (op->n == UINT32_MAX && why != NO_NUMBER && why != BAD_NUMBER) {
		op->n = 0;
		nw_parse_error(p, op->off, op->len,
		    "%s: a distance lies between 0 and %d; for the same paragraph write PARA", s,
		    NW_QUERY_DISTANCE_MAX);
		return;
	}
	if (why == LOWER_CASE) {
		nw_parse_error(p, op->off, op->len, "operators are written in capitals: for %s write %s", s,
		    nw_parse_op_name(op, name));
	} else if (why == NO_NUMBER) {
		op->n = 5;
		nw_parse_error(p, op->off, op->len, "%s needs a distance: write %s (in quotes it is a word)",
		    s, nw_parse_op_name(op, name));
	} else if (why == BAD_NUMBER) {
		op->n = 5;
		nw_parse_error(p, op->off, op->len, "%s: the distance is a number: write %s", s,
		    nw_parse_op_name(op, name));
	} else if (why == EXTRA_NUMBER) {
		nw_parse_error(
		    p, op->off, op->len, "%s takes no number: write %s", s, nw_parse_op_name(op, name));
	}
}

/* NOT NEAR/5 and NOT IN are near enough to be understood, but only the aliases with W are the language. */
static int
read_negated(struct nw_parse *p, struct nw_lex *lx, struct nw_op *op, int told)
{
	struct nw_op second = {0};
	struct nw_token t;
	enum problem why;
	char name[32];

	nw_lex_operator(lx, &t);
	if (t.type != NW_LEX_WORD || !classify(t.text, &second, &why) || !negated(second.kind))
		return 0;
	op->kind = (unsigned)negated(second.kind);
	op->n = second.n;
	op->len = t.off + t.len - op->off;
	if (told) {
		complain(p, op, why, t.text);
		if (why == FINE && t.text.p[0] != 'W' && op->n != UINT32_MAX)
			nw_parse_error(p, op->off, op->len, "this operator is one word: write %s",
			    nw_parse_op_name(op, name));
	}
	return 1;
}

static void
read_op(struct nw_parse *p, struct nw_op *op, int told)
{
	struct nw_lex lx = p->lx, lx2;
	struct nw_token t;
	enum problem why;

	nw_lex_operator(&lx, &t);
	*op = (struct nw_op){.kind = NW_PARSE_NOOP, .off = t.off, .len = t.len};
	if (t.type != NW_LEX_WORD || !classify(t.text, op, &why))
		return;
	if (op->kind == NW_AST_NOT && why == FINE) {
		lx2 = lx;
		if (read_negated(p, &lx2, op, told))
			lx = lx2;
	} else if (told) {
		complain(p, op, why, t.text);
	}
	if (told)
		nw_parse_move(p, &lx);
}

void
nw_parse_op(struct nw_parse *p, struct nw_op *op)
{
	read_op(p, op, 1);
}

void
nw_parse_op_peek(struct nw_parse *p, struct nw_op *op)
{
	read_op(p, op, 0);
}

int
nw_parse_is_keyword(struct nw_str w)
{
	static const char *const functions[] = {
	    "EXACT", "ALLCAPS", "STEM", "FUZZY", "FIRST", "ATLEAST", "ANYOF", "HEADLINE", "HLEAD"};
	struct nw_op op = {0};
	enum problem why;

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (nw_str_is(w, functions[i]))
			return 1;
	return w.p[0] != '+' && classify(w, &op, &why) && why != LOWER_CASE;
}

int
nw_parse_is_operator(struct nw_str w)
{
	struct nw_op op = {0};
	enum problem why;

	return classify(w, &op, &why);
}
