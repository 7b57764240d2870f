#include <string.h>

#include "page_block.h"
#include "page_dom.h"
#include "page_hint.h"
#include "page_text.h"

#define HEADING_MAX 100 /* letters */

static const char block_tags[] =
    " address article aside blockquote body center details dd dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav noscript "
    "ol "
    "option p pre section summary table caption colgroup tbody td tfoot th thead tr ul ";

/* --- elements */

static int
is_blank(const xmlNode *text)
{
	const char *p = (const char *)text->content;

	return p == NULL || p[strspn(p, " \t\r\n")] == '\0';
}

/* Memory for all elements, and for as many blocks as there are texts to begin one. */
static int
reserve(struct nw_page *pg, const xmlNode *top, struct nw_page_blocks *bs)
{
	uint32_t texts = 0;

	for (const xmlNode *x = top; x != NULL; x = nw_page_dom_next(x, top)) {
		bs->ninfo += x->type == XML_ELEMENT_NODE;
		texts += x->type == XML_TEXT_NODE && !is_blank(x);
	}
	bs->info = nw_page_alloc(pg, bs->ninfo * sizeof(*bs->info));
	bs->v = nw_page_alloc(pg, texts * sizeof(*bs->v));
	return bs->info == NULL || bs->v == NULL ? -1 : 0;
}

static uint32_t
index_of(const struct nw_page_blocks *bs, const xmlNode *n)
{
	return (uint32_t)((struct nw_page_info *)n->_private - bs->info);
}

static void
list_elements(struct nw_page *pg, xmlNode *top, struct nw_page_blocks *bs)
{
	struct nw_page_info *in;
	uint32_t i = 0;

	for (xmlNode *x = top; x != NULL; x = nw_page_dom_next(x, top)) {
		if (x->type != XML_ELEMENT_NODE)
			continue;
		in = &bs->info[i];
		in->node = x;
		x->_private = in;
		in->parent = x == top ? 0 : index_of(bs, x->parent);
		in->hints = nw_page_hint_of(pg, x);
		in->blockish = nw_page_dom_in(x, block_tags);
		in->end = ++i;
	}
	while (i-- > 1) { /* children come after their parents: one walk backward carries all upward */
		in = &bs->info[bs->info[i].parent];
		if (bs->info[i].end > in->end)
			in->end = bs->info[i].end;
		in->blockish |= bs->info[i].blockish;
	}
}

/* --- blocks */

struct cutting {
	struct nw_page *pg;
	struct nw_page_blocks *bs;
	struct nw_page_block now;
	struct nw_page_buf text;
	uint32_t owner; /* innermost block-level element */
	uint32_t links; /* depth of <a> */
	int breaks;	/* <br> in a row */
	uint32_t word;	/* letters of the word being read */
	unsigned gone;	/* hints of what is left out */
};

static enum nw_page_kind
kind_of(const xmlNode *n)
{
	const xmlNode *up;

	if (nw_page_dom_in(n, " h1 h2 h3 h4 h5 h6 summary "))
		return NW_PAGE_HEADING;
	if (nw_page_dom_up(n, " pre ") != NULL)
		return NW_PAGE_PRE;
	if ((up = nw_page_dom_up(n, " li dd dt td th blockquote body ")) != NULL) {
		if (nw_page_dom_in(up, " li dd dt "))
			return NW_PAGE_ITEM;
		if (nw_page_dom_in(up, " td th ") && !nw_page_dom_in(n, " p "))
			return NW_PAGE_CELL;
	}
	return nw_page_dom_in(n, " p blockquote ") ? NW_PAGE_PARA : NW_PAGE_TEXT;
}

static void
finish(struct cutting *c)
{
	struct nw_page_block *b = &c->now;

	if (b->first != NULL && (b->text = nw_page_text_str(&c->text)).len > 0) {
		b->text = nw_page_text_dup(c->pg, b->text.p, b->text.len);
		b->owner = c->owner;
		b->kind = kind_of(c->bs->info[c->owner].node);
		if (b->kind == NW_PAGE_HEADING && b->weight >= HEADING_MAX && b->stops > 0)
			b->kind = NW_PAGE_PARA; /* a sentence in a large font */
		c->bs->v[c->bs->n++] = *b;
	}
	c->now = (struct nw_page_block){0};
	c->text.len = 0;
	c->breaks = 0;
	c->word = 0;
}

static void
count_text(struct cutting *c, const char *p, size_t len)
{
	const char *end = p + len;
	struct nw_page_block *b = &c->now;
	uint32_t cp, w;

	while ((cp = nw_page_text_next(&p, end)) != 0) {
		w = nw_page_text_is_wide(cp) ? 3 : (uint32_t)nw_page_text_is_letter(cp);
		b->weight += w;
		if (c->links > 0)
			b->link_weight += w;
		b->commas += (uint32_t)nw_page_text_is_comma(cp);
		b->stops += (uint32_t)nw_page_text_is_stop(cp);
		b->words += w == 3 || (w == 1 && c->word == 0);
		b->has_words |= w > 0 && !(cp >= '0' && cp <= '9');
		if (w > 0)
			b->ends_whole = 0;
		else if (nw_page_text_is_stop(cp) || cp == ':')
			b->ends_whole = 1;
		c->word = w == 1;
	}
}

