/*
 * lex.h - the tokens of an expression.
 * Floor 2.  Life: struct nw_lex lx = {.text = text}; nw_lex_operand() or nw_lex_operator()*.  Copy the struct to look
 * ahead.  What a word means (keyword, field, alias) is the parser's to say; the lexer only finds where it ends.
 * Slices in tokens are borrowed from the text and not NUL-terminated.
 */
#ifndef NW_QUERY_LEX_H
#define NW_QUERY_LEX_H

#include <newswatch/plugin.h>

enum nw_lex_type {
	NW_LEX_END,
	NW_LEX_OPEN,
	NW_LEX_CLOSE,
	NW_LEX_COMMA,
	NW_LEX_WORD,
	NW_LEX_QUOTED,	   /* text without the quotes */
	NW_LEX_REGEX,	   /* text between the slashes, as written */
	NW_LEX_QUOTE_OPEN, /* a quote that is never closed; text = the rest */
	NW_LEX_REGEX_OPEN  /* a regex without its second slash; text = the rest of the line */
};

struct nw_token {
	enum nw_lex_type type;
	size_t off, len; /* in the text, quotes and slashes included */
	struct nw_str text;
	int icase;  /* REGEX: "i" follows */
	int called; /* WORD: an opening bracket follows at once */
};

struct nw_lex {
	struct nw_str text;
	size_t pos; /* of the first unread byte */
	size_t end; /* of the last token read */
};

/* The next token where a term may begin: a slash opens a regex. */
void nw_lex_operand(struct nw_lex *, struct nw_token *);
/* The next token where an operator may stand: a slash belongs to the word. */
void nw_lex_operator(struct nw_lex *, struct nw_token *);
/* Length of a field prefix at the start of a word ("title:", "hd=", the colon may be full-width), else 0.  ${name_r}
 * gets it without colon. */
size_t nw_lex_prefix(struct nw_str word, struct nw_str *name_r);
#endif
