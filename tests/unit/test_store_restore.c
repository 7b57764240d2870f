/* A backup becomes the store again: what was delivered since is not delivered twice unasked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "store/store_admin.h"
#include "store/store_outbox.h"
#include "store/store_read.h"
#include "store/store_tell.h"
#include "store_kit.h"

static struct kit k;
static char copy[128];

static int
setup(void **state)
{
	(void)state;
	kit_ready(&k);
	k.policy.full_text = NW_STORE_FULL_NEVER;
	snprintf(copy, sizeof(copy), "%s/copy.db", k.dir);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	kit_close(&k);
	return 0;
}

static void
back_up(void)
{
	struct nw_err err;

	assert_int_equal(nw_store_backup(k.st, copy, &err), 0);
}

static void
restore(void)
{
	struct nw_err err;
	uint32_t held;

	nw_store_close(k.st);
	k.st = NULL;
	assert_int_equal(nw_store_restore(k.path, copy, k.now_ms, &held, &err), 0);
	kit_reopen(&k);
}

/* The listing as it is now: one new item that alerts. */
static Nw__Article *
item(const char *guid, const char *url)
{
	Nw__Article *art;

	kit_batch(&k);
	kit_article(&k, "old", "http://example.org/old", "An old article of the ministry", "Old text.");
	art = kit_article(&k, guid, url, guid, "The two sides renewed the treaty.");
	kit_alert(&k, art, 0, "renewed the treaty");
	return art;
}

static void
poll_and_group(void)
{
	struct nw_store_group *g;
	struct nw_str to = NW_STR("desk@example.org");
	struct nw_err err;
	char id[NW_STORE_ID_LEN + 1];
	uint32_t n;

	kit_poll(&k, KIT_FEED);
	n = kit_groups(&k, &g);
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(nw_store_group_message(k.st, &g[i], &to, 1, k.now_ms, id, &err), 1);
}

static int64_t
deliveries(const char *state)
{
	char sql[128];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM delivery WHERE state = '%s'", state);
	return kit_count(&k, sql);
}

static void
what_the_first_reading_brings_again_is_held_under_the_ids_it_had(void **state)
{
	char before[3][64], after[64];
	static const char *const ids[] = {
	    "SELECT id FROM alert", "SELECT id FROM message", "SELECT id FROM delivery"};

	(void)state;
	back_up();
	item("one", "http://example.org/1");
	poll_and_group();
	for (int i = 0; i < 3; i++)
		kit_text(&k, ids[i], before[i], sizeof(before[i]));
	k.now_ms += KIT_HOUR;
	restore();
	k.now_ms += 1000;
	item("one", "http://example.org/1")->published->at_ms -= 2 * KIT_HOUR;
	poll_and_group();
	assert_int_equal(k.report.held, 1);
	assert_int_equal(deliveries("held"), 1);
	assert_int_equal(deliveries("pending"), 0);
	for (int i = 0; i < 3; i++) {
		kit_text(&k, ids[i], after, sizeof(after));
		assert_string_equal(after, before[i]);
	}
}

static void
what_says_that_it_is_newer_than_the_restore_goes_out(void **state)
{
	(void)state;
	back_up();
	k.now_ms += KIT_DAY;
	restore();
	k.now_ms += 2 * KIT_HOUR;
	item("two", "http://example.org/2"); /* published an hour ago, to the minute */
	poll_and_group();
	assert_int_equal(deliveries("pending"), 1);
	assert_int_equal(deliveries("held"), 0);
}

static void
a_date_without_its_hour_and_one_in_the_future_do_not_say_so(void **state)
{
	Nw__Article *art;

	(void)state;
	back_up();
	k.now_ms += KIT_DAY;
	restore();
	k.now_ms += 2 * KIT_HOUR;
	item("day", "http://example.org/2")->published->precision = NW_PREC_DAY;
	art = kit_article(&k, "future", "http://example.org/3", "Then", "The two sides renewed the treaty.");
	art->published->at_ms = k.now_ms + KIT_DAY;
	kit_alert(&k, art, 0, "renewed the treaty");
	art = kit_article(&k, "undated", "http://example.org/4", "When", "The two sides renewed the treaty.");
	art->published = NULL;
	kit_alert(&k, art, 0, "renewed the treaty");
	poll_and_group();
	assert_int_equal(deliveries("pending"), 0);
	assert_int_equal(deliveries("held"), 3);
}

static void
from_its_second_reading_on_a_source_alerts_as_ever(void **state)
{
	(void)state;
	back_up();
	restore();
	k.now_ms += 1000;
	item("one", "http://example.org/1");
	poll_and_group();
	k.now_ms += KIT_HOUR;
	item("two", "http://example.org/2")->published = NULL;
	poll_and_group();
	assert_int_equal(deliveries("held"), 1);
	assert_int_equal(deliveries("pending"), 1);
}

