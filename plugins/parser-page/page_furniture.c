#include "page_dom.h"
#include "page_furniture.h"
#include "page_text.h"

#define ENTRY_LEVELS 16 /* above an element that may be an entry */

/* Whole words of class or id, in any letter case: "top-nav", "site_menu". */
static const char *const around[] = {"nav", "navbar", "navigation", "menu", "topnav", "subnav", "breadcrumb",
    "breadcrumbs", "sidebar", "masthead", "toolbar", "copyright", "languages", "crumb", "crumbs", "position",
    NULL};
static const char *const ends[] = {"header", "footer", NULL};
static const char *const entries[] = {"item", "entry", "article", "teaser", "card", "post", NULL};

static int
names_one(struct nw_page *pg, struct nw_str name, const char *const *words)
{
	const char *end = name.p + name.len, *p = name.p, *from;

	if (!nw_page_spend(pg, NW_PAGE_WORK_LINES, 1 + name.len))
		return 0;
	while (p < end) {
		for (from = p; p < end && nw_page_text_is_letter((unsigned char)*p); p++)
			;
		for (size_t i = 0; p > from && words[i] != NULL; i++)
			if (nw_page_text_ieq((struct nw_str){from, (size_t)(p - from)}, words[i]))
				return 1;
		p += p == from;
	}
	return 0;
}

static int
is_named(struct nw_page *pg, const xmlNode *n, const char *const *words)
{
	return names_one(pg, nw_page_dom_attr(n, "class"), words) ||
	       names_one(pg, nw_page_dom_attr(n, "id"), words);
}

/* An article or one entry of a list: its head and foot are its own, not the page's. */
static int
in_entry(struct nw_page *pg, const xmlNode *n)
{
	for (int level = 0; n != NULL && n->type == XML_ELEMENT_NODE && level < ENTRY_LEVELS;
	     n = n->parent, level++) {
		if (nw_page_dom_in(n, " body html "))
			return 0;
		if (nw_page_dom_in(n, " article li tr dd ") ||
		    names_one(pg, nw_page_dom_attr(n, "class"), entries))
			return 1;
	}
	return 0;
}

int
nw_page_furniture_around(struct nw_page *pg, const xmlNode *n)
{
	for (int level = 0; n != NULL && n->type == XML_ELEMENT_NODE && level < NW_PAGE_LEVELS_MAX &&
			    !nw_page_dom_in(n, " body html ");
	     n = n->parent, level++) {
		if (nw_page_dom_in(n, " nav aside ") || is_named(pg, n, around))
			return 1;
		if ((nw_page_dom_in(n, " header footer ") || is_named(pg, n, ends)) &&
		    !in_entry(pg, n->parent))
			return 1;
	}
	return 0;
}
