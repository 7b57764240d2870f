/*
 * page_pick.h - which blocks of the chosen element are the article's.
 */
#ifndef NW_PAGE_PICK_H
#define NW_PAGE_PICK_H

#include "page_block.h"

/*
 * nw_page_pick(pg, bs, at, title):
 * Set `keep` of the blocks of element ${at}; ${title} is left out where the text begins with it.
 * _lead gives the paragraphs that stand between the title and that element: a standfirst, no part of the
 * text. _all keeps all that is not around the text by its name: for pages too short to judge.
 */
void nw_page_pick(struct nw_page *, struct nw_page_blocks *, uint32_t at, struct nw_str title);
struct nw_str nw_page_pick_lead(
    struct nw_page *, const struct nw_page_blocks *, uint32_t at, struct nw_str title);
void nw_page_pick_all(struct nw_page *, struct nw_page_blocks *, struct nw_str title);
#endif
