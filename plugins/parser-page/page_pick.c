#include "page_dom.h"
#include "page_hint.h"
#include "page_phrase.h"
#include "page_pick.h"
#include "page_score.h"
#include "page_text.h"

#define COLUMN_SHARE  0.1f /* of the text: an element that holds so much of it is one of its columns */
#define TITLE_LETTERS 25   /* letters of a link that may be the title of another article */

#define CAPTION_LETTERS 160 /* of a picture's line */
#define BOX_LEVELS	4   /* above a line, where the box of a picture may begin */
#define BOX_BLOCKS	3   /* of such a box: caption, credit, a word */
#define LEAD_LETTERS	40  /* of a paragraph between the title and the text */
#define LEAD_BLOCKS	20  /* between them: date, author, share links, a picture's line */

enum verdict { OUT, MAYBE, SURE };

struct picking {
	struct nw_page *pg;
	struct nw_page_blocks *bs;
	uint32_t from, past;  /* blocks of the chosen element */
	uint32_t first, last; /* the first and last sure one */
	struct nw_str title;  /* letters and digits of the article's title */
	float *column, all;   /* by element: letters of sure blocks that stand in it; their sum */
};

static int
is_off(const struct nw_page_blocks *bs, const struct nw_page_block *b)
{
	unsigned around = bs->info[b->owner].around;

	return (around & (NW_PAGE_HINT_OFF | NW_PAGE_HINT_COMMENT | NW_PAGE_HINT_CAPTION)) != 0 ||
	       ((around & NW_PAGE_HINT_BYLINE) != 0 && b->weight < 200);
}

static int
is_title(const struct picking *p, const struct nw_page_block *b)
{
	struct nw_str text;

	if (p->title.len == 0 || b->text.len > 2 * p->title.len + 64)
		return 0;
	text = nw_page_text_bare(p->pg, b->text);
	return text.len == p->title.len && nw_page_text_istarts(text, p->title.p);
}

/* The largest element that holds this block and no other. */
static uint32_t
alone(const struct nw_page_blocks *bs, const struct nw_page_block *b)
{
	uint32_t i = b->owner, up;

	while (i != 0 && (up = bs->info[i].parent, bs->info[up].past_block - bs->info[up].first_block == 1))
		i = up;
	return i;
}

static int
names_picture(const xmlNode *n)
{
	static const char *const words[] = {
	    "image", "photo", "foto", "picture", "figure", "video", "img", "imagen", "bild"};
	struct nw_str class = nw_page_dom_attr(n, "class");

	for (size_t i = 0; class.len > 0 && i < sizeof(words) / sizeof(*words); i++)
		if (nw_page_text_ifind(class, words[i]) != NULL)
			return 1;
	return 0;
}

static int
repeats(const struct nw_page_block *b, struct nw_str alt)
{
	return b->text.len > 0 && nw_page_text_same(b->text, nw_page_text_trim(alt));
}

static int
is_picture(const xmlNode *n)
{
	return nw_page_dom_in(n, " img picture video iframe ");
}

/* The smallest box around a block that has a picture, and little else: what the box holds is about the
 * picture. */
static int
is_in_picture_box(const struct nw_page_blocks *bs, const struct nw_page_block *b)
{
	for (uint32_t i = b->owner, level = 0; i != 0 && level < BOX_LEVELS;
	     i = bs->info[i].parent, level++) {
		const struct nw_page_info *in = &bs->info[i];

		if (in->past_block - in->first_block > BOX_BLOCKS || in->weight > CAPTION_LETTERS)
			return 0;
		for (uint32_t k = i + 1; k < in->end; k++)
			if (is_picture(bs->info[k].node))
				return names_picture(in->node) ||
				       repeats(b, nw_page_dom_attr(bs->info[k].node, "alt"));
	}
	return 0;
}

/* A short line in one element with a picture. */
static int
is_caption(const struct nw_page_blocks *bs, const struct nw_page_block *b)
{
	uint32_t i = alone(bs, b);

	if (is_in_picture_box(bs, b))
		return 1;

	if (b->weight >= CAPTION_LETTERS ||
	    (b->kind != NW_PAGE_TEXT && (b->kind != NW_PAGE_PARA || b->ends_whole)) ||
	    bs->info[i].past_block - bs->info[i].first_block != 1)
		return 0;
	for (uint32_t k = i; k < bs->info[i].end; k++)
		if (is_picture(bs->info[k].node))
			return 1;
	return 0;
}

static enum verdict
judge(const struct picking *p, const struct nw_page_block *b)
{
	const xmlNode *owner = p->bs->info[b->owner].node;

	if (is_off(p->bs, b) || b->phrase != NW_PAGE_PHRASE_NONE || is_title(p, b) || is_caption(p->bs, b) ||
	    (nw_page_dom_in(owner, " h1 ") && p->all <= 0)) /* further down it heads a section */
		return OUT;
	return b->kind != NW_PAGE_HEADING && b->value > 0 ? SURE : MAYBE;
}

/* The element that lines up a block with its neighbours: of a <p> its parent, of text between breaks its own.
 */
