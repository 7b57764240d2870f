#include "page_cards.h"
#include "page_dom.h"
#include "page_hint.h"
#include "page_phrase.h"
#include "page_score.h"
#include "page_text.h"

#define PARA_MIN     60	  /* letters of a block that is a paragraph without doubt */
#define SENTENCE_MIN 25	  /* letters of a short one */
#define MOST	     0.4f /* share of the page's paragraphs that overrules a name like "sidebar" */
#define TRUSTED	     0.5f /* share of the best element's gain that makes one with the right name better */
#define JOINED	     0.7f /* value per letter of several parts of a text together with what is between them */
#define DECLARED_MIN 60	  /* letters of a text that is believed to be one because its element says so */
#define DEEPER	     0.9f /* share of the gain that must stay when a deeper element is chosen */

#define OFF                                                                                                  \
	(NW_PAGE_HINT_OFF | NW_PAGE_HINT_COMMENT | NW_PAGE_HINT_CAPTION | NW_PAGE_HINT_BYLINE |              \
	    NW_PAGE_HINT_TITLE)

float
nw_page_score_links(const struct nw_page_block *b)
{
	return b->weight == 0 ? 1.0f : (float)b->link_weight / (float)b->weight;
}

static int
is_paragraph(const struct nw_page_block *b)
{
	return b->kind != NW_PAGE_HEADING && b->weight >= PARA_MIN && nw_page_score_links(b) < 0.4f &&
	       (b->stops > 0 || b->commas > 1);
}

/* Sums of a float of blocks into one of elements, carried upward. */
static void
sum_mass(struct nw_page_blocks *bs)
{
	for (uint32_t i = 0; i < bs->n; i++)
		if (is_paragraph(&bs->v[i]))
			bs->info[bs->v[i].owner].mass += (float)bs->v[i].weight;
	for (uint32_t i = bs->ninfo; i-- > 1;)
		bs->info[bs->info[i].parent].mass += bs->info[i].mass;
}

/* An element that has the headline or a part that calls itself the article is a wrapper, whatever its name.
 */
static void
find_wrappers(struct nw_page_blocks *bs)
{
	for (uint32_t i = bs->ninfo; i-- > 1;)
		if (bs->info[i].holds_article ||
		    (bs->info[i].hints & (NW_PAGE_HINT_MAIN | NW_PAGE_HINT_BODY)) != 0 ||
		    nw_page_dom_is(bs->info[i].node, "h1"))
			bs->info[bs->info[i].parent].holds_article = 1;
}

/* A name like "has-sidebar" on what holds the text says nothing of the text.  Comments and galleries may be
 * longer than the article, so their names count unless they are on a wrapper. */
static void
overrule(struct nw_page_blocks *bs)
{
	const unsigned rivals = NW_PAGE_HINT_COMMENT | NW_PAGE_HINT_CAPTION;
	float all = bs->ninfo > 0 ? bs->info[0].mass : 0;

	find_wrappers(bs);
	for (uint32_t i = 0; i < bs->ninfo; i++) {
		struct nw_page_info *in = &bs->info[i];

		if (all <= 0 || in->mass < MOST * all ||
		    (nw_page_dom_in(in->node, " footer aside ") && !in->holds_article))
			continue;
		in->hints &= ~(unsigned)(OFF | NW_PAGE_HINT_SOFT) | rivals;
		if ((in->hints & rivals) != 0 && in->holds_article)
			in->hints &= ~rivals;
	}
}

static uint32_t
own_letters(const struct nw_page_block *b)
{
	return b->weight - b->link_weight;
}

