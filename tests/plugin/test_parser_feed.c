/* parser-feed on documents as the specifications have them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/time.h"
#include "fake_host.h"

#define URL "https://feeds.example/dir/feed.xml"

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
read_file(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/tests/data/feed/%s", NW_TOP, name);
	assert_int_equal(fake_host_parse_file(fh, path, URL, "application/xml"), NW_OK);
	assert_true(fh->has_feed);
	assert_int_equal(fh->feed.incomplete, 0);
	assert_int_equal(fh->feed.role, NW_ROLE_FEED);
}

static void
read_text(const char *text)
{
	assert_int_equal(fake_host_parse_text(fh, text, URL, "text/xml"), NW_OK);
	assert_true(fh->has_feed);
}

/* An RSS 2.0 document with this inside its only item. */
static const struct nw_article *
read_item(const char *inside)
{
	char doc[4096];

	snprintf(doc, sizeof(doc),
	    "<rss version=\"2.0\"><channel><title>t</title><item>%s</item></channel></rss>", inside);
	read_text(doc);
	assert_int_equal(fh->narticles, 1);
	return &fh->article[0];
}

static void
assert_time(const struct nw_time *t, const char *want)
{
	char buf[32];

	assert_true(t->at_ms != NW_TIME_NONE);
	assert_string_equal(nw_time_rfc3339(t->at_ms, buf), want);
	assert_int_equal(t->origin, NW_ORIGIN_FEED);
}

static void
assert_title(uint32_t i, const char *want)
{
	assert_string_equal(fake_host_title(fh, &fh->article[i]).p, want);
}

/* --- RSS 2.0 */

static void
rss_channel_is_read_without_its_image(void **state)
{
	(void)state;
	read_file("rss2.xml");
	assert_string_equal(fh->feed.title.p, "Ministry & Partners");
	assert_string_equal(fh->feed.link.p, "https://www.ministry.example/");
	assert_string_equal(fh->feed.description.p, "Statements and notices");
	assert_string_equal(fh->feed.lang.p, "en-GB");
	assert_string_equal(fh->feed.author.p, "Press Office <press@ministry.example>");
	assert_time(&fh->feed.updated, "2023-10-03T09:00:00Z");
	assert_int_equal(fh->feed.ttl_s, 3600);
}

static void
rss_item_is_read_with_its_modules(void **state)
{
	const struct nw_article *a;

	(void)state;
	read_file("rss2.xml");
	assert_int_equal(fh->narticles, 2);
	a = &fh->article[0];
	assert_title(0, "Treaty renewed & signed");
	assert_string_equal(a->url.p, "https://www.ministry.example/news/1");
	assert_string_equal(a->guid.p, "m-1");
	assert_time(&a->published, "2023-10-02T08:00:00Z");
	assert_string_equal(a->author.p, "Anna Example, Bert Example");
	assert_int_equal(a->ncategories, 2);
	assert_string_equal(a->categories[1].p, "Law");
	assert_string_equal(fake_host_summary(fh, a).p, "Short.");
	assert_string_equal(fake_host_body(fh, a).p, "The treaty was renewed.");
	assert_string_equal(a->lang.p, "en");
	assert_int_equal(a->flags & NW_ARTICLE_TEASER, 0);
	assert_int_equal(a->nenclosures, 2);
	assert_string_equal(a->enclosures[0].url.p, "https://feeds.example/files/treaty.pdf");
	assert_int_equal(a->enclosures[0].length, 1234);
	assert_string_equal(a->enclosures[1].type.p, "video/mp4");
}

static void
rss_item_falls_back_to_the_next_best_element(void **state)
{
	const struct nw_article *a;

	(void)state;
	read_file("rss2.xml");
	a = &fh->article[1];
	assert_title(1, "Only a media title");
	assert_string_equal(a->url.p, "https://www.ministry.example/news/2");
	assert_string_equal(a->author.p, "Press Office <press@ministry.example>");
	assert_int_equal(a->published.at_ms, NW_TIME_NONE);
	assert_time(&a->updated, "2023-10-03T08:00:00Z");
	assert_int_equal(a->flags & NW_ARTICLE_TEASER, NW_ARTICLE_TEASER);
}

/* --- Atom */

