/*
 * page_json.h - JSON as pages carry it, brought to the form a strict reader takes.
 */
#ifndef NW_PAGE_JSON_H
#define NW_PAGE_JSON_H

#include "page.h"

/*
 * From the first brace on, without comments, commas too many, escapes JSON does not know and control characters
 * inside strings; a text written with &quot; for its quotes is decoded.  "" if there is no brace.
 */
struct nw_str nw_page_json_mend(struct nw_page *, struct nw_str text);
#endif
