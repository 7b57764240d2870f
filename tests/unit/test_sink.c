/* What a plugin hands over, right or wrong, as the batch keeps it: through the host table, as a plugin calls it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/batch.h"
#include "core/frame.h"
#include "worker/evidence.h"
#include "worker/host.h"
#include "worker/sink.h"

static struct nw_worker worker;
static struct nw_plugin plugin = {.name = "parser-test", .kind = NW_KIND_PARSER};
static struct nw_entry_info info[] = {{.section_index = 3, .severity = NW_SEV_HIGH}};
static struct nw_instance inst = {.worker = &worker, .plugin = &plugin, .index = 2, .nentry = 1, .info = info};
static struct nw_doc doc;
static struct nw_sink *sink;
static const struct nw_host *host = &nw_host_table;

static int
setup(void **state)
{
	(void)state;
	if ((sink = calloc(1, sizeof(*sink))) == NULL || nw_sink_begin(sink, &worker) == -1)
		return -1;
	doc = (struct nw_doc){.size = sizeof(doc), .url = NW_STR("https://example.org/a/"), .content_type = NW_STR(""),
	    .source = NW_STR("mfa"), .timezone = NW_STR(""), .lang = NW_STR(""), .charset = NW_STR("")};
	sink->doc = &doc;
	nw_sink_enter(sink, &inst, NW_PHASE_PARSE);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	nw_sink_done(sink);
	free(sink);
	return 0;
}

static struct nw_article
article(void)
{
	struct nw_article a = {.size = sizeof(a)};

	a.published.at_ms = a.updated.at_ms = NW_TIME_NONE;
	return a;
}

/* The article as it stands in the batch, which passes every check of the parent. */
static const Nw__Article *
kept(const struct nw_article *a)
{
	struct nw_err err = {0};

	assert_int_equal(host->add_article(sink, a), NW_OK);
	nw_sink_finish(sink);
	if (nw_batch_check(&sink->batch, &err) == -1)
		fail_msg("%s", err.msg);
	return sink->articles.p[sink->articles.n - 1];
}

static int
noted(const char *part)
{
	for (uint32_t i = 0; i < sink->nnotes; i++)
		if (strstr(nw_pb_str(sink->notes[i]).p, part) != NULL)
			return 1;
	return 0;
}

static void
an_empty_article_is_kept_as_nothing_not_as_null(void **state)
{
	struct nw_article a = article();
	const Nw__Article *k = kept(&a);

	(void)state;
	assert_int_equal(k->title.len, 0);
	assert_null(k->published);
	assert_string_equal(nw_pb_str(k->source).p, "mfa");
}

static void
html_becomes_text_and_is_sanitised_with_absolute_links(void **state)
{
	struct nw_article a = article();
	const Nw__Article *k;

	(void)state;
	a.url = NW_STR("https://example.org/b/1");
	a.title_html = NW_STR("Talks &amp;amp; <b>tea</b>\n");
	sink->html = 1;
	a.body_html = NW_STR("<p>one<script>x()</script></p><p><a href=\"../c\" onclick=\"y()\">two</a></p>");
	k = kept(&a);
	assert_string_equal(nw_pb_str(k->title).p, "Talks & tea");
	assert_string_equal(nw_pb_str(k->body).p, "one\n\ntwo");
	assert_null(strstr(nw_pb_str(k->body_html).p, "script"));
	assert_null(strstr(nw_pb_str(k->body_html).p, "onclick"));
	assert_non_null(strstr(nw_pb_str(k->body_html).p, "https://example.org/c"));
}

static void
html_is_sanitised_only_where_it_is_asked_for(void **state)
{
	struct nw_article a = article();
	const Nw__Article *k;

	(void)state;
	a.body_html = NW_STR("<p>one</p>");
	k = kept(&a);
	assert_string_equal(nw_pb_str(k->body).p, "one");
	assert_int_equal(k->body_html.len, 0);
}

