/*
 * indexer.h - the one newswatch-indexer: started, watched, started again when it ended.
 * Floor 4, newswatchd.  No alert waits for it; a search without it takes longer.
 */
#ifndef NW_MAIN_INDEXER_H
#define NW_MAIN_INDEXER_H

#include <stdint.h>

struct event_base;
struct nw_err;
struct nw_indexer;
struct nw_operator;

struct nw_indexer_parts { /* borrowed as long as the indexer lives */
	struct event_base *base;
	struct nw_operator *operator;
	const char *program, *store_path, *index_path;
	uint32_t sandbox; /* enum nw_sandbox */
};

/* errors  NW_ERES without memory; an indexer that does not start is told to the operator, and tried again. */
int nw_indexer_start(const struct nw_indexer_parts *, struct nw_indexer **indexer_r, struct nw_err *);
void nw_indexer_free(struct nw_indexer *); /* kills it; NULL is fine */
/* Make the index anew. */
void nw_indexer_anew(struct nw_indexer *);

struct nw_indexer_gauges {
	int pid;		       /* 0: it waits to be started again */
	uint32_t lock_level, failures; /* in a row */
	int64_t mark, last;	       /* the last revision in the index, the newest there is */
};
void nw_indexer_gauges_get(const struct nw_indexer *, struct nw_indexer_gauges *gauges_r);
#endif
