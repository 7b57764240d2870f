/*
 * html_scan.h - find the tags of HTML in text that may be none, and hold back what libxml2 does not bear.
 * Floor 2.
 */
#ifndef NW_TEXT_HTML_SCAN_H
#define NW_TEXT_HTML_SCAN_H

#include <newswatch/plugin.h>

struct nw_buf;
struct nw_tag_info;

/* A tag as it stands in text: "<b>", "</p >", "<!-- x -->". */
struct nw_html_scan {
	const struct nw_tag_info *info; /* NULL for comments and declarations */
	const char *start, *end;	/* end: behind the ">" */
	int closing;
};

/* The first tag of HTML in [p, end); 0 if there is none.  What only looks like one ("<2021>", "a < b") is text. */
int nw_html_scan_tag(const char *p, const char *end, struct nw_html_scan *scan_r);
/* Whether what came out of escapes is to be read as markup: it closes, or there is none; "the <b> tag" is a sentence
 * about HTML. */
int nw_html_scan_markup(struct nw_str);
/* Where HTML wrapped into a forgotten "<![CDATA[ ]]>" really begins and ends. */
struct nw_str nw_html_scan_unwrap(struct nw_str);
/*
 * nw_html_scan_guard(html, copy):
 * libxml2 needs time quadratic in the attributes of a tag: tags with more than NW_ATTRS_MAX lose them.
 * Returns ${html}, or what stands in ${copy} then.
 */
struct nw_str nw_html_scan_guard(struct nw_str html, struct nw_buf *copy);
#endif
