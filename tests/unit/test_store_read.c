/* What the reading commands see, backup, restore, check, retention. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>
#include <zlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/frame.h"
#include "core/limits.h"
#include "store/store_admin.h"
#include "store/store_config.h"
#include "store/store_outbox.h"
#include "store/store_read.h"
#include "store/store_tell.h"
#include "store_kit.h"

#define FEED "http://example.org/feed"

static struct kit k;
static const struct nw_store_filter any = {.since_ms = NW_TIME_NONE, .until_ms = NW_TIME_NONE};

static int
setup(void **state)
{
	struct nw_store_watch_text w = {NW_STR("treaties"), NW_STR("treaty OR treaties"), 1};
	struct nw_err err;
	Nw__Article *art;

	(void)state;
	kit_open(&k);
	k.policy.backfill = NW_STORE_BACKFILL_ALERT;
	kit_source(&k, "mfa", FEED);
	assert_int_equal(nw_store_watch_sync(k.st, &w, 1, NW_STR("root"), NW_STR("start"), k.now_ms - 1,
			     &k.watch[0].version, &err),
	    0);
	kit_batch(&k);
	art = kit_article(
	    &k, "g1", "http://example.org/1", "Talks held", "They met. The two sides renewed the treaty.");
	art->number = nw_pb(NW_STR("No. 7 of 2023"));
	kit_tag(&k, art, "treaties", "news");
	kit_alert(&k, art, 0, "renewed the treaty");
	art = kit_article(&k, "g2", "http://example.org/2", "Nothing", "It rained.");
	kit_article(&k, "g3", "http://example.org/3", "Nearly", "A treaty port.");
	kit_alert(&k, k.m->articles[2], 0, "treaty")->near = 1;
	k.poll.headers = NW_STR("Content-Type: text/xml\n");
	kit_poll(&k, FEED);
	k.now_ms += KIT_HOUR;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	kit_close(&k);
	return 0;
}

/* The last row of a list, and how many there were. */
static struct nw_store_alert_row last_alert;
static struct nw_store_delivery_row last_delivery;
static struct nw_store_event_row last_event;
static struct nw_store_article_row last_article;
static struct nw_store_source_row last_source;
static char last_text[8][512];
static uint32_t last_ok[8];
static uint32_t last_station[8];
static int rows;

static int
on_alert(void *cookie, const struct nw_store_alert_row *r)
{
	(void)cookie;
	rows++;
	last_alert = *r;
	snprintf(last_text[0], sizeof(last_text[0]), "%s", r->id.p);
	snprintf(last_text[1], sizeof(last_text[1]), "%s", r->title.p);
	snprintf(last_text[2], sizeof(last_text[2]), "%s", r->state.p);
	return 0;
}

static int
on_delivery(void *cookie, const struct nw_store_delivery_row *r)
{
	(void)cookie;
	rows++;
	last_delivery = *r;
	snprintf(last_text[0], sizeof(last_text[0]), "%s", r->state.p);
	return 0;
}

static int
on_event(void *cookie, const struct nw_store_event_row *r)
{
	(void)cookie;
	rows++;
	last_event = *r;
	snprintf(last_text[0], sizeof(last_text[0]), "%s", r->kind.p);
	return 0;
}

static int
on_article(void *cookie, const struct nw_store_article_row *r)
{
	(void)cookie;
	rows++;
	last_article = *r;
	snprintf(last_text[0], sizeof(last_text[0]), "%s", r->title.p);
	return 0;
}

static int
on_source(void *cookie, const struct nw_store_source_row *r)
{
	(void)cookie;
	rows++;
	last_source = *r;
	snprintf(last_text[0], sizeof(last_text[0]), "%s", r->identity.p);
	return 0;
}

static int
on_step(void *cookie, const struct nw_store_step *s)
{
	(void)cookie;
	if (rows < 8) {
		snprintf(last_text[rows], sizeof(last_text[0]), "%s", s->text.p);
		last_ok[rows] = s->ok;
		last_station[rows] = s->station;
	}
	rows++;
	return 0;
}

static int
on_first(void *cookie, const struct nw_store_article_row *r)
{
	(void)cookie;
	(void)r;
	rows++;
	return 1;
}

