/* From alert to outcome: groups, messages, rendering, deliveries, notices, people. */
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
#include "core/frame.h"
#include "core/limits.h"
#include "store/store_outbox.h"
#include "store/store_read.h"
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

/* All due groups become messages with parts, for these recipients. */
static uint32_t
send_all(const char *const *to, uint32_t nto)
{
	struct nw_store_group *g;
	struct nw_store_render *r;
	struct nw_str recipient[4];
	Nw__Message m = NW__MESSAGE__INIT;
	struct nw_err err;
	char id[NW_STORE_ID_LEN + 1];
	uint32_t n = kit_groups(&k, &g), rendered = 0;
	int rc;

	for (uint32_t i = 0; i < nto; i++)
		recipient[i] = nw_str(to[i]);
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(nw_store_group_message(k.st, &g[i], recipient, nto, k.now_ms, id, &err), 1);
	m.subject = nw_pb(NW_STR("subject"));
	m.text = nw_pb(NW_STR("text"));
	while ((rc = nw_store_render_claim(k.st, k.now_ms, k.a, &r, &err)) == 1) {
		assert_int_equal(nw_store_render_done(k.st, r->id, &m, k.now_ms, &err), 0);
		rendered++;
	}
	assert_int_equal(rc, 0);
	return rendered;
}

static const char *const one[] = {"a@example.org"};

static struct nw_store_delivery *
claim_delivery(void)
{
	struct nw_store_delivery *d = NULL;
	struct nw_err err;
	int rc = nw_store_delivery_claim(k.st, desk, k.now_ms, 660000, k.a, &d, &err);

	assert_int_not_equal(rc, -1);
	return rc == 1 ? d : NULL;
}

static struct nw_store_settled
settle(const struct nw_store_delivery *d, uint32_t result, uint32_t code, int64_t retry_after_ms)
{
	struct nw_store_outcome o = {result, code, NW_STR("the answer"), retry_after_ms, 0};
	struct nw_store_settled s;
	struct nw_err err;

	assert_int_equal(nw_store_delivery_done(k.st, d->id, &o, k.now_ms, &s, &err), 0);
	return s;
}

/* --- groups and messages ---------------------------------------------------------------------------------------- */

static void
an_alert_goes_the_whole_way(void **state)
{
	static const char *const two[] = {"a@example.org", "b@example.org"};
	struct nw_store_delivery *d[2];
	struct nw_store_settled s;

	(void)state;
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	assert_int_equal(send_all(two, 2), 1);
	for (int i = 0; i < 2; i++) {
		d[i] = claim_delivery();
		assert_non_null(d[i]);
		assert_string_equal(d[i]->subject.p, "subject");
		assert_string_equal(d[i]->watch.p, "treaties");
		assert_int_equal(d[i]->severity, NW_SEV_HIGH);
		s = settle(d[i], NW_STORE_SENT, 250, 0);
		assert_int_equal(s.state, NW_STORE_DELIVERED);
	}
	assert_string_not_equal(d[0]->id, d[1]->id);
	assert_null(claim_delivery());
	assert_int_equal(
	    kit_count(&k, "SELECT count(*) FROM delivery WHERE state = 'delivered' AND done_at IS NOT NULL"),
	    2);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM event WHERE kind = 'delivered'"), 2);
}

static void
a_group_waits_and_becomes_one_message(void **state)
{
	struct nw_store_group *g;
	struct nw_store_render *r;
	struct nw_err err;
	char id[NW_STORE_ID_LEN + 1];

	(void)state;
	k.watch[0].group_by = NW_STORE_GROUP_WATCH;
	k.watch[0].group_wait_ms = 5 * KIT_HOUR;
	kit_alerts(&k, 3, 0, NW_SEV_HIGH);
	assert_int_equal(kit_groups(&k, &g), 0);
	kit_alerts(&k, 2, 0, NW_SEV_HIGH);
	k.now_ms += 4 * KIT_HOUR;
	assert_int_equal(kit_groups(&k, &g), 1);
	assert_int_equal(g[0].alerts, 5);
	assert_string_equal(g[0].key.p, "watch:treaties");
	assert_string_equal(g[0].source.p, "mfa");
	assert_int_equal(nw_store_group_message(k.st, &g[0], &desk, 1, k.now_ms, id, &err), 1);
	assert_int_equal(nw_store_group_message(k.st, &g[0], &desk, 1, k.now_ms, id, &err), 0);
	assert_int_equal(nw_store_render_claim(k.st, k.now_ms, k.a, &r, &err), 1);
	assert_int_equal(r->alerts, 5);
	assert_int_equal(r->nnotice, 5);
}

