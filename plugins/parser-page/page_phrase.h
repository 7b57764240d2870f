/*
 * page_phrase.h - short lines that stand around the text of articles in many languages: "Read more",
 * 责任编辑, "Поделиться".
 */
#ifndef NW_PAGE_PHRASE_H
#define NW_PAGE_PHRASE_H

#include "page.h"

enum { NW_PAGE_PHRASE_NONE, NW_PAGE_PHRASE_AROUND, NW_PAGE_PHRASE_END };

/*
 * nw_page_phrase_of(text):
 * AROUND: this line is no part of the text.  END: nor is anything that follows it ("Related articles").
 */
int nw_page_phrase_of(struct nw_str text);
#endif
