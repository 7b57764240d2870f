/*
 * suggest.h - "did you mean": the nearest of the names that would have been right.
 * Floor 0.  Life: struct nw_suggest s = nw_suggest_init(word); nw_suggest_offer()*; s.best.
 */
#ifndef NW_BASE_SUGGEST_H
#define NW_BASE_SUGGEST_H

#include <newswatch/plugin.h>

#define NW_SUGGEST_BYTES_MAX 64u /* longer words get no suggestion */

struct nw_suggest {
	struct nw_str word, best; /* borrowed; best.len is 0 while nothing is near enough */
	unsigned distance;	  /* of best; edits, a swap of neighbours counts one */
};

static inline struct nw_suggest
nw_suggest_init(struct nw_str word)
{
	return (struct nw_suggest){word, {"", 0}, word.len / 3 + 1};
}
/* Take ${name} as best if it is nearer than what was offered before (the first of equals stays). */
void nw_suggest_offer(struct nw_suggest *, struct nw_str name);
#endif
