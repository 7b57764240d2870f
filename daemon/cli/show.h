/*
 * show.h - what commands print: articles, documents, match lines, as JSON by jansson.
 * Floor 4.  The shapes are a contract (newswatch.1).  All text was checked to be UTF-8 before it comes here.
 */
#ifndef NW_CLI_SHOW_H
#define NW_CLI_SHOW_H

#include <jansson.h>

#include "wire.pb-c.h"

struct nw_batch;
struct nw_str;

/* Each gives a new reference, NULL without memory. */
json_t *nw_show_text(struct nw_str);
json_t *nw_show_bytes(ProtobufCBinaryData);
/* {"feed","articles","follow","notes"}; ${topics}: with each article's topics. */
json_t *nw_show_document(const Nw__Batch *, int topics);
/* The same as one line on standard output, article by article.  -1 if it could not be written whole. */
int nw_show_document_line(const struct nw_batch *, int topics);
json_t *nw_show_article(const Nw__Article *, int topics);
/* [{"field","start","end","text","passage","passage_start","clause"}] */
json_t *nw_show_evidence(const Nw__Article *, Nw__Hit *const *, size_t n, const ProtobufCBinaryData *clause,
    size_t nclause);
/* "title", "body" ... of enum nw_field. */
const char *nw_show_field(uint32_t field);
/* Set a key; the value's reference is taken.  -1 if either is missing. */
int nw_show_set(json_t *object, const char *key, json_t *value);
/* ${object} if all its keys were set (${rc} 0), else NULL; the reference is taken. */
json_t *nw_show_whole(json_t *object, int rc);
/* One line on standard output; takes the reference.  -1 if it could not be written whole. */
int nw_show_line(json_t *);
#endif
