#include "page_byline.h"
#include "page_dom.h"
#include "page_jsonld.h"
#include "page_meta.h"
#include "page_name.h"
#include "page_options.h"
#include "page_select.h"
#include "page_text.h"

#define ELEMENT_BYTES 160 /* of an element that is a byline; longer holds more than that */

static struct nw_str
from_metas(struct nw_page *pg)
{
	static const char *const names[] = {"dc.creator", "dcterms.creator", "dcterm.creator", "author",
	    "parsely-author", "citation_author", "article:author", "byl", "sailthru.author",
	    "twitter:creator:name", "contentsource", NULL};
	struct nw_page_buf b = {.pg = pg};
	struct nw_str s;
	uint32_t k;

	for (int i = 0; b.len == 0 && names[i] != NULL; i++)
		for (k = 0; (s = nw_page_meta_each(pg, names[i], &k)).len > 0;) {
			if ((s = nw_page_name_of(pg, s)).len == 0)
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

static int
stands_aside(const xmlNode *n)
{
	return nw_page_dom_up(n, " aside nav footer ") != NULL;
}

/* The first byline that is not one of a comment or of another article's teaser; else the first at all. */
static struct nw_str
from_elements(struct nw_page *pg)
{
	struct nw_str s, other = {"", 0};

	for (xmlNode *n = pg->body; n != NULL; n = nw_page_dom_next(n, pg->body)) {
		if (n->type != XML_ELEMENT_NODE || nw_page_dom_in(n, " body script style ") ||
		    !names_author(n))
			continue;
		s = nw_page_dom_text(pg, n);
		if (s.len > ELEMENT_BYTES || (s = nw_page_name_of(pg, s)).len == 0)
			continue;
		if (!stands_aside(n))
			return s;
		if (other.len == 0)
			other = s;
	}
	return other;
}

struct nw_str
nw_page_byline_find(struct nw_page *pg, const struct nw_page_jsonld *ld)
{
	const struct nw_page_source *s = pg->source;
	struct nw_str name = {"", 0};

	if (s != NULL && s->author != NULL)
		name = nw_page_name_of(pg, nw_page_select_text(s->author, pg, pg->root));
	if (name.len == 0)
		name = nw_page_name_of(pg, ld->author);
	if (name.len == 0)
		name = from_metas(pg);
	return name.len > 0 ? name : from_elements(pg);
}
