/* Sources and watches as configured; what is due, and how a poll ended. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "core/frame.h"
#include "core/limits.h"
#include "store/store_config.h"
#include "store/store_target.h"
#include "store_kit.h"

#define FEED "http://example.org/feed"

static struct kit k;

static int
setup(void **state)
{
	(void)state;
	kit_open(&k);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	kit_close(&k);
	return 0;
}

static int64_t every_ms = 600000, every_max_ms; /* of what sync_many() makes */

/* n sources sNNNN with one listing each; ${enabled} for all. */
static void
sync_many(uint32_t n, uint32_t enabled, int64_t spread_ms, struct nw_store_synced *out)
{
	struct nw_err err;
	char name[32], url[64];

	assert_int_equal(nw_store_sync_begin(k.st, k.now_ms, spread_ms, &err), 0);
	for (uint32_t i = 0; i < n; i++) {
		struct nw_store_listing l;
		struct nw_store_source s;

		snprintf(name, sizeof(name), "s%05u", i);
		snprintf(url, sizeof(url), "http://host%u.example.org/feed", i);
		l = (struct nw_store_listing){nw_str(url), NW_ROLE_FEED};
		s = (struct nw_store_source){.name = nw_str(name),
		    .title = NW_STR("title"),
		    .options = {(const uint8_t *)"options", 7},
		    .listing = &l,
		    .nlisting = 1,
		    .enabled = enabled,
		    .every_ms = every_ms,
		    .every_max_ms = every_max_ms};
		assert_int_equal(nw_store_sync_source(k.st, &s, &err), 0);
	}
	assert_int_equal(nw_store_sync_end(k.st, out, &err), 0);
}

static uint32_t
claim(uint32_t max, struct nw_store_target **t)
{
	struct nw_err err;
	uint32_t n = 0;

	assert_int_equal(nw_store_claim(k.st, k.now_ms, max, k.a, t, &n, &err), 0);
	return n;
}

static struct nw_store_polled
end_poll(int64_t target, uint32_t end, uint32_t status, const char *etag)
{
	struct nw_store_poll p = {.target = target,
	    .end = end,
	    .status = status,
	    .conditional = 1,
	    .now_ms = k.now_ms,
	    .next_ms = k.now_ms + 600000,
	    .etag = nw_str(etag),
	    .reason = NW_STR("why")};
	struct nw_store_polled polled;
	struct nw_err err;

	assert_int_equal(nw_store_poll_end(k.st, &p, &polled, &err), 0);
	return polled;
}

/* Polled at its time, next due in ${next_ms}, after an answer of ${status}. */
static void
put_off(int64_t next_ms, uint32_t end, uint32_t status)
{
	struct nw_store_target *t;
	struct nw_store_poll p = {.end = end, .status = status, .now_ms = k.now_ms, .next_ms = k.now_ms + next_ms,
	    .reason = NW_STR("why")};
	struct nw_err err;

	assert_int_equal(claim(1, &t), 1);
	p.target = t[0].id;
	assert_int_equal(nw_store_poll_end(k.st, &p, NULL, &err), 0);
}

static void
a_shorter_interval_pulls_in_what_was_scheduled_far_ahead(void **state)
{
	(void)state;
	every_max_ms = KIT_DAY;
	sync_many(1, 1, 0, NULL);
	put_off(KIT_DAY / 2, NW_STORE_NOT_MODIFIED, 304);
	every_ms = 60000;
	sync_many(1, 1, 0, NULL);
	assert_in_range(kit_count(&k, "SELECT due_at FROM target") - k.now_ms, 48000, 60000);
	k.now_ms += 60000;
	put_off(1000, NW_STORE_NOT_MODIFIED, 304); /* sooner than that it stays */
	every_ms = 30000;
	sync_many(1, 1, 0, NULL);
	assert_int_equal(kit_count(&k, "SELECT due_at FROM target") - k.now_ms, 1000);
	every_ms = 600000;
	every_max_ms = 0;
}

static void
a_shorter_bound_of_the_interval_does_too(void **state)
{
	(void)state;
	every_max_ms = KIT_DAY;
	sync_many(1, 1, 0, NULL);
	put_off(KIT_DAY, NW_STORE_NOT_MODIFIED, 304);
	sync_many(1, 1, 0, NULL);
	assert_int_equal(kit_count(&k, "SELECT due_at FROM target") - k.now_ms, KIT_DAY);
	every_ms = 700000;
	every_max_ms = KIT_HOUR;
	sync_many(1, 1, 0, NULL);
	assert_in_range(kit_count(&k, "SELECT due_at FROM target") - k.now_ms, KIT_HOUR * 8 / 10, KIT_HOUR);
	every_ms = 600000;
	every_max_ms = 0;
}

