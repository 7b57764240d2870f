#include <string.h>

#include "page_said.h"
#include "page_text.h"

/* "<p>" or "&amp;": it was written for a browser. */
static int
is_markup(struct nw_str s)
{
	for (const char *p = s.p; (p = strpbrk(p, "<&")) != NULL; p++) {
		char c = p[1] == '/' || p[1] == '#' ? p[2] : p[1];

		if ((c | 32) >= 'a' && (c | 32) <= 'z' &&
		    (*p == '<' || memchr(p, ';', strnlen(p, 12)) != NULL))
			return 1;
		if (*p == '&' && p[1] == '#')
			return 1;
	}
	return 0;
}

static void
add_line(struct nw_page_buf *b, struct nw_str line, int is_html)
{
	nw_page_text_adds(b, "<p>");
	for (size_t i = 0; i < line.len; i++) {
		char c = line.p[i];

		if (!is_html && (c == '<' || c == '>' || c == '&'))
			nw_page_text_adds(b, c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&amp;");
		else
			nw_page_text_add(b, &c, 1);
	}
	nw_page_text_adds(b, "</p>");
}

struct nw_str
nw_page_said_html(struct nw_page *pg, struct nw_str body)
{
	struct nw_page_buf b = {.pg = pg};
	int is_html = is_markup(body);
	const char *end = body.p + body.len, *from = body.p, *stop;

	if (is_html && nw_page_text_ifind(body, "<p") != NULL)
		return body;
	for (; from < end; from = stop + 1) {
		if ((stop = memchr(from, '\n', (size_t)(end - from))) == NULL)
			stop = end;
		if (nw_page_text_trim((struct nw_str){from, (size_t)(stop - from)}).len > 0)
			add_line(&b, (struct nw_str){from, (size_t)(stop - from)}, is_html);
	}
	return nw_page_text_str(&b);
}

struct nw_str
nw_page_said_text(struct nw_page *pg, struct nw_str body)
{
	struct nw_page_buf b = {.pg = pg};
	int inside = 0, is_html = is_markup(body);

	for (size_t i = 0; i < body.len; i++) {
		if (is_html && body.p[i] == '<')
			inside = 1;
		if (!inside)
			nw_page_text_add(&b, body.p + i, 1);
		else if (body.p[i] == '>')
			inside = 0;
	}
	return nw_page_text_str(&b);
}
