/*
 * page_suggest.h - of a page of no source: what the entry of a source could say to read it.
 */
#ifndef NW_PAGE_SUGGEST_H
#define NW_PAGE_SUGGEST_H

#include "page.h"

struct nw_page_items;

/* The feeds it names: <link rel=alternate>, and links that are feeds by name. */
void nw_page_suggest_feeds(struct nw_page *);
/* listing.link_css and listing.min_items of the list that was found. */
void nw_page_suggest_list(struct nw_page *, const struct nw_page_items *);
/* article.title, .date and .body: where they stand, if a selector says it. */
void nw_page_suggest_article(
    struct nw_page *, const xmlNode *title, const struct nw_time *published, const xmlNode *body);
#endif
