/* parser-page on article pages in the templates of ministries, and on pages that are none. */
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

#define DATA	     NW_TOP "/tests/data/page/"
#define SEED	     NW_TOP "/../shared/seed/wang-yi-lavrov-2021-03-23"
#define DAY(y, m, d) (nw_days(y, m, d) * 86400000)

static int64_t
nw_days(int y, int m, int d)
{
	static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
	int64_t n = (int64_t)(y - 1970) * 365 + (y - 1969) / 4 + before[m - 1] + d - 1;

	return n + (m > 2 && y % 4 == 0); /* good until 2100 */
}

static int
parse(const char *path, const char *url, uint32_t role, const char *timezone)
{
	struct nw_buf b = {0};
	struct nw_err err;
	struct nw_doc doc = {.size = sizeof(doc),
	    .role = role,
	    .url = {url, strlen(url)},
	    .content_type = NW_STR("text/html"),
	    .source = NW_STR(""),
	    .timezone = {timezone, strlen(timezone)},
	    .lang = NW_STR(""),
	    .charset = NW_STR(""),
	    .fetched_at_ms = fh->now_ms};
	struct nw_str s;
	int rc;

	if (nw_io_read_file(path, 1u << 20, &b, &err) == -1)
		fail_msg("%s", err.msg);
	s = nw_buf_str(&b);
	doc.body = (struct nw_bytes){(const uint8_t *)s.p, s.len};
	rc = fake_host_parse_doc(fh, &doc);
	nw_buf_done(&b);
	return rc;
}

static const struct nw_article *
article(const char *file, const char *url, const char *timezone)
{
	char path[512];

	snprintf(path, sizeof(path), DATA "%s", file);
	if (parse(path, url, NW_ROLE_ARTICLE, timezone) != NW_OK)
		fail_msg("%s: %s", file, fh->fail.p);
	assert_int_equal(fh->narticles, 1);
	assert_int_equal(fh->feed.role, NW_ROLE_ARTICLE);
	return &fh->article[0];
}

static void
assert_date(const struct nw_article *a, int64_t at_ms, uint32_t precision, uint32_t origin)
{
	assert_int_equal(a->published.at_ms, at_ms);
	assert_int_equal(a->published.precision, precision);
	assert_int_equal(a->published.origin, origin);
}

static void
assert_body(const struct nw_article *a, const char *want)
{
	assert_string_equal(fake_host_body(fh, a).p, want);
}

static void
english_pages_of_trs_give_title_date_and_text(void **state)
{
	const struct nw_article *a = article("en-china-article.html",
	    "https://www.mfa.example/eng/xw/fyrbt/202608/t20260804_11900200.html", "Asia/Shanghai");

	(void)state;
	assert_string_equal(a->title.p, "Foreign Ministry Spokesperson's Remarks on the Maritime Convention");
	assert_string_equal(a->author.p, "Information Department");
	assert_string_equal(a->lang.p, "en");
	assert_date(a, DAY(2026, 8, 4) + (9 * 60 + 25) * 60000, NW_PREC_MINUTE, NW_ORIGIN_META);
	assert_body(a, "Q: It is reported that the parties concluded the third round of talks on the draft "
		       "Convention. Do you have any "
		       "comment?\n\n"
		       "A: The three parties held in-depth discussions in a candid atmosphere. They agreed "
		       "to sign the Convention before "
		       "the end of this year, subject to their domestic procedures.\n\n"
		       "We stand ready to work with all sides to keep the sea calm, and firmly oppose any "
		       "attempt to stir up trouble.");
}

static void
chinese_pages_keep_their_paragraphs_and_lose_their_buttons(void **state)
{
	const struct nw_article *a = article("zh-china-article.html",
	    "https://www.mfa.example/web/202608/t20260804_11900101.shtml", "Asia/Shanghai");
	struct nw_str body = fake_host_body(fh, a);

	(void)state;
	assert_string_equal(a->title.p, "外交部发言人就某国对台军售答记者问");
	assert_date(a, DAY(2026, 8, 4) + (7 * 60 + 30) * 60000, NW_PREC_MINUTE, NW_ORIGIN_VISIBLE);
	assert_memory_equal(a->lang.p, "zh", 2);
	assert_non_null(strstr(body.p, "根据《中华人民共和国反外国制裁法》，中方决定"));
	assert_null(strstr(body.p, "打印"));
	assert_null(strstr(body.p, "分享到"));
	assert_null(strstr(body.p, "例行记者会"));
	assert_null(strstr(body.p, "版权所有"));
	assert_null(strstr(body.p, "字体"));
}

