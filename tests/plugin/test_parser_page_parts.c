/* parser-page: parts of an article page that need telling from one another, and what it suggests for a new
 * source. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "page_host.h"

#define DATA NW_TOP "/tests/data/page/"
#define PARAGRAPH                                                                                            \
	"<p>The two ministers met on Friday, and they signed the agreement on the railway between their "    \
	"capitals.</p>"

static const char *
body_of(const char *html)
{
	assert_int_equal(
	    fake_host_parse_text(fh, html, "https://www.ministry.example/news/t1.html", "text/html"), NW_OK);
	assert_int_equal(fh->narticles, 1);
	return fake_host_body(fh, &fh->article[0]).p;
}

static void
bylines_give_names_without_dates_and_handles(void **state)
{
	static const struct {
		const char *line, *name;
	} cases[] = {{"By Jane Doe", "Jane Doe"}, {"by Jane Doe on June 29, 2014 08:08 pm @jane", "Jane Doe"},
	    {"Jane Doe | Apr 19, 2013", "Jane Doe"}, {"Jane Doe Tuesday, Aug. 17, 2010", "Jane Doe"},
	    {"Jane Doe, Daily News 8:42 a.m. EDT October 3, 2014", "Jane Doe, Daily News"},
	    {"Written by Jane Doe Follow @jane", "Jane Doe"}, {"Von Max Muster", "Max Muster"},
	    {"作者：王小明", "王小明"}, {"Автор: Иван Петров", "Иван Петров"},
	    {"Richard (R.J.) Eskow", "Richard (R.J.) Eskow"}, {"Jong, Michiel de", "Jong, Michiel de"},
	    {"Authors", ""}, {"9:39AM BST 05 Oct 2011", ""}, {"https://example.org/jane", ""}, {"@jane", ""},
	    {"John Smith Jr.", "John Smith Jr."}};
	char html[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(html, sizeof(html),
		    "<html><body><article><h1>Railway agreed</h1><div class=byline>%s</div>" PARAGRAPH
			PARAGRAPH "</article></body></html>",
		    cases[i].line);
		(void)body_of(html);
		assert_string_equal(fh->article[0].author.p, cases[i].name);
	}
}

static void
titles_lose_the_site_s_name_and_no_more(void **state)
{
	static const char *const cases[][2] = {
	    {"Railway between the capitals agreed - Ministry", "Railway between the capitals agreed"},
	    {"Sanctions on steel imports - what they mean for us",
		"Sanctions on steel imports - what they mean for us"},
	    {"王毅同俄罗斯外长举行会谈_外交部", "王毅同俄罗斯外长举行会谈"},
	    {"On rails | Ministry", "On rails | Ministry"}};
	char html[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(html, sizeof(html),
		    "<html><head><title>%s</title></head><body><div>" PARAGRAPH "</div></body></html>",
		    cases[i][0]);
		(void)body_of(html);
		assert_string_equal(fh->article[0].title.p, cases[i][1]);
	}
}

static void
a_comment_may_close_at_once(void **state)
{
	const char *text;

	(void)state;
	text = body_of("<html><head><title>On railways</title></head><body><div id=c><!--->" PARAGRAPH "<!-->"
		       "<h2>What comes next</h2>" PARAGRAPH "</div></body></html>");
	assert_non_null(strstr(text, "What comes next"));
}

static void
headings_of_sections_may_be_h1(void **state)
{
	const char *text;

	(void)state;
	text = body_of(
	    "<html><head><title>On railways</title></head><body><div id=c><h1>On railways</h1>" PARAGRAPH
	    "<h1>What comes next</h1>" PARAGRAPH "</div></body></html>");
	assert_non_null(strstr(text, "What comes next"));
	assert_null(strstr(text, "On railways"));
}

static void
comments_are_left_out_in_any_language(void **state)
{
	static const char *const names[] = {"comments", "comentarios", "lista-comentarios", "kommentare",
	    "commentaires", "usuario-comentario", "reacties"};
	char html[2048];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(html, sizeof(html),
		    "<html><head><title>Rails</title></head><body><div id=c>" PARAGRAPH PARAGRAPH PARAGRAPH
		    "<div class='%s'><p>I never liked this railway, and I say so, since nobody asked "
		    "me.</p><p>Neither did I, my dear "
		    "friend, but there you are.</p></div></div></body></html>",
		    names[i]);
		if (strstr(body_of(html), "never liked") != NULL)
			fail_msg("%s stayed", names[i]);
	}
}

/* Each line stands between paragraphs of an article. */
static int
stays(const char *line)
{
	char html[4096];

	snprintf(html, sizeof(html),
	    "<html><head><title>Rails</title></head><body><div id=c>" PARAGRAPH PARAGRAPH
	    "<p>%s</p>" PARAGRAPH "</div></body></html>",
	    line);
	return strstr(body_of(html), line) != NULL;
}

