/*
 * passage.h - what of an article's text is shown around its evidence.
 * A passage is the sentence or sentences a hit touches, one neighbour on either side, and the hits inside it.
 */
#ifndef NOTIFIER_EMAIL_PASSAGE_H
#define NOTIFIER_EMAIL_PASSAGE_H

#include <newswatch/plugin.h>

#define PASSAGES_MAX 8	 /* of one alert; more evidence is counted */
#define MARKS_MAX    64	 /* highlighted stretches of one passage */
#define NEIGHBOUR    280 /* bytes of a neighbour at most */

struct mark {
	size_t off, len; /* bytes of the field */
};

struct passage {
	uint32_t field;
	size_t off, len;	  /* the sentences */
	size_t before, after;	  /* bytes of neighbours shown around them */
	struct mark mark[MARKS_MAX];
	uint32_t nmarks;
};

/* The text a hit's field names. */
struct nw_str passage_field(const struct nw_article *, uint32_t field);
/* Passages in text order, touching ones joined; the number of them. */
uint32_t passages_of(const struct nw_notice *, struct passage out[PASSAGES_MAX]);
#endif