static void
a_server_that_asked_to_be_left_alone_is(void **state)
{
	(void)state;
	sync_many(1, 1, 0, NULL);
	put_off(KIT_DAY, NW_STORE_FAILED, 429);
	every_ms = 60000;
	sync_many(1, 1, 0, NULL);
	assert_int_equal(kit_count(&k, "SELECT due_at FROM target") - k.now_ms, KIT_DAY);
	every_ms = 600000;
}

static void
a_single_run_claims_each_target_once(void **state)
{
	struct nw_store_target *t;
	struct nw_err err;
	int64_t due_ms;

	(void)state;
	sync_many(2, 1, 0, NULL);
	put_off(1, NW_STORE_NOT_MODIFIED, 304); /* by an earlier run */
	k.now_ms += 1000;
	nw_store_claim_once(k.st, k.now_ms);
	put_off(1, NW_STORE_NOT_MODIFIED, 304);
	k.now_ms += 1000;
	assert_int_equal(nw_store_target_due(k.st, k.now_ms, &due_ms, &err), 0);
	assert_true(due_ms <= k.now_ms);
	put_off(1, NW_STORE_NOT_MODIFIED, 304);
	k.now_ms += 1000;
	assert_int_equal(claim(5, &t), 0);
	assert_int_equal(nw_store_target_due(k.st, k.now_ms, &due_ms, &err), 0);
	assert_true(due_ms == NW_STORE_NEVER);
	nw_store_claim_once(k.st, 0);
	assert_int_equal(claim(5, &t), 2);
}

/* --- configuration ---------------------------------------------------------------------------------------------- */

static void
sources_come_change_and_go(void **state)
{
	struct nw_store_synced s;
	struct nw_store_target *t;

	(void)state;
	sync_many(3, 1, 0, &s);
	assert_int_equal(s.added, 3);
	assert_int_equal(s.targets_added, 3);
	sync_many(3, 1, 0, &s);
	assert_int_equal(s.added + s.changed + s.removed + s.targets_added, 0);
	sync_many(2, 1, 0, &s);
	assert_int_equal(s.removed, 1);
	assert_int_equal(claim(10, &t), 2);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM source"), 3);
	sync_many(3, 1, 0, &s);
	assert_int_equal(s.changed, 1);
	assert_int_equal(claim(10, &t), 1);
	assert_string_equal(t[0].source_name.p, "s00002");
	sync_many(3, 0, 0, &s);
	assert_int_equal(s.changed, 3);
	k.now_ms += KIT_DAY;
	assert_int_equal(claim(10, &t), 0);
}

static void
a_listing_that_returns_is_no_first_contact(void **state)
{
	struct nw_store_target *t;

	(void)state;
	kit_source(&k, "mfa", FEED);
	kit_batch(&k);
	kit_article(&k, "g", "http://example.org/1", "One", "Text.");
	kit_poll(&k, FEED);
	kit_source(&k, "mfa", "http://example.org/other");
	assert_int_equal(claim(10, &t), 1);
	assert_int_equal(t[0].first_contact, 1);
	kit_source(&k, "mfa", FEED);
	assert_int_equal(claim(10, &t), 1);
	assert_string_equal(t[0].url.p, FEED);
	assert_int_equal(t[0].first_contact, 0);
}

static void
a_source_disabled_while_it_is_polled_stays_so(void **state)
{
	struct nw_store_target *t;

	(void)state;
	sync_many(1, 1, 0, NULL);
	assert_int_equal(claim(10, &t), 1);
	sync_many(1, 0, 0, NULL);
	end_poll(t[0].id, NW_STORE_NOT_MODIFIED, 304, "");
	k.now_ms += KIT_DAY;
	assert_int_equal(claim(10, &t), 0);
}

