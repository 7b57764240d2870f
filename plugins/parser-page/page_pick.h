/*
 * page_pick.h - which blocks of the chosen element are the article's.
 */
#ifndef NW_PAGE_PICK_H
#define NW_PAGE_PICK_H

#include "page_block.h"

/* Set `keep` of the blocks of element ${at}; ${title} is left out where the text begins with it. */
void nw_page_pick(struct nw_page *, struct nw_page_blocks *, uint32_t at, struct nw_str title);
#endif
