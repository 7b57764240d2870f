/*
 * jsonfeed_text.h - from bytes of JSON to one tree, and from its members to texts.
 */
#ifndef JSONFEED_TEXT_H
#define JSONFEED_TEXT_H

#include <jansson.h>

#include <newswatch/plugin.h>

#define JSONFEED_WHY_MAX (JSON_ERROR_TEXT_LENGTH + 64) /* bytes of a message */

/*
 * jsonfeed_text_load(host, sink, text, repaired_r, why_r):
 * The document; a key given twice counts as its last value and is noted, "\u0000" becomes U+FFFD.  Of a document
 * that was cut the whole items are kept, with a note, and then ${repaired_r} is set.
 * owns    the caller json_decref()s it.
 * errors  NULL and ${why_r}, one line with the place.
 */
json_t *jsonfeed_text_load(const struct nw_host *, struct nw_sink *, struct nw_str, uint32_t *repaired_r,
    char why_r[JSONFEED_WHY_MAX]);

/* A member that is a string, without blanks around; "" if it is absent or no string.  Scratch memory. */
struct nw_str jsonfeed_text_get(const struct nw_host *, struct nw_sink *, const json_t *object, const char *key);
/* The same of a member that may be a number as well. */
struct nw_str jsonfeed_text_scalar(const struct nw_host *, struct nw_sink *, const json_t *object, const char *key);
/* The same of a value itself, NULL included. */
struct nw_str jsonfeed_text_of(const struct nw_host *, struct nw_sink *, const json_t *);
#endif