static void
deliver(uint32_t result)
{
	static const struct nw_str to = {"a@example.org", 13};
	Nw__Message m = NW__MESSAGE__INIT;
	struct nw_store_outcome o = {result, 550, NW_STR("no such user"), 0, 0};
	struct nw_store_delivery *d;
	struct nw_store_render *r;
	struct nw_store_group *g;
	struct nw_err err;
	char id[NW_STORE_ID_LEN + 1];
	uint32_t n = 0;

	assert_int_equal(nw_store_group_due(k.st, k.now_ms, 9, k.a, &g, &n, &err), 0);
	assert_int_equal(n, 1);
	assert_int_equal(nw_store_group_message(k.st, g, &to, 1, k.now_ms, id, &err), 1);
	assert_int_equal(nw_store_render_claim(k.st, k.now_ms, k.a, &r, &err), 1);
	m.subject = nw_pb(NW_STR("Talks"));
	assert_int_equal(nw_store_render_done(k.st, r->id, &m, k.now_ms, &err), 0);
	if (result == UINT32_MAX)
		return;
	assert_int_equal(nw_store_delivery_claim(k.st, NW_STR("desk"), k.now_ms, 1000, k.a, &d, &err), 1);
	assert_int_equal(nw_store_delivery_done(k.st, d->id, &o, k.now_ms, NULL, &err), 0);
}

/* --- lists ------------------------------------------------------------------------------------------------------ */

static void
the_status_counts_what_stands_where(void **state)
{
	struct nw_store_counts c;
	struct nw_err err;

	(void)state;
	assert_int_equal(nw_store_counts(k.st, k.now_ms, &c, &err), 0);
	assert_int_equal(c.sources, 1);
	assert_int_equal(c.sources_failing, 0);
	assert_int_equal(c.articles, 3);
	assert_int_equal(c.articles_day, 3);
	assert_int_equal(c.alerts, 1);
	assert_int_equal(c.alerts_day, 1);
	assert_int_equal(c.near_misses, 1);
	assert_int_equal(c.outbox_waiting, 1);
	assert_int_equal(c.oldest_undelivered_ms, KIT_T0);
	assert_int_equal(c.targets_overdue, 1);
	deliver(NW_STORE_SENT);
	assert_int_equal(nw_store_counts(k.st, k.now_ms + 2 * KIT_DAY, &c, &err), 0);
	assert_int_equal(c.delivered, 1);
	assert_int_equal(c.delivered_day, 0);
	assert_int_equal(c.articles_day, 0);
	assert_int_equal(c.oldest_undelivered_ms, NW_TIME_NONE);
}

static void
alerts_are_listed_by_filter_and_page(void **state)
{
	struct nw_store_filter f = any;
	struct nw_err err;

	(void)state;
	rows = 0;
	assert_int_equal(nw_store_alerts(k.st, &f, on_alert, NULL, &err), 0);
	assert_int_equal(rows, 1);
	assert_string_equal(last_text[1], "Talks held");
	assert_string_equal(last_text[2], "live");
	assert_int_equal(last_alert.revision_n, 1);
	f.watch = NW_STR("sanctions");
	assert_int_equal(nw_store_alerts(k.st, &f, on_alert, NULL, &err), 0);
	assert_int_equal(rows, 1);
	f = any;
	f.before = last_alert.seq;
	assert_int_equal(nw_store_alerts(k.st, &f, on_alert, NULL, &err), 0);
	assert_int_equal(rows, 1);
	f = any;
	f.since_ms = k.now_ms;
	assert_int_equal(nw_store_alerts(k.st, &f, on_alert, NULL, &err), 0);
	assert_int_equal(rows, 1);
	assert_int_equal(nw_store_near_misses(k.st, &any, on_alert, NULL, &err), 0);
	assert_int_equal(rows, 2);
	assert_string_equal(last_text[1], "Nearly");
	rows = 0;
	assert_int_equal(nw_store_unacked(k.st, &any, NW_SEV_NORMAL, on_alert, NULL, &err), 0);
	assert_int_equal(nw_store_unacked(k.st, &any, NW_SEV_HIGH, on_alert, NULL, &err), 0);
	assert_int_equal(rows, 1);
	assert_int_equal(
	    nw_store_ack(k.st, nw_str(last_text[0]), NW_STR("anna"), NW_STR(""), k.now_ms, &err), 1);
	assert_int_equal(nw_store_unacked(k.st, &any, NW_SEV_INFO, on_alert, NULL, &err), 0);
	assert_int_equal(rows, 1);
}

