/*
 * page_fragment.h - a list whose HTML stands inside a JSON answer.
 */
#ifndef NW_PAGE_FRAGMENT_H
#define NW_PAGE_FRAGMENT_H

#include "page.h"

/*
 * nw_page_fragment_open(pg):
 * As nw_page_dom_open(), of the string at the source's `listing.json`: members separated by dots, numbers
 * count entries of arrays from 0. errors  NW_EINPUT no JSON, or no string there; told through the host.
 */
int nw_page_fragment_open(struct nw_page *);
#endif
