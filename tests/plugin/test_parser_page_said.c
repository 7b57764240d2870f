/* parser-page: who wrote an article and when, as pages say it to machines and to readers, well and badly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/time.h"

#include "page_host.h"

#define PARAGRAPH(day)                                                                                               \
	"<p>The council met on " day " to speak of the harbour, of its two cranes and of the boats, and it heard the " \
	"pilots, the port's own people and the ministry before it voted.</p>"
#define LD(text)     "<script type='application/ld+json'>" text "</script>"
#define ARTICLE(members) LD("{\"@type\":\"NewsArticle\",\"headline\":\"Harbour\"," members "}")

struct said {
	const char *head, *line, *want; /* in the head, above the text, and what is read from both */
};

static const struct nw_article *
read_page(const struct said *c)
{
	char html[4096];

	snprintf(html, sizeof(html),
	    "<html><head><title>The harbour gets new cranes</title>%s</head><body><article><h1>The harbour gets new "
	    "cranes</h1>%s" PARAGRAPH("Monday") PARAGRAPH("Tuesday") PARAGRAPH("Friday") "</article></body></html>",
	    c->head, c->line);
	assert_int_equal(fake_host_parse_text(fh, html, "https://www.port.example/news/cranes", "text/html"), NW_OK);
	assert_int_equal(fh->narticles, 1);
	return &fh->article[0];
}

static void
check_authors(const struct said *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *got = read_page(&cases[i])->author.p;

		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s%s: '%s', expected '%s'", cases[i].head, cases[i].line, got, cases[i].want);
	}
}

static void
check_days(const struct said *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct nw_article *a = read_page(&cases[i]);
		char at[32] = "";

		if (a->published.precision != NW_PREC_NONE)
			(void)nw_time_rfc3339(a->published.at_ms, at);
		at[10] = '\0';
		if (strcmp(at, cases[i].want) != 0)
			fail_msg("%s%s: '%s', expected '%s'", cases[i].head, cases[i].line, at, cases[i].want);
	}
}

static void
json_ld_names_authors_in_every_form(void **state)
{
	static const struct said cases[] = {
	    {ARTICLE("\"author\":{\"name\":[\"Ada Roth\",\"Bo Lind\"]}"), "", "Ada Roth, Bo Lind"},
	    {ARTICLE("\"author\":{\"givenName\":\"Ada\",\"familyName\":\"Roth\"}"), "", "Ada Roth"},
	    {LD("{\"@graph\":[{\"@type\":\"Person\",\"@id\":\"#a\",\"name\":\"Ada Roth\"},"
		"{\"@type\":\"Article\",\"author\":{\"@id\":\"#a\"}}]}"),
		"", "Ada Roth"},
	    {LD("{\"@graph\":[{\"@type\":\"Article\",\"author\":[{\"@id\":\"#a\"},{\"@id\":\"#b\"}]},"
		"{\"@type\":\"Person\",\"@id\":\"#b\",\"name\":\"Bo Lind\"}]}"),
		"", "Bo Lind"},
	    {ARTICLE("\"author\":\"Ada O&#39;Roth &amp; sons\""), "", "Ada O'Roth & sons"},
	    {ARTICLE("\"author\":\"By <a href='/a'>Ada Roth</a>, Bo Lind\""), "", "Ada Roth, Bo Lind"},
	    {LD("{\"@type\":\"Organization\",\"name\":\"Port\"} {\"@type\":\"Article\",\"author\":\"Ada Roth\"}"), "",
		"Ada Roth"},
	};

	(void)state;
	check_authors(cases, sizeof(cases) / sizeof(*cases));
}

static void
broken_json_ld_is_read_all_the_same(void **state)
{
	static const struct said cases[] = {
	    {ARTICLE("\"author\":{\"name\":\"Ada Roth\",},"), "", "Ada Roth"},
	    {ARTICLE("/* who */ \"author\" : // is it\n\"Ada Roth\""), "", "Ada Roth"},
	    {ARTICLE("\"description\":\"two\nlines\tand \\x\",\"author\":\"Ada Roth\""), "", "Ada Roth"},
	    {ARTICLE("\"url\":\"https://port.example//a,}\",\"author\":\"Ada Roth\""), "", "Ada Roth"},
	    {LD("//<![CDATA[\n{\"@type\":\"Article\",\"author\":\"Ada Roth\"}\n//]]>"), "", "Ada Roth"},
	    {LD("{&quot;@type&quot;:&quot;Article&quot;,&quot;author&quot;:&quot;Ada Roth&quot;}"), "", "Ada Roth"},
	    {LD("{\"@type\":\"Article\",\"author\":\"Ada Roth\",\"image\":{\"url\":"), "", "Ada Roth"},
	    {LD("{\"@type\":\"Article\",\"author\":\"Ada /* unclosed"), "", ""},
	    {LD("/* nothing */"), "", ""},
	};

	(void)state;
	check_authors(cases, sizeof(cases) / sizeof(*cases));
}

