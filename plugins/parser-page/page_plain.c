#include <string.h>

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

#include "page_plain.h"
#include "page_text.h"

#define REFERENCE_MAX 12 /* bytes of a character reference between '&' and ';' */

/* The character of "amp", "#39", "#x27"; 0 if it is none. */
static uint32_t
point_of(const char *p, size_t len)
{
	char name[REFERENCE_MAX + 1];
	const htmlEntityDesc *known;
	uint32_t cp = 0;
	int base = 10;

	memcpy(name, p, len);
	name[len] = '\0';
	if (name[0] != '#') {
		known = htmlEntityLookup(BAD_CAST name);
		return known != NULL ? known->value : strcmp(name, "apos") == 0 ? '\'' : 0;
	}
	p = name + 1;
	if ((*p | 0x20) == 'x') {
		base = 16;
		p++;
	}
	for (; *p != '\0'; p++) {
		int digit = *p >= '0' && *p <= '9' ? *p - '0'
			    : (*p | 0x20) >= 'a'   ? (*p | 0x20) - 'a' + 10
						   : base;

		if (digit >= base || cp > 0x10ffff)
			return 0;
		cp = cp * (uint32_t)base + (uint32_t)digit;
	}
	return cp < 0x20 || cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000) || (cp >= 0x7f && cp < 0xa0) ? 0
													: cp;
}

struct nw_str
nw_page_plain_decode(struct nw_page *pg, struct nw_str s)
{
	struct nw_page_buf b = {.pg = pg};
	const char *p = s.p, *end = s.p + s.len, *semicolon;
	xmlChar u[5]; /* UTF-8 of one character */
	uint32_t cp;

	if (s.len == 0 || memchr(s.p, '&', s.len) == NULL)
		return s;
	while (p < end) {
		size_t most = (size_t)(end - p) - 1;

		cp = 0;
		if (*p == '&' &&
		    (semicolon = memchr(p + 1, ';', most < REFERENCE_MAX ? most : REFERENCE_MAX)) != NULL)
			cp = point_of(p + 1, (size_t)(semicolon - p - 1));
		if (cp != 0) {
			nw_page_text_add(&b, (const char *)u, (size_t)xmlCopyCharMultiByte(u, (int)cp));
			p = semicolon + 1;
		} else {
			nw_page_text_add(&b, p++, 1);
		}
	}
	return nw_page_text_str(&b);
}

/* "a < b" has no tag. */
static int
tag_begins(const char *p, const char *end)
{
	return p + 1 < end && (((p[1] | 0x20) >= 'a' && (p[1] | 0x20) <= 'z') || p[1] == '/' || p[1] == '!');
}

static struct nw_str
without_tags(struct nw_page *pg, struct nw_str s)
{
	struct nw_page_buf b = {.pg = pg};
	const char *p = s.p, *end = s.p + s.len, *stop, *past = s.p;

	while (p < end) {
		if ((stop = memchr(p, '<', (size_t)(end - p))) == NULL)
			stop = end;
		nw_page_text_add(&b, p, (size_t)(stop - p));
		p = stop;
		if (past != NULL && past <= p) /* the next '>' is looked for once */
			past = memchr(p, '>', (size_t)(end - p));
		if (past != NULL && p < end && tag_begins(p, end)) {
			p = past + 1;
		} else if (p < end) {
			nw_page_text_add(&b, p++, 1);
		}
	}
	return nw_page_text_str(&b);
}

struct nw_str
nw_page_plain_line(struct nw_page *pg, struct nw_str s)
{
	if (s.len == 0)
		return s;
	if (memchr(s.p, '<', s.len) != NULL)
		s = without_tags(pg, s);
	return nw_page_text_line(pg, nw_page_plain_decode(pg, s));
}