static void
atom_feed_resolves_links_under_xml_base(void **state)
{
	(void)state;
	read_file("atom10.xml");
	assert_string_equal(fh->feed.title.p, "Amt aktuell");
	assert_string_equal(fh->feed.link.p, "https://www.amt.example/");
	assert_string_equal(fh->feed.lang.p, "de");
	assert_int_equal(fh->narticles, 3);
	assert_string_equal(fh->article[0].url.p, "https://www.amt.example/aktuell/1.html");
	assert_string_equal(fh->article[0].enclosures[0].url.p, "https://www.amt.example/aktuell/anlage.pdf");
	assert_string_equal(fh->article[1].url.p, "https://www.amt.example/aktuell/2.html");
}

static void
atom_xhtml_is_written_out_with_absolute_links(void **state)
{
	const struct nw_article *a;

	(void)state;
	read_file("atom10.xml");
	a = &fh->article[0];
	assert_title(0, "1 < 2 gilt");
	assert_string_equal(a->body_html.p,
	    "<p>Siehe <a href=\"https://www.amt.example/aktuell/texte/2.html\">hier</a>.<br>Ende &amp; aus</p>");
	assert_string_equal(a->summary.p, "Kurz: a < b");
	assert_time(&a->published, "2023-10-01T08:00:00Z");
	assert_time(&a->updated, "2023-10-02T08:00:00Z");
	assert_string_equal(a->categories[0].p, "Sanktionen");
	assert_string_equal(a->categories[1].p, "recht");
}

static void
atom_html_carries_its_base(void **state)
{
	const struct nw_article *a;

	(void)state;
	read_file("atom10.xml");
	a = &fh->article[1];
	assert_string_equal(a->html_base.p, "https://www.amt.example/autre/");
	assert_non_null(strstr(fake_host_body_html(fh, a).p, "https://www.amt.example/autre/x.html"));
	assert_string_equal(a->lang.p, "fr");
	assert_string_equal(a->author.p, "Une, Deux");
	assert_title(1, "Texte brut sans type");
}

static void
atom_plain_text_is_no_html(void **state)
{
	(void)state;
	read_file("atom10.xml");
	assert_title(2, "<nicht HTML> &amp;");
	assert_string_equal(fh->article[2].author.p, "Fremde Stelle");
	assert_string_equal(fh->article[2].enclosures[0].url.p, "https://www.amt.example/aktuell/drei.pdf");
}

static void
atom_entry_without_author_has_the_feeds(void **state)
{
	(void)state;
	read_file("atom10.xml");
	assert_string_equal(fh->article[0].author.p, "Presse <presse@amt.example>");
}

static void
atom_03_modes_are_understood(void **state)
{
	(void)state;
	read_file("atom03.xml");
	assert_string_equal(fh->feed.title.p, "Old news");
	assert_string_equal(fh->feed.description.p, "From 2004");
	assert_title(0, "Bold & more");
	assert_string_equal(fh->article[0].body_html.p, "<p>inline</p>");
	assert_time(&fh->article[0].published, "2004-04-30T09:00:00Z");
	assert_time(&fh->article[0].updated, "2004-05-01T00:00:00Z");
}

/* --- RDF */

static void
rdf_items_beside_the_channel_are_read(void **state)
{
	(void)state;
	read_file("rdf.xml");
	assert_string_equal(fh->feed.title.p, "Notas");
	assert_string_equal(fh->feed.lang.p, "pt-br");
	assert_int_equal(fh->feed.ttl_s, 21600);
	assert_int_equal(fh->narticles, 2);
	assert_string_equal(fh->article[0].guid.p, "https://www.mre.example/notas/1");
	assert_string_equal(fake_host_body(fh, &fh->article[0]).p, "Texto");
	assert_string_equal(fh->article[0].categories[0].p, "Tratados");
	assert_string_equal(fh->article[0].lang.p, "pt-br");
	assert_string_equal(fh->article[1].url.p, "https://www.mre.example/notas/2");
}

static void
rss_090_is_read(void **state)
{
	(void)state;
	read_text("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
		  "xmlns='http://my.netscape.com/rdf/simple/0.9/'><channel><title>T</title></channel>"
		  "<item><title>A</title><link>http://a.example/1</link></item></rdf:RDF>");
	assert_string_equal(fh->feed.title.p, "T");
	assert_title(0, "A");
}

static void
rss_11_is_read(void **state)
{
	(void)state;
	read_text("<Channel xmlns='http://purl.org/net/rss1.1#'><title>T</title><items><item><title>A</title>"
		  "<link>http://a.example/1</link></item></items></Channel>");
	assert_int_equal(fh->narticles, 1);
	assert_title(0, "A");
}

