/*
 * compare.h - comparisons: source:, lang:, country:, topic:, tag:, date:, age:, number: (R28).
 * Floor 2.
 */
#ifndef NW_QUERY_COMPARE_H
#define NW_QUERY_COMPARE_H

#include "query/eval.h"

/* Whether one of the node's values holds.  An unknown language passes, below a NOT too: there it does not hold. */
int nw_compare_holds(struct nw_eval *, const struct nw_prog_node *, int negated);
/* Whether the node names this tag; such a tag's evidence is the comparison's. */
int nw_compare_is_tag(const struct nw_eval *, const struct nw_prog_node *, const struct nw_tag *);
/* "zh" covers "zh" and "zh-Hant", "zh-Hant" only itself and what is longer. */
int nw_compare_lang(struct nw_str want, struct nw_str have);
/* The instant of an article: its date, a day as a whole, else when it was first seen. */
struct nw_time nw_compare_date(const struct nw_article *);
#endif
