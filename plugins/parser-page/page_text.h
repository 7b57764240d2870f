/*
 * page_text.h - text in a parse: a growing buffer in scratch memory, and questions about characters.
 */
#ifndef NW_PAGE_TEXT_H
#define NW_PAGE_TEXT_H

#include "page.h"

struct nw_page_buf {
	struct nw_page *pg;
	char *p;
	size_t len, cap;
};

void nw_page_text_add(struct nw_page_buf *, const char *p, size_t len);
void nw_page_text_adds(struct nw_page_buf *, const char *);
/* Appends with blanks folded to one space, none at the very start; zero-width characters are left out. */
void nw_page_text_fold(struct nw_page_buf *, const char *p, size_t len);
/* The contents without a blank at the end, NUL-terminated; "" if nothing or no memory. */
struct nw_str nw_page_text_str(struct nw_page_buf *);

struct nw_str nw_page_text_dup(struct nw_page *, const char *p, size_t len);
/* Blanks folded, invisible characters dropped, trimmed: a title or name as one line. */
struct nw_str nw_page_text_line(struct nw_page *, struct nw_str);

static inline struct nw_str
nw_page_text_of(const char *s)
{
	struct nw_str r = {s != NULL ? s : "", 0};

	while (r.p[r.len] != '\0')
		r.len++;
	return r;
}

/* The next code point of valid UTF-8, 0 at the end. */
uint32_t nw_page_text_next(const char **p, const char *end);
int nw_page_text_is_blank(uint32_t cp);	 /* spaces of any width, U+200B too */
int nw_page_text_is_wide(uint32_t cp);	 /* Han, kana, Hangul: one counts as two or three letters of others */
int nw_page_text_is_letter(uint32_t cp); /* or digit, of any script: all but punctuation and blanks */
int nw_page_text_is_comma(uint32_t cp);	 /* marks that stand inside running text */
int nw_page_text_is_stop(uint32_t cp);	 /* ends a sentence */
/* Weight in letters: blanks and marks nothing, wide characters three. */
uint32_t nw_page_text_weight(struct nw_str);

int nw_page_text_same(struct nw_str, struct nw_str);
int nw_page_text_ieq(struct nw_str, const char *ascii);
/* ASCII letters compare without case; the rest byte for byte. */
const char *nw_page_text_ifind(struct nw_str, const char *needle);
/* A whole word of class or id, in any letter case; a word ends where its letters do: "top-nav", "siteFooter" not. */
int nw_page_text_has_word(struct nw_str, const char *word);
int nw_page_text_istarts(struct nw_str, const char *prefix);
/* Latin and Cyrillic capitals as small letters, byte for byte: ${out} holds s.len + 1. */
struct nw_str nw_page_text_lower(struct nw_str s, char *out);
struct nw_str nw_page_text_trim(struct nw_str);
/* The first ${most} bytes, less what would cut a character; no more of it is looked at. */
struct nw_str nw_page_text_start(const char *, size_t most);
/* Letters and digits only, ASCII in lower case: what is left to compare two titles by. */
struct nw_str nw_page_text_bare(struct nw_page *, struct nw_str);
#endif
