/*
 * page_name.h - the name in a byline, without what stands around it.
 */
#ifndef NW_PAGE_NAME_H
#define NW_PAGE_NAME_H

#include "page.h"

/*
 * nw_page_name_of(pg, text):
 * "By Jane Doe on June 29, 2014 08:08 pm @jane" gives "Jane Doe"; "" where nothing is left that could be a
 * name: a date, an address, a label.
 */
struct nw_str nw_page_name_of(struct nw_page *, struct nw_str text);
#endif
