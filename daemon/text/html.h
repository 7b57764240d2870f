/*
 * html.h - HTML to readable text, and to sanitised HTML with absolute links, in one parse.
 * Floor 2.  libxml2's tolerant parser under XML_PARSE_HUGE with an own depth cap (NW_HTML_DEPTH_MAX).
 */
#ifndef NW_TEXT_HTML_H
#define NW_TEXT_HTML_H

#include <newswatch/plugin.h>

struct nw_arena;
struct nw_err;

/*
 * nw_html_text(arena, html, base, text_r, html_r, err):
 * text    paragraphs separated by a blank line (block elements: p, h1-h6, li, tr, blockquote, div ...), br as one line
 *         feed, list items as "- ", table cells separated by tabs, blanks folded, no script, style, head, hidden text.
 * html    (may be NULL) only allow-listed elements and attributes; links and images absolute http(s); no script,
 *         style, event handler, form, frame, javascript: or data: URL.  Input without any markup is text.
 * limits  NW_TEXT_MAX of text, cut at a character with NW_ELIMIT in err->code but return 0.
 */
int nw_html_text(struct nw_arena *, struct nw_str html, struct nw_str base, struct nw_str *text_r,
    struct nw_str *html_r, struct nw_err *);
/* One line of plain text from a title that may hold markup or entities, escaped once or twice. */
int nw_html_title(struct nw_arena *, struct nw_str html, struct nw_str *text_r, struct nw_err *);
void nw_html_warm(void);
#endif
