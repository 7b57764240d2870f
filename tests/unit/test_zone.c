/* zone: local clocks from TZif files, compared with the C library's own reading of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"
#include "core/time.h"
#include "core/zone.h"

#define HOUR INT64_C(3600000)

static int64_t
utc(int year, int month, int day, int hour, int minute)
{
	return nw_time_days(year, month, day) * 24 * HOUR + hour * HOUR + minute * INT64_C(60000);
}

static struct nw_zone *
zone(const char *name)
{
	struct nw_zone *z = NULL;
	struct nw_err err;

	if (nw_zone_open(nw_str(name), &z, &err) == -1)
		fail_msg("%s", err.msg);
	return z;
}

static void
offsets_agree_with_the_c_library(void **state)
{
	static const char *const name[] = {"Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe",
	    "Africa/Casablanca", "America/Sao_Paulo", "Asia/Tehran", "Pacific/Apia", "Europe/Dublin", "Asia/Kolkata"};
	struct tm tm;

	(void)state;
	if (access("/usr/share/zoneinfo/Europe/Berlin", R_OK) == -1)
		skip();
	for (size_t i = 0; i < sizeof(name) / sizeof(*name); i++) {
		struct nw_zone *z = zone(name[i]);

		setenv("TZ", name[i], 1);
		tzset();
		for (time_t t = 0; t < 3250368000; t += 86399 * 3) {
			localtime_r(&t, &tm);
			if (nw_zone_offset_s(z, (int64_t)t * 1000) != tm.tm_gmtoff)
				fail_msg("%s at %lld: %d, the C library says %ld", name[i], (long long)t,
				    nw_zone_offset_s(z, (int64_t)t * 1000), tm.tm_gmtoff);
		}
		nw_zone_free(z);
	}
}

static void
seven_in_the_morning_comes_once_a_day_through_both_changes(void **state)
{
	struct nw_zone *z = zone("Europe/Berlin");
	int64_t at = utc(2026, 1, 1, 0, 0);

	(void)state;
	for (int i = 0; i < 365; i++) {
		int64_t next = nw_zone_next(z, at, 7 * 60);

		assert_int_equal(nw_zone_minute(z, next), 7 * 60);
		assert_int_equal(nw_zone_day(z, next), nw_time_days(2026, 1, 1) + i);
		assert_int_equal(nw_zone_last(z, next, 7 * 60), next);
		assert_true(nw_zone_last(z, next - 1, 7 * 60) < next);
		at = next;
	}
	nw_zone_free(z);
}

static void
an_hour_shown_twice_counts_the_first_time(void **state)
{
	struct nw_zone *z = zone("Europe/Berlin"); /* 2026-10-25: 03:00 CEST becomes 02:00 CET at 01:00 UTC */

	(void)state;
	assert_int_equal(nw_zone_next(z, utc(2026, 10, 24, 12, 0), 150), utc(2026, 10, 25, 0, 30));
	assert_int_equal(nw_zone_next(z, utc(2026, 10, 25, 0, 30), 150), utc(2026, 10, 26, 1, 30));
	assert_int_equal(nw_zone_last(z, utc(2026, 10, 25, 1, 30), 150), utc(2026, 10, 25, 0, 30));
	nw_zone_free(z);
}

static void
a_skipped_time_comes_as_much_later_as_the_clock_jumps(void **state)
{
	struct nw_zone *z = zone("Europe/Berlin"); /* 2026-03-29: 02:00 CET becomes 03:00 CEST at 01:00 UTC */

	(void)state;
	assert_int_equal(nw_zone_next(z, utc(2026, 3, 28, 12, 0), 150), utc(2026, 3, 29, 1, 30));
	assert_int_equal(nw_zone_minute(z, utc(2026, 3, 29, 1, 30)), 210);
	assert_int_equal(nw_zone_next(z, utc(2026, 3, 29, 1, 30), 150), utc(2026, 3, 30, 0, 30));
	nw_zone_free(z);
}

