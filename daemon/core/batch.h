/*
 * batch.h - where trust in a worker's answer begins.
 * Floor 1.  After nw_batch_check() every text is valid UTF-8 without NUL, every count, length, range, enum and
 * offset is within limits.h, hits lie inside their fields on character borders, times are within 1900..2200.
 */
#ifndef NW_CORE_BATCH_H
#define NW_CORE_BATCH_H

#include <newswatch/plugin.h>

#include "batch.pb-c.h"

struct nw_arena;
struct nw_err;
struct nw_parts;

struct nw_batch {
	struct nw_arena *arena; /* owns every byte below; one free */
	Nw__Batch *m;
	struct nw_parts *parts; /* not NULL: the articles of ${m} are heads, nw_batch_article_whole() has the rest */
};

/*
 * nw_batch_article_whole(batch, i, err):
 * The article as it came.  Of a batch that came in parts ${batch}->m has heads: guid, key, url, title, language, number,
 * dates, flags and hashes.
 * owns    valid until the next call and as long as the batch.
 * errors  NULL: NW_ERES, the file cannot be read or there is no memory.
 */
const Nw__Article *nw_batch_article_whole(const struct nw_batch *, size_t i, struct nw_err *);
/* All articles of a batch whole in memory, for who looks at few documents.  errors  NW_ERES, NW_ELIMIT past the batch's arena. */
int nw_batch_gather(struct nw_batch *, struct nw_err *);

/* errors  NW_EPLUGIN with what is wrong; the sender of such a batch is to be killed. */
int nw_batch_check(const Nw__Batch *, struct nw_err *);
/* The same of a part that is sent ahead: articles and nothing else. */
int nw_batch_check_part(const Nw__Batch *, struct nw_err *);
/* Whether evidence lies in a field of the article, in its passage, on character borders. */
int nw_batch_hit_ok(const Nw__Article *, const Nw__Hit *);
/* The text of a field that evidence can stand in; "" for none. */
struct nw_str nw_batch_field(const Nw__Article *, uint32_t field);
/* As plugins and the engine see it: ${view_r} borrows from ${article}, its arrays lie in the arena.  -1: memory. */
int nw_batch_article(struct nw_arena *, const Nw__Article *, struct nw_article *view_r);
/* The same of a tag, of hits and of the clauses they name; NULL without memory. */
const struct nw_tag *nw_batch_tag(struct nw_arena *, const Nw__Tag *);
struct nw_hit *nw_batch_hits(struct nw_arena *, Nw__Hit *const *, size_t n);
struct nw_str *nw_batch_clauses(struct nw_arena *, const ProtobufCBinaryData *, size_t n);
void nw_batch_free(struct nw_batch *); /* NULL is fine */
#endif