static void
prefixed_elements_are_read_by_their_namespace(void **state)
{
	(void)state;
	read_text("<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:title>T</a:title><a:entry><a:title>A</a:title>"
		  "<title xmlns='http://other.example/'>B</title></a:entry></a:feed>");
	assert_string_equal(fh->feed.title.p, "T");
	assert_title(0, "A");
}

static void
attributes_may_carry_the_prefix_of_their_element(void **state)
{
	(void)state;
	read_text("<feed xmlns='http://www.w3.org/2005/Atom' xmlns:ns='http://www.w3.org/2005/Atom' xmlns:o='urn:o'><entry>"
		  "<title ns:type='html'>&lt;b&gt;x&lt;/b&gt;</title><link ns:href='/1' o:href='/2'/></entry></feed>");
	assert_title(0, "x");
	assert_string_equal(fh->article[0].url.p, "https://feeds.example/1");
}

static void
entries_of_the_other_family_are_items(void **state)
{
	(void)state;
	read_text("<feed xmlns='http://www.w3.org/2005/Atom'><item><title>x</title><link>/1</link></item></feed>");
	assert_string_equal(fh->article[0].url.p, "https://feeds.example/1");
	read_text("<rss><channel><entry><title>x</title><link href='/1'/></entry></channel></rss>");
	assert_string_equal(fh->article[0].url.p, "https://feeds.example/1");
	read_text("<rdf:RDF><item><title>x</title><link rdf:resource='/1'/></item></rdf:RDF>");
	assert_string_equal(fh->article[0].url.p, "https://feeds.example/1");
}

static void
items_in_a_wrapper_nobody_knows_are_read(void **state)
{
	(void)state;
	read_text("<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><entries><title>no</title>"
		  "<entry><title>A</title></entry></entries></feed>");
	assert_title(0, "A");
	assert_string_equal(fh->feed.title.p, "T");
	read_text("<rss><channel><title>T</title><part><more><item><title>A</title><gallery><item><title>no</title>"
		  "</item></gallery></item></more></part><o:part xmlns:o='urn:o'><item><title>no</title></item></o:part>"
		  "<item><title>B</title></item></channel></rss>");
	assert_int_equal(fh->narticles, 2);
	assert_title(0, "A");
	assert_title(1, "B");
}

static void
a_lone_entry_is_a_feed_of_one(void **state)
{
	(void)state;
	read_text("<entry xmlns='http://www.w3.org/2005/Atom'><title>A</title><id>http://a.example/1</id></entry>");
	assert_title(0, "A");
	assert_string_equal(fh->article[0].url.p, "http://a.example/1");
}

/* --- one element at a time */

static void
guid_is_a_link_only_where_it_may_be(void **state)
{
	(void)state;
	assert_string_equal(read_item("<guid>http://a.example/1</guid>")->url.p, "http://a.example/1");
	assert_string_equal(read_item("<guid isPermaLink='false'>http://a.example/1</guid>")->url.p, "");
	assert_string_equal(read_item("<guid isPermaLink='true'>17</guid>")->url.p, "");
	assert_string_equal(read_item("<guid>/17</guid>")->url.p, "");
	assert_string_equal(read_item("<guid isPermaLink='true'>/17</guid>")->url.p, "https://feeds.example/17");
	assert_string_equal(
	    read_item("<guid>http://a.example/g</guid><link>http://a.example/l</link>")->url.p, "http://a.example/l");
}

static void
link_is_cleaned_and_resolved(void **state)
{
	(void)state;
	assert_string_equal(read_item("<link>\n /a b\n</link>")->url.p, "https://feeds.example/a%20b");
	assert_string_equal(read_item("<link><![CDATA[http://a.example/?x=1&amp;y=2]]></link>")->url.p,
	    "http://a.example/?x=1&y=2");
	assert_string_equal(read_item("<link>javascript:alert(1)</link>")->url.p, "");
	assert_string_equal(read_item("<link/><guid>http://a.example/g</guid>")->url.p, "http://a.example/g");
	assert_string_equal(read_item("<link>www.a.example/1</link>")->url.p, "https://www.a.example/1");
	assert_string_equal(read_item("<link>www.html</link>")->url.p, "https://feeds.example/dir/www.html");
	assert_string_equal(read_item("<link>http:/a.example/1</link>")->url.p, "http://a.example/1");
	assert_string_equal(read_item("<link>https//a.example</link>")->url.p, "https://a.example/");
	assert_string_equal(read_item("<link>http.html</link>")->url.p, "https://feeds.example/dir/http.html");
	assert_string_equal(read_item("<link>http:/.x</link>")->url.p, "");
	assert_string_equal(read_item("<link>&#xFEFF; http://a.example/1&#xA0;&#x200B;</link>")->url.p, "http://a.example/1");
	assert_string_equal(read_item("<link>&lt;a href=\"/n/1?a=1&amp;amp;b=2\"&gt;x&lt;/a&gt;</link>")->url.p,
	    "https://feeds.example/n/1?a=1&b=2");
	assert_string_equal(read_item("<link>&lt;b&gt;x&lt;/b&gt;</link>")->url.p, "");
}