static void
a_critical_alert_never_waits_nor_joins(void **state)
{
	struct nw_store_group *g;

	(void)state;
	k.watch[0].group_by = NW_STORE_GROUP_WATCH;
	k.watch[0].group_wait_ms = 50 * KIT_HOUR;
	k.watch[0].severity = NW_SEV_CRITICAL;
	kit_alerts(&k, 2, 0, NW_SEV_CRITICAL);
	kit_alerts(&k, 2, 0, NW_SEV_HIGH);
	assert_int_equal(kit_groups(&k, &g), 2);
	assert_int_equal(g[0].alerts, 1);
	assert_int_equal(g[0].severity, NW_SEV_CRITICAL);
}

static void
a_moved_group_is_due_later_under_its_new_key_and_is_never_lost(void **state)
{
	struct nw_store_group *g;
	struct nw_store_render *r;
	struct nw_err err;
	char id[NW_STORE_ID_LEN + 1];
	uint32_t n;

	(void)state;
	kit_alerts(&k, 60, 0, NW_SEV_HIGH);
	n = kit_groups(&k, &g);
	assert_int_equal(n, 60);
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(nw_store_group_move(k.st, &g[i], k.now_ms + KIT_HOUR, NW_STR("digest/desk"),
				     NW_STR("a flood"), &err),
		    0);
	assert_int_equal(kit_groups(&k, &g), 0);
	k.now_ms += KIT_HOUR;
	assert_int_equal(kit_groups(&k, &g), 1);
	assert_int_equal(g[0].alerts, 60);
	assert_int_equal(nw_store_group_message(k.st, &g[0], &desk, 1, k.now_ms, id, &err), 1);
	assert_int_equal(nw_store_render_claim(k.st, k.now_ms, k.a, &r, &err), 1);
	assert_int_equal(r->digest, 1);
	assert_int_equal(r->alerts, 60);
	assert_int_equal(r->nnotice, 60);
	assert_true(r->notice[NW_MAIL_ALERTS_MAX - 1]->article->body.len > 0);
	for (uint32_t i = NW_MAIL_ALERTS_MAX; i < 60; i++) { /* named, not shown */
		assert_true(r->notice[i]->article->title.len > 0 && r->notice[i]->article->url.len > 0);
		assert_int_equal(r->notice[i]->article->body.len, 0);
	}
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM outbox WHERE message IS NOT NULL"), 60);
}

static void
a_channel_without_recipients_loses_nothing(void **state)
{
	struct nw_store_group *g;
	struct nw_err err;
	char id[NW_STORE_ID_LEN + 1];

	(void)state;
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	assert_int_equal(kit_groups(&k, &g), 1);
	assert_int_equal(nw_store_group_message(k.st, &g[0], NULL, 0, k.now_ms, id, &err), -1);
	assert_int_equal(err.code, NW_ECONF);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM outbox WHERE message IS NULL"), 1);
}

static void
ids_are_made_of_what_they_name(void **state)
{
	struct nw_store_group g = {.channel = desk, .escalate_at_ms = NW_TIME_NONE};
	struct nw_err err;
	char id[2][NW_STORE_ID_LEN + 1], key[64];

	(void)state;
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	kit_text(&k, "SELECT group_key FROM outbox", key, sizeof(key));
	g.key = nw_str(key);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(nw_store_group_message(k.st, &g, &desk, 1, k.now_ms, id[i], &err), 1);
		/* a crash that lost the message: the same one is made again */
		kit_count(&k, "UPDATE outbox SET message = NULL");
		kit_count(&k, "DELETE FROM delivery");
		kit_count(&k, "DELETE FROM message");
		k.now_ms += KIT_HOUR;
	}
	assert_string_equal(id[0], id[1]);
}

static void
mails_of_one_story_form_a_thread(void **state)
{
	struct nw_store_delivery *first, *second;

	(void)state;
	k.watch[0].on_revision = NW_STORE_REV_ALWAYS;
	kit_batch(&k);
	kit_alert(&k, kit_article(&k, "g", "http://example.org/g", "Talks", "The treaty."), 0, "treaty");
	kit_alert(&k, k.m->articles[0], 1, "treaty");
	kit_poll(&k, KIT_FEED);
	send_all(one, 1);
	first = claim_delivery();
	second = claim_delivery();
	assert_non_null(second);
	assert_string_equal(first->thread.p, "");
	assert_string_equal(second->thread.p, first->id);
}

/* --- rendering -------------------------------------------------------------------------------------------------- */

