/*
 * page_item.h - one entry of a list page: its row, title and the date beside it.
 */
#ifndef NW_PAGE_ITEM_H
#define NW_PAGE_ITEM_H

#include "page.h"

struct nw_page_item {
	xmlNode *link,
	    *row; /* the element that names the address; the largest one that is this entry's alone */
	struct nw_str url, title, key;
	struct nw_time when;
	uint32_t repeats; /* times its address came again in another row */
	uint32_t weight;  /* of the link's text, once another link was compared with it */
};
struct nw_page_items {
	struct nw_page_item *v;
	uint32_t n, cap;
	const xmlNode *top; /* holds them all; set by nw_page_item_rows() */
	uint32_t side;	    /* NW_PAGE_SIDE_*: where dates stand beside the rows */
};

/* Append a link unless its address is there: then the one with the longer text stays.  -1 at the bound. */
int nw_page_item_add(struct nw_page *, struct nw_page_items *, xmlNode *link, struct nw_str url);
/* Leave out short links that many rows share: before nw_page_item_rows(). */
void nw_page_item_drop_categories(struct nw_page *, struct nw_page_items *);
/* Find each entry's row and what holds them all. */
void nw_page_item_rows(struct nw_page *, struct nw_page_items *);
/* Title and date of an entry whose row is known. */
void nw_page_item_read(struct nw_page *, struct nw_page_items *, struct nw_page_item *);
#endif
