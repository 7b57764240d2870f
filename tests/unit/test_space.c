/* What the store has to live on is told before it runs out, once, with its end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/limits.h"
#include "main/operator.h"
#include "main/space.h"
#include "store_kit.h"

static struct kit k;
static struct nw_generations none;
static struct nw_operator *op;
static struct nw_space space;

static int
setup(void **state)
{
	(void)state;
	kit_open(&k);
	space = (struct nw_space){0};
	op = nw_operator_new(k.st, &none);
	return op == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	nw_operator_free(op);
	kit_close(&k);
	return 0;
}

static void
judge(int64_t free_bytes, int64_t wal_bytes, uint32_t full)
{
	struct nw_store_health h = {.free_bytes = free_bytes, .wal_bytes = wal_bytes, .full = full};

	nw_space_judge(&space, op, &h, k.now_ms++);
}

static int64_t
notices(void)
{
	return kit_count(&k, "SELECT count(*) FROM notice");
}

static void
a_disk_that_runs_out_is_told_once_and_its_end_once(void **state)
{
	(void)state;
	judge(10 * NW_SPACE_LOW, 0, 0);
	assert_int_equal(notices(), 0);
	judge(NW_SPACE_LOW - 1, 0, 0);
	judge(NW_SPACE_LOW - 2, 0, 0);
	assert_int_equal(kit_count(&k, "SELECT until IS NULL FROM condition WHERE key = 'disk'"), 1);
	assert_int_equal(notices(), 1);
	judge(NW_SPACE_LOW + 1, 0, 0); /* not yet enough to say so */
	assert_int_equal(notices(), 1);
	judge(2 * NW_SPACE_LOW, 0, 0);
	judge(2 * NW_SPACE_LOW, 0, 0);
	assert_int_equal(kit_count(&k, "SELECT until IS NULL FROM condition WHERE key = 'disk'"), 0);
	assert_int_equal(notices(), 2);
}

static void
a_log_that_a_reader_holds_is_told_and_cleared(void **state)
{
	(void)state;
	judge(10 * NW_SPACE_LOW, NW_SPACE_WAL + 1, 0);
	assert_int_equal(kit_count(&k, "SELECT until IS NULL FROM condition WHERE key = 'log'"), 1);
	judge(10 * NW_SPACE_LOW, 0, 0);
	assert_int_equal(kit_count(&k, "SELECT until IS NULL FROM condition WHERE key = 'log'"), 0);
	assert_int_equal(notices(), 2);
}

static void
a_full_disk_is_told_when_something_can_be_written_again(void **state)
{
	(void)state;
	judge(0, 0, 1);
	judge(0, 0, 1);
	assert_int_equal(notices(), 0);
	judge(10 * NW_SPACE_LOW, 0, 0);
	judge(10 * NW_SPACE_LOW, 0, 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM notice WHERE key LIKE 'full/%'"), 1);
	assert_int_equal(notices(), 1);
}

static void
a_small_write_that_fits_ends_no_full_disk(void **state)
{
	(void)state;
	judge(0, 0, 1);
	judge(NW_SPACE_ROOM - 1, 0, 0);
	judge(0, 0, 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM notice WHERE key LIKE 'full/%'"), 0);
	judge(NW_SPACE_ROOM, 0, 0);
	judge(NW_SPACE_ROOM, 0, 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM notice WHERE key LIKE 'full/%'"), 1);
}

static void
what_stood_before_a_start_is_cleared_by_its_first_look(void **state)
{
	(void)state;
	judge(1, 0, 0);
	space = (struct nw_space){0};
	judge(10 * NW_SPACE_LOW, 0, 0);
	assert_int_equal(kit_count(&k, "SELECT until IS NULL FROM condition WHERE key = 'disk'"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_disk_that_runs_out_is_told_once_and_its_end_once),
	    TEST(a_log_that_a_reader_holds_is_told_and_cleared),
	    TEST(a_full_disk_is_told_when_something_can_be_written_again),
	    TEST(a_small_write_that_fits_ends_no_full_disk),
	    TEST(what_stood_before_a_start_is_cleared_by_its_first_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
