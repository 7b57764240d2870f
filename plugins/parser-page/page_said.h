/*
 * page_said.h - the text of an article as JSON-LD says it, for pages that show less: a script or a wall hides
 * the rest.
 */
#ifndef NW_PAGE_SAID_H
#define NW_PAGE_SAID_H

#include "page.h"

/* `articleBody`, plain or markup, as paragraphs; and as lines. */
struct nw_str nw_page_said_html(struct nw_page *, struct nw_str body);
struct nw_str nw_page_said_text(struct nw_page *, struct nw_str body);
#endif
