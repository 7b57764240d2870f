/*
 * page_css.h - a CSS selector written as XPath 1.0, the language libxml2 evaluates.
 * Knows: * tag #id .class [a] [a=v] [a^=v] [a$=v] [a*=v] [a~=v] [a|=v] (with `i`), descendant > + ~ and the
 * comma, :not() :is() :has() :contains() :first-child :last-child :only-child :nth-child() :nth-last-child()
 * :empty :first-of-type :last-of-type :nth-of-type() (these three after a tag), backslash escapes.
 */
#ifndef NW_PAGE_CSS_H
#define NW_PAGE_CSS_H

#include "page.h"

/*
 * nw_page_css_to_xpath(pg, css, xpath_r, why, why_size):
 * ${xpath_r} selects below the context node.  pg gives memory only.
 * errors  -1 and a sentence with the character's position in ${why}.
 */
int nw_page_css_to_xpath(
    struct nw_page *, struct nw_str css, struct nw_str *xpath_r, char *why, size_t why_size);
#endif
