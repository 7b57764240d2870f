/*
 * feed_entities.h - what an entity reference stands for in a feed: those of HTML, and harmless ones the document
 * declares.  Nothing else is expanded: an unknown reference stays as it is written.
 */
#ifndef FEED_ENTITIES_H
#define FEED_ENTITIES_H

#include <libxml/parser.h>

#include "feed_text.h"

#define FEED_ENTITY_MAX 256 /* bytes of a declared text; a longer one, or one with markup or references, is not used */

/* UTF-8 in ${buf} or the declared text; NULL if it is unknown. */
const char *feed_entities_text(xmlParserCtxt *, const char *name, char buf[8]);
/* Appends an attribute's value as libxml2 hands it over: "&#38;" and references by name are still in it. */
void feed_entities_decode(xmlParserCtxt *, struct feed_text *, const char *, size_t);
#endif
