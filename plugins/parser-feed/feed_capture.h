/*
 * feed_capture.h - the text of one element, in one reused buffer: plain, HTML, or inline markup written out again.
 */
#ifndef FEED_CAPTURE_H
#define FEED_CAPTURE_H

#include "feed.h"

/* A text element of the row's kind begins; its start() may still change the mode. */
void feed_capture_begin(struct feed_parse *, const struct feed_element *, uint32_t rank);
/* Text, inside a nested element or not. */
void feed_capture_text(struct feed_parse *, int nested, const char *, size_t);
/* A nested element; returns what its frame is: FRAME_INNER, or FRAME_SILENT where its tags are not written. */
int feed_capture_open(struct feed_parse *, const struct feed_tag *, int nested);
void feed_capture_close(struct feed_parse *, const char *local);
/* The element ends: decodes base64, looks at text of which nobody said what it is. */
void feed_capture_end(struct feed_parse *);
#endif