static void
text_that_a_parser_gives_is_taken(void **state)
{
	struct nw_article a = article();
	const Nw__Article *k;

	(void)state;
	sink->html = 1;
	a.body = NW_STR("its own text");
	a.body_html = NW_STR("<p>another</p>");
	k = kept(&a);
	assert_string_equal(nw_pb_str(k->body).p, "its own text");
	assert_non_null(strstr(nw_pb_str(k->body_html).p, "another"));
}

static void
what_is_no_utf8_is_repaired(void **state)
{
	struct nw_article a = article();
	const Nw__Article *k;

	(void)state;
	a.title = (struct nw_str){"a\xff\0b", 4};
	a.body = (struct nw_str){"caf\xe9", 4};
	k = kept(&a);
	assert_string_equal(nw_pb_str(k->title).p, "a\xef\xbf\xbd\xef\xbf\xbd" "b");
	assert_string_equal(nw_pb_str(k->body).p, "caf\xef\xbf\xbd");
}

static void
a_title_is_one_line_and_has_its_limit(void **state)
{
	struct nw_article a = article();
	char *big = malloc(2 * NW_TITLE_MAX);

	(void)state;
	assert_non_null(big);
	a.title = NW_STR(" two\n\t words ");
	assert_string_equal(nw_pb_str(kept(&a)->title).p, "two words");
	memset(big, 'x', 2 * NW_TITLE_MAX);
	a.title = (struct nw_str){big, 2 * NW_TITLE_MAX};
	assert_int_equal(kept(&a)->title.len, NW_TITLE_MAX);
	assert_true(noted("title"));
	free(big);
}

static void
a_link_that_is_none_is_left_out_with_a_note(void **state)
{
	static const char *const bad[] = {"javascript:alert(1)", "file:///etc/passwd", "http://[::1", "data:text/html,x"};
	struct nw_article a = article();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		a.url = nw_str(bad[i]);
		assert_int_equal(kept(&a)->url.len, 0);
	}
	assert_true(noted("link"));
	a.url = NW_STR("x?y#z");
	assert_string_equal(nw_pb_str(kept(&a)->url).p, "https://example.org/a/x?y#z");
	a.url = NW_STR("https://m\xc3\xbcnchen.example/");
	assert_string_equal(nw_pb_str(kept(&a)->url).p, "https://xn--mnchen-3ya.example/");
}

static void
a_time_that_cannot_be_is_none(void **state)
{
	struct nw_article a = article();

	(void)state;
	a.published = (struct nw_time){INT64_MAX, NW_PREC_DAY, NW_ORIGIN_FEED};
	assert_null(kept(&a)->published);
	a.published = (struct nw_time){0, 77, NW_ORIGIN_FEED};
	assert_null(kept(&a)->published);
	a.published = (struct nw_time){0, NW_PREC_DAY, NW_ORIGIN_FEED};
	assert_non_null(kept(&a)->published);
}

static void
a_key_too_long_is_kept_as_its_digest(void **state)
{
	struct nw_article a = article();
	char big[NW_KEY_MAX + 1];

	(void)state;
	memset(big, 'k', sizeof(big));
	a.guid = (struct nw_str){big, sizeof(big)};
	assert_int_equal(kept(&a)->guid.len, 64);
}

static void
items_beyond_the_limit_are_left_out_with_one_note(void **state)
{
	struct nw_article a = article();

	(void)state;
	for (int i = 0; i < NW_ITEMS_MAX; i++)
		assert_int_equal(host->add_article(sink, &a), NW_OK);
	assert_int_equal(host->add_article(sink, &a), NW_ELIMIT);
	assert_int_equal(sink->articles.n, NW_ITEMS_MAX);
	assert_true(noted("beyond"));
}

