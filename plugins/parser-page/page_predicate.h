/*
 * page_predicate.h - the conditions of CSS as XPath predicates, appended to a buffer.
 */
#ifndef NW_PAGE_PREDICATE_H
#define NW_PAGE_PREDICATE_H

#include "page_text.h"

void nw_page_predicate_class(struct nw_page_buf *, struct nw_str class);
void nw_page_predicate_id(struct nw_page_buf *, struct nw_str id);
/* [a OP v]: op is one of = ^ $ * ~ |, ${a} the XPath of the attribute's value. */
void nw_page_predicate_attribute(struct nw_page_buf *, char op, const char *a, struct nw_str v);
/* The text below has this part. */
void nw_page_predicate_contains(struct nw_page_buf *, struct nw_str text);
/* The position among siblings named ${tag} is ${a} * n + ${k}; axis is "preceding" or "following" to count
 * from. */
void nw_page_predicate_nth(struct nw_page_buf *, const char *axis, struct nw_str tag, long a, long k);
#endif
