/*
 * set.h - the inside of query.h's set: set.c fills and compiles it, ask.c asks it about articles.
 * Floor 2.
 */
#ifndef NW_QUERY_SET_H
#define NW_QUERY_SET_H

#include "query/compile.h"
#include "query/defs.h"
#include "query/eval.h"

/* Only these sources and languages (the envelope of an entry). */
struct nw_set_limit {
	const struct nw_str *source, *lang;
	uint32_t nsource, nlang;
};

/* The expressions of one plugin instance, as an article's answers are given out. */
struct nw_set_group {
	uint32_t id;
	uint32_t *always, nalways; /* ascending */
	uint32_t *woken, nwoken;   /* [size] of the article begun */
	uint32_t size;		   /* expressions that can be woken */
	uint32_t at, at_always;	   /* next to be looked at */
	uint32_t sorted;	   /* woken[at, sorted) are in order */
};

/* Beside each expression, small so that many lie in the caches: which article woke it, and its group. */
struct nw_set_woken {
	uint32_t article, group;
};

struct nw_query_set {
	struct nw_analyse *an;
	struct nw_defs *defs;
	struct nw_prog prog;
	struct nw_compile compile;
	struct nw_vocab vocab;
	struct nw_arena *scratch; /* trees while they are compiled */
	struct nw_arena *kept;	  /* limits */
	struct nw_arena *article; /* of the article begun */
	struct nw_set_limit *limit;
	uint32_t nlimit, limit_cap;
	struct nw_set_group *group;
	uint32_t ngroup, group_cap;
	struct nw_set_woken *woken; /* [nexpr] once compiled */
	int ready; /* compiled */
	const struct nw_str *langs; /* of the entry being added */
	uint32_t nlangs;

	struct nw_fields fields;
	struct nw_eval eval;
	const struct nw_tag **tag;
	uint32_t ntag, tag_cap;
	int begun;
};
#endif
