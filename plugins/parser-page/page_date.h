/*
 * page_date.h - when an article was published, from the best place that says so.
 */
#ifndef NW_PAGE_DATE_H
#define NW_PAGE_DATE_H

#include "page.h"

struct nw_page_jsonld;
struct nw_page_text;

/*
 * nw_page_date_find(pg, ld, title, text, published_r, updated_r):
 * ${text} is what was extracted, with the lines near it.
 * The source's selectors, meta and JSON-LD, a date shown near the title, in the title, in the address, in the
 * first sentence of the text, in this order; but where address and first sentence disagree the text is
 * believed, since a migrated page carries the day of its migration.
 */
void nw_page_date_find(struct nw_page *, const struct nw_page_jsonld *, struct nw_str title,
    const struct nw_page_text *, struct nw_time *published_r, struct nw_time *updated_r);
#endif
