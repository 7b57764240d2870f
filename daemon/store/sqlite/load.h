/*
 * load.h - a stored revision as the Article that jobs and commands know.
 * Floor 3, private to store/sqlite.
 */
#ifndef NW_STORE_LOAD_H
#define NW_STORE_LOAD_H

#include <sqlite3.h>

#include "batch.pb-c.h"
#include "store/store.h"

struct nw_arena;

/* What a row of ARTICLE_COLUMNS holds besides the Article. */
struct nw_loaded {
	int64_t revision, article, source, n, current_n, seen_ms;
	struct nw_str state;
	Nw__Article *m; /* id: the revision's; revision: at least 1; first_seen_ms: the article's */
};
/* Everything into the arena; -1 without memory. */
int nw_load_row(sqlite3_stmt *, struct nw_arena *, struct nw_loaded *loaded_r, struct nw_err *);
/* The text before (none on the first revision), and the tags. */
int nw_load_previous(struct nw_store *, struct nw_arena *, struct nw_loaded *, struct nw_err *);
int nw_load_tags(struct nw_store *, struct nw_arena *, struct nw_loaded *, struct nw_err *);
/* By id, with both: 1, 0, -1. */
int nw_load_revision(
    struct nw_store *, int64_t id, struct nw_arena *, struct nw_loaded *loaded_r, struct nw_err *);
#endif
