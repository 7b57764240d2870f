/*
 * feed_url.h - addresses as feeds write them.
 */
#ifndef FEED_URL_H
#define FEED_URL_H

#include "feed.h"

/* The base that relative links stand against here: xml:base in scope, else the document's address. */
struct nw_str feed_url_base(const struct feed_parse *);
/* ${raw} against the base in scope; 1 and ${url_r} in scratch memory, or 0 where it is no http(s) URL.  Line ends
 * inside are dropped, blanks encoded and "&amp;" (escaped twice) is undone, as browsers and publishers need it. */
int feed_url_resolve(struct feed_parse *, struct nw_str raw, struct nw_str *url_r);
/* The same for the address of a page, as people and content systems write it: "www.ministry.example/x" lacks only the
 * scheme, "http:/..." a sign of it, invisible characters stand around it, or it is the href of an element. */
int feed_url_page(struct feed_parse *, struct nw_str raw, struct nw_str *url_r);
int feed_url_is_absolute(struct nw_str); /* begins as an http(s) URL */
#endif
