/*
 * defs.h - what expressions may name: lists, watches, and the values comparisons are checked against.
 * Floor 2.  Life: nw_defs_new() -> nw_defs_names(), nw_defs_list_add()*, nw_defs_watch_add()* -> parsing (ast.h)
 * -> nw_defs_check() -> nw_defs_free().  A definition is parsed when it is first named, then shared.
 */
#ifndef NW_QUERY_DEFS_H
#define NW_QUERY_DEFS_H

#include "query/ast.h"

struct nw_defs;

struct nw_defs *nw_defs_new(struct nw_analyse *); /* borrowed; NULL without memory */
void nw_defs_free(struct nw_defs *); /* NULL is fine */
/* What comparisons may name, instead of what was given before; borrowed until free.  NW_OK or NW_ERES. */
int nw_defs_names(struct nw_defs *, const struct nw_query_names *);

/*
 * nw_defs_list_add(defs, name, entries, n, diag, cookie):
 * A list (R27).  ${diag} and ${cookie} are kept until nw_defs_check() and get what is wrong with the entries: line
 * is the entry's number from 1, col and len lie within the entry.
 * owns    copies name and entries.
 * errors  NW_ECONF for a duplicate or impossible name, NW_ELIMIT past NW_LIST_ENTRIES_MAX, NW_ERES.
 */
int nw_defs_list_add(struct nw_defs *, struct nw_str name, const struct nw_str *entries, uint32_t n,
    nw_query_diag_fn *, void *cookie);
/* The match of a watch, for watch(name); one with a score block is known only to be refused. */
int nw_defs_watch_add(struct nw_defs *, struct nw_str name, struct nw_str match, int has_score);
/* Parse the lists nobody named yet; -1 if any list has an error. */
int nw_defs_check(struct nw_defs *);
size_t nw_defs_bytes(const struct nw_defs *);

/* --- for the parser */
enum nw_defs_kind { NW_DEFS_LIST, NW_DEFS_WATCH, NW_DEFS_SOURCE, NW_DEFS_TOPIC, NW_DEFS_COUNTRY, NW_DEFS_TAG };
enum nw_defs_state {
	NW_DEFS_OK,
	NW_DEFS_UNKNOWN,
	NW_DEFS_CYCLE, /* the name is being read: it leads back to itself */
	NW_DEFS_BROKEN, /* its own text has errors, told to its own diag */
	NW_DEFS_SCORED, /* a watch with a score block */
	NW_DEFS_DEEP	/* NW_QUERY_DEPTH_MAX names lead to one another */
};
/*
 * nw_defs_get(defs, kind, name, root_r):
 * What @name or watch(name) stands for, read now if this is the first time; ${root_r} is set with NW_DEFS_OK.
 */
enum nw_defs_state nw_defs_get(struct nw_defs *, enum nw_defs_kind, struct nw_str name, struct nw_ast **root_r);
/* Whether a comparison may name it: 1 also where nothing is known of that kind. */
int nw_defs_knows(const struct nw_defs *, enum nw_defs_kind, struct nw_str name);
int nw_defs_has(const struct nw_defs *, enum nw_defs_kind); /* whether anything is known of that kind */
/* The nearest defined name, "" if none is near. */
struct nw_str nw_defs_nearest(const struct nw_defs *, enum nw_defs_kind, struct nw_str name);
#endif
