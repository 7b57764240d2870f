/* What follows from a document: articles, identity, revisions, baseline, pages. */
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
#include "store/store_config.h"
#include "store_kit.h"

#define FEED "http://example.org/feed"

static struct kit k;

static int
setup(void **state)
{
	(void)state;
	kit_open(&k);
	kit_source(&k, "mfa", FEED);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	kit_close(&k);
	return 0;
}

/* A first contact with an old article, so that what comes later is news. */
static void
first_contact(void)
{
	kit_batch(&k);
	kit_article(&k, "old", "http://example.org/old", "An old article of the ministry", "Old text.");
	kit_poll(&k, FEED);
	assert_int_equal(k.report.first_contact, 1);
	k.now_ms += KIT_HOUR;
}

static void
new_article_is_stored_with_tags_alert_and_outbox(void **state)
{
	Nw__Article *art;

	(void)state;
	first_contact();
	kit_batch(&k);
	art = kit_article(
	    &k, "g1", "http://example.org/1", "Talks", "They agreed. The two sides renewed the treaty.");
	kit_tag(&k, art, "treaties", "news");
	kit_alert(&k, art, 0, "renewed the treaty");
	kit_poll(&k, FEED);
	assert_int_equal(k.report.articles, 1);
	assert_int_equal(k.report.alerts, 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM article"), 2);
	assert_int_equal(
	    kit_count(&k, "SELECT count(*) FROM alert WHERE state = 'live' AND watch = 'treaties'"), 1);
	assert_int_equal(
	    kit_count(&k, "SELECT count(*) FROM outbox WHERE channel = 'desk' AND message IS NULL"), 1);
	assert_int_equal(
	    kit_count(&k, "SELECT count(*) FROM tag WHERE name = 'treaties' AND class = 'news'"), 1);
	assert_int_equal(
	    kit_count(&k, "SELECT a.n FROM revision r JOIN article a ON a.id = r.article WHERE guid = 'g1'"),
	    1);
	assert_int_equal(kit_count(&k, "SELECT severity FROM alert"), NW_SEV_NORMAL);
}

static void
the_same_commit_twice_changes_nothing(void **state)
{
	int64_t target, due;

	(void)state;
	first_contact();
	kit_batch(&k);
	kit_alert(&k, kit_article(&k, "g1", "http://example.org/1", "Talks", "The treaty was renewed."), 0,
	    "treaty");
	target = kit_target(&k, FEED);
	kit_commit(&k, target);
	due = kit_count(&k, "SELECT due_at FROM target");
	kit_commit(&k, target);
	assert_int_equal(k.report.articles, 0);
	assert_int_equal(k.report.alerts, 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM article"), 2);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM revision"), 2);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM outbox"), 1);
	assert_int_equal(kit_count(&k, "SELECT due_at FROM target"), due);
}

static void
first_contact_mutes_what_is_old_and_lets_todays_through(void **state)
{
	Nw__Article *old, *today, *undated;

	(void)state;
	kit_batch(&k);
	old = kit_article(&k, "g1", "http://example.org/1", "Old one", "The treaty was signed.");
	old->published->at_ms = k.now_ms - 2 * KIT_DAY;
	today = kit_article(&k, "g2", "http://example.org/2", "New one", "The treaty was renewed.");
	undated = kit_article(&k, "g3", "http://example.org/3", "Undated one", "The treaty was denounced.");
	undated->published = NULL;
	kit_alert(&k, old, 0, "treaty");
	kit_alert(&k, today, 0, "treaty");
	kit_alert(&k, undated, 0, "treaty");
	kit_poll(&k, FEED);
	assert_int_equal(k.report.alerts, 1);
	assert_int_equal(k.report.muted, 2);
	assert_int_equal(
	    kit_count(&k, "SELECT count(*) FROM alert WHERE state = 'muted' AND reason = 'baseline'"), 2);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM outbox"), 1);
}

static void
backfill_can_alert_everything(void **state)
{
	Nw__Article *art;

	(void)state;
	k.policy.backfill = NW_STORE_BACKFILL_ALERT;
	kit_batch(&k);
	art = kit_article(&k, "g1", "http://example.org/1", "Old one", "The treaty was signed.");
	art->published->at_ms = k.now_ms - 20 * KIT_DAY;
	kit_alert(&k, art, 0, "treaty");
	kit_poll(&k, FEED);
	assert_int_equal(k.report.alerts, 1);
}

