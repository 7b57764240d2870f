/*
 * page_byline.h - who wrote an article, or which office issued it.
 */
#ifndef NW_PAGE_BYLINE_H
#define NW_PAGE_BYLINE_H

#include "page.h"

struct nw_page_jsonld;
struct nw_page_text;

/* Several names joined by ", "; "" if the page names none. */
struct nw_str nw_page_byline_find(struct nw_page *, const struct nw_page_jsonld *, const struct nw_page_text *);
#endif
