/*
 * page_jsonld.h - what JSON-LD says of the article on this page.
 */
#ifndef NW_PAGE_JSONLD_H
#define NW_PAGE_JSONLD_H

#include "page.h"

struct nw_page_jsonld {
	int is_article;
	struct nw_str page_published; /* of the page around it, where the article itself says nothing */
	struct nw_str headline, name, author, published, modified, body, lang, section;
};

/* Read every block of JSON-LD; fields that are not said stay "". */
void nw_page_jsonld_read(struct nw_page *, struct nw_page_jsonld *);
#endif
