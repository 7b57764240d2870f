#include "page_dom.h"
#include "page_furniture.h"
#include "page_text.h"

/* Whole words of class or id, in any letter case; a word ends where its letters do ("top-nav", "siteFooter").
 */
static const char *const around[] = {"nav", "navbar", "navigation", "menu", "topnav", "subnav", "footer",
    "breadcrumb", "breadcrumbs", "sidebar", "header", "masthead", "toolbar", "copyright", "languages",
    "crumb", "crumbs", "position"};

int
nw_page_furniture_around(const xmlNode *n)
{
	for (; n != NULL && n->type == XML_ELEMENT_NODE && !nw_page_dom_in(n, " body html "); n = n->parent) {
		if (nw_page_dom_in(n, " nav header footer aside "))
			return 1;
		for (size_t i = 0; i < sizeof(around) / sizeof(*around); i++)
			if (nw_page_text_has_word(nw_page_dom_attr(n, "class"), around[i]) ||
			    nw_page_text_has_word(nw_page_dom_attr(n, "id"), around[i]))
				return 1;
	}
	return 0;
}
