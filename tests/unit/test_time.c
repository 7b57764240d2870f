#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/str.h"
#include "core/time.h"

#define SEED_MS 1616457600000ll /* 2021-03-23T00:00:00Z */

static void
time_days_and_civil_are_inverse_over_all_years(void **state)
{
	int64_t d = nw_time_days(1899, 12, 31);

	(void)state;
	assert_int_equal(nw_time_days(1970, 1, 1), 0);
	assert_int_equal(nw_time_days(1969, 12, 31), -1);
	assert_int_equal(nw_time_days(2000, 3, 1), 11017);
	for (; d <= nw_time_days(2201, 1, 1); d++) {
		time_t t = (time_t)d * 86400;
		struct tm tm;
		int y, m, day;

		nw_time_civil(d, &y, &m, &day);
		assert_non_null(gmtime_r(&t, &tm));
		assert_int_equal(y, tm.tm_year + 1900);
		assert_int_equal(m, tm.tm_mon + 1);
		assert_int_equal(day, tm.tm_mday);
		assert_int_equal(nw_time_days(y, m, day), d);
		assert_true(nw_time_date_ok(y, m, day));
	}
	nw_time_civil(nw_time_days(-4712, 1, 1), &(int){0}, &(int){0}, &(int){0});
}

static void
time_dates_that_do_not_exist_are_known(void **state)
{
	(void)state;
	assert_true(nw_time_date_ok(2024, 2, 29));
	assert_true(nw_time_date_ok(2000, 2, 29));
	assert_false(nw_time_date_ok(1900, 2, 29));
	assert_false(nw_time_date_ok(2023, 2, 29));
	assert_false(nw_time_date_ok(2023, 4, 31));
	assert_false(nw_time_date_ok(2023, 0, 1));
	assert_false(nw_time_date_ok(2023, 13, 1));
	assert_false(nw_time_date_ok(2023, 1, 0));
}

static void
time_is_written_in_three_forms(void **state)
{
	char b[40];

	(void)state;
	assert_string_equal(nw_time_rfc3339(SEED_MS + 999, b), "2021-03-23T00:00:00Z");
	assert_string_equal(nw_time_rfc3339(-1, b), "1969-12-31T23:59:59Z");
	assert_string_equal(nw_time_http(784111777000, b), "Sun, 06 Nov 1994 08:49:37 GMT");
	assert_string_equal(nw_time_rfc5322(SEED_MS, b), "Tue, 23 Mar 2021 00:00:00 +0000");
	assert_string_equal(nw_time_http(-86400000, b), "Wed, 31 Dec 1969 00:00:00 GMT");
}

static void
time_the_three_http_dates_are_one_instant(void **state)
{
	static const char *const good[] = {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
	    "Sun Nov  6 08:49:37 1994", " Sun, 6 Nov 1994 08:49:37 GMT ", "06 Nov 1994 08:49:37 GMT",
	    "sun, 06 nov 1994 08:49:37 gmt", "Sun, 06 Nov 1994 08:49:37 +0000",
	    "Sun, 06 Nov 1994 09:49:37 +0100", "Sun, 06 Nov 1994 08:49:37"};
	static const char *const bad[] = {"", "0", "-1", "Sun", "Sun, 31 Feb 1994 08:49:37 GMT",
	    "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 25:00:00 GMT", "Sun, 06 Nov 1994 08:49:37 CEST",
	    "Sun, 06 Nov 1894 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
	    "Sun, 06 Nov 1994 08:49:37 GMT x", "Sun Nov  6 08:49:37 19945", "1994-11-06"};
	int64_t t;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		t = 0;
		if (nw_time_parse_http(nw_str(good[i]), &t) == -1 || t != 784111777000)
			fail_msg("'%s' gave %lld", good[i], (long long)t);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (nw_time_parse_http(nw_str(bad[i]), &t) == 0)
			fail_msg("'%s' was accepted", bad[i]);
	}
}

static void
time_rfc3339_and_its_relatives_are_read(void **state)
{
	static const struct {
		const char *text, *want;
		uint32_t precision;
	} t[] = {{"2021-03-23", "2021-03-23T00:00:00Z", NW_PREC_DAY},
	    {"2021-03", "2021-03-01T00:00:00Z", NW_PREC_MONTH},
	    {"2021", "2021-01-01T00:00:00Z", NW_PREC_YEAR},
	    {"2021-03-23T10:20:30Z", "2021-03-23T10:20:30Z", NW_PREC_MINUTE},
	    {"2021-03-23T10:20:30.123456+08:00", "2021-03-23T02:20:30Z", NW_PREC_MINUTE},
	    {"2021-03-23T10:20", "2021-03-23T10:20:00Z", NW_PREC_MINUTE},
	    {"2021-03-23 10:20:30", "2021-03-23T10:20:30Z", NW_PREC_MINUTE},
	    {"2021-03-23 10:20:30 -0530", "2021-03-23T15:50:30Z", NW_PREC_MINUTE},
	    {"2021-03-23t10:20:30z", "2021-03-23T10:20:30Z", NW_PREC_MINUTE},
	    {"2021-03-23T10:20:30+08", "2021-03-23T02:20:30Z", NW_PREC_MINUTE},
	    {"20210323T102030Z", "2021-03-23T10:20:30Z", NW_PREC_MINUTE},
	    {"20210323", "2021-03-23T00:00:00Z", NW_PREC_DAY},
	    {"2021-03-23T24:00:00Z", "2021-03-24T00:00:00Z", NW_PREC_MINUTE},
	    {"2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z", NW_PREC_MINUTE},
	    {"2021-03-23+08:00", "2021-03-23T00:00:00Z", NW_PREC_DAY},
	    {"\t2021-03-23\n", "2021-03-23T00:00:00Z", NW_PREC_DAY}};
	struct nw_time got;
	char b[32];

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		if (nw_time_parse_rfc3339(nw_str(t[i].text), &got) == -1)
			fail_msg("'%s' was refused", t[i].text);
		assert_string_equal(nw_time_rfc3339(got.at_ms, b), t[i].want);
		assert_int_equal(got.precision, t[i].precision);
		assert_int_equal(got.origin, NW_ORIGIN_NONE);
	}
}

