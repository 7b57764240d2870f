/* timing: when a due group may go, by fixed clocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "core/limits.h"
#include "core/time.h"
#include "main/timing.h"

#define HOUR INT64_C(3600000)

static struct nw_zone *berlin;
static struct nw_conf_channel channel;
static struct nw_store_group group;
static struct nw_timing_facts facts;

static int64_t
utc(int month, int day, int hour, int minute)
{
	return nw_time_days(2026, month, day) * 24 * HOUR + hour * HOUR + minute * INT64_C(60000);
}

static int
setup(void **state)
{
	(void)state;
	if (nw_zone_open(NW_STR("Europe/Berlin"), &berlin, NULL) == -1)
		return -1;
	channel = (struct nw_conf_channel){
	    .name = NW_STR("desk"), .quiet_from_min = -1, .quiet_to_min = -1, .statement_min = -1, .escalate_to = -1};
	group = (struct nw_store_group){.channel = NW_STR("desk"),
	    .key = NW_STR("0123abcd"),
	    .watch = NW_STR("treaties"),
	    .source = NW_STR("mfa"),
	    .severity = NW_SEV_HIGH,
	    .alerts = 1};
	facts = (struct nw_timing_facts){
	    .now_ms = utc(6, 15, 10, 0), .throttled_until_ms = NW_TIME_NONE};
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	nw_zone_free(berlin);
	return 0;
}

static struct nw_timing
judge(void)
{
	struct nw_timing t;

	nw_timing_judge(&channel, berlin, &group, &facts, &t);
	return t;
}

static void
goes(void)
{
	struct nw_timing t = judge();

	assert_true(t.due_ms <= facts.now_ms);
	assert_string_equal(t.key, "");
	assert_string_equal(t.reason, "");
}

static void
waits(int64_t until_ms, const char *reason, const char *key)
{
	struct nw_timing t = judge();

	assert_int_equal(t.due_ms, until_ms);
	assert_string_equal(t.reason, reason);
	assert_true(strncmp(t.key, key, strlen(key)) == 0);
	assert_true(*key != '\0' || t.key[0] == '\0');
}

static void
every_rule_at_once(void)
{
	static const uint32_t seven = 7 * 60;

	channel.digest_min = &seven;
	channel.ndigest = 1;
	channel.quiet_from_min = 0;
	channel.quiet_to_min = 23 * 60;
	channel.throttle_n = 1;
	channel.throttle_s = 3600;
	facts.throttled_until_ms = facts.now_ms + HOUR;
	facts.flooded = 1;
}

static void
without_rules_a_group_goes_at_once(void **state)
{
	(void)state;
	goes();
}

static void
a_critical_group_passes_every_rule(void **state)
{
	(void)state;
	every_rule_at_once();
	group.severity = NW_SEV_CRITICAL;
	goes();
	assert_int_equal(judge().flood, 0);
	group.severity = NW_SEV_HIGH;
	assert_true(judge().due_ms > facts.now_ms);
}

static void
quiet_hours_over_midnight_hold_until_the_morning_of_the_zone(void **state)
{
	(void)state;
	channel.quiet_from_min = 22 * 60;
	channel.quiet_to_min = 7 * 60;
	facts.now_ms = utc(6, 15, 19, 59); /* 21:59 in Berlin */
	goes();
	facts.now_ms = utc(6, 15, 20, 0);
	waits(utc(6, 16, 5, 0), "quiet hours", "");
	facts.now_ms = utc(6, 16, 4, 59);
	waits(utc(6, 16, 5, 0), "quiet hours", "");
	facts.now_ms = utc(6, 16, 5, 0);
	goes();
}

static void
quiet_hours_within_a_day_hold_only_then(void **state)
{
	(void)state;
	channel.quiet_from_min = 12 * 60;
	channel.quiet_to_min = 13 * 60;
	facts.now_ms = utc(1, 15, 10, 59);
	goes();
	facts.now_ms = utc(1, 15, 11, 30);
	waits(utc(1, 15, 12, 0), "quiet hours", "");
}

static void
quiet_hours_through_the_night_of_a_change_end_by_the_local_clock(void **state)
{
	(void)state;
	channel.quiet_from_min = 22 * 60;
	channel.quiet_to_min = 7 * 60;
	facts.now_ms = utc(10, 24, 21, 0); /* 23:00 CEST, the night that is an hour longer */
	waits(utc(10, 25, 6, 0), "quiet hours", "");
	facts.now_ms = utc(3, 28, 22, 0); /* 23:00 CET, the night that is an hour shorter */
	waits(utc(3, 29, 5, 0), "quiet hours", "");
}

