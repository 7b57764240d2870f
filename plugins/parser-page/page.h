/*
 * page.h - what the files of parser-page share: one parse in progress, and its bounds.
 * All memory of a parse is the host's scratch memory; only the libxml2 tree and jansson values are freed
 * here.
 */
#ifndef NW_PAGE_H
#define NW_PAGE_H

#include <libxml/tree.h>

#include <newswatch/plugin.h>

/* Bounds, with unit and reason; the host's own (items, text, scratch memory) stand above them. */
#define NW_PAGE_DEPTH_MAX  10000      /* elements: XPath and serialising walk up as far */
#define NW_PAGE_ATTRS_MAX  512	      /* of one tag: libxml2 is quadratic in them */
#define NW_PAGE_VALUE_MAX  16384      /* bytes of an attribute; longer ones are data, not text */
#define NW_PAGE_NODES_MAX  2000000    /* a document of 8 MB of "<b>x" has as many */
#define NW_PAGE_ITEMS_MAX  2000	      /* links of a list page */
#define NW_PAGE_JSON_MAX   (2u << 20) /* bytes of one JSON-LD block */
#define NW_PAGE_LINE_NODES 300 /* nodes that make a line; links inside links inside links repeat each other  \
				*/
#define NW_PAGE_TITLE_MAX   1024      /* bytes; longer is no title */
#define NW_PAGE_REGEX_TIME  2000      /* ICU steps of about 10,000 matches, some milliseconds */
#define NW_PAGE_REGEX_STACK (1 << 20) /* bytes */
#define NW_PAGE_XPATH_OPS   20000000  /* of one selector on one document */

struct nw_page_source;
struct nw_page_info;
struct nw_page_metas;

struct nw_page {
	const struct nw_host *host;
	struct nw_sink *out;
	const struct nw_doc *doc;
	const struct nw_page_source *source; /* NULL: nothing is configured */
	struct nw_str html;		     /* the document as UTF-8 */
	struct nw_str base;		     /* of relative links: <base href> or doc->url */
	struct nw_str canonical;	     /* <link rel=canonical>, as written */
	xmlDoc *dom;
	xmlNode *root, *body;
	struct nw_page_metas *metas; /* what <meta> and JSON-LD say; page_meta.h */
	struct nw_page_info *info;   /* of elements in document order; node->_private points into it */
	uint32_t ninfo;
	uint32_t order; /* of day and month in a list's dates; page_order.h */
	int oom;	/* scratch memory ran out; asked once, at the end */
};

/* Zeroed scratch memory of the parse; NULL sets pg->oom. */
void *nw_page_alloc(struct nw_page *, size_t);
#endif
