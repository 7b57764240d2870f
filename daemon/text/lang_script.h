/*
 * lang_script.h - which writing a text is in.
 * Floor 2.  Private to lang*.c.
 */
#ifndef NW_TEXT_LANG_SCRIPT_H
#define NW_TEXT_LANG_SCRIPT_H

#include <newswatch/plugin.h>

enum nw_lang_script {
	NW_LANG_NO_SCRIPT,
	NW_LANG_LATIN,
	NW_LANG_CYRILLIC,
	NW_LANG_ARABIC,
	NW_LANG_DEVANAGARI,
	NW_LANG_CHINESE, /* Han without kana */
	NW_LANG_JAPANESE, /* kana, or Han as only Japan writes it */
	NW_LANG_ALONE,	/* a script of one language, which is ${lang} */
};

struct nw_lang_writing {
	int script;	  /* enum nw_lang_script */
	const char *lang; /* of NW_LANG_ALONE, else "" */
	size_t letters;	  /* of that script */
};

/* The script most letters of a text are in; Han and Hangul count double, since their characters are longer. */
struct nw_lang_writing nw_lang_script_of(struct nw_str);
/* 1 if a language (two or three letters) may be written so; 1 too for languages nobody knows. */
int nw_lang_script_fits(const char *lang, const struct nw_lang_writing *);
#endif
