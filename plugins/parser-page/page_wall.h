/*
 * page_wall.h - what pages say that stand in another's stead, in many languages: walls, blocks, missing pages, errors.
 */
#ifndef NW_PAGE_WALL_H
#define NW_PAGE_WALL_H

#include "page.h"

/*
 * Each takes text in small letters and returns what the page is instead, or NULL.
 * _heading: a title or heading that says it and little else, whatever part of "Page not found | Ministry" does.
 * _notice: the text of a page that holds next to nothing else; the caller has measured it.
 */
const char *nw_page_wall_heading(struct nw_page *, struct nw_str heading);
const char *nw_page_wall_notice(struct nw_str text);
#endif
