/*
 * folder.h - a new folder of files with their SHA-256 sums, whole or not there.
 * Floor 4.  It is written as DIR.part and renamed at the end.
 * Life: nw_folder_new() -> nw_folder_add()* -> nw_folder_done() | nw_folder_drop().
 */
#ifndef NW_CLI_FOLDER_H
#define NW_CLI_FOLDER_H

#include "base/buf.h"

struct nw_err;

struct nw_folder {
	const char *dir; /* borrowed */
	char part[4096];
	struct nw_buf sums; /* "HEX  NAME\n", as sha256sum prints and checks them */
};

/* errors  NW_EINPUT: DIR exists; NW_ERES. */
int nw_folder_new(struct nw_folder *, const char *dir, struct nw_err *);
/* ${name} holds no "/". */
int nw_folder_add(struct nw_folder *, const char *name, const void *, size_t, struct nw_err *);
/* Write SHA256SUMS and give the folder its name. */
int nw_folder_done(struct nw_folder *, struct nw_err *);
/* Remove what was written. */
void nw_folder_drop(struct nw_folder *);
#endif
