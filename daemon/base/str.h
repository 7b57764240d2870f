/*
 * str.h - small inline helpers on struct nw_str.
 * Floor 0.  Borrowed text; nothing here allocates.
 */
#ifndef NW_BASE_STR_H
#define NW_BASE_STR_H

#include <string.h>

#include <newswatch/plugin.h>

static inline struct nw_str
nw_str(const char *s)
{
	return (struct nw_str){s != NULL ? s : "", s != NULL ? strlen(s) : 0};
}

/* What a plugin may leave zero becomes "". */
static inline struct nw_str
nw_str_or_empty(struct nw_str s)
{
	return s.p != NULL ? s : (struct nw_str){"", 0};
}

static inline int
nw_str_eq(struct nw_str a, struct nw_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static inline int
nw_str_is(struct nw_str a, const char *b)
{
	return nw_str_eq(a, nw_str(b));
}

static inline int
nw_str_cmp(struct nw_str a, struct nw_str b)
{
	int rc = memcmp(a.p, b.p, a.len < b.len ? a.len : b.len);

	return rc != 0 ? rc : (a.len > b.len) - (a.len < b.len);
}

static inline int
nw_str_starts(struct nw_str a, const char *prefix)
{
	size_t n = strlen(prefix);

	return a.len >= n && memcmp(a.p, prefix, n) == 0;
}

/* The value of a hexadecimal digit, or -1. */
static inline int
nw_str_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}
#endif
