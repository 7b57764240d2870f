/*
 * stem.h - Snowball stemmers by language (R20).
 * Floor 2.  Life: nw_stem_open() -> nw_stem_word()* -> nw_stem_close().
 */
#ifndef NW_QUERY_STEM_H
#define NW_QUERY_STEM_H

#include <newswatch/plugin.h>

struct nw_buf;
struct sb_stemmer;

#define NW_STEM_NAME_MAX 4

/* The two letters by which Snowball knows the language (BCP 47), "" if it has no stemmer for it. */
void nw_stem_name(struct nw_str lang, char out[NW_STEM_NAME_MAX]);
struct sb_stemmer *nw_stem_open(const char *name); /* NULL without memory or for an unknown name */
void nw_stem_close(struct sb_stemmer *);
/* Appends the folded stem of a word in lower case with its accents. */
void nw_stem_word(struct sb_stemmer *, struct nw_str lower, struct nw_buf *);
#endif