static void
time_what_is_no_rfc3339_is_refused(void **state)
{
	static const char *const bad[] = {"", "x", "2021-", "2021-3-23", "2021-13-01", "2021-02-29",
	    "21-03-23", "1899-12-31", "2201-01-01", "2021-03-23T", "2021-03-23T25:00", "2021-03-23T10:60",
	    "2021-03-23T10:20:61Z", "2021-03-23T10:20:30.Z", "2021-03-23T10:20:30+8",
	    "2021-03-23T10:20:30+24:00", "2021-03-23T10:20:30Zx", "2021-03-23T1", "10000-01-01",
	    "2021-03-23 January", "202103", "2021-03-23T24:00:01"};
	struct nw_time got = {.at_ms = 7};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (nw_time_parse_rfc3339(nw_str(bad[i]), &got) == 0)
			fail_msg("'%s' was accepted", bad[i]);
	}
	assert_int_equal(got.at_ms, 7);
	assert_int_equal(
	    nw_time_parse_rfc3339((struct nw_str){"2021-03-23\0", 11}, &got), 0); /* a NUL around is blank */
	assert_int_equal(nw_time_parse_rfc3339((struct nw_str){"2021-03-23\0x", 12}, &got), -1);
}

static void
time_durations_are_read_and_written(void **state)
{
	static const struct {
		const char *text;
		int64_t want;
	} t[] = {{"90", 90}, {"90s", 90}, {"10m", 600}, {"6h", 21600}, {"2d", 172800}, {"1w", 604800},
	    {"0", 0}, {"9999999999w", 9999999999 * 604800}};
	static const char *const bad[] = {
	    "", "s", "-1", "1.5h", "10 m", "10mm", "1h30m", "99999999999", "10x", "m10"};
	char b[24];
	int64_t s;

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		assert_int_equal(nw_time_parse_duration(nw_str(t[i].text), &s), 0);
		assert_true(s == t[i].want);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (nw_time_parse_duration(nw_str(bad[i]), &s) == 0)
			fail_msg("'%s' was accepted", bad[i]);
	}
	assert_string_equal(nw_time_duration(0, b), "0s");
	assert_string_equal(nw_time_duration(90, b), "90s");
	assert_string_equal(nw_time_duration(600, b), "10m");
	assert_string_equal(nw_time_duration(86400 * 14, b), "14d");
	for (s = 0; s < 200000; s += 37) {
		int64_t back;

		assert_int_equal(nw_time_parse_duration(nw_str(nw_time_duration(s, b)), &back), 0);
		assert_int_equal(back, s);
	}
}

static void
time_retry_after_is_seconds_or_a_date_and_bounded(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} row[] = {
	    {"0", 0}, {"7", 7000}, {"007", 7000}, {"86400", 86400000}, {"86401", 86400000}, {"99999999999999999999999999", 86400000},
	    {"-1", 0}, {"junk", 0}, {"7s", 0}, {"", 0}, {"Sun, 06 Nov 1994 08:49:37 GMT", 37000},
	    {"Sun, 06 Nov 1994 08:48:00 GMT", 0}, {"Sun, 06 Nov 2094 08:49:37 GMT", 86400000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		if (nw_time_parse_retry_after(nw_str(row[i].text), 784111740000) != row[i].ms)
			fail_msg("'%s' gives %lld", row[i].text, (long long)nw_time_parse_retry_after(nw_str(row[i].text), 784111740000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(time_days_and_civil_are_inverse_over_all_years),
	    cmocka_unit_test(time_dates_that_do_not_exist_are_known),
	    cmocka_unit_test(time_is_written_in_three_forms),
	    cmocka_unit_test(time_the_three_http_dates_are_one_instant),
	    cmocka_unit_test(time_rfc3339_and_its_relatives_are_read),
	    cmocka_unit_test(time_what_is_no_rfc3339_is_refused),
	    cmocka_unit_test(time_durations_are_read_and_written),
	    cmocka_unit_test(time_retry_after_is_seconds_or_a_date_and_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
