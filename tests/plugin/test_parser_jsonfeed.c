/* parser-jsonfeed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "core/time.h"
#include "fake_host.h"

#define URL  "https://feeds.example/dir/feed.json"
#define HEAD "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\","

extern const struct nw_plugin nw_plugin_parser_jsonfeed;

static struct fake_host *fh;

static int
setup(void **state)
{
	(void)state;
	fh = fake_host_new(&nw_plugin_parser_jsonfeed);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fake_host_free(fh);
	return 0;
}

static void
read_text(const char *text, uint32_t items)
{
	assert_int_equal(fake_host_parse_text(fh, text, URL, "application/feed+json"), NW_OK);
	assert_true(fh->has_feed);
	assert_int_equal(fh->feed.role, NW_ROLE_FEED);
	assert_int_equal(fh->narticles, items);
}

static void
assert_refused(const char *text, size_t len, const char *part)
{
	struct nw_bytes b = {(const uint8_t *)text, len};

	assert_int_equal(fake_host_parse(fh, b, URL, "application/feed+json", NW_ROLE_AUTO), NW_EINPUT);
	if (strstr(fh->fail.p, part) == NULL)
		fail_msg("'%s' does not hold '%s'", fh->fail.p, part);
}

static void
every_member_of_an_item_is_read(void **state)
{
	const struct nw_article *a;
	char buf[32];

	(void)state;
	read_text(HEAD "\"home_page_url\":\"/\",\"language\":\"fr\",\"description\":\"D\",\"items\":[{\"id\":\"i1\","
		       "\"url\":\"a.html\",\"external_url\":\"http://other.example/\",\"title\":\"A & B\","
		       "\"content_html\":\"<p><a href='x'>y</a></p>\",\"content_text\":\"y\",\"summary\":\"S\","
		       "\"date_published\":\"2023-10-02T10:00:00+02:00\",\"date_modified\":\"2023-10-03T00:00:00Z\","
		       "\"authors\":[{\"name\":\"Une\"},{\"url\":\"http://deux.example/\"}],\"tags\":[\"t1\",\"t2\"],"
		       "\"language\":\"en\",\"attachments\":[{\"url\":\"f.pdf\",\"mime_type\":\"application/pdf\","
		       "\"size_in_bytes\":9},{\"mime_type\":\"no url\"}]}]}", 1);
	assert_string_equal(fh->feed.title.p, "T");
	assert_string_equal(fh->feed.link.p, "https://feeds.example/");
	assert_string_equal(fh->feed.description.p, "D");
	assert_string_equal(fh->feed.lang.p, "fr");
	a = &fh->article[0];
	assert_string_equal(a->guid.p, "i1");
	assert_string_equal(a->url.p, "https://feeds.example/dir/a.html");
	assert_string_equal(a->title.p, "A & B");
	assert_string_equal(a->body_html.p, "<p><a href='x'>y</a></p>");
	assert_string_equal(a->summary.p, "S");
	assert_string_equal(nw_time_rfc3339(a->published.at_ms, buf), "2023-10-02T08:00:00Z");
	assert_string_equal(nw_time_rfc3339(a->updated.at_ms, buf), "2023-10-03T00:00:00Z");
	assert_int_equal(a->published.origin, NW_ORIGIN_FEED);
	assert_string_equal(a->author.p, "Une, http://deux.example/");
	assert_string_equal(a->lang.p, "en");
	assert_int_equal(a->ncategories, 2);
	assert_string_equal(a->categories[1].p, "t2");
	assert_int_equal(a->nenclosures, 1);
	assert_string_equal(a->enclosures[0].url.p, "https://feeds.example/dir/f.pdf");
	assert_int_equal(a->enclosures[0].length, 9);
}

static void
an_item_takes_from_the_feed_what_it_lacks(void **state)
{
	(void)state;
	read_text("{\"version\":\"https://jsonfeed.org/version/1\",\"language\":\"de\",\"author\":{\"name\":\"Amt\"},"
		  "\"items\":[{\"id\":\"http://a.example/1\",\"content_text\":\"x\"}]}", 1);
	assert_string_equal(fh->article[0].author.p, "Amt");
	assert_string_equal(fh->article[0].lang.p, "de");
	assert_string_equal(fh->article[0].url.p, "http://a.example/1");
	assert_string_equal(fh->article[0].body.p, "x");
	assert_int_equal(fh->article[0].flags, 0);
}

static void
values_of_the_wrong_type_are_passed_over(void **state)
{
	(void)state;
	read_text(HEAD "\"items\":[{\"id\":17,\"url\":5,\"title\":[\"x\"],\"authors\":{},\"tags\":\"t\",\"attachments\":[3],"
		       "\"date_published\":1},4,null,{}]}", 1);
	assert_string_equal(fh->article[0].guid.p, "17");
	assert_string_equal(fh->article[0].title.p, "");
	assert_true(fake_host_noted(fh, "3 items say nothing"));
}

static void
a_value_of_another_shape_still_says_what_it_says(void **state)
{
	const struct nw_article *a;

	(void)state;
	read_text(HEAD "\"items\":[{\"id\":9007199254740993,\"authors\":{\"name\":\"A\"},\"date_published\":1696233600,"
		       "\"attachments\":[{\"url\":\"/f\",\"size_in_bytes\":\"12\"},{\"url\":\"/f\"}],"
		       "\"tags\":[\" t \",\" \",\"t\"]},"
		       "{\"id\":\"2\",\"authors\":[\"B\",{\"name\":\"B\"},\"C\"]},{\"id\":\"3\",\"author\":\"D\"}]}", 3);
	a = fh->article;
	assert_string_equal(a[0].guid.p, "9007199254740993");
	assert_string_equal(a[0].author.p, "A");
	assert_int_equal(a[0].published.at_ms, INT64_C(1696233600000));
	assert_int_equal(a[0].nenclosures, 1);
	assert_int_equal(a[0].enclosures[0].length, 12);
	assert_int_equal(a[0].ncategories, 1);
	assert_string_equal(a[0].categories[0].p, "t");
	assert_string_equal(a[1].author.p, "B, C");
	assert_string_equal(a[2].author.p, "D");
}

static void
texts_that_were_escaped_or_marked_up_become_plain(void **state)
{
	(void)state;
	read_text("{\"version\":1,\"title\":\"F &amp; G\",\"items\":[{\"title\":\"A &#8217; <i>b</i>\",\"summary\":\"a < b & c\"},"
		  "{\"title\":\"</x1>\"}]}", 2);
	assert_string_equal(fh->feed.title.p, "F & G");
	assert_string_equal(fake_host_title(fh, &fh->article[0]).p, "A \u2019 b");
	assert_string_equal(fh->article[0].summary.p, "a < b & c");
	assert_string_equal(fake_host_title(fh, &fh->article[1]).p, "</x1>");
}

static void
a_version_that_is_later_or_missing_is_noted(void **state)
{
	(void)state;
	read_text("{\"version\":\"https://jsonfeed.org/version/2\",\"items\":[{\"id\":\"1\"}]}", 1);
	assert_true(fake_host_noted(fh, "later version"));
	read_text("{\"feed_url\":\"/f.json\",\"items\":[{\"id\":\"1\"}]}", 1);
	assert_true(fake_host_noted(fh, "no version"));
}

static void
numbers_that_are_too_large_are_texts(void **state)
{
	(void)state;
	read_text(HEAD "\"items\":[{\"id\":12345678901234567890123,\"x\":[1e999,-1E2]}]}", 1);
	assert_string_equal(fh->article[0].guid.p, "12345678901234567890123");
	assert_true(fake_host_noted(fh, "too large"));
}

static void
of_a_cut_document_the_whole_items_are_kept(void **state)
{
	static const char whole[] = HEAD "\"x\":[\"items\",[{}]],\"items\":[{\"id\":\"1\",\"tags\":[]},{\"id\":\"2\"} ";
	char text[sizeof(whole)];
	uint32_t got = 0;

	(void)state;
	for (size_t n = 1; n < sizeof(whole) - 1; n++) {
		struct nw_bytes b = {(const uint8_t *)text, n};

		memcpy(text, whole, n);
		text[n] = '\0';
		if (fake_host_parse(fh, b, URL, "", NW_ROLE_AUTO) != NW_OK)
			assert_int_equal(got, 0); /* before the end of the first */
		else
			assert_in_range(fh->narticles, got, 2);
		got = fh->narticles;
	}
	assert_int_equal(got, 2);
	read_text(HEAD "\"items\":[{\"id\":\"1\"},{\"id\":\"2\",\"title\":\"x", 1);
	assert_int_equal(fh->feed.incomplete, 1);
	assert_true(fake_host_noted(fh, "cut"));
	assert_string_equal(fh->article[0].guid.p, "1");
}

