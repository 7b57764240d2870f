#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/str.h"
#include "core/limits.h"
#include "text/html_scan.h"
#include "text/html_tags.h"

#define NAME_SIZE 12	     /* bytes of an element's name with its NUL; longer ones are unknown */
#define LOOK_MAX  (1u << 16) /* bytes a tag may have before it is taken for text */
#define LOOK_ALL  (1u << 20) /* bytes looked at in vain before the rest is taken for text */
#define SHORT_TAG 1024	     /* bytes; a shorter tag cannot hold enough attributes to hurt */

static int
blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static int
letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Behind the ">" of a tag, which does not count inside quotes that close; NULL if it is missing. */
static const char *
tag_end(const char *p, const char *end)
{
	const char *close;

	for (; p < end && *p != '>'; p++)
		if (*p == '=' && p + 1 < end && (p[1] == '"' || p[1] == '\'') &&
		    (close = memchr(p + 2, p[1], (size_t)(end - p - 2))) != NULL)
			p = close;
	return p < end ? p + 1 : NULL;
}

/* The element whose name begins at p and ends where a name may end. */
static const struct nw_tag_info *
element_at(const char *p, const char *end)
{
	char name[NAME_SIZE];
	size_t n = 0;

	for (; p < end && (letter(*p) || (*p >= '0' && *p <= '9')) && n < sizeof(name); p++)
		name[n++] = (char)(*p >= 'A' && *p <= 'Z' ? *p | 0x20 : *p);
	if (p < end && *p != '>' && *p != '/' && !blank(*p))
		return NULL;
	return nw_html_tags_find(name, n);
}

static int
is_declaration(const char *p, const char *end)
{
	return end - p > 9 && (strncasecmp(p, "<!doctype", 9) == 0 || memcmp(p, "<![CDATA[", 9) == 0);
}

int
nw_html_scan_tag(const char *p, const char *end, struct nw_html_scan *scan_r)
{
	size_t vain = 0;
	const char *close;

	for (; p < end && vain < LOOK_ALL && (p = memchr(p, '<', (size_t)(end - p))) != NULL && end - p > 2;
	     p++) {
		*scan_r = (struct nw_html_scan){.start = p, .closing = p[1] == '/'};
		if (end - p >= 7 && memcmp(p, "<!--", 4) == 0) {
			close = memmem(p + 4, (size_t)(end - p) - 4, "-->", 3);
			scan_r->end = close != NULL ? close + 3 : end;
			return 1;
		}
		if (is_declaration(p, end)) {
			scan_r->end = p[2] == '[' ? p + 9 : tag_end(p, end);
			return scan_r->end != NULL;
		}
		scan_r->info = element_at(p + 1 + scan_r->closing, end);
		if (scan_r->info == NULL)
			continue;
		scan_r->end = tag_end(p, (size_t)(end - p) < LOOK_MAX ? end : p + LOOK_MAX);
		if (scan_r->end != NULL)
			return 1;
		vain += (size_t)(end - p) < LOOK_MAX ? (size_t)(end - p) : LOOK_MAX;
	}
	return 0;
}

int
nw_html_scan_markup(struct nw_str s)
{
	const char *p = s.p, *end = s.p + s.len;
	struct nw_html_scan tag;
	int seen = 0;

	while (nw_html_scan_tag(p, end, &tag)) {
		if (tag.closing || tag.info == NULL || tag.info->flags & NW_TAG_VOID)
			return 1;
		seen = 1;
		p = tag.end;
	}
	return !seen;
}

struct nw_str
nw_html_scan_unwrap(struct nw_str html)
{
	while (html.len > 0 && blank(html.p[0]))
		html.p++, html.len--;
	if (!nw_str_starts(html, "<![CDATA["))
		return html;
	html.p += 9;
	html.len -= 9;
	while (html.len > 0 && blank(html.p[html.len - 1]))
		html.len--;
	if (html.len >= 3 && memcmp(html.p + html.len - 3, "]]>", 3) == 0)
		html.len -= 3;
	return html;
}

/* How many attributes the tag at p could have at most, and where it ends. */
static size_t
count_attrs(const char *p, const char *end, const char **end_r)
{
	size_t n = 0;
	const char *close;

	for (p++; p < end && *p != '>'; p++) {
		if (blank(*p) && p + 1 < end && !blank(p[1]))
			n++;
		if ((*p == '"' || *p == '\'') && p[-1] == '=') {
			close = memchr(p + 1, *p, (size_t)(end - p - 1));
			p = close != NULL ? close : end - 1;
			n++;
		}
	}
	*end_r = p;
	return n;
}

struct nw_str
nw_html_scan_guard(struct nw_str html, struct nw_buf *copy)
{
	const char *p = html.p, *end = p + html.len, *from = p, *stop;

	while (p < end && (p = memchr(p, '<', (size_t)(end - p))) != NULL) {
		if (end - p < SHORT_TAG)
			break;
		if (!letter(p[1]) || memchr(p, '>', SHORT_TAG) != NULL) {
			p++;
			continue;
		}
		if (count_attrs(p, end, &stop) > NW_ATTRS_MAX) {
			for (p++; p < end && !blank(*p); p++)
				;
			nw_buf_add(copy, from, (size_t)(p - from));
			from = stop;
		}
		p = stop;
	}
	if (from == html.p)
		return html;
	nw_buf_add(copy, from, (size_t)(end - from));
	return nw_buf_str(copy);
}
