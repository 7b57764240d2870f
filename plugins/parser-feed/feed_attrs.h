/*
 * feed_attrs.h - elements whose attributes carry what they say: links, enclosures, categories.
 */
#ifndef FEED_ATTRS_H
#define FEED_ATTRS_H

#include "feed.h"

/* The value of an attribute without a namespace, "" if it is absent. */
struct nw_str feed_attrs_get(const struct feed_tag *, const char *lower_name);
/* xml:base and xml:lang, whatever the prefix is bound to. */
const struct feed_attr *feed_attrs_xml(const struct feed_tag *, const char *local);

/* Called when the element begins; see struct feed_element. */
void feed_attrs_link(struct feed_parse *, const struct feed_tag *, const struct feed_element *);
void feed_attrs_category(struct feed_parse *, const struct feed_tag *, const struct feed_element *);
void feed_attrs_enclosure(struct feed_parse *, const struct feed_tag *, const struct feed_element *);
void feed_attrs_media(struct feed_parse *, const struct feed_tag *, const struct feed_element *);
void feed_attrs_guid(struct feed_parse *, const struct feed_tag *, const struct feed_element *);
void feed_attrs_content(struct feed_parse *, const struct feed_tag *, const struct feed_element *);
/* rdf:about of an item: its name and, where it has no better one, its address. */
void feed_attrs_about(struct feed_parse *, const struct feed_tag *);
#endif