static void
a_shorter_struct_of_an_older_release_is_read_as_far_as_it_goes(void **state)
{
	struct nw_article a = article();

	(void)state;
	a.title = NW_STR("old");
	a.html_base = (struct nw_str){(const char *)0x8, 99}; /* beyond its size: never read */
	a.size = offsetof(struct nw_article, html_base);
	a.body_html = NW_STR("<p><a href=x>y</a>");
	assert_string_equal(nw_pb_str(kept(&a)->title).p, "old");
}

static void
follow_ups_stand_once_and_are_resolved(void **state)
{
	(void)state;
	assert_int_equal(host->add_follow(sink, NW_STR("next"), NW_ROLE_LISTING), NW_OK);
	assert_int_equal(host->add_follow(sink, NW_STR("https://example.org/a/next"), NW_ROLE_LISTING), NW_OK);
	assert_int_equal(host->add_follow(sink, NW_STR("mailto:x@example.org"), NW_ROLE_LISTING), NW_EINPUT);
	assert_int_equal(sink->follow.n, 1);
}

static void
advice_is_kept_of_a_document_of_no_source_alone(void **state)
{
	(void)state;
	doc.source = NW_STR("");
	assert_int_equal(host->suggest(sink, "listing.min_items", NW_STR("5")), NW_OK);
	assert_int_equal(sink->hints.n, 1);
	doc.source = NW_STR("mfa");
	assert_int_equal(host->suggest(sink, "listing.min_items", NW_STR("5")), NW_OK);
	assert_int_equal(sink->hints.n, 1);
	doc.source = NW_STR("");
	for (int i = 1; i < NW_HINTS_MAX; i++)
		assert_int_equal(host->suggest(sink, "feed", NW_STR("https://example.org/rss")), NW_OK);
	assert_int_equal(host->suggest(sink, "feed", NW_STR("https://example.org/rss")), NW_ELIMIT);
	nw_sink_finish(sink);
	assert_int_equal(sink->document.n_hints, NW_HINTS_MAX);
}

static void
a_call_outside_its_operation_fails_it(void **state)
{
	struct nw_tag t = {.size = sizeof(t), .name = NW_STR("x")};

	(void)state;
	assert_int_equal(host->add_tag(sink, &t), NW_EPLUGIN);
	assert_true(sink->failed);
	assert_non_null(strstr(sink->err.msg, "add_tag"));
}

static void
the_first_failure_is_the_one_told(void **state)
{
	(void)state;
	assert_int_equal((host->fail)(sink, NW_EINPUT, "no %s here", "feed"), NW_EINPUT);
	assert_int_equal((host->fail)(sink, 12345, "second"), NW_EPLUGIN); /* no such code: the plugin's fault */
	assert_int_equal(sink->err.code, NW_EINPUT);
	assert_string_equal(sink->err.msg, "no feed here");
}

static void
notes_are_bounded_and_say_so(void **state)
{
	(void)state;
	for (int i = 0; i < 2 * NW_NOTES_MAX; i++)
		(void)host->note(sink, "note %d \xff", i);
	nw_sink_finish(sink);
	assert_int_equal(sink->batch.n_notes, NW_NOTES_MAX);
	assert_true(noted("left out"));
	assert_int_equal(nw_batch_check(&sink->batch, NULL), 0);
}

static void
scratch_memory_is_zeroed_and_capped(void **state)
{
	const char *p = host->alloc(sink, 1000);

	(void)state;
	assert_non_null(p);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(p[i], 0);
	assert_null(host->alloc(sink, (size_t)NW_SCRATCH_MAX + 1));
	assert_null(host->alloc(sink, SIZE_MAX));
}

/* --- evidence ----------------------------------------------------------------------------------------------------------- */

static void
hold(Nw__Article *a, struct nw_article *view, uint32_t phase)
{
	nw__article__init(a);
	a->title = nw_pb(NW_STR("Talks"));
	a->body = nw_pb(NW_STR("实施制裁。"));
	a->revision = 1;
	*view = article();
	sink->article = a;
	sink->view = view;
	nw_sink_enter(sink, &inst, phase);
}

