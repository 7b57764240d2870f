/*
 * restored.h - a store that was a backup: what may have been delivered since is held.
 * Floor 3, private to store/sqlite.
 */
#ifndef NW_STORE_RESTORED_H
#define NW_STORE_RESTORED_H

#include "store/sqlite/commit.h"

/* How much of what a document brings may have been told before the restore. */
enum nw_unknown {
	NW_UNKNOWN_NONE,  /* the document has been read since */
	NW_UNKNOWN_DATED, /* what says that it is older: the backup does not know the document at all */
	NW_UNKNOWN_ALL	  /* what does not say that it is newer */
};

/* When a copy is opened to be written: everything in it is held, and the instant is kept.  In a transaction. */
int nw_restored_begin(struct nw_store *, int64_t now_ms, struct nw_store_opened *, struct nw_err *);
/* Of the target as it was before this poll. */
enum nw_unknown nw_restored_unknown(const struct nw_commit *);
/* The last revision of a new article that may have been told before: 1 or 0. */
int64_t nw_restored_held(const struct nw_commit *, const struct nw_article_state *);
#endif
