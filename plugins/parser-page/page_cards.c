#include <string.h>

#include "page_cards.h"
#include "page_dom.h"
#include "page_hint.h"
#include "page_score.h"
#include "page_text.h"

#define CARDS_MAX    1024
#define CARD_BLOCKS  12 /* of one teaser: picture's line, heading, author, date, two lines of text, links */
#define TITLE_MIN    15 /* letters of a linked line that may be a title */
#define HEADED_MIN   2	/* teasers of one kind that make a list, where each has a heading */
#define HEADLESS_MIN 4	/* the same where the title is only a link */

struct card {
	uint32_t element;
	uint64_t kind; /* of its tag and classes */
	int headed;
};
struct cards {
	struct nw_page *pg;
	struct nw_page_blocks *bs;
	uint32_t n;
	unsigned char *titled; /* of each block: it is a linked title */
	struct card v[CARDS_MAX];
};

/* The first link of a block that leads to another page of this site. */
static int
leads_away(struct nw_page *pg, const struct nw_page_block *b)
{
	struct nw_str href = nw_page_dom_attr(nw_page_block_link(b), "href");

	return href.len > 0 && href.p[0] != '#' && nw_page_dom_is_own(pg, href);
}

static int
is_linked_title(struct nw_page *pg, const struct nw_page_block *b)
{
	return b->weight >= TITLE_MIN && nw_page_score_links(b) > 0.7f && leads_away(pg, b);
}

/* Titles of this kind below an element, at most two: with two it is a list, whose own elements are the
 * teasers. */
static uint32_t
titles_in(struct cards *c, uint32_t element)
{
	const struct nw_page_info *in = &c->bs->info[element];
	uint32_t n = 0;

	for (uint32_t i = in->first_block; n < 2 && i < in->past_block; i++)
		n += c->titled[i];
	return n;
}

static uint32_t
blocks_in(const struct nw_page_blocks *bs, uint32_t element)
{
	return bs->info[element].past_block - bs->info[element].first_block;
}

/* The largest element around a title that is small and has no other title; 0 if it holds nothing but the
 * title. */
static uint32_t
element_around(struct cards *c, uint32_t block)
{
	uint32_t i = c->bs->v[block].owner, up;

	while (
	    (up = c->bs->info[i].parent) != 0 && blocks_in(c->bs, up) <= CARD_BLOCKS && titles_in(c, up) == 1)
		i = up;
	return blocks_in(c->bs, i) < 2 ? 0 : i;
}

static uint64_t
kind_of(const xmlNode *n)
{
	struct nw_str class = nw_page_dom_attr(n, "class");
	uint64_t h = 0xcbf29ce484222325u;

	for (const char *p = (const char *)n->name; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 0x100000001b3u;
	for (size_t i = 0; i < class.len; i++)
		if (class.p[i] < '0' || class.p[i] > '9') /* "item-1", "post-4711" */
			h = (h ^ (unsigned char)class.p[i]) * 0x100000001b3u;
	return h;
}

static void
collect(struct cards *c)
{
	uint32_t element;

	for (uint32_t i = 0; i < c->bs->n; i++)
		c->titled[i] = (unsigned char)is_linked_title(c->pg, &c->bs->v[i]);
	for (uint32_t i = 0; i < c->bs->n && c->n < CARDS_MAX; i++) {
		const struct nw_page_block *b = &c->bs->v[i];

		if (!c->titled[i] || (element = element_around(c, i)) == 0)
			continue;
		c->v[c->n++] =
		    (struct card){element, kind_of(c->bs->info[element].node), b->kind == NW_PAGE_HEADING};
	}
}

void
nw_page_cards_mark(struct nw_page *pg, struct nw_page_blocks *bs)
{
	struct cards *c = nw_page_alloc(pg, sizeof(*c));
	uint32_t same;

	if (c == NULL || (c->titled = nw_page_alloc(pg, bs->n)) == NULL)
		return;
	c->pg = pg;
	c->bs = bs;
	collect(c);
	for (uint32_t i = 0; i < c->n; i++) {
		same = 0;
		for (uint32_t k = 0; k < c->n; k++)
			same += c->v[k].kind == c->v[i].kind && c->v[k].headed == c->v[i].headed;
		if (same >= (c->v[i].headed ? HEADED_MIN : HEADLESS_MIN))
			bs->info[c->v[i].element].hints |= NW_PAGE_HINT_OFF;
	}
}
