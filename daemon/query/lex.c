#include <unicode/uchar.h>

#include "base/str.h"
#include "base/utf8.h"
#include "query/lex.h"

enum cls { SPACE, OPEN, CLOSE, COMMA, QUOTE, IGNORED, OTHER };

/* What a character is to the lexer; full-width forms and typographic quotes stand for their ASCII forms
 * (R25). */
static enum cls
class_of(const char *p, const char *end, size_t *len_r)
{
	int32_t c;

	*len_r = 1;
	if ((unsigned char)*p < 0x80) {
		switch (*p) {
		case '(':
			return OPEN;
		case ')':
			return CLOSE;
		case ',':
			return COMMA;
		case '"':
			return QUOTE;
		default:
			return (unsigned char)*p <= ' ' || *p == 0x7f ? SPACE : OTHER;
		}
	}
	switch ((c = nw_utf8_next(p, end, len_r))) {
	case 0xff08:
		return OPEN;
	case 0xff09:
		return CLOSE;
	case 0xff0c:
		return COMMA;
	case 0x201c:
	case 0x201d:
	case 0x201e:
	case 0xff02:
		return QUOTE;
	default:
		if (c < 0 || u_charType(c) == U_FORMAT_CHAR)
			return IGNORED;
		return u_isUWhiteSpace(c) ? SPACE : OTHER;
	}
}

/* To the first character of a token; what is invisible (byte order mark, direction marks) is no part of it.
 */
static void
skip(struct nw_lex *lx)
{
	const char *end = lx->text.p + lx->text.len;
	size_t n;
	enum cls c;

	while (lx->pos < lx->text.len) {
		c = class_of(lx->text.p + lx->pos, end, &n);
		if (c != SPACE && c != IGNORED)
			return;
		lx->pos += n;
	}
}

static void
read_word(struct nw_lex *lx, struct nw_token *t)
{
	const char *end = lx->text.p + lx->text.len;
	size_t pos = lx->pos, stop = pos, n;
	enum cls c = OTHER;

	for (; pos < lx->text.len; pos += n) {
		c = class_of(lx->text.p + pos, end, &n);
		if (c != OTHER && c != IGNORED)
			break;
		if (c == OTHER)
			stop = pos + n;
	}
	t->type = NW_LEX_WORD;
	t->called = pos < lx->text.len && c == OPEN;
	t->text = (struct nw_str){lx->text.p + lx->pos, stop - lx->pos};
	lx->end = stop;
	lx->pos = pos;
}

/* From the quote at pos, of n bytes, to the next quote of any kind. */
static void
read_quoted(struct nw_lex *lx, struct nw_token *t, size_t n)
{
	const char *end = lx->text.p + lx->text.len;
	size_t start = lx->pos + n, pos;

	for (pos = start; pos < lx->text.len; pos += n)
		if (class_of(lx->text.p + pos, end, &n) == QUOTE)
			break;
	t->text = (struct nw_str){lx->text.p + start, pos - start};
	t->type = pos < lx->text.len ? NW_LEX_QUOTED : NW_LEX_QUOTE_OPEN;
	lx->pos = lx->end = pos < lx->text.len ? pos + n : pos;
}

/* From the slash at pos to the next one that has no backslash before it, in the same line. */
static void
read_regex(struct nw_lex *lx, struct nw_token *t)
{
	const char *p = lx->text.p;
	size_t start = lx->pos + 1, pos = start;

	while (pos < lx->text.len && p[pos] != '/' && p[pos] != '\n')
		pos += p[pos] == '\\' && pos + 1 < lx->text.len && p[pos + 1] != '\n' ? 2 : 1;
	t->text = (struct nw_str){p + start, pos - start};
	t->type = NW_LEX_REGEX_OPEN;
	if (pos < lx->text.len && p[pos] == '/') {
		t->type = NW_LEX_REGEX;
		pos++;
		if (pos < lx->text.len && p[pos] == 'i') {
			t->icase = 1;
			pos++;
		}
	}
	lx->pos = lx->end = pos;
}

static void
read_token(struct nw_lex *lx, struct nw_token *t, int operand)
{
	static const enum nw_lex_type type_of[] = {
	    [OPEN] = NW_LEX_OPEN, [CLOSE] = NW_LEX_CLOSE, [COMMA] = NW_LEX_COMMA};
	enum cls c;
	size_t n;

	skip(lx);
	*t = (struct nw_token){.type = NW_LEX_END, .off = lx->pos, .text = {lx->text.p + lx->pos, 0}};
	if (lx->pos >= lx->text.len)
		return;
	c = class_of(lx->text.p + lx->pos, lx->text.p + lx->text.len, &n);
	if (c == QUOTE) {
		read_quoted(lx, t, n);
	} else if (c == OTHER) {
		if (operand && lx->text.p[lx->pos] == '/')
			read_regex(lx, t);
		else
			read_word(lx, t);
	} else {
		t->type = type_of[c];
		t->text.len = n;
		lx->pos = lx->end = lx->pos + n;
	}
	t->len = lx->end - t->off;
}

void
nw_lex_operand(struct nw_lex *lx, struct nw_token *t)
{
	read_token(lx, t, 1);
}

void
nw_lex_operator(struct nw_lex *lx, struct nw_token *t)
{
	read_token(lx, t, 0);
}

size_t
nw_lex_prefix(struct nw_str w, struct nw_str *name_r)
{
	size_t n = 0;

	if (w.len == 0 || w.p[0] < 'a' || w.p[0] > 'z')
		return 0;
	while (n < w.len && ((w.p[n] >= 'a' && w.p[n] <= 'z') || (w.p[n] >= '0' && w.p[n] <= '9') ||
				w.p[n] == '-' || w.p[n] == '_'))
		n++;
	*name_r = (struct nw_str){w.p, n};
	if (n < w.len && w.p[n] == ':')
		return n + 1;
	if (w.len - n >= 3 && memcmp(w.p + n, "\xef\xbc\x9a", 3) == 0) /* U+FF1A */
		return n + 3;
	if (n == 2 && n < w.len && w.p[n] == '=' && (memcmp(w.p, "hd", 2) == 0 || memcmp(w.p, "la", 2) == 0))
		return n + 1;
	return 0;
}