static void
escapes_of_no_character_do_not_cost_the_feed(void **state)
{
	(void)state;
	read_text(HEAD "\"items\":[{\"id\":\"a\\u0000b\",\"title\":\"cut \\ud83d\",\"summary\":\"\\ud83d\\ude00 \\\\ud83d\"}]}", 1);
	assert_string_equal(fh->article[0].guid.p, "a\ufffdb");
	assert_string_equal(fh->article[0].title.p, "cut \ufffd");
	assert_string_equal(fh->article[0].summary.p, "\U0001f600 \\ud83d");
	assert_true(fake_host_noted(fh, "escapes"));
}

static void
a_key_given_twice_is_noted(void **state)
{
	(void)state;
	read_text(HEAD "\"items\":[{\"id\":\"1\",\"title\":\"a\",\"title\":\"b\"}]}", 1);
	assert_string_equal(fh->article[0].title.p, "b");
	assert_true(fake_host_noted(fh, "twice"));
}

static void
what_is_no_json_feed_is_refused(void **state)
{
	static const struct {
		const char *text, *part;
	} table[] = {
	    {"", "empty"},
	    {" \n", "empty"},
	    {"[1]", "no object"},
	    {"{\"version\":2,\"items\":[]}", "version"},
	    {"{\"title\":\"x\",\"items\":[]}", "version"},
	    {HEAD "\"items\":{}}", "no `items`"},
	    {HEAD "\"items\":[}", "line 1"},
	    {HEAD "\"items\":[],\"x\":nul}", "no JSON"},
	    {HEAD "\"items\":[{\"id\":\"1\"},]}", "no JSON"},
	    {HEAD "\"items\":[{\"id\":\"1\"},[1}", "no JSON"},
	    {HEAD "\"items\":[{\"id\":\"1\"}],\"x\":\"cut", "no JSON"},
	    {HEAD "\"items\":[{\"id\":\"1\"}]} x", "no JSON"},
	    {HEAD "\"items\":[{\"id\":\"1\"}],\"x\":{1e999:2}}", "no JSON"},
	    {"<rss/>", "no JSON"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_refused(table[i].text, strlen(table[i].text), table[i].part);
	assert_refused(HEAD "\"items\":[],\"x\":\"\0\"}", sizeof(HEAD "\"items\":[],\"x\":\"\0\"}") - 1, "NUL");
}

static void
depth_is_bounded(void **state)
{
	struct nw_buf b = {0};

	(void)state;
	nw_buf_adds(&b, HEAD "\"items\":[],\"x\":");
	for (int i = 0; i < 200000; i++)
		nw_buf_addc(&b, '[');
	assert_refused(nw_buf_str(&b).p, b.len, "depth");
	nw_buf_done(&b);
}

static void
the_hosts_limit_is_no_failure(void **state)
{
	(void)state;
	fh->items_max = 1;
	read_text(HEAD "\"items\":[{\"id\":\"1\"},{\"id\":\"2\"},{\"id\":\"3\"}]}", 1);
	fh->items_max = 2000;
	assert_string_equal(fh->article[0].guid.p, "1");
}

static void
probe_knows_the_version(void **state)
{
	static const char feed[] = "\xef\xbb\xbf {\"version\": \"https:\\/\\/jsonfeed.org\\/version\\/1\"}", other[] = "{\"a\":1}";

	(void)state;
	assert_int_equal(fake_host_probe(fh, (struct nw_bytes){(const uint8_t *)feed, sizeof(feed) - 1}, ""), 100);
	assert_in_range(fake_host_probe(fh, (struct nw_bytes){(const uint8_t *)other, 7}, ""), 1, 20);
	assert_in_range(fake_host_probe(fh, (struct nw_bytes){(const uint8_t *)other, 7}, "application/feed+json"), 80, 95);
	assert_int_equal(fake_host_probe(fh, (struct nw_bytes){(const uint8_t *)"<rss>", 5}, "text/xml"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_member_of_an_item_is_read),
	    cmocka_unit_test(an_item_takes_from_the_feed_what_it_lacks),
	    cmocka_unit_test(values_of_the_wrong_type_are_passed_over),
	    cmocka_unit_test(a_value_of_another_shape_still_says_what_it_says),
	    cmocka_unit_test(texts_that_were_escaped_or_marked_up_become_plain),
	    cmocka_unit_test(a_version_that_is_later_or_missing_is_noted),
	    cmocka_unit_test(numbers_that_are_too_large_are_texts),
	    cmocka_unit_test(of_a_cut_document_the_whole_items_are_kept),
	    cmocka_unit_test(escapes_of_no_character_do_not_cost_the_feed),
	    cmocka_unit_test(a_key_given_twice_is_noted),
	    cmocka_unit_test(what_is_no_json_feed_is_refused),
	    cmocka_unit_test(depth_is_bounded),
	    cmocka_unit_test(the_hosts_limit_is_no_failure),
	    cmocka_unit_test(probe_knows_the_version),
	};

	return cmocka_run_group_tests_name("parser-jsonfeed", tests, setup, teardown);
}
