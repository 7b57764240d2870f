/*
 * sentence.h - where sentences and paragraphs begin and end, and how far the lead goes (R9, R10).
 * Floor 2.  Works on a cut text: an end can only stand in the gap between two positions.  In doubt there is none.
 */
#ifndef NW_QUERY_SENTENCE_H
#define NW_QUERY_SENTENCE_H

#include "query/analyse.h"

#define NW_SENTENCE_LEAD 50 /* positions that the lead's paragraphs hold at least */

/* Fills sentence[], nsentence and lead of ${text}; -1 without memory. */
int nw_sentence_find(struct nw_text *, struct nw_str lang);
#endif
