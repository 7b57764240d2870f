#include <stdio.h>
#include <stdlib.h>

#include <unicode/uregex.h>
#include <unicode/ustring.h>

#include "page_regex.h"
#include "page_text.h"

#define TEXT_MAX (1u << 20) /* bytes of a text that is searched; UTF-16 takes twice as many */

struct nw_page_regex {
	URegularExpression *re;
};

static UChar *
widen(struct nw_str s, int32_t *len_r)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar *u;

	if (s.len > TEXT_MAX)
		s.len = TEXT_MAX;
	if ((u = malloc((s.len + 1) * sizeof(*u))) == NULL)
		return NULL;
	u_strFromUTF8WithSub(u, (int32_t)s.len + 1, len_r, s.p, (int32_t)s.len, 0xfffd, NULL, &e);
	if (U_SUCCESS(e))
		return u;
	free(u);
	return NULL;
}

static struct nw_str
narrow(struct nw_page *pg, const UChar *u, int32_t len)
{
	size_t cap = (size_t)len * 3 + 1;
	char *p = nw_page_alloc(pg, cap);
	UErrorCode e = U_ZERO_ERROR;
	int32_t n = 0;

	if (p == NULL)
		return (struct nw_str){"", 0};
	u_strToUTF8WithSub(p, (int32_t)cap, &n, u, len, 0xfffd, NULL, &e);
	return U_SUCCESS(e) ? (struct nw_str){p, (size_t)n} : (struct nw_str){"", 0};
}

struct nw_page_regex *
nw_page_regex_new(struct nw_str pattern, char *why, size_t why_size)
{
	struct nw_page_regex *r = calloc(1, sizeof(*r));
	UErrorCode e = U_ZERO_ERROR;
	UParseError at = {0};
	int32_t len = 0;
	UChar *u = widen(pattern, &len);

	if (r != NULL && u != NULL)
		r->re = uregex_open(u, len, 0, &at, &e);
	free(u);
	if (r == NULL || r->re == NULL || U_FAILURE(e)) {
		snprintf(why, why_size, "no regular expression: %s at character %d", u_errorName(e),
		    at.offset + 1);
		nw_page_regex_free(r);
		return NULL;
	}
	uregex_setTimeLimit(r->re, NW_PAGE_REGEX_TIME, &e);
	uregex_setStackLimit(r->re, NW_PAGE_REGEX_STACK, &e);
	return r;
}

void
nw_page_regex_free(struct nw_page_regex *r)
{
	if (r == NULL)
		return;
	if (r->re != NULL)
		uregex_close(r->re);
	free(r);
}

/* The first group that took part; 0 is the whole match. */
static int32_t
group_of(URegularExpression *re)
{
	UErrorCode e = U_ZERO_ERROR;
	int32_t n = uregex_groupCount(re, &e);

	for (int32_t i = 1; i <= n; i++)
		if (uregex_start(re, i, &e) >= 0)
			return i;
	return 0;
}

int
nw_page_regex_find(struct nw_page_regex *r, struct nw_page *pg, struct nw_str text, struct nw_str *found_r)
{
	UErrorCode e = U_ZERO_ERROR;
	int32_t len = 0, group, from;
	UChar *u = widen(text, &len);
	int found;

	if (u == NULL)
		return 0;
	uregex_setText(r->re, u, len, &e);
	found = U_SUCCESS(e) && uregex_find(r->re, 0, &e) && U_SUCCESS(e);
	if (found && found_r != NULL) {
		group = group_of(r->re);
		from = uregex_start(r->re, group, &e);
		*found_r = narrow(pg, u + from, uregex_end(r->re, group, &e) - from);
	}
	free(u);
	return found;
}

struct nw_str
nw_page_regex_replace(struct nw_page_regex *r, struct nw_page *pg, struct nw_str text, struct nw_str with)
{
	UErrorCode e = U_ZERO_ERROR;
	int32_t len = 0, wlen = 0, n, cap = (int32_t)text.len * 2 + 1024;
	UChar *u = widen(text, &len), *w = widen(with, &wlen), *out = malloc((size_t)cap * sizeof(*out));
	struct nw_str result = text;

	if (u != NULL && w != NULL && out != NULL) {
		uregex_setText(r->re, u, len, &e);
		n = uregex_replaceAll(r->re, w, wlen, out, cap, &e);
		if (U_SUCCESS(e) && n <= cap)
			result = narrow(pg, out, n);
	}
	free(u);
	free(w);
	free(out);
	return result;
}
