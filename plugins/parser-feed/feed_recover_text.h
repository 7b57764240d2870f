/*
 * feed_recover_text.h - character data made well-formed.  Part of feed_recover.
 */
#ifndef FEED_RECOVER_TEXT_H
#define FEED_RECOVER_TEXT_H

#include "feed_text.h"

/* Text between tags: references are kept, what is none becomes "&amp;". */
void feed_recover_text(struct feed_text *, const char *, size_t, uint32_t *repairs);
/* An attribute's value: the same, with "<" and quotes escaped. */
void feed_recover_text_attr(struct feed_text *, const char *, size_t, uint32_t *repairs);
/* A CDATA section's text: nothing in it is a reference. */
void feed_recover_text_plain(struct feed_text *, const char *, size_t, uint32_t *repairs);
#endif
