/*
 * need.h - what an article must hold for an expression to hold, as a tree that an index can look up.
 * Floor 2.  Works on a compiled set.  What the tree lets through is a candidate, never a hit: every article
 * for which the expression holds passes, many others may.
 */
#ifndef NW_QUERY_NEED_H
#define NW_QUERY_NEED_H

#include "query/query.h"

struct nw_arena;

enum nw_need_kind {
	NW_NEED_ANY,	/* nothing is known: every article is a candidate */
	NW_NEED_PHRASE, /* word[]: one behind the other in one of the fields */
	NW_NEED_AND,
	NW_NEED_OR,
};

enum { /* bits of nw_need.fields */
	NW_NEED_TITLE = 1,
	NW_NEED_BODY = 2, /* the summary where there is no body */
	NW_NEED_AUTHOR = 4,
	NW_NEED_URL = 8,
	NW_NEED_LANG = 16,   /* one word: a tag or the beginning of one, in lower case; "" for an unknown language */
	NW_NEED_SOURCE = 32, /* one word: a source's name */
};

enum nw_need_like {
	NW_NEED_SAME,	/* the folded word; an Arabic one also behind the prefixes of R19 */
	NW_NEED_GLOB,	/* a pattern with "*" and "?" */
	NW_NEED_INSIDE, /* words that hold these syllables */
	NW_NEED_NEAR,	/* words a few edits away */
	NW_NEED_WORD,	/* any word at all: what the index cannot tell */
};
struct nw_need_word {
	struct nw_str text; /* folded; borrowed from the set, or the tree's */
	uint32_t like;
};

struct nw_need {
	uint32_t kind;
	uint32_t fields; /* of a phrase */
	uint32_t n;	 /* words or kids */
	struct nw_need_word *word;
	struct nw_need **kid;
	struct nw_need **without; /* of an AND: phrases of one plain word, whose presence alone rules the article out */
	uint32_t nwithout;
	uint32_t distance; /* AND of phrases: all within so many positions; NW_NEED_ANYWHERE if that is not
			      asked */
};
#define NW_NEED_ANYWHERE UINT32_MAX

/* What an article must hold to be given a topic, where the asker knows; NULL if not. */
typedef struct nw_need *nw_need_topic_fn(void *cookie, struct nw_str topic);

/*
 * nw_need_of(set, id, topic, cookie, arena):
 * ${topic} may be NULL: then an article of any words may have any topic.
 * Asked after nw_query_limit(), whose sources and languages are needed too.
 * owns    ${arena} owns the tree; its words are the set's.
 * errors  NULL without memory.
 */
struct nw_need *nw_need_of(
    const struct nw_query_set *, uint32_t id, nw_need_topic_fn *topic, void *cookie, struct nw_arena *);
/* Whether a folded word of an article is like the word that is needed. */
int nw_need_is_like(const struct nw_need_word *, struct nw_str folded);
#endif
