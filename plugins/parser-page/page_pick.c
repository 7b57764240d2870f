#include "page_dom.h"
#include "page_hint.h"
#include "page_phrase.h"
#include "page_pick.h"
#include "page_score.h"
#include "page_text.h"

static int
is_off(const struct nw_page_blocks *bs, const struct nw_page_block *b)
{
	unsigned around = bs->info[b->owner].around;

	return (around & (NW_PAGE_HINT_OFF | NW_PAGE_HINT_COMMENT | NW_PAGE_HINT_CAPTION)) != 0 ||
	    ((around & NW_PAGE_HINT_BYLINE) != 0 && b->weight < 200);
}

static int
is_title(struct nw_page *pg, const struct nw_page_block *b, struct nw_str title)
{
	struct nw_str text = nw_page_text_bare(pg, b->text), bare = nw_page_text_bare(pg, title);

	return bare.len > 0 && text.len == bare.len && nw_page_text_istarts(text, bare.p);
}

static int
wanted(struct nw_page *pg, const struct nw_page_blocks *bs, const struct nw_page_block *b, struct nw_str title)
{
	if (is_off(bs, b) || nw_page_phrase_of(b->text) != NW_PAGE_PHRASE_NONE || is_title(pg, b, title))
		return 0;
	if (b->kind == NW_PAGE_HEADING)
		return nw_page_score_links(b) < 0.5f && !nw_page_dom_in(bs->info[b->owner].node, " h1 ");
	if (b->value > 0)
		return 1;
	return (b->kind == NW_PAGE_PARA || b->kind == NW_PAGE_ITEM || b->kind == NW_PAGE_PRE || b->kind == NW_PAGE_CELL) &&
	    nw_page_score_links(b) < 0.5f;
}

void
nw_page_pick(struct nw_page *pg, struct nw_page_blocks *bs, uint32_t at, struct nw_str title)
{
	uint32_t from = bs->info[at].first_block, past = bs->info[at].past_block;
	int text = 0;

	for (uint32_t i = from; i < past; i++)
		bs->v[i].keep = wanted(pg, bs, &bs->v[i], title);
	for (uint32_t i = past; i-- > from;) { /* a heading needs text below it */
		if (bs->v[i].keep && bs->v[i].kind == NW_PAGE_HEADING)
			bs->v[i].keep = text;
		if (bs->v[i].keep)
			text = bs->v[i].kind != NW_PAGE_HEADING || text;
	}
}
