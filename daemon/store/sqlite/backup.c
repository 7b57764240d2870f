#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/time.h"
#include "store/sqlite/copy.h"
#include "store/sqlite/db.h"
#include "store/sqlite/place.h"
#include "store/store_admin.h"

int
nw_store_backup(struct nw_store *st, const char *to, struct nw_err *err)
{
	st->deadline_ms = -1; /* a copy takes what it takes, a few pages at a time */
	if (st->mode == NW_STORE_WRITE && nw_store_flush(st, err) == -1)
		return -1;
	return nw_copy_to(st, to, NW_COPY_NEW, err);
}

/* The backup is copied, never moved: it stays what it is. */
static int
copy_backup(const char *from, const char *to, struct nw_err *err)
{
	struct nw_store_options o = {.path = from, .mode = NW_STORE_COPY};
	struct nw_store *st = NULL;
	int rc;

	if (nw_store_open(&o, &st, NULL, err) == -1)
		return -1;
	rc = nw_store_backup(st, to, err);
	nw_store_close(st);
	return rc;
}

/* PATH.before-20210323T101500Z; the caller frees it. */
static char *
name_aside(const char *path, int64_t now_ms)
{
	char at[32], *to = at, *name;

	(void)nw_time_rfc3339(now_ms, at);
	for (const char *p = at; *p != '\0'; p++)
		if (*p != '-' && *p != ':')
			*to++ = *p;
	*to = '\0';
	return asprintf(&name, "%s.before-%s", path, at) == -1 ? NULL : name;
}

/* Opening the copy makes it what this release writes, with everything held, before it stands where the daemon looks. */
static int
make_ready(const char *fresh, int64_t now_ms, uint32_t *held_r, struct nw_err *err)
{
	struct nw_store_options o = {.path = fresh, .mode = NW_STORE_WRITE, .now_ms = now_ms};
	struct nw_store_opened opened;
	struct nw_store *st = NULL;
	char beside[PATH_MAX];

	if (nw_store_open(&o, &st, &opened, err) == -1)
		return -1;
	*held_r = opened.held;
	nw_store_close(st);
	(void)snprintf(beside, sizeof(beside), "%s.lock", fresh); /* opened above, so it is not too long */
	(void)unlink(beside);
	(void)snprintf(beside, sizeof(beside), "%s.v%u", fresh, opened.migrated_from);
	(void)unlink(beside); /* the backup itself is the state before */
	return 0;
}

static int
put_in_place(const char *path, const char *from, int64_t now_ms, uint32_t *held_r, struct nw_err *err)
{
	char *aside = name_aside(path, now_ms), *fresh = NULL;
	int rc = -1;

	if (aside == NULL || asprintf(&fresh, "%s.restoring", path) == -1) {
		fresh = NULL;
		nw_db_nomem(err);
	} else {
		(void)unlink(fresh); /* of a restore that was interrupted */
		rc = copy_backup(from, fresh, err);
		if (rc == 0 && (rc = make_ready(fresh, now_ms, held_r, err)) == -1)
			(void)unlink(fresh); /* the old store is untouched and goes on */
		if (rc == 0 && (rc = nw_place_aside(path, aside, err)) == 0)
			rc = nw_place_aside(fresh, path, err); /* with its write-ahead log */
	}
	free(aside);
	free(fresh);
	return rc;
}

int
nw_store_restore(const char *path, const char *from, int64_t now_ms, uint32_t *held_r, struct nw_err *err)
{
	char *real = NULL;
	int lock_fd = -1, existed, rc = -1;

	if (nw_place_resolve(path, &real, err) == -1)
		return -1;
	if (nw_place_lock(real, &lock_fd, &existed, err) == 0) {
		rc = put_in_place(real, from, now_ms, held_r, err);
		if (rc == 0)
			rc = nw_place_give(real, err);
		(void)close(lock_fd); /* frees it */
	}
	free(real);
	return rc;
}
