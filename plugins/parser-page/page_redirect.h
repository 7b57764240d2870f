/*
 * page_redirect.h - pages that only send a browser elsewhere: by <meta refresh>, by a script, or by a frame.
 */
#ifndef NW_PAGE_REDIRECT_H
#define NW_PAGE_REDIRECT_H

#include "page.h"

/* Where a page without text of its own leads to, absolute; "" if nowhere. */
struct nw_str nw_page_redirect_of(struct nw_page *);
#endif