static void
evidence_outside_its_field_is_left_out_and_clauses_are_kept_in_order_of_use(void **state)
{
	const struct nw_str clause[] = {NW_STR("unused"), NW_STR("b"), NW_STR("a")};
	const struct nw_hit hits[] = {
	    {.field = NW_FIELD_BODY, .off = 6, .len = 6, .passage_off = 0, .passage_len = 15, .clause = 2},
	    {.field = NW_FIELD_BODY, .off = 7, .len = 6, .passage_off = 0, .passage_len = 15, .clause = 2},
	    {.field = NW_FIELD_BODY, .off = 6, .len = 60, .passage_off = 0, .passage_len = 15, .clause = 2},
	    {.field = 99, .len = 1},
	    {.field = NW_FIELD_TITLE, .len = 5, .passage_len = 5, .clause = 1},
	};
	struct nw_alert alert = {.size = sizeof(alert), .severity = NW_SEV_CRITICAL, .nhits = 5, .nclause = 3, .hits = hits,
	    .clause = clause};
	struct nw_article view;
	const Nw__Alert *k;
	Nw__Article a;

	(void)state;
	hold(&a, &view, NW_PHASE_RULE);
	assert_int_equal(host->add_alert(sink, &alert), NW_OK);
	k = sink->alerts.p[0];
	assert_int_equal(k->plugin, 2);
	assert_int_equal(k->entry, 3);
	assert_int_equal(k->severity, NW_SEV_HIGH); /* no higher than its entry's */
	assert_int_equal(k->n_hits, 2);
	assert_int_equal(k->n_clause, 2);
	assert_string_equal(nw_pb_str(k->clause[k->hits[0]->clause]).p, "a");
	assert_string_equal(nw_pb_str(k->clause[k->hits[1]->clause]).p, "b");
	assert_true(noted("outside its field"));
	assert_int_not_equal(k->hits[0]->quote, 0);
}

static void
an_alert_of_no_such_entry_fails_the_rule(void **state)
{
	struct nw_alert alert = {.size = sizeof(alert), .entry = 1};
	struct nw_article view;
	Nw__Article a;

	(void)state;
	hold(&a, &view, NW_PHASE_RULE);
	assert_int_equal(host->add_alert(sink, &alert), NW_EPLUGIN);
	assert_int_equal(sink->alerts.n, 0);
}

static void
near_misses_are_kept_only_when_asked_for(void **state)
{
	struct nw_alert alert = {.size = sizeof(alert), .near = 1};
	struct nw_article view;
	Nw__Article a;

	(void)state;
	hold(&a, &view, NW_PHASE_RULE);
	assert_int_equal(host->add_alert(sink, &alert), NW_OK);
	assert_int_equal(sink->alerts.n, 0);
	sink->near = 1;
	assert_int_equal(host->add_alert(sink, &alert), NW_OK);
	assert_int_equal(sink->alerts.n, 1);
}

static void
a_tag_is_seen_by_later_taggers_and_stands_once(void **state)
{
	struct nw_tag t = {.size = sizeof(t), .name = NW_STR("sanctions"), .cls = NW_STR("news")};
	struct nw_article view;
	Nw__Article a;

	(void)state;
	hold(&a, &view, NW_PHASE_TAG);
	assert_int_equal(host->add_tag(sink, &t), NW_OK);
	assert_int_equal(host->add_tag(sink, &t), NW_OK);
	assert_int_equal(sink->tags.n, 1);
	assert_int_equal(view.ntags, 1);
	assert_string_equal(view.tags[0]->kind.p, "topic");
	t.cls = NW_STR("gossip");
	assert_int_equal(host->add_tag(sink, &t), NW_EPLUGIN);
}