static void
the_proof_of_an_alert_is_whole(void **state)
{
	struct nw_store_proof *p;
	struct nw_str id;
	struct nw_err err;
	char text[NW_STORE_ID_LEN + 1];

	(void)state;
	kit_text(&k, "SELECT id FROM alert", text, sizeof(text));
	id = (struct nw_str){text, 10};
	assert_int_equal(nw_store_proof(k.st, id, k.a, &p, &err), 1);
	assert_string_equal(p->row.id.p, text);
	assert_string_equal(p->watch_text.p, "treaty OR treaties");
	assert_string_equal(p->document_headers.p, "Content-Type: text/xml\n");
	assert_int_equal(p->document_sha256.len, 32);
	assert_int_equal(p->article->n_tags, 1);
	assert_memory_equal(p->article->body.data + p->alert->hits[0]->off, "renewed the treaty", 18);
	assert_string_equal((char *)p->alert->clause[0].data, "renewed the treaty");
	kit_text(&k, "SELECT id FROM near_miss", text, sizeof(text));
	assert_int_equal(nw_store_proof(k.st, nw_str(text), k.a, &p, &err), 1);
	assert_string_equal(p->row.state.p, "near");
	assert_int_equal(nw_store_proof(k.st, NW_STR("ffffff"), k.a, &p, &err), 0);
}

static void
kept_bytes_come_back_as_they_were(void **state)
{
	struct nw_store_proof *p;
	struct nw_bytes body;
	struct nw_err err;
	char text[NW_STORE_ID_LEN + 1], big[100000];
	uLongf zlen = compressBound(sizeof(big));
	uint8_t *z = nw_arena_alloc(k.a, zlen);

	(void)state;
	memset(big, 'b', sizeof(big));
	assert_int_equal(compress2(z, &zlen, (uint8_t *)big, sizeof(big), 1), Z_OK);
	kit_batch(&k);
	kit_alert(&k, kit_article(&k, "g9", "http://example.org/9", "Kept", "A treaty."), 0, "treaty");
	k.m->document->zbody = (ProtobufCBinaryData){zlen, z};
	kit_poll(&k, FEED);
	kit_text(&k, "SELECT id FROM alert ORDER BY seq DESC", text, sizeof(text));
	assert_int_equal(nw_store_proof(k.st, nw_str(text), k.a, &p, &err), 1);
	assert_int_equal(p->document_kept, 1);
	assert_int_equal(nw_store_document(k.st, p->document_sha256, k.a, &body, &err), 1);
	assert_int_equal(body.len, sizeof(big));
	assert_memory_equal(body.p, big, sizeof(big));
}

static void
articles_are_found_by_url_guid_and_number(void **state)
{
	static const char *const how[] = {
	    "http://example.org/1", "https://EXAMPLE.org/1#x", "g1", "No. 7 of 2023"};
	struct nw_store_filter f = any;
	struct nw_err err;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		rows = 0;
		f.text = nw_str(how[i]);
		assert_int_equal(nw_store_articles(k.st, &f, on_article, NULL, &err), 0);
		assert_int_equal(rows, 1);
		assert_string_equal(last_text[0], "Talks held");
	}
	rows = 0;
	assert_int_equal(nw_store_articles(k.st, &any, on_article, NULL, &err), 0);
	assert_int_equal(rows, 3);
	rows = 0;
	assert_int_equal(nw_store_articles(k.st, &any, on_first, NULL, &err), 0);
	assert_int_equal(rows, 1);
}

static int
on_revision(void *cookie, const struct nw_store_revision_row *r)
{
	int64_t *sum = cookie;

	*sum += r->id;
	assert_true(r->m->title.len > 0);
	assert_int_equal(r->current, 1);
	return 0;
}

static void
revisions_come_in_the_order_of_their_ids(void **state)
{
	int64_t sum = 0, last = 0, since = 0;
	struct nw_err err;

	(void)state;
	assert_int_equal(nw_store_revision_last(k.st, &last, &err), 0);
	assert_int_equal(last, 3);
	assert_int_equal(
	    nw_store_revisions(k.st, 1, last, 0, NW_STORE_WITH_TAGS, on_revision, &sum, &err), 0);
	assert_int_equal(sum, 5);
	assert_int_equal(
	    nw_store_revision(k.st, 1, NW_STORE_WITH_TAGS | NW_STORE_WITH_PREV, on_revision, &sum, &err), 1);
	assert_int_equal(nw_store_revision(k.st, 99, 0, on_revision, &sum, &err), 0);
	assert_int_equal(sum, 6);
	assert_int_equal(nw_store_revision_since(k.st, k.now_ms, &since, &err), 0);
	assert_int_equal(since, 0);
	kit_batch(&k);
	kit_article(&k, "g9", "http://example.org/9", "Later", "Text.");
	kit_poll(&k, FEED);
	assert_int_equal(nw_store_revision_since(k.st, k.now_ms, &since, &err), 0);
	assert_int_equal(since, 4);
	assert_int_equal(nw_store_revision_since(k.st, KIT_T0 - 1, &since, &err), 0);
	assert_int_equal(since, 1);
}

