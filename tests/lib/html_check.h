/*
 * html_check.h - whether HTML is what the sanitiser promises: balanced, only harmless elements and attributes.
 * Knows its own list, not the sanitiser's.
 */
#ifndef TESTS_LIB_HTML_CHECK_H
#define TESTS_LIB_HTML_CHECK_H

#include <newswatch/plugin.h>

/* NULL if all is well, else what is wrong. */
const char *html_check(struct nw_str html);
#endif