static void
bylines_are_told_from_what_stands_in_and_around_them(void **state)
{
	static const struct said cases[] = {
	    {"", "<div class=byline><a>Ada Roth</a><time>July 12, 2021 08:05</time></div>", "Ada Roth"},
	    {"", "<a class=author>Ada Roth <span class=role>Editor</span></a>", "Ada Roth"},
	    {"", "<div class=author><b class=profile__name>Ada Roth</b> <a href=/x>@ada</a> <i>11:57</i></div>", "Ada Roth"},
	    {"", "<div itemprop=author itemscope><meta itemprop=name content='Ada Roth'></div>", "Ada Roth"},
	    {"", "<span id=author-name>Ada Roth</span>", "Ada Roth"},
	    {"", "<p class=autor>Von Ada Roth</p>", "Ada Roth"},
	    {ARTICLE("\"author\":\"ar77\""), "<span class=author>Ada Roth</span>", "Ada Roth"},
	    {ARTICLE("\"author\":\"ar77\""), "<span class=author>Editors</span>", "ar77"},
	    {"", "<li class=author-follow>Bo Lind</li><span class=author>Ada Roth</span>", "Ada Roth"},
	    {"", "<div class=submitted>Submitted by Ada Roth on Thu, 03/04/2021</div>", "Ada Roth"},
	    {"", "<figure><span class=author>Ada Roth</span></figure>", ""},
	    {"", "<div class=comment><span class=author>Ada Roth</span></div>", ""},
	    {"", "<p>来源：港口报　作者：王小明　2021-03-04</p>", "王小明"},
	    {"<meta name=twitter:label1 content='Written by'><meta name=twitter:data1 content='Ada Roth'>", "", "Ada Roth"},
	};

	(void)state;
	check_authors(cases, sizeof(cases) / sizeof(*cases));
}

static void
dates_are_found_where_pages_keep_them(void **state)
{
	static const struct said cases[] = {
	    {"<meta name=displaydate content='March 4, 2021'>", "", "2021-03-04"},
	    {"<meta itemprop=dateCreated datetime=2021-03-04>", "", "2021-03-04"},
	    {"<meta name=created content=2020-01-01><meta name=issued content=2021-03-04>", "", "2021-03-04"},
	    {ARTICLE("\"datePublished\":1614834367"), "", "2021-03-04"},
	    {LD("{\"@type\":\"WebPage\",\"datePublished\":\"2021-03-04\"}"), "", "2021-03-04"},
	    {LD("{\"@graph\":[{\"@type\":\"WebPage\",\"datePublished\":\"2020-01-01\"},"
		"{\"@type\":\"Article\",\"datePublished\":\"2021-03-04\"}]}"),
		"", "2021-03-04"},
	    {"<script>self.data={\"datePublished\":\"2021-03-04T05:06:07Z\"}</script>", "", "2021-03-04"},
	    {"", "<abbr class=published title=2021-03-04T05:06:07Z>Thursday</abbr>", "2021-03-04"},
	    {"", "<span class=date>Mar<b>04</b>2021</span>", "2021-03-04"},
	    {"", "<span class=post-date data-date=2021-03-04>Thursday</span>", "2021-03-04"},
	    {"", "<span class=date>soon</span>", ""},
	    {"", "<p>Last modified: May 3, 2022</p><p>Published: March 4, 2021</p>", "2021-03-04"},
	    {"", "<p>Last modified: March 4, 2021</p>", "2021-03-04"},
	    {"", "<div class=fecha><b>MAR</b><i>4</i><u>2021</u></div>", "2021-03-04"},
	};

	(void)state;
	check_days(cases, sizeof(cases) / sizeof(*cases));
}

static void
the_clock_of_a_page_is_not_the_date_of_its_article(void **state)
{
	static const char html[] = "<html><head><title>The harbour gets new cranes</title></head><body><div>24 November 2026 "
				   "20:10</div><h1>The harbour gets new cranes</h1><div>4 March 2021</div><div>" PARAGRAPH(
				       "Monday") PARAGRAPH("Tuesday") "</div></body></html>";
	char at[32];

	(void)state;
	assert_int_equal(fake_host_parse_text(fh, html, "https://www.port.example/n/1", "text/html"), NW_OK);
	assert_string_equal(nw_time_rfc3339(fh->article[0].published.at_ms, at), "2021-03-04T00:00:00Z");
}

