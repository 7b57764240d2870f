/*
 * page_block.h - the page as a line of blocks: runs of text between block-level elements or double line
 * breaks.
 */
#ifndef NW_PAGE_BLOCK_H
#define NW_PAGE_BLOCK_H

#include "page.h"

enum nw_page_kind { NW_PAGE_TEXT, NW_PAGE_PARA, NW_PAGE_HEADING, NW_PAGE_ITEM, NW_PAGE_CELL, NW_PAGE_PRE };

/* An element. */
struct nw_page_info {
	xmlNode *node;
	uint32_t parent, end;		  /* index of the parent; one past the last element below */
	uint32_t first_block, past_block; /* blocks below */
	uint32_t weight, link_weight;	  /* letters below, letters in links below */
	unsigned hints;			  /* its own, without those overruled by what it holds */
	unsigned around; /* its own and those of all elements around it; nw_page_block_spread() */
	float mass, value,
	    gain;      /* weight of paragraphs below; sum of the blocks' values, and of the positive ones */
	float letters; /* below, outside of links and of what is around the text */
	int blockish;  /* block-level, or holds such */
	int holds_article; /* below it stands the headline, or a part that calls itself the article */
};

/* A run of text. */
struct nw_page_block {
	xmlNode *first, *last; /* leaves, in document order */
	uint32_t owner;	       /* index of the block-level element it stands in */
	uint32_t weight, link_weight, commas, stops, links, words;
	enum nw_page_kind kind;
	int ends_whole;	    /* its last mark ends a sentence */
	int has_words;	    /* a letter that is no digit */
	float value;	    /* letters of text it is worth; negative: around the text */
	int keep, phrase;   /* phrase: NW_PAGE_PHRASE_*, once scored */
	struct nw_str text; /* one line */
};

struct nw_page_blocks {
	struct nw_page_info *info;
	uint32_t ninfo;
	struct nw_page_block *v;
	uint32_t n;
};

/*
 * nw_page_block_cut(pg, top, gone, bs):
 * Cut what is below ${top} into blocks.  Elements with one of the hints ${gone} are left out with all below
 * them.  ${bs} is all zero, or was cut of the same ${top} before, whose memory is then used again.
 * errors  -1 without memory.
 */
int nw_page_block_cut(struct nw_page *, xmlNode *top, unsigned gone, struct nw_page_blocks *);
/* The link a block stands in, else the first one inside it; NULL if there is none. */
const xmlNode *nw_page_block_link(const struct nw_page_block *);
/* Carry each element's hints to what is below it. */
void nw_page_block_spread(struct nw_page_blocks *);
#endif
