/*
 * page_finder.h - the repeated list of a page nobody described: its links, and a selector that finds them
 * again.
 */
#ifndef NW_PAGE_FINDER_H
#define NW_PAGE_FINDER_H

#include "page.h"

struct nw_page_items;

enum { NW_PAGE_FINDER_QUIET, NW_PAGE_FINDER_TELL };

/*
 * nw_page_finder_find(pg, items, tell):
 * Group the page's links by the elements and classes they stand in, choose the group that looks most like a
 * list of articles, add its links to ${items} in document order, and (TELL) note the selector found. returns
 * how sure it is, 0 (no list) to 100.
 */
int nw_page_finder_find(struct nw_page *, struct nw_page_items *, int tell);
/* Letters of the titles found. */
uint32_t nw_page_finder_letters(struct nw_page *, const struct nw_page_items *);
#endif
