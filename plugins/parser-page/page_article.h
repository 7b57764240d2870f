/*
 * page_article.h - an article page as one article.
 */
#ifndef NW_PAGE_ARTICLE_H
#define NW_PAGE_ARTICLE_H

#include "page.h"

int nw_page_article_read(struct nw_page *);
#endif