static void
with_an_age_what_is_older_never_alerts(void **state)
{
	Nw__Article *art;

	(void)state;
	kit_batch(&k);
	kit_poll(&k, FEED);
	k.policy.alert_age_ms = 10 * KIT_DAY;
	kit_batch(&k);
	art = kit_article(&k, "g1", "http://example.org/1", "Old one", "The treaty was signed.");
	art->published->at_ms = k.now_ms - 20 * KIT_DAY;
	kit_alert(&k, art, 0, "treaty");
	art = kit_article(&k, "g2", "http://example.org/2", "Newer one", "The treaty was renewed.");
	art->published->at_ms = k.now_ms - 5 * KIT_DAY;
	kit_alert(&k, art, 0, "treaty");
	k.now_ms += KIT_HOUR;
	kit_poll(&k, FEED);
	assert_int_equal(k.report.alerts, 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert WHERE reason = 'too old'"), 1);
}

static void
an_incomplete_document_moves_no_validators_and_is_no_first_contact(void **state)
{
	(void)state;
	kit_batch(&k);
	kit_article(&k, "g1", "http://example.org/1", "One", "Text.");
	k.m->document->incomplete = 1;
	k.poll.etag = NW_STR("\"a\"");
	kit_poll(&k, FEED);
	assert_int_equal(k.report.first_contact, 0);
	assert_int_equal(
	    kit_count(&k, "SELECT count(*) FROM target WHERE etag = '' AND body_hash IS NULL"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM article"), 1);
	k.now_ms += KIT_HOUR;
	kit_batch(&k);
	kit_article(&k, "g1", "http://example.org/1", "One", "Text.");
	k.poll.etag = NW_STR("\"b\"");
	kit_poll(&k, FEED);
	assert_int_equal(k.report.first_contact, 1);
	assert_int_equal(
	    kit_count(&k, "SELECT count(*) FROM target WHERE etag = '\"b\"' AND length(body_hash) = 32"), 1);
}

/* --- identity --------------------------------------------------------------------------------------------------- */

static void
a_new_guid_under_the_same_link_and_title_is_the_same_article(void **state)
{
	(void)state;
	first_contact();
	kit_batch(&k);
	kit_alert(&k,
	    kit_article(
		&k, "other-guid", "https://example.org/old", "An old article of the ministry", "Old text."),
	    0, "Old");
	kit_poll(&k, FEED);
	assert_int_equal(k.report.articles, 0);
	assert_int_equal(k.report.keys, 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert"), 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM article_key WHERE kind = 2"), 2);
}

static void
a_guid_used_again_for_another_article_is_kept_apart(void **state)
{
	(void)state;
	first_contact();
	for (int i = 0; i < 2; i++) {
		kit_batch(&k);
		kit_article(
		    &k, "old", "http://example.org/quite-another", "Something else happened", "New text.");
		kit_poll(&k, FEED);
		assert_int_equal(k.report.articles, i == 0);
		k.now_ms += KIT_HOUR;
	}
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM article"), 2);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM event WHERE kind = 'note'"), 1);
}

static void
items_that_share_one_guid_are_all_seen_and_seen_once(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		char url[64], title[64];

		kit_batch(&k);
		for (int n = 0; n < 5; n++) {
			snprintf(url, sizeof(url), "http://example.org/%d", n);
			snprintf(title, sizeof(title), "Article number %d of five", n);
			kit_article(&k, "same", url, title, "Text.");
		}
		kit_poll(&k, FEED);
		assert_int_equal(k.report.articles, i == 0 ? 5 : 0);
		k.now_ms += KIT_HOUR;
	}
}

static void
the_way_of_naming_is_decided_once(void **state)
{
	(void)state;
	first_contact(); /* by guid */
	assert_int_equal(kit_count(&k, "SELECT identity FROM source"), NW_STORE_ID_GUID);
	kit_batch(&k);
	kit_article(&k, "x", "http://example.org/7", "First of a pair", "Text.");
	kit_article(&k, "x", "http://example.org/8", "Second of a pair", "Text.");
	kit_poll(&k, FEED);
	assert_int_equal(k.report.articles, 2);
	assert_int_equal(kit_count(&k, "SELECT identity FROM source"), NW_STORE_ID_GUID);
}

