/*
 * page_plain.h - values that were written as HTML where plain text belongs: JSON-LD, and metas escaped twice.
 */
#ifndef NW_PAGE_PLAIN_H
#define NW_PAGE_PLAIN_H

#include "page.h"

/* ${s} with its character references resolved once; itself where it has none. */
struct nw_str nw_page_plain_decode(struct nw_page *, struct nw_str s);
/* The same without tags, as one line. */
struct nw_str nw_page_plain_line(struct nw_page *, struct nw_str s);
#endif