static void
an_unchanged_answer_counts_as_a_reading(void **state)
{
	struct nw_store_poll same = {.end = NW_STORE_NOT_MODIFIED, .status = 304};
	struct nw_err err;

	(void)state;
	back_up();
	restore();
	k.now_ms += 1000;
	same.target = kit_target(&k, KIT_FEED);
	same.now_ms = k.now_ms;
	same.next_ms = k.now_ms + 600000;
	same.url = same.etag = same.last_modified = same.moved_url = same.content_type = same.headers = same.reason = NW_STR("");
	assert_int_equal(nw_store_poll_end(k.st, &same, NULL, &err), 0);
	k.now_ms += KIT_HOUR;
	item("one", "http://example.org/1")->published = NULL;
	poll_and_group();
	assert_int_equal(deliveries("held"), 0);
	assert_int_equal(deliveries("pending"), 1);
}

static void
an_edit_found_at_the_first_look_is_held_and_the_next_is_not(void **state)
{
	struct nw_store_match *m;
	struct nw_batch answer;
	struct nw_err err;
	uint32_t n;

	(void)state;
	back_up();
	restore();
	for (int edit = 0; edit < 2; edit++) {
		Nw__Article *art;

		k.now_ms += KIT_HOUR;
		kit_batch(&k);
		kit_article(&k, "old", "http://example.org/old", "An old article of the ministry",
		    edit == 0 ? "They renewed the treaty." : "They renewed the treaty. They ended the treaty.");
		kit_poll(&k, KIT_FEED);
		assert_int_equal(nw_store_match_claim(k.st, k.now_ms, 5, k.a, &m, &n, &err), 0);
		assert_int_equal(n, 1);
		kit_batch(&k);
		art = kit_article(&k, "old", "http://example.org/old", "An old article of the ministry",
		    edit == 0 ? "They renewed the treaty." : "They renewed the treaty. They ended the treaty.");
		art->id = m[0].m->id;
		kit_alert(&k, art, 0, edit == 0 ? "renewed the treaty" : "ended the treaty");
		answer = (struct nw_batch){.m = k.m};
		assert_int_equal(nw_store_commit_match(k.st, &answer, &k.rules, k.now_ms, &k.report, &err), 0);
		assert_int_equal(k.report.alerts, 1);
		assert_int_equal(k.report.held, edit == 0);
	}
}

static void
the_page_that_the_backup_waited_for_is_held_too(void **state)
{
	int64_t page;

	(void)state;
	k.policy.full_text = NW_STORE_FULL_ALWAYS;
	kit_batch(&k);
	kit_article(&k, "p", "http://example.org/p", "Listed", "");
	kit_poll(&k, KIT_FEED);
	back_up();
	k.now_ms += KIT_HOUR;
	restore();
	assert_true((page = kit_target(&k, "http://example.org/p")) != 0);
	kit_batch(&k);
	kit_alert(&k, kit_article(&k, "p", "http://example.org/p", "Listed", "They renewed the treaty."), 0, "renewed the treaty");
	kit_commit(&k, page);
	assert_int_equal(k.report.alerts, 1);
	assert_int_equal(k.report.held, 1);
}

static void
a_backup_put_in_the_place_of_the_store_by_hand_is_known_for_one(void **state)
{
	char cmd[1024];

	(void)state;
	item("one", "http://example.org/1");
	kit_poll(&k, KIT_FEED);
	back_up();
	nw_store_close(k.st);
	k.st = NULL;
	snprintf(cmd, sizeof(cmd), "rm -f %s %s-wal %s-shm && cp %s %s", k.path, k.path, k.path, copy, k.path);
	assert_int_equal(system(cmd), 0);
	kit_reopen(&k);
	assert_int_equal(k.opened.held, 1);
	assert_true(k.opened.restored_ms == k.now_ms);
	kit_reopen(&k);
	assert_int_equal(k.opened.held, 0); /* it is the store now */
	assert_true(k.opened.restored_ms == k.now_ms);
}

static void
the_store_that_was_copied_is_none(void **state)
{
	(void)state;
	back_up();
	kit_reopen(&k);
	assert_true(k.opened.restored_ms == 0);
	item("one", "http://example.org/1");
	poll_and_group();
	assert_int_equal(deliveries("pending"), 1);
}

