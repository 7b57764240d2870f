/*
 * page_regex.h - regular expressions of the configuration (ICU syntax), with bounds on time and stack.
 */
#ifndef NW_PAGE_REGEX_H
#define NW_PAGE_REGEX_H

#include "page.h"

struct nw_page_regex;

/* NULL if the pattern is no regular expression; why_r then says why and where. */
struct nw_page_regex *nw_page_regex_new(struct nw_str pattern, char *why, size_t why_size);
void nw_page_regex_free(struct nw_page_regex *); /* NULL is fine */

/*
 * nw_page_regex_find(re, pg, text, found_r):
 * 1 and the first group that took part (or, without groups, the whole match); 0 if nothing matches or a bound
 * was reached.  ${found_r} may be NULL.
 */
int nw_page_regex_find(struct nw_page_regex *, struct nw_page *, struct nw_str text, struct nw_str *found_r);
/* ${text} with every match replaced ("$1" is a group); the text itself where nothing matches. */
struct nw_str nw_page_regex_replace(
    struct nw_page_regex *, struct nw_page *, struct nw_str text, struct nw_str with);
#endif