static void
a_notice_holds_article_tags_evidence_and_what_stood_before(void **state)
{
	struct nw_store_match *match;
	struct nw_store_group *g;
	struct nw_store_render *r;
	struct nw_batch b = {0};
	struct nw_err err;
	char id[NW_STORE_ID_LEN + 1];
	uint32_t n = 0;

	(void)state;
	kit_batch(&k);
	kit_article(&k, "old", "http://example.org/old", "An old article of the ministry",
	    "The two sides will renew the treaty in May. It rained.");
	kit_poll(&k, KIT_FEED);
	assert_int_equal(nw_store_match_claim(k.st, k.now_ms, 9, k.a, &match, &n, &err), 0);
	kit_batch(&k);
	k.m->articles[k.m->n_articles++] = match[0].m;
	b.m = k.m;
	assert_int_equal(nw_store_commit_match(k.st, &b, &k.rules, k.now_ms, &k.report, &err), 0);
	k.now_ms += KIT_HOUR;
	kit_batch(&k);
	kit_article(&k, "old", "http://example.org/old", "An old article of the ministry",
	    "It rained. The two sides will not renew the treaty in May.");
	kit_poll(&k, KIT_FEED);
	assert_int_equal(nw_store_match_claim(k.st, k.now_ms, 9, k.a, &match, &n, &err), 0);
	kit_batch(&k);
	match[0].m->alerts = nw_arena_array(k.a, 2, sizeof(Nw__Alert *));
	match[0].m->tags = nw_arena_array(k.a, 2, sizeof(Nw__Tag *));
	kit_alert(&k, match[0].m, 0, "treaty");
	kit_tag(&k, match[0].m, "treaties", "news");
	k.m->articles[k.m->n_articles++] = match[0].m;
	b.m = k.m;
	assert_int_equal(nw_store_commit_match(k.st, &b, &k.rules, k.now_ms, &k.report, &err), 0);
	assert_int_equal(kit_groups(&k, &g), 1);
	assert_int_equal(nw_store_group_message(k.st, &g[0], &desk, 1, k.now_ms, id, &err), 1);
	assert_int_equal(nw_store_render_claim(k.st, k.now_ms, k.a, &r, &err), 1);
	assert_int_equal(r->nnotice, 1);
	assert_string_equal((char *)r->notice[0]->watch.data, "treaties");
	assert_string_equal((char *)r->notice[0]->source_title.data, "mfa");
	assert_string_equal((char *)r->notice[0]->article->url.data, "http://example.org/old");
	assert_int_equal(r->notice[0]->article->revision, 3);
	assert_int_equal(r->notice[0]->article->n_tags, 1);
	assert_string_equal((char *)r->notice[0]->article->tags[0]->cls.data, "news");
	assert_int_equal(r->notice[0]->alert->n_hits, 1);
	assert_memory_equal(
	    r->notice[0]->article->body.data + r->notice[0]->alert->hits[0]->off, "treaty", 6);
	assert_int_equal(r->notice[0]->document_sha256.len, 64);
	assert_int_equal(r->notice[0]->n_old, 1);
	assert_string_equal((char *)r->notice[0]->old[0].data, "The two sides will renew the treaty in May.");
}

static void
parts_are_stored_once(void **state)
{
	Nw__Message again = NW__MESSAGE__INIT;
	struct nw_store_delivery *d;
	struct nw_err err;
	char id[NW_STORE_ID_LEN + 1];

	(void)state;
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	send_all(one, 1);
	kit_text(&k, "SELECT id FROM message", id, sizeof(id));
	again.subject = nw_pb(NW_STR("another subject"));
	assert_int_equal(nw_store_render_done(k.st, id, &again, k.now_ms, &err), 0);
	assert_non_null(d = claim_delivery());
	assert_string_equal(d->subject.p, "subject");
}

static void
what_cannot_be_rendered_stands_as_failed_and_can_be_sent_again(void **state)
{
	struct nw_store_group *g;
	struct nw_store_render *r;
	struct nw_err err;
	char id[NW_STORE_ID_LEN + 1];
	uint32_t n = 0;
	int failed = 0;

	(void)state;
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	assert_int_equal(kit_groups(&k, &g), 1);
	assert_int_equal(nw_store_group_message(k.st, &g[0], &desk, 1, k.now_ms, id, &err), 1);
	for (int i = 1; i <= NW_STORE_RENDER_TRIES; i++) {
		assert_int_equal(nw_store_render_claim(k.st, k.now_ms, k.a, &r, &err), 1);
		assert_int_equal(nw_store_render_failed(k.st, r->id, NW_STR("crashed"), k.now_ms + 1000,
				     k.now_ms, &failed, &err),
		    0);
		assert_int_equal(failed, i == NW_STORE_RENDER_TRIES);
		assert_null(claim_delivery());
		k.now_ms += 1000;
	}
	assert_int_equal(nw_store_render_claim(k.st, k.now_ms, k.a, &r, &err), 0);
	assert_int_equal(
	    kit_count(&k, "SELECT count(*) FROM delivery WHERE state = 'failed' AND last_answer = 'crashed'"),
	    1);
	kit_text(&k, "SELECT id FROM alert", id, sizeof(id));
	id[8] = '\0'; /* people type a few digits */
	assert_int_equal(nw_store_resend(k.st, nw_str(id), NW_STR("anna"), k.now_ms, &n, &err), 1);
	assert_int_equal(n, 1);
	assert_null(claim_delivery());
	assert_int_equal(send_all(one, 1), 1);
	assert_non_null(claim_delivery());
}

