/* parser-page: what stands in a page's stead with status 200 is refused by name, and what only looks so is
 * read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "page_host.h"

struct page {
	const char *html, *says; /* NULL: it is read */
};

static void
check(const struct page *pages, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int rc = fake_host_parse_text(
		    fh, pages[i].html, "https://www.ministry.example/news/t1.html", "text/html");
		const char *said = rc == NW_OK ? "read" : fh->fail.p;

		if ((rc == NW_OK) != (pages[i].says == NULL) ||
		    (rc != NW_OK && strstr(said, pages[i].says) == NULL))
			fail_msg("%.70s: %s, expected %s", pages[i].html, said,
			    pages[i].says != NULL ? pages[i].says : "read");
	}
}

static void
walls_are_named(void **state)
{
	static const struct page pages[] = {
	    {"<html><head><title>Just a moment...</title></head><body><noscript>Enable "
	     "JavaScript</noscript></body></html>",
		"Cloudflare"},
	    {"<html><script>var arg1='4A7C';function "
	     "setCookie(n,v){document.cookie=n+'='+v;}setCookie('acw_sc__v2',x);"
	     "document.location.reload();</script></html>",
		"Alibaba"},
	    {"<html><body><script>document.cookie='__jsluid_s=abc';location.href=location.pathname</script></"
	     "body></html>",
		"sets a cookie"},
	    {"<script>document.cookie=\"k=\"+f();window.location.reload()</script>", "sets a cookie"},
	    {"<html><body><iframe src='/_Incapsula_Resource?CWUDNSAI=9'></iframe></body></html>", "Imperva"},
	    {"<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1>You don't have "
	     "permission to access "
	     "this server.<p>Reference #18.2d</body></html>",
		"block page"},
	    {"<html><head><title>Making sure you&#39;re not a "
	     "bot!</title></head><body><p>Loading...</p></body></html>",
		"Anubis"},
	    {"<html><head><title>Ошибка</title></head><body><p>Доступ ограничен.</p></body></html>",
		"block page"},
	    {"<html><head><title>网站防火墙</title></"
	     "head><body>您的请求带有不合法参数，已被网站管理员设置拦截！</body></html>",
		"WAF"},
	    {"<html><head><title>Вход</title></head><body><form><input name=login><input "
	     "type=password></form></body></html>",
		"log-in"},
	};

	(void)state;
	check(pages, sizeof(pages) / sizeof(*pages));
}

/* A page of a title and a line; NULL where it is an honest one. */
static void
check_notices(const char *const (*cases)[3], size_t n)
{
	char html[1024];

	for (size_t i = 0; i < n; i++) {
		struct page page = {html, cases[i][2]};

		snprintf(html, sizeof(html), "<html><head><title>%s</title></head><body><p>%s</p></body></html>", cases[i][0],
		    cases[i][1]);
		check(&page, 1);
	}
}

static void
notices_are_told_in_many_languages(void **state)
{
	static const char *const cases[][3] = {{"Nur einen Moment…", "Bitte warten", "Cloudflare"},
	    {"请稍候…", "正在验证您是否是真人。", "Cloudflare"}, {"Portal", "Ваш IP заблокирован", "block"},
	    {"Portal", "您的访问请求可能对网站造成安全威胁，请求已被阻断。", "WAF"}, {"Accès refusé - Portail", "Erreur", "block"},
	    {"429 Too Many Requests", "", "block"}, {"Ministère | Page non trouvée", "Retour", "missing"},
	    {"Portal", "Strony szukasz? Nie tu. Такой страницы не существует", "missing"}, {"提示信息", "您要访问的页面已被删除", "missing"},
	    {"صفحه یافت نشد", "بازگشت", "missing"}, {"알림", "요청하신 페이지를 찾을 수 없습니다.", "missing"},
	    {"Oops! That page can’t be found.", "Try a search", "missing"}, {"Wartungsarbeiten", "Bis morgen", "maintenance"},
	    {"网站维护中", "请稍后", "maintenance"}, {"503 Service Temporarily Unavailable", "", "error"},
	    {"Portal", "Fatal error: Uncaught Error in index.php", "error"}, {"Welcome to nginx!", "It works", "server"}};

	(void)state;
	check_notices(cases, sizeof(cases) / sizeof(*cases));
}

