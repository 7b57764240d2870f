/* parser-feed on documents as they really are: broken, cut, hostile, or no feed at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "fake_host.h"

#define URL  "https://feeds.example/dir/feed.xml"
#define HEAD "<rss version=\"2.0\"><channel><title>T</title>"
#define TAIL "</channel></rss>"
#define A    "<item><title>A</title><link>http://a.example/a</link></item>"
#define B    "<item><title>B</title><link>http://a.example/b</link></item>"

extern const struct nw_plugin nw_plugin_parser_feed;

static struct fake_host *fh;

static int
setup(void **state)
{
	(void)state;
	fh = fake_host_new(&nw_plugin_parser_feed);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fake_host_free(fh);
	fh = NULL;
	return 0;
}

static void
read_broken(const char *text, uint32_t items)
{
	assert_int_equal(fake_host_parse_text(fh, text, URL, "text/xml"), NW_OK);
	assert_true(fh->has_feed);
	assert_int_equal(fh->feed.incomplete, 1);
	assert_true(fh->nnotes > 0);
	assert_int_equal(fh->narticles, items);
}

static void
assert_title(uint32_t i, const char *want)
{
	assert_string_equal(fake_host_title(fh, &fh->article[i]).p, want);
}

static void
assert_refused(const char *text, const char *part)
{
	assert_int_equal(fake_host_parse_text(fh, text, URL, ""), NW_EINPUT);
	assert_int_equal(fh->fail_code, NW_EINPUT);
	if (strstr(fh->fail.p, part) == NULL)
		fail_msg("'%s' does not hold '%s'", fh->fail.p, part);
	assert_int_equal(fh->narticles, 0);
}

/* --- before and after */

static void
blanks_before_the_declaration_do_no_harm(void **state)
{
	(void)state;
	assert_int_equal(fake_host_parse_text(fh, "\n \n<?xml version='1.0' encoding='x'?>\n" HEAD A TAIL, URL, ""), NW_OK);
	assert_int_equal(fh->feed.incomplete, 0);
	assert_int_equal(fh->narticles, 1);
}

static void
what_a_program_printed_before_the_feed_is_passed_over(void **state)
{
	(void)state;
	read_broken("Notice: x < y<br />\n<b>Warning</b>: z<br /><?xml version='1.0'?>" HEAD A TAIL, 1);
	read_broken("<!-- x --><p>hello</p>" HEAD A TAIL, 1);
}

static void
what_follows_the_root_is_left_out(void **state)
{
	(void)state;
	read_broken(HEAD A TAIL "<script>x()</script>", 1);
	assert_true(fake_host_noted(fh, "after the end"));
}

/* --- characters */

static void
bare_ampersands_and_less_than_signs_are_text(void **state)
{
	(void)state;
	read_broken(HEAD "<item><title>R&D & 1 < 2 &amp; &copy;</title><link>http://a.example/?a=1&b=2</link></item>" TAIL, 1);
	assert_title(0, "R&D & 1 < 2 & \u00a9");
	assert_string_equal(fh->article[0].url.p, "http://a.example/?a=1&b=2");
}

static void
control_characters_are_dropped(void **state)
{
	(void)state;
	read_broken(HEAD "<item><title>a\x01"
			 "b\x0b&#x1b;&#0;&#xFFFF;c</title></item>" TAIL, 1);
	assert_title(0, "abc");
}

/* --- tags */

static void
an_unclosed_element_ends_where_the_next_begins(void **state)
{
	(void)state;
	read_broken(HEAD "<item><title>A<link>http://a.example/a</link><description>d <b>e<guid>g</guid></item>" B TAIL, 2);
	assert_title(0, "A");
	assert_string_equal(fh->article[0].url.p, "http://a.example/a");
	assert_string_equal(fh->article[0].guid.p, "g");
	assert_string_equal(fake_host_summary(fh, &fh->article[0]).p, "d e");
}

static void
an_unclosed_item_ends_where_the_next_begins(void **state)
{
	(void)state;
	read_broken(HEAD "<item><title>A</title><item><title>B</title></channel></rss>", 2);
	assert_title(1, "B");
}