/* --- deliveries ------------------------------------------------------------------------------------------------- */

static void
a_refused_delivery_is_tried_on_the_schedule_with_the_same_id_and_bytes(void **state)
{
	static const int64_t wait_s[] = {5, 300, 1800, 7200, 18000};
	struct nw_store_delivery *d, *first;
	struct nw_store_settled s;

	(void)state;
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	send_all(one, 1);
	first = d = claim_delivery();
	for (size_t i = 0; i < 5; i++) {
		assert_non_null(d);
		assert_string_equal(d->id, first->id);
		assert_string_equal(d->text.p, first->text.p);
		assert_int_equal(d->date_ms, first->date_ms);
		assert_int_equal(d->attempts, i);
		s = settle(d, NW_STORE_LATER, 451, 0);
		assert_int_equal(s.state, NW_STORE_DEFERRED);
		assert_in_range(s.next_ms - k.now_ms, wait_s[i] * 900, wait_s[i] * 1100);
		k.now_ms = s.next_ms - 1;
		assert_null(claim_delivery());
		k.now_ms = s.next_ms;
		d = claim_delivery();
	}
}

static void
retry_after_is_honoured_up_to_a_day(void **state)
{
	struct nw_store_settled s;

	(void)state;
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	send_all(one, 1);
	s = settle(claim_delivery(), NW_STORE_LATER, 429, 7 * KIT_HOUR);
	assert_int_equal(s.next_ms, k.now_ms + 7 * KIT_HOUR);
	k.now_ms = s.next_ms;
	s = settle(claim_delivery(), NW_STORE_LATER, 429, 999 * KIT_DAY);
	assert_int_equal(s.next_ms, k.now_ms + KIT_DAY);
}

static void
a_rejected_delivery_fails_at_once_and_a_too_old_one_in_the_end(void **state)
{
	struct nw_store_settled s;
	struct nw_store_delivery *d;

	(void)state;
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	send_all(one, 1);
	s = settle(claim_delivery(), NW_STORE_REJECTED, 550, 0);
	assert_int_equal(s.state, NW_STORE_UNDELIVERABLE);
	assert_int_equal(s.gave_up, 0);
	assert_null(claim_delivery());
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	send_all(one, 1);
	do {
		assert_non_null(d = claim_delivery());
		s = settle(d, NW_STORE_LATER, 451, 0);
		k.now_ms = s.next_ms;
	} while (s.state == NW_STORE_DEFERRED);
	assert_int_equal(s.gave_up, 1);
	assert_true(s.attempts > 8);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM delivery WHERE state = 'failed'"), 2);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM event WHERE kind = 'failed'"), 2);
}

static void
what_the_sender_never_had_costs_no_attempt(void **state)
{
	struct nw_store_delivery *d;

	(void)state;
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	send_all(one, 1);
	settle(claim_delivery(), NW_STORE_RETURNED, 0, 0);
	assert_non_null(d = claim_delivery());
	assert_int_equal(d->attempts, 0);
}

static void
a_crash_in_flight_sends_again_at_once_under_the_same_id(void **state)
{
	struct nw_store_delivery *d;
	char id[NW_STORE_ID_LEN + 1];

	(void)state;
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	send_all(one, 1);
	memcpy(id, claim_delivery()->id, sizeof(id));
	assert_null(claim_delivery());
	kit_reopen(&k);
	assert_int_equal(k.opened.in_flight, 1);
	assert_non_null(d = claim_delivery());
	assert_string_equal(d->id, id);
}

static void
what_leaves_is_on_disk_and_what_came_of_it_waits_for_company(void **state)
{
	static const char *const two[] = {"a@example.org", "b@example.org"};
	struct nw_store_delivery *d;

	(void)state;
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	assert_int_equal(send_all(two, 2), 1);
	assert_int_not_equal(nw_store_flush_at(k.st), -1);
	d = claim_delivery();
	assert_int_equal(nw_store_flush_at(k.st), -1); /* its parts are there */
	(void)settle(d, NW_STORE_SENT, 250, 0);
	assert_int_not_equal(nw_store_flush_at(k.st), -1);
	assert_non_null(claim_delivery());
	assert_int_not_equal(nw_store_flush_at(k.st), -1); /* those of the second were there before */
}

