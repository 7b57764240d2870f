#include <string.h>

#include "page_json.h"
#include "page_plain.h"
#include "page_text.h"

#define PREFIX_BYTES 64 /* within which a CDATA mark may stand */

/* From the first brace on: "<![CDATA[", "<!--" and the like stand before it. */
static struct nw_str
from_brace(struct nw_str s)
{
	const char *cdata = nw_page_text_ifind(s, "<![CDATA["), *from = s.p;

	if (cdata != NULL && cdata - s.p < PREFIX_BYTES)
		from = cdata + strlen("<![CDATA[");
	from += strcspn(from, "{[");
	return (struct nw_str){from, s.len - (size_t)(from - s.p)};
}

static int
is_escaped(struct nw_str s)
{
	size_t n = strspn(s.p, "{[ \t\r\n");

	return nw_page_text_istarts((struct nw_str){s.p + n, s.len - n}, "&quot;");
}

static const char *
blanks(const char *p, const char *end)
{
	while (p < end && (unsigned char)*p <= ' ')
		p++;
	return p;
}

/* Behind the comment that begins at p, or p itself. */
static const char *
comment(const char *p, const char *end)
{
	if (p + 1 >= end || *p != '/')
		return p;
	if (p[1] == '/') {
		while (p < end && *p != '\n' && *p != '\r')
			p++;
	} else if (p[1] == '*') {
		for (p += 2; p + 1 < end && (p[0] != '*' || p[1] != '/'); p++)
			;
		p = p + 2 < end ? p + 2 : end;
	}
	return p;
}

/* One character inside a string, with its escape; the one behind it. */
static const char *
inside(struct nw_page_buf *b, const char *p, const char *end)
{
	const char *run;

	if (*p == '\\' && p + 1 < end) {
		if (strchr("\"\\/bfnrtu", p[1]) != NULL && p[1] != '\0')
			nw_page_text_add(b, p, 2);
		else if ((unsigned char)p[1] >= ' ')
			nw_page_text_add(b, p + 1, 1);
		return p + 2;
	}
	for (run = p; run < end && *run != '"' && *run != '\\' && (unsigned char)*run >= ' '; run++)
		;
	if (run > p)
		nw_page_text_add(b, p, (size_t)(run - p));
	else
		nw_page_text_adds(b, " ");
	return run > p ? run : p + 1;
}

struct nw_str
nw_page_json_mend(struct nw_page *pg, struct nw_str text)
{
	struct nw_page_buf b = {.pg = pg};
	struct nw_str s = from_brace(text);
	const char *p, *end, *next;
	int in_string = 0;

	if (is_escaped(s))
		s = nw_page_plain_decode(pg, s);
	for (p = s.p, end = s.p + s.len; p < end; p = next) {
		next = p + 1;
		if (*p == '"') {
			in_string = !in_string;
		} else if (in_string) {
			next = inside(&b, p, end);
			continue;
		} else if (*p == '/' && (next = comment(p, end)) != p) {
			continue;
		} else if (*p == ',' && (next = blanks(p + 1, end)) < end && (*next == '}' || *next == ']')) {
			continue;
		}
		next = p + 1;
		nw_page_text_add(&b, p, 1);
	}
	return nw_page_text_str(&b);
}
