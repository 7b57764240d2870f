/*
 * pattern.h - what can be known of a regular expression without an article.
 * Floor 2.
 */
#ifndef NW_QUERY_PATTERN_H
#define NW_QUERY_PATTERN_H

#include <newswatch/plugin.h>

struct nw_buf;

/*
 * nw_pattern_check(pattern, why_r, off_r):
 * Whether ICU compiles ${pattern}.
 * errors  -1 with a constant sentence in ${why_r} and the byte it blames in ${off_r}.
 */
int nw_pattern_check(struct nw_str pattern, const char **why_r, size_t *off_r);
/*
 * nw_pattern_literal(pattern, buf, icase_r):
 * Append the longest run of characters that every match contains as written, and return its length in characters.
 * What is not understood counts as unknown, so the answer may be shorter than the truth, never wrong.  ${icase_r}
 * becomes 1 if the pattern itself says (?i), so that case must be put aside.
 */
uint32_t nw_pattern_literal(struct nw_str pattern, struct nw_buf *, int *icase_r);
#endif