static void
html_that_was_not_escaped_does_not_end_the_document(void **state)
{
	(void)state;
	read_broken(HEAD "<item><title>A</title><description><p>x<br>y <IMG SRC=a.png ismap></P></description>"
			 "<link>http://a.example/a</link></item>" B TAIL, 2);
	assert_string_equal(fake_host_summary(fh, &fh->article[0]).p, "x\ny");
	assert_string_equal(fh->article[0].url.p, "http://a.example/a");
}

static void
end_tags_in_another_case_and_strays_are_understood(void **state)
{
	(void)state;
	read_broken(HEAD "<item><Title>A</title></b></item></foo>" B TAIL, 2);
	assert_title(0, "A");
}

static void
attributes_are_repaired(void **state)
{
	(void)state;
	read_broken(HEAD "<item><title>A</title><enclosure url=http://a.example/x.mp3 length='5\" type='audio/mpeg' "
			 "type='b'/></item>" TAIL, 1);
	assert_string_equal(fh->article[0].enclosures[0].url.p, "http://a.example/x.mp3");
	read_broken(HEAD "<item><enclosure url='/a' url='/b'/></item>" TAIL, 1);
	assert_string_equal(fh->article[0].enclosures[0].url.p, "https://feeds.example/a");
}

static void
a_section_without_its_end_ends_with_its_element(void **state)
{
	(void)state;
	read_broken(HEAD "<item><title>A</title><description><![CDATA[ x </description></item>"
			 "<item><title><![CDATA[B]]></title></item>" TAIL, 2);
	assert_string_equal(fake_host_summary(fh, &fh->article[0]).p, "x");
	assert_title(1, "B");
}

static void
a_section_that_swallows_the_next_item_gives_it_back(void **state)
{
	(void)state;
	/* well-formed, for the second section's end closes the first one */
	read_broken(HEAD A "<item><title>B</title><description><![CDATA[ x </description></item>"
			   "<item><title>C</title><description><![CDATA[y]]></description></item>" TAIL, 3);
	assert_string_equal(fake_host_summary(fh, &fh->article[1]).p, "x");
	assert_title(2, "C");
}

static void
a_tag_without_its_end_ends_at_the_next(void **state)
{
	(void)state;
	read_broken(HEAD "<item<title>A</title<link>http://a.example/a</link></item" B TAIL, 2);
	assert_title(0, "A");
	assert_string_equal(fh->article[0].url.p, "http://a.example/a");
}

static void
what_a_repair_makes_is_no_item(void **state)
{
	(void)state;
	read_broken(HEAD A "<item>" B TAIL, 2);
}

/* --- cut documents */

static void
a_document_cut_anywhere_keeps_its_whole_items(void **state)
{
	static const char doc[] = HEAD A B TAIL;
	size_t end_a = strstr(doc, "</item>") + 7 - doc, end_b = strlen(HEAD A B);
	char cut[sizeof(doc)];

	(void)state;
	for (size_t n = end_a; n < sizeof(doc) - 1; n++) {
		memcpy(cut, doc, n);
		cut[n] = '\0';
		read_broken(cut, n < end_b ? 1 : 2);
		assert_true(fake_host_noted(fh, "the document is cut"));
	}
	for (size_t n = 4; n < end_a; n++) {
		memcpy(cut, doc, n);
		cut[n] = '\0';
		assert_refused(cut, "cut or broken before its first item");
	}
}

static void
items_given_before_the_break_are_not_given_twice(void **state)
{
	(void)state;
	/* what is inside x:more is nobody's item, in the first reading and in the second */
	read_broken(HEAD "<item><title>A</title><x:more><item><title>no</title></item></x:more></item>" B
			 "<item><title>C & D</title></item>" TAIL, 3);
	assert_title(0, "A");
	assert_title(1, "B");
	assert_title(2, "C & D");
}

/* --- no feed */

static void
what_is_no_feed_is_refused_in_one_clear_line(void **state)
{
	(void)state;
	assert_refused("", "the document is empty");
	assert_refused(" \n ", "the document is empty");
	assert_refused("Not Found\nsorry", "it begins with 'Not Found sorry'");
	assert_refused("{\"a\":1}", "this is JSON");
	assert_refused("<?xml version='1.0'?><opml/>", "<opml>");
	assert_refused("\x01\x02\x03", "it begins with");
}

