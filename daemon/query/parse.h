/*
 * parse.h - the parser's inside, shared by its files; callers want ast.h.
 * Floor 2.  parse.c: state, messages, nodes.  parse_expr.c: AND, OR, NOT, chains.  parse_op.c: operators by name.
 * parse_row.c: words in a row, refused.  parse_prim.c: brackets, names.  parse_func.c: functions.  parse_term.c: words,
 * phrases.  parse_regex.c: regular expressions.  parse_field.c, parse_compare.c, parse_value.c: what has a colon.
 *
 * After an error the parser goes on with a BAD node, which is accepted everywhere and says nothing more, so that one
 * mistake yields one message and later mistakes are still found.
 */
#ifndef NW_QUERY_PARSE_H
#define NW_QUERY_PARSE_H

#include "query/ast.h"
#include "query/lex.h"

#define NW_PARSE_BAD	    255u /* node kind; never leaves the parser */
#define NW_PARSE_ERRORS_MAX 20u	 /* of one expression; then the rest is left unread */
#define NW_PARSE_QUOTE_MAX  48u	 /* bytes of the user's text quoted in a message */

/* An operator as read: a node kind (with NW_PARSE_* below for those that are none) and its n. */
enum nw_parse_op {
	NW_PARSE_NOOP = 256, /* no operator: the next token begins or ends something */
	NW_PARSE_WRONG,	     /* one that was refused; the message is told */
	NW_PARSE_POSTFIX     /* x/Fn/ */
};
struct nw_op {
	unsigned kind; /* enum nw_ast_kind or enum nw_parse_op */
	uint32_t n;
	size_t off, len;
};

struct nw_parse {
	const struct nw_ast_ctx *ctx;
	struct nw_lex lx;
	uint32_t errors;
	uint32_t depth;	   /* brackets, functions and prefixes open now */
	uint32_t negative; /* > 0 inside an operand that can only silence (R17) */
	int failed;	   /* nothing more is read: memory, depth, too many errors */
	struct nw_ast spare; /* the node given out when there is no memory */
	const char *field; /* what puts a field round us ("title:"), else NULL */
	struct nw_ast *stem; /* the first STEM term, or the name of a list or watch that holds one */
	struct nw_op last;   /* the last operator read: blamed when nothing follows it */
	struct nw_ast **stack; /* operands collected and not yet owned by a node */
	size_t nstack, stack_cap;
	struct {
		size_t off;
		uint32_t line;
		size_t line_off;
	} at; /* the last position asked for, so that lines are counted once */
	uint32_t line_base; /* added to every line: a clause of a score block */
};

