#include <string.h>

#include "page_block.h"
#include "page_dom.h"
#include "page_extract.h"
#include "page_furniture.h"
#include "page_hint.h"
#include "page_jsonld.h"
#include "page_line.h"
#include "page_options.h"
#include "page_pick.h"
#include "page_said.h"
#include "page_score.h"
#include "page_select.h"
#include "page_text.h"
#include "page_write.h"

#define SHORT_PAGE  25	/* letters: less was found than a sentence has */
#define NEAR_BLOCKS 12	/* above the first paragraph that may hold a date or an author */
#define NEAR_KEPT   48	/* bytes of one that is part of the text: "Beijing, 5 May 2026" */
#define NEAR_BYTES  160 /* of such a line */
#define TEXT_MIN    200 /* letters of paragraphs below which what is hidden is looked at too */

static int
drop(void *cookie, xmlNode *n)
{
	(void)cookie;
	if (n->type ==
	    XML_ELEMENT_NODE) /* out of the tree at once could free a later match: only its content goes */
		xmlSetProp(n, BAD_CAST "hidden", BAD_CAST "hidden");
	return 0;
}

/* What the source's selectors find, whole. */
struct configured {
	struct nw_page *pg;
	const xmlNode *first; /* what they found first */
	struct nw_page_buf html, text;
};

static int
take_body(void *cookie, xmlNode *n)
{
	struct configured *c = cookie;
	struct nw_page_blocks bs = {0};
	struct nw_str s;

	if (n->type != XML_ELEMENT_NODE || n->_private != NULL || /* it was cut as part of one around it */
	    nw_page_block_cut(c->pg, n, NW_PAGE_HINT_GONE | NW_PAGE_HINT_HIDDEN, &bs) != 0)
		return 0;
	if (c->first == NULL)
		c->first = n;
	nw_page_score_blocks(c->pg, &bs);
	nw_page_pick(c->pg, &bs, 0, (struct nw_str){"", 0});
	s = nw_page_write_html(c->pg, &bs, 0, bs.n);
	nw_page_text_add(&c->html, s.p, s.len);
	s = nw_page_write_text(c->pg, &bs, 0, bs.n);
	if (c->text.len > 0 && s.len > 0)
		nw_page_text_adds(&c->text, "\n\n");
	nw_page_text_add(&c->text, s.p, s.len);
	return 0;
}

static const xmlNode *
node_before(const xmlNode *n)
{
	if (n->prev == NULL)
		return n->parent;
	for (n = n->prev; n->last != NULL && n->type == XML_ELEMENT_NODE; n = n->last)
		;
	return n;
}

/* The short lines above what a selector found, the nearest first. */
static void
collect_above(struct nw_page *pg, const xmlNode *body, struct nw_page_text *out)
{
	uint32_t lines = 0, left = NW_PAGE_LINE_NODES;

	for (const xmlNode *n = body; n != NULL && n != pg->body && lines < NEAR_BLOCKS && left-- > 0;
	     n = node_before(n)) {
		struct nw_str line;

		if (n->type != XML_TEXT_NODE || (line = nw_page_line_text(pg, n)).len == 0 ||
		    nw_page_furniture_around(pg, n))
			continue;
		lines++;
		if (line.len <= NEAR_BYTES)
			out->near[out->nnear++] = line;
	}
}

static int
from_source(struct nw_page *pg, struct nw_page_text *out)
{
	struct configured c = {.pg = pg, .html.pg = pg, .text.pg = pg};

	if (pg->source == NULL || pg->source->body == NULL)
		return 0;
	nw_page_select_nodes(pg->source->body, pg, pg->root, take_body, &c);
	out->html = nw_page_text_str(&c.html);
	out->text = nw_page_text_str(&c.text);
	out->letters = nw_page_text_weight(out->text);
	if (out->text.len == 0)
		return 0;
	collect_above(pg, c.first, out);
	return 1;
}

static uint32_t
kept_letters(const struct nw_page_blocks *bs)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < bs->n; i++)
		n += bs->v[i].keep ? bs->v[i].weight - bs->v[i].link_weight : 0;
	return n;
}

