#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "core/time.h"
#include "text/dates.h"

#define NOW 1710936000000 /* 2024-03-20T12:00:00Z */

static const struct {
	char lang[3];
	const char *zone;
} zones[] = {
    {"zh", "Asia/Shanghai"},
    {"ja", "Asia/Tokyo"},
    {"ko", "Asia/Seoul"},
    {"ru", "Europe/Moscow"},
    {"uk", "Europe/Kiev"},
    {"fr", "Europe/Paris"},
    {"de", "Europe/Berlin"},
    {"es", "Europe/Madrid"},
    {"pt", "America/Sao_Paulo"},
    {"it", "Europe/Rome"},
    {"ar", "Asia/Riyadh"},
    {"fa", "Asia/Tehran"},
    {"tr", "Europe/Istanbul"},
    {"nl", "Europe/Amsterdam"},
    {"pl", "Europe/Warsaw"},
    {"cs", "Europe/Prague"},
    {"sv", "Europe/Stockholm"},
    {"da", "Europe/Copenhagen"},
    {"no", "Europe/Oslo"},
    {"fi", "Europe/Helsinki"},
    {"el", "Europe/Athens"},
    {"ro", "Europe/Bucharest"},
    {"hu", "Europe/Budapest"},
    {"vi", "Asia/Ho_Chi_Minh"},
    {"id", "Asia/Jakarta"},
};

static const char *
zone_of(const char *lang)
{
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (strncmp(zones[i].lang, lang, 2) == 0)
			return zones[i].zone;
	return "";
}

/* As the table writes it: "2024-03-15 day", "2024-03-15T14:30 minute", "-". */
static void
show(struct nw_str text, uint32_t flags, const struct nw_date_hint *hint, char out[64])
{
	static const char *const words[] = {"none", "year", "month", "day", "minute"};
	struct nw_time t;
	char at[32];

	strcpy(out, "-");
	if (nw_date_parse(text, flags, hint, &t) != 0)
		return;
	nw_time_rfc3339(t.at_ms, at);
	at[t.precision < NW_PREC_MINUTE ? 10 : strcmp(at + 16, ":00Z") == 0 ? 16 : 19] = '\0';
	snprintf(out, 64, "%s %s", at, words[t.precision]);
}

static void
every_form_of_the_table_is_read(void **state)
{
	char line[512], got[64], *text, *mode, *want;
	FILE *f = fopen(NW_TOP "/tests/data/dates.txt", "r");
	unsigned n = 0, failed = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		struct nw_date_hint hint = {.now_ms = NOW};
		uint32_t flags = 0;

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || (mode = strchr(line, ';')) == NULL)
			continue;
		*mode++ = '\0';
		text = strchr(mode, ';');
		assert_non_null(text);
		*text++ = '\0';
		want = strrchr(text, ';');
		assert_non_null(want);
		*want++ = '\0';
		flags |= strchr(mode, 'm') != NULL ? NW_DATE_MACHINE : 0;
		flags |= strchr(mode, 'v') != NULL ? NW_DATE_VISIBLE : 0;
		flags |= strchr(mode, 's') != NULL ? NW_DATE_SEARCH | NW_DATE_VISIBLE : 0;
		hint.lang = nw_str(line);
		hint.timezone = nw_str(zone_of(line));
		show(nw_str(text), flags, &hint, got);
		if (strcmp(got, want) != 0) {
			print_error("%s '%s': %s, expected %s\n", line, text, got, want);
			failed++;
		}
		n++;
	}
	fclose(f);
	assert_true(n >= 300);
	assert_int_equal(failed, 0);
}