static void
short_news_with_such_words_in_its_title_is_read(void **state)
{
	static const char *const cases[][3] = {
	    {"Access denied to inspectors of the plant", "The ministry protested on Monday against the refusal.", NULL},
	    {"Missing divers not found after a week", "The search goes on at the northern coast, the navy said.", NULL},
	    {"Un momento difícil para la economía", "El ministro habló el lunes de las medidas del gobierno.", NULL},
	    {"Bridge over the river under maintenance until May", "Traffic is led over the old road.", NULL},
	    {"网站维护工作会议在首都召开", "会议部署了政府网站下一步的工作安排。", NULL},
	    {"外交部发言人就代表团访问被拒绝答问", "发言人表示有关报道不属实。", NULL}};

	(void)state;
	check_notices(cases, sizeof(cases) / sizeof(*cases));
}

static void
missing_pages_are_named_whatever_their_status(void **state)
{
	static const struct page pages[] = {
	    {"<html><head><title>404</title></head><body><p>Nothing here, go back to the start "
	     "page.</p></body></html>",
		"missing"},
	    {"<html><head><title>404页面</title></head><body>您访问的页面不存在或已删除</body></html>",
		"missing"},
	    {"<html><head><title>Ministry</title></head><body><h1>Page not found</h1><p>It may have "
	     "moved.</p></body></html>",
		"missing"},
	    {"<html><head><title>Страница не найдена</title></head><body><p>Вернуться на "
	     "главную</p></body></html>",
		"missing"},
	    {"<html><head><title>صفحة غير موجودة</title></head><body><h1>الصفحة غير "
	     "موجودة</h1></body></html>",
		"missing"},
	    {"<html><head><title>お探しのページが見つかりません</title></head><body><p>トップへ</p></body></"
	     "html>",
		"missing"},
	    {"<html><head><title>Home</title><script src=/app.js></script></head><body><div "
	     "id=app></div></body></html>",
		"fetched by a script"},
	};

	(void)state;
	check(pages, sizeof(pages) / sizeof(*pages));
}

static void
a_missing_page_amid_the_menus_of_its_site_is_missing(void **state)
{
	char html[8192] = "<html><head><title>Page not found | Ministry</title></head><body><ul>";
	struct page page = {html, "missing"};
	size_t len = strlen(html);

	(void)state;
	for (int i = 0; i < 60; i++)
		len += (size_t)snprintf(
		    html + len, sizeof(html) - len, "<li><a href=/topic/%d>Topic %d of the ministry's many topics</a>", i, i);
	snprintf(html + len, sizeof(html) - len, "</ul><h1>Page not found</h1><p>It may have moved.</p></body></html>");
	check(&page, 1);
}

static void
honest_pages_with_such_words_are_read(void **state)
{
	static const struct page pages[] = {
	    {"<html><head><title>404 soldiers return home</title></head><body><h1>404 soldiers return "
	     "home</h1><p>The Ministry of "
	     "Defence announced that 404 soldiers returned home on Monday after a year "
	     "abroad.</p></body></html>",
		NULL},
	    {"<html><head><title>Resolution 1404 adopted</title></head><body><p>The Council adopted "
	     "resolution 1404 on Tuesday, "
	     "with twelve votes in favour and three abstentions.</p></body></html>",
		NULL},
	    {"<html><head><title>Statement</title><meta name=PubDate content='2026-05-01 "
	     "10:00'></head><body><p>Journalists were told "
	     "that access denied by the guards last week is now granted, the Ministry "
	     "said.</p></body></html>",
		NULL},
	    {"<html><head><title>Statement on the talks</title></head><body><p>The two ministers met on "
	     "Friday and signed the "
	     "agreement, which enters into force in June.</p><script "
	     "src='/_Incapsula_Resource?x=1'></script><p>They also agreed to "
	     "meet again in autumn, and to exchange lists of those who were missing after the flood of last "
	     "year.</p></body></html>",
		NULL},
	    {"<html><head><title>News</title></head><body><form><input name=u><input "
	     "type=password></form><ul>"
	     "<li><a href=/n/1>Minister receives ambassador of Norland</a><li><a href=/n/2>Talks on rail "
	     "transport were held</a>"
	     "<li><a href=/n/3>Exhibition of music is opened</a><li><a href=/n/4>Deputy minister visits the "
	     "harbour</a></ul></body></html>",
		NULL},
	};

	(void)state;
	check(pages, sizeof(pages) / sizeof(*pages));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(walls_are_named),
	    PAGE_TEST(notices_are_told_in_many_languages),
	    PAGE_TEST(short_news_with_such_words_in_its_title_is_read),
	    PAGE_TEST(missing_pages_are_named_whatever_their_status),
	    PAGE_TEST(a_missing_page_amid_the_menus_of_its_site_is_missing),
	    PAGE_TEST(honest_pages_with_such_words_are_read),
	};

	return cmocka_run_group_tests_name("parser-page: walls", tests, NULL, NULL);
}
