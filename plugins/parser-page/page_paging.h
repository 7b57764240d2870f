/*
 * page_paging.h - the list pages that come after this one.
 */
#ifndef NW_PAGE_PAGING_H
#define NW_PAGE_PAGING_H

#include "page.h"

/*
 * nw_page_paging_follow(pg):
 * Name the next list pages to the host, so that at most `listing.pages` are read: by the source's selector,
 * by rel=next, or by the page count that TRS WCM leaves in a script. limits  a page whose number cannot be
 * told from its address is not followed (a note says so): nothing would end it.
 */
int nw_page_paging_follow(struct nw_page *);
#endif
