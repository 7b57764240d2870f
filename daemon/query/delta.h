/*
 * delta.h - what an edit took out of an article and what it put in, sentence by sentence, as new: and removed: see it.
 * Floor 2.  Sentences are those of R9, compared folded (R29): a moved one is no change.
 */
#ifndef NW_QUERY_DELTA_H
#define NW_QUERY_DELTA_H

#include "query/analyse.h"

/* One revision's words, borrowed. */
struct nw_delta_side {
	struct nw_str lang, title, body;
};
struct nw_delta_change {
	int removed;	    /* else added */
	int title;	    /* else of the body */
	struct nw_str text; /* into that side's field */
};
typedef int nw_delta_fn(void *cookie, const struct nw_delta_change *);

/*
 * nw_delta(analyse, before, after, fn, cookie):
 * Tell every change: of the title first, then of the body in the order of reading, what was removed before what stands
 * in its place.
 * returns  0; -1 without memory, or where ${fn} answered other than 0.
 */
int nw_delta(struct nw_analyse *, const struct nw_delta_side *before, const struct nw_delta_side *after, nw_delta_fn *,
    void *cookie);
#endif