static float
worth(const struct nw_page_block *b, unsigned around)
{
	float w = (float)b->weight, links = nw_page_score_links(b), v;

	if (b->phrase != NW_PAGE_PHRASE_NONE)
		return -10;
	if (b->kind == NW_PAGE_HEADING)
		v = links > 0.5f ? -0.5f * w : 0;
	else if (links > 0.5f)
		v = own_letters(b) >= PARA_MIN && b->stops > 0 ? 0.2f * w : -w;
	else if (b->weight >= PARA_MIN && (b->stops > 0 || b->commas > 1))
		v = w * (1 - 1.5f * links);
	else if (b->weight >= SENTENCE_MIN && b->stops > 0)
		v = 0.6f * w * (1 - 1.5f * links);
	else if ((b->kind == NW_PAGE_PARA || b->kind == NW_PAGE_PRE) && b->has_words)
		v = 0.2f * w;
	else
		v = -5;
	if ((around & (NW_PAGE_HINT_OFF | NW_PAGE_HINT_COMMENT)) != 0)
		v = -0.5f * w - 5;
	else if ((around & NW_PAGE_HINT_CAPTION) != 0)
		v = -0.3f * w;
	else if ((around & NW_PAGE_HINT_BYLINE) != 0 && b->weight < 200)
		v = -0.3f * w;
	return v;
}

void
nw_page_score_blocks(struct nw_page *pg, struct nw_page_blocks *bs)
{
	nw_page_cards_mark(pg, bs);
	sum_mass(bs);
	overrule(bs);
	nw_page_block_spread(bs);
	for (uint32_t i = 0; i < bs->n; i++) {
		struct nw_page_info *in = &bs->info[bs->v[i].owner];

		bs->v[i].phrase = nw_page_phrase_of(bs->v[i].text);
		bs->v[i].value = worth(&bs->v[i], in->around);
		in->value += bs->v[i].value;
		in->gain += bs->v[i].value > 0 ? bs->v[i].value : 0;
		in->letters += (in->around & OFF) == 0 ? (float)own_letters(&bs->v[i]) : 0;
	}
	for (uint32_t i = bs->ninfo; i-- > 1;) {
		bs->info[bs->info[i].parent].value += bs->info[i].value;
		bs->info[bs->info[i].parent].gain += bs->info[i].gain;
		bs->info[bs->info[i].parent].letters += bs->info[i].letters;
	}
}

/* An element that says it is the article's text is worth more than one that does not. */
static float
bid(const struct nw_page_info *in)
{
	if ((in->hints & NW_PAGE_HINT_BODY) != 0)
		return in->value * 1.1f;
	return (in->hints & NW_PAGE_HINT_MAIN) != 0 ? in->value * 1.05f : in->value;
}

/* The innermost element around two. */
static uint32_t
around_both(const struct nw_page_blocks *bs, uint32_t a, uint32_t b)
{
	while (a != 0 && bs->info[a].end <= b)
		a = bs->info[a].parent;
	return a;
}

/*
 * The element that says it is the article's text, or holds all that say so; 0 if there is none.  Of nested
 * ones the innermost that holds the same.  A long text may come in several parts, which are then joined by
 * what is around them, unless that has more furniture than text.
 */
static uint32_t
declared(const struct nw_page_blocks *bs, float *letters_r)
{
	float n, most = 0, all = 0;
	uint32_t best = 0, past = 0, first = 0, last = 0, joined;

	for (uint32_t i = 1; i < bs->ninfo; i++) {
		if ((bs->info[i].hints & NW_PAGE_HINT_BODY) == 0 || (bs->info[i].around & OFF) != 0)
			continue;
		n = bs->info[i].letters;
		if (i >= past) {
			all += n;
			past = bs->info[i].end;
			first = first == 0 ? i : first;
			last = i;
		}
		if (n > most || (n >= DEEPER * most && best != 0 && i < bs->info[best].end)) {
			most = n;
			best = i;
		}
	}
	*letters_r = all;
	if (most >= DEEPER * all)
		return best;
	joined = around_both(bs, first, last);
	return bs->info[joined].value >= JOINED * all ? joined : 0;
}

uint32_t
nw_page_score_choose(const struct nw_page_blocks *bs)
{
	uint32_t best = 0, said;
	float top = 0, n;

	for (uint32_t i = 0; i < bs->ninfo; i++)
		if (bid(&bs->info[i]) > top) {
			top = bid(&bs->info[i]);
			best = i;
		}
	said = declared(bs, &n);
	if (said != 0 && n >= DECLARED_MIN && n >= TRUSTED * bs->info[best].gain)
		return said;
	for (uint32_t i = best + 1; i < bs->info[best].end; i++)
		if (bs->info[i].gain >= DEEPER * bs->info[best].gain &&
		    (bs->info[best].hints & NW_PAGE_HINT_BODY) == 0)
			best = i;
	return best;
}
