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
#define NW_PAGE_DEPTH_MAX    10000	/* elements: XPath and serialising walk up as far */
#define NW_PAGE_ELEMENTS_MAX 200000	/* of a page: 130 MB with their texts */
#define NW_PAGE_ATTRS_MAX    512	/* of one tag: libxml2 is quadratic in them */
#define NW_PAGE_VALUE_MAX    16384	/* bytes of an attribute; longer ones are data, not text */
#define NW_PAGE_LEVELS_MAX   64		/* above an element that are asked what it stands in */
#define NW_PAGE_LINKS_MAX    20000	/* links of a list page that are looked at */
#define NW_PAGE_ITEMS_MAX    2000	/* of them that are entries */
#define NW_PAGE_JSON_MAX     (2u << 20) /* bytes of one JSON-LD block */
#define NW_PAGE_TITLE_MAX    1024	/* bytes; longer is no title */
#define NW_PAGE_REGEX_TIME   2000	/* ICU steps of about 10,000 matches, some milliseconds */
#define NW_PAGE_REGEX_STACK  (1 << 20)	/* bytes */

/*
 * What a page may spend in all on work that is done again for every element around the same text, so that
 * elements inside each other cost no more than elements beside each other.
 */
enum nw_page_work {
	NW_PAGE_WORK_LINES,	/* nodes, and pieces of 16 bytes, read as lines */
	NW_PAGE_WORK_DATES,	/* texts tried as dates */
	NW_PAGE_WORK_SELECTORS, /* steps of XPath */
	NW_PAGE_WORKS
};

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
	int numbered;		     /* the elements, in document order; page_select.c */
	struct nw_page_metas *metas; /* what <meta> and JSON-LD say; page_meta.h */
	uint32_t order;		     /* of day and month in a list's dates; page_order.h */
	uint64_t spent[NW_PAGE_WORKS];
	int oom; /* scratch memory ran out; asked once, at the end */
};

/* Zeroed scratch memory of the parse; NULL sets pg->oom. */
void *nw_page_alloc(struct nw_page *, size_t);
/* Spend ${steps} of a kind of work; 0 if there is none left, which is noted once. */
int nw_page_spend(struct nw_page *, enum nw_page_work, uint64_t steps);
/* What is left to spend. */
uint64_t nw_page_left(const struct nw_page *, enum nw_page_work);
#endif
