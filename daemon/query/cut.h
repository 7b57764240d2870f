/*
 * cut.h - the positions of a text (R3 to R5, R8): where each begins and ends, its flags, the hash of its folded word.
 * Floor 2.  What analyse.h offers is made here; a term is cut by the same code, with "*" and "?" as letters.
 */
#ifndef NW_QUERY_CUT_H
#define NW_QUERY_CUT_H

#include "base/buf.h"
#include "query/analyse.h"

struct UBreakIterator;

enum { NW_CUT_WILD = 1 }; /* "*" and "?" are letters */

struct nw_analyse {
	struct nw_buf fold;	    /* a word while it is folded */
	struct UBreakIterator *segment; /* Thai, Lao, Khmer; opened when first met */
	int no_segment;		    /* it could not be opened: such runs stay whole */
	int segment_on, segment_at; /* the run begun */
	struct nw_text term;	    /* a term while it is cut */
};

/* Cuts text->s; 0 or -1 without memory.  limits: stops at NW_TEXT_POSITIONS_MAX. */
int nw_cut(struct nw_analyse *, struct nw_text *text, int flags);

/* Whether a blank line stands in p[0..n), and whether anything but white space, ignorables and middle dots does. */
enum { NW_CUT_BLANK = 1, NW_CUT_HARD = 2 };
int nw_cut_gap(const char *p, size_t n);
#endif
