/* silence: time counts on the days on which a source is expected to speak. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "core/limits.h"
#include "main/silence.h"

#define HOUR	    INT64_C(3600000)
#define DAY	    (24 * HOUR)
#define FRIDAY_NOON INT64_C(1773403200000) /* 2026-03-13T12:00:00Z */

static struct nw_conf_source
every_day(void)
{
	return (struct nw_conf_source){.timezone = NW_STR("UTC"), .expected_days = 0x7f};
}

static void
every_hour_counts_where_every_day_is_expected(void **state)
{
	struct nw_conf_source s = every_day();

	(void)state;
	assert_int_equal(nw_silence_ms(&s, FRIDAY_NOON, FRIDAY_NOON + 5 * DAY + HOUR), 5 * DAY + HOUR);
	assert_int_equal(nw_silence_ms(&s, FRIDAY_NOON, FRIDAY_NOON), 0);
}

static void
a_weekend_does_not_count_where_mon_to_fri_is_expected(void **state)
{
	struct nw_conf_source s = every_day();

	(void)state;
	s.expected_days = 0x1f;
	assert_int_equal(nw_silence_ms(&s, FRIDAY_NOON, FRIDAY_NOON + 3 * DAY), DAY);
}

static void
days_are_those_of_the_source_s_zone(void **state)
{
	struct nw_conf_source s = every_day();

	(void)state;
	s.expected_days = 0x1f;
	s.timezone = NW_STR("Asia/Shanghai"); /* Saturday begins at 16:00 UTC */
	assert_int_equal(nw_silence_ms(&s, FRIDAY_NOON, FRIDAY_NOON + DAY), 4 * HOUR);
}

static void
a_recess_does_not_count_also_over_the_new_year(void **state)
{
	const struct nw_str recess[] = {NW_STR("03-14..03-15"), NW_STR("12-20..01-06")};
	struct nw_conf_source s = every_day();
	int64_t new_year = INT64_C(1798761600000); /* 2027-01-01T00:00:00Z */

	(void)state;
	s.recess = recess;
	s.nrecess = 2;
	assert_int_equal(nw_silence_ms(&s, FRIDAY_NOON, FRIDAY_NOON + 3 * DAY), DAY);
	assert_int_equal(nw_silence_ms(&s, new_year - 3 * DAY, new_year + 3 * DAY), 0);
	assert_int_equal(nw_silence_ms(&s, new_year - 3 * DAY, new_year + 7 * DAY), DAY);
}

static void
the_bound_is_the_source_s_own_or_several_usual_gaps(void **state)
{
	struct nw_conf_source s = every_day();

	(void)state;
	assert_int_equal(nw_silence_bound_ms(&s, 0), 0);
	assert_int_equal(nw_silence_bound_ms(&s, HOUR), NW_SILENCE_MIN_S * INT64_C(1000));
	assert_int_equal(nw_silence_bound_ms(&s, 2 * DAY), NW_SILENCE_GAPS * 2 * DAY);
	assert_int_equal(nw_silence_bound_ms(&s, INT64_MAX / 2), NW_SILENCE_MAX_S * INT64_C(1000));
	s.silence_s = 7200;
	assert_int_equal(nw_silence_bound_ms(&s, 2 * DAY), 2 * HOUR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_hour_counts_where_every_day_is_expected),
	    cmocka_unit_test(a_weekend_does_not_count_where_mon_to_fri_is_expected),
	    cmocka_unit_test(days_are_those_of_the_source_s_zone),
	    cmocka_unit_test(a_recess_does_not_count_also_over_the_new_year),
	    cmocka_unit_test(the_bound_is_the_source_s_own_or_several_usual_gaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
