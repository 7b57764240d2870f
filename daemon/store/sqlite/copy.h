/*
 * copy.h - a consistent copy of the open database in a new file.
 * Floor 3, private to store/sqlite.
 */
#ifndef NW_STORE_COPY_H
#define NW_STORE_COPY_H

struct nw_err;
struct nw_store;

enum nw_copy_mode { NW_COPY_NEW /* refuses an existing file */, NW_COPY_REPLACE };
/* Whole or not there: written beside, synchronised, renamed. */
int nw_copy_to(struct nw_store *, const char *to, enum nw_copy_mode, struct nw_err *);
#endif