static void
a_late_answer_to_a_settled_delivery_changes_nothing(void **state)
{
	struct nw_store_delivery *d;

	(void)state;
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	send_all(one, 1);
	d = claim_delivery();
	settle(d, NW_STORE_SENT, 250, 0);
	settle(d, NW_STORE_REJECTED, 550, 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM delivery WHERE state = 'delivered'"), 1);
}

static uint32_t
queues_due(void)
{
	struct nw_store_queue *q;
	struct nw_err err;
	uint32_t n = 0, due = 0;

	assert_int_equal(nw_store_queues(k.st, k.a, &q, &n, &err), 0);
	for (uint32_t i = 0; i < n; i++)
		due += q[i].next_ms <= k.now_ms;
	return due;
}

static void
channels_are_held_and_released_each_on_its_own(void **state)
{
	static const struct nw_str both[] = {{"desk", 4}, {"hub", 3}};
	struct nw_err err;
	uint32_t n = 0;

	(void)state;
	k.watch[0].channels = both;
	k.watch[0].nchannels = 2;
	kit_alerts(&k, 2, 0, NW_SEV_HIGH);
	send_all(one, 1);
	assert_int_equal(queues_due(), 2);
	assert_int_equal(nw_store_channel_hold(k.st, both[1], NW_STR("410"), k.now_ms, &n, &err), 0);
	assert_int_equal(n, 2);
	assert_int_equal(queues_due(), 1);
	assert_int_equal(nw_store_channel_release(k.st, both[1], k.now_ms, &n, &err), 0);
	assert_int_equal(n, 2);
	assert_int_equal(queues_due(), 2);
}

/* The state and answer of the delivery to one who is or was a recipient. */
static void
assert_stands(const char *recipient, const char *state, const char *answer)
{
	char sql[256];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM delivery WHERE recipient = '%s' AND state = '%s' AND last_answer LIKE '%s%%'", recipient, state,
	    answer);
	assert_int_equal(kit_count(&k, sql), 1);
}

static void
what_waits_or_is_held_changes_hands_and_comes_back_for_its_own_reason(void **state)
{
	struct nw_str a = NW_STR("a@example.org"), b = NW_STR("b@example.org");
	struct nw_err err;
	uint32_t n;

	(void)state;
	kit_alerts(&k, 1, 1, NW_SEV_NORMAL);
	send_all(one, 1);
	assert_int_equal(nw_store_readdress(k.st, desk, &b, 1, k.now_ms, &n, &err), 0);
	assert_int_equal(n, 1);
	assert_stands("a@example.org", "dropped", "");
	assert_stands("b@example.org", "pending", "");
	assert_int_equal(nw_store_channel_hold(k.st, desk, NW_STR("410"), k.now_ms, &n, &err), 0);
	assert_int_equal(nw_store_readdress(k.st, desk, &a, 1, k.now_ms, &n, &err), 0);
	assert_int_equal(n, 1);
	assert_stands("a@example.org", "held", "410");
	assert_stands("b@example.org", "dropped", "");
	assert_int_equal(nw_store_channel_release(k.st, desk, k.now_ms, &n, &err), 0);
	assert_int_equal(n, 1);
	assert_string_equal(claim_delivery()->recipient.p, "a@example.org");
}

static void
the_timer_knows_what_is_due_next(void **state)
{
	struct nw_store_due due;
	struct nw_err err;
	int64_t target_ms;

	(void)state;
	assert_int_equal(nw_store_due(k.st, &due, &err), 0);
	assert_int_equal(due.outbox_ms, NW_STORE_NEVER);
	assert_int_equal(due.delivery_ms, NW_STORE_NEVER);
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	assert_int_equal(nw_store_due(k.st, &due, &err), 0);
	assert_int_equal(due.outbox_ms, k.now_ms - KIT_HOUR);
	assert_int_equal(nw_store_target_due(k.st, k.now_ms, &target_ms, &err), 0);
	assert_int_equal(target_ms, k.now_ms - KIT_HOUR + 600000);
	send_all(one, 1);
	assert_int_equal(nw_store_due(k.st, &due, &err), 0);
	assert_int_equal(due.outbox_ms, NW_STORE_NEVER);
	assert_int_equal(due.render_ms, NW_STORE_NEVER);
	assert_int_equal(due.delivery_ms, k.now_ms);
	claim_delivery();
	assert_int_equal(nw_store_due(k.st, &due, &err), 0);
	assert_int_equal(due.delivery_ms, k.now_ms + 660000);
}

/* --- the operator and people ------------------------------------------------------------------------------------ */