/* The corpus next to the project: input, tab, instant or "any" or "null". */
static void
the_corpus_of_feed_dates_is_read(void **state)
{
	struct nw_date_hint hint = {.now_ms = NW_TIME_NONE};
	char line[512], *text, *want, at[32];
	FILE *f = fopen(NW_TOP "/../shared/corpora/dates/dates.tsv", "r");
	unsigned n = 0, failed = 0;
	struct nw_time t;
	int rc;

	(void)state;
	if (f == NULL) {
		print_message("no ../shared/corpora here\n");
		skip();
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || (text = strchr(line, '\t')) == NULL ||
		    (want = strchr(++text, '\t')) == NULL)
			continue;
		*want++ = '\0';
		rc = nw_date_parse(nw_str(text), NW_DATE_MACHINE, &hint, &t);
		if (strcmp(want, "null") == 0
			? rc == 0
			: rc != 0 ||
			      (strcmp(want, "any") != 0 && strcmp(nw_time_rfc3339(t.at_ms, at), want) != 0)) {
			print_error("'%s': expected %s\n", text, want);
			failed++;
		}
		n++;
	}
	fclose(f);
	assert_true(n >= 70);
	assert_true(failed <= 3);
}

static void
assert_reads(const char *text, uint32_t flags, struct nw_date_hint hint, const char *want)
{
	char got[64];

	show(nw_str(text), flags, &hint, got);
	assert_string_equal(got, want);
}

static void
a_time_without_a_zone_is_the_sources_and_follows_its_summer_time(void **state)
{
	struct nw_date_hint paris = {.timezone = NW_STR("Europe/Paris"), .now_ms = NW_TIME_NONE},
			    none = {.now_ms = NW_TIME_NONE},
			    bad = {.timezone = NW_STR("Nowhere/Land"), .now_ms = NW_TIME_NONE};

	(void)state;
	assert_reads("2024-07-15 14:30", NW_DATE_MACHINE, paris, "2024-07-15T12:30 minute");
	assert_reads("2024-01-15 14:30", NW_DATE_MACHINE, paris, "2024-01-15T13:30 minute");
	assert_reads("2024-01-15 00:30", NW_DATE_MACHINE, paris, "2024-01-14T23:30 minute");
	assert_reads("2024-07-15 14:30 +0000", NW_DATE_MACHINE, paris, "2024-07-15T14:30 minute");
	assert_reads("2024-07-15", NW_DATE_MACHINE, paris, "2024-07-15 day"); /* a day is never shifted */
	assert_reads("2024-07-15 14:30", NW_DATE_MACHINE, none, "2024-07-15T14:30 minute");
	assert_reads("2024-07-15 14:30", NW_DATE_MACHINE, bad, "2024-07-15T14:30 minute");
}

static void
an_abbreviation_of_several_zones_is_the_sources_own(void **state)
{
	struct nw_date_hint china = {.timezone = NW_STR("Asia/Shanghai"), .now_ms = NW_TIME_NONE},
			    none = {.now_ms = NW_TIME_NONE};

	(void)state;
	assert_reads("2024-07-15 14:30 CST", NW_DATE_MACHINE, china, "2024-07-15T06:30 minute");
	assert_reads("2024-07-15 14:30 CST", NW_DATE_MACHINE, none, "2024-07-15T20:30 minute");
}

static void
a_missing_year_is_that_of_the_last_such_day(void **state)
{
	struct nw_date_hint hint = {.lang = NW_STR("en"), .now_ms = NOW}, blind = {.now_ms = NW_TIME_NONE};

	(void)state;
	assert_reads("15 March", NW_DATE_VISIBLE, hint, "2024-03-15 day");
	assert_reads("2 April", NW_DATE_VISIBLE, hint, "2024-04-02 day"); /* announced, a fortnight ahead */
	assert_reads("24 December", NW_DATE_VISIBLE, hint, "2023-12-24 day");
	assert_reads("15 March", NW_DATE_VISIBLE, blind, "-");
}

static void
relative_dates_need_a_now_and_count_local_days(void **state)
{
	struct nw_date_hint tokyo = {.lang = NW_STR("ja"),
				.timezone = NW_STR("Asia/Tokyo"),
				.now_ms = NOW + 4 * 3600000},
			    blind = {.lang = NW_STR("ja"), .now_ms = NW_TIME_NONE};

	(void)state;
	assert_reads("今日", NW_DATE_VISIBLE, tokyo, "2024-03-21 day"); /* one o'clock at night there */
	assert_reads("昨日", NW_DATE_VISIBLE, tokyo, "2024-03-20 day");
	assert_reads("昨日", NW_DATE_VISIBLE, blind, "-");
	assert_reads("100年前", NW_DATE_VISIBLE, tokyo, "1924-01-01 year");
	assert_reads("202年前", NW_DATE_VISIBLE, tokyo, "-"); /* before 1900 */
}

