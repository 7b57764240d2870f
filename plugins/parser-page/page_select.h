/*
 * page_select.h - ordered lists of selectors, CSS or XPath, compiled once a source and asked once a document.
 * One that begins with '/', './', '(' or a string function is XPath; all else is CSS, and may end in @NAME
 * for an attribute's value.
 */
#ifndef NW_PAGE_SELECT_H
#define NW_PAGE_SELECT_H

#include <libxml/xpath.h>

#include "page.h"

struct nw_page_select;

/* NULL if one of them is wrong; ${why} then says which and where.  pg gives memory only. */
struct nw_page_select *nw_page_select_new(
    struct nw_page *, const struct nw_str *list, uint32_t n, char *why, size_t why_size);
void nw_page_select_free(struct nw_page_select *); /* NULL is fine */

/*
 * nw_page_select_nodes(select, pg, top, fn, cookie):
 * ${fn} for each node (element or attribute) of the first selector that finds any below ${top}, in document
 * order; a return other than 0 ends the walk.  _all asks every selector.
 * returns the number of nodes, 0 also past NW_PAGE_XPATH_OPS.
 */
typedef int nw_page_select_fn(void *cookie, xmlNode *);
int nw_page_select_nodes(
    struct nw_page_select *, struct nw_page *, xmlNode *top, nw_page_select_fn *, void *cookie);
int nw_page_select_all(
    struct nw_page_select *, struct nw_page *, xmlNode *top, nw_page_select_fn *, void *cookie);
/* The first node, NULL if none. */
xmlNode *nw_page_select_first(struct nw_page_select *, struct nw_page *, xmlNode *top);
/* The text of the first selector that gives any: an attribute's value, <meta content>, <time datetime>, else
 * text. */
struct nw_str nw_page_select_text(struct nw_page_select *, struct nw_page *, xmlNode *top);
/* What a node says: see above. */
struct nw_str nw_page_select_value(struct nw_page *, const xmlNode *);
#endif
