/*
 * index.h - the full-text index of the archive: search.db, derived from the store, made again at will.
 * Floor 3 (on query and store), newswatch-indexer (the only writer), newswatch (readers).  Knows revisions by
 * their ids, not what becomes of them.  No alert needs it. Life: nw_index_open() -> (nw_index_add()* ->
 * nw_index_commit())* | lookup.h -> nw_index_close().
 *
 * A contentless FTS5 table whose rows are the revisions' positions as query/analyse.h cuts them (tokens.h), a
 * dictionary of all words for what patterns reach, and the mark: every revision up to it is in.  It proposes
 * candidates; the evaluator decides on the stored text, so a dead row costs time and never an answer.
 */
#ifndef NW_INDEX_INDEX_H
#define NW_INDEX_INDEX_H

#include <newswatch/plugin.h>

struct nw_err;
struct nw_index;
struct nw_store;
struct nw_store_revision_row;

enum nw_index_mode {
	NW_INDEX_WRITE,
	NW_INDEX_READ,
	NW_INDEX_REMAKE /* as WRITE, what is there is removed first */
};

/*
 * nw_index_open(path, mode, index_r, why_r, err):
 * does    WRITE takes the lock PATH.lock; a file that is damaged, of another layout or of another analysis is
 * removed and begun anew, ${why_r} then says why in a few words (else NULL).  Its files are all there when it
 * returns. errors  NW_ECONF for READ where there is no index or one of another release, and for WRITE where
 * another program's file or another writer stands; NW_ERES the disk, a damaged file.
 */
int nw_index_open(
    const char *path, uint32_t mode, struct nw_index **index_r, const char **why_r, struct nw_err *);
void nw_index_close(struct nw_index *); /* NULL is fine */

struct nw_index_state {
	int64_t mark;	 /* the last revision that is in */
	int64_t seen_ms; /* when that one was seen: another store's revision of this number differs */
	int64_t rows;
};
int nw_index_state(struct nw_index *, struct nw_index_state *state_r, struct nw_err *);
/* 1 if the index is of this store, 0 if the store is another or an older copy of it, -1. */
int nw_index_fits(struct nw_index *, struct nw_store *, struct nw_err *);
/* A reader sees the index as it is now until it is released, whatever the writer does. */
int nw_index_hold(struct nw_index *, struct nw_err *);
void nw_index_release(struct nw_index *);

/* --- the writer */

/* The next revision; ids ascend.  Nothing is seen by others, or kept, before the commit. */
int nw_index_add(struct nw_index *, const struct nw_store_revision_row *, struct nw_err *);
/* ${mark} and ${seen_ms} of the last one looked at. */
int nw_index_commit(struct nw_index *, int64_t mark, int64_t seen_ms, struct nw_err *);
void nw_index_rollback(struct nw_index *);
/* Empty it: everything is to be indexed again. */
int nw_index_clear(struct nw_index *, struct nw_err *);
/* One step of joining what many batches left; 1 if more could be done, 0, -1. */
int nw_index_tidy(struct nw_index *, struct nw_err *);
/* When idle: gives back the memory of pages and words that stand in the file anyway.  1 it did, 0 it was not worth it. */
int nw_index_shrink(struct nw_index *);
/* A call failed since the file is damaged: it is to be made anew. */
int nw_index_is_damaged(const struct nw_index *);
/* The file was removed or another was put in its place: what is written is lost. */
int nw_index_is_gone(struct nw_index *);
#endif