static void
a_redirecting_link_gives_way_to_the_original(void **state)
{
	(void)state;
	assert_string_equal(read_item("<link>http://feeds.example/~r/1</link><feedburner:origLink "
				      "xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'>http://a.example/1"
				      "</feedburner:origLink>")->url.p, "http://a.example/1");
}

static void
markup_that_was_not_escaped_is_kept(void **state)
{
	const struct nw_article *a = read_item("<description>a &lt;i&gt;b&lt;/i&gt; <p>c &lt;i&gt; <img src='x.png'/></p></description>");

	(void)state;
	assert_string_equal(a->summary_html.p,
	    "a <i>b</i> <p>c &lt;i&gt; <img src=\"https://feeds.example/dir/x.png\"></p>");
}

static void
entities_of_html_and_of_windows_are_text(void **state)
{
	assert_string_equal(read_item("<title>caf&eacute; &hellip; x&#146;s</title>")->title_html.p, "caf\u00e9 \u2026 x\u2019s");
	(void)state;
	assert_string_equal(read_item("<enclosure url='/a?x=1&amp;caf&eacute;=2' type='t/&quot;'/>")->enclosures[0].url.p,
	    "https://feeds.example/a?x=1&caf%C3%A9=2");
}

static void
an_unknown_entity_stays_as_written(void **state)
{
	(void)state;
	assert_string_equal(read_item("<title>AT&T; &amp;foo; &nothing;</title>")->title_html.p, "AT&T; &foo; &nothing;");
	assert_true(fake_host_noted(fh, "2 references"));
	assert_int_equal(fh->feed.incomplete, 0);
}

static void
a_short_declared_entity_is_used(void **state)
{
	(void)state;
	read_text("<!DOCTYPE rss [<!ENTITY org 'Ministry of &#201;tat'><!ENTITY two '&org;&org;'>]>"
		  "<rss><channel><item><title>&org; &two;</title></item></channel></rss>");
	assert_string_equal(fh->article[0].title_html.p, "Ministry of \u00c9tat &two;");
}

static void
the_first_of_equal_titles_counts(void **state)
{
	(void)state;
	assert_string_equal(read_item("<title> </title><title>A</title><title>B</title>")->title_html.p, "A");
}

static void
a_date_that_is_none_gives_way(void **state)
{
	(void)state;
	assert_time(&read_item("<pubDate>soon</pubDate><dc:date>2023-10-02</dc:date>")->published, "2023-10-02T00:00:00Z");
	assert_true(fake_host_noted(fh, "'soon'"));
	assert_int_equal(fh->article[0].published.precision, NW_PREC_DAY);
}

static void
authors_are_names_with_addresses(void **state)
{
	(void)state;
	assert_string_equal(read_item("<author>a@b.example (Anna B.)</author>")->author.p, "Anna B. <a@b.example>");
	assert_string_equal(read_item("<author>Anna B. &lt;a@b.example&gt;</author>")->author.p, "Anna B. <a@b.example>");
	assert_string_equal(read_item("<author>a@b.example</author>")->author.p, "a@b.example");
	assert_string_equal(read_item("<author>Anna B. (mailto:a@b.example)</author>")->author.p, "Anna B. <a@b.example>");
	assert_string_equal(read_item("<author><name>Anna &amp;amp; Co</name><email>a@b.example</email></author>")->author.p,
	    "Anna & Co <a@b.example>");
	assert_string_equal(
	    read_item("<dc:creator>&lt;span about='/u/1'&gt;Anna &amp;amp; Co&lt;/span&gt;</dc:creator>")->author.p,
	    "Anna & Co");
}

