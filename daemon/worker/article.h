/*
 * article.h - an article as a parser gives it becomes one of the batch.
 * Floor 4.
 */
#ifndef NW_WORKER_ARTICLE_H
#define NW_WORKER_ARTICLE_H

#include <newswatch/plugin.h>

#include "batch.pb-c.h"

struct nw_sink;

/*
 * nw_article_add(sink, article):
 * The host table's add_article().  Known and unchanged items cost two hashes; of others text is made and kept.
 * limits  NW_ITEMS_MAX; past it NW_ELIMIT, and one note.
 */
int nw_article_add(struct nw_sink *, const struct nw_article *);
/* Of title, summary and body: what makes a revision. */
uint64_t nw_article_content_hash(const Nw__Article *);
#endif
