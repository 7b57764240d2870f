/*
 * page_tidy.h - markup without what no reader sees, before the tree is built.
 */
#ifndef NW_PAGE_TIDY_H
#define NW_PAGE_TIDY_H

#include "page.h"

/*
 * nw_page_tidy(pg, html):
 * A copy of ${html} without comments, style sheets, drawings and scripts (JSON-LD stays), with at most
 * NW_PAGE_ATTRS_MAX attributes a tag and none longer than NW_PAGE_VALUE_MAX: what remains is cheap to parse.
 * limits  what was cut is noted.
 */
struct nw_str nw_page_tidy(struct nw_page *, struct nw_str html);
#endif