static void
an_html_page_is_refused_with_the_feeds_it_names(void **state)
{
	(void)state;
	assert_refused("<!DOCTYPE html><html><head><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/f.xml\">"
		       "<link href='a.atom' rel=alternate type='application/atom+xml'></head><body><rss></body></html>",
	    "an HTML page, not a feed; its <link rel=alternate> names https://feeds.example/f.xml, "
	    "https://feeds.example/dir/a.atom");
	assert_refused("<html><body>x</body></html>", "it names none");
}

static void
probe_knows_a_feed_by_its_root(void **state)
{
	static const uint8_t utf16[] = {0xff, 0xfe, '<', 0, 'r', 0, 's', 0, 's', 0, '>', 0};
	static const struct {
		const char *text;
		int low, high;
	} table[] = {{"<?xml version='1.0'?><!-- x --><rss>", 100, 100}, {"<rdf:RDF x='1'>", 100, 100},
	    {"<!DOCTYPE html PUBLIC 'x' 'y'><rss>", 100, 100},
	    {"<html><body>", 0, 0}, {"<!DOCTYPE HTML>\n<p>", 0, 0}, {"<urlset>", 0, 0}, {"{}", 0, 0}, {"", 0, 0},
	    {"<?xml version='1.0'?><foo/>", 1, 50}};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct nw_bytes b = {(const uint8_t *)table[i].text, strlen(table[i].text)};

		assert_in_range(fake_host_probe(fh, b, ""), table[i].low, table[i].high);
	}
	assert_int_equal(fake_host_probe(fh, (struct nw_bytes){utf16, sizeof(utf16)}, ""), 100);
}

/* --- hostile */

/* ${before}, then ${n} times ${unit}, then ${after}; the result is looked at by the caller. */
static int
read_many(const char *before, const char *unit, size_t n, const char *after)
{
	struct nw_buf b = {0};
	clock_t start = clock();
	struct nw_str s;
	int rc;

	nw_buf_adds(&b, before);
	for (size_t i = 0; i < n; i++)
		nw_buf_addf(&b, unit, i);
	nw_buf_adds(&b, after);
	s = nw_buf_str(&b);
	rc = fake_host_parse(fh, (struct nw_bytes){(const uint8_t *)s.p, s.len}, URL, "", NW_ROLE_AUTO);
	nw_buf_done(&b);
	assert_true((clock() - start) / CLOCKS_PER_SEC < 10); /* seconds; a sanitized build is slow */
	assert_int_equal(fake_host_parse_text(fh, HEAD A TAIL, URL, ""), NW_OK); /* the next is read as ever */
	assert_int_equal(fh->narticles, 1);
	return rc;
}

static void
bombs_end_soon_and_harm_nobody(void **state)
{
	(void)state;
	assert_int_equal(read_many(HEAD A, "<a>", 200000, TAIL), NW_OK);
	assert_int_equal(read_many(HEAD A "<item><description>", "<a>", 200000, ""), NW_OK);
	assert_int_equal(read_many("<rss><channel ", "a%zu='' ", 200000, "><item/></channel></rss>"), NW_OK);
	assert_int_equal(read_many("<rss ", "xmlns:a%zu='u' ", 50000, "><channel><item/></channel></rss>"), NW_OK);
	assert_int_equal(read_many(HEAD A, "<a xmlns:p%zu='u'>", 5000, TAIL), NW_OK);
	assert_int_equal(read_many(HEAD, "<item/>", 100000, TAIL), NW_OK);
	assert_int_equal(read_many(HEAD A, "<![CDATA[</a>", 100000, TAIL), NW_OK);
	assert_int_equal(read_many(HEAD A, "<!--", 100000, TAIL), NW_OK);
	assert_int_equal(read_many(HEAD A, "<b c=\"", 100000, TAIL), NW_OK);
	assert_int_equal(read_many(HEAD A, "</q>", 100000, "<"), NW_OK);
}

static void
the_hosts_limit_ends_no_reading(void **state)
{
	(void)state;
	fh->items_max = 2;
	assert_int_equal(fake_host_parse_text(fh, HEAD A B A B TAIL, URL, ""), NW_OK);
	fh->items_max = 2000;
	assert_int_equal(fh->narticles, 2);
	assert_string_equal(fh->article[1].url.p, "http://a.example/b");
	assert_int_equal(fh->feed.incomplete, 0);
}