static void
take_text(struct cutting *c, xmlNode *n)
{
	const char *p = (const char *)n->content;
	size_t len = strlen(p);
	int blank = is_blank(n);

	if (c->now.first == NULL && blank)
		return;
	if (c->breaks >= 2 && !blank)
		finish(c);
	if (!blank)
		c->breaks = 0;
	if (c->now.first == NULL)
		c->now.first = n;
	c->now.last = n;
	nw_page_text_fold(&c->text, p, len);
	count_text(c, p, len);
}

/* 0: leave out what is below. */
static int
enter(struct cutting *c, xmlNode *n)
{
	struct nw_page_info *in = n->_private;

	if (n->type == XML_TEXT_NODE) {
		if (n->content != NULL)
			take_text(c, n);
		return 0;
	}
	if (n->type != XML_ELEMENT_NODE)
		return 0;
	if (in->blockish)
		finish(c);
	in->first_block = c->bs->n;
	if ((in->hints & c->gone) != 0)
		return 0;
	if (in->blockish)
		c->owner = (uint32_t)(in - c->bs->info);
	if (nw_page_dom_is(n, "br")) {
		c->breaks++;
		nw_page_text_fold(&c->text, " ", 1);
		c->word = 0;
	} else if (nw_page_dom_is(n, "a")) {
		c->links++;
		c->now.links++;
	}
	return 1;
}

static void
leave(struct cutting *c, xmlNode *n)
{
	struct nw_page_info *in = n->_private;

	if (n->type != XML_ELEMENT_NODE)
		return;
	if (in->blockish) {
		finish(c);
		c->owner = in->parent;
	}
	if (nw_page_dom_is(n, "a") && c->links > 0 && (in->hints & c->gone) == 0)
		c->links--;
	in->past_block = c->bs->n;
}

static void
walk(struct cutting *c, xmlNode *top)
{
	xmlNode *n = top;

	for (;;) {
		if (enter(c, n) && n->children != NULL) {
			n = n->children;
			continue;
		}
		leave(c, n);
		while (n != top && n->next == NULL) {
			n = n->parent;
			leave(c, n);
		}
		if (n == top)
			return;
		n = n->next;
	}
}

const xmlNode *
nw_page_block_link(const struct nw_page_block *b)
{
	const xmlNode *a = nw_page_dom_up(b->first, " a ");

	for (const xmlNode *n = b->first; a == NULL && n != NULL; n = nw_page_dom_next(n, NULL)) {
		if (nw_page_dom_is(n, "a"))
			a = n;
		if (n == b->last)
			break;
	}
	return a;
}

void
nw_page_block_spread(struct nw_page_blocks *bs)
{
	for (uint32_t i = 0; i < bs->ninfo; i++)
		bs->info[i].around = bs->info[i].hints | (i > 0 ? bs->info[bs->info[i].parent].around : 0);
}

/* A cell of several blocks lays the page out: what stands in it is no row of a table. */
static void
free_cells(struct nw_page_blocks *bs)
{
	for (uint32_t i = 0; i < bs->n; i++) {
		uint32_t cell = bs->v[i].owner;

		if (bs->v[i].kind != NW_PAGE_CELL)
			continue;
		while (cell != 0 && !nw_page_dom_in(bs->info[cell].node, " td th "))
			cell = bs->info[cell].parent;
		if (bs->info[cell].past_block - bs->info[cell].first_block > 1)
			bs->v[i].kind = NW_PAGE_TEXT;
	}
}

int
nw_page_block_cut(struct nw_page *pg, xmlNode *top, unsigned gone, struct nw_page_blocks *bs)
{
	struct cutting c = {.pg = pg, .bs = bs, .text.pg = pg, .gone = gone};

	if (bs->info == NULL && reserve(pg, top, bs) != 0)
		return -1;
	memset(bs->info, 0, bs->ninfo * sizeof(*bs->info));
	bs->n = 0;
	list_elements(pg, top, bs);
	walk(&c, top);
	free_cells(bs);
	/* weights of elements: of their own blocks, then carried upward */
	for (uint32_t i = 0; i < bs->n; i++) {
		struct nw_page_info *in = &bs->info[bs->v[i].owner];

		in->weight += bs->v[i].weight;
		in->link_weight += bs->v[i].link_weight;
	}
	for (uint32_t i = bs->ninfo; i-- > 1;) {
		bs->info[bs->info[i].parent].weight += bs->info[i].weight;
		bs->info[bs->info[i].parent].link_weight += bs->info[i].link_weight;
	}
	return pg->oom ? -1 : 0;
}
