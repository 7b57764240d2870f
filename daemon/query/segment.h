/*
 * segment.h - words of Thai, Lao and Khmer, which write none apart: ICU's dictionaries.
 * Floor 2.  One run at a time: nw_segment_start(), then nw_segment_next() until -1.
 */
#ifndef NW_QUERY_SEGMENT_H
#define NW_QUERY_SEGMENT_H

#include <newswatch/plugin.h>

struct nw_analyse;

/* Offset of the first word in p[0..n): 0, or -1 for an empty run. */
int32_t nw_segment_start(struct nw_analyse *, const char *p, size_t n);
/* Where the word begun ends; -1 at the end of the run. */
int32_t nw_segment_next(struct nw_analyse *, size_t n);
int nw_segment_is_word(const char *p, size_t n); /* holds a letter or digit */
void nw_segment_warm(struct nw_analyse *);
void nw_segment_close(struct nw_analyse *);
#endif