/* --- parse.c */
void nw_parse_init(struct nw_parse *, const struct nw_ast_ctx *, struct nw_str text);
void nw_parse_done(struct nw_parse *);
int nw_parse_readable(struct nw_parse *); /* 0 after telling that the text is too long or no UTF-8 */
void nw_parse_stop(struct nw_parse *); /* read nothing more: the tokens are at their end */
/* Go on at ${to}, unless reading was stopped: the end stays found, or a loop that waits for it would not end. */
static inline void
nw_parse_move(struct nw_parse *p, const struct nw_lex *to)
{
	if (!p->failed)
		p->lx = *to;
}
static inline void
nw_parse_move_to(struct nw_parse *p, size_t pos)
{
	if (!p->failed)
		p->lx.pos = p->lx.end = pos;
}
/* The message is told with its place; an error sets errors.  _follows: another's, told where that stands. */
void nw_parse_error(struct nw_parse *, size_t off, size_t len, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void nw_parse_follows(struct nw_parse *, size_t off, size_t len, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void nw_parse_note(struct nw_parse *, uint32_t severity, size_t off, size_t len, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* A piece of the user's text for a message, white space made single, cut with "..."; out holds the result. */
struct nw_parse_quote {
	char s[NW_PARSE_QUOTE_MAX + 4];
};
const char *nw_parse_quote(struct nw_parse_quote *out, struct nw_str);
struct nw_str nw_parse_slice(const struct nw_parse *, size_t off, size_t end);
struct nw_ast *nw_parse_node(struct nw_parse *, unsigned kind, size_t off);
struct nw_ast *nw_parse_bad(struct nw_parse *, size_t off);
struct nw_ast *nw_parse_oom(struct nw_parse *); /* tells it, stops, and gives a node for the way out */
/*
 * Take the operands pushed since ${base}, at least one, as kids, and fill what follows from them (place, fields,
 * scoped, depth) and the span from ${off}.
 */
struct nw_ast *nw_parse_close(struct nw_parse *, struct nw_ast *, size_t base, size_t off);
void nw_parse_push(struct nw_parse *, struct nw_ast *);
/* Refuses what nests too deep; 0 to go on.  Each success wants a nw_parse_leave(). */
int nw_parse_enter(struct nw_parse *, size_t off);
void nw_parse_leave(struct nw_parse *);
/* The node's place in the text, from its start to the last token read. */
void nw_parse_span(struct nw_parse *, struct nw_ast *, size_t off);
static inline int
nw_parse_is_bad(const struct nw_ast *a)
{
	return a->kind == NW_PARSE_BAD;
}

/* --- parse_expr.c */
struct nw_ast *nw_parse_expr(struct nw_parse *);
/* After an expression that should be all: what is left over is told. */
void nw_parse_want_end(struct nw_parse *);
/* Refuses a truth where a place is needed; what names the operator or function. */
void nw_parse_want_place(struct nw_parse *, const struct nw_ast *, const char *what);
/* Refuses a clause that no text can fulfil, two fields in one proximity. */
void nw_parse_want_meeting(struct nw_parse *, const struct nw_ast *, const char *what);
/* --- parse_row.c: words in a row, which are refused */
/* Whether a bare word stands next: no operator, field, list or function.  ${lx} moves past it. */
int nw_parse_row_word(struct nw_lex *, struct nw_token *);
/* What stands after an operand without an operator is told, read and forgotten; ${bare}: the operand was this word. */
struct nw_ast *nw_parse_row(struct nw_parse *, struct nw_ast *, const struct nw_token *bare, size_t off);
/* --- parse_prim.c */
struct nw_ast *nw_parse_prim(struct nw_parse *);
/* What stands in the bracket that was read at ${open}, its end too. */
struct nw_ast *nw_parse_bracket(struct nw_parse *, size_t open);
void nw_parse_close_bracket(struct nw_parse *, size_t open);
/* Leaves the closing bracket next, unread; the number of tokens left out, the first in ${first_r}. */
unsigned nw_parse_skip_bracket(struct nw_parse *, struct nw_token *first_r);
/* LIST or WATCH of that name, resolved. */
struct nw_ast *nw_parse_named(struct nw_parse *, unsigned kind, struct nw_str name, size_t off);
/* --- ast.c: whether STEM meets a language without a stemmer in the clause just read (R20) */
void nw_parse_note_stem(struct nw_parse *, const struct nw_ast *);
/* --- parse_func.c */
struct nw_ast *nw_parse_function(struct nw_parse *, const struct nw_token *name);
struct nw_ast *nw_parse_first(struct nw_parse *, struct nw_ast *, uint32_t n, size_t off);
/* --- parse_field.c */
struct nw_ast *nw_parse_field(struct nw_parse *, const struct nw_token *, size_t prefix_len, struct nw_str name);
struct nw_ast *nw_parse_in_field(struct nw_parse *, unsigned n, struct nw_ast *, size_t off);
int nw_parse_is_field(struct nw_str name);
/* The name of a field or comparison, of enum nw_ast_field or nw_ast_cfield. */
const char *nw_parse_field_name(int compare, unsigned n);
/* --- parse_op.c */
void nw_parse_op(struct nw_parse *, struct nw_op *);	  /* reads the operator */
void nw_parse_op_peek(struct nw_parse *, struct nw_op *); /* without messages */
const char *nw_parse_op_name(const struct nw_op *, char out[32]);
int nw_parse_is_keyword(struct nw_str); /* a word that must be quoted to be one */
/* Whether a word is taken for an operator where one may stand, "near/5" to be refused too. */
int nw_parse_is_operator(struct nw_str);
/* Decimal digits, all of them, at most 9; -1 otherwise. */
int64_t nw_parse_number(struct nw_str);
/* --- parse_term.c; ${off} is where the node begins, the function's name or the token itself */
struct nw_ast *nw_parse_word(struct nw_parse *, const struct nw_token *, unsigned mode, size_t off);
struct nw_ast *nw_parse_quoted(struct nw_parse *, const struct nw_token *, unsigned mode, size_t off);
/* Whether a bare word is read as itself: no name, field, alias or "cap" of a score line. */
int nw_parse_is_plain(struct nw_str word);
/* --- parse_regex.c */
struct nw_ast *nw_parse_regex(struct nw_parse *, const struct nw_token *);
/* --- parse_compare.c */
struct nw_ast *nw_parse_compare(struct nw_parse *, unsigned cfield, size_t off);
/* --- parse_value.c: one value, read and checked; -1 after the message */
int nw_parse_value(struct nw_parse *, unsigned cfield, const struct nw_token *, struct nw_ast_value *v_r);
const char *nw_parse_value_example(unsigned cfield);
#endif