static void
ten_thousand_sources_are_taken_in_quickly_and_spread(void **state)
{
	struct nw_store_target *t;
	struct nw_store_synced s;
	int64_t cpu = nw_clock_cpu_us();

	(void)state;
	sync_many(10000, 1, 600000, &s);
	assert_int_equal(s.added, 10000);
	print_message(
	    "10,000 sources taken in: %lld ms of CPU\n", (long long)(nw_clock_cpu_us() - cpu) / 1000);
	assert_true(nw_clock_cpu_us() - cpu < 3000000); /* generous: sanitizers run this too */
	cpu = nw_clock_cpu_us();
	sync_many(10000, 1, 600000, &s);
	assert_int_equal(s.added + s.changed, 0);
	print_message(
	    "10,000 sources unchanged: %lld ms of CPU\n", (long long)(nw_clock_cpu_us() - cpu) / 1000);
	assert_in_range(
	    kit_count(&k, "SELECT count(*) FROM target WHERE due_at < 1700000300000"), 4500, 5500);
	assert_in_range(claim(50, &t), 0, 50);
}

static void
an_aborted_configuration_leaves_nothing(void **state)
{
	struct nw_store_source s = {.name = NW_STR("x"), .title = NW_STR(""), .enabled = 1};
	struct nw_err err;

	(void)state;
	assert_int_equal(nw_store_sync_begin(k.st, k.now_ms, 0, &err), 0);
	assert_int_equal(nw_store_sync_source(k.st, &s, &err), 0);
	nw_store_sync_abort(k.st);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM source"), 0);
	sync_many(1, 1, 0, NULL);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM source"), 1);
}

/* One source an address; sources[i] of the form "name address". */
static struct nw_store_synced
sync_named(const char *const (*source)[2], uint32_t n)
{
	struct nw_store_synced out;
	struct nw_err err;

	assert_int_equal(nw_store_sync_begin(k.st, k.now_ms, 0, &err), 0);
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(nw_store_sync_name(k.st, nw_str(source[i][0]), &err), 0);
	for (uint32_t i = 0; i < n; i++) {
		struct nw_store_listing l = {nw_str(source[i][1]), NW_ROLE_FEED};
		struct nw_store_source s = {.name = nw_str(source[i][0]), .title = NW_STR(""), .listing = &l, .nlisting = 1,
		    .enabled = 1, .every_ms = every_ms};

		assert_int_equal(nw_store_sync_source(k.st, &s, &err), 0);
	}
	assert_int_equal(nw_store_sync_end(k.st, &out, &err), 0);
	return out;
}

