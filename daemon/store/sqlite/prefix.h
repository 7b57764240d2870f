/*
 * prefix.h - an id as people type it: its first digits.
 * Floor 3, private to store/sqlite.
 */
#ifndef NW_STORE_PREFIX_H
#define NW_STORE_PREFIX_H

#include "store/sqlite/sql.h"
#include "store/store.h"

/* The bounds between which ids with the prefix lie: from <= id < to. */
struct nw_prefix {
	char from[NW_STORE_ID_LEN + 1], to[NW_STORE_ID_LEN + 2];
};
/* 0 if it is no prefix of an id. */
int nw_prefix_make(struct nw_str, struct nw_prefix *prefix_r);
/* The one id that ${query} (from, to; at most two rows) finds: 1, 0 none, -1 NW_EINPUT for two. */
int nw_prefix_find(struct nw_store *, enum nw_sql query, struct nw_str prefix, char id_r[NW_STORE_ID_LEN + 1],
    struct nw_err *);
#endif
