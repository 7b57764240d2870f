/*
 * feed_html.h - an HTML page served where a feed is due: which feeds does it name?
 */
#ifndef FEED_HTML_H
#define FEED_HTML_H

#include "feed.h"

/* The addresses in its <link rel=alternate> of a feed type, "A, B", at most three; "" if there are none. */
void feed_html_alternates(struct feed_parse *, struct feed_text *out);
/* The address in a link that was written as HTML, "<a href='/node/1'>View</a>", as written; "" if there is none. */
struct nw_str feed_html_href(struct nw_str html);
#endif