static void
sources_deliveries_events_conditions_are_listed(void **state)
{
	static const struct nw_str desk = {"desk", 4};
	struct nw_store_notice n = {.key = NW_STR("silent/mfa"),
	    .source = NW_STR("mfa"),
	    .subject = NW_STR("silent"),
	    .text = NW_STR("t"),
	    .channels = &desk,
	    .nchannels = 1};
	struct nw_store_filter f = any;
	struct nw_err err;
	char id[NW_STORE_ID_LEN + 1];

	(void)state;
	rows = 0;
	assert_int_equal(nw_store_sources(k.st, &f, on_source, NULL, &err), 0);
	assert_int_equal(rows, 1);
	assert_string_equal(last_text[0], "guid");
	assert_int_equal(last_source.articles, 3);
	assert_int_equal(last_source.items_usual, 3);
	f.state = NW_STR("failing");
	assert_int_equal(nw_store_sources(k.st, &f, on_source, NULL, &err), 0);
	assert_int_equal(rows, 1);
	deliver(NW_STORE_REJECTED);
	rows = 0;
	f = any;
	kit_text(&k, "SELECT id FROM alert", id, sizeof(id));
	f.text = nw_str(id);
	f.state = NW_STR("failed");
	assert_int_equal(nw_store_deliveries(k.st, &f, on_delivery, NULL, &err), 0);
	assert_int_equal(rows, 1);
	assert_int_equal(last_delivery.last_code, 550);
	f.text = NW_STR("no id");
	assert_int_equal(nw_store_deliveries(k.st, &f, on_delivery, NULL, &err), -1);
	assert_int_equal(err.code, NW_EINPUT);
	rows = 0;
	f = any;
	f.kind = NW_STR("failed");
	assert_int_equal(nw_store_events(k.st, &f, on_event, NULL, &err), 0);
	assert_int_equal(rows, 1);
	assert_int_equal(nw_store_condition_raise(k.st, &n, k.now_ms, &err), 1);
	rows = 0;
	f = any;
	f.state = NW_STR("operator");
	assert_int_equal(nw_store_alerts(k.st, &f, on_alert, NULL, &err), 0);
	assert_int_equal(rows, 1);
}

/* --- explain ---------------------------------------------------------------------------------------------------- */

static int
explain(const char *article, const char *watch)
{
	struct nw_err err;

	rows = 0;
	return nw_store_explain(k.st, nw_str(article), nw_str(watch), k.now_ms, on_step, NULL, &err);
}

/* The first station that stopped it, in words. */
static const char *
stopped_at(uint32_t station)
{
	for (int i = 0; i < rows && i < 8; i++)
		if (!last_ok[i]) {
			assert_int_equal(last_station[i], station);
			return last_text[i];
		}
	fail_msg("nothing stopped it");
	return "";
}

static void
explain_names_the_first_station_that_stopped_it(void **state)
{
	(void)state;
	assert_int_equal(explain("http://example.org/nowhere", "treaties"), 0);
	assert_non_null(strstr(stopped_at(NW_STORE_AT_LISTED), "no source has listed it"));
	assert_int_equal(explain("http://elsewhere.org/x", "treaties"), 0);
	assert_non_null(strstr(stopped_at(NW_STORE_AT_LISTED), "none watches its host"));
	assert_int_equal(explain("http://example.org/2", "treaties"), 1);
	assert_non_null(strstr(stopped_at(NW_STORE_AT_FIRED), "does not hold"));
	assert_int_equal(explain("http://example.org/3", "treaties"), 1);
	assert_non_null(strstr(stopped_at(NW_STORE_AT_FIRED), "only a negative clause"));
	assert_int_equal(explain("http://example.org/2", "unheard-of"), 1);
	assert_non_null(strstr(stopped_at(NW_STORE_AT_MATCHED), "never been a watch"));
	assert_int_equal(explain("http://example.org/1", "treaties"), 1);
	assert_non_null(strstr(stopped_at(NW_STORE_AT_OUTBOX), "waits for channel desk"));
	deliver(NW_STORE_REJECTED);
	assert_int_equal(explain("http://example.org/1", "treaties"), 1);
	assert_int_equal(rows, 10);
}

