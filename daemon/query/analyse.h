/*
 * analyse.h - text cut into positions: one function for live text, the archive's index and queries.
 * Floor 2.  Knows characters (R3 to R10), nothing of expressions.
 * Life: nw_analyse_new() -> (nw_analyse_text() -> nw_analyse_sentences())* -> nw_text_done() -> nw_analyse_free().
 * A struct nw_text keeps its memory from text to text: no allocation once it has seen a long one.
 */
#ifndef NW_QUERY_ANALYSE_H
#define NW_QUERY_ANALYSE_H

#include <newswatch/plugin.h>

struct nw_arena;
struct nw_buf;
struct nw_analyse; /* the services a cut needs: break iterator, folding buffers */

enum {
	NW_POS_LETTERS = 1,   /* has a letter */
	NW_POS_UPPER = 2,     /* has a letter, and every letter is upper case (R7) */
	NW_POS_HAN = 4,	      /* one Han, Hiragana or Katakana character */
	NW_POS_HANGUL = 8,    /* holds a Hangul syllable */
	NW_POS_DOTTED = 16,   /* a dotted acronym (R4): the dots are in the range, not in the folded word */
	NW_POS_CUT = 32,      /* no phrase leads from the position before to this one (R8) */
	NW_POS_PARA = 64,     /* the end of a paragraph: a position without a word, which nothing matches (R9) */
	NW_POS_ASCII = 128,   /* letters and digits of ASCII only */
	NW_POS_SEGMENT = 256, /* Thai, Lao, Khmer: cut by ICU */
	NW_POS_DROPS = 512,   /* the range holds dots or ignorable characters that are no part of the word (R4, R5) */
};

/* One position: bytes [off, off + len) of the text.  word is the reader's own (0 after the cut). */
struct nw_pos {
	uint32_t off, len;
	uint32_t flags;
	uint32_t word;
};

/* A sentence: positions [pos, next sentence's pos), bytes [off, off + len) without the white space around it. */
struct nw_sentence {
	uint32_t pos, para; /* para: number of its paragraph, from 0 */
	uint32_t off, len;
};

struct nw_text {
	struct nw_str s;   /* borrowed */
	struct nw_pos *pos;
	uint64_t *hash;	   /* [n]: of the folded word (nw_analyse_hash); 0 at the end of a paragraph */
	uint32_t n, cap;
	struct nw_sentence *sentence; /* filled by nw_analyse_sentences() */
	uint32_t nsentence, sentence_cap;
	uint32_t lead; /* positions [0, lead) are the lead (R10); known after nw_analyse_sentences() */
};

struct nw_analyse *nw_analyse_new(void); /* NULL without memory */
void nw_analyse_free(struct nw_analyse *); /* NULL is fine */
void nw_analyse_warm(struct nw_analyse *); /* opens what ICU opens lazily, before the lock */

/*
 * nw_analyse_text(an, s, text):
 * Cut ${s} (valid UTF-8, borrowed as long as ${text} is used) into positions; what ${text} held is replaced.
 * limits  NW_TEXT_POSITIONS_MAX positions; what follows is not seen.
 * errors  -1 without memory; ${text} is then empty.
 */
int nw_analyse_text(struct nw_analyse *, struct nw_str s, struct nw_text *text);
/* Sentences, paragraphs and the lead of a cut text; ${lang} (BCP 47, "" unknown) knows of ordinal points.  -1: memory. */
int nw_analyse_sentences(struct nw_text *, struct nw_str lang);
/* The sentence that position i lies in; sentences must be known and i < n. */
uint32_t nw_analyse_sentence_of(const struct nw_text *, uint32_t i);
void nw_text_done(struct nw_text *); /* frees the memory; the struct is empty and usable again */

/* Appends the folded word of position i (R6). */
void nw_analyse_fold(struct nw_analyse *, const struct nw_text *, uint32_t i, struct nw_buf *);
/* Appends the NFC of position i's word as written, ignorables and acronym dots left out (R22); with ${lower} in
 * lower case, marks kept (R20). */
void nw_analyse_exact(struct nw_analyse *, const struct nw_text *, uint32_t i, int lower, struct nw_buf *);
/* The hash that nw_text.hash holds, of a folded word. */
uint64_t nw_analyse_hash(const void *folded, size_t len);

enum {
	NW_TERM_WILD = 1,	 /* holds "*" or "?" */
	NW_TERM_CAPS = 2,	 /* two letters or more, all upper case (R7) */
	NW_TERM_HAN = 4,	 /* Han, Hiragana, Katakana */
	NW_TERM_HANGUL = 8,	 /* holds Hangul; `syllables` says how many */
	NW_TERM_SEGMENT = 16,	 /* Thai, Lao, Khmer */
	NW_TERM_WILD_TOUCHES = 32, /* a wildcard touches Han, Kana, Thai, Lao or Khmer (R17: refused) */
	NW_TERM_DOTTED = 64,
	NW_TERM_ASCII = 128,
};

/* One position of a term.  Wildcards stand in `folded` as "*" and "?", which no folded word holds. */
struct nw_term_word {
	struct nw_str folded; /* R6; what text words are compared with */
	struct nw_str exact;  /* NFC as written (R22), wildcards included */
	uint32_t flags;
	uint32_t off, len;    /* where it stands in the term's text */
	uint16_t nletter;     /* characters of `folded` that are no wildcard */
	uint16_t before;      /* of those, how many before the first "*" */
	uint16_t syllables;   /* Hangul syllables among them */
	uint16_t literals;    /* characters of the longest run without a wildcard */
};

struct nw_term {
	uint32_t n, flags; /* flags: of all words together, except CAPS and ASCII (those hold of every word) */
	struct nw_term_word word[];
};

/*
 * nw_analyse_term(an, s, arena):
 * Cut the text of a term as articles are cut; "*" and "?" are wildcards.  An empty result (n 0) is a term without
 * position.
 * owns    ${arena} owns the result.
 * limits  NW_TERM_WORDS_MAX positions (NULL past it).
 * errors  NULL without memory.
 */
struct nw_term *nw_analyse_term(struct nw_analyse *, struct nw_str s, struct nw_arena *);
#endif