static void
a_source_with_a_new_name_and_its_old_address_keeps_its_row(void **state)
{
	static const char *const before[][2] = {{"a", "http://a/"}, {"b", "http://b/"}};
	static const char *const after[][2] = {{"c", "http://a/"}, {"b", "http://b/"}, {"d", "http://a/"}};
	static const char *const swapped[][2] = {{"c", "http://b/"}, {"b", "http://a/"}, {"d", "http://a/"}};
	struct nw_store_synced n;

	(void)state;
	n = sync_named(before, 2);
	assert_int_equal(n.added, 2);
	n = sync_named(after, 3);
	assert_int_equal(n.renamed, 1);
	assert_int_equal(n.added, 1); /* d: the address has one heir */
	assert_int_equal(n.removed, 0);
	assert_int_equal(kit_count(&k, "SELECT id FROM source WHERE name = 'c' AND was = 'a'"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM target"), 3);
	n = sync_named(swapped, 3);
	assert_int_equal(n.renamed + n.added + n.removed, 0); /* names that stand are no new ones */
	n = sync_named(before, 2);
	assert_int_equal(n.renamed, 1); /* c or d is a again, whichever listed its address */
}

static void
a_watch_gets_a_new_version_when_its_text_changes(void **state)
{
	struct nw_store_watch_text w[] = {{NW_STR("a"), NW_STR("x"), 1}, {NW_STR("b"), NW_STR("y"), 2}};
	int64_t first[2], second[2], third[1];
	struct nw_err err;

	(void)state;
	assert_int_equal(
	    nw_store_watch_sync(k.st, w, 2, NW_STR("root"), NW_STR("start"), 100, first, &err), 0);
	w[1] = (struct nw_store_watch_text){NW_STR("b"), NW_STR("z"), 3};
	assert_int_equal(
	    nw_store_watch_sync(k.st, w, 2, NW_STR("root"), NW_STR("reload"), 200, second, &err), 0);
	assert_int_equal(first[0], second[0]);
	assert_int_not_equal(first[1], second[1]);
	assert_int_equal(
	    nw_store_watch_sync(k.st, w, 1, NW_STR("root"), NW_STR("reload"), 300, third, &err), 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM watch_version"), 3);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM watch_version WHERE live_to IS NULL"), 1);
	assert_int_equal(kit_count(&k, "SELECT live_to FROM watch_version WHERE text = 'y'"), 200);
}

/* --- claims ----------------------------------------------------------------------------------------------------- */

static void
claims_come_earliest_first_and_are_leased(void **state)
{
	struct nw_store_target *t;

	(void)state;
	sync_many(120, 1, 1000, NULL);
	k.now_ms += 2000;
	assert_int_equal(claim(100, &t), NW_CLAIM_MAX);
	for (uint32_t i = 1; i < NW_CLAIM_MAX; i++)
		assert_true(t[i - 1].was_due_ms <= t[i].was_due_ms);
	assert_int_equal(claim(50, &t), 50);
	assert_int_equal(claim(50, &t), 20);
	assert_int_equal(claim(50, &t), 0);
	k.now_ms += NW_LEASE_S * 1000LL;
	assert_int_equal(claim(50, &t), 50);
}

static void
a_claim_holds_all_that_a_poll_needs(void **state)
{
	struct nw_store_target *t;
	struct nw_bytes seen;
	struct nw_err err;

	(void)state;
	kit_source(&k, "mfa", FEED);
	assert_int_equal(claim(9, &t), 1);
	assert_int_equal(t[0].first_contact, 1);
	assert_int_equal(t[0].has_body_hash, 0);
	assert_int_equal(t[0].last_poll_ms, NW_TIME_NONE);
	assert_int_equal(t[0].every_ms, 600000);
	assert_int_equal(t[0].role, NW_ROLE_FEED);
	assert_memory_equal(t[0].options.p, "opt", 3);
	assert_int_equal(nw_store_seen(k.st, t[0].id, k.a, &seen, &err), 0);
	assert_int_equal(seen.len, 0);
	kit_batch(&k);
	kit_article(&k, "g", "http://example.org/1", "One", "Text.");
	k.m->document->seen = nw_pb(NW_STR("0123456789abcdef"));
	k.poll.etag = NW_STR("\"e\"");
	k.poll.last_modified = NW_STR("Tue, 14 Nov 2023 22:13:20 GMT");
	kit_commit(&k, t[0].id);
	k.now_ms += 600000;
	assert_int_equal(claim(9, &t), 1);
	assert_string_equal(t[0].etag.p, "\"e\"");
	assert_string_equal(t[0].last_modified.p, "Tue, 14 Nov 2023 22:13:20 GMT");
	assert_int_equal(t[0].has_body_hash, 1);
	assert_memory_equal(t[0].body_hash, k.poll.body_hash, 32);
	assert_int_equal(t[0].first_contact, 0);
	assert_int_equal(t[0].last_ok_ms, k.now_ms - 600000);
	assert_int_equal(nw_store_seen(k.st, t[0].id, k.a, &seen, &err), 0);
	assert_int_equal(seen.len, 16);
}

static void
a_released_target_is_as_it_was(void **state)
{
	struct nw_store_target *t;
	struct nw_err err;

	(void)state;
	sync_many(1, 1, 0, NULL);
	assert_int_equal(claim(9, &t), 1);
	assert_int_equal(nw_store_release(k.st, t[0].id, k.now_ms + 5, &err), 0);
	assert_int_equal(claim(9, &t), 0);
	k.now_ms += 5;
	assert_int_equal(claim(9, &t), 1);
	assert_int_equal(kit_count(&k, "SELECT polls FROM target"), 0);
}

static void
a_source_can_be_claimed_by_name(void **state)
{
	struct nw_store_target *t;
	struct nw_err err;
	uint32_t n = 0;

	(void)state;
	sync_many(3, 1, 0, NULL);
	claim(9, &t);
	for (int i = 0; i < 3; i++)
		end_poll(t[i].id, NW_STORE_NOT_MODIFIED, 304, "");
	assert_int_equal(nw_store_claim_source(k.st, NW_STR("s00001"), k.now_ms, k.a, &t, &n, &err), 0);
	assert_int_equal(n, 1);
	assert_int_equal(nw_store_claim_source(k.st, NW_STR("s00001"), k.now_ms, k.a, &t, &n, &err), 0);
	assert_int_equal(n, 0); /* it is being polled */
}

/* --- ends ------------------------------------------------------------------------------------------------------- */

static void
a_304_keeps_validators_it_does_not_repeat_and_a_200_forgets_them(void **state)
{
	struct nw_store_target *t;

	(void)state;
	sync_many(1, 1, 0, NULL);
	claim(9, &t);
	end_poll(t[0].id, NW_STORE_SAME_BODY, 200, "\"a\"");
	end_poll(t[0].id, NW_STORE_NOT_MODIFIED, 304, "");
	assert_int_equal(kit_count(&k, "SELECT etag = '\"a\"' FROM target"), 1);
	end_poll(t[0].id, NW_STORE_NOT_MODIFIED, 304, "\"b\"");
	assert_int_equal(kit_count(&k, "SELECT etag = '\"b\"' FROM target"), 1);
	end_poll(t[0].id, NW_STORE_SAME_BODY, 200, "");
	assert_int_equal(kit_count(&k, "SELECT etag = '' FROM target"), 1);
	assert_int_equal(
	    kit_count(&k, "SELECT polls = 4 AND unchanged = 4 AND conditional = 4 FROM target"), 1);
}

static void
failures_are_counted_and_recovery_is_told(void **state)
{
	struct nw_store_target *t;
	struct nw_store_polled p;

	(void)state;
	sync_many(1, 1, 0, NULL);
	claim(9, &t);
	p = end_poll(t[0].id, NW_STORE_FAILED, 500, "");
	assert_int_equal(p.failures, 1);
	assert_int_equal(p.failing_since_ms, k.now_ms);
	k.now_ms += 600000;
	p = end_poll(t[0].id, NW_STORE_GONE, 410, "");
	assert_int_equal(p.failures, 2);
	assert_int_equal(p.failing_since_ms, k.now_ms - 600000);
	assert_int_equal(kit_count(&k, "SELECT last_error = 'why' FROM target"), 1);
	k.now_ms += 600000;
	assert_int_equal(claim(9, &t), 1);
	assert_int_equal(t[0].failures, 2);
	p = end_poll(t[0].id, NW_STORE_NOT_MODIFIED, 304, "");
	assert_int_equal(p.recovered, 1);
	assert_int_equal(p.failures, 0);
}

static void
a_permanent_redirect_is_adopted_when_three_polls_said_so(void **state)
{
	struct nw_store_poll p = {
	    .end = NW_STORE_NOT_MODIFIED, .status = 304, .moved_url = NW_STR("https://new.example.org/")};
	static const char *const answer[] = {"https://new.example.org/", "https://new.example.org/", "",
	    "https://new.example.org/", "https://other.example.org/", "https://new.example.org/",
	    "https://new.example.org/", "https://new.example.org/"};
	struct nw_store_target *t;
	struct nw_store_polled polled;
	struct nw_err err;

	(void)state;
	sync_many(1, 1, 0, NULL);
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(claim(9, &t), 1);
		assert_string_equal(t[0].url.p, "http://host0.example.org/feed");
		p.target = t[0].id;
		p.now_ms = k.now_ms;
		p.next_ms = k.now_ms += 1000;
		p.moved_url = nw_str(answer[i]);
		assert_int_equal(nw_store_poll_end(k.st, &p, &polled, &err), 0);
		assert_int_equal(polled.moved, i == 7);
	}
	assert_int_equal(claim(9, &t), 1);
	assert_string_equal(t[0].url.p, "https://new.example.org/");
	assert_string_equal(t[0].url_configured.p, "http://host0.example.org/feed");
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM event WHERE kind = 'moved'"), 1);
}

