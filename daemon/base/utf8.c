#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

/* Björn Höhrmann's observation: the second byte alone decides overlong forms, surrogates and the upper bound. */
static int
second_ok(unsigned char lead, unsigned char c)
{
	if (lead == 0xe0)
		return c >= 0xa0 && c <= 0xbf;
	if (lead == 0xed)
		return c >= 0x80 && c <= 0x9f;
	if (lead == 0xf0)
		return c >= 0x90 && c <= 0xbf;
	if (lead == 0xf4)
		return c >= 0x80 && c <= 0x8f;
	return c >= 0x80 && c <= 0xbf;
}

int32_t
nw_utf8_next(const char *start, const char *limit, size_t *len_r)
{
	const unsigned char *p = (const unsigned char *)start, *end = (const unsigned char *)limit;
	size_t n, i;
	uint32_t cp;

	*len_r = 1;
	if (p[0] < 0x80)
		return p[0];
	n = p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
	if (n == 0 || (size_t)(end - p) < 2 || !second_ok(p[0], p[1]))
		return -1;
	cp = p[0] & (0x7fu >> n);
	for (i = 1; i < n; i++) {
		if (p + i >= end || (p[i] & 0xc0) != 0x80) {
			*len_r = i; /* the maximal part that could have begun a character */
			return -1;
		}
		cp = cp << 6 | (p[i] & 0x3fu);
	}
	*len_r = n;
	return (int32_t)cp;
}

int32_t
nw_utf8_prev(const char *start, const char *end, size_t *len_r)
{
	const char *p = end - 1;
	size_t len;
	int32_t cp;

	while (p > start && end - p < 4 && ((unsigned char)*p & 0xc0) == 0x80)
		p--;
	cp = nw_utf8_next(p, end, &len);
	if (cp == -1 || p + len != end) {
		*len_r = 1;
		return -1;
	}
	*len_r = len;
	return cp;
}

size_t
nw_utf8_put(char out[4], uint32_t cp)
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp >= 0xd800 && cp <= 0xdfff)
		return 0;
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	if (cp > 0x10ffff)
		return 0;
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

void
nw_utf8_add(struct nw_buf *b, uint32_t cp)
{
	char out[4];

	nw_buf_add(b, out, nw_utf8_put(out, cp));
}

/* A character of three bytes that no rule but the continuation concerns: nearly all of Chinese, Japanese, Korean. */
static inline int
is_plain_three(const unsigned char *p)
{
	return p[0] > 0xe0 && p[0] < 0xf0 && p[0] != 0xed && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80;
}

/* The end of the run of valid, NUL-free characters at p. */
static const char *
valid_run(const char *p, const char *end)
{
	uint64_t w;
	size_t len;

	while (p < end) {
		if (end - p >= 8) { /* eight ASCII characters at a time, none of them NUL */
			memcpy(&w, p, 8);
			if ((w & 0x8080808080808080u) == 0 && ((w - 0x0101010101010101u) & 0x8080808080808080u) == 0) {
				p += 8;
				continue;
			}
		}
		if ((unsigned char)*p - 1u < 0x7f) { /* ASCII, not NUL */
			p++;
		} else if (end - p >= 3 && is_plain_three((const unsigned char *)p)) {
			p += 3;
		} else {
			if (*p == '\0' || nw_utf8_next(p, end, &len) == -1)
				break;
			p += len;
		}
	}
	return p;
}

int
nw_utf8_valid(const void *p, size_t n)
{
	const char *s = p;

	return n == 0 || valid_run(s, s + n) == s + n;
}

void
nw_utf8_repair(struct nw_buf *b, const void *data, size_t n)
{
	const char *p = data, *end = p + n, *run;
	size_t len;

	while (p < end) {
		run = valid_run(p, end);
		nw_buf_add(b, p, (size_t)(run - p));
		p = run;
		if (p < end) {
			(void)nw_utf8_next(p, end, &len); /* only its length */
			nw_utf8_add(b, 0xfffd);
			p += len;
		}
	}
}

size_t
nw_utf8_cut(struct nw_str s, size_t max)
{
	if (s.len <= max)
		return s.len;
	while (max > 0 && ((unsigned char)s.p[max] & 0xc0) == 0x80)
		max--;
	return max;
}
