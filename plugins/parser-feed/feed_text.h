/*
 * feed_text.h - a growing buffer of UTF-8 text, reused from item to item.
 * After a failed allocation adding does nothing and `failed` stays set until it is freed.
 */
#ifndef FEED_TEXT_H
#define FEED_TEXT_H

#include <newswatch/plugin.h>

struct feed_text {
	char *p;
	size_t len, cap;
	int failed;
};

void feed_text_done(struct feed_text *);
void feed_text_reset(struct feed_text *); /* empties, keeps the memory unless it is much */
void feed_text_add(struct feed_text *, const char *, size_t);
void feed_text_adds(struct feed_text *, const char *);
void feed_text_add_escaped(struct feed_text *, const char *, size_t); /* & < > " as references */
void feed_text_swap(struct feed_text *, struct feed_text *);
void feed_text_trim(struct feed_text *);	 /* blanks around */
void feed_text_fold(struct feed_text *);	 /* and runs of blanks inside as one blank */
int feed_text_is_blank(const struct feed_text *); /* nothing but blanks */
/* The contents, NUL-terminated, borrowed until the next change. */
struct nw_str feed_text_str(const struct feed_text *);

/* ASCII only, any locale. */
int feed_is_space(char);
char feed_lower(char);
int feed_same(const char *, const char *);		/* without regard to case */
int feed_same_n(struct nw_str, const char *);		/* the same, of a text that need not end in NUL */
int feed_starts(struct nw_str, const char *lower_prefix); /* without regard to case */
struct nw_str feed_trim(struct nw_str);
#endif