static void
explain_tells_of_pages_to_come_and_muted_alerts(void **state)
{
	Nw__Article *art;

	(void)state;
	kit_batch(&k);
	art = kit_article(&k, "g9", "http://example.org/9", "Teaser of a treaty", "");
	art->flags = NW_ARTICLE_TEASER;
	kit_poll(&k, FEED);
	assert_int_equal(explain("http://example.org/9", "treaties"), 1);
	assert_non_null(strstr(stopped_at(NW_STORE_AT_FETCHED), "still to be read"));
	k.now_ms += KIT_HOUR;
	k.watch[0].state = NW_STORE_SHADOW;
	kit_batch(&k);
	kit_alert(&k, kit_article(&k, "g8", "http://example.org/8", "Shadow", "A treaty."), 0, "treaty");
	kit_poll(&k, FEED);
	assert_int_equal(explain("http://example.org/8", "treaties"), 1);
	assert_non_null(strstr(stopped_at(NW_STORE_AT_LIVE), "state shadow"));
}

static void
explain_tells_of_a_watch_that_had_expired_and_no_list_shows_it(void **state)
{
	int64_t before = kit_count(&k, "SELECT count(*) FROM alert"), near = kit_count(&k, "SELECT count(*) FROM near_miss");
	Nw__Article *art;

	(void)state;
	k.watch[0].expires_ms = k.now_ms;
	kit_batch(&k);
	kit_alert(&k, kit_article(&k, "g8", "http://example.org/8", "Too late", "A treaty."), 0, "treaty");
	art = kit_article(&k, "g9", "http://example.org/9", "Nearly", "A treaty.");
	kit_alert(&k, art, 0, "treaty")->near = 1;
	kit_poll(&k, FEED);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert"), before);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM near_miss"), near);
	assert_int_equal(explain("http://example.org/8", "treaties"), 1);
	assert_non_null(strstr(stopped_at(NW_STORE_AT_LIVE), "had expired"));
	assert_int_equal(explain("http://example.org/8", "sanctions"), 1);
	assert_null(strstr(last_text[rows < 8 ? rows - 1 : 7], "expired"));
}

/* --- backup, check, retention ----------------------------------------------------------------------------------- */

static void
a_backup_is_taken_while_running_and_never_over_a_file(void **state)
{
	struct nw_store_options o = {.mode = NW_STORE_READ};
	struct nw_store_counts c;
	struct nw_store *st;
	struct nw_err err;
	char to[128];

	(void)state;
	snprintf(to, sizeof(to), "%s/copy.db", k.dir);
	assert_int_equal(nw_store_backup(k.st, to, &err), 0);
	assert_int_equal(nw_store_backup(k.st, to, &err), -1);
	o.path = to;
	assert_int_equal(nw_store_open(&o, &st, NULL, &err), 0);
	assert_int_equal(nw_store_counts(st, k.now_ms, &c, &err), 0);
	assert_int_equal(c.articles, 3);
	nw_store_close(st);
}

static void
after_a_restore_what_may_have_been_delivered_is_held(void **state)
{
	struct nw_store_delivery *d;
	struct nw_err err;
	char from[128];
	uint32_t held = 0;

	(void)state;
	deliver(UINT32_MAX);
	snprintf(from, sizeof(from), "%s/copy.db", k.dir);
	assert_int_equal(nw_store_backup(k.st, from, &err), 0);
	assert_int_equal(nw_store_restore(k.path, from, k.now_ms, &held, &err), -1); /* the daemon runs */
	kit_batch(&k);
	kit_article(&k, "g9", "http://example.org/9", "After the backup", "Text.");
	kit_poll(&k, FEED);
	nw_store_close(k.st);
	k.st = NULL;
	assert_int_equal(nw_store_restore(k.path, from, k.now_ms, &held, &err), 0);
	assert_int_equal(held, 1);
	kit_reopen(&k);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM article"), 3);
	assert_int_equal(
	    nw_store_delivery_claim(k.st, NW_STR("desk"), k.now_ms + KIT_DAY, 1000, k.a, &d, &err), 0);
	assert_int_equal(nw_store_channel_release(k.st, NW_STR("desk"), k.now_ms, &held, &err), 0);
	assert_int_equal(nw_store_delivery_claim(k.st, NW_STR("desk"), k.now_ms, 1000, k.a, &d, &err), 1);
}

