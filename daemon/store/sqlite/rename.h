/*
 * rename.h - a source whose name has gone and whose address has come back under a new one: it keeps its row, and with it
 * all that is known of its articles.
 * Floor 3, private to store/sqlite.  Life: nw_rename_new() -> nw_rename_keep()* -> nw_rename_take()* -> nw_rename_free().
 */
#ifndef NW_STORE_RENAME_H
#define NW_STORE_RENAME_H

#include "store/store_config.h"

struct nw_rename;

struct nw_rename *nw_rename_new(void); /* NULL without memory */
void nw_rename_free(struct nw_rename *); /* NULL is fine */
/* The source of this row keeps its name. */
int nw_rename_keep(struct nw_rename *, int64_t source); /* -1 without memory */
/* The row that was known by another name and lists an address of ${s} is ${s}'s from now on: 1, 0 there is none, -1. */
int nw_rename_take(
    struct nw_store *, struct nw_rename *, const struct nw_store_source *s, int64_t now_ms, struct nw_err *);
#endif