static void
categories_are_plain_text_on_one_line(void **state)
{
	const struct nw_article *a = read_item("<category><![CDATA[R&amp;D]]></category><category> a\n b</category>"
					       "<dc:subject>&lt;b&gt;c&lt;/b&gt;</dc:subject><category>p &lt; q &amp; r</category>");

	(void)state;
	assert_int_equal(a->ncategories, 4);
	assert_string_equal(a->categories[0].p, "R&D");
	assert_string_equal(a->categories[1].p, "a b");
	assert_string_equal(a->categories[2].p, "c");
	assert_string_equal(a->categories[3].p, "p < q & r");
}

static void
a_podcasts_owner_is_its_author(void **state)
{
	(void)state;
	read_text("<rss><channel><itunes:owner><itunes:email>a@b.example</itunes:email><itunes:name>Anna</itunes:name>"
		  "</itunes:owner><item><title>x</title></item></channel></rss>");
	assert_string_equal(fh->feed.author.p, "Anna <a@b.example>");
	assert_string_equal(fh->article[0].author.p, "");
}

static void
content_items_of_rss_10_are_the_body(void **state)
{
	(void)state;
	read_text("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
		  "<item rdf:about='http://a.example/1'><title>t</title><content:items><rdf:Bag><rdf:li><content:item>"
		  "<content:format rdf:resource='x'/><rdf:value><p>a <b>b</b></p></rdf:value></content:item></rdf:li>"
		  "</rdf:Bag></content:items></item></rdf:RDF>");
	assert_string_equal(fh->article[0].body_html.p, "<p>a <b>b</b></p>");
}

static void
full_text_of_other_modules_is_the_body(void **state)
{
	(void)state;
	assert_string_equal(read_item("<description>d</description><yandex:full-text>voll</yandex:full-text>")->body_html.p, "voll");
	assert_string_equal(read_item("<body xmlns='http://www.w3.org/1999/xhtml'><p>x</p></body>")->body_html.p, "<p>x</p>");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rss_channel_is_read_without_its_image),
	    cmocka_unit_test(rss_item_is_read_with_its_modules),
	    cmocka_unit_test(rss_item_falls_back_to_the_next_best_element),
	    cmocka_unit_test(atom_feed_resolves_links_under_xml_base),
	    cmocka_unit_test(atom_xhtml_is_written_out_with_absolute_links),
	    cmocka_unit_test(atom_html_carries_its_base),
	    cmocka_unit_test(atom_plain_text_is_no_html),
	    cmocka_unit_test(atom_entry_without_author_has_the_feeds),
	    cmocka_unit_test(atom_03_modes_are_understood),
	    cmocka_unit_test(rdf_items_beside_the_channel_are_read),
	    cmocka_unit_test(rss_090_is_read),
	    cmocka_unit_test(rss_11_is_read),
	    cmocka_unit_test(prefixed_elements_are_read_by_their_namespace),
	    cmocka_unit_test(attributes_may_carry_the_prefix_of_their_element),
	    cmocka_unit_test(entries_of_the_other_family_are_items),
	    cmocka_unit_test(items_in_a_wrapper_nobody_knows_are_read),
	    cmocka_unit_test(a_lone_entry_is_a_feed_of_one),
	    cmocka_unit_test(guid_is_a_link_only_where_it_may_be),
	    cmocka_unit_test(link_is_cleaned_and_resolved),
	    cmocka_unit_test(a_redirecting_link_gives_way_to_the_original),
	    cmocka_unit_test(markup_that_was_not_escaped_is_kept),
	    cmocka_unit_test(entities_of_html_and_of_windows_are_text),
	    cmocka_unit_test(an_unknown_entity_stays_as_written),
	    cmocka_unit_test(a_short_declared_entity_is_used),
	    cmocka_unit_test(the_first_of_equal_titles_counts),
	    cmocka_unit_test(a_date_that_is_none_gives_way),
	    cmocka_unit_test(authors_are_names_with_addresses),
	    cmocka_unit_test(categories_are_plain_text_on_one_line),
	    cmocka_unit_test(a_podcasts_owner_is_its_author),
	    cmocka_unit_test(content_items_of_rss_10_are_the_body),
	    cmocka_unit_test(full_text_of_other_modules_is_the_body),
	};

	return cmocka_run_group_tests_name("parser-feed", tests, setup, teardown);
}