static void
what_a_backup_had_in_its_outbox_becomes_held_and_what_came_later_does_not(void **state)
{
	struct nw_err err;
	char from[128];
	uint32_t held = 0, n = 0;

	(void)state;
	snprintf(from, sizeof(from), "%s/copy.db", k.dir);
	assert_int_equal(nw_store_backup(k.st, from, &err), 0); /* the alert is in no message yet */
	nw_store_close(k.st);
	k.st = NULL;
	assert_int_equal(nw_store_restore(k.path, from, k.now_ms, &held, &err), 0);
	assert_int_equal(held, 1);
	kit_reopen(&k);
	deliver(UINT32_MAX);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM delivery WHERE state = 'held'"), 1);
	k.now_ms += 2 * KIT_HOUR;
	kit_batch(&k);
	kit_alert(&k, kit_article(&k, "g8", "http://example.org/8", "After", "A treaty."), 0, "treaty");
	kit_poll(&k, FEED);
	deliver(UINT32_MAX);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM delivery WHERE state = 'pending'"), 1);
	assert_int_equal(nw_store_resend_state(k.st, NW_STR("delivered"), NW_STR(""), NW_STR("anna"), k.now_ms, &n, &err), -1);
	assert_int_equal(nw_store_resend_state(k.st, NW_STR("held"), NW_STR("hub"), NW_STR("anna"), k.now_ms, &n, &err), 0);
	assert_int_equal(n, 0);
	assert_int_equal(nw_store_resend_state(k.st, NW_STR("held"), NW_STR("desk"), NW_STR("anna"), k.now_ms, &n, &err), 0);
	assert_int_equal(n, 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM event WHERE kind = 'resent' AND text = 'anna'"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM delivery WHERE state = 'held'"), 0);
}

static void
a_restore_that_broke_off_is_never_taken_for_a_first_start(void **state)
{
	struct nw_store_options o = {.path = k.path, .mode = NW_STORE_WRITE, .now_ms = k.now_ms};
	struct nw_store *st = NULL;
	struct nw_err err;
	char from[128], aside[128], half[128];
	uint32_t held = 0;

	(void)state;
	snprintf(from, sizeof(from), "%s/copy.db", k.dir);
	snprintf(aside, sizeof(aside), "%s.gone", k.path);
	snprintf(half, sizeof(half), "%s.restoring", k.path);
	assert_int_equal(nw_store_backup(k.st, from, &err), 0);
	nw_store_close(k.st);
	k.st = NULL;
	assert_int_equal(rename(k.path, aside), 0);
	assert_int_equal(rename(from, half), 0);
	assert_int_equal(nw_store_open(&o, &st, NULL, &err), -1);
	assert_non_null(strstr(err.msg, "restore"));
	assert_int_equal(rename(half, from), 0);
	assert_int_equal(nw_store_restore(k.path, from, k.now_ms, &held, &err), 0);
	kit_reopen(&k);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM article"), 3);
}

static int findings;
static char finding[512];

static void
on_finding(void *cookie, const char *text)
{
	(void)cookie;
	findings++;
	snprintf(finding, sizeof(finding), "%s", text);
}

static void
the_check_finds_broken_promises_and_repair_mends_what_it_can(void **state)
{
	struct nw_err err;
	Nw__Article *art;

	(void)state;
	findings = 0;
	assert_int_equal(nw_store_check(k.st, on_finding, NULL, &err), 0);
	kit_count(&k, "DELETE FROM outbox");
	assert_int_equal(nw_store_check(k.st, on_finding, NULL, &err), 1);
	assert_int_equal(findings, 1);
	assert_non_null(strstr(finding, "stands in no outbox"));
	kit_count(&k, "UPDATE alert SET state = 'muted'");
	kit_batch(&k);
	art = kit_article(&k, "g9", "http://example.org/9", "Teaser of a treaty", "");
	art->flags = NW_ARTICLE_TEASER;
	kit_poll(&k, FEED);
	kit_count(&k, "DELETE FROM target WHERE kind = 2");
	assert_int_equal(nw_store_check(k.st, on_finding, NULL, &err), 1);
	assert_non_null(strstr(finding, "which no target reads"));
	nw_store_close(k.st);
	k.st = NULL;
	assert_int_equal(nw_store_repair(k.path, k.now_ms, on_finding, NULL, &err), 0);
	assert_non_null(strstr(finding, "mended: 1 articles"));
	kit_reopen(&k);
	assert_int_equal(
	    kit_count(&k, "SELECT count(*) FROM article WHERE state = 'summary' AND match_at IS NOT NULL"),
	    1);
}

