/*
 * page_write.h - kept blocks as clean markup: paragraphs, headings, lists, tables, quotes.
 */
#ifndef NW_PAGE_WRITE_H
#define NW_PAGE_WRITE_H

#include "page_block.h"

/* The blocks [from, past) with `keep` set. */
struct nw_str nw_page_write_html(
    struct nw_page *, const struct nw_page_blocks *, uint32_t from, uint32_t past);
/* Their text, paragraphs separated by a blank line: for language, numbers and dates. */
struct nw_str nw_page_write_text(
    struct nw_page *, const struct nw_page_blocks *, uint32_t from, uint32_t past);
#endif