static void
traditional_chinese_pages_name_their_day_in_a_list(void **state)
{
	const struct nw_article *a = article("zh-hant-taiwan-article.html",
	    "https://www.mofa.example/News_Content.aspx?n=96&s=1", "Asia/Taipei");

	(void)state;
	assert_string_equal(a->title.p, "外交部就友邦簽署投資保障協定說明");
	assert_date(a, DAY(2026, 9, 3), NW_PREC_DAY, NW_ORIGIN_VISIBLE);
	assert_string_equal(a->lang.p, "zh-Hant");
	assert_body(a, "我國與友邦政府於本（9）月3日在首都舉行投資保障協定簽署典禮，由雙方外交部長代表簽署，"
		       "將於完成國內程序後生效。\n\n"
		       "外交部長表示，本協定將為雙方業者提供更完善的法律保障，並深化兩國的經貿夥伴關係。\n\n"
		       "外交部感謝友邦長期支持我國參與國際組織，未來將持續推動各項合作計畫。（E）");
}

static void
russian_pages_lose_their_internal_number_and_further_reading(void **state)
{
	const struct nw_article *a = article(
	    "ru-mid-article.html", "https://mid.example/ru/foreign_policy/news/2050100/", "Europe/Moscow");
	struct nw_str body = fake_host_body(fh, a);

	(void)state;
	assert_string_equal(a->title.p, "О подписании Протокола к Соглашению о сотрудничестве");
	assert_date(a, DAY(2026, 9, 30) + (15 * 60 + 5) * 60000, NW_PREC_MINUTE, NW_ORIGIN_VISIBLE);
	assert_string_equal(a->lang.p, "ru");
	assert_memory_equal(body.p, "30 сентября в Москве", sizeof("30 сентября в Москве") - 1);
	assert_non_null(strstr(body.p, "вступит в силу"));
	assert_null(strstr(body.p, "Поделиться"));
	assert_null(strstr(body.p, "Читайте также"));
}

static void
arabic_pages_are_read_from_right_to_left(void **state)
{
	const struct nw_article *a =
	    article("ar-army-article.html", "https://army.example/ar/news/100", "Asia/Beirut");
	struct nw_str body = fake_host_body(fh, a);

	(void)state;
	assert_string_equal(a->title.p, "توقيع مذكرة تفاهم للتعاون العسكري");
	assert_date(a, DAY(2026, 9, 12) + 8 * 3600000, NW_PREC_MINUTE, NW_ORIGIN_VISIBLE);
	assert_string_equal(a->lang.p, "ar");
	assert_non_null(strstr(body.p, "وتدخل المذكرة حيز التنفيذ"));
	assert_null(strstr(body.p, "مشاركة"));
	assert_null(strstr(body.p, "اقرأ أيضا"));
}

static void
japanese_pages_count_years_by_era(void **state)
{
	const struct nw_article *a = article("ja-mofa-article.html",
	    "https://www.mofa.example/mofaj/press/release/pressit_000001_04231.html", "Asia/Tokyo");
	struct nw_str body = fake_host_body(fh, a);

	(void)state;
	assert_string_equal(a->title.p, "経済連携協定の署名");
	assert_date(a, DAY(2026, 9, 30), NW_PREC_DAY, NW_ORIGIN_VISIBLE);
	assert_string_equal(a->lang.p, "ja");
	assert_non_null(strstr(body.p, "経済連携協定に署名しました"));
	assert_null(strstr(body.p, "関連リンク"));
	assert_null(strstr(body.p, "電話"));
}

static void
old_code_pages_are_decoded(void **state)
{
	const struct nw_article *a = article("by-mfa-article.html",
	    "https://mfa.example/press/news_mfa/8d0e1f2a3b4c5d6e.html", "Europe/Minsk");

	(void)state;
	assert_string_equal(a->title.p, "О встрече министров иностранных дел");
	assert_date(a, DAY(2026, 10, 12), NW_PREC_DAY, NW_ORIGIN_VISIBLE);
	assert_null(strstr(fake_host_body(fh, a).p, "Версия для печати"));
}

