/*
 * page_label.h - the text of small elements whose parts stand in elements of their own: bylines, dates.
 */
#ifndef NW_PAGE_LABEL_H
#define NW_PAGE_LABEL_H

#include "page.h"

/* All of it, with a blank where an element begins or ends: "Mar<b>04</b>2021" has three words. */
struct nw_str nw_page_label_spaced(struct nw_page *, const xmlNode *);
/* The names in a byline, without what stands beside them: a time, a picture, an office, links to follow. */
struct nw_str nw_page_label_names(struct nw_page *, const xmlNode *);
#endif