static void
a_condition_is_told_once_and_its_recovery_once(void **state)
{
	struct nw_store_notice n = {.key = NW_STR("silent/mfa"),
	    .source = NW_STR("mfa"),
	    .subject = NW_STR("mfa is silent"),
	    .text = NW_STR("Nothing new for nine days."),
	    .severity = NW_SEV_HIGH,
	    .channels = &desk,
	    .nchannels = 1};
	struct nw_store_render *r;
	struct nw_store_group *g;
	struct nw_err err;
	char id[NW_STORE_ID_LEN + 1];

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(nw_store_condition_clear(k.st, &n, k.now_ms, &err), 0);
		assert_int_equal(nw_store_condition_raise(k.st, &n, k.now_ms, &err), 1);
		assert_int_equal(nw_store_condition_raise(k.st, &n, k.now_ms, &err), 0);
		assert_int_equal(nw_store_condition_clear(k.st, &n, k.now_ms, &err), 1);
	}
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM notice"), 4);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert"), 0);
	assert_int_equal(kit_groups(&k, &g), 4);
	assert_int_equal(nw_store_group_message(k.st, &g[0], &desk, 1, k.now_ms, id, &err), 1);
	assert_int_equal(nw_store_render_claim(k.st, k.now_ms, k.a, &r, &err), 1);
	assert_string_equal((char *)r->notice[0]->watch.data, "operator");
	assert_string_equal((char *)r->notice[0]->article->title.data, "mfa is silent");
	assert_string_equal((char *)r->notice[0]->article->source.data, "mfa");
}

