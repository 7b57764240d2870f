/*
 * page_meta.h - what the head of a page says of it: <meta> by name, property or itemprop, and the declared
 * language.
 */
#ifndef NW_PAGE_META_H
#define NW_PAGE_META_H

#include "page.h"

/* Collect them; without memory pg->oom is set and nothing is known. */
void nw_page_meta_open(struct nw_page *);
/* The first value of one name (letter case does not count), as one line; "" if absent. */
struct nw_str nw_page_meta_get(struct nw_page *, const char *name);
/* The first non-empty value of several names, in their order; the list ends with NULL. */
struct nw_str nw_page_meta_first(struct nw_page *, const char *const *names);
/* Every value of one name in turn: start with *i = 0; "" at the end. */
struct nw_str nw_page_meta_each(struct nw_page *, const char *name, uint32_t *i);
/* <html lang>, content-language, og:locale, dc.language: as declared, "" if nothing is. */
struct nw_str nw_page_meta_lang(struct nw_page *);
/* <title> as one line. */
struct nw_str nw_page_meta_page_title(struct nw_page *);
#endif
