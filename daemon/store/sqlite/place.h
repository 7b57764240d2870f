/*
 * place.h - where the database lies: directory, file, file system, lock.
 * Floor 3, private to store/sqlite.
 */
#ifndef NW_STORE_PLACE_H
#define NW_STORE_PLACE_H

#include <stdint.h>

struct nw_err;

/*
 * nw_place_resolve(path, path_r, err):
 * Check the directory of ${path} and give the path with that directory resolved; the caller frees it.
 * errors  NW_ECONF: no directory, another's, writable for all, a link that root did not make, a network file system.
 */
int nw_place_resolve(const char *path, char **path_r, struct nw_err *);
/* The file, if it is there, is ours and a plain file: 1 there, 0 not, -1 NW_ECONF. */
int nw_place_file(const char *path, int64_t *bytes_r, struct nw_err *);
/* Hold PATH.lock; *existed_r: a writer has been here before.  The descriptor closes on exec. */
int nw_place_lock(const char *path, int *fd_r, int *existed_r, struct nw_err *);
/* Create the file, empty, readable for the group. */
int nw_place_create(const char *path, struct nw_err *);
/* Move PATH, PATH-wal and PATH-shm to ASIDE and the like. */
int nw_place_aside(const char *path, const char *aside, struct nw_err *);
/* As root: PATH and what stands beside it belong to the owner of their directory, as the daemon needs it. */
int nw_place_give(const char *path, struct nw_err *err);
int64_t nw_place_free_bytes(const char *path); /* of its file system; -1 unknown */
#endif
