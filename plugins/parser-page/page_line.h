/*
 * page_line.h - the text below a node as one line, without scripts: a title, a name, a date.
 */
#ifndef NW_PAGE_LINE_H
#define NW_PAGE_LINE_H

#include "page.h"

#define NW_PAGE_LINE_NODES  300	 /* below a node that make its line */
#define NW_PAGE_LINE_BYTES  8192 /* of them; what is longer is a text */
#define NW_PAGE_BRIEF_NODES 64	 /* of a line that is brief */
#define NW_PAGE_BRIEF_BYTES 1024 /* of it, blanks too */

/* NW_PAGE_LINE_NODES and _BYTES of it; "" of NULL, and when NW_PAGE_WORK_LINES is spent. */
struct nw_str nw_page_line_text(struct nw_page *, const xmlNode *);
/* Its weight in letters, without memory. */
uint32_t nw_page_line_weight(struct nw_page *, const xmlNode *);
/* The whole line if it is brief, else "": in ${out}, without other memory. */
struct nw_str nw_page_line_brief(struct nw_page *, const xmlNode *, char out[NW_PAGE_BRIEF_BYTES]);
#endif