/* Where the headline stands among the blocks before ${first}; ${from} if it does not. */
static uint32_t
headline_at(
    struct nw_page *pg, const struct nw_page_blocks *bs, struct nw_str title, uint32_t from, uint32_t first)
{
	struct nw_str bare = nw_page_text_bare(pg, title);

	for (uint32_t i = first + 1; bare.len > 0 && i-- > from;)
		if (nw_page_text_same(nw_page_text_bare(pg, bs->v[i].text), bare))
			return i;
	return from;
}

static void
add_near(const struct nw_page_blocks *bs, uint32_t i, struct nw_page_text *out)
{
	if (bs->v[i].text.len <= (bs->v[i].keep ? NEAR_KEPT : NEAR_BYTES) && out->nnear < NW_PAGE_NEAR_MAX)
		out->near[out->nnear++] = bs->v[i].text;
}

/* The short lines where a date or an author stands: from the headline to the first paragraphs, and after the
 * last; then those above the headline, the nearest first, where a page's own clock may be. */
static void
collect_near(
    struct nw_page *pg, const struct nw_page_blocks *bs, struct nw_str title, struct nw_page_text *out)
{
	uint32_t first = 0, last, from, head, i;

	while (first < bs->n && !bs->v[first].keep)
		first++;
	if (first == bs->n)
		return;
	for (last = bs->n; last > first && !bs->v[last - 1].keep; last--)
		;
	from = first > NEAR_BLOCKS ? first - NEAR_BLOCKS : 0;
	head = headline_at(pg, bs, title, from, first);
	for (i = head; i < bs->n && i < last + 3; i++)
		if (i < first + 3 || i + 3 > last)
			add_near(bs, i, out);
	for (i = head; i-- > from;)
		add_near(bs, i, out);
}

/* What JSON-LD says where the page shows less than half of it. */
static void
take_said(struct nw_page *pg, const struct nw_page_jsonld *ld, struct nw_page_text *out)
{
	struct nw_str text = nw_page_said_text(pg, ld->body);
	uint32_t letters = nw_page_text_weight(text);

	if (letters < TEXT_MIN || out->letters >= letters / 2)
		return;
	out->html = nw_page_said_html(pg, ld->body);
	out->text = text;
	out->letters = letters;
}

int
nw_page_extract(
    struct nw_page *pg, const struct nw_page_jsonld *ld, struct nw_str title, struct nw_page_text *out)
{
	struct nw_page_blocks bs = {0};
	uint32_t at;

	*out = (struct nw_page_text){.html = {"", 0}, .lead = {"", 0}, .text = {"", 0}};
	if (pg->source != NULL)
		nw_page_select_all(pg->source->remove, pg, pg->root, drop, NULL);
	if (from_source(pg, out))
		return NW_OK;
	out->missed = pg->source != NULL && pg->source->body != NULL;
	if (nw_page_block_cut(pg, pg->body, NW_PAGE_HINT_GONE | NW_PAGE_HINT_HIDDEN, &bs) != 0)
		return pg->host->fail(pg->out, NW_ELIMIT, "page: scratch memory ran out");
	nw_page_score_blocks(pg, &bs);
	if (bs.ninfo > 0 && bs.info[0].mass < TEXT_MIN) {
		if (nw_page_block_cut(pg, pg->body, NW_PAGE_HINT_GONE, &bs) != 0)
			return pg->host->fail(pg->out, NW_ELIMIT, "page: scratch memory ran out");
		nw_page_score_blocks(pg, &bs);
	}
	at = nw_page_score_choose(&bs);
	out->at = bs.ninfo > 0 ? bs.info[at].node : NULL;
	nw_page_pick(pg, &bs, at, title);
	out->lead = nw_page_pick_lead(pg, &bs, at, title);
	if (kept_letters(&bs) < SHORT_PAGE) {
		nw_page_pick_all(pg, &bs, title);
		out->at = pg->body;
	}
	out->html = nw_page_write_html(pg, &bs, 0, bs.n);
	out->text = nw_page_write_text(pg, &bs, 0, bs.n);
	out->letters = kept_letters(&bs);
	collect_near(pg, &bs, title, out);
	take_said(pg, ld, out);
	return NW_OK;
}
