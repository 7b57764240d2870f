/*
 * page_path.h - a CSS selector that finds an element again, or all of a list.
 * Numbers in names are of one article or one row and never stand in a selector.
 */
#ifndef NW_PAGE_PATH_H
#define NW_PAGE_PATH_H

#include "page.h"

struct nw_page_items;

/* The next class of an attribute's value; len 0 at the end. */
struct nw_str nw_page_path_class(const char **p);
/* Classes that tell rows of one list apart: "odd", "first", "item-3". */
int nw_page_path_is_positional(struct nw_str class);

/* The shortest selector, "ul.list > li > a", that finds ${n} and nothing else; "" if there is none. */
struct nw_str nw_page_path_of(struct nw_page *, const xmlNode *n);
/* The one that finds the links of a list and as little else as can be; ${found_r}: how many it finds. */
struct nw_str nw_page_path_of_list(struct nw_page *, const struct nw_page_items *, uint32_t *found_r);
#endif
