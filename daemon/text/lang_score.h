/*
 * lang_score.h - tells apart the languages of one script by their words, endings and letters.
 * Floor 2.  Private to lang*.c.
 */
#ifndef NW_TEXT_LANG_SCORE_H
#define NW_TEXT_LANG_SCORE_H

#include <newswatch/plugin.h>

struct nw_lang_score {
	const char *lang; /* "" if no language is clearly ahead */
	int clear;	  /* 1 where the evidence outweighs a declaration */
};

/*
 * ${script} is a letter of lang_words.h.  ${said} is the language that was declared, without its subtags, "" for none:
 * a text that soon agrees with it is not read to its end.
 */
struct nw_lang_score nw_lang_score_of(struct nw_str text, char script, const char *said);
#endif
