/*
 * page_listing.h - a list page: its articles and the pages that follow.
 */
#ifndef NW_PAGE_LISTING_H
#define NW_PAGE_LISTING_H

#include "page.h"

/*
 * nw_page_listing_read(pg):
 * Hand each entry to the host as a teaser, and the next pages as documents to follow.
 * errors  NW_EINPUT fewer entries than the source's minimum, told through the host.
 */
int nw_page_listing_read(struct nw_page *);
#endif
