#include <string.h>

#include "page_dom.h"
#include "page_line.h"
#include "page_meta.h"
#include "page_text.h"

#define METAS_MAX 512 /* of a page */

struct nw_page_metas {
	uint32_t n;
	struct {
		struct nw_str name, value;
	} v[METAS_MAX];
};

/* `property` may name several, separated by blanks. */
static void
add(struct nw_page *pg, struct nw_str names, struct nw_str value)
{
	struct nw_page_metas *m = pg->metas;
	const char *p = names.p, *end = names.p + names.len, *from;

	while (p < end && m->n < METAS_MAX) {
		while (p < end && (unsigned char)*p <= ' ')
			p++;
		for (from = p; p < end && (unsigned char)*p > ' '; p++)
			;
		if (p > from) {
			m->v[m->n].name = (struct nw_str){from, (size_t)(p - from)};
			m->v[m->n++].value = value;
		}
	}
}

/* "dcterms.creator", "article : author": dots and blanks around the colon are written as ':' */
static int
same_name(struct nw_str name, const char *want)
{
	size_t i;

	for (i = 0; i < name.len && want[i] != '\0'; i++) {
		char a = name.p[i] == '.' ? ':' : name.p[i];

		if (a >= 'A' && a <= 'Z')
			a += 'a' - 'A';
		if (a != (want[i] == '.' ? ':' : want[i]))
			return 0;
	}
	return i == name.len && want[i] == '\0';
}

void
nw_page_meta_open(struct nw_page *pg)
{
	static const char *const attr[] = {"property", "name", "itemprop", "http-equiv"};
	struct nw_str value;

	if ((pg->metas = nw_page_alloc(pg, sizeof(*pg->metas))) == NULL)
		return;
	for (size_t i = 0; i < sizeof(attr) / sizeof(*attr);
	     i++) /* a property is said with more care than a name */
		for (xmlNode *n = pg->root; n != NULL; n = nw_page_dom_next(n, pg->root))
			if (nw_page_dom_is(n, "meta") &&
			    ((value = nw_page_dom_attr(n, "content")).len > 0 ||
				(value = nw_page_dom_attr(n, "datetime")).len > 0))
				add(pg, nw_page_dom_attr(n, attr[i]), value);
}

struct nw_str
nw_page_meta_each(struct nw_page *pg, const char *name, uint32_t *i)
{
	struct nw_page_metas *m = pg->metas;
	struct nw_str s;

	for (; m != NULL && *i < m->n; ++*i)
		if (same_name(m->v[*i].name, name) && (s = nw_page_text_line(pg, m->v[*i].value)).len > 0) {
			++*i;
			return s;
		}
	return (struct nw_str){"", 0};
}

struct nw_str
nw_page_meta_get(struct nw_page *pg, const char *name)
{
	uint32_t i = 0;

	return nw_page_meta_each(pg, name, &i);
}

struct nw_str
nw_page_meta_first(struct nw_page *pg, const char *const *names)
{
	struct nw_str s = {"", 0};

	for (; s.len == 0 && *names != NULL; names++)
		s = nw_page_meta_get(pg, *names);
	return s;
}

struct nw_str
nw_page_meta_lang(struct nw_page *pg)
{
	static const char *const names[] = {"content-language", "og:locale", "dc.language",
	    "dcterms.language", "language", "inlanguage", NULL};
	const xmlNode *html = nw_page_dom_first(pg->root, "html");
	struct nw_str s = nw_page_dom_attr(html, "lang");

	if (s.len == 0)
		s = nw_page_dom_attr(html, "xml:lang");
	if (s.len == 0)
		s = nw_page_dom_attr(pg->body, "lang");
	return s.len > 0 ? nw_page_text_line(pg, s) : nw_page_meta_first(pg, names);
}

struct nw_str
nw_page_meta_page_title(struct nw_page *pg)
{
	const xmlNode *title = nw_page_dom_first(pg->root, "title");

	return nw_page_line_text(pg, title);
}
