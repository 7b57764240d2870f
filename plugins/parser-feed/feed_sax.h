/*
 * feed_sax.h - libxml2's push parser in front of feed_tree: strict, no network, no file, no expansion.
 */
#ifndef FEED_SAX_H
#define FEED_SAX_H

#include "feed.h"

#define FEED_ERROR_MAX 160 /* bytes of a message */

struct feed_sax;

enum feed_sax_end {
	FEED_SAX_OK,
	FEED_SAX_BROKEN, /* not well-formed; the message says where */
	FEED_SAX_LIMIT,	 /* FEED_DEPTH_STOP or FEED_SPACES_MAX */
};

struct feed_sax *feed_sax_new(struct feed_parse *); /* NULL without memory */
void feed_sax_free(struct feed_sax *);		    /* NULL is fine */
/* Text of any size.  Nothing happens after the parser stopped. */
void feed_sax_push(struct feed_sax *, const char *, size_t);
/* The end of the document; the message is "" if it was well-formed. */
enum feed_sax_end feed_sax_finish(struct feed_sax *, char message[FEED_ERROR_MAX]);
int feed_sax_stopped(const struct feed_sax *);
size_t feed_sax_safe(const struct feed_sax *); /* bytes pushed up to the end of the last whole item; 0: none */
#endif
