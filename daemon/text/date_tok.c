#include <string.h>
#include <strings.h>

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "base/utf8.h"
#include "text/date_fold.h"
#include "text/date_tok.h"

#define ABBREVIATION_MAX 6		      /* bytes of the first part of "p.m." in any script */
#define HAN_WORD_MAX	 4		      /* characters of a word in a script without blanks */
#define VALUE_MAX	 900000000000000000ll /* larger numbers are no part of a date */

struct reader {
	struct nw_str text;
	size_t at;
	int gap;
};

static int32_t
peek(const struct reader *r, size_t at, size_t *len_r)
{
	int32_t c = nw_utf8_next(r->text.p + at, r->text.p + r->text.len, len_r);

	if (c >= 0xff01 && c <= 0xff5e) /* wide forms */
		c -= 0xff01 - '!';
	return c;
}

static int
invisible(int32_t c)
{
	return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x2069) || c == 0x61c || c == 0xfeff || nw_date_fold_is_mark(c);
}

static int
blank(int32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x80 && u_isUWhiteSpace(c));
}

static int32_t
mark_of(int32_t c)
{
	if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212)
		return '-';
	switch (c) {
	case 0x60c:
	case 0x3001:
		return ',';
	case 0xb7:
	case 0x2022:
	case 0x2027:
	case 0x30fb:
	case 0x2502:
		return '|';
	case 0x2236:
	case 0xa789:
		return ':';
	case 0x2018:
	case 0x2019:
	case 0x2b9:
	case 0x2bb:
	case 0x2bc:
		return '\'';
	case 0xab:
	case 0xbb:
	case 0x201c:
	case 0x201d:
	case 0x201e:
		return '"';
	case '_':
		return '-';
	case 0x3010:
	case 0x3014:
		return '[';
	case 0x3011:
	case 0x3015:
		return ']';
	default:
		return c;
	}
}

/* The value of a Chinese numeral: a digit, 10, 20, 30, 100; -1 if it is none. */
static int
han_numeral(int32_t c)
{
	static const int32_t digits[] = {
	    0x3007, 0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d};

	for (int i = 0; i < 10; i++)
		if (c == digits[i])
			return i;
	switch (c) {
	case 0x25cb: /* a circle for a zero */
	case 0x25ef:
	case 0x96f6:
		return 0;
	case 0x4e24: /* 两, 兩 */
	case 0x5169:
		return 2;
	case 0x5341:
		return 10;
	case 0x5eff:
		return 20;
	case 0x5345:
		return 30;
	case 0x767e:
		return 100;
	default:
		return -1;
	}
}

static int
digits_of(int32_t c)
{
	if (c >= 0x660 && c <= 0x669)
		return NW_DATE_ARABIC;
	return c >= 0x6f0 && c <= 0x6f9 ? NW_DATE_PERSIAN : NW_DATE_ASCII;
}

static int
read_number(struct reader *r, struct nw_date_tok *t)
{
	size_t len, at = r->at;
	int32_t c, digit;

	for (; at < r->text.len; at += len) {
		c = peek(r, at, &len);
		digit = c < 0x80 ? (c >= '0' && c <= '9' ? c - '0' : -1) : u_charDigitValue(c);
		if (digit < 0 || han_numeral(c) >= 0)
			break;
		if (t->ndigits == 0)
			t->digits = (uint8_t)digits_of(c);
		t->value = t->value < VALUE_MAX ? t->value * 10 + digit : VALUE_MAX;
		t->ndigits += t->ndigits < 255;
	}
	r->at = at;
	t->type = NW_DATE_TOK_NUMBER;
	return t->ndigits > 0;
}

/* 二〇二四 is read digit by digit, 三十一 and 一百一十三 by place. */
static int
read_han_number(struct reader *r, struct nw_date_tok *t)
{
	int64_t spelled = 0, placed = 0, unit = 0;
	int by_place = 0, v;
	size_t len, at = r->at, n = 0;

	for (; at < r->text.len && n < 12; at += len, n++) {
		v = han_numeral(peek(r, at, &len));
		if (v < 0)
			break;
		if (v >= 10) {
			by_place = 1;
			placed += v == 100 || v == 10 ? (unit == 0 ? 1 : unit) * v : v;
			unit = 0;
		} else {
			spelled = spelled * 10 + v;
			unit = v;
		}
	}
	if (n == 0)
		return 0;
	r->at = at;
	t->type = NW_DATE_TOK_NUMBER;
	t->digits = NW_DATE_HAN;
	t->value = by_place ? placed + unit : spelled;
	t->ndigits = (uint8_t)(by_place ? (t->value > 99 ? 3 : t->value > 9 ? 2 : 1) : n);
	return 1;
}

