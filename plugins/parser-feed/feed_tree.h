/*
 * feed_tree.h - the open elements of the document: where we are, what is collected, whose record it is for.
 * Calls come from sax.c, elements properly nested.
 */
#ifndef FEED_TREE_H
#define FEED_TREE_H

#include "feed.h"

void feed_tree_start(struct feed_parse *, const struct feed_tag *);
void feed_tree_text(struct feed_parse *, const char *, size_t);
void feed_tree_end(struct feed_parse *, const char *local);
/* Back to the document's beginning, for a second reading. */
void feed_tree_reset(struct feed_parse *);

const struct feed_frame *feed_tree_top(const struct feed_parse *);
struct feed_record *feed_tree_record(struct feed_parse *); /* the item's inside one, else the feed's */
/* A text's own xml:base and xml:lang are the record's, if it is a better text than those before. */
void feed_tree_note_scope(struct feed_parse *, uint32_t slot);
#endif
