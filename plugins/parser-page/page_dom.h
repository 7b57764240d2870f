/*
 * page_dom.h - the document as a tree, and walking it without recursion.
 */
#ifndef NW_PAGE_DOM_H
#define NW_PAGE_DOM_H

#include "page.h"

/*
 * nw_page_dom_open(pg):
 * Decode the document and build pg->dom, root, body, base.  nw_page_dom_close() frees the tree; safe on a
 * page that was never opened. limits  NW_PAGE_DEPTH_MAX: what lies deeper is left out with a note. errors
 * NW_EINPUT no markup at all, NW_ERES memory; told through the host.
 */
int nw_page_dom_open(struct nw_page *);
/* The same of markup that came inside something else (a list fragment in JSON). */
int nw_page_dom_build(struct nw_page *, struct nw_str html);
void nw_page_dom_close(struct nw_page *);

/* The node after ${n} in document order below ${top}; _skip leaves out what is under ${n}.  NULL at the end.
 */
xmlNode *nw_page_dom_next(const xmlNode *n, const xmlNode *top);
xmlNode *nw_page_dom_skip(const xmlNode *n, const xmlNode *top);

static inline int
nw_page_dom_is(const xmlNode *n, const char *name)
{
	return n != NULL && n->type == XML_ELEMENT_NODE && xmlStrEqual(n->name, BAD_CAST name);
}

/* The name of an element stands in a list " a b c ". */
int nw_page_dom_in(const xmlNode *, const char *list);
/* Borrowed from the tree; "" if absent. */
struct nw_str nw_page_dom_attr(const xmlNode *, const char *name);
/* The nearest ancestor (or the node itself) with one of these names, NULL if none. */
xmlNode *nw_page_dom_up(const xmlNode *, const char *list);
int nw_page_dom_within(const xmlNode *, const xmlNode *ancestor);
/* The innermost node that holds, or is, both. */
const xmlNode *nw_page_dom_around(const xmlNode *, const xmlNode *);
/* Absolute URL of a reference in the document, "" if it is none a reader could follow. */
struct nw_str nw_page_dom_url(struct nw_page *, struct nw_str ref);
/* A reference to the site the document came from: relative, or with the same host but for "www.". */
int nw_page_dom_is_own(struct nw_page *, struct nw_str ref);
/* The first element of this name, NULL if none. */
xmlNode *nw_page_dom_first(const xmlNode *top, const char *name);
#endif
