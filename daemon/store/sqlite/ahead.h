/*
 * ahead.h - which pages of news.db the next revisions lie in, told to the kernel before they are read singly.
 * Floor 3, private to store/sqlite (store_read.h has what others use).  Life: nw_ahead_open() ->
 * nw_ahead_rows(), nw_ahead_rest() -> nw_ahead_close(), once the engine has closed the file: closing a
 * descriptor drops the process's locks on it.
 *
 * Reads the engine's file format (trees of tables, sqlite.org/fileformat2.html) past the engine, which has no
 * call for it.  What it finds is a hint: a page that has moved meanwhile, or stands in the log, costs a
 * needless read or a wait.
 */
#ifndef NW_STORE_AHEAD_H
#define NW_STORE_AHEAD_H

#include <stddef.h>
#include <stdint.h>

struct nw_ahead;

/* ${revision} and ${article} are the root pages of these tables.  NULL without memory or where the file cannot be opened;
 * of one whose trees cannot be found nothing is told. */
struct nw_ahead *nw_ahead_open(const char *path, uint32_t revision, uint32_t article);
void nw_ahead_close(struct nw_ahead *); /* NULL is fine */

/* Ids ascend or descend; those beyond NW_STORE_AHEAD_N are not looked at. */
void nw_ahead_rows(struct nw_ahead *, const int64_t *id, size_t n);
/* The rest of texts that do not fit into their page, and the rows of the articles; waits for the revisions'
 * pages. */
void nw_ahead_rest(struct nw_ahead *, const int64_t *id, size_t n);

/* Where a revision lies; 1, or 0 if it is not found. */
struct nw_ahead_place {
	uint32_t page, rest, nrest; /* its page; the first of further ones, 0 none, and how many */
	int64_t article;
};
int nw_ahead_find(struct nw_ahead *, int64_t id, struct nw_ahead_place *place_r);
#endif
