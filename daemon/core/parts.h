/*
 * parts.h - an answer that came in parts: its articles lie in a file, what tells them apart in memory.
 * Floor 1.  The file is one in memory that no program has mapped (memfd_create): it ends with the parts.
 * Life: nw_parts_new() -> nw_parts_add()* -> nw_parts_heads() -> nw_parts_read()* -> nw_parts_free().
 */
#ifndef NW_CORE_PARTS_H
#define NW_CORE_PARTS_H

#include <newswatch/plugin.h>

#include "batch.pb-c.h"

struct nw_arena;
struct nw_err;
struct nw_parts;

/* errors  NULL: NW_ERES. */
struct nw_parts *nw_parts_new(struct nw_err *);
void nw_parts_free(struct nw_parts *); /* NULL is fine */
/*
 * nw_parts_add(parts, batch, err):
 * Put the articles of a checked batch aside, in their order.
 * limits  NW_ITEMS_MAX articles, NW_PARTS_BYTES in all.
 * errors  NW_EPLUGIN past a limit; NW_ERES.  Afterwards only nw_parts_free() may be called.
 */
int nw_parts_add(struct nw_parts *, const Nw__Batch *, struct nw_err *);
/* The batch's articles become the heads (batch.h) of all that was added; they live as long as the parts. */
void nw_parts_heads(const struct nw_parts *, Nw__Batch *);
/* An article whole, in ${arena}.  errors  NULL: NW_ERES, NW_ELIMIT past the arena. */
Nw__Article *nw_parts_read(struct nw_parts *, struct nw_arena *, size_t i, struct nw_err *);
/* The same in memory of their own, forgotten with the next call. */
const Nw__Article *nw_parts_article(struct nw_parts *, size_t i, struct nw_err *);
#endif