static void
sentences_are_kept_whatever_they_begin_with(void **state)
{
	static const char *const lines[] = {
	    "Loading of grain began in the southern port on Monday, the Ministry said.",
	    "Copyright law was amended by parliament, with a majority of two thirds.",
	    "Russia blocks Facebook and Instagram, a regulator says.",
	    "Facebook and Twitter were fined by the court on Tuesday.",
	    "相關部門將繼續依法處理此案，並適時公布結果。", "版权局今日宣布，有关规定自下月起施行。",
	    "Back to the talks went both ministers after an hour, and they agreed.",
	    "The two firms were put on the list of sanctions on Monday. (Source: Gazette)",
	    "The minister denied this on Monday. /AFP"};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		if (!stays(lines[i]))
			fail_msg("'%s' was taken for furniture", lines[i]);
}

static void
lines_around_a_text_are_left_out(void **state)
{
	static const char *const lines[] = {"Suggest to a Friend", "Read more: ten facts on railways",
	    "Follow us on Facebook and Twitter", "Read or Share this story: https://u.example/1x3",
	    "责任编辑：王小明", "分享到微信 微博", "Читайте также: о железных дорогах",
	    "The station in winter. Jane Doe/Reuters", "Advertisement", "Related: the old railway",
	    "相關新聞", "اقرأ أيضا"};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		if (stays(lines[i]))
			fail_msg("'%s' stayed", lines[i]);
}

static void
what_a_picture_shows_is_no_text(void **state)
{
	const char *text;

	(void)state;
	text = body_of("<html><head><title>Rails</title></head><body><div id=c>" PARAGRAPH
		       "<div class=foto><img src=a.jpg alt='The old "
		       "station.'><p>The old station.</p></div>" PARAGRAPH
		       "<div class='image-box'><img src=b.jpg><p>Agency</p><p>The minister at the "
		       "station</p></div>" PARAGRAPH "<figure><img src=c.jpg><figcaption>The train on its "
		       "way.</figcaption></figure></div></body></html>");
	assert_null(strstr(text, "old station"));
	assert_null(strstr(text, "Agency"));
	assert_null(strstr(text, "on its way"));
	assert_non_null(strstr(text, "signed the agreement"));
}

static void
notices_of_cookies_and_footers_are_no_text(void **state)
{
	const char *text;

	(void)state;
	text = body_of("<html><head><title>Talks</title></head><body><div class=cc-window><p>We use cookies "
		       "to make this website work "
		       "and to learn how it is used. You can accept or refuse them, and read more in our "
		       "policy. They are kept for a year "
		       "at most.</p></div><h1>Talks</h1><div>" PARAGRAPH
		       "<p>A new law forbids cookies that follow people, the Ministry "
		       "announced on Friday.</p></div></body></html>");
	assert_null(strstr(text, "We use"));
	assert_non_null(strstr(text, "forbids cookies"));
	text = body_of("<html><head><title>Summoned</title></head><body><article><h1>Summoned</h1><p>The "
		       "ambassador was summoned to the "
		       "Ministry today.</p></article><footer>Ministry, 1 Castle Square, the capital. Phone "
		       "123 456. Accessibility "
		       "statement and policy of privacy are available on request.</footer></body></html>");
	assert_string_equal(text, "The ambassador was summoned to the Ministry today.");
}

static void
a_table_that_lays_the_page_out_is_no_table(void **state)
{
	(void)state;
	assert_string_equal(
	    body_of(
		"<html><head><title>Rails</title></head><body><table><tr><td><a "
		"href=/1>Home</a></td></tr></table><table>"
		"<tr><td>The ministers met on Friday, and they signed the agreement on railways.<br><br>Both "
		"sides "
		"welcomed the result, and thanked their negotiators for it.</td></tr></table></body></html>"),
	    "The ministers met on Friday, and they signed the agreement on railways.\n\nBoth sides welcomed "
	    "the result, and thanked "
	    "their negotiators for it.");
}

#define SAID                                                                                                 \
	"The two ministers met on Friday & signed the agreement on the railway between their capitals, "     \
	"which enters "                                                                                      \
	"into force in June. They also agreed to meet again in autumn, and to exchange lists of the "        \
	"missing.\\nBoth "                                                                                   \
	"parliaments will be asked to ratify the agreement before the end of the year, the Ministry said."