static void
a_digest_gathers_until_its_next_time(void **state)
{
	static const uint32_t times[] = {7 * 60, 17 * 60};

	(void)state;
	channel.digest_min = times;
	channel.ndigest = 2;
	waits(utc(6, 15, 15, 0), "digest", "digest:");
	facts.now_ms = utc(6, 15, 15, 0); /* exactly at its time: the next one */
	waits(utc(6, 16, 5, 0), "digest", "digest:");
	group.key = NW_STR("digest:1781535600000");
	goes();
}

static void
a_digest_at_a_time_shown_twice_comes_once(void **state)
{
	static const uint32_t half_past_two = 150;

	(void)state;
	channel.digest_min = &half_past_two;
	channel.ndigest = 1;
	facts.now_ms = utc(10, 25, 0, 29);
	waits(utc(10, 25, 0, 30), "digest", "digest:");
	facts.now_ms = utc(10, 25, 0, 31); /* 02:31 CEST; 02:30 CET is still to come, and is not it */
	waits(utc(10, 26, 1, 30), "digest", "digest:");
}

static void
a_digest_at_a_time_that_is_skipped_comes_an_hour_later(void **state)
{
	static const uint32_t half_past_two = 150;

	(void)state;
	channel.digest_min = &half_past_two;
	channel.ndigest = 1;
	facts.now_ms = utc(3, 29, 0, 59);
	waits(utc(3, 29, 1, 30), "digest", "digest:");
	facts.now_ms = utc(3, 29, 1, 30);
	waits(utc(3, 30, 0, 30), "digest", "digest:");
}

static void
a_throttle_gathers_until_there_is_room(void **state)
{
	(void)state;
	channel.throttle_n = 20;
	channel.throttle_s = 3600;
	facts.throttled_until_ms = facts.now_ms + 5;
	waits(facts.now_ms + 5, "throttled", "throttle:");
	facts.throttled_until_ms = facts.now_ms;
	goes();
	group.key = NW_STR("throttle:1"); /* its time has come, and others were quicker */
	facts.throttled_until_ms = facts.now_ms + 7;
	waits(facts.now_ms + 7, "throttled", "throttle:");
}

static void
a_flood_gathers_in_one_slot_and_is_told(void **state)
{
	char first[sizeof(((struct nw_timing *)0)->key)];
	struct nw_timing t;

	(void)state;
	facts.flooded = 1;
	t = judge();
	memcpy(first, t.key, sizeof(first));
	assert_int_equal(t.flood, 1);
	assert_string_equal(t.reason, "flood");
	assert_true(strncmp(t.key, "flood:treaties:", 15) == 0);
	assert_true(t.due_ms > facts.now_ms && t.due_ms <= facts.now_ms + NW_FLOOD_WAIT_S * 1000);
	facts.now_ms = t.due_ms - 1;
	t = judge();
	assert_string_equal(t.key, first);
	facts.now_ms = t.due_ms;
	assert_string_not_equal(judge().key, first);
	group.key = nw_str(first);
	goes();
}

static void
a_flood_with_waits_over_is_gathered_and_due_at_once(void **state)
{
	struct nw_timing t;

	(void)state;
	facts.flooded = facts.flush = 1;
	t = judge();
	assert_int_equal(t.due_ms, facts.now_ms);
	assert_true(strncmp(t.key, "flood:treaties:", 15) == 0);
}

static void
a_flood_into_a_digest_is_told_and_waits_for_the_digest(void **state)
{
	static const uint32_t seven = 7 * 60;

	(void)state;
	channel.digest_min = &seven;
	channel.ndigest = 1;
	facts.flooded = 1;
	waits(utc(6, 16, 5, 0), "digest", "digest:");
	assert_int_equal(judge().flood, 1);
}

static void
an_operators_notice_obeys_quiet_hours_alone(void **state)
{
	(void)state;
	every_rule_at_once();
	group.notice = 1;
	waits(utc(6, 15, 21, 0), "quiet hours", "");
	channel.quiet_from_min = -1;
	goes();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(without_rules_a_group_goes_at_once),
	    TEST(a_critical_group_passes_every_rule),
	    TEST(quiet_hours_over_midnight_hold_until_the_morning_of_the_zone),
	    TEST(quiet_hours_within_a_day_hold_only_then),
	    TEST(quiet_hours_through_the_night_of_a_change_end_by_the_local_clock),
	    TEST(a_digest_gathers_until_its_next_time),
	    TEST(a_digest_at_a_time_shown_twice_comes_once),
	    TEST(a_digest_at_a_time_that_is_skipped_comes_an_hour_later),
	    TEST(a_throttle_gathers_until_there_is_room),
	    TEST(a_flood_gathers_in_one_slot_and_is_told),
	    TEST(a_flood_with_waits_over_is_gathered_and_due_at_once),
	    TEST(a_flood_into_a_digest_is_told_and_waits_for_the_digest),
	    TEST(an_operators_notice_obeys_quiet_hours_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