static void
look_up(struct nw_date_tok *t, const char *word)
{
	const struct nw_date_word *first;
	size_t n = nw_date_words_find(word, &first);

	t->word = (uint16_t)(first - nw_date_words);
	t->nword = (uint8_t)(n < 255 ? n : 255);
}

/* Scripts that write their words without blanks between them. */
static int
unspaced(int32_t c)
{
	return (c >= 0x2e80 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
	       c >= 0x20000;
}

/* The longest word of the table that begins here, else one character. */
static void
read_unspaced(struct reader *r, struct nw_date_tok *t)
{
	size_t ends[HAN_WORD_MAX], n = 0, len, at = r->at;
	char word[NW_DATE_WORD_SIZE];

	while (n < HAN_WORD_MAX && at < r->text.len && unspaced(peek(r, at, &len)))
		ends[n++] = at += len;
	for (; n > 0; n--) {
		len = ends[n - 1] - r->at;
		memcpy(word, r->text.p + r->at, len);
		word[len] = '\0';
		look_up(t, word);
		if (t->nword > 0 || n == 1)
			break;
	}
	t->type = NW_DATE_TOK_WORD;
	r->at = ends[n - 1];
}

/* A relative day that begins with a numeral: 一昨日. */
static int
read_day_word(struct reader *r, struct nw_date_tok *t)
{
	struct reader ahead = *r;
	struct nw_date_tok day = *t;
	size_t len;

	if (han_numeral(peek(r, r->at, &len)) < 0 || !unspaced(peek(r, r->at, &len)))
		return 0;
	read_unspaced(&ahead, &day);
	if (!nw_date_tok_is(&day, NW_DATE_DAYS_BACK, (struct nw_str){"", 0}, NULL))
		return 0;
	*r = ahead;
	*t = day;
	return 1;
}

static int
word_char(int32_t c)
{
	if (c >= 0x2b9 && c <= 0x2bc)
		return 0; /* apostrophes, though Unicode counts them as letters */
	return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	       (c >= 0x80 && !unspaced(c) &&
		   (u_isalpha(c) || nw_date_fold_is_mark(c) || u_charType(c) == U_NON_SPACING_MARK ||
		       u_charType(c) == U_COMBINING_SPACING_MARK));
}

/* The underscore inside "America/Los_Angeles" is of the word, that of "report_2024_03_15" is not. */
static int
joins(const struct reader *r, size_t at)
{
	return at > 0 && at + 1 < r->text.len && u_isalpha((unsigned char)r->text.p[at - 1]) &&
	       u_isalpha((unsigned char)r->text.p[at + 1]);
}

/* Folds the word at ${at} behind what ${word} holds; where it ends. */
static size_t
fold_word(const struct reader *r, size_t at, char word[NW_DATE_WORD_SIZE], size_t *n)
{
	char folded[NW_DATE_FOLD_MAX];
	size_t len, k;
	int32_t c;

	for (; at < r->text.len; at += len) {
		c = peek(r, at, &len);
		if (c == 0x200c || c == 0xad || nw_date_fold_is_sign(c))
			continue;
		if (!word_char(c) && !(c == '_' && joins(r, at)))
			break;
		k = nw_date_fold_char(c, folded);
		if (*n + k < NW_DATE_WORD_SIZE) {
			memcpy(word + *n, folded, k);
			*n += k;
		} else {
			*n = NW_DATE_WORD_SIZE; /* too long to mean anything */
		}
	}
	return at;
}

/* The meaning of two words together, if they have one: ${t} and r->at then stand behind the second. */
static int
look_up_pair(struct reader *r, struct nw_date_tok *t, char *word, size_t n, size_t second)
{
	struct nw_date_tok two = {0};
	size_t end = fold_word(r, second, word, &n);

	if (end == second || n >= NW_DATE_WORD_SIZE)
		return 0;
	word[n] = '\0';
	look_up(&two, word);
	if (two.nword == 0)
		return 0;
	t->word = two.word;
	t->nword = two.nword;
	r->at = end;
	return 1;
}

static void
read_word(struct reader *r, struct nw_date_tok *t)
{
	char word[NW_DATE_WORD_SIZE + NW_DATE_FOLD_MAX];
	size_t n = 0, end = fold_word(r, r->at, word, &n), len, letters;

	t->type = NW_DATE_TOK_WORD;
	letters = end - r->at;
	r->at = end;
	if (n >= NW_DATE_WORD_SIZE)
		return;
	word[n] = '\0';
	look_up(t, word);
	/* "p.m.", "μ.μ.", "มี.ค." */
	if (letters <= ABBREVIATION_MAX && end + 1 < r->text.len && r->text.p[end] == '.' &&
	    look_up_pair(r, t, word, n, end + 1))
		return;
	word[n] = '\0';
	if (!nw_date_tok_is(t, NW_DATE_PREFIX, (struct nw_str){"", 0}, NULL) || end >= r->text.len ||
	    (!blank(peek(r, end, &len)) && r->text.p[end] != '-'))
		return;
	word[n] = r->text.p[end] == '-' ? '-' : ' ';
	(void)look_up_pair(r, t, word, n + 1, end + len); /* else the first word stands alone */
}

static void
read_one(struct reader *r, struct nw_date_tok *t)
{
	size_t len;
	int32_t c;

	*t = (struct nw_date_tok){.gap = (uint8_t)r->gap, .from = (uint32_t)r->at};
	if (!read_number(r, t) && !read_day_word(r, t) && !read_han_number(r, t)) {
		c = peek(r, r->at, &len);
		if (unspaced(c) && u_isalpha(c)) {
			read_unspaced(r, t);
		} else if (word_char(c)) {
			read_word(r, t);
		} else {
			t->type = NW_DATE_TOK_MARK;
			t->value = mark_of(c);
			r->at += len;
		}
	}
	t->to = (uint32_t)r->at;
}

static void
skip_blanks(struct reader *r)
{
	size_t len;
	int32_t c;

	r->gap = 0;
	for (; r->at < r->text.len; r->at += len) {
		c = peek(r, r->at, &len);
		if (blank(c))
			r->gap = 1;
		else if (!invisible(c))
			break;
	}
}

/* "202019:12" is a year and an hour, "2024-03-1514:30" a day and an hour: a tag between them was lost. */
static int
glued(const struct nw_date_tok *tok, size_t n)
{
	const struct nw_date_tok *t = &tok[n - 1], *glue = n >= 2 ? &tok[n - 2] : NULL;

	if (glue == NULL || !nw_date_tok_mark(t, ':') || t->gap || glue->type != NW_DATE_TOK_NUMBER ||
	    glue->digits == NW_DATE_HAN)
		return 0;
	if (glue->ndigits == 6)
		return glue->value / 100 >= 1900 && glue->value / 100 <= 2200 && glue->value % 100 < 24;
	return glue->ndigits == 4 && n >= 6 && tok[n - 3].type == NW_DATE_TOK_MARK &&
	       tok[n - 4].type == NW_DATE_TOK_NUMBER && tok[n - 5].type == NW_DATE_TOK_MARK &&
	       tok[n - 6].ndigits == 4 && glue->value / 100 <= 31 && glue->value % 100 < 24;
}

static void
split(struct nw_date_tok *tok, size_t n)
{
	struct nw_date_tok *first = &tok[n - 2], *hour = &tok[n - 1];

	tok[n] = tok[n - 1];
	*hour = *first;
	hour->value = first->value % 100;
	hour->ndigits = 2;
	hour->gap = 1;
	first->value /= 100;
	first->ndigits -= 2;
}

size_t
nw_date_tok_read(struct nw_str text, size_t from, struct nw_date_tok *tok, size_t max)
{
	struct reader r = {text, from, 0};
	size_t n = 0;

	while (n + 2 < max) {
		skip_blanks(&r);
		if (r.at >= text.len)
			break;
		read_one(&r, &tok[n++]);
		if (glued(tok, n)) {
			split(tok, n);
			n++;
		}
	}
	tok[n] = (struct nw_date_tok){.from = (uint32_t)r.at, .to = (uint32_t)r.at};
	return n;
}

int
nw_date_tok_is(const struct nw_date_tok *t, enum nw_date_class cls, struct nw_str lang, int *value_r)
{
	const struct nw_date_word *w = &nw_date_words[t->word], *found = NULL;

	if (t->type != NW_DATE_TOK_WORD)
		return 0;
	for (size_t i = 0; i < t->nword; i++) {
		int own = w[i].lang[0] != '\0' && lang.len >= 2 && strncasecmp(w[i].lang, lang.p, 2) == 0;

		if (w[i].cls != cls || (cls == NW_DATE_ERA && w[i].lang[0] != '\0' && !own))
			continue;
		if (found == NULL || own)
			found = &w[i];
		if (own)
			break;
	}
	if (found != NULL && value_r != NULL)
		*value_r = found->value;
	return found != NULL;
}
