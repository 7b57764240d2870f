#include <string.h>

#include "page_byline.h"
#include "page_dom.h"
#include "page_jsonld.h"
#include "page_meta.h"
#include "page_options.h"
#include "page_select.h"
#include "page_text.h"

#define NAME_MAX_BYTES 200 /* of a byline; longer is text */

static int
is_address(struct nw_str s)
{
	return nw_page_text_istarts(s, "http:") || nw_page_text_istarts(s, "https:") || nw_page_text_istarts(s, "www.");
}

/* "By Jane Doe", "Von Max Muster", "Author: ..." */
static struct nw_str
cleaned(struct nw_page *pg, struct nw_str s)
{
	static const char *const before[] = {"by ", "by:", "von ", "par ", "por ", "written by ", "posted by ", "author:",
	    "author ", "di ", "автор:", "作者：", "作者:", "来源：", "来源:", "文／", "text:"};

	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++)
		if (nw_page_text_istarts(s, before[i])) {
			s.p += strlen(before[i]);
			s.len -= strlen(before[i]);
			break;
		}
	return nw_page_text_line(pg, s);
}

static int
acceptable(struct nw_str s)
{
	return s.len > 1 && s.len <= NAME_MAX_BYTES && !is_address(s);
}

static struct nw_str
from_metas(struct nw_page *pg)
{
	static const char *const names[] = {"dc.creator", "dcterms.creator", "dcterm.creator", "author", "parsely-author",
	    "citation_author", "article:author", "byl", "sailthru.author", "twitter:creator:name", "contentsource", NULL};
	struct nw_page_buf b = {.pg = pg};
	struct nw_str s;
	uint32_t k;

	for (int i = 0; b.len == 0 && names[i] != NULL; i++)
		for (k = 0; (s = nw_page_meta_each(pg, names[i], &k)).len > 0;) {
			if (!acceptable(s))
				continue;
			if (b.len > 0)
				nw_page_text_adds(&b, ", ");
			nw_page_text_add(&b, s.p, s.len);
		}
	return nw_page_text_str(&b);
}

static int
names_author(const xmlNode *n)
{
	return nw_page_text_ieq(nw_page_dom_attr(n, "rel"), "author") ||
	    nw_page_text_ifind(nw_page_dom_attr(n, "itemprop"), "author") != NULL ||
	    nw_page_text_ifind(nw_page_dom_attr(n, "class"), "byline") != NULL ||
	    nw_page_text_ifind(nw_page_dom_attr(n, "class"), "author") != NULL ||
	    nw_page_text_ifind(nw_page_dom_attr(n, "id"), "byline") != NULL;
}

static struct nw_str
from_elements(struct nw_page *pg)
{
	struct nw_str s;

	for (xmlNode *n = pg->body; n != NULL; n = nw_page_dom_next(n, pg->body)) {
		if (n->type != XML_ELEMENT_NODE || nw_page_dom_in(n, " body script style "))
			continue;
		if (!names_author(n))
			continue;
		s = nw_page_dom_text(pg, n);
		if (acceptable(s) && s.len < 100)
			return s;
	}
	return (struct nw_str){"", 0};
}

struct nw_str
nw_page_byline_find(struct nw_page *pg, const struct nw_page_jsonld *ld)
{
	const struct nw_page_source *s = pg->source;
	struct nw_str name = {"", 0};

	if (s != NULL && s->author != NULL)
		name = nw_page_select_text(s->author, pg, pg->root);
	if (name.len == 0 && acceptable(ld->author))
		name = ld->author;
	if (name.len == 0)
		name = from_metas(pg);
	if (name.len == 0)
		name = from_elements(pg);
	return cleaned(pg, name);
}
