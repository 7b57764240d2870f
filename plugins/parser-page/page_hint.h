/*
 * page_hint.h - what the names of an element (tag, class, id, role, itemprop) say of its content.
 */
#ifndef NW_PAGE_HINT_H
#define NW_PAGE_HINT_H

#include "page.h"

enum {
	NW_PAGE_HINT_BODY = 1, /* the text of an article, and says so */
	NW_PAGE_HINT_MAIN = 2, /* the main part of the page, or an article with its head and foot */
	NW_PAGE_HINT_OFF =
	    4, /* around the text: navigation, share links, advertising, related lists, forms */
	NW_PAGE_HINT_COMMENT = 8,  /* readers' comments */
	NW_PAGE_HINT_CAPTION = 16, /* of a picture */
	NW_PAGE_HINT_BYLINE = 32,  /* author, date, source */
	NW_PAGE_HINT_HIDDEN = 64,  /* not shown */
	NW_PAGE_HINT_TITLE = 128,  /* headline or standfirst */
	NW_PAGE_HINT_GONE = 256,   /* no text of any page: scripts, controls */
	NW_PAGE_HINT_SOFT = 512,   /* OFF by a name that also stands on wrappers of text */
};

/* The hints of one element alone, not of those around it. */
unsigned nw_page_hint_of(struct nw_page *, const xmlNode *);
#endif
