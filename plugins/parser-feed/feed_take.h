/*
 * feed_take.h - what the text of a finished element means for the record it belongs to.
 */
#ifndef FEED_TAKE_H
#define FEED_TAKE_H

#include "feed.h"

void feed_take_text(struct feed_parse *, const struct feed_element *); /* the capture's text, of any slot */
/* Authors: an element that may hold a name, an address, or children that say which is which. */
void feed_take_person_begin(struct feed_parse *);
void feed_take_person_part(struct feed_parse *, const struct feed_element *);
void feed_take_person_end(struct feed_parse *, uint32_t rank);
#endif
