/*
 * history.h - the revisions of an article, kept to be read one after the other.
 * Floor 4.
 */
#ifndef NW_CLI_HISTORY_H
#define NW_CLI_HISTORY_H

#include <jansson.h>

#include "store/store_read.h"

struct nw_history {
	struct nw_store_history_row *row; /* ascending, at most NW_STORE_ROWS_MAX; of the arena, as their texts */
	uint32_t n;
};

/* Every revision of an article; 0, -1. */
int nw_history_read(struct nw_store *, int64_t article, struct nw_arena *, struct nw_history *, struct nw_err *);
/* {"n","seen","url","fetched","type","sha256","kept"}; a new reference, NULL without memory. */
json_t *nw_history_json(const struct nw_store_history_row *);
#endif
