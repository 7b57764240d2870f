/*
 * identity.h - which article an item is: its keys, and what the store knows of them.
 * Floor 3, private to store/sqlite.
 */
#ifndef NW_STORE_IDENTITY_H
#define NW_STORE_IDENTITY_H

#include "store/store_commit.h"

struct nw_arena;

#define NW_KEY_LEN 16u /* bytes of a key's hash: the first of a SHA-256 */

/* Kinds of keys.  The numbers are in the database. */
enum nw_key_kind {
	NW_KEY_RULE = 1, /* the source's own: `listing.key` */
	NW_KEY_GUID,
	NW_KEY_URL,	 /* canonical */
	NW_KEY_DAY,	 /* title and day */
	NW_KEY_GUID_URL, /* where a guid stands for several articles */
	NW_KEY_TITLE,	 /* finds no article, but tells known titles */
	NW_KEY_N
};

struct nw_identity {
	uint8_t hash[NW_KEY_N][NW_KEY_LEN];
	uint8_t has[NW_KEY_N];
	uint32_t policy;      /* the kind that names the article */
	int64_t article;      /* found, or 0: new */
	uint32_t by_other;    /* found by another key than the policy's, the title agreeing */
	uint32_t known_title; /* new, under the title of one known article */
	uint32_t guid_shared; /* its guid belongs to another article */
};

/* How a source's articles are named (NW_STORE_ID_GUID, _URL, _TITLE), decided by its first document. */
uint32_t nw_identity_decide(
    struct nw_arena *, const Nw__Batch *, const struct nw_store_policy *, uint32_t decided);
/* The keys of all articles of a batch, in the batch's order. */
struct nw_identity *nw_identity_keys(struct nw_arena *, const Nw__Batch *, uint32_t identity);
/* What the store knows: fills article and what follows.  ${probe_titles}: also known_title. */
int nw_identity_find(struct nw_store *, int64_t source, const Nw__Article *, int probe_titles,
    struct nw_identity *, struct nw_err *);
/* All keys of an article; those that belong to another stay there.  The number of those added, or -1. */
int nw_identity_add(
    struct nw_store *, int64_t source, int64_t article, const struct nw_identity *, struct nw_err *);
/* The same after nw_identity_claim(): all but the policy's. */
int nw_identity_add_rest(
    struct nw_store *, int64_t source, int64_t article, const struct nw_identity *, struct nw_err *);
/* The policy's key alone: 1 added, 0 another article has it, -1. */
int nw_identity_claim(
    struct nw_store *, int64_t source, int64_t article, const struct nw_identity *, struct nw_err *);
/* The hash of one text as a key, for looking up a URL or guid; the URL in canonical form. */
void nw_identity_hash(struct nw_arena *, enum nw_key_kind, struct nw_str text, uint8_t hash[NW_KEY_LEN]);
/* Titles agree when they are equal but for case and white space. */
int nw_identity_same_title(struct nw_arena *, struct nw_str, struct nw_str);
#endif
