/* parser-page on list pages: configured, found by itself, with dates on every side, paging, and too few
 * links. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "page_host.h"

#define DATA   NW_TOP "/tests/data/page/"
#define SEED   NW_TOP "/../shared/seed/china-news-list.html"
#define DAY_MS 86400000

static int
parse_bytes(const char *text, size_t len, const char *url, uint32_t role)
{
	struct nw_doc doc = {.size = sizeof(doc),
	    .role = role,
	    .url = {url, strlen(url)},
	    .content_type = NW_STR(""),
	    .source = NW_STR(""),
	    .timezone = NW_STR(""),
	    .lang = NW_STR(""),
	    .charset = NW_STR(""),
	    .fetched_at_ms = fh->now_ms,
	    .body = {(const uint8_t *)text, len}};

	return fake_host_parse_doc(fh, &doc);
}

static int
list_of(const char *text, const char *url)
{
	return parse_bytes(text, strlen(text), url, NW_ROLE_LISTING);
}

static int
list_file(const char *path, const char *url, uint32_t role)
{
	struct nw_buf b = {0};
	struct nw_err err;
	struct nw_str s;
	int rc;

	if (nw_io_read_file(path, 1u << 20, &b, &err) == -1)
		fail_msg("%s", err.msg);
	s = nw_buf_str(&b);
	rc = parse_bytes(s.p, s.len, url, role);
	nw_buf_done(&b);
	return rc;
}

/* Day of publication as YYYYMMDD, 0 if unknown. */
static int
day(uint32_t i)
{
	int64_t z = fh->article[i].published.at_ms / DAY_MS + 719468, era = z / 146097,
		doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365,
		doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153, m = mp < 10 ? mp + 3 : mp - 9;

	if (fh->article[i].published.at_ms == NW_TIME_NONE)
		return 0;
	return (int)((yoe + era * 400 + (m <= 2)) * 10000 + m * 100 + doy - (153 * mp + 2) / 5 + 1);
}

static void
assert_item(uint32_t i, const char *title, const char *url, int want_day)
{
	assert_in_range(i, 0, fh->narticles - 1);
	assert_string_equal(fh->article[i].title.p, title);
	assert_string_equal(fh->article[i].url.p, url);
	assert_int_equal(day(i), want_day);
	assert_int_equal(fh->article[i].flags & NW_ARTICLE_TEASER, NW_ARTICLE_TEASER);
}

static void
links_by_regex_have_key_and_date_beside_them(void **state)
{
	(void)state;
	assert_int_equal(
	    fake_host_source(fh, "listing.link", "\\./\\d{6}/t\\d{8}_\\d+\\.s?html?", "listing.key",
		"t(\\d{8}_\\d+)", "listing.min_items", "5", "listing.pages", "3", NULL),
	    NW_OK);
	assert_int_equal(
	    list_file(DATA "zh-china-list.html", "https://www.mfa.example/web/dhdw/", NW_ROLE_LISTING),
	    NW_OK);
	assert_int_equal(fh->narticles, 5);
	assert_item(0, "外交部发言人就某国对台军售答记者问",
	    "https://www.mfa.example/web/dhdw/202608/t20260804_11900101.shtml", 20260804);
	assert_string_equal(fh->article[0].key.p, "20260804_11900101");
	assert_item(3, "外交部发言人就公约生效发表谈话",
	    "https://www.mfa.example/web/dhdw/202607/t20260731_11900098.shtml", 20260731);
	assert_int_equal(fh->article[3].published.origin, NW_ORIGIN_VISIBLE);
	assert_string_equal(fh->feed.title.p, "发言人表态");
	assert_int_equal(fh->nfollow, 2); /* of 29 pages, three are wanted */
	assert_string_equal(fh->follow[0].url.p, "https://www.mfa.example/web/dhdw/index_1.shtml");
	assert_int_equal(fh->follow[1].role, NW_ROLE_LISTING);
	assert_int_equal(list_file(DATA "zh-china-list.html",
			     "https://www.mfa.example/web/dhdw/index_1.shtml", NW_ROLE_LISTING),
	    NW_OK);
	assert_int_equal(fh->nfollow, 0); /* only the first page names the others */
}