static void
titles_lose_what_was_escaped_twice_and_sites_behind_a_hyphen(void **state)
{
	static const struct {
		const char *head, *want;
	} cases[] = {
	    {"<meta property=og:title content='Cranes &amp;amp; boats'>", "Cranes & boats"},
	    {"<meta itemprop=headline content='Cranes and boats'>", "Cranes and boats"},
	    {"<title>港口管理局发布新的起重机规定-港口新闻网</title>", "港口管理局发布新的起重机规定"},
	    {"<title>港口管理局与海关总署签署协议-二期工程</title>", "港口管理局与海关总署签署协议-二期工程"},
	};
	char html[2048];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(html, sizeof(html), "<html><head>%s</head><body><article>" PARAGRAPH("Monday") PARAGRAPH("Friday")
		    PARAGRAPH("Sunday") "</article></body></html>", cases[i].head);
		assert_int_equal(fake_host_parse_text(fh, html, "https://www.port.example/n/1", "text/html"), NW_OK);
		assert_string_equal(fh->article[0].title.p, cases[i].want);
	}
}

static void
a_short_article_beside_a_long_list_is_the_article(void **state)
{
	char html[8192] = "<html><head><title>Порт получит новые краны - Новости</title></head><body><div><h3>Порт получит новые "
			  "краны</h3><p>18.03.2026</p><div><p>Совет собрался в понедельник, чтобы обсудить гавань, её краны и "
			  "суда, и выслушал лоцманов, работников порта, жителей соседних улиц и министерство.</p><p>После обсуждения совет проголосовал за "
			  "покупку двух кранов, которые вместе с новым складом начнут работу осенью этого года.</p></div></div><ul>";
	size_t len = strlen(html);

	(void)state;
	for (int i = 0; i < 12; i++)
		len += (size_t)snprintf(html + len, sizeof(html) - len,
		    "<li><a href=/topic/%d>Тема номер %d из многих тем, о которых министерство сообщает подробно</a>", i, i);
	snprintf(html + len, sizeof(html) - len, "</ul></body></html>");
	assert_int_equal(fake_host_parse_text(fh, html, "https://www.port.example/n/1", "text/html"), NW_OK);
	assert_int_equal(fh->narticles, 1);
	assert_int_equal(fh->feed.role, NW_ROLE_ARTICLE);
	assert_non_null(strstr(fake_host_body(fh, &fh->article[0]).p, "осенью этого года."));
}

static void
lines_of_editors_and_codes_to_scan_are_no_text(void **state)
{
	static const char html[] = "<html><body><article><h1>港口管理局发布规定</h1><p>2026-03-18</p>"
				   "<p>港口管理局三月十八日举行会议，研究部署港口安全工作，并听取有关情况汇报。</p>"
				   "<p>会议强调，要统筹发展和安全，做好风险防范工作，保持港口平稳运行。</p>"
				   "<p>（责任编辑：李明）</p><p>扫码关注公众号</p><p>分享让更多人看到</p></article></body></html>";
	const char *body;

	(void)state;
	assert_int_equal(fake_host_parse_text(fh, html, "https://www.port.example/n/1", "text/html"), NW_OK);
	body = fake_host_body(fh, &fh->article[0]).p;
	assert_non_null(strstr(body, "平稳运行"));
	assert_null(strstr(body, "李明"));
	assert_null(strstr(body, "扫码"));
	assert_null(strstr(body, "分享"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(json_ld_names_authors_in_every_form),
	    PAGE_TEST(broken_json_ld_is_read_all_the_same),
	    PAGE_TEST(bylines_are_told_from_what_stands_in_and_around_them),
	    PAGE_TEST(dates_are_found_where_pages_keep_them),
	    PAGE_TEST(a_short_article_beside_a_long_list_is_the_article),
	    PAGE_TEST(lines_of_editors_and_codes_to_scan_are_no_text),
	    PAGE_TEST(the_clock_of_a_page_is_not_the_date_of_its_article),
	    PAGE_TEST(titles_lose_what_was_escaped_twice_and_sites_behind_a_hyphen),
	};

	return cmocka_run_group_tests_name("parser-page: what is said", tests, NULL, NULL);
}
