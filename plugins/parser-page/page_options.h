/*
 * page_options.h - the options of a source read by parser-page, and what is compiled of them.
 */
#ifndef NW_PAGE_OPTIONS_H
#define NW_PAGE_OPTIONS_H

#include "page.h"

struct nw_page_regex;
struct nw_page_select;

/* Order of nw_page_options. */
enum {
	NW_PAGE_OPT_LINK,
	NW_PAGE_OPT_LINK_CSS,
	NW_PAGE_OPT_LINK_XPATH,
	NW_PAGE_OPT_ITEM,
	NW_PAGE_OPT_LIST_TITLE,
	NW_PAGE_OPT_LIST_DATE,
	NW_PAGE_OPT_DATE_SIDE,
	NW_PAGE_OPT_SKIP_TITLE,
	NW_PAGE_OPT_MIN_ITEMS,
	NW_PAGE_OPT_KEY,
	NW_PAGE_OPT_NEXT,
	NW_PAGE_OPT_PAGES,
	NW_PAGE_OPT_JSON,
	NW_PAGE_OPT_REWRITE,
	NW_PAGE_OPT_TITLE,
	NW_PAGE_OPT_BODY,
	NW_PAGE_OPT_DATE,
	NW_PAGE_OPT_AUTHOR,
	NW_PAGE_OPT_REMOVE,
	NW_PAGE_OPT_NUMBER,
	NW_PAGE_OPT_TITLE_STRIP,
	NW_PAGE_OPT_N
};
extern const struct nw_option nw_page_options[];

enum { NW_PAGE_SIDE_ANY, NW_PAGE_SIDE_BEFORE, NW_PAGE_SIDE_AFTER };

struct nw_page_rewrite {
	struct nw_page_regex *what;
	struct nw_str with;
};

struct nw_page_source {
	/* list page */
	struct nw_page_regex *link, *skip_title, *key;
	struct nw_page_select *link_at, *item, *list_title, *list_date, *next;
	struct nw_page_rewrite *rewrite;
	uint32_t nrewrite, date_side, min_items, pages;
	char *json; /* dotted path of the list's markup in a JSON document, NULL: HTML */
	/* article page */
	struct nw_page_select *title, *body, *date, *author, *remove;
	struct nw_page_regex *number, *title_strip;
};

/*
 * nw_page_options_open(pg, values, source_r):
 * Compile a source's options.  pg has host and sink only.
 * owns    the caller frees with nw_page_options_close().
 * errors  NW_ECONF naming the option, told through the host; NW_ERES.
 */
int nw_page_options_open(struct nw_page *, const struct nw_value *values, struct nw_page_source **source_r);
void nw_page_options_close(struct nw_page_source *); /* NULL is fine */
#endif