static void
too_few_links_are_an_error_that_says_so(void **state)
{
	(void)state;
	assert_int_equal(
	    fake_host_source(fh, "listing.link", "t\\d{8}_\\d+\\.shtml", "listing.min_items", "10", NULL),
	    NW_OK);
	assert_int_equal(
	    list_file(DATA "zh-china-list.html", "https://www.mfa.example/web/dhdw/", NW_ROLE_LISTING),
	    NW_EINPUT);
	assert_string_equal(fh->fail.p,
	    "list page has 5 links of the configured kind, at least 10 expected: layout changed?");
	assert_int_equal(
	    list_of("<html><body><p>Nothing here.</p></body></html>", "https://m.example/"), NW_EINPUT);
}

#define ROW(n, title, date) \
	"<div class='row'><div class='t'><span><a href='/node/" n "'>" title "</a></span></div>" \
	"<div class='d'><span>" date "</span></div></div>"
#define LINK(n, title, date) "<li><a href='/node/" n "'><span>" title "</span><span>" date "</span></a></li>"

static void
a_day_in_a_title_is_not_taken_for_the_date_beside_it(void **state)
{
	(void)state;
	assert_int_equal(list_of("<html><body>" ROW("100", "Minister meets the envoy of Jordan", "20/11/2026")
				     ROW("101", "Statement on the situation there", "18/11/2026")
					 ROW("103", "Consular fees change on 1 January", "05/11/2026")
					     ROW("104", "Agreement on air services signed", "29/10/2026") "</body></html>",
			     "https://m.example/"),
	    NW_OK);
	assert_item(2, "Consular fees change on 1 January", "https://m.example/node/103", 20261105);
	assert_int_equal(list_of("<html><body><ul>" LINK("100", "Minister meets the envoy of Jordan", "20/11/2026")
				     LINK("101", "Statement on the situation there", "18/11/2026")
					 LINK("103", "Consular fees change on 1 January", "05/11/2026")
					     LINK("104", "Agreement on air services signed", "29/10/2026")
			     "</ul></body></html>",
			     "https://m.example/"),
	    NW_OK);
	assert_item(2, "Consular fees change on 1 January", "https://m.example/node/103", 20261105);
}

static void
rows_bundle_title_date_and_category(void **state)
{
	(void)state;
	assert_int_equal(fake_host_source(fh, "listing.item", "div.search-result.views-row", "listing.link",
			     "^/recent-actions/2\\d{7}", "listing.rewrite", "[?&]tm=\\d+ => ",
			     "listing.pages", "2", "listing.next", "a[rel=next]", NULL),
	    NW_OK);
	assert_int_equal(
	    list_file(DATA "en-ofac-list.html", "https://ofac.example/recent-actions", NW_ROLE_LISTING),
	    NW_OK);
	assert_int_equal(fh->narticles, 3);
	assert_item(0, "Iran-related Designations; Cuba Designations; Belarus-related Designations Removals",
	    "https://ofac.example/recent-actions/20260924", 20260924);
	assert_item(2, "Issuance of Russia-related General License",
	    "https://ofac.example/recent-actions/20260918_33", 20260918);
	assert_int_equal(fh->nfollow, 1);
}

static void
dates_above_a_group_of_links_count_for_each(void **state)
{
	(void)state;
	assert_int_equal(fake_host_source(fh, "listing.link", "/mofaj/press/release/pressit_", NULL), NW_OK);
	assert_int_equal(list_file(DATA "ja-mofa-list.html",
			     "https://www.mofa.example/mofaj/press/release/index.html", NW_ROLE_LISTING),
	    NW_OK);
	assert_int_equal(fh->narticles, 3);
	assert_int_equal(day(0), 20260930); /* "9月30日付": the year is that of the visit */
	assert_int_equal(day(1), 20260930);
	assert_int_equal(day(2), 20260929);
	/* two releases of one title stay two */
	assert_string_equal(fh->article[1].title.p, fh->article[2].title.p);
}