static void
what_is_held_can_be_dropped_and_does_not_go_with_what_failed(void **state)
{
	struct nw_err err;
	uint32_t n = 0, standing = 1;

	(void)state;
	back_up();
	restore();
	k.now_ms += 1000;
	item("one", "http://example.org/1");
	poll_and_group();
	assert_int_equal(nw_store_held_since(k.st, &standing, &err), 0);
	assert_int_equal(standing, 1);
	assert_int_equal(nw_store_drop_all(k.st, NW_STR("hub"), 0, NW_STR("anna"), k.now_ms, &n, &err), 0);
	assert_int_equal(n, 0);
	assert_int_equal(nw_store_drop_all(k.st, NW_STR(""), 0, NW_STR("anna"), k.now_ms, &n, &err), 0);
	assert_int_equal(n, 1);
	assert_int_equal(deliveries("dropped"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM event WHERE kind = 'dropped' AND text = 'anna'"), 1);
	assert_int_equal(nw_store_held_since(k.st, &standing, &err), 0);
	assert_int_equal(standing, 0);
	assert_int_equal(nw_store_resend_state(k.st, NW_STR("failed"), NW_STR(""), NW_STR("anna"), k.now_ms, &n, &err), 0);
	assert_int_equal(n, 0);
}

static int64_t last_step_ms;

static int
on_step(void *cookie, const struct nw_store_step *s)
{
	(void)cookie;
	last_step_ms = s->at_ms;
	return 0;
}

static void
one_that_is_dropped_by_its_id_can_be_sent_after_all(void **state)
{
	char id[64];
	struct nw_err err;
	uint32_t n = 0;

	(void)state;
	back_up();
	restore();
	k.now_ms += 1000;
	item("one", "http://example.org/1");
	poll_and_group();
	kit_text(&k, "SELECT id FROM alert", id, sizeof(id));
	assert_int_equal(nw_store_explain(k.st, NW_STR("http://example.org/1"), NW_STR("treaties"), k.now_ms, on_step, NULL, &err), 1);
	assert_true(last_step_ms == NW_TIME_NONE); /* held: there is no time at which it goes */
	assert_int_equal(nw_store_drop(k.st, nw_str(id), NW_STR("anna"), k.now_ms, &n, &err), 1);
	assert_int_equal(n, 1);
	assert_int_equal(nw_store_drop(k.st, nw_str(id), NW_STR("anna"), k.now_ms, &n, &err), 0); /* none of it is left */
	assert_int_equal(nw_store_resend(k.st, nw_str(id), NW_STR("anna"), k.now_ms, &n, &err), 1);
	assert_int_equal(deliveries("pending"), 1);
	assert_int_equal(nw_store_channel_waiting(k.st, NW_STR("desk"), &n, &err), 0);
	assert_int_equal(n, 1);
	assert_int_equal(nw_store_drop_all(k.st, NW_STR("desk"), 0, NW_STR("anna"), k.now_ms, &n, &err), 0);
	assert_int_equal(n, 0); /* it is not held */
	assert_int_equal(nw_store_drop_all(k.st, NW_STR("desk"), 1, NW_STR("anna"), k.now_ms, &n, &err), 0);
	assert_int_equal(n, 1);
	assert_int_equal(nw_store_channel_waiting(k.st, NW_STR("desk"), &n, &err), 0);
	assert_int_equal(n, 0);
}

static void
what_is_no_backup_is_refused_and_the_store_stays(void **state)
{
	struct nw_err err;
	uint32_t held;
	FILE *f;

	(void)state;
	nw_store_close(k.st);
	k.st = NULL;
	assert_int_equal(nw_store_restore(k.path, copy, k.now_ms, &held, &err), -1);
	assert_non_null(strstr(err.msg, "there is no"));
	assert_null(strstr(err.msg, "first start"));
	assert_non_null(f = fopen(copy, "w"));
	assert_int_equal(fclose(f), 0);
	assert_int_equal(nw_store_restore(k.path, copy, k.now_ms, &held, &err), -1);
	assert_non_null(strstr(err.msg, "is empty"));
	kit_reopen(&k);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM article"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_the_first_reading_brings_again_is_held_under_the_ids_it_had),
	    TEST(what_says_that_it_is_newer_than_the_restore_goes_out),
	    TEST(a_date_without_its_hour_and_one_in_the_future_do_not_say_so),
	    TEST(from_its_second_reading_on_a_source_alerts_as_ever),
	    TEST(an_unchanged_answer_counts_as_a_reading),
	    TEST(an_edit_found_at_the_first_look_is_held_and_the_next_is_not),
	    TEST(the_page_that_the_backup_waited_for_is_held_too),
	    TEST(a_backup_put_in_the_place_of_the_store_by_hand_is_known_for_one),
	    TEST(the_store_that_was_copied_is_none),
	    TEST(what_is_held_can_be_dropped_and_does_not_go_with_what_failed),
	    TEST(one_that_is_dropped_by_its_id_can_be_sent_after_all),
	    TEST(what_is_no_backup_is_refused_and_the_store_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