static void
entities_neither_expand_nor_fetch(void **state)
{
	(void)state;
	assert_int_equal(fake_host_parse_text(fh,
	    "<!DOCTYPE rss [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>"
	    "<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
	    "<rss><channel><item><title>&c; &x;</title><enclosure url='http://a.example/&c;'/></item></channel></rss>",
	    URL, ""), NW_OK);
	assert_string_equal(fh->article[0].title_html.p, "&c; &x;");
}

static void
deep_markup_is_flattened_and_the_next_item_read(void **state)
{
	struct nw_buf b = {0};

	(void)state;
	nw_buf_adds(&b, HEAD "<item><title>A</title><description>");
	for (int i = 0; i < 2000; i++)
		nw_buf_adds(&b, "<b>");
	nw_buf_adds(&b, "deep");
	for (int i = 0; i < 2000; i++)
		nw_buf_adds(&b, "</b>");
	nw_buf_adds(&b, "</description></item>" B TAIL);
	assert_int_equal(fake_host_parse_text(fh, nw_buf_str(&b).p, URL, ""), NW_OK);
	nw_buf_done(&b);
	assert_int_equal(fh->narticles, 2);
	assert_non_null(strstr(fh->article[0].summary_html.p, "deep"));
	assert_title(1, "B");
}

/* Seconds of CPU that an item takes which holds ${n} times another number between ${before} and ${after}. */
static double
seconds_for(int n, const char *before, const char *after)
{
	struct nw_buf b = {0};
	clock_t begun;

	nw_buf_adds(&b, HEAD "<item><title>A</title>");
	for (int i = 0; i < n; i++)
		nw_buf_addf(&b, "%s%07d%s", before, i, after);
	nw_buf_adds(&b, "</item>" TAIL);
	begun = clock();
	(void)fake_host_parse_text(fh, nw_buf_str(&b).p, URL, "");
	nw_buf_done(&b);
	return (double)(clock() - begun) / CLOCKS_PER_SEC;
}

static void
a_hundred_thousand_authors_or_names_of_elements_end_soon(void **state)
{
	(void)state;
	assert_true(seconds_for(100000, "<author>Jane Doe ", "</author>") < 2);
	assert_in_range(fh->article[0].author.len, 4096, 4096 + 64);
	assert_true(seconds_for(300000, "<x", "/>") < 2);
	assert_true(fh->nnotes > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(blanks_before_the_declaration_do_no_harm),
	    cmocka_unit_test(what_a_program_printed_before_the_feed_is_passed_over),
	    cmocka_unit_test(what_follows_the_root_is_left_out),
	    cmocka_unit_test(bare_ampersands_and_less_than_signs_are_text),
	    cmocka_unit_test(control_characters_are_dropped),
	    cmocka_unit_test(an_unclosed_element_ends_where_the_next_begins),
	    cmocka_unit_test(an_unclosed_item_ends_where_the_next_begins),
	    cmocka_unit_test(html_that_was_not_escaped_does_not_end_the_document),
	    cmocka_unit_test(end_tags_in_another_case_and_strays_are_understood),
	    cmocka_unit_test(attributes_are_repaired),
	    cmocka_unit_test(a_section_without_its_end_ends_with_its_element),
	    cmocka_unit_test(a_section_that_swallows_the_next_item_gives_it_back),
	    cmocka_unit_test(a_tag_without_its_end_ends_at_the_next),
	    cmocka_unit_test(what_a_repair_makes_is_no_item),
	    cmocka_unit_test(a_document_cut_anywhere_keeps_its_whole_items),
	    cmocka_unit_test(items_given_before_the_break_are_not_given_twice),
	    cmocka_unit_test(what_is_no_feed_is_refused_in_one_clear_line),
	    cmocka_unit_test(an_html_page_is_refused_with_the_feeds_it_names),
	    cmocka_unit_test(probe_knows_a_feed_by_its_root),
	    cmocka_unit_test(bombs_end_soon_and_harm_nobody),
	    cmocka_unit_test(the_hosts_limit_ends_no_reading),
	    cmocka_unit_test(entities_neither_expand_nor_fetch),
	    cmocka_unit_test(a_hundred_thousand_authors_or_names_of_elements_end_soon),
	    cmocka_unit_test(deep_markup_is_flattened_and_the_next_item_read),
	};

	return cmocka_run_group_tests_name("parser-feed, broken", tests, setup, teardown);
}
