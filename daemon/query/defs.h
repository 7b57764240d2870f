/*
 * defs.h - what expressions may name: lists, watches, and the values comparisons are checked against.
 * Floor 2.  Life: nw_defs_new() -> nw_defs_names(), nw_defs_list_add()*, nw_defs_watch_add()* -> parsing (ast.h)
 * -> nw_defs_check() -> nw_defs_free().  A definition is parsed when it is first named, then shared.
 */
#ifndef NW_QUERY_DEFS_H
#define NW_QUERY_DEFS_H

#include "query/ast.h"

struct nw_defs;

struct nw_defs *nw_defs_new(void); /* NULL without memory */
void nw_defs_free(struct nw_defs *); /* NULL is fine */
void nw_defs_names(struct nw_defs *, const struct nw_query_names *); /* borrowed until free */

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
#endif