static void
dates_before_or_after_links_are_told_apart_by_the_whole_list(void **state)
{
	static const char after[] =
	    "<ul><li><a href=/n/1>First of three statements</a></li><span>2 May 2026</span><li>"
	    "<a href=/n/2>Second of three statements</a></li><span>1 May 2026</span><li><a href=/n/3>Third "
	    "of three "
	    "statements</a></li><span>30 April 2026</span></ul>";

	(void)state;
	assert_int_equal(
	    list_file(DATA "tccb-list.html", "https://tccb.example/haberler/", NW_ROLE_LISTING), NW_OK);
	assert_int_equal(fh->narticles, 3);
	assert_int_equal(day(0), 20261001);
	assert_int_equal(day(1), 20260930);
	assert_int_equal(day(2), 20260928);
	assert_int_equal(list_of(after, "https://m.example/n/"), NW_OK);
	assert_int_equal(day(0), 20260502);
	assert_int_equal(day(2), 20260430);
}

static void
a_date_in_the_title_is_taken_where_no_other_is(void **state)
{
	(void)state;
	assert_int_equal(
	    list_file(DATA "tr-mfa-list.html", "https://www.mfa.example/sub.en.mfa?1", NW_ROLE_LISTING),
	    NW_OK);
	assert_int_equal(fh->narticles, 3);
	assert_item(0, "No: 187, 1 October 2026, Regarding the Agreement on the Delimitation of the Sea",
	    "https://www.mfa.example/no_-187_-regarding-the-agreement-hk.en.mfa", 20261001);
	assert_int_equal(fh->article[0].published.origin, NW_ORIGIN_TITLE);
}

static void
a_call_of_a_script_becomes_an_address_by_rule(void **state)
{
	(void)state;
	assert_int_equal(fake_host_source(fh, "listing.link_css", "td.al a", "listing.rewrite",
			     "^f_view\\('(\\d+)'\\).* => view.do?seq=$1", "listing.key", "seq=(\\d+)", NULL),
	    NW_OK);
	assert_int_equal(list_file(DATA "ko-mofa-list.html", "http://www.mofa.example/eng/brd/m_5676/list.do",
			     NW_ROLE_LISTING),
	    NW_OK);
	assert_int_equal(fh->narticles, 3);
	assert_item(1, "Korea Deposits Instrument of Ratification of the Convention",
	    "http://www.mofa.example/eng/brd/m_5676/view.do?seq=322119", 20260928);
	assert_string_equal(fh->article[1].key.p, "322119");
}

static void
a_fragment_without_a_page_is_read(void **state)
{
	(void)state;
	assert_int_equal(list_file(DATA "in-mea-list.html", "https://www.mea.example/FrontEnd/Fetch?page=1",
			     NW_ROLE_LISTING),
	    NW_OK);
	assert_int_equal(fh->narticles, 3);
	assert_item(0, "Joint Statement on the Visit of the President",
	    "https://www.mea.example/FrontEnd/press-releases.htm?dtl/39123/Joint_Statement_on_the_Visit",
	    20260930);
}

static void
a_fragment_inside_json_is_read(void **state)
{
	(void)state;
	assert_int_equal(
	    fake_host_source(fh, "listing.json", "data.html", "listing.link", "/art_[0-9a-f]{32}\\.html",
		"article.number", "商务部公告\\d{4}年第\\d+号", NULL),
	    NW_OK);
	assert_int_equal(
	    list_file(DATA "zh-mofcom-list.json", "https://aqygzj.example/api/unit", NW_ROLE_LISTING), NW_OK);
	assert_int_equal(fh->narticles, 3);
	assert_item(0, "商务部公告2026年第59号 公布不可靠实体清单工作机制有关决定",
	    "https://aqygzj.example/flzc/gzjgfxwj/art/2026/art_0a1b2c3d4e5f60718293a4b5c6d7e8f9.html",
	    20260805);
	assert_string_equal(fh->article[0].number.p, "商务部公告2026年第59号");
	assert_int_equal(list_of("{\"data\":{}}", "https://aqygzj.example/api/unit"), NW_EINPUT);
	assert_non_null(strstr(fh->fail.p, "data.html"));
}

