/*
 * due.h - what is due next, kept in memory until a row of the tables concerned changes.
 * Floor 3, private to store/sqlite.
 */
#ifndef NW_STORE_DUE_PARTS_H
#define NW_STORE_DUE_PARTS_H

struct nw_store;

/* Be told of every row that changes; once, after opening. */
void nw_due_watch(struct nw_store *);
/* Rows went back: what is kept may be of a state that never was. */
void nw_due_forget(struct nw_store *);
#endif
