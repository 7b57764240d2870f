/*
 * quote.h - what a watch has quoted of an article, so that an edit alerts only on more.
 * Floor 3, private to store/sqlite.
 */
#ifndef NW_STORE_QUOTE_H
#define NW_STORE_QUOTE_H

#include "batch.pb-c.h"
#include "store/store.h"

/* 1 a hit stands in a sentence or interval not quoted before, 0 none does, -1. */
int nw_quote_is_new(struct nw_store *, struct nw_str watch, int64_t article, const Nw__Article *,
    const Nw__Alert *, struct nw_err *);
int nw_quote_add_all(struct nw_store *, struct nw_str watch, int64_t article, const Nw__Article *,
    const Nw__Alert *, struct nw_err *);
#endif
