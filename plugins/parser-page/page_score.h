/*
 * page_score.h - what each block is worth as text of an article, and which element holds the article.
 */
#ifndef NW_PAGE_SCORE_H
#define NW_PAGE_SCORE_H

#include "page_block.h"

/* Fill value and mass of blocks and elements; hints are overruled where an element holds most of the page's
 * text. */
void nw_page_score_blocks(struct nw_page *, struct nw_page_blocks *);
/* The element that holds the article: index into bs->info, 0 (all) if nothing stands out. */
uint32_t nw_page_score_choose(const struct nw_page_blocks *);
/* Letters in links per letter, 0 to 1. */
float nw_page_score_links(const struct nw_page_block *);
#endif