static void
aliases_of_an_address_are_made_one(void **state)
{
	static const char html[] =
	    "<ul><li><a href='https://www.fmprc.example/mfa_eng//xw/t1.html'>First statement of the day"
	    "</a></li><li><a href='https://www.mfa.example/eng/xw/t1.html'>First statement</a></li><li>"
	    "<a href='/mfa_eng/xw/t2.html'>Second statement of the day</a></li></ul>";

	(void)state;
	assert_int_equal(fake_host_source(fh, "listing.link", "t\\d\\.html", "listing.rewrite",
			     "//www\\.fmprc\\. => //www.mfa.\n/mfa_eng/+ => /eng/", NULL),
	    NW_OK);
	assert_int_equal(list_of(html, "https://www.fmprc.example/mfa_eng/xw/"), NW_OK);
	assert_int_equal(fh->narticles, 2);
	assert_string_equal(fh->article[0].url.p, "https://www.mfa.example/eng/xw/t1.html");
	assert_string_equal(fh->article[0].title.p, "First statement of the day");
	assert_string_equal(fh->article[1].url.p, "https://www.mfa.example/eng/xw/t2.html");
}

static void
a_title_cut_short_is_whole_in_its_attribute(void **state)
{
	static const char html[] =
	    "<ul><li><a href=/n/1 title='Minister opens the conference on water'>Minister opens the "
	    "conf...</a></li><li><a href=/n/2><img src=x.png></a><h3>Deputy minister receives the envoy</h3>"
	    "<a href=/n/2>Read more</a></li><li><a href=/n/3><span>Consultations were "
	    "held\xe2\x80\x8b</span><em>3 May "
	    "2026</em></a></li></ul>";

	(void)state;
	assert_int_equal(
	    fake_host_source(fh, "listing.link", "/n/\\d", "listing.skip_title", "^Nothing", NULL), NW_OK);
	assert_int_equal(list_of(html, "https://m.example/n/"), NW_OK);
	assert_int_equal(fh->narticles, 3);
	assert_string_equal(fh->article[0].title.p, "Minister opens the conference on water");
	assert_string_equal(fh->article[1].title.p, "Deputy minister receives the envoy");
	assert_item(2, "Consultations were held", "https://m.example/n/3", 20260503);
}

static void
the_list_is_found_where_nothing_is_configured(void **state)
{
	(void)state;
	assert_int_equal(
	    list_file(DATA "zh-china-list.html", "https://www.mfa.example/web/dhdw/", NW_ROLE_AUTO), NW_OK);
	assert_int_equal(fh->feed.role, NW_ROLE_LISTING);
	assert_int_equal(fh->narticles, 5);
	assert_true(fake_host_noted(fh, "found listing.link_css: 'ul.list1 > li > a' (5 links)"));
}

static void
categories_beside_titles_are_no_entries(void **state)
{
	static const char *const titles[] = {"会议在首都召开并通过决议", "两国签署海关合作协议文本", "关于调整部分税率的公告",
	    "代表团访问北方港口城市", "新闻发布会文字实录汇编", "全国工作会议部署下一步任务"};
	char html[4096] = "<html><body><ul class=list>";
	size_t len = strlen(html);

	(void)state;
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		len += (size_t)snprintf(html + len, sizeof(html) - len,
		    "<li>[<a href=/col/%zu>时政要闻</a>] <a href=/n/%zu.htm>%s</a><span>2026-09-%02zu</span></li>", i % 2, i,
		    titles[i], 20 - i);
	assert_int_equal(fake_host_parse_text(fh, html, "https://www.ministry.example/news/", "text/html"), NW_OK);
	assert_int_equal(fh->narticles, 6);
	for (uint32_t i = 0; i < fh->narticles; i++)
		assert_string_equal(fh->article[i].title.p, titles[i]);
}

static void
paging_by_number_ends_where_the_source_says(void **state)
{
	static const char html[] =
	    "<ul><li><a href=/n/1>First of three statements</a></li><li><a href=/n/2>Second of three "
	    "statements</a></li><li><a href=/n/3>Third of three statements</a></li></ul><a rel=next "
	    "href='%s'>Next</a>";
	static const struct {
		const char *here, *next;
		uint32_t follows;
	} cases[] = {{"https://m.example/n/", "?page=2", 1}, {"https://m.example/n/?page=2", "?page=3", 1},
	    {"https://m.example/n/?page=3", "?page=4", 0}, {"https://m.example/n/?start=30", "?start=60", 1},
	    {"https://m.example/n/?start=60", "?start=90", 0}, {"https://m.example/n/?page=3", "?page=2", 0},
	    {"https://m.example/n/", "older.html", 0}};
	char page[1024];

	(void)state;
	assert_int_equal(fake_host_source(fh, "listing.pages", "3", NULL), NW_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(page, sizeof(page), html, cases[i].next);
		assert_int_equal(list_of(page, cases[i].here), NW_OK);
		if (fh->nfollow != cases[i].follows)
			fail_msg("%s -> %s: %u followed", cases[i].here, cases[i].next, fh->nfollow);
	}
	assert_true(fake_host_noted(fh, "no number in its address"));
}

