/*
 * index_own.h - the inside of the index, for the files of index/.
 * Floor 3, private to index/.
 */
#ifndef NW_INDEX_INDEX_OWN_H
#define NW_INDEX_INDEX_OWN_H

#include <sqlite3.h>

#include "index/index.h"
#include "index/known.h"
#include "index/tokens.h"
#include "query/analyse.h"

enum nw_index_sql {
	NW_INDEX_SQL_HOLD,
	NW_INDEX_SQL_COMMIT,
	NW_INDEX_SQL_STATE,
	NW_INDEX_SQL_FIND,
	NW_INDEX_SQL_WORDS, /* all, or those from one on */
	NW_INDEX_SQL_IS_WORD,
	NW_INDEX_SQL_COUNT,
	NW_INDEX_SQL_READERS, /* what a reader prepares ends here */
	NW_INDEX_SQL_BEGIN = NW_INDEX_SQL_READERS,
	NW_INDEX_SQL_ROLLBACK,
	NW_INDEX_SQL_ADD,
	NW_INDEX_SQL_ADD_WORD,
	NW_INDEX_SQL_MARK,
	NW_INDEX_SQL_MERGE,
	NW_INDEX_SQL_N
};

struct nw_index {
	sqlite3 *db;
	sqlite3_stmt *stmt[NW_INDEX_SQL_N];
	char *path;
	int lock_fd, mode, in_batch, failed, damaged;
	int64_t added; /* rows of the batch */
	/* the writer's */
	struct nw_analyse *an;
	struct nw_text text;
	struct nw_known known;
	struct nw_buf title, body;
};

/* -1, from the engine's last error, which may be that the file is damaged. */
int nw_index_fail(struct nw_index *, const char *doing, struct nw_err *);
#endif
