/*
 * page_furniture.h - elements and names that stand around the text of a page, not in it.
 */
#ifndef NW_PAGE_FURNITURE_H
#define NW_PAGE_FURNITURE_H

#include "page.h"

/* A node stands in navigation, a header, a footer or a side column: NW_PAGE_LEVELS_MAX around it are asked.
 */
int nw_page_furniture_around(struct nw_page *, const xmlNode *);
#endif
