/*
 * words.h - the dictionary of the rules: every word that a term asks for, and every kind of likeness it asks by.
 * Floor 2.  Life: struct nw_words w = {0}; nw_words_add()*; nw_words_done().  A key is a small number; 0 is none.
 */
#ifndef NW_QUERY_WORDS_H
#define NW_QUERY_WORDS_H

#include "base/buf.h"

enum nw_words_kind {
	NW_WORDS_PLAIN,	 /* the folded word itself */
	NW_WORDS_WILD,	 /* a folded pattern with "*" and "?" */
	NW_WORDS_HANGUL, /* words that hold these syllables (R18) */
	NW_WORDS_FUZZY,	 /* words a few edits away (R21) */
	NW_WORDS_STEM,	 /* words with the same stem (R20); the word in lower case with its accents */
	NW_WORDS_EXACT,	 /* no likeness of its own: the spelling a filter compares with (R22) */
	NW_WORDS_KINDS
};

struct nw_words_key {
	uint32_t off, len; /* of its text in `text` */
	uint32_t kind;
	uint32_t uses; /* terms that hold it: what many rules ask for, many articles have */
};

struct nw_words {
	struct nw_words_key *key; /* [nkey]; [0] and [1] are nobody's */
	uint32_t nkey, cap;
	uint32_t count[NW_WORDS_KINDS];
	struct nw_buf text;
	uint32_t *slot; /* hash table of keys */
	uint32_t mask;
};

enum { NW_WORDS_FIRST = 2 }; /* the first real key */

/* The key of a word and a kind, new or known; 0 without memory or past NW_QUERY_KEYS_MAX. */
uint32_t nw_words_add(struct nw_words *, enum nw_words_kind, struct nw_str);
/* The key, or 0 if nobody asked for it. */
uint32_t nw_words_find(const struct nw_words *, enum nw_words_kind, struct nw_str);
static inline struct nw_str
nw_words_text(const struct nw_words *w, uint32_t key)
{
	return (struct nw_str){w->text.p + w->key[key].off, w->key[key].len};
}
size_t nw_words_bytes(const struct nw_words *);
void nw_words_done(struct nw_words *);
#endif
