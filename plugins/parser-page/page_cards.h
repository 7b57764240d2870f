/*
 * page_cards.h - teasers of other articles: repeated elements with a linked heading and a line or two.
 */
#ifndef NW_PAGE_CARDS_H
#define NW_PAGE_CARDS_H

#include "page_block.h"

/* Give the teasers' elements the hint OFF. */
void nw_page_cards_mark(struct nw_page *, struct nw_page_blocks *);
#endif