static void
a_source_names_its_parts_and_its_number(void **state)
{
	const struct nw_article *a;

	(void)state;
	assert_int_equal(
	    fake_host_source(fh, "article.title", "h2.art-title", "article.body", ".art-con",
		"article.remove", ".art-title\n.art-info", "article.date", "meta[name=PubDate]",
		"article.number", "商务部公告\\d{4}年第\\d+号", "listing.key", "art_([0-9a-f]{8})", NULL),
	    NW_OK);
	a = article("zh-mofcom-article.html", "https://www.mofcom.example/zcfb/art/2026/art_0a1b2c3d.html",
	    "Asia/Shanghai");
	assert_string_equal(a->number.p, "商务部公告2026年第59号");
	assert_string_equal(a->key.p, "0a1b2c3d");
	assert_date(a, DAY(2026, 8, 5) + 3600000, NW_PREC_MINUTE, NW_ORIGIN_META);
	assert_body(a, "根据《中华人民共和国出口管制法》《不可靠实体清单规定》等法律法规，不可靠实体清单工作"
		       "机制决定将有关企业列入不可靠实体清单，"
		       "现将有关事项公告如下：\n\n一、禁止上述企业从事与中国有关的进出口活动；\n\n二、禁止上"
		       "述企业在中国境内新增投资。\n\n"
		       "本公告自公布之日起实施。\n\n商务部\n\n2026年8月5日");
}

static void
selectors_that_find_nothing_are_noted_and_the_text_is_found_without_them(void **state)
{
	const struct nw_article *a;

	(void)state;
	assert_int_equal(fake_host_source(fh, "article.body", ".text-of-old", NULL), NW_OK);
	a = article("zh-mofcom-article.html", "https://www.mofcom.example/zcfb/art/2026/art_0a1b2c3d.html", "Asia/Shanghai");
	assert_true(fake_host_noted(fh, "article.body finds nothing on the page: template changed?"));
	assert_non_null(strstr(fake_host_body(fh, a).p, "不可靠实体清单"));
}

static void
walls_and_missing_pages_are_refused_by_name(void **state)
{
	static const struct {
		const char *file, *part;
	} walls[] = {{"wall-cloudflare.html", "Cloudflare"}, {"wall-f5.html", "F5"},
	    {"wall-waf.html", "安全验证"}, {"wall-missing.html", "missing page"},
	    {"wall-login.html", "log-in page"}, {"wall-shell.html", "empty page"}};
	char path[512];

	(void)state;
	for (size_t i = 0; i < sizeof(walls) / sizeof(*walls); i++) {
		snprintf(path, sizeof(path), DATA "%s", walls[i].file);
		assert_int_equal(
		    parse(path, "https://www.ministry.example/a", NW_ROLE_ARTICLE, ""), NW_EINPUT);
		if (strstr(fh->fail.p, walls[i].part) == NULL)
			fail_msg("%s: '%s' does not say '%s'", walls[i].file, fh->fail.p, walls[i].part);
		assert_int_equal(fh->narticles, 0);
		assert_int_equal(
		    parse(path, "https://www.ministry.example/a", NW_ROLE_LISTING, ""), NW_EINPUT);
	}
}

static void
a_stub_names_the_page_it_leads_to(void **state)
{
	(void)state;
	assert_int_equal(
	    parse(DATA "stub-redirect.html", "https://www.ministry.example/a", NW_ROLE_ARTICLE, ""), NW_OK);
	assert_int_equal(fh->narticles, 0);
	assert_int_equal(fh->nfollow, 1);
	assert_string_equal(fh->follow[0].url.p, "http://www.ministry.example/zcfb/art/2026/art_1.html");
	assert_int_equal(fh->follow[0].role, NW_ROLE_ARTICLE);
}

static void
a_date_in_the_address_yields_to_one_in_the_text(void **state)
{
	static const char text[] =
	    "<html><title>Press conference</title><body><h1>Press conference</h1><div><p>On February 16, "
	    "2022, the spokesperson answered questions of the press on the situation in the "
	    "region.</p><p>The transcript was "
	    "published in full on the following day, with minor corrections of "
	    "names.</p></div></body></html>";

	(void)state;
	assert_int_equal(fake_host_parse_text(
			     fh, text, "https://m.example/lxjzh/202405/t20240530_11347225.html", "text/html"),
	    NW_OK);
	assert_date(&fh->article[0], DAY(2022, 2, 16), NW_PREC_DAY, NW_ORIGIN_BODY);
	assert_int_equal(fake_host_parse_text(
			     fh, text, "https://m.example/lxjzh/202202/t20220216_11347225.html", "text/html"),
	    NW_OK);
	assert_date(&fh->article[0], DAY(2022, 2, 16), NW_PREC_DAY, NW_ORIGIN_URL);
}