static void
retention_spares_what_is_cited_and_keeps_all_keys(void **state)
{
	struct nw_store_retention r = {.text_before_ms = k.now_ms,
	    .alerts_before_ms = NW_TIME_NONE,
	    .events_before_ms = NW_TIME_NONE,
	    .max = 100};
	struct nw_err err;
	uint32_t n = 0;

	(void)state;
	assert_int_equal(nw_store_retain(k.st, &r, &n, &err), 0);
	assert_int_equal(n, 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM revision WHERE body = ''"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM article"), 3);
	/* an undelivered alert stays, a delivered one goes with all that hangs on it */
	r.alerts_before_ms = k.now_ms;
	assert_int_equal(nw_store_retain(k.st, &r, &n, &err), 0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM alert"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM near_miss"), 0);
	deliver(NW_STORE_SENT);
	r.alerts_before_ms = r.text_before_ms = r.events_before_ms = k.now_ms + KIT_DAY;
	assert_int_equal(nw_store_retain(k.st, &r, &n, &err), 0);
	assert_int_equal(kit_count(&k, "SELECT (SELECT count(*) FROM alert) + (SELECT count(*) FROM outbox) +"
				       " (SELECT count(*) FROM delivery) + (SELECT count(*) FROM message)"),
	    0);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
	/* nothing of it is new when it slides back */
	kit_batch(&k);
	kit_article(
	    &k, "g1", "http://example.org/1", "Talks held", "They met. The two sides renewed the treaty.");
	kit_poll(&k, FEED);
	assert_int_equal(k.report.articles, 0);
	assert_int_equal(k.report.revisions, 0);
}

static void
retention_works_in_small_portions(void **state)
{
	struct nw_store_retention r = {.text_before_ms = 0,
	    .alerts_before_ms = NW_TIME_NONE,
	    .events_before_ms = NW_TIME_NONE,
	    .max = 10};
	struct nw_err err;
	uint32_t n = 0, sum = 0;
	char guid[32], url[64];

	(void)state;
	kit_batch(&k);
	for (int i = 0; i < 35; i++) {
		snprintf(guid, sizeof(guid), "x%d", i);
		snprintf(url, sizeof(url), "http://example.org/x%d", i);
		kit_article(&k, guid, url, guid, "Text.");
	}
	kit_poll(&k, FEED);
	r.text_before_ms = k.now_ms + 1;
	while (nw_store_retain(k.st, &r, &n, &err) == 1) {
		assert_int_equal(n, 10);
		sum += n;
	}
	assert_int_equal(sum + n, 36);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_status_counts_what_stands_where),
	    TEST(alerts_are_listed_by_filter_and_page),
	    TEST(the_proof_of_an_alert_is_whole),
	    TEST(kept_bytes_come_back_as_they_were),
	    TEST(articles_are_found_by_url_guid_and_number),
	    TEST(revisions_come_in_the_order_of_their_ids),
	    TEST(sources_deliveries_events_conditions_are_listed),
	    TEST(explain_names_the_first_station_that_stopped_it),
	    TEST(explain_tells_of_pages_to_come_and_muted_alerts),
	    TEST(explain_tells_of_a_watch_that_had_expired_and_no_list_shows_it),
	    TEST(a_backup_is_taken_while_running_and_never_over_a_file),
	    TEST(after_a_restore_what_may_have_been_delivered_is_held),
	    TEST(what_a_backup_had_in_its_outbox_becomes_held_and_what_came_later_does_not),
	    TEST(a_restore_that_broke_off_is_never_taken_for_a_first_start),
	    TEST(the_check_finds_broken_promises_and_repair_mends_what_it_can),
	    TEST(retention_spares_what_is_cited_and_keeps_all_keys),
	    TEST(retention_works_in_small_portions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
