/*
 * fold.h - what each character is and what it folds to (R3 to R6): tables made at build time by mk_fold_tables.c.
 * Floor 2.
 */
#ifndef NW_QUERY_FOLD_H
#define NW_QUERY_FOLD_H

#include <newswatch/plugin.h>

struct nw_buf;

enum nw_fold_class {
	NW_FOLD_SEP,	/* separates; breaks a phrase beside Han */
	NW_FOLD_SPACE,	/* white space, and ZWNJ, which separates as silently */
	NW_FOLD_LINE,	/* a line end */
	NW_FOLD_MIDDOT, /* · • ‧ ・: may stand in a Han phrase */
	NW_FOLD_IGN,	/* ignorable: dropped inside a word */
	NW_FOLD_WORD,	/* letter or digit */
	NW_FOLD_MARK,	/* combining mark */
	NW_FOLD_HAN,	/* Han, Hiragana, Katakana: a position of its own */
	NW_FOLD_SEGMENT, /* Thai, Lao, Khmer */
	NW_FOLD_STOP,	/* ends a sentence always */
	NW_FOLD_MAYSTOP, /* ! ? …: ends one before white space */
	NW_FOLD_DOT,	/* . */
	NW_FOLD_CLOSE,	/* a closing quote or bracket */
	NW_FOLD_QUOTE,	/* a quote or bracket that opens, or may do either */
};

/* An entry: bits 0-20 lead to the folded character as a difference, so that most of Unicode shares a few blocks; or
 * they are an offset into nw_fold_multi.  Bits 21 and up: */
#define NW_FOLD_CHAR(e, cp) (((cp) + (e)) & 0x1fffffu)
#define NW_FOLD_OFFSET(e) ((e) & 0x1fffffu)
#define NW_FOLD_MULTI	 (1u << 21) /* nw_fold_multi[offset]: length in bytes, then UTF-8 */
#define NW_FOLD_CLASS(e) (((e) >> 22) & 15u)
#define NW_FOLD_UPPER	 (1u << 26)
#define NW_FOLD_LOWER	 (1u << 27)
#define NW_FOLD_LETTER	 (1u << 28)
#define NW_FOLD_DROPS	 (1u << 29) /* marks after it are dropped; in a mark: always needs the normaliser */
#define NW_FOLD_MAYBE	 (1u << 30) /* may compose with what stands before: then the normaliser decides */
#define NW_FOLD_HANGUL	 (1u << 31) /* a syllable; in a mark: may have to be put in order */

extern const uint16_t nw_fold_stage1[0x1100];
extern const uint32_t nw_fold_stage2[][256];
extern const unsigned char nw_fold_multi[];

static inline uint32_t
nw_fold_entry(uint32_t cp)
{
	return nw_fold_stage2[nw_fold_stage1[cp >> 8]][cp & 255];
}

/* Appends what p[0..n) folds to: characters of one position, without separators but for the dots of an acronym. */
void nw_fold_word(struct nw_buf *, const char *p, size_t n);
/* Appends its NFC as written, ignorables and dots left out; with ${lower} in lower case. */
void nw_fold_exact(struct nw_buf *, const char *p, size_t n, int lower);
#endif