static void
wrong_options_are_refused_by_name(void **state)
{
	(void)state;
	assert_int_equal(fake_host_source(fh, "listing.link", "t(\\d", NULL), NW_ECONF);
	assert_non_null(strstr(fh->fail.p, "listing.link: no regular expression"));
	assert_int_equal(fake_host_source(fh, "article.body", "div.[", NULL), NW_ECONF);
	assert_non_null(strstr(fh->fail.p, "article.body: selector 'div.['"));
	assert_int_equal(fake_host_source(fh, "listing.rewrite", "a b", NULL), NW_ECONF);
	assert_non_null(strstr(fh->fail.p, "REGEX => TEXT"));
}

static void
an_expression_that_never_ends_is_given_up(void **state)
{
	static const char html[] =
	    "<a href='/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'>A statement of some length</a>";

	(void)state;
	assert_int_equal(fake_host_source(fh, "listing.link", "(a+)+$", NULL), NW_OK);
	assert_int_equal(list_of(html, "https://m.example/n/"), NW_EINPUT);
}

static void
the_seed_list_gives_its_ten_items(void **state)
{
	(void)state;
	if (access(SEED, R_OK) == -1) {
		print_message("skipped: no " SEED "\n");
		skip();
	}
	assert_int_equal(fake_host_source(fh, "listing.link", "\\./\\d{6}/t\\d{8}_\\d+\\.s?html?",
			     "listing.key", "t(\\d{8}_\\d+)", "listing.min_items", "10", NULL),
	    NW_OK);
	assert_int_equal(list_file(SEED, "http://lr.china-embassy.gov.cn/eng/zgyw/", NW_ROLE_LISTING), NW_OK);
	assert_int_equal(fh->narticles, 10);
	assert_item(3, "Wang Yi Holds Talks with Russian Foreign Minister Sergey Lavrov",
	    "http://lr.china-embassy.gov.cn/eng/zgyw/202103/t20210323_9036871.html", 20210323);
	assert_string_equal(fh->article[3].key.p, "20210323_9036871");
	assert_string_equal(fh->article[5].title.p, /* U+200B after the last word is gone */
	    "Assistant Foreign Minister Meets with Heads of African Diplomatic Missions");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(links_by_regex_have_key_and_date_beside_them),
	    PAGE_TEST(too_few_links_are_an_error_that_says_so),
	    PAGE_TEST(a_day_in_a_title_is_not_taken_for_the_date_beside_it),
	    PAGE_TEST(rows_bundle_title_date_and_category),
	    PAGE_TEST(dates_above_a_group_of_links_count_for_each),
	    PAGE_TEST(dates_before_or_after_links_are_told_apart_by_the_whole_list),
	    PAGE_TEST(a_date_in_the_title_is_taken_where_no_other_is),
	    PAGE_TEST(a_call_of_a_script_becomes_an_address_by_rule),
	    PAGE_TEST(a_fragment_without_a_page_is_read),
	    PAGE_TEST(a_fragment_inside_json_is_read),
	    PAGE_TEST(aliases_of_an_address_are_made_one),
	    PAGE_TEST(a_title_cut_short_is_whole_in_its_attribute),
	    PAGE_TEST(the_list_is_found_where_nothing_is_configured),
	    PAGE_TEST(categories_beside_titles_are_no_entries),
	    PAGE_TEST(paging_by_number_ends_where_the_source_says),
	    PAGE_TEST(wrong_options_are_refused_by_name),
	    PAGE_TEST(an_expression_that_never_ends_is_given_up),
	    PAGE_TEST(the_seed_list_gives_its_ten_items),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
