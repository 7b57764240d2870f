/* What the timing of messages rests on: facts for floods and throttles, escalation, release, the kept due instants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "store/store_outbox.h"
#include "store/store_tell.h"
#include "store_kit.h"

static struct kit k;
static const struct nw_str desk = {"desk", 4};

static int
setup(void **state)
{
	(void)state;
	kit_ready(&k);
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
send_group(struct nw_store_group *g)
{
	char id[NW_STORE_ID_LEN + 1];
	struct nw_err err;

	assert_int_equal(nw_store_group_message(k.st, g, &desk, 1, k.now_ms, id, &err), 1);
}

static void
a_group_that_waits_for_company_is_told_from_one_that_was_moved(void **state)
{
	struct nw_store_group *g;
	struct nw_err err;
	uint32_t n = 0;

	(void)state;
	k.watch[0].group_wait_ms = 50 * KIT_HOUR;
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	assert_int_equal(kit_groups(&k, &g), 0);
	assert_int_equal(nw_store_group_waiting(k.st, 10, k.a, &g, &n, &err), 0);
	assert_int_equal(n, 1);
	assert_int_equal(
	    nw_store_group_move(k.st, g, k.now_ms + KIT_HOUR, NW_STR(""), NW_STR("quiet hours"), &err), 0);
	assert_int_equal(nw_store_group_waiting(k.st, 10, k.a, &g, &n, &err), 0);
	assert_int_equal(n, 0);
	k.now_ms += KIT_HOUR;
	assert_int_equal(kit_groups(&k, &g), 1);
}

static void
a_bound_of_alerts_makes_further_messages_and_leaves_none_out(void **state)
{
	struct nw_store_group *g;

	(void)state;
	k.watch[0].group_by = NW_STORE_GROUP_WATCH;
	kit_alerts(&k, 45, 0, NW_SEV_HIGH);
	for (int left = 45; left > 0; left -= 20) {
		assert_int_equal(kit_groups(&k, &g), 1);
		g->most = 20;
		send_group(g);
	}
	assert_int_equal(kit_groups(&k, &g), 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM message"), 3);
	assert_int_equal(kit_count(&k, "SELECT sum(alerts) FROM message"), 45);
}

static void
alerts_of_one_source_share_a_message_whatever_their_watch(void **state)
{
	struct nw_store_group *g;

	(void)state;
	k.watch[0].group_by = k.watch[1].group_by = NW_STORE_GROUP_SOURCE;
	kit_alerts(&k, 2, 0, NW_SEV_HIGH);
	kit_alerts(&k, 1, 1, NW_SEV_HIGH);
	assert_int_equal(kit_groups(&k, &g), 1);
	assert_int_equal(g->alerts, 3);
	assert_string_equal(g->key.p, "source:mfa");
}

static void
a_channel_takes_no_alert_below_its_severity_and_the_alert_says_so(void **state)
{
	static const struct nw_str both[] = {{"desk", 4}, {"phone", 5}};
	static const uint32_t least[] = {NW_SEV_NORMAL, NW_SEV_CRITICAL};

	(void)state;
	k.watch[0].channels = both;
	k.watch[0].channel_min = least;
	k.watch[0].nchannels = 2;
	k.watch[0].severity = NW_SEV_CRITICAL;
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM outbox WHERE channel = 'desk'"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM outbox WHERE channel = 'phone'"), 0);
	kit_alerts(&k, 1, 0, NW_SEV_CRITICAL);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM outbox WHERE channel = 'phone'"), 1);
	kit_batch(&k);
	kit_alert(&k, kit_article(&k, "low", "http://example.org/low", "low", "The treaty was renewed."), 0, "treaty")
	    ->severity = NW_SEV_INFO;
	kit_poll(&k, KIT_FEED);
	assert_int_equal(k.report.muted, 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert WHERE state = 'muted' AND reason = 'below min_severity'"), 1);
}

static void
floods_and_throttles_ask_for_the_nth_newest(void **state)
{
	struct nw_store_group *g;
	struct nw_err err;
	int64_t at_ms = 0;

	(void)state;
	kit_alerts(&k, 5, 0, NW_SEV_HIGH);
	assert_int_equal(nw_store_alert_nth(k.st, NW_STR("treaties"), 4, &at_ms, &err), 0);
	assert_int_equal(at_ms, k.now_ms - KIT_HOUR);
	assert_int_equal(nw_store_alert_nth(k.st, NW_STR("treaties"), 5, &at_ms, &err), 0);
	assert_int_equal(at_ms, NW_TIME_NONE);
	assert_int_equal(nw_store_message_nth(k.st, desk, 0, &at_ms, &err), 0);
	assert_int_equal(at_ms, NW_TIME_NONE);
	assert_int_equal(kit_groups(&k, &g), 5);
	send_group(&g[0]);
	k.now_ms += 7;
	send_group(&g[1]);
	assert_int_equal(nw_store_message_nth(k.st, desk, 1, &at_ms, &err), 0);
	assert_int_equal(at_ms, k.now_ms - 7);
}

/* --- escalation ------------------------------------------------------------------------------------------------- */

