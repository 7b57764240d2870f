#include "page_dom.h"
#include "page_furniture.h"
#include "page_text.h"

#define LEVELS_MAX 16 /* above an element that may be an entry */

/* Whole words of class or id, in any letter case; a word ends where its letters do ("top-nav", "siteFooter").
 */
static const char *const around[] = {"nav", "navbar", "navigation", "menu", "topnav", "subnav", "breadcrumb",
    "breadcrumbs", "sidebar", "masthead", "toolbar", "copyright", "languages", "crumb", "crumbs", "position"};

/* An article or one entry of a list: its head and foot are its own, not the page's. */
static int
in_entry(const xmlNode *n)
{
	static const char *const entry[] = {"item", "entry", "article", "teaser", "card", "post"};

	for (int level = 0; n != NULL && n->type == XML_ELEMENT_NODE && level < LEVELS_MAX;
	     n = n->parent, level++) {
		if (nw_page_dom_in(n, " body html "))
			return 0;
		if (nw_page_dom_in(n, " article li tr dd "))
			return 1;
		for (size_t i = 0; i < sizeof(entry) / sizeof(*entry); i++)
			if (nw_page_text_has_word(nw_page_dom_attr(n, "class"), entry[i]))
				return 1;
	}
	return 0;
}

static int
is_head_or_foot(const xmlNode *n)
{
	return nw_page_dom_in(n, " header footer ") ||
	       nw_page_text_has_word(nw_page_dom_attr(n, "class"), "header") ||
	       nw_page_text_has_word(nw_page_dom_attr(n, "class"), "footer") ||
	       nw_page_text_has_word(nw_page_dom_attr(n, "id"), "header") ||
	       nw_page_text_has_word(nw_page_dom_attr(n, "id"), "footer");
}

int
nw_page_furniture_around(const xmlNode *n)
{
	for (; n != NULL && n->type == XML_ELEMENT_NODE && !nw_page_dom_in(n, " body html "); n = n->parent) {
		if (nw_page_dom_in(n, " nav aside ") || (is_head_or_foot(n) && !in_entry(n->parent)))
			return 1;
		for (size_t i = 0; i < sizeof(around) / sizeof(*around); i++)
			if (nw_page_text_has_word(nw_page_dom_attr(n, "class"), around[i]) ||
			    nw_page_text_has_word(nw_page_dom_attr(n, "id"), around[i]))
				return 1;
	}
	return 0;
}
