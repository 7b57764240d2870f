/* The writer's page cache: large while there is much to do, small in between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "store/sqlite/db.h"
#include "store/store_config.h"
#include "store_kit.h"

#define SOURCES	 400u
#define OPTIONS	 30000u /* bytes of one: together more than the large cache holds */
#define CALM_KB	 (NW_STORE_CALM_KB + NW_STORE_CALM_KB / 8) /* as the engine counts, with the heads of its pages */

static struct kit k;

/* Sources whose options fill many pages. */
static void
fill(void)
{
	static uint8_t options[OPTIONS];
	struct nw_store_listing l = {NW_STR("http://example.org/feed"), 0};
	struct nw_err err;
	char name[16];

	assert_int_equal(nw_store_sync_begin(k.st, k.now_ms, 0, &err), 0);
	for (uint32_t i = 0; i < SOURCES; i++) {
		struct nw_store_source s = {
		    .title = NW_STR(""), .listing = &l, .nlisting = 1, .enabled = 1, .every_ms = 1000, .every_max_ms = 1000};

		snprintf(name, sizeof(name), "s%05u", i);
		s.name = nw_str(name);
		s.options = (struct nw_bytes){options, sizeof(options)};
		assert_int_equal(nw_store_sync_source(k.st, &s, &err), 0);
	}
	assert_int_equal(nw_store_sync_end(k.st, NULL, &err), 0);
	assert_int_equal(nw_store_flush(k.st, &err), 0);
}

static int
setup(void **state)
{
	(void)state;
	kit_open(&k);
	fill();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	kit_close(&k);
	return 0;
}

static int
used_kb(void)
{
	int now, peak;

	assert_int_equal(sqlite3_db_status(k.st->db, SQLITE_DBSTATUS_CACHE_USED, &now, &peak, 0), SQLITE_OK);
	return now / 1024;
}

static void
read_all(void)
{
	assert_int_equal(sqlite3_exec(k.st->db, "SELECT count(*) FROM source WHERE options = x'00'", NULL, NULL, NULL), SQLITE_OK);
}

/* A group of one call that changes nothing. */
static void
begin_group(void)
{
	struct nw_err err;

	assert_int_equal(nw_db_begin(k.st, &err), 0);
	assert_int_equal(nw_db_end(k.st, 0, NW_DB_NOW, &err), 0);
}

/* More than may be read between two looks where it is calm. */
static void
be_busy(void)
{
	for (uint32_t pages = 0; pages <= NW_STORE_CALM_MISSES; pages += SOURCES * (OPTIONS / 4096))
		read_all();
}

static void
store_cache_is_small_once_it_is_calm(void **state)
{
	(void)state;
	read_all();
	assert_in_range(used_kb(), NW_STORE_CACHE_KB / 2, NW_STORE_CACHE_KB * 2);
	assert_int_equal(nw_store_shrink(k.st), 1);
	assert_in_range(used_kb(), 1, CALM_KB);
	assert_int_equal(nw_store_shrink(k.st), 0);
	read_all();
	assert_in_range(used_kb(), 1, CALM_KB);
}

static void
store_cache_of_a_busy_store_is_given_back_but_stays_large(void **state)
{
	(void)state;
	be_busy();
	assert_int_equal(nw_store_shrink(k.st), 1);
	assert_in_range(used_kb(), 1, CALM_KB);
	read_all();
	assert_in_range(used_kb(), NW_STORE_CACHE_KB / 2, NW_STORE_CACHE_KB * 2);
}

static void
store_cache_grows_with_the_next_group_after_many_pages_were_read(void **state)
{
	(void)state;
	(void)nw_store_shrink(k.st);
	read_all();
	begin_group();
	assert_int_equal(k.st->cache_kb, NW_STORE_CALM_KB);
	be_busy();
	begin_group();
	assert_int_equal(k.st->cache_kb, NW_STORE_CACHE_KB);
	read_all();
	assert_in_range(used_kb(), NW_STORE_CACHE_KB / 2, NW_STORE_CACHE_KB * 2);
}

static void
store_cache_writes_a_large_group_once_though_it_is_small(void **state)
{
	int spilled, peak;

	(void)state;
	(void)nw_store_shrink(k.st);
	assert_int_equal(sqlite3_exec(k.st->db, "BEGIN; UPDATE source SET title = 'other'", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_db_status(k.st->db, SQLITE_DBSTATUS_CACHE_SPILL, &spilled, &peak, 0), SQLITE_OK);
	assert_int_equal(sqlite3_exec(k.st->db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(spilled, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(store_cache_is_small_once_it_is_calm, setup, teardown),
	    cmocka_unit_test_setup_teardown(store_cache_of_a_busy_store_is_given_back_but_stays_large, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		store_cache_grows_with_the_next_group_after_many_pages_were_read, setup, teardown),
	    cmocka_unit_test_setup_teardown(store_cache_writes_a_large_group_once_though_it_is_small, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