static void
a_day_that_never_was_brings_no_second_digest(void **state)
{
	struct nw_zone *z = zone("Pacific/Apia"); /* no 2011-12-30 there */
	int64_t a = nw_zone_next(z, utc(2011, 12, 29, 0, 0), 7 * 60), b = nw_zone_next(z, a, 7 * 60);

	(void)state;
	assert_int_equal(b - a, 24 * HOUR);
	assert_int_equal(nw_zone_day(z, b) - nw_zone_day(z, a), 2);
	nw_zone_free(z);
}

static void
a_southern_summer_spans_new_year_beyond_the_table(void **state)
{
	struct nw_zone *z = zone("Australia/Sydney");

	(void)state;
	assert_int_equal(nw_zone_offset_s(z, utc(2061, 1, 1, 0, 0)), 11 * 3600);
	assert_int_equal(nw_zone_offset_s(z, utc(2061, 7, 1, 0, 0)), 10 * 3600);
	nw_zone_free(z);
}

static void
utc_needs_no_file_and_bad_names_are_refused(void **state)
{
	struct nw_zone *z = zone("UTC");
	struct nw_err err;

	(void)state;
	assert_int_equal(nw_zone_next(z, utc(2026, 5, 5, 6, 59), 7 * 60), utc(2026, 5, 5, 7, 0));
	assert_int_equal(nw_zone_next(z, utc(2026, 5, 5, 7, 0), 7 * 60), utc(2026, 5, 6, 7, 0));
	nw_zone_free(z);
	z = NULL;
	assert_int_equal(nw_zone_open(NW_STR("../../../etc/passwd"), &z, &err), -1);
	assert_int_equal(nw_zone_open(NW_STR("/etc/passwd"), &z, &err), -1);
	assert_int_equal(nw_zone_open(NW_STR("Mars/Olympus"), &z, &err), -1);
	assert_null(z);
}

static void
a_cut_file_is_refused_at_every_length(void **state)
{
	/* one transition at 1000000000 from UTC+1 to UTC+2, then the rule of Berlin */
	static const char v1[] = "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4"
				 "\0\0\0\0\0\0UTC";
	static const char v2[] = "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\2\0\0\0\4"
				 "\0\0\0\0\x3b\x9a\xca\0\1\0\0\x0e\x10\0\0\0\0\x1c\x20\1\0UTC\0\nCET-1CEST,M3.5.0,M10.5.0/3\n";
	uint8_t file[sizeof(v1) + sizeof(v2)];
	size_t len = sizeof(v1) + sizeof(v2) - 1;
	struct nw_zone *z = NULL;
	struct nw_err err;

	(void)state;
	memcpy(file, v1, sizeof(v1)); /* its last NUL ends the name */
	memcpy(file + sizeof(v1), v2, sizeof(v2) - 1);
	for (size_t n = 0; n < len; n++)
		assert_int_equal(nw_zone_parse((struct nw_bytes){file, n}, &z, &err), -1);
	assert_int_equal(nw_zone_parse((struct nw_bytes){file, len}, &z, &err), 0);
	assert_int_equal(nw_zone_offset_s(z, INT64_C(999999999000)), 3600);
	assert_int_equal(nw_zone_offset_s(z, INT64_C(1000000000000)), 7200);
	nw_zone_free(z);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(offsets_agree_with_the_c_library),
	    cmocka_unit_test(seven_in_the_morning_comes_once_a_day_through_both_changes),
	    cmocka_unit_test(an_hour_shown_twice_counts_the_first_time),
	    cmocka_unit_test(a_skipped_time_comes_as_much_later_as_the_clock_jumps),
	    cmocka_unit_test(a_day_that_never_was_brings_no_second_digest),
	    cmocka_unit_test(a_southern_summer_spans_new_year_beyond_the_table),
	    cmocka_unit_test(utc_needs_no_file_and_bad_names_are_refused),
	    cmocka_unit_test(a_cut_file_is_refused_at_every_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
