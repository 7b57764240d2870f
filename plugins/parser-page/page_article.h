/*
 * page_article.h - an article page as one article.
 */
#ifndef NW_PAGE_ARTICLE_H
#define NW_PAGE_ARTICLE_H

#include "page.h"

/*
 * nw_page_article_read(pg):
 * Hand the page's article to the host.  A page that only leads elsewhere names that address as the next to
 * read. _auto reads it as a list page instead if that is what it looks like. errors  NW_EINPUT a page that is
 * not what was asked for, told through the host.
 */
int nw_page_article_read(struct nw_page *);
int nw_page_article_auto(struct nw_page *);
#endif
