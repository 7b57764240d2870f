/* RFC 5322 headers, RFC 2047 encoded words. */
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/digest.h"
#include "sender/sender.h"

#define FOLD_AT	     76 /* columns of a header line */
#define WORD_BYTES   45 /* bytes of UTF-8 in one encoded word: 60 of base64 and 12 around stay under 75 (RFC 2047, 2) */

/* Controls, line separators and bidirectional overrides have no place in a header. */
static int
is_dropped(int32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f) || (cp >= 0x200e && cp <= 0x200f) ||
	    (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0xfeff;
}

static void
clean(struct nw_buf *out, struct nw_str in)
{
	const char *p = in.p, *end = p + in.len;
	size_t len;

	for (; p < end; p += len) {
		int32_t cp = nw_utf8_next(p, end, &len);

		if (cp == -1)
			nw_utf8_add(out, 0xfffd);
		else if (cp == '\t' || cp == '\n' || cp == '\r')
			nw_buf_addc(out, ' ');
		else if (!is_dropped(cp))
			nw_buf_add(out, p, len);
	}
}

static int
is_plain(struct nw_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] >= 0x7f || (s.p[i] == '=' && i + 1 < s.len && s.p[i + 1] == '?'))
			return 0;
	return 1;
}

/* ASCII words, a line break before each that would pass the column. */
static void
fold_words(struct nw_buf *b, size_t column, struct nw_str s)
{
	const char *p = s.p, *end = s.p + s.len, *stop;
	int first = 1;

	while (p < end) {
		while (p < end && *p == ' ')
			p++;
		for (stop = p; stop < end && *stop != ' '; stop++)
			continue;
		if (stop == p)
			break;
		if (!first && column + 1 + (size_t)(stop - p) > FOLD_AT) {
			nw_buf_adds(b, "\r\n");
			column = 0;
		}
		nw_buf_addc(b, ' ');
		nw_buf_add(b, p, (size_t)(stop - p));
		column += 1 + (size_t)(stop - p);
		p = stop;
		first = 0;
	}
}

static void
encoded_words(struct nw_buf *b, size_t column, struct nw_str s)
{
	struct nw_str rest = s;

	while (rest.len > 0) {
		size_t room = column + 1 + 12 + 60 > FOLD_AT + 1 && column + 25 < FOLD_AT ?
		    ((FOLD_AT - column - 13) / 4) * 3 : WORD_BYTES;
		size_t n = nw_utf8_cut(rest, room);

		if (n == 0 || column + 13 + (n + 2) / 3 * 4 > FOLD_AT + 1) {
			n = nw_utf8_cut(rest, WORD_BYTES);
			nw_buf_adds(b, "\r\n");
			column = 0;
		}
		nw_buf_adds(b, " =?UTF-8?B?");
		nw_base64_add(b, rest.p, n);
		nw_buf_adds(b, "?=");
		column += 13 + (n + 2) / 3 * 4;
		rest = (struct nw_str){rest.p + n, rest.len - n};
	}
}

static void
unstructured(struct nw_buf *b, size_t column, struct nw_str value)
{
	struct nw_buf c = {0};
	struct nw_str s;

	clean(&c, value);
	s = nw_buf_str(&c);
	b->failed |= c.failed;
	/* a word longer than a line may not be folded inside, but may be encoded */
	if (is_plain(s) && s.len < 900)
		fold_words(b, column, s);
	else
		encoded_words(b, column, s);
	nw_buf_done(&c);
}

void
nw_header_text(struct nw_buf *b, const char *name, struct nw_str value)
{
	nw_buf_addf(b, "%s:", name);
	unstructured(b, strlen(name) + 1, value);
	nw_buf_adds(b, "\r\n");
}

void
nw_header_raw(struct nw_buf *b, const char *name, struct nw_str value)
{
	nw_buf_addf(b, "%s: ", name);
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.p[i] >= 0x20 && (unsigned char)value.p[i] < 0x7f)
			nw_buf_addc(b, value.p[i]);
	nw_buf_adds(b, "\r\n");
}

int
nw_header_addr_spec(struct nw_str a, struct nw_str *spec_r)
{
	const char *open = memrchr(a.p, '<', a.len);
	struct nw_str s = a;

	if (open != NULL) {
		if (a.p[a.len - 1] != '>')
			return -1;
		s = (struct nw_str){open + 1, (size_t)(a.p + a.len - 1 - (open + 1))};
	}
	if (s.len < 3 || memchr(s.p, '@', s.len) == NULL || s.p[0] == '@' || s.p[s.len - 1] == '@')
		return -1;
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] <= 0x20 || s.p[i] == 0x7f || strchr("<>()[],;:\\\"", s.p[i]) != NULL)
			return -1;
	*spec_r = s;
	return 0;
}

int
nw_header_address(struct nw_buf *b, const char *name, struct nw_str a)
{
	struct nw_str spec, display;
	const char *open = memrchr(a.p, '<', a.len);

	if (nw_header_addr_spec(a, &spec) == -1)
		return -1;
	nw_buf_addf(b, "%s:", name);
	if (open != NULL && open > a.p) {
		display = (struct nw_str){a.p, (size_t)(open - a.p)};
		while (display.len > 0 && strchr(" \"", display.p[display.len - 1]) != NULL)
			display.len--;
		while (display.len > 0 && strchr(" \"", display.p[0]) != NULL)
			display = (struct nw_str){display.p + 1, display.len - 1};
		if (is_plain(display)) {
			nw_buf_adds(b, " \"");
			for (size_t i = 0; i < display.len; i++)
				if (strchr("\"\\\r\n", display.p[i]) == NULL)
					nw_buf_addc(b, display.p[i]);
			nw_buf_addc(b, '"');
		} else {
			unstructured(b, strlen(name) + 1, display);
		}
		nw_buf_addf(b, "\r\n <%.*s>", (int)spec.len, spec.p);
	} else {
		nw_buf_addf(b, " %.*s", (int)spec.len, spec.p);
	}
	nw_buf_adds(b, "\r\n");
	return 0;
}