static void
a_search_passes_over_what_is_no_publication_date(void **state)
{
	struct nw_date_hint hint = {.lang = NW_STR("en"), .now_ms = NOW};
	static char text[40000];

	(void)state;
	assert_reads("since March 2021 prices rose by 3.5", NW_DATE_SEARCH, hint, "-");
	assert_reads(
	    "signed on 24 October 1945, renewed on 3 May 2023", NW_DATE_SEARCH, hint, "2023-05-03 day");
	assert_reads("until 1 January 2031", NW_DATE_SEARCH, hint, "-");
	assert_reads("Statement of the spokesperson on yesterday's attack", NW_DATE_SEARCH, hint, "-");
	memset(text, 'a', sizeof(text) - 1); /* a date far down is none of the document */
	memcpy(text + sizeof(text) - 20, " 15 March 2024 ", 15);
	assert_reads(text, NW_DATE_SEARCH, hint, "-");
	for (size_t i = 0; i + 8 < 12000; i += 8)
		memcpy(text + i, "word ab ", 8);
	memcpy(text + 11000, "15 March 2024 ", 14); /* across many windows of tokens */
	assert_reads(text, NW_DATE_SEARCH, hint, "2024-03-15 day");
}

static void
slashes_follow_the_country_and_the_weekday(void **state)
{
	struct nw_date_hint us = {.lang = NW_STR("en-US"), .now_ms = NW_TIME_NONE},
			    gb = {.lang = NW_STR("en-GB"), .now_ms = NW_TIME_NONE},
			    london = {.lang = NW_STR("en"),
				.timezone = NW_STR("Europe/London"),
				.now_ms = NW_TIME_NONE},
			    fr = {.lang = NW_STR("fr"), .now_ms = NW_TIME_NONE};

	(void)state;
	assert_reads("03/04/2024", NW_DATE_VISIBLE, us, "2024-03-04 day");
	assert_reads("03/04/2024", NW_DATE_VISIBLE, gb, "2024-04-03 day");
	assert_reads("03/04/2024", NW_DATE_VISIBLE, london, "2024-04-03 day");
	assert_reads("03/04/2024", NW_DATE_VISIBLE, fr, "2024-04-03 day");
	assert_reads("Wed, 03/04/2024", NW_DATE_VISIBLE, us, "2024-04-03 day");
	assert_reads("03/25/2024", NW_DATE_VISIBLE, fr, "2024-03-25 day");
}

static void
empty_and_huge_texts_are_no_dates(void **state)
{
	struct nw_date_hint hint = {.now_ms = NW_TIME_NONE};
	static char digits[100000];

	(void)state;
	assert_reads("", NW_DATE_MACHINE, hint, "-");
	memset(digits, '7', sizeof(digits) - 1);
	assert_reads(digits, NW_DATE_MACHINE, hint, "-");
	memset(digits, '/', sizeof(digits) - 1);
	assert_reads(digits, NW_DATE_SEARCH, hint, "-");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_form_of_the_table_is_read),
	    cmocka_unit_test(the_corpus_of_feed_dates_is_read),
	    cmocka_unit_test(a_time_without_a_zone_is_the_sources_and_follows_its_summer_time),
	    cmocka_unit_test(an_abbreviation_of_several_zones_is_the_sources_own),
	    cmocka_unit_test(a_missing_year_is_that_of_the_last_such_day),
	    cmocka_unit_test(relative_dates_need_a_now_and_count_local_days),
	    cmocka_unit_test(a_search_passes_over_what_is_no_publication_date),
	    cmocka_unit_test(slashes_follow_the_country_and_the_weekday),
	    cmocka_unit_test(empty_and_huge_texts_are_no_dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