static void
markup_in_the_text_comes_out_clean(void **state)
{
	static const char text[] =
	    "<html><body><article><h1>T</h1><p>The <b>parties</b> signed the <a href='/doc?a=1&amp;b=2'>text"
	    "</a> of the <i>treaty</i> &lt;draft&gt; in the capital, in the presence of the "
	    "press.</p><h2>Next steps</h2><ul>"
	    "<li>ratification by both parliaments, and</li><li>exchange of the instruments.</li></ul><p>It "
	    "has five "
	    "articles, an annex, and a map of the "
	    "border.<script>alert(1)</script></p></article></body></html>";

	(void)state;
	assert_int_equal(fake_host_parse_text(fh, text, "https://m.example/n/1", "text/html"), NW_OK);
	assert_string_equal(fh->article[0].body_html.p,
	    "<p>The <b>parties</b> signed the <a href=\"https://m.example/doc?a=1&amp;b=2\">text</a> of the "
	    "<i>treaty</i> "
	    "&lt;draft&gt; in the capital, in the presence of the press.</p>\n<h2>Next steps</h2>\n<ul>\n"
	    "<li>ratification by both parliaments, and</li>\n<li>exchange of the instruments.</li>\n</ul>\n"
	    "<p>It has five articles, an annex, and a map of the border.</p>\n");
}

static void
the_seed_page_comes_out_as_published(void **state)
{
	static const char *const not_in_it[] = {"Contact Us", "Links", "中文", "Home", "China News",
	    "Suggest to a Friend", "TRS_Editor", "Liberia", "_Embassy"};
	const struct nw_article *a;
	struct nw_str body;
	int n = 1;

	(void)state;
	if (access(SEED ".html", R_OK) == -1) {
		print_message("skipped: no " SEED ".html\n");
		skip();
	}
	assert_int_equal(parse(SEED ".html", "http://lr.china-embassy.org/eng/zgyw/t1863858.htm",
			     NW_ROLE_AUTO, "Asia/Shanghai"),
	    NW_OK);
	a = &fh->article[0];
	assert_string_equal(a->title.p, "Wang Yi Holds Talks with Russian Foreign Minister Sergey Lavrov");
	assert_date(a, DAY(2021, 3, 23), NW_PREC_DAY, NW_ORIGIN_BODY);
	assert_string_equal(a->lang.p, "en");
	body = fake_host_body(fh, a);
	for (const char *p = body.p; (p = strstr(p, "\n\n")) != NULL; p += 2)
		n++;
	assert_int_equal(n, 9);
	assert_int_equal(body.len, 6078);
	for (size_t i = 0; i < sizeof(not_in_it) / sizeof(*not_in_it); i++)
		assert_null(strstr(body.p, not_in_it[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(english_pages_of_trs_give_title_date_and_text),
	    PAGE_TEST(chinese_pages_keep_their_paragraphs_and_lose_their_buttons),
	    PAGE_TEST(traditional_chinese_pages_name_their_day_in_a_list),
	    PAGE_TEST(russian_pages_lose_their_internal_number_and_further_reading),
	    PAGE_TEST(arabic_pages_are_read_from_right_to_left),
	    PAGE_TEST(japanese_pages_count_years_by_era),
	    PAGE_TEST(old_code_pages_are_decoded),
	    PAGE_TEST(selectors_that_find_nothing_are_noted_and_the_text_is_found_without_them),
	    PAGE_TEST(a_source_names_its_parts_and_its_number),
	    PAGE_TEST(walls_and_missing_pages_are_refused_by_name),
	    PAGE_TEST(a_stub_names_the_page_it_leads_to),
	    PAGE_TEST(a_date_in_the_address_yields_to_one_in_the_text),
	    PAGE_TEST(markup_in_the_text_comes_out_clean),
	    PAGE_TEST(the_seed_page_comes_out_as_published),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
