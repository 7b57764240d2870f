/*
 * page_title.h - the title of an article, without the name of the site.
 */
#ifndef NW_PAGE_TITLE_H
#define NW_PAGE_TITLE_H

#include "page.h"

struct nw_page_jsonld;

/* The article's; "" if the page names none. */
struct nw_str nw_page_title_find(struct nw_page *, const struct nw_page_jsonld *);
/* The heading that shows this title, NULL if none does. */
const xmlNode *nw_page_title_at(struct nw_page *, struct nw_str title);
/* <title> without the site: of a list page. */
struct nw_str nw_page_title_of_page(struct nw_page *);
#endif
