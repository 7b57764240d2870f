#include <limits.h>
#include <stdio.h>

#include "store/schema.h"
#include "store/sqlite/copy.h"
#include "store/sqlite/db.h"
#include "store/sqlite/migrate.h"

#define APPLICATION_ID 0x6e777431 /* "nwt1" in the file's header: this is a database of newswatchd */

static int
pragma_int(struct nw_store *st, const char *sql, int64_t *value_r, struct nw_err *err)
{
	sqlite3_stmt *s = NULL;
	int rc = -1;

	if (sqlite3_prepare_v2(st->db, sql, -1, &s, NULL) != SQLITE_OK || sqlite3_step(s) != SQLITE_ROW) {
		nw_db_fail(st, sql, err);
	} else {
		*value_r = sqlite3_column_int64(s, 0);
		rc = 0;
	}
	(void)sqlite3_finalize(s); /* repeats the last error */
	return rc;
}

uint32_t
nw_migrate_version(void)
{
	uint32_t n = 0;

	while (nw_schema[n].name != NULL)
		n++;
	return n;
}

int
nw_migrate_check(struct nw_store *st, uint32_t *version_r, struct nw_err *err)
{
	int64_t version, app, tables;

	if (pragma_int(st, "PRAGMA user_version", &version, err) == -1 ||
	    pragma_int(st, "PRAGMA application_id", &app, err) == -1 ||
	    pragma_int(st, "SELECT count(*) FROM sqlite_schema", &tables, err) == -1)
		return -1;
	if (tables > 0 && app != APPLICATION_ID)
		return nw_fail(err, NW_ECONF,
		    "store: '%s' is a database of another program; set store.path to a new file", st->path);
	if (version > nw_migrate_version())
		return nw_fail(err, NW_ECONF,
		    "store: '%s' has schema %lld, this newswatchd knows %u; install the newer newswatchd "
		    "again, or "
		    "restore the backup made before it",
		    st->path, (long long)version, nw_migrate_version());
	*version_r = (uint32_t)version;
	return 0;
}

static int
step(struct nw_store *st, uint32_t to, struct nw_err *err)
{
	char sql[96];

	(void)snprintf(
	    sql, sizeof(sql), "PRAGMA user_version=%u; PRAGMA application_id=%d", to, APPLICATION_ID);
	if (nw_db_script(st, "BEGIN IMMEDIATE", err) == -1)
		return -1;
	if (nw_db_script(st, nw_schema[to - 1].sql, err) == -1 || nw_db_script(st, sql, err) == -1 ||
	    nw_db_script(st, "COMMIT", err) == -1) {
		(void)nw_db_script(st, "ROLLBACK", NULL); /* fails where the engine did it already */
		return -1;
	}
	return 0;
}

int
nw_migrate(struct nw_store *st, uint32_t version, struct nw_err *err)
{
	char copy[PATH_MAX];

	if (version == nw_migrate_version())
		return 0;
	if (version > 0) {
		if ((size_t)snprintf(copy, sizeof(copy), "%s.v%u", st->path, version) >= sizeof(copy))
			return nw_fail(err, NW_ECONF, "store: the path is too long");
		if (nw_copy_to(st, copy, NW_COPY_REPLACE, err) == -1)
			return -1;
	}
	while (version < nw_migrate_version())
		if (step(st, ++version, err) == -1)
			return -1;
	return 0;
}
