/*
 * scan.h - find every phrase of the rules in the texts of an article, each text read once.
 * Floor 2.  Life: nw_scan_begin() -> nw_scan_text()*, one field after the other in the order of their positions.
 */
#ifndef NW_QUERY_SCAN_H
#define NW_QUERY_SCAN_H

#include "query/phrase.h"

/* One field's text, its words looked up. */
struct nw_scan_field {
	const struct nw_text *text;
	const uint32_t *stem; /* [text->n] or NULL */
	uint32_t base;	      /* of its global positions */
};

/* A new article: what was found is forgotten.  ${arena} holds the hits. */
void nw_scan_begin(struct nw_phrases *, struct nw_arena *);
/* Adds to the phrases' hits; without memory sets `failed`. */
void nw_scan_text(struct nw_phrases *, const struct nw_vocab *, const struct nw_vocab_tongue *,
    const struct nw_scan_field *);
#endif
