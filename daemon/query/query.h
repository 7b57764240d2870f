/*
 * query.h - the watch language as a compiled set of expressions over articles.
 * Floor 2 (on text).  Used by the worker's host table, by search and backtest.
 * Life: nw_query_set_new() -> nw_query_list_add()* -> nw_query_add()* -> nw_query_compile() ->
 *       (nw_query_begin() -> nw_query_next()*)* per article -> nw_query_set_free().
 * One analysis and one pass over an article, however many expressions; cost grows with hits.
 */
#ifndef NW_QUERY_QUERY_H
#define NW_QUERY_QUERY_H

#include <newswatch/plugin.h>

struct nw_buf;
struct nw_err;
struct nw_query_set; /* all expressions of all plugins, compiled */

#define NW_QUERY_ENGINE_VERSION 1u /* analysis and evaluation; stored with alerts and index */

/*
 * Where in a query's text a message points; line and col are 1-based within the text, len bytes are underlined.
 * NW_QDIAG_IN_SCORE is added where an entry has both texts and the place is in the score block, NW_QDIAG_FOLLOWS where
 * the error is another's, told where that is: who must mend one thing need not read of it a hundred times.
 */
enum {
	NW_QDIAG_ERROR,
	NW_QDIAG_WARNING,
	NW_QDIAG_NOTE,
	NW_QDIAG_IN_SCORE = 16,
	NW_QDIAG_FOLLOWS = 32,
	NW_QDIAG_SEVERITY = 15 /* the bits of the first three */
};
typedef void nw_query_diag_fn(void *cookie, uint32_t severity, uint32_t line, uint32_t col, uint32_t len,
    const char *text);

struct nw_query_names {	 /* what comparisons may name; NULL arrays: not checked */
	const struct nw_str *sources, *topics, *countries, *tags;
	uint32_t nsources, ntopics, ncountries, ntags;
};

struct nw_query_set *nw_query_set_new(void);
void nw_query_set_free(struct nw_query_set *); /* NULL is fine */
void nw_query_set_names(struct nw_query_set *, const struct nw_query_names *); /* borrowed until compile */
/* A reusable list; entries are checked when it is first used or at compile.  errors NW_ECONF for a duplicate name. */
int nw_query_list_add(struct nw_query_set *, struct nw_str name, const struct nw_str *entries, uint32_t n,
    nw_query_diag_fn *, void *cookie);
/* The match of another watch, for watch(name); only those added so can be named. */
int nw_query_watch_add(struct nw_query_set *, struct nw_str name, struct nw_str match, int has_score);

enum { NW_QUERY_TOPIC = 1 /* may not use topic:, tag:, watch() */ };
/*
 * nw_query_add(set, group, flags, match, score, scope, id_r, diag, cookie):
 * Parse and check one expression.  ${group} partitions the answers (one per plugin instance); ${match} or ${score}
 * may be "".  ${scope} is "any", "new-text", "title", "lead".
 * errors  -1 after telling ${diag} everything that is wrong; the set stays usable.
 */
int nw_query_add(struct nw_query_set *, uint32_t group, uint32_t flags, struct nw_str match, struct nw_str score,
    struct nw_str scope, uint32_t *id_r, nw_query_diag_fn *, void *cookie);
/* The languages of the entry whose expressions are added next, for the note that STEM has no stemmer there; borrowed. */
void nw_query_langs(struct nw_query_set *, const struct nw_str *langs, uint32_t n);
/* The envelope's scope of an expression: only these sources and languages (empty: all). */
int nw_query_limit(struct nw_query_set *, uint32_t id, const struct nw_str *sources, uint32_t nsources,
    const struct nw_str *langs, uint32_t nlangs);
/* An expression that is asked only through nw_query_holds() (news, stance of a topic that holds). */
void nw_query_lazy(struct nw_query_set *, uint32_t id);
/*
 * nw_query_compile(set, err):
 * Ends the adding.  Lists nobody has named yet are read, and what is wrong with them is told to their own diag; they and
 * what names them stay out, all else is ready.
 * errors  -1, NW_ERES.
 */
int nw_query_compile(struct nw_query_set *, struct nw_err *);

struct nw_query_stats { uint32_t expressions, always, words, phrases; size_t bytes; };
void nw_query_stats_get(const struct nw_query_set *, struct nw_query_stats *stats_r);

/*
 * nw_query_begin(set, article, now_ms, err):
 * Analyse the article (once); the article stays borrowed until the next begin.  Tags may be added between groups by
 * nw_query_tag(), which makes topic: and tag: see them (evidence included).
 */
int nw_query_begin(struct nw_query_set *, const struct nw_article *, int64_t now_ms, struct nw_err *);
void nw_query_tag(struct nw_query_set *, const struct nw_tag *); /* borrowed until the next begin */
/*
 * nw_query_next(set, group, id_r, ev_r):
 * NW_OK: expression ${id_r} holds; NW_NEAR: it would but for a negative clause; NW_DONE.  Evidence lives until the
 * next begin.  ids come in ascending order.
 */
int nw_query_next(struct nw_query_set *, uint32_t group, uint32_t *id_r, struct nw_evidence *ev_r);
/* Ask one expression directly: NW_OK, NW_NEAR or NW_DONE (does not hold). */
int nw_query_holds(struct nw_query_set *, uint32_t id, struct nw_evidence *ev_r);
/* 64-bit simhash of the words of the article begun; 0 if too short. */
uint64_t nw_query_simhash(const struct nw_query_set *);

/* Canonical text of an expression, and with lists expanded (for watch_version). */
void nw_query_print(const struct nw_query_set *, uint32_t id, int expand, struct nw_buf *);
/* The ${i}th pattern with "*" or "?" that the set asks for, folded; 0 when there are no more. */
int nw_query_pattern(const struct nw_query_set *, uint32_t i, struct nw_str *pattern_r);
/* Required words chosen for an expression, and whether it is evaluated on every article. */
int nw_query_cost(const struct nw_query_set *, uint32_t id, struct nw_buf *words, int *always_r);
void nw_query_warm(struct nw_query_set *); /* ICU services and the vocabulary, before the lock */
#endif
