/*
 * html_tags.h - what each HTML element means to a reader, and what of it is allowed in sanitised HTML.
 * Floor 2.  Constant data.
 */
#ifndef NW_TEXT_HTML_TAGS_H
#define NW_TEXT_HTML_TAGS_H

#include <newswatch/plugin.h>

enum { /* flags of an element */
	/* in readable text */
	NW_TAG_BLOCK = 1u << 0,	 /* stands apart: a paragraph before and after */
	NW_TAG_LINE = 1u << 1,	 /* br */
	NW_TAG_ITEM = 1u << 2,	 /* li */
	NW_TAG_LIST = 1u << 3,	 /* ul, ol, menu, dir */
	NW_TAG_NUMBERED = 1u << 4, /* ol */
	NW_TAG_ROW = 1u << 5,
	NW_TAG_CELL = 1u << 6,
	NW_TAG_PRE = 1u << 7,
	NW_TAG_QUOTE = 1u << 8, /* q */
	NW_TAG_SKIP = 1u << 9,	/* with all it holds */
	NW_TAG_HEADING = 1u << 10,
	/* in sanitised HTML */
	NW_TAG_ALLOW = 1u << 16,
	NW_TAG_VOID = 1u << 17,
	/* attributes beyond title, lang and dir */
	NW_TAG_A_LINK = 1u << 24, /* href */
	NW_TAG_A_IMAGE = 1u << 25, /* src, alt, width, height; dropped without a usable src */
	NW_TAG_A_CELL = 1u << 26, /* colspan, rowspan */
	NW_TAG_A_LIST = 1u << 27, /* start, value, reversed */
	NW_TAG_A_TIME = 1u << 28, /* datetime */
	NW_TAG_A_CITE = 1u << 29, /* cite */
};

struct nw_tag_info {
	char name[12];
	uint32_t flags;
};

/* An element by its name (lower-case), NULL if HTML has none of that name.  Without flags its tags vanish and its content
 * stays. */
const struct nw_tag_info *nw_html_tags_find(const char *name, size_t len);
#endif
