/*
 * lang_words.h - frequent words, endings and letters by which languages of one script are told apart.
 * Floor 2.  Generated at build time from the lists in mk_lang_words.c.
 */
#ifndef NW_TEXT_LANG_WORDS_H
#define NW_TEXT_LANG_WORDS_H

#include <newswatch/plugin.h>

#define NW_LANG_WORD_SIZE 24 /* bytes of a word with its NUL */
#define NW_LANG_LANGS_MAX 64 /* languages; one bit each */

struct nw_lang_word {
	char word[NW_LANG_WORD_SIZE]; /* lower-case; an ending begins with "-" */
	uint64_t langs;
};
struct nw_lang_letter {
	uint32_t c; /* lower-case, beyond the script's common letters */
	uint64_t langs; /* that write it */
};
struct nw_lang_info {
	char code[4];
	char script; /* 'L' Latin, 'C' Cyrillic, 'A' Arabic, 'D' Devanagari */
};

extern const struct nw_lang_info nw_lang_langs[];
extern const size_t nw_lang_langs_n;
extern const struct nw_lang_word nw_lang_words[]; /* ascending */
extern const size_t nw_lang_words_n;
extern const struct nw_lang_letter nw_lang_letters[]; /* ascending */
extern const size_t nw_lang_letters_n;
#endif