static void
a_notice_of_one_key_is_told_once(void **state)
{
	struct nw_store_notice n = {.key = NW_STR("statement/desk/2026-03-01"),
	    .subject = NW_STR("s"),
	    .text = NW_STR("t"),
	    .channels = &desk,
	    .nchannels = 1};
	struct nw_err err;

	(void)state;
	assert_int_equal(nw_store_tell(k.st, &n, k.now_ms, &err), 1);
	assert_int_equal(nw_store_tell(k.st, &n, k.now_ms + KIT_DAY, &err), 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM outbox WHERE notice IS NOT NULL"), 1);
}

static void
what_is_in_no_message_yet_can_be_dropped_and_taken_back(void **state)
{
	struct nw_store_group *g;
	struct nw_err err;
	uint32_t n = 0;
	char id[64];

	(void)state;
	kit_alerts(&k, 2, 0, NW_SEV_HIGH);
	assert_int_equal(nw_store_drop_all(k.st, NW_STR("hub"), 1, NW_STR("anna"), k.now_ms, &n, &err), 0);
	assert_int_equal(n, 0);
	assert_int_equal(nw_store_drop_all(k.st, desk, 1, NW_STR("anna"), k.now_ms, &n, &err), 0);
	assert_int_equal(n, kit_count(&k, "SELECT count(*) FROM outbox"));
	assert_true(n > 1);
	assert_int_equal(nw_store_channel_waiting(k.st, desk, &n, &err), 0);
	assert_int_equal(n, 0);
	assert_int_equal(kit_groups(&k, &g), 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM delivery WHERE state <> 'dropped'"), 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM message WHERE render_at < 253402300799000"), 0);
	assert_true(kit_count(&k, "SELECT count(*) FROM event WHERE kind = 'dropped' AND text = 'anna'") > 1);
	kit_text(&k, "SELECT id FROM delivery LIMIT 1", id, sizeof(id));
	assert_int_equal(nw_store_resend(k.st, nw_str(id), NW_STR("anna"), k.now_ms, &n, &err), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM outbox WHERE message IS NULL"), 1);
	assert_int_equal(kit_groups(&k, &g), 1);
}

static void
an_alert_is_dropped_out_of_its_group_alone(void **state)
{
	struct nw_store_group *g;
	struct nw_err err;
	uint32_t n = 0;
	char id[64];

	(void)state;
	k.watch[0].group_by = NW_STORE_GROUP_WATCH;
	kit_alerts(&k, 3, 0, NW_SEV_HIGH);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM outbox WHERE group_key = 'watch:treaties'"), 3);
	kit_text(&k, "SELECT alert FROM outbox WHERE group_key = 'watch:treaties' LIMIT 1", id, sizeof(id));
	assert_int_equal(nw_store_drop(k.st, nw_str(id), NW_STR("anna"), k.now_ms, &n, &err), 1);
	assert_int_equal(n, 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM outbox WHERE message IS NULL AND group_key = 'watch:treaties'"), 2);
	assert_int_equal(nw_store_drop(k.st, nw_str(id), NW_STR("anna"), k.now_ms, &n, &err), 0);
	assert_int_equal(kit_groups(&k, &g), 1);
	assert_int_equal(g[0].alerts, 2);
}

static int
owed_name(void *cookie, struct nw_str name)
{
	(void)snprintf(cookie, 32, "%s", name.p);
	return 0;
}

static void
a_first_contact_owes_its_report_from_its_commit_until_it_is_told(void **state)
{
	struct nw_store_notice n = {.key = NW_STR("baseline/mfa"),
	    .subject = NW_STR("s"),
	    .text = NW_STR("t"),
	    .report_of = NW_STR("mfa"),
	    .channels = &desk,
	    .nchannels = 1};
	struct nw_err err;
	char name[32] = "";

	(void)state;
	assert_int_equal(nw_store_flush(k.st, &err), 0);
	kit_reopen(&k);
	assert_int_equal(nw_store_reports_owed(k.st, owed_name, name, &err), 0);
	assert_string_equal(name, "mfa");
	assert_int_equal(nw_store_tell(k.st, &n, k.now_ms, &err), 1);
	name[0] = '\0';
	assert_int_equal(nw_store_reports_owed(k.st, owed_name, name, &err), 0);
	assert_string_equal(name, "");
}

static int
one_streak(void *cookie, struct nw_str key, uint32_t n)
{
	assert_string_equal(key.p, "unread/mfa");
	*(uint32_t *)cookie += n;
	return 0;
}

static int
one_condition(void *cookie, const struct nw_store_condition_row *row)
{
	*(int64_t *)cookie = row->last_ms;
	return 0;
}

static void
counts_and_the_last_time_of_a_condition_outlive_the_program(void **state)
{
	struct nw_store_notice n = {.key = NW_STR("churn/mfa"), .source = NW_STR("mfa"), .subject = NW_STR("s"), .text = NW_STR("t")};
	uint32_t sum = 0;
	int64_t last = 0;
	struct nw_err err;

	(void)state;
	assert_int_equal(nw_store_streak_set(k.st, NW_STR("unread/mfa"), 3, &err), 0);
	assert_int_equal(nw_store_streak_set(k.st, NW_STR("unread/mfa"), 4, &err), 0);
	assert_int_equal(nw_store_condition_raise(k.st, &n, k.now_ms, &err), 1);
	assert_int_equal(nw_store_condition_again(k.st, n.key, k.now_ms + KIT_DAY, &err), 0);
	kit_reopen(&k);
	assert_int_equal(nw_store_streaks(k.st, one_streak, &sum, &err), 0);
	assert_int_equal(sum, 4);
	assert_int_equal(nw_store_conditions(k.st, one_condition, &last, &err), 0);
	assert_int_equal(last, k.now_ms + KIT_DAY);
	assert_int_equal(nw_store_streak_set(k.st, NW_STR("unread/mfa"), 0, &err), 0);
	sum = 0;
	assert_int_equal(nw_store_streaks(k.st, one_streak, &sum, &err), 0);
	assert_int_equal(sum, 0);
}

static void
silences_cover_what_they_name_while_they_last(void **state)
{
	struct nw_store_silence s = {
	    .watch = NW_STR("treaties"), .who = NW_STR("anna"), .reason = NW_STR("holiday")};
	struct nw_store_group *g;
	struct nw_err err;
	int64_t id;

	(void)state;
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	kit_alerts(&k, 1, 1, NW_SEV_HIGH);
	s.from_ms = k.now_ms;
	s.until_ms = k.now_ms + KIT_HOUR;
	assert_int_equal(nw_store_silence_add(k.st, &s, &id, &err), 0);
	assert_int_equal(kit_groups(&k, &g), 2);
	assert_int_equal(nw_store_silence_hold(k.st, &g[0], k.now_ms, &err), 1);
	assert_int_equal(nw_store_silence_hold(k.st, &g[1], k.now_ms, &err), 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM outbox WHERE reason = 'silenced'"), 1);
	assert_int_equal(kit_count(&k, "SELECT due_at FROM outbox WHERE reason = 'silenced'"), k.now_ms + KIT_HOUR);
	assert_int_equal(kit_groups(&k, &g), 1);
	assert_int_equal(nw_store_silence_end(k.st, id, NW_STR("anna"), k.now_ms + 1, &err), 1);
	assert_int_equal(nw_store_silence_end(k.st, id, NW_STR("anna"), k.now_ms + 1, &err), 0);
	k.now_ms += 1;
	assert_int_equal(kit_groups(&k, &g), 2);
	assert_int_equal(nw_store_silence_hold(k.st, &g[0], k.now_ms, &err), 0);
	assert_int_equal(nw_store_silence_hold(k.st, &g[1], k.now_ms, &err), 0);
}

static void
a_silence_holds_of_a_group_what_it_names(void **state)
{
	struct nw_store_silence s = {
	    .watch = NW_STR("treaties"), .who = NW_STR("anna"), .reason = NW_STR("holiday")};
	struct nw_store_group *g, *again;
	struct nw_err err;
	int64_t id;

	(void)state;
	k.watch[0].group_by = k.watch[1].group_by = NW_STORE_GROUP_SOURCE;
	kit_alerts(&k, 2, 0, NW_SEV_HIGH);
	kit_alerts(&k, 1, 1, NW_SEV_HIGH);
	assert_int_equal(kit_groups(&k, &g), 1);
	assert_int_equal(g->alerts, 3);
	for (int i = 1; i <= 2; i++) { /* the longer of two holds */
		s.from_ms = k.now_ms;
		s.until_ms = k.now_ms + i * KIT_HOUR;
		assert_int_equal(nw_store_silence_add(k.st, &s, &id, &err), 0);
		assert_int_equal(nw_store_silence_hold(k.st, g, k.now_ms, &err), i == 1);
	}
	assert_int_equal(kit_groups(&k, &g), 1);
	assert_int_equal(g->alerts, 1);
	assert_string_equal(g->watch.p, "sanctions");
	k.now_ms += KIT_HOUR;
	assert_int_equal(kit_groups(&k, &again), 2);
	assert_int_equal(nw_store_silence_hold(k.st, &again[again[0].alerts == 1], k.now_ms, &err), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM outbox WHERE group_key GLOB 'silence:[0-9]*:source:mfa'"), 2);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM outbox WHERE group_key LIKE '%silence:%silence:%'"), 0);
}

static void
people_acknowledge_and_review(void **state)
{
	struct nw_err err;
	char id[NW_STORE_ID_LEN + 1];

	(void)state;
	kit_alerts(&k, 1, 0, NW_SEV_HIGH);
	kit_text(&k, "SELECT id FROM alert", id, sizeof(id));
	assert_int_equal(
	    nw_store_ack(k.st, NW_STR("00000000"), NW_STR("anna"), NW_STR(""), k.now_ms, &err), 0);
	assert_int_equal(nw_store_ack(k.st, NW_STR("'; --"), NW_STR("anna"), NW_STR(""), k.now_ms, &err), 0);
	assert_int_equal(nw_store_ack(k.st, nw_str(id), NW_STR("anna"), NW_STR("seen"), k.now_ms, &err), 1);
	assert_int_equal(nw_store_review(k.st, nw_str(id), NW_STR("false"), NW_STR("a port"), NW_STR("anna"),
			     k.now_ms, &err),
	    1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert WHERE acked_by = 'anna'"), 1);
	assert_int_equal(
	    kit_count(&k, "SELECT count(*) FROM review WHERE verdict = 'false' AND reason = 'a port'"), 1);
	assert_int_equal(
	    kit_count(&k, "SELECT count(*) FROM event WHERE kind IN ('acknowledged', 'reviewed')"), 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_alert_goes_the_whole_way),
	    TEST(a_group_waits_and_becomes_one_message),
	    TEST(a_critical_alert_never_waits_nor_joins),
	    TEST(a_moved_group_is_due_later_under_its_new_key_and_is_never_lost),
	    TEST(a_channel_without_recipients_loses_nothing),
	    TEST(ids_are_made_of_what_they_name),
	    TEST(mails_of_one_story_form_a_thread),
	    TEST(a_notice_holds_article_tags_evidence_and_what_stood_before),
	    TEST(parts_are_stored_once),
	    TEST(what_cannot_be_rendered_stands_as_failed_and_can_be_sent_again),
	    TEST(a_refused_delivery_is_tried_on_the_schedule_with_the_same_id_and_bytes),
	    TEST(retry_after_is_honoured_up_to_a_day),
	    TEST(a_rejected_delivery_fails_at_once_and_a_too_old_one_in_the_end),
	    TEST(what_the_sender_never_had_costs_no_attempt),
	    TEST(a_crash_in_flight_sends_again_at_once_under_the_same_id),
	    TEST(what_leaves_is_on_disk_and_what_came_of_it_waits_for_company),
	    TEST(a_late_answer_to_a_settled_delivery_changes_nothing),
	    TEST(channels_are_held_and_released_each_on_its_own),
	    TEST(what_waits_or_is_held_changes_hands_and_comes_back_for_its_own_reason),
	    TEST(the_timer_knows_what_is_due_next),
	    TEST(a_condition_is_told_once_and_its_recovery_once),
	    TEST(what_is_in_no_message_yet_can_be_dropped_and_taken_back),
	    TEST(an_alert_is_dropped_out_of_its_group_alone),
	    TEST(a_notice_of_one_key_is_told_once),
	    TEST(a_first_contact_owes_its_report_from_its_commit_until_it_is_told),
	    TEST(counts_and_the_last_time_of_a_condition_outlive_the_program),
	    TEST(silences_cover_what_they_name_while_they_last),
	    TEST(a_silence_holds_of_a_group_what_it_names),
	    TEST(people_acknowledge_and_review),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
