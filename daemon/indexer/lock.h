/*
 * lock.h - what the indexer gives up: in two steps, since SQLite opens a store's files in between.
 * Floor 4.
 * Life: nw_lock_files() with search.db open -> open the store -> nw_lock_all().
 */
#ifndef NW_INDEXER_LOCK_H
#define NW_INDEXER_LOCK_H

#include <stdint.h>

struct nw_err;

enum nw_lock_level { NW_LOCK_NONE, NW_LOCK_RLIMITS, NW_LOCK_SECCOMP, NW_LOCK_LANDLOCK };

/*
 * nw_lock_files(sandbox, store, level_r, err):
 * From here on only the files of ${store} can be opened, and only for reading: not even its shared memory can
 * be marked.
 * ${sandbox} is enum nw_sandbox; *level_r NW_LOCK_LANDLOCK or NW_LOCK_NONE.
 * errors  -1 with NW_ERES where `full` asks for what this kernel has not.
 */
int nw_lock_files(uint32_t sandbox, const char *store, uint32_t *level_r, struct nw_err *);
/* No file at all, no network, no process, no new code; *level_r as reached. */
int nw_lock_all(uint32_t sandbox, uint32_t *level_r, struct nw_err *);
#endif
