#include <stdio.h>

#include "store/sqlite/cache.h"
#include "store/sqlite/db.h"

/* Pages that were read since the last look. */
static uint32_t
misses(struct nw_store *st)
{
	int now = 0, peak;

	(void)sqlite3_db_status(st->db, SQLITE_DBSTATUS_CACHE_MISS, &now, &peak, 0); /* cannot fail on an open handle */
	return (uint32_t)now - st->misses;
}

static int
set_size(struct nw_store *st, uint32_t kb, struct nw_err *err)
{
	char sql[64];

	(void)snprintf(sql, sizeof(sql), "PRAGMA cache_size=-%u", kb); /* fits */
	if (nw_db_script(st, sql, err) == -1)
		return -1;
	st->cache_kb = kb;
	return 0;
}

int
nw_cache_open(struct nw_store *st, struct nw_err *err)
{
	char sql[64];

	/* what a group changed is written once, by its commit, however few pages stay afterwards */
	(void)snprintf(sql, sizeof(sql), "PRAGMA cache_spill=%d", NW_STORE_CACHE_KB / NW_STORE_PAGE_KB); /* fits */
	return set_size(st, NW_STORE_CACHE_KB, err) == -1 ? -1 : nw_db_script(st, sql, err);
}

void
nw_cache_fit(struct nw_store *st)
{
	if (st->cache_kb == NW_STORE_CALM_KB && misses(st) > NW_STORE_CALM_MISSES)
		(void)set_size(st, NW_STORE_CACHE_KB, NULL); /* else it is slower, no more */
}

/* A small cache stays as it is; of a large one all is given back, and it is small from now on unless there was much to do. */
int
nw_store_shrink(struct nw_store *st)
{
	uint32_t n = misses(st);
	int used = 0, peak;

	st->misses += n;
	if (st->cache_kb == NW_STORE_CALM_KB)
		return 0;
	if (st->mode == NW_STORE_WRITE && n <= NW_STORE_CALM_MISSES)
		(void)set_size(st, NW_STORE_CALM_KB, NULL); /* else at the next look */
	if (sqlite3_db_status(st->db, SQLITE_DBSTATUS_CACHE_USED, &used, &peak, 0) != SQLITE_OK ||
	    used < NW_STORE_IDLE_BYTES)
		return 0;
	(void)sqlite3_db_release_memory(st->db); /* always SQLITE_OK */
	return 1;
}