static void
what_json_ld_says_counts_where_the_page_shows_less(void **state)
{
	static const char html[] =
	    "<html><head><title>Rails</title><script type='application/ld+json'>{\"@type\":\"NewsArticle\","
	    "\"headline\":\"Railway agreed\",\"articleBody\":\"" SAID
	    "\"}</script></head><body><h1>Railway agreed</h1>%s</body></html>";
	char page[4096];

	(void)state;
	snprintf(page, sizeof(page), html, "<p>Please log in to read on.</p>");
	assert_non_null(strstr(body_of(page), "Friday & signed"));
	assert_non_null(strstr(body_of(page), "missing.\n\nBoth parliaments"));
	snprintf(page, sizeof(page), html, "<div>" PARAGRAPH PARAGRAPH PARAGRAPH PARAGRAPH "</div>");
	assert_null(strstr(body_of(page), "ratify"));
}

static void
a_page_of_no_source_says_where_its_list_stands(void **state)
{
	(void)state;
	assert_int_equal(fake_host_parse_file(
			     fh, DATA "zh-china-list.html", "https://www.mfa.example/web/dhdw/", "text/html"),
	    NW_OK);
	assert_string_equal(fake_host_hint(fh, "listing.link_css").p, "ul.list1 > li > a");
	assert_string_equal(fake_host_hint(fh, "listing.min_items").p, "3");
}

static void
a_page_of_no_source_says_where_its_parts_stand(void **state)
{
	(void)state;
	(void)body_of(
	    "<html><head><title>Rails</title><link rel=alternate type='application/rss+xml' href='/rss'>"
	    "<link rel=alternate hreflang=fr href=/fr/></head><body><div class=menu><a "
	    "href=/1>One</a></div><h1 class=head>Rails</h1>"
	    "<span class=when>2026-05-04</span><div class='post-4711 text'>" PARAGRAPH PARAGRAPH PARAGRAPH
	    "</div><div class=text2><a href='/news.rss'>RSS</a></div></body></html>");
	assert_string_equal(fake_host_hint(fh, "feed").p, "https://www.ministry.example/rss");
	assert_string_equal(fake_host_hint(fh, "article.title").p, "h1.head");
	assert_string_equal(fake_host_hint(fh, "article.date").p, "span.when");
	assert_string_equal(fake_host_hint(fh, "article.body").p, "div.text");
}

static void
a_configured_source_gets_no_advice(void **state)
{
	(void)state;
	assert_int_equal(fake_host_source(fh, "article.body", "div", NULL), NW_OK);
	(void)body_of("<html><body><h1>Rails</h1><div>" PARAGRAPH PARAGRAPH "</div></body></html>");
	assert_int_equal(fh->nhints, 0);
}

static void
broken_markup_prints_nothing(void **state)
{
	FILE *told = tmpfile();
	int old = dup(STDERR_FILENO);

	(void)state;
	assert_non_null(told);
	assert_true(dup2(fileno(told), STDERR_FILENO) >= 0);
	(void)body_of("<html><body><h1>Rails</h1><div id=a id=b>" PARAGRAPH "</div></b>&none;<p id=a>" PARAGRAPH "</body></html>");
	assert_true(dup2(old, STDERR_FILENO) >= 0);
	assert_int_equal(lseek(fileno(told), 0, SEEK_END), 0);
	(void)close(old);
	(void)fclose(told);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(bylines_give_names_without_dates_and_handles),
	    PAGE_TEST(titles_lose_the_site_s_name_and_no_more),
	    PAGE_TEST(a_comment_may_close_at_once),
	    PAGE_TEST(headings_of_sections_may_be_h1),
	    PAGE_TEST(comments_are_left_out_in_any_language),
	    PAGE_TEST(sentences_are_kept_whatever_they_begin_with),
	    PAGE_TEST(lines_around_a_text_are_left_out),
	    PAGE_TEST(what_a_picture_shows_is_no_text),
	    PAGE_TEST(notices_of_cookies_and_footers_are_no_text),
	    PAGE_TEST(a_table_that_lays_the_page_out_is_no_table),
	    PAGE_TEST(what_json_ld_says_counts_where_the_page_shows_less),
	    PAGE_TEST(a_page_of_no_source_says_where_its_list_stands),
	    PAGE_TEST(a_page_of_no_source_says_where_its_parts_stand),
	    PAGE_TEST(a_configured_source_gets_no_advice),
	    PAGE_TEST(broken_markup_prints_nothing),
	};

	return cmocka_run_group_tests_name("parser-page: parts", tests, NULL, NULL);
}
