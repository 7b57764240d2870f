/*
 * feed_elements.h - which element means what: tables of namespaces and elements.
 */
#ifndef FEED_ELEMENTS_H
#define FEED_ELEMENTS_H

#include "feed.h"

/* The namespace an URI (NULL: none) and prefix stand for: by URI as far as blanks, case, scheme and a last "/" or "#"
 * go, else by a well-known prefix. */
enum feed_ns feed_elements_ns(const char *uri, const char *prefix);
/*
 * The row for an element in a place, NULL if it means nothing there.  Names are compared without regard to case.
 * ${rank_r} is the row's, made worse where it stands in the other family of feeds (an Atom name in RSS without a
 * namespace).
 */
const struct feed_element *feed_elements_find(enum feed_ns, const char *local, enum feed_place, uint32_t *rank_r);
/* Whether some feed has a text element of this (possibly prefixed) name: recovery closes such an element where the
 * next one begins. */
int feed_elements_is_text(struct nw_str qname);
#endif
