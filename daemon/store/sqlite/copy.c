#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/sqlite/copy.h"
#include "store/sqlite/db.h"

#define STEP_PAGES 2048 /* pages copied between two looks at the result; 8 MiB */

/* Held until the copy is done: a writer that goes on would else make it begin again and again. */
static int
hold_snapshot(struct nw_store *st)
{
	return sqlite3_exec(st->db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK &&
	       sqlite3_exec(st->db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) == SQLITE_OK;
}

static int
copy_pages(struct nw_store *st, sqlite3 *to, const char *name, struct nw_err *err)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", st->db, "main");
	int rc = SQLITE_OK;

	if (b == NULL)
		return nw_fail(err, NW_ERES, "store: copy to '%s': %s", name, sqlite3_errmsg(to));
	while (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
		if ((rc = sqlite3_backup_step(b, STEP_PAGES)) == SQLITE_BUSY || rc == SQLITE_LOCKED)
			sqlite3_sleep(20);
	if (sqlite3_backup_finish(b) != SQLITE_OK || rc != SQLITE_DONE)
		return nw_fail(err, NW_ERES, "store: copy to '%s': %s", name, sqlite3_errstr(rc));
	return 0;
}

/* One file, no write-ahead log beside it, which says that it is a copy: whoever takes it for the store knows. */
static int
mark(sqlite3 *to, const char *name, struct nw_err *err)
{
	if (sqlite3_exec(to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL) == SQLITE_OK &&
	    sqlite3_exec(to, "INSERT OR REPLACE INTO meta (key, value) VALUES ('copy', '1')", NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return nw_fail(err, NW_ERES, "store: copy to '%s': %s", name, sqlite3_errmsg(to));
}

/* A copy that cannot be read is none; better known today than when it is needed. */
static int
verify(sqlite3 *to, const char *name, struct nw_err *err)
{
	sqlite3_stmt *s = NULL;
	int rc = -1;

	if (sqlite3_prepare_v2(to, "PRAGMA quick_check(1)", -1, &s, NULL) != SQLITE_OK || sqlite3_step(s) != SQLITE_ROW)
		nw_fail(err, NW_ERES, "store: read back '%s': %s", name, sqlite3_errmsg(to));
	else if (!nw_str_is(nw_db_col_str(s, 0), "ok"))
		nw_fail(err, NW_ERES, "store: the copy '%s' is damaged: %s", name, nw_db_col_str(s, 0).p);
	else
		rc = 0;
	(void)sqlite3_finalize(s); /* repeats the last error */
	return rc;
}

static int
copy_file(struct nw_store *st, const char *name, struct nw_err *err)
{
	sqlite3 *to = NULL;
	int rc = -1;

	if (sqlite3_open_v2(name, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		nw_fail(err, NW_ERES, "store: copy to '%s': %s", name, sqlite3_errmsg(to));
	else if (!hold_snapshot(st))
		nw_db_fail(st, "hold a state to copy", err);
	else if (copy_pages(st, to, name, err) == 0 && mark(to, name, err) == 0)
		rc = verify(to, name, err);
	(void)sqlite3_close(to); /* a copy that failed is removed */
	(void)sqlite3_exec(st->db, "ROLLBACK", NULL, NULL, NULL); /* there may be none to end */
	return rc;
}

static int
sync_path(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC), rc;

	if (fd == -1)
		return -1;
	rc = fsync(fd);
	(void)close(fd); /* fsync has told */
	return rc;
}

static int
sync_dir_of(const char *path)
{
	char copy[PATH_MAX];

	(void)snprintf(copy, sizeof(copy), "%s", path);
	return sync_path(dirname(copy), O_RDONLY | O_DIRECTORY);
}

int
nw_copy_to(struct nw_store *st, const char *to, enum nw_copy_mode mode, struct nw_err *err)
{
	char part[PATH_MAX];
	struct stat sb;
	int fd, rc = -1;

	if ((size_t)snprintf(part, sizeof(part), "%s.part", to) >= sizeof(part))
		return nw_fail(err, NW_EINPUT, "store: the path is too long");
	if (mode == NW_COPY_NEW && lstat(to, &sb) == 0)
		return nw_fail(err, NW_EINPUT, "store: '%s' exists; name a new file", to);
	(void)unlink(part); /* of a copy that was interrupted */
	if ((fd = open(part, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600)) == -1)
		return nw_fail(err, NW_ERES, "store: create '%s': %s", part, strerror(errno));
	(void)close(fd); /* empty */
	if (copy_file(st, part, err) == 0) {
		if (sync_path(part, O_RDWR) == -1 || rename(part, to) == -1 || sync_dir_of(to) == -1)
			nw_fail(err, NW_ERES, "store: finish '%s': %s", to, strerror(errno));
		else
			rc = 0;
	}
	if (rc == -1)
		(void)unlink(part); /* best effort; the next copy removes it */
	return rc;
}
