/*
 * utf8.h - UTF-8 as the Unicode Standard defines it (no surrogates, no overlong forms, up to U+10FFFF).
 * Floor 0.
 */
#ifndef NW_BASE_UTF8_H
#define NW_BASE_UTF8_H

#include <newswatch/plugin.h>

struct nw_buf;

/* The code point at p (p < end) and its length in bytes; an invalid byte gives -1 and length 1. */
int32_t nw_utf8_next(const char *p, const char *end, size_t *len_r);
/* The code point that ends at `end` (start < end), going back. */
int32_t nw_utf8_prev(const char *start, const char *end, size_t *len_r);
/* Writes 1 to 4 bytes; 0 for what is no scalar value. */
size_t nw_utf8_put(char out[4], uint32_t cp);
void nw_utf8_add(struct nw_buf *, uint32_t cp);
/* Whether p[0..n) is valid and holds no NUL. */
int nw_utf8_valid(const void *p, size_t n);
/* Appends p[0..n) with each maximal invalid part as U+FFFD, and NUL as U+FFFD. */
void nw_utf8_repair(struct nw_buf *, const void *p, size_t n);
/* Characters of a valid text. */
static inline uint32_t
nw_utf8_count(struct nw_str s)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}
/* The largest cut <= max that does not split a character. */
size_t nw_utf8_cut(struct nw_str, size_t max);
#endif
