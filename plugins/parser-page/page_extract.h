/*
 * page_extract.h - the text of an article out of its page.
 */
#ifndef NW_PAGE_EXTRACT_H
#define NW_PAGE_EXTRACT_H

#include "page.h"

struct nw_page_jsonld;

#define NW_PAGE_NEAR_MAX 32

struct nw_page_text {
	struct nw_str html; /* clean paragraphs, headings, lists, tables */
	struct nw_str lead; /* a standfirst between title and text, "" if there is none */
	struct nw_str text; /* the same as lines, for dates, numbers, language */
	struct nw_str
	    near[NW_PAGE_NEAR_MAX]; /* short lines between title and text, and around the text's beginning */
	uint32_t nnear;
	const xmlNode *at; /* the element it stands in */
	uint32_t letters;  /* of the text, without what is in links */
	int missed;	   /* the source has selectors of it, and they found nothing */
};

/* Both are "" where the page has no text of an article. */
int nw_page_extract(
    struct nw_page *, const struct nw_page_jsonld *, struct nw_str title, struct nw_page_text *);
#endif