static void
send_escalating(int n, int64_t after_ms)
{
	struct nw_store_group *g;

	k.watch[0].group_by = NW_STORE_GROUP_WATCH;
	kit_alerts(&k, n, 0, NW_SEV_HIGH);
	assert_int_equal(kit_groups(&k, &g), 1);
	g->escalate_at_ms = k.now_ms + after_ms;
	send_group(g);
}

static void
what_nobody_acknowledged_goes_to_one_more_channel_once(void **state)
{
	struct nw_store_escalation e;
	struct nw_store_due due;
	struct nw_store_group *g;
	char id[NW_STORE_ID_LEN + 1];
	struct nw_err err;

	(void)state;
	send_escalating(3, KIT_HOUR);
	kit_text(&k, "SELECT id FROM alert LIMIT 1", id, sizeof(id));
	assert_int_equal(nw_store_ack(k.st, nw_str(id), NW_STR("anna"), NW_STR("seen"), k.now_ms, &err), 1);
	assert_int_equal(nw_store_escalate_next(k.st, k.now_ms, k.a, &e, &err), 0);
	assert_int_equal(nw_store_due(k.st, &due, &err), 0);
	assert_int_equal(due.escalate_ms, k.now_ms + KIT_HOUR);
	k.now_ms += KIT_HOUR;
	assert_int_equal(nw_store_escalate_next(k.st, k.now_ms, k.a, &e, &err), 1);
	assert_string_equal(e.channel.p, "desk");
	assert_int_equal(nw_store_escalate(k.st, e.message, NW_STR("boss"), NW_SEV_INFO, k.now_ms, &err), 2);
	assert_int_equal(kit_groups(&k, &g), 1);
	assert_string_equal(g->channel.p, "boss");
	assert_int_equal(g->alerts, 2);
	assert_int_equal(nw_store_escalate_next(k.st, k.now_ms + KIT_DAY, k.a, &e, &err), 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM event WHERE kind = 'escalated'"), 2);
}

static void
escalation_ends_where_all_is_acknowledged_or_below_the_channel(void **state)
{
	struct nw_store_escalation e;
	struct nw_err err;

	(void)state;
	send_escalating(2, 0);
	assert_int_equal(nw_store_escalate_next(k.st, k.now_ms, k.a, &e, &err), 1);
	assert_int_equal(nw_store_escalate(k.st, e.message, NW_STR("boss"), NW_SEV_CRITICAL, k.now_ms, &err), 0);
	assert_int_equal(nw_store_escalate_next(k.st, k.now_ms, k.a, &e, &err), 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM outbox WHERE channel = 'boss'"), 0);
}

/* --- channels that cannot be used ----------------------------------------------------------------------------------- */

static void
what_waited_for_its_channel_is_due_when_it_can_be_used_and_nothing_else(void **state)
{
	struct nw_store_group *g;
	struct nw_err err;

	(void)state;
	kit_alerts(&k, 2, 0, NW_SEV_HIGH);
	assert_int_equal(kit_groups(&k, &g), 2);
	assert_int_equal(nw_store_group_move(k.st, &g[0], k.now_ms + KIT_HOUR, NW_STR(""), NW_STR(NW_STORE_NO_CHANNEL), &err), 0);
	assert_int_equal(nw_store_group_move(k.st, &g[1], k.now_ms + KIT_HOUR, NW_STR(""), NW_STR("quiet hours"), &err), 0);
	assert_int_equal(kit_groups(&k, &g), 0);
	assert_int_equal(nw_store_outbox_release(k.st, desk, NW_STR(NW_STORE_NO_CHANNEL), k.now_ms, &err), 0);
	assert_int_equal(kit_groups(&k, &g), 1);
}

static void
a_channels_own_age_decides_when_a_delivery_has_failed(void **state)
{
	struct nw_store_outcome o = {NW_STORE_LATER, 451, NW_STR("later"), 0, 2 * KIT_HOUR};
	struct nw_store_settled s;
	struct nw_store_group *g;
	char id[NW_STORE_ID_LEN + 1];
	struct nw_err err;

	(void)state;
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	assert_int_equal(kit_groups(&k, &g), 1);
	send_group(g);
	kit_text(&k, "SELECT id FROM delivery", id, sizeof(id));
	assert_int_equal(nw_store_delivery_done(k.st, id, &o, k.now_ms, &s, &err), 0);
	assert_int_equal(s.state, NW_STORE_DEFERRED);
	assert_int_equal(nw_store_delivery_done(k.st, id, &o, k.now_ms + 2 * KIT_HOUR, &s, &err), 0);
	assert_int_equal(s.state, NW_STORE_UNDELIVERABLE);
	assert_int_equal(s.gave_up, 1);
}

/* --- what is due, kept ---------------------------------------------------------------------------------------------- */

static void
a_poll_that_brings_nothing_leaves_the_kept_answer_alone(void **state)
{
	struct nw_store_poll end = {.end = NW_STORE_NOT_MODIFIED, .status = 304};
	struct nw_store_polled polled;
	struct nw_store_due before, after;
	struct nw_err err;

	(void)state;
	assert_int_equal(nw_store_due(k.st, &before, &err), 0);
	end.target = kit_target(&k, KIT_FEED);
	end.now_ms = k.now_ms;
	end.next_ms = k.now_ms + KIT_HOUR;
	end.etag = end.last_modified = end.moved_url = end.url = end.content_type = end.headers = end.reason = NW_STR("");
	assert_int_equal(nw_store_poll_end(k.st, &end, &polled, &err), 0);
	assert_int_equal(nw_store_due(k.st, &after, &err), 0);
	assert_int_equal(after.changes, before.changes);
	assert_memory_equal(&after, &before, sizeof(after));
}

static void
a_call_that_was_undone_leaves_no_wrong_answer(void **state)
{
	struct nw_store_due due;
	struct nw_store_group *g;
	char id[NW_STORE_ID_LEN + 1];
	struct nw_err err;

	(void)state;
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	assert_int_equal(kit_groups(&k, &g), 1);
	assert_int_equal(nw_store_due(k.st, &due, &err), 0);
	assert_int_equal(due.outbox_ms, g->due_ms);
	assert_int_equal(nw_store_group_message(k.st, g, NULL, 0, k.now_ms, id, &err), -1);
	assert_int_equal(nw_store_due(k.st, &due, &err), 0);
	assert_int_equal(due.outbox_ms, g->due_ms);
	send_group(g);
	assert_int_equal(nw_store_due(k.st, &due, &err), 0);
	assert_int_equal(due.outbox_ms, NW_STORE_NEVER);
	assert_int_equal(due.render_ms, k.now_ms);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_group_that_waits_for_company_is_told_from_one_that_was_moved),
	    TEST(a_bound_of_alerts_makes_further_messages_and_leaves_none_out),
	    TEST(alerts_of_one_source_share_a_message_whatever_their_watch),
	    TEST(a_channel_takes_no_alert_below_its_severity_and_the_alert_says_so),
	    TEST(floods_and_throttles_ask_for_the_nth_newest),
	    TEST(what_nobody_acknowledged_goes_to_one_more_channel_once),
	    TEST(escalation_ends_where_all_is_acknowledged_or_below_the_channel),
	    TEST(what_waited_for_its_channel_is_due_when_it_can_be_used_and_nothing_else),
	    TEST(a_channels_own_age_decides_when_a_delivery_has_failed),
	    TEST(a_poll_that_brings_nothing_leaves_the_kept_answer_alone),
	    TEST(a_call_that_was_undone_leaves_no_wrong_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
