/*
 * migrate.h - bring a database to the schema of this program.
 * Floor 3, private to store/sqlite.
 */
#ifndef NW_STORE_MIGRATE_H
#define NW_STORE_MIGRATE_H

#include <stdint.h>

struct nw_err;
struct nw_store;

uint32_t nw_migrate_version(void); /* of this program */
/* -1 with NW_ECONF for a newer schema or a database of another program; it is left untouched. */
int nw_migrate_check(struct nw_store *, uint32_t *version_r, struct nw_err *);
/* From ${version}: a copy PATH.vN first (not of a new file), then each step in a transaction of its own. */
int nw_migrate(struct nw_store *, uint32_t version, struct nw_err *);
#endif
