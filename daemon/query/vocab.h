/*
 * vocab.h - from a word of a text to the keys it answers to, by one probe of a hash table.
 * Floor 2.  Life: nw_vocab_init() after the last word was added -> (nw_vocab_open() -> nw_vocab_look())* ->
 * nw_vocab_done().  A language that stems or takes prefixes off has a table of its own (a "tongue"), made when the
 * first article in it comes; words that reach patterns are learnt once and remembered, up to NW_QUERY_LEARNT_MAX.
 */
#ifndef NW_QUERY_VOCAB_H
#define NW_QUERY_VOCAB_H

#include "query/analyse.h"
#include "query/reach.h"
#include "query/stem.h"

/* What nw_pos.word holds after nw_vocab_look(): an id and flags; 0: nobody asks for this word. */
#define NW_VOCAB_ID(word) ((word) & 0x3fffffu)
#define NW_VOCAB_ALONE	  (1u << 22) /* a phrase may begin to be looked for by this word alone */
#define NW_VOCAB_LEFT	  (1u << 23) /* ... or by this word and the next */
#define NW_VOCAB_RIGHT	  (1u << 24) /* ... or by the word before and this */
#define NW_VOCAB_FLAGS	  (7u << 22)

/* Slots: upper 39 bits of the hash, then a word as above; 0 is empty, an id of 0 a word known to reach nothing. */
struct nw_vocab_table {
	uint64_t *slot;
	uint32_t mask, used;
};

struct nw_vocab_tongue {
	char name[NW_STEM_NAME_MAX]; /* "" for languages without stemmer */
	int flags;		     /* NW_REACH_* */
	int learns;		     /* words may reach more than themselves */
	struct sb_stemmer *stemmer;  /* NULL: STEM is the plain word */
	struct nw_vocab_table words; /* by hash of the folded word */
	struct nw_vocab_table stems; /* by hash of the word in lower case with its accents */
	struct nw_vocab_stem {	     /* the STEM keys by hash of their folded stem, sorted */
		uint64_t hash;
		uint32_t key;
	} *stem;
	uint32_t nstem;
	struct nw_vocab_learnt { /* ids from the number of keys on: keys in key[] */
		uint32_t first, n;
	} *learnt;
	uint32_t nlearnt, learnt_cap;
	uint32_t *key, nkey, key_cap;
};

enum { NW_VOCAB_TONGUES_MAX = 40 }; /* Snowball has fewer languages */

struct nw_vocab {
	const struct nw_words *words;
	const uint8_t *flags; /* [nkey]: NW_VOCAB_* >> 22 of each key */
	struct nw_reach reach;
	struct nw_vocab_tongue *tongue[NW_VOCAB_TONGUES_MAX];
	uint32_t ntongue;
	struct nw_reach_out out;
	struct nw_buf word, folded;
};

/* ${flags} and ${words} stay borrowed.  -1: memory. */
int nw_vocab_init(struct nw_vocab *, const struct nw_words *, const uint8_t *flags);
void nw_vocab_done(struct nw_vocab *);
/* The tongue for a language (BCP 47, "" unknown); NULL without memory. */
struct nw_vocab_tongue *nw_vocab_open(struct nw_vocab *, struct nw_str lang);
/* Fills pos[].word, and stem[] (learnt ids of STEM keys, [text->n]; NULL if no STEM is asked for).  -1: memory. */
int nw_vocab_look(struct nw_vocab *, struct nw_vocab_tongue *, struct nw_text *, uint32_t *stem);
/* The keys behind an id: itself, or what was learnt. */
static inline const uint32_t *
nw_vocab_keys(const struct nw_vocab *v, const struct nw_vocab_tongue *t, const uint32_t *id, uint32_t *n_r)
{
	if (*id < v->words->nkey) {
		*n_r = 1;
		return id;
	}
	*n_r = t->learnt[*id - v->words->nkey].n;
	return t->key + t->learnt[*id - v->words->nkey].first;
}
size_t nw_vocab_bytes(const struct nw_vocab *);
#endif
