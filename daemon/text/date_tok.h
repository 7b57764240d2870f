/*
 * date_tok.h - a text cut into the tokens dates are made of: numbers, words with their meanings, punctuation.
 * Floor 2.  Digits of all scripts and Chinese numerals are numbers; wide and typographic punctuation is its ASCII
 * likeness; invisible characters vanish.
 */
#ifndef NW_TEXT_DATE_TOK_H
#define NW_TEXT_DATE_TOK_H

#include "text/date_words.h"

enum nw_date_tok_type { NW_DATE_TOK_END, NW_DATE_TOK_NUMBER, NW_DATE_TOK_WORD, NW_DATE_TOK_MARK };
/* How a number was written. */
enum nw_date_digits { NW_DATE_ASCII, NW_DATE_ARABIC, NW_DATE_PERSIAN, NW_DATE_HAN };

struct nw_date_tok {
	int64_t value;	 /* of a number; of a mark its character */
	uint32_t from, to; /* bytes of the text */
	uint16_t word;	 /* first entry of nw_date_words[] */
	uint8_t type, nword;
	uint8_t ndigits; /* of a number, at most 255 */
	uint8_t digits;	 /* enum nw_date_digits */
	uint8_t gap;	 /* blanks stood before it */
	uint8_t reserved;
};

/*
 * nw_date_tok_read(text, from, tok, max):
 * Up to ${max} - 1 tokens from byte ${from} on, and an END behind them whose `from` is where to go on.
 * Returns how many there are without it.
 */
size_t nw_date_tok_read(struct nw_str text, size_t from, struct nw_date_tok *, size_t max);
/* Whether a token can be of ${cls}; its value there, in ${lang}'s sense if several, through ${value_r} (may be NULL). */
int nw_date_tok_is(const struct nw_date_tok *, enum nw_date_class cls, struct nw_str lang, int *value_r);
static inline int
nw_date_tok_mark(const struct nw_date_tok *t, char c)
{
	return t->type == NW_DATE_TOK_MARK && t->value == c;
}
#endif
