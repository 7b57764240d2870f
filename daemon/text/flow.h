/*
 * flow.h - readable text out of elements and characters as they come: paragraphs, lines, list items, table rows.
 * Floor 2.  Life: nw_flow_init() -> (nw_flow_open() | nw_flow_text() | nw_flow_close())* -> nw_buf_str(&out) ->
 * nw_flow_done().
 */
#ifndef NW_TEXT_FLOW_H
#define NW_TEXT_FLOW_H

#include "base/buf.h"

#define NW_FLOW_LISTS 16 /* nested lists whose numbers are kept; deeper ones count on in the last */

enum nw_flow_gap { NW_FLOW_NOTHING, NW_FLOW_BLANK, NW_FLOW_CELLS, NW_FLOW_LINE, NW_FLOW_PARAGRAPH };

struct nw_flow {
	struct nw_buf out;
	uint32_t gap;	    /* enum nw_flow_gap: what stands between the text so far and the next */
	uint32_t cells;	    /* NW_FLOW_CELLS: how many tabs */
	uint32_t in_row;    /* a cell of this row has been opened */
	uint32_t cell_text;   /* the open cell has text */
	uint32_t cell_broken; /* the open cell holds several lines: what follows stands apart */
	uint32_t broke_line;  /* the blank in the gap held a line end */
	uint32_t pre;	    /* open elements that keep blanks */
	uint32_t nlist;	    /* open lists */
	uint32_t number[NW_FLOW_LISTS]; /* the next item's, 0 in an unnumbered list */
	uint32_t marker_n;  /* bytes of the marker that waits for its item's first text */
	char marker[16];
};

/* limits  ${max_bytes} of text, then `out.failed` is set. */
void nw_flow_init(struct nw_flow *, size_t max_bytes);
void nw_flow_done(struct nw_flow *);
/* flags are those of html_tags.h; ${start} is the first number of a numbered list. */
void nw_flow_open(struct nw_flow *, uint32_t flags, uint32_t start);
void nw_flow_close(struct nw_flow *, uint32_t flags);
/* Valid UTF-8.  Blanks are folded, invisible characters left out, line ends between Han characters closed up. */
void nw_flow_text(struct nw_flow *, const char *p, size_t len);
/* Text without markup: its own blank lines and line ends count. */
void nw_flow_plain(struct nw_flow *, const char *p, size_t len);
#endif
