/* sched: when the next poll is due. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/limits.h"
#include "main/sched.h"

#define MINUTE INT64_C(60000)

static struct nw_sched_visit
usual(void)
{
	return (struct nw_sched_visit){.now_ms = 1000000, .every_ms = 10 * MINUTE, .every_max_ms = 120 * MINUTE};
}

static int64_t
wait_of(struct nw_sched_visit v, uint32_t random)
{
	v.random = random;
	return nw_sched_next(&v) - v.now_ms;
}

static void
a_good_visit_is_followed_within_a_tenth_of_every(void **state)
{
	(void)state;
	for (uint32_t r = 0; r < 1000000; r += 9973)
		assert_in_range(wait_of(usual(), r), 570000, 630000);
}

static void
after_a_gathered_visit_the_next_is_anywhere_within_every(void **state)
{
	struct nw_sched_visit v = usual();
	uint32_t third[3] = {0};

	(void)state;
	v.gathered = 1;
	for (uint32_t r = 0; r < 3000; r++) {
		int64_t ms = wait_of(v, r * UINT32_C(2654435761));

		assert_in_range(ms, MINUTE, 10 * MINUTE);
		third[(ms - MINUTE) / (3 * MINUTE + 1)]++;
	}
	for (int i = 0; i < 3; i++)
		assert_in_range(third[i], 900, 1100);
}

static void
a_quiet_source_is_asked_less_often_but_never_beyond_its_bound(void **state)
{
	struct nw_sched_visit v = usual();

	(void)state;
	v.rhythm_ms = 8 * 60 * MINUTE;
	assert_in_range(wait_of(v, 7), 57 * MINUTE, 63 * MINUTE);
	v.rhythm_ms = 365 * 24 * 60 * MINUTE;
	assert_in_range(wait_of(v, 7), 114 * MINUTE, 126 * MINUTE);
}

static void
a_source_of_an_urgent_watch_is_never_slower_than_every(void **state)
{
	struct nw_sched_visit v = usual();

	(void)state;
	v.rhythm_ms = 8 * 60 * MINUTE;
	v.fast = 1;
	assert_in_range(wait_of(v, 7), 570000, 630000);
}

static void
failures_double_the_wait_up_to_six_hours_for_ever(void **state)
{
	struct nw_sched_visit v = usual();

	(void)state;
	v.failures = 1;
	assert_in_range(wait_of(v, 12345), 450000, 750000);
	v.failures = 3;
	assert_in_range(wait_of(v, 12345), 1800000, 3000000);
	v.failures = 4000000000u;
	assert_in_range(wait_of(v, 12345), NW_BACKOFF_MAX_S * 750, NW_BACKOFF_MAX_S * 1250);
}

static void
the_servers_wish_is_a_floor(void **state)
{
	struct nw_sched_visit v = usual();

	(void)state;
	v.failures = 1;
	v.retry_after_ms = 24 * 60 * MINUTE;
	assert_int_equal(wait_of(v, 5), 24 * 60 * MINUTE);
}

static void
a_fault_of_our_own_does_not_back_off(void **state)
{
	struct nw_sched_visit v = usual();

	(void)state;
	v.failures = 9;
	v.machine = 1;
	assert_in_range(wait_of(v, 99), 20000, 40000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_good_visit_is_followed_within_a_tenth_of_every),
	    cmocka_unit_test(after_a_gathered_visit_the_next_is_anywhere_within_every),
	    cmocka_unit_test(a_quiet_source_is_asked_less_often_but_never_beyond_its_bound),
	    cmocka_unit_test(a_source_of_an_urgent_watch_is_never_slower_than_every),
	    cmocka_unit_test(failures_double_the_wait_up_to_six_hours_for_ever),
	    cmocka_unit_test(the_servers_wish_is_a_floor),
	    cmocka_unit_test(a_fault_of_our_own_does_not_back_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
