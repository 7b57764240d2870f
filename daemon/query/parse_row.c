#include "base/buf.h"
#include "base/str.h"
#include "query/parse.h"

/* Whether a bare word stands next: no operator, field, list or function.  ${lx} moves past it. */
int
nw_parse_row_word(struct nw_lex *lx, struct nw_token *t)
{
	struct nw_lex next = *lx;
	struct nw_str name;

	nw_lex_operand(&next, t);
	if (t->type != NW_LEX_WORD || t->called || t->text.p[0] == '@' || nw_parse_is_keyword(t->text) ||
	    nw_lex_prefix(t->text, &name))
		return 0;
	*lx = next;
	return 1;
}

/* The operator that a word in lower case was perhaps meant to be. */
static const char *
meant(struct nw_str w)
{
	static const char *const pairs[][2] = {{"and", "AND"}, {"or", "OR"}, {"not", "NOT"},
	    {"near", "NEAR/5"}, {"same", "PARA"}, {"And", "AND"}, {"Or", "OR"}, {"Not", "NOT"}, {"&", "AND"},
	    {"|", "OR"}, {"&&", "AND"}, {"||", "OR"}, {"in", "IN"}, {"sent", "SENT"}, {"para", "PARA"}};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (nw_str_is(w, pairs[i][0]))
			return pairs[i][1];
	return NULL;
}

/* Adds a word to the text proposed instead, as the operator it was perhaps meant to be. */
static void
propose(struct nw_buf *b, struct nw_str w, int *found)
{
	const char *op = b->len > 0 ? meant(w) : NULL;

	if (b->len > 0)
		nw_buf_addc(b, ' ');
	if (op != NULL)
		nw_buf_adds(b, op);
	else
		nw_buf_addstr(b, w);
	*found |= op != NULL;
}

/* Bare words from ${off} on: told once, underlined as a whole, with the phrase and the operators they may
 * stand for. */
static void
words_in_a_row(struct nw_parse *p, struct nw_str first, size_t off)
{
	struct nw_lex lx = p->lx;
	struct nw_token t;
	struct nw_parse_quote q, q2;
	struct nw_buf b = {0};
	struct nw_str all;
	size_t end = lx.end;
	int found = 0;

	propose(&b, first, &found);
	while (nw_parse_row_word(&lx, &t)) {
		propose(&b, t.text, &found);
		end = t.off + t.len;
		nw_parse_move(p, &lx);
	}
	all = nw_parse_slice(p, off, end);
	nw_parse_quote(&q, all);
	if (found)
		nw_parse_error(p, off, all.len,
		    "words in a row, and operators are written in capitals: write %s, or \"%s\" for a "
		    "phrase",
		    nw_parse_quote(&q2, nw_buf_str(&b)), q.s);
	else
		nw_parse_error(p, off, all.len,
		    "words in a row: write \"%s\" for a phrase, or put AND, OR or NEAR/5 between them", q.s);
	nw_buf_done(&b);
}

/* What stands after an operand without an operator between: told, read and forgotten. */
struct nw_ast *
nw_parse_row(struct nw_parse *p, struct nw_ast *a, const struct nw_token *bare, size_t off)
{
	struct nw_lex lx = p->lx;
	struct nw_parse_quote q;
	struct nw_token t;

	if (bare != NULL && nw_parse_row_word(&lx, &t)) {
		words_in_a_row(p, bare->text, off);
	} else {
		nw_lex_operand(&lx, &t);
		if (t.type != NW_LEX_QUOTE_OPEN &&
		    t.type != NW_LEX_REGEX_OPEN) /* those have their own message */
			nw_parse_error(p, t.off, t.len,
			    "an operator is missing before %s: write AND, OR, NEAR/5 or SENT between the "
			    "two",
			    nw_parse_quote(&q, nw_parse_slice(p, t.off, t.off + t.len)));
		(void)nw_parse_prim(p); /* its own mistakes are told */
	}
	return nw_parse_is_bad(a) ? a : nw_parse_bad(p, off);
}