static void
after_a_jump_of_the_clock_targets_are_spread_and_none_waits_for_the_wrong_year(void **state)
{
	struct nw_store_target *t;
	struct nw_err err;
	uint32_t n = 0;

	(void)state;
	sync_many(100, 1, 0, NULL);
	k.now_ms += 5 * KIT_DAY;
	assert_int_equal(nw_store_spread(k.st, k.now_ms, 600000, &n, &err), 0);
	assert_int_equal(n, 100);
	assert_in_range(claim(50, &t), 0, 10);
	k.now_ms += 600000;
	assert_int_equal(claim(50, &t), 50);
	/* the clock had been a year ahead, and is set right */
	k.now_ms -= 365 * KIT_DAY;
	assert_int_equal(nw_store_spread(k.st, k.now_ms, 1000, &n, &err), 0);
	assert_true(n >= 40);
	k.now_ms += 1000;
	assert_true(claim(50, &t) >= 40);
}

static void
what_a_wrong_clock_put_off_for_years_is_due_at_the_next_start(void **state)
{
	static const char *const rows[] = {
	    "INSERT INTO message (id, channel, group_key, watch, severity, alerts, digest, made_at, render_at, rendering, tries,"
	    " error, subject, text, html, json, escalate_at) VALUES ('m', 'desk', '', '', 1, 1, 0, 1, 1860000000000, 0, 0, '', '',"
	    " '', '', '', 1860000000000)",
	    "INSERT INTO notice VALUES ('n', 'k', '', 1, 1, '', '')",
	    "INSERT INTO outbox (notice, channel, group_key, severity, since, due_at, digest, reason) VALUES ('n', 'desk', 'n', 1, 1,"
	    " 1860000000000, 0, '')",
	    "INSERT INTO delivery (id, message, channel, recipient, thread, state, attempts, made_at, next_at, last_code, last_answer)"
	    " VALUES ('d', 'm', 'desk', 'a@b', '', 'deferred', 1, 1, 1860000000000, 0, '')",
	};

	(void)state;
	sync_many(3, 1, 0, NULL);
	kit_count(&k, "UPDATE target SET due_at = CASE id % 3 WHEN 0 THEN 1860000000000 WHEN 1 THEN 253402300799000"
		      " ELSE due_at + 3600000 END");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		kit_count(&k, rows[i]);
	kit_reopen(&k);
	assert_int_equal(k.opened.far, 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM target WHERE due_at = 253402300799000"), 1); /* never stays never */
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM target WHERE due_at < 1800000000000"), 2);
	assert_true(kit_count(&k, "SELECT render_at FROM message") == k.now_ms);
	assert_true(kit_count(&k, "SELECT escalate_at FROM message") == k.now_ms);
	assert_true(kit_count(&k, "SELECT due_at FROM outbox") == k.now_ms);
	assert_true(kit_count(&k, "SELECT next_at FROM delivery") == k.now_ms);
}

/* What was synchronised is known by its digest, until something else has been. */
static void
sources_are_known_by_their_digest(void **state)
{
	uint8_t one[NW_STORE_DIGEST_LEN] = {1}, two[NW_STORE_DIGEST_LEN] = {2};
	struct nw_err err;

	(void)state;
	assert_int_equal(nw_store_sync_is(k.st, one, &err), 0);
	assert_int_equal(nw_store_sync_begin(k.st, k.now_ms, 0, &err), 0);
	assert_int_equal(nw_store_sync_mark(k.st, one, &err), 0);
	assert_int_equal(nw_store_sync_end(k.st, NULL, &err), 0);
	kit_reopen(&k);
	assert_int_equal(nw_store_sync_is(k.st, one, &err), 1);
	assert_int_equal(nw_store_sync_is(k.st, two, &err), 0);
	assert_int_equal(nw_store_sync_begin(k.st, k.now_ms, 0, &err), 0);
	assert_int_equal(nw_store_sync_mark(k.st, two, &err), 0);
	nw_store_sync_abort(k.st);
	assert_int_equal(nw_store_sync_is(k.st, one, &err), 1);
	sync_many(1, 1, 0, NULL);
	assert_int_equal(nw_store_sync_is(k.st, one, &err), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(sources_are_known_by_their_digest),
	    TEST(a_shorter_interval_pulls_in_what_was_scheduled_far_ahead),
	    TEST(a_shorter_bound_of_the_interval_does_too),
	    TEST(a_server_that_asked_to_be_left_alone_is),
	    TEST(a_single_run_claims_each_target_once),
	    TEST(sources_come_change_and_go),
	    TEST(a_listing_that_returns_is_no_first_contact),
	    TEST(a_source_disabled_while_it_is_polled_stays_so),
	    TEST(ten_thousand_sources_are_taken_in_quickly_and_spread),
	    TEST(an_aborted_configuration_leaves_nothing),
	    TEST(a_source_with_a_new_name_and_its_old_address_keeps_its_row),
	    TEST(a_watch_gets_a_new_version_when_its_text_changes),
	    TEST(claims_come_earliest_first_and_are_leased),
	    TEST(a_claim_holds_all_that_a_poll_needs),
	    TEST(a_released_target_is_as_it_was),
	    TEST(a_source_can_be_claimed_by_name),
	    TEST(a_304_keeps_validators_it_does_not_repeat_and_a_200_forgets_them),
	    TEST(failures_are_counted_and_recovery_is_told),
	    TEST(a_permanent_redirect_is_adopted_when_three_polls_said_so),
	    TEST(after_a_jump_of_the_clock_targets_are_spread_and_none_waits_for_the_wrong_year),
	    TEST(what_a_wrong_clock_put_off_for_years_is_due_at_the_next_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
