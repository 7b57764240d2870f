#include <string.h>

#include "page_dom.h"
#include "page_line.h"
#include "page_text.h"

#define STEP_BYTES 16 /* of text that cost as much as a node */

/* A walk over the texts below a node. */
struct walk {
	struct nw_page *pg;
	const xmlNode *top, *at;
	uint32_t nodes; /* that may still be looked at */
	size_t bytes;	/* of text that may still be taken */
	int cut;	/* a bound ended it */
};

static struct walk
from(struct nw_page *pg, const xmlNode *top, uint32_t nodes, size_t bytes)
{
	return (struct walk){.pg = pg, .top = top, .at = top, .nodes = nodes, .bytes = bytes};
}

static struct nw_str
text_of(struct walk *w, const xmlNode *n)
{
	struct nw_str s = nw_page_text_start((const char *)n->content, w->bytes);

	w->cut = s.p[s.len] != '\0';
	w->bytes -= s.len;
	return s;
}

/* The next text, or the blank that parts two blocks; 0 at the end. */
static int
next(struct walk *w, struct nw_str *s_r)
{
	const xmlNode *n = w->at;

	for (s_r->len = 0; n != NULL && !w->cut && s_r->len == 0; n = w->at) {
		w->cut = w->nodes-- == 0 || w->bytes == 0 || !nw_page_spend(w->pg, NW_PAGE_WORK_LINES, 1);
		if (w->cut)
			return 0;
		if (n->type == XML_TEXT_NODE)
			*s_r = text_of(w, n);
		else if (nw_page_dom_in(n, " br p div li td tr h1 h2 h3 h4 h5 h6 dt dd "))
			*s_r = (struct nw_str){" ", 1};
		w->at = nw_page_dom_in(n, " script style template ") ? nw_page_dom_skip(n, w->top)
								     : nw_page_dom_next(n, w->top);
	}
	(void)nw_page_spend(w->pg, NW_PAGE_WORK_LINES, s_r->len / STEP_BYTES); /* asked at the next node */
	return s_r->len > 0;
}

struct nw_str
nw_page_line_text(struct nw_page *pg, const xmlNode *top)
{
	struct walk w = from(pg, top, NW_PAGE_LINE_NODES, NW_PAGE_LINE_BYTES);
	struct nw_page_buf b = {.pg = pg};
	struct nw_str s;

	while (next(&w, &s))
		nw_page_text_fold(&b, s.p, s.len);
	return nw_page_text_str(&b);
}

uint32_t
nw_page_line_weight(struct nw_page *pg, const xmlNode *top)
{
	struct walk w = from(pg, top, NW_PAGE_LINE_NODES, NW_PAGE_LINE_BYTES);
	struct nw_str s;
	uint32_t n = 0;

	while (next(&w, &s))
		n += nw_page_text_weight(s);
	return n;
}

struct nw_str
nw_page_line_brief(struct nw_page *pg, const xmlNode *top, char out[NW_PAGE_BRIEF_BYTES])
{
	struct walk w = from(pg, top, NW_PAGE_BRIEF_NODES, NW_PAGE_BRIEF_BYTES);
	struct nw_page_buf b = {.pg = pg, .p = out, .cap = NW_PAGE_BRIEF_BYTES};
	struct nw_str s;

	while (next(&w, &s)) {
		if (s.len >= b.cap - b.len)
			return (struct nw_str){"", 0};
		nw_page_text_fold(&b, s.p, s.len);
	}
	return w.cut ? (struct nw_str){"", 0} : nw_page_text_str(&b);
}