static uint32_t
lining(const struct nw_page_blocks *bs, const struct nw_page_block *b)
{
	uint32_t i = b->owner;

	if (b->kind == NW_PAGE_ITEM || b->kind == NW_PAGE_CELL)
		for (int left = NW_PAGE_LEVELS_MAX;
		     left-- > 0 && i != 0 && !nw_page_dom_in(bs->info[i].node, " ul ol dl table ");)
			i = bs->info[i].parent;
	if (bs->info[i].past_block - bs->info[i].first_block > 1)
		return b->owner == i ? i : bs->info[i].parent;
	return bs->info[alone(bs, b)].parent;
}

static int
is_column(const struct picking *p, uint32_t element)
{
	return p->column[element] >= COLUMN_SHARE * p->all;
}

/* A line that names another article of this site and says nothing more. */
static int
is_related(const struct picking *p, const struct nw_page_block *b)
{
	const xmlNode *a = nw_page_block_link(b);

	return b->link_weight >= TITLE_LETTERS && nw_page_score_links(b) > 0.7f &&
	       (a == NULL || nw_page_dom_is_own(p->pg, nw_page_dom_attr(a, "href")));
}

/* What stands between paragraphs of the text and is no paragraph itself. */
static int
belongs(const struct picking *p, const struct nw_page_block *b, uint32_t i)
{
	int dense = nw_page_score_links(b) >= 0.5f, inside = i > p->first && i < p->last;
	uint32_t line = lining(p->bs, b);

	if (!inside && !b->has_words)
		return 0;
	if (b->kind == NW_PAGE_HEADING)
		return !dense || (inside && is_column(p, line));
	if (b->kind == NW_PAGE_TEXT)
		return !dense && inside && (is_column(p, line) || is_column(p, p->bs->info[line].parent));
	if (!dense)
		return 1;
	return inside && is_column(p, line) && !is_related(p, b);
}

static void
find_columns(struct picking *p)
{
	p->first = p->past;
	p->last = p->from;
	for (uint32_t i = p->from; i < p->past; i++) {
		struct nw_page_block *b = &p->bs->v[i];

		b->keep = judge(p, b);
		if (b->keep != SURE)
			continue;
		p->column[lining(p->bs, b)] += (float)b->weight;
		p->all += (float)b->weight;
		if (p->first == p->past)
			p->first = i;
		p->last = i;
	}
}

/* A heading needs text right below it; pictures and advertising do not part the two. */
static void
drop_bare_headings(struct picking *p)
{
	int text = 0;

	for (uint32_t i = p->past; i-- > p->from;) {
		struct nw_page_block *b = &p->bs->v[i];

		if (b->kind == NW_PAGE_HEADING && b->keep)
			b->keep = text;
		if (b->keep || !is_off(p->bs, b))
			text = b->keep;
	}
}

void
nw_page_pick(struct nw_page *pg, struct nw_page_blocks *bs, uint32_t at, struct nw_str title)
{
	struct picking p = {
	    .pg = pg, .bs = bs, .from = bs->info[at].first_block, .past = bs->info[at].past_block};

	p.title = nw_page_text_bare(pg, title);
	if ((p.column = nw_page_alloc(pg, (bs->ninfo + 1) * sizeof(*p.column))) == NULL)
		return;
	find_columns(&p);
	for (uint32_t i = p.from; i < p.past; i++)
		bs->v[i].keep =
		    bs->v[i].keep == SURE || (bs->v[i].keep == MAYBE && belongs(&p, &bs->v[i], i));
	drop_bare_headings(&p);
}

static int
is_lead(const struct picking *p, const struct nw_page_block *b)
{
	return !is_off(p->bs, b) && b->weight >= LEAD_LETTERS && b->stops > 0 &&
	       nw_page_score_links(b) < 0.3f && (p->bs->info[b->owner].around & NW_PAGE_HINT_BYLINE) == 0 &&
	       b->phrase == NW_PAGE_PHRASE_NONE;
}

struct nw_str
nw_page_pick_lead(struct nw_page *pg, const struct nw_page_blocks *bs, uint32_t at, struct nw_str title)
{
	struct picking p = {
	    .pg = pg, .bs = (struct nw_page_blocks *)bs, .title = nw_page_text_bare(pg, title)};
	uint32_t from = bs->info[at].first_block, i = from;
	struct nw_page_buf b = {.pg = pg};

	while (i-- > 0 && from - i <= LEAD_BLOCKS)
		if (is_title(&p, &bs->v[i]))
			break;
	if (i == UINT32_MAX || from - i > LEAD_BLOCKS)
		return (struct nw_str){"", 0};
	while (++i < from) {
		if (!is_lead(&p, &bs->v[i]))
			continue;
		if (b.len > 0)
			nw_page_text_adds(&b, " ");
		nw_page_text_add(&b, bs->v[i].text.p, bs->v[i].text.len);
	}
	return nw_page_text_str(&b);
}

void
nw_page_pick_all(struct nw_page *pg, struct nw_page_blocks *bs, struct nw_str title)
{
	struct picking p = {.pg = pg, .bs = bs, .title = nw_page_text_bare(pg, title)};

	for (uint32_t i = 0; i < bs->n; i++)
		bs->v[i].keep = !is_off(bs, &bs->v[i]) && !is_title(&p, &bs->v[i]) &&
				bs->v[i].phrase == NW_PAGE_PHRASE_NONE;
}