static void
the_same_words_in_another_case_are_the_same_quote(void **state)
{
	const struct nw_hit hit = {.field = NW_FIELD_BODY, .len = 9, .passage_len = 16};
	struct nw_alert alert = {.size = sizeof(alert), .nhits = 1, .hits = &hit};
	static const char *const body[] = {"Sanctions today.", "sanctions  Today", "Sanctions again."};
	struct nw_article view;
	uint64_t quote[3];
	Nw__Article a;

	(void)state;
	for (int i = 0; i < 3; i++) {
		hold(&a, &view, NW_PHASE_RULE);
		a.body = nw_pb(nw_str(body[i]));
		assert_int_equal(host->add_alert(sink, &alert), NW_OK);
		quote[i] = ((const Nw__Alert *)sink->alerts.p[i])->hits[0]->quote;
	}
	assert_int_equal(quote[0], quote[1]);
	assert_int_not_equal(quote[0], quote[2]);
}

/* --- articles sent ahead ------------------------------------------------------------------------------------------------ */

static uint32_t sent, sent_times;

static int
take_them(struct nw_sink *s)
{
	sent += s->articles.n;
	sent_times++;
	return nw_sink_forget_articles(s) == 0 ? NW_OK : NW_ERES;
}

static void
articles_of_a_slice_are_sent_ahead_and_notes_outlive_them(void **state)
{
	struct nw_article a = article();
	char *body = calloc(1, NW_SLICE_BYTES / 4);

	(void)state;
	assert_non_null(body);
	memset(body, 'b', NW_SLICE_BYTES / 4);
	sent = sent_times = 0;
	sink->full = take_them;
	a.body = (struct nw_str){body, NW_SLICE_BYTES / 4};
	a.url = NW_STR("javascript:alert(1)");
	for (int i = 0; i < 9; i++)
		assert_int_equal(host->add_article(sink, &a), NW_OK);
	assert_in_range(sent_times, 2, 3);
	assert_int_equal(sent + sink->articles.n, 9);
	assert_int_equal(sink->document.items, 9);
	nw_sink_finish(sink);
	assert_int_equal(sink->batch.n_articles, 9 - sent);
	assert_int_equal(sink->nnotes, 9);
	assert_int_equal(nw_batch_check(&sink->batch, NULL), 0);
	assert_true(noted("the link of item 1 is left out"));
	free(body);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(an_empty_article_is_kept_as_nothing_not_as_null),
	    T(html_becomes_text_and_is_sanitised_with_absolute_links),
	    T(html_is_sanitised_only_where_it_is_asked_for),
	    T(text_that_a_parser_gives_is_taken),
	    T(what_is_no_utf8_is_repaired),
	    T(a_title_is_one_line_and_has_its_limit),
	    T(a_link_that_is_none_is_left_out_with_a_note),
	    T(a_time_that_cannot_be_is_none),
	    T(a_key_too_long_is_kept_as_its_digest),
	    T(items_beyond_the_limit_are_left_out_with_one_note),
	    T(a_shorter_struct_of_an_older_release_is_read_as_far_as_it_goes),
	    T(follow_ups_stand_once_and_are_resolved),
	    T(advice_is_kept_of_a_document_of_no_source_alone),
	    T(a_call_outside_its_operation_fails_it),
	    T(the_first_failure_is_the_one_told),
	    T(notes_are_bounded_and_say_so),
	    T(scratch_memory_is_zeroed_and_capped),
	    T(evidence_outside_its_field_is_left_out_and_clauses_are_kept_in_order_of_use),
	    T(an_alert_of_no_such_entry_fails_the_rule),
	    T(near_misses_are_kept_only_when_asked_for),
	    T(a_tag_is_seen_by_later_taggers_and_stands_once),
	    T(the_same_words_in_another_case_are_the_same_quote),
	    T(articles_of_a_slice_are_sent_ahead_and_notes_outlive_them),
	};

	return cmocka_run_group_tests_name("sink", tests, NULL, NULL);
}
