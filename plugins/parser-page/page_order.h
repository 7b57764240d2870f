/*
 * page_order.h - whether "12/11/2026" is November or December: the list it stands in tells, once one of its
 * dates can be read only one way.
 */
#ifndef NW_PAGE_ORDER_H
#define NW_PAGE_ORDER_H

#include "page.h"

enum { NW_PAGE_ORDER_UNKNOWN, NW_PAGE_ORDER_DAY_FIRST, NW_PAGE_ORDER_MONTH_FIRST };

/* Sets pg->order from the texts below ${top}; unknown where none tells, or where they contradict each other.
 */
void nw_page_order_learn(struct nw_page *, const xmlNode *top);
/* The text with such a date written as YYYY-MM-DD, if the order is known; else as it is. */
struct nw_str nw_page_order_apply(struct nw_page *, struct nw_str text);
#endif