static void
an_item_that_stands_twice_in_a_document_is_one_article(void **state)
{
	(void)state;
	first_contact();
	kit_batch(&k);
	kit_article(&k, "", "http://example.org/twice", "Twice in one list", "Text.");
	kit_article(&k, "", "http://example.org/twice", "Twice in one list", "Text.");
	kit_poll(&k, FEED);
	assert_int_equal(k.report.articles, 1);
	assert_int_equal(k.report.duplicates, 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM article"), 2);
}

/* Ten articles at ${base}N; the title is the same wherever they lie. */
static void
ten_at(const char *base, int day)
{
	char guid[64], url[96], title[64];

	kit_batch(&k);
	for (int n = 0; n < 10; n++) {
		Nw__Article *art;

		snprintf(guid, sizeof(guid), "%s/%d", base, n);
		snprintf(url, sizeof(url), "http://%s/%d", base, n);
		snprintf(title, sizeof(title), "Statement number %d of the spokesperson", n);
		art = kit_article(&k, guid, url, title, "The treaty was renewed.");
		art->published->at_ms += day * KIT_DAY;
		kit_alert(&k, art, 0, "treaty");
	}
	kit_poll(&k, FEED);
}

static void
a_site_that_moves_all_its_addresses_alerts_nothing(void **state)
{
	(void)state;
	ten_at("old.example.org", 0);
	assert_int_equal(k.report.alerts, 10);
	k.now_ms += KIT_HOUR;
	ten_at("new.example.org", 1);
	assert_int_equal(k.report.churn, 1);
	assert_int_equal(k.report.articles, 10);
	assert_int_equal(k.report.alerts, 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert WHERE reason = 'churn'"), 10);
	k.now_ms += KIT_HOUR;
	ten_at("newest.example.org", 2); /* and once more */
	assert_int_equal(k.report.churn, 1);
	assert_int_equal(k.report.alerts, 0);
}

static void
a_recurring_title_is_no_churn(void **state)
{
	(void)state;
	for (int day = 0; day < 4; day++) {
		char url[64];

		kit_batch(&k);
		for (int n = 0; n < 4; n++) {
			snprintf(url, sizeof(url), "http://example.org/%d-%d", day, n);
			kit_alert(&k,
			    kit_article(&k, url, url, "Regular Press Conference", "About the treaty."), 0,
			    "treaty");
		}
		kit_poll(&k, FEED);
		assert_int_equal(k.report.articles, 4);
		assert_int_equal(k.report.alerts, 4);
		k.now_ms += KIT_DAY;
	}
}

static void
an_item_that_slides_back_after_a_year_is_old(void **state)
{
	(void)state;
	first_contact();
	k.now_ms += 365 * KIT_DAY;
	kit_batch(&k);
	kit_article(&k, "old", "http://example.org/old", "An old article of the ministry", "Old text.");
	kit_poll(&k, FEED);
	assert_int_equal(k.report.articles, 0);
	assert_int_equal(k.report.revisions, 0);
}

/* --- revisions -------------------------------------------------------------------------------------------------- */

/* What nw_store_match_claim() has, answered with one alert on ${evidence} (NULL: none). */
static void
match_all(const char *evidence)
{
	struct nw_store_match *match;
	struct nw_batch b;
	struct nw_err err;
	uint32_t n = 0;

	assert_int_equal(nw_store_match_claim(k.st, k.now_ms, 10, k.a, &match, &n, &err), 0);
	kit_batch(&k);
	for (uint32_t i = 0; i < n; i++) {
		match[i].m->alerts = nw_arena_array(k.a, 4, sizeof(Nw__Alert *));
		if (evidence != NULL)
			kit_alert(&k, match[i].m, 0, evidence);
		k.m->articles[k.m->n_articles++] = match[i].m;
	}
	b = (struct nw_batch){.m = k.m};
	assert_int_equal(nw_store_commit_match(k.st, &b, &k.rules, k.now_ms, &k.report, &err), 0);
	assert_int_equal(nw_store_match_claim(k.st, k.now_ms, 10, k.a, &match, &n, &err), 0);
	assert_int_equal(n, 0);
}

static void
edit_to(const char *body)
{
	kit_batch(&k);
	kit_article(&k, "old", "http://example.org/old", "An old article of the ministry", body)->unmatched =
	    1;
	kit_poll(&k, FEED);
}

static void
an_edit_is_a_second_revision_and_is_matched_with_the_first(void **state)
{
	struct nw_store_match *match;
	struct nw_err err;
	uint32_t n = 0;

	(void)state;
	first_contact();
	edit_to("New text. The treaty was renewed.");
	assert_int_equal(k.report.revisions, 1);
	assert_int_equal(k.report.match, 1);
	assert_int_equal(kit_count(&k, "SELECT n FROM article"), 2);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM event WHERE kind = 'revised'"), 1);
	assert_int_equal(nw_store_match_claim(k.st, k.now_ms, 10, k.a, &match, &n, &err), 0);
	assert_int_equal(n, 1);
	assert_int_equal(match[0].m->revision, 2);
	assert_string_equal((char *)match[0].m->prev_body.data, "Old text.");
	assert_string_equal((char *)match[0].m->body.data, "New text. The treaty was renewed.");
	assert_int_equal(match[0].m->id, (uint64_t)match[0].revision);
	/* leased: not given out twice, and again after the lease */
	assert_int_equal(nw_store_match_claim(k.st, k.now_ms, 10, k.a, &match, &n, &err), 0);
	assert_int_equal(n, 0);
	assert_int_equal(
	    nw_store_match_claim(k.st, k.now_ms + NW_LEASE_S * 1000LL, 10, k.a, &match, &n, &err), 0);
	assert_int_equal(n, 1);
}

static void
a_further_edit_alerts_again_only_for_new_evidence(void **state)
{
	(void)state;
	first_contact();
	edit_to("The treaty was renewed.");
	match_all("treaty");
	assert_int_equal(k.report.alerts, 1);
	k.now_ms += KIT_HOUR;
	edit_to("The  Treaty was renewed. And it rained.");
	match_all("Treaty");
	assert_int_equal(k.report.alerts, 0);
	assert_int_equal(k.report.repeated, 1);
	k.now_ms += KIT_HOUR;
	edit_to("The treaty was renewed. Another treaty was signed.");
	match_all("treaty was signed");
	assert_int_equal(k.report.alerts, 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert"), 2);
	assert_int_equal(kit_count(&k, "SELECT count(DISTINCT id) FROM alert"), 2);
}

static void
on_revision_can_be_always_or_never(void **state)
{
	(void)state;
	first_contact();
	edit_to("The treaty was renewed.");
	match_all("treaty");
	k.now_ms += KIT_HOUR;
	k.watch[0].on_revision = NW_STORE_REV_ALWAYS;
	edit_to("The treaty was renewed. And it rained.");
	match_all("treaty");
	assert_int_equal(k.report.alerts, 1);
	k.now_ms += KIT_HOUR;
	k.watch[0].on_revision = NW_STORE_REV_NEVER;
	edit_to("The treaty was renewed. A new one was signed: a treaty.");
	match_all("a treaty");
	assert_int_equal(k.report.alerts, 0);
}

static void
an_article_of_which_only_seen_knew_is_matched_later(void **state)
{
	(void)state;
	first_contact();
	kit_batch(&k);
	kit_article(&k, "g9", "http://example.org/9", "Known to the blob alone", "The treaty.")->unmatched =
	    1;
	kit_poll(&k, FEED);
	assert_int_equal(k.report.articles, 1);
	assert_int_equal(k.report.match, 1);
	match_all("treaty");
	assert_int_equal(k.report.alerts, 1);
}

/* --- pages ------------------------------------------------------------------------------------------------------ */

static void
listed(const char *title)
{
	Nw__Article *art;

	kit_batch(&k);
	art = kit_article(&k, "", "http://example.org/p1", title, "");
	art->flags = NW_ARTICLE_TEASER;
	kit_poll(&k, FEED);
}

static void
page_says(const char *body, const char *evidence)
{
	Nw__Article *art;

	kit_batch(&k);
	art = kit_article(&k, "", "http://example.org/p1", "Talks on a treaty were held", body);
	if (evidence != NULL)
		kit_alert(&k, art, 0, evidence);
	kit_poll(&k, "http://example.org/p1");
}

static void
a_listed_article_waits_for_its_page_and_its_first_text_is_revision_1(void **state)
{
	struct nw_store_match *match;
	struct nw_err err;
	uint32_t n = 0;

	(void)state;
	first_contact();
	listed("Talks on a treaty were held");
	assert_int_equal(k.report.pending, 1);
	assert_int_equal(k.report.follow, 1);
	assert_int_equal(nw_store_match_claim(k.st, k.now_ms, 10, k.a, &match, &n, &err), 0);
	assert_int_equal(n, 0);
	page_says("The two sides renewed the treaty.", "renewed the treaty");
	assert_int_equal(k.report.alerts, 1);
	assert_int_equal(kit_count(&k, "SELECT n FROM article WHERE url = 'http://example.org/p1'"), 1);
	assert_int_equal(
	    kit_count(&k, "SELECT count(*) FROM article WHERE state = 'final' AND match_at IS NULL"), 2);
	assert_int_equal(
	    kit_count(&k, "SELECT kind FROM target WHERE url = 'http://example.org/p1'"), NW_STORE_RELOOK);
	assert_int_equal(kit_count(&k, "SELECT due_at FROM target WHERE kind = 3"), k.now_ms + KIT_HOUR);
}

static void
after_a_quarter_of_an_hour_title_and_summary_are_matched_provisionally(void **state)
{
	(void)state;
	first_contact();
	listed("Talks on a treaty were held");
	k.now_ms += NW_STORE_PENDING_S * 1000LL;
	match_all("treaty");
	assert_int_equal(k.report.alerts, 1);
	assert_int_equal(kit_count(&k, "SELECT provisional FROM alert"), 1);
	/* the page says no more than the title did */
	page_says("Nothing else.", NULL);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert"), 1);
}

static void
the_text_alerts_again_after_a_provisional_alert_when_it_has_more(void **state)
{
	(void)state;
	first_contact();
	listed("Talks on a treaty were held");
	k.now_ms += NW_STORE_PENDING_S * 1000LL;
	match_all("treaty");
	page_says("The two sides renewed the treaty.", "renewed the treaty");
	assert_int_equal(k.report.alerts, 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert"), 2);
	assert_int_equal(kit_count(&k, "SELECT count(DISTINCT id) FROM alert"), 2);
}

static void
poll_page(uint32_t end, uint32_t status, struct nw_store_polled *polled)
{
	struct nw_store_poll p = {.end = end,
	    .status = status,
	    .now_ms = k.now_ms,
	    .next_ms = k.now_ms + 60000,
	    .reason = NW_STR("not found")};
	struct nw_err err;

	assert_int_not_equal(p.target = kit_target(&k, "http://example.org/p1"), 0);
	assert_int_equal(nw_store_poll_end(k.st, &p, polled, &err), 0);
	k.now_ms += 60000;
}

static void
a_page_that_is_gone_for_good_leaves_title_and_summary_final(void **state)
{
	struct nw_store_polled polled;

	(void)state;
	first_contact();
	listed("Talks on a treaty were held");
	poll_page(NW_STORE_GONE, 404, &polled);
	assert_int_equal(polled.match, 0);
	poll_page(NW_STORE_GONE, 404, &polled);
	assert_int_equal(polled.match, 1);
	match_all("treaty");
	assert_int_equal(k.report.alerts, 1);
	assert_int_equal(kit_count(&k, "SELECT provisional FROM alert"), 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM article WHERE state = 'summary'"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM target WHERE kind = 2"), 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM event WHERE kind = 'note'"), 1);
}

static void
a_page_that_fails_again_and_again_is_given_up(void **state)
{
	struct nw_store_polled polled;

	(void)state;
	first_contact();
	listed("Talks on a treaty were held");
	for (uint32_t i = 1; i <= NW_STORE_PAGE_TRIES; i++) {
		poll_page(NW_STORE_FAILED, 500, &polled);
		assert_int_equal(polled.match, i == NW_STORE_PAGE_TRIES);
	}
}

static void
a_teaser_never_overwrites_the_text_but_brings_the_page_forward(void **state)
{
	(void)state;
	first_contact();
	listed("Talks on a treaty were held");
	page_says("The whole text.", NULL);
	k.now_ms += KIT_HOUR / 2;
	listed("Talks on a treaty were held, and broken off");
	assert_int_equal(k.report.revisions, 0);
	assert_int_equal(kit_count(&k, "SELECT due_at FROM target WHERE kind = 3"), k.now_ms);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM revision WHERE body = 'The whole text.'"), 1);
	page_says("The whole text, and more.", NULL);
	assert_int_equal(k.report.revisions, 1);
	assert_int_equal(kit_count(&k, "SELECT n FROM article WHERE url LIKE '%p1'"), 2);
}

static void
a_page_is_looked_at_again_at_growing_intervals_and_then_no_more(void **state)
{
	static const int64_t step[] = {KIT_HOUR, 6 * KIT_HOUR, KIT_DAY, 7 * KIT_DAY, 30 * KIT_DAY};
	struct nw_store_polled polled;

	(void)state;
	first_contact();
	listed("Talks on a treaty were held");
	page_says("The whole text.", NULL);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(
		    kit_count(&k, "SELECT due_at FROM target WHERE kind = 3"), k.now_ms + step[i]);
		k.now_ms += step[i];
		poll_page(NW_STORE_NOT_MODIFIED, 304, &polled);
		k.now_ms -= 60000;
	}
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM target WHERE kind = 3"), 0);
}

static void
a_page_that_vanishes_and_returns_is_two_events(void **state)
{
	struct nw_store_polled polled;

	(void)state;
	first_contact();
	listed("Talks on a treaty were held");
	page_says("The whole text.", NULL);
	k.now_ms += KIT_HOUR;
	poll_page(NW_STORE_GONE, 404, &polled);
	assert_int_equal(polled.vanished, 0);
	poll_page(NW_STORE_GONE, 404, &polled);
	assert_int_equal(polled.vanished, 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM article WHERE state = 'vanished'"), 1);
	k.now_ms += 6 * KIT_HOUR;
	page_says("The whole text.", NULL);
	assert_int_equal(k.report.reappeared, 1);
	assert_int_equal(
	    kit_count(&k, "SELECT count(*) FROM event WHERE kind IN ('vanished', 'reappeared')"), 2);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM revision WHERE body = 'The whole text.'"), 1);
}

static void
a_page_that_a_listing_only_names_becomes_an_article_of_its_own(void **state)
{
	(void)state;
	first_contact();
	kit_batch(&k);
	kit_follow(&k, "http://example.org/p1", NW_ROLE_ARTICLE);
	kit_follow(&k, "http://example.org/page2", NW_ROLE_LISTING);
	kit_poll(&k, FEED);
	assert_int_equal(k.report.follow, 2);
	page_says("The two sides renewed the treaty.", "renewed");
	assert_int_equal(k.report.articles, 1);
	assert_int_equal(k.report.alerts, 1);
	kit_batch(&k);
	kit_article(&k, "", "http://example.org/p7", "On the second page", "Text.");
	kit_poll(&k, "http://example.org/page2");
	assert_int_equal(k.report.articles, 1);
	/* a followed listing waits to be named again */
	k.now_ms += KIT_DAY;
	assert_int_equal(kit_target(&k, "http://example.org/page2"), 0);
	kit_batch(&k);
	kit_follow(&k, "http://example.org/page2", NW_ROLE_LISTING);
	kit_poll(&k, FEED);
	assert_int_not_equal(kit_target(&k, "http://example.org/page2"), 0);
}

static void
a_second_look_that_finds_the_same_article_is_no_failure(void **state)
{
	(void)state;
	first_contact();
	listed("Talks on a treaty were held");
	page_says("The whole text.", NULL);
	k.now_ms += KIT_HOUR;
	kit_batch(&k); /* another byte on the page, the article known by `seen` and unchanged */
	k.m->document->items = k.m->document->unchanged = 1;
	kit_poll(&k, "http://example.org/p1");
	assert_int_equal(k.report.revisions, 0);
	assert_int_equal(kit_count(&k, "SELECT failures = 0 AND step = 1 FROM target WHERE kind = 3"), 1);
}

static void
of_a_page_with_several_articles_only_its_own_counts(void **state)
{
	(void)state;
	first_contact();
	listed("Talks on a treaty were held");
	kit_batch(&k);
	kit_article(&k, "", "http://example.org/other", "Another one", "A teaser of another article.");
	kit_article(&k, "", "http://example.org/p1", "Talks on a treaty were held", "The right text.");
	kit_poll(&k, "http://example.org/p1");
	assert_int_equal(
	    kit_count(&k, "SELECT count(*) FROM revision WHERE body = 'The right text.' AND n = 1"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM revision WHERE body LIKE 'A teaser%'"), 0);
	/* and where none is its own, the page has failed */
	kit_batch(&k);
	kit_article(&k, "", "http://example.org/p2", "Second", "")->flags = NW_ARTICLE_TEASER;
	k.now_ms += KIT_HOUR;
	kit_poll(&k, FEED);
	kit_batch(&k);
	kit_article(&k, "", "http://example.org/x", "X", "X.");
	kit_article(&k, "", "http://example.org/y", "Y", "Y.");
	kit_poll(&k, "http://example.org/p2");
	assert_int_equal(kit_count(&k, "SELECT failures FROM target WHERE url LIKE '%p2'"), 1);
}

static void
the_newest_date_of_the_better_origin_stands(void **state)
{
	Nw__Article *art;

	(void)state;
	first_contact();
	kit_batch(&k);
	art = kit_article(&k, "", "http://example.org/p1", "Talks", "");
	art->flags = NW_ARTICLE_TEASER;
	art->published->origin = NW_ORIGIN_URL;
	art->published->precision = NW_PREC_DAY;
	kit_poll(&k, FEED);
	kit_batch(&k);
	art = kit_article(&k, "", "http://example.org/p1", "Talks", "Body.");
	art->published->origin = NW_ORIGIN_META;
	art->published->at_ms = 1234567890000;
	kit_poll(&k, "http://example.org/p1");
	assert_int_equal(kit_count(&k, "SELECT published FROM article WHERE url LIKE '%p1'"), 1234567890000);
}

/* --- alerts ----------------------------------------------------------------------------------------------------- */

static void
an_alert_of_no_entry_is_refused_whole(void **state)
{
	struct nw_err err;
	int64_t target;

	(void)state;
	first_contact();
	kit_batch(&k);
	kit_alert(
	    &k, kit_article(&k, "g1", "http://example.org/1", "Talks", "The treaty."), KIT_WATCHES, "treaty");
	target = kit_target(&k, FEED);
	assert_int_equal(kit_try_commit(&k, target, &err), -1);
	assert_int_equal(err.code, NW_EPLUGIN);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM article"), 1);
}

static void
the_envelope_limits_severity_sources_state_and_time(void **state)
{
	static const struct nw_str elsewhere[] = {{"mofcom", 6}};
	Nw__Article *art;

	(void)state;
	first_contact();
	k.watch[0].severity = NW_SEV_INFO;
	k.watch[1].sources = elsewhere;
	k.watch[1].nsources = 1;
	k.watch[2].state = NW_STORE_SHADOW;
	k.watch[3].expires_ms = k.now_ms;
	kit_batch(&k);
	art = kit_article(&k, "g1", "http://example.org/1", "Talks", "The treaty was renewed.");
	for (uint32_t i = 0; i < 4; i++)
		kit_alert(&k, art, i, "treaty")->severity = NW_SEV_HIGH;
	kit_poll(&k, FEED);
	assert_int_equal(k.report.alerts, 1);
	assert_int_equal(k.report.muted, 1);
	assert_int_equal(k.report.expired, 1);
	assert_int_equal(kit_count(&k, "SELECT severity FROM alert WHERE watch = 'treaties'"), NW_SEV_INFO);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert WHERE watch = 'sanctions'"), 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert WHERE reason = 'shadow'"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert WHERE watch = 'visas'"), 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM event WHERE kind = 'expired' AND text = 'visas'"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM outbox"), 1);
}

/* The source "mfa" under another name, as a reload makes it. */
static void
rename_source(const char *name)
{
	struct nw_store_listing l = {nw_str(FEED), NW_ROLE_FEED};
	struct nw_store_source s = {.name = nw_str(name), .title = NW_STR(""), .listing = &l, .nlisting = 1, .enabled = 1,
	    .every_ms = 600000};
	struct nw_err err;

	assert_int_equal(nw_store_sync_begin(k.st, k.now_ms, 0, &err), 0);
	assert_int_equal(nw_store_sync_name(k.st, s.name, &err), 0);
	assert_int_equal(nw_store_sync_source(k.st, &s, &err), 0);
	assert_int_equal(nw_store_sync_end(k.st, NULL, &err), 0);
}

static void
what_was_read_before_its_source_was_renamed_alerts_by_the_watches_of_then(void **state)
{
	static const struct nw_str then[] = {{"mfa", 3}};

	(void)state;
	first_contact();
	k.watch[0].sources = then;
	k.watch[0].nsources = 1;
	rename_source("mfa-en");
	for (uint32_t gone = 0; gone <= 1; gone++) { /* watches of today that name it so mean another source */
		kit_batch(&k);
		kit_alert(&k, kit_article(&k, gone ? "g1" : "g0", gone ? "http://example.org/1" : "http://example.org/0", "Talks",
				  "The treaty was renewed."), 0, "treaty");
		k.rules.gone = gone;
		k.now_ms += KIT_HOUR;
		kit_poll(&k, FEED);
		assert_int_equal(k.report.alerts, gone);
	}
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM source"), 1);
}

static void
a_near_miss_is_kept_and_never_sent(void **state)
{
	(void)state;
	first_contact();
	kit_batch(&k);
	kit_alert(&k, kit_article(&k, "g1", "http://example.org/1", "Talks", "The treaty."), 0, "treaty")
	    ->near = 1;
	kit_poll(&k, FEED);
	assert_int_equal(k.report.near, 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM near_miss"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert"), 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM outbox"), 0);
}

static void
copies_from_two_sources_are_one_story_and_two_keys_of_one_are_not(void **state)
{
	Nw__Article *art;

	(void)state;
	first_contact();
	kit_batch(&k);
	for (int i = 0; i < 2; i++) {
		art = kit_article(&k, i ? "a" : "b", i ? "http://example.org/a" : "http://example.org/b",
		    "Copy", "Treaty.");
		art->simhash = UINT64_C(0x123456789abcdef0);
		kit_alert(&k, art, 0, "Treaty");
	}
	kit_poll(&k, FEED);
	kit_source(&k, "gov", "http://gov.org/feed");
	k.policy.backfill = NW_STORE_BACKFILL_ALERT;
	kit_batch(&k);
	art = kit_article(&k, "c", "http://gov.org/c", "Copy", "Treaty.");
	art->simhash = UINT64_C(0x123456789abcdef3);
	kit_alert(&k, art, 0, "Treaty");
	kit_poll(&k, "http://gov.org/feed");
	assert_int_equal(
	    kit_count(&k, "SELECT count(DISTINCT story) FROM article WHERE story IS NOT NULL"), 2);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert"), 3);
	assert_int_equal(kit_count(&k, "SELECT (SELECT story FROM article WHERE guid = 'c') IN (SELECT id "
				       "FROM article WHERE guid IN ('a', 'b'))"),
	    1);
}

static void
different_announcement_numbers_are_different_stories(void **state)
{
	static const char *const url[] = {FEED, "http://gov.org/feed"};

	(void)state;
	first_contact();
	k.policy.backfill = NW_STORE_BACKFILL_ALERT;
	for (int i = 0; i < 2; i++) {
		Nw__Article *art;

		if (i == 1)
			kit_source(&k, "gov", url[1]);
		kit_batch(&k);
		art = kit_article(
		    &k, "n", i ? "http://gov.org/n" : "http://example.org/n", "Announcement", "Treaty.");
		art->simhash = UINT64_C(0x123456789abcdef0);
		art->number = nw_pb(i ? NW_STR("No. 2") : NW_STR("No. 1"));
		kit_alert(&k, art, 0, "Treaty");
		kit_poll(&k, url[i]);
	}
	assert_int_equal(
	    kit_count(&k, "SELECT count(DISTINCT story) FROM article WHERE story IS NOT NULL"), 2);
}

/* One announcement at a source of its own. */
static void
announce(const char *source, const char *body, uint64_t simhash)
{
	char url[64];
	Nw__Article *art;

	snprintf(url, sizeof(url), "http://%s.org/feed", source);
	kit_source(&k, source, url);
	kit_batch(&k);
	art =
	    kit_article(&k, source, nw_arena_printf(k.a, "http://%s.org/n", source).p, "Announcement", body);
	art->simhash = simhash;
	art->number = nw_pb(NW_STR("No. 7 of 2026"));
	kit_poll(&k, url);
}

static void
copies_of_one_announcement_that_differ_are_a_conflict(void **state)
{
	(void)state;
	announce("mofcom", "Export of gallium is forbidden from 1 May.", 0xff00);
	assert_int_equal(k.report.conflicts, 0);
	announce(
	    "mfa2", "Export of Gallium is  forbidden from 1 May", 0xff00); /* the same but for its looks */
	assert_int_equal(k.report.conflicts, 0);
	announce("gov", "Export of gallium is forbidden from 1 June.", 0xff01);
	assert_int_equal(k.report.conflicts, 2);
	announce("customs", "Quite another text under that number.",
	    UINT64_C(0xffffffff00000000)); /* of another office */
	assert_int_equal(k.report.conflicts, 0);
	assert_int_equal(
	    kit_count(&k, "SELECT count(*) FROM event WHERE kind = 'conflict' AND text LIKE '%No. 7%gov%'"),
	    2);
}

static void
the_bytes_are_kept_where_an_alert_cites_them(void **state)
{
	(void)state;
	first_contact();
	kit_batch(&k);
	kit_article(&k, "g1", "http://example.org/1", "Nothing", "Nothing.");
	k.m->document->zbody = nw_pb(NW_STR("zzz"));
	kit_poll(&k, FEED);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM document WHERE zbody IS NOT NULL"), 0);
	k.now_ms += KIT_HOUR;
	kit_batch(&k);
	kit_alert(&k, kit_article(&k, "g2", "http://example.org/2", "Treaty", "The treaty."), 0, "treaty");
	k.m->document->zbody = nw_pb(NW_STR("zzz"));
	kit_poll(&k, FEED);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM document WHERE zbody IS NOT NULL"), 1);
	/* an edit's bytes are kept until it is matched, and then only if they are cited */
	k.now_ms += KIT_HOUR;
	kit_batch(&k);
	kit_article(&k, "g1", "http://example.org/1", "Nothing", "Still nothing.")->unmatched = 1;
	k.m->document->zbody = nw_pb(NW_STR("zzz"));
	kit_poll(&k, FEED);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM document WHERE zbody IS NOT NULL"), 2);
	match_all(NULL);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM document WHERE zbody IS NOT NULL"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(new_article_is_stored_with_tags_alert_and_outbox),
	    TEST(the_same_commit_twice_changes_nothing),
	    TEST(first_contact_mutes_what_is_old_and_lets_todays_through),
	    TEST(backfill_can_alert_everything),
	    TEST(with_an_age_what_is_older_never_alerts),
	    TEST(an_incomplete_document_moves_no_validators_and_is_no_first_contact),
	    TEST(a_new_guid_under_the_same_link_and_title_is_the_same_article),
	    TEST(a_guid_used_again_for_another_article_is_kept_apart),
	    TEST(items_that_share_one_guid_are_all_seen_and_seen_once),
	    TEST(the_way_of_naming_is_decided_once),
	    TEST(an_item_that_stands_twice_in_a_document_is_one_article),
	    TEST(a_site_that_moves_all_its_addresses_alerts_nothing),
	    TEST(a_recurring_title_is_no_churn),
	    TEST(an_item_that_slides_back_after_a_year_is_old),
	    TEST(an_edit_is_a_second_revision_and_is_matched_with_the_first),
	    TEST(a_further_edit_alerts_again_only_for_new_evidence),
	    TEST(on_revision_can_be_always_or_never),
	    TEST(an_article_of_which_only_seen_knew_is_matched_later),
	    TEST(a_listed_article_waits_for_its_page_and_its_first_text_is_revision_1),
	    TEST(after_a_quarter_of_an_hour_title_and_summary_are_matched_provisionally),
	    TEST(the_text_alerts_again_after_a_provisional_alert_when_it_has_more),
	    TEST(a_page_that_is_gone_for_good_leaves_title_and_summary_final),
	    TEST(a_page_that_fails_again_and_again_is_given_up),
	    TEST(a_teaser_never_overwrites_the_text_but_brings_the_page_forward),
	    TEST(a_page_is_looked_at_again_at_growing_intervals_and_then_no_more),
	    TEST(a_page_that_vanishes_and_returns_is_two_events),
	    TEST(a_page_that_a_listing_only_names_becomes_an_article_of_its_own),
	    TEST(a_second_look_that_finds_the_same_article_is_no_failure),
	    TEST(of_a_page_with_several_articles_only_its_own_counts),
	    TEST(the_newest_date_of_the_better_origin_stands),
	    TEST(an_alert_of_no_entry_is_refused_whole),
	    TEST(the_envelope_limits_severity_sources_state_and_time),
	    TEST(what_was_read_before_its_source_was_renamed_alerts_by_the_watches_of_then),
	    TEST(a_near_miss_is_kept_and_never_sent),
	    TEST(copies_from_two_sources_are_one_story_and_two_keys_of_one_are_not),
	    TEST(different_announcement_numbers_are_different_stories),
	    TEST(copies_of_one_announcement_that_differ_are_a_conflict),
	    TEST(the_bytes_are_kept_where_an_alert_cites_them),
	};

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	kit_in_parts = 1; /* the same facts of answers that came in parts */
	return failed + cmocka_run_group_tests_name("in parts", tests, NULL, NULL);
}
