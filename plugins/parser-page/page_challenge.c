#include <string.h>

#include "page_challenge.h"
#include "page_dom.h"
#include "page_line.h"
#include "page_meta.h"
#include "page_text.h"
#include "page_wall.h"

#define SCREEN_MAX    1200	   /* letters of text a wall has at most */
#define ERROR_MAX     600	   /* the same of an error, block or log-in page */
#define NOTICE_MAX    250	   /* the same of a page that is a notice */
#define EMPTY_MAX     120	   /* the same of a page with a notice at most */
#define SHELL_MAX     40	   /* letters of a page that has no text of its own */
#define SOURCE_MAX    (512u << 10) /* bytes of a page that are searched for the marks of a wall */
#define TITLE_LETTERS 15
#define TITLES_MIN    4

struct mark {
	const char *text, *what;
};

/* In the source of walls alone. */
static const struct mark in_source[] = {
    {"cf-browser-verification", "challenge page (Cloudflare)"},
    {"cf_chl_opt", "challenge page (Cloudflare)"},
    {"challenge-error-text", "challenge page (Cloudflare)"},
    {"cf-error-details", "block page (Cloudflare)"},
    {"Incapsula incident ID", "block page (Imperva Incapsula)"},
    {"validate.perfdrive.com", "challenge page (Radware)"},
    {"captcha-delivery.com", "challenge page (DataDome)"},
    {"px-captcha", "challenge page (PerimeterX)"},
    {"sec-if-cpt-container", "challenge page (Akamai)"},
    {"bm-verify", "challenge page (Akamai)"},
    {"errors.edgesuite.net", "block page (Akamai)"},
    {"awsWafCookieDomainList", "challenge page (AWS WAF)"},
    {"gokuProps", "challenge page (AWS WAF)"},
    {"sucuri_cloudproxy_js", "challenge page (Sucuri)"},
    {"/vercel/security/", "challenge page (Vercel)"},
    {"__jsl_clearance", "challenge page (Jiasule)"},
    {"acw_sc__v2", "challenge page (Alibaba Cloud)"},
    {"aliyunwaf_", "challenge page (Alibaba Cloud)"},
    {"wzwschallenge", "challenge page (WangZhanBao)"},
    {"wzws-waf-cgi", "challenge page (WangZhanBao)"},
    {"yunsuo_session_verify", "challenge page (Yunsuo)"},
    {"security_session_verify", "challenge page (Yunsuo)"},
    {"safedog-waf", "block page (Safedog)"},
    {"SafeLineChallenge", "challenge page (SafeLine)"},
    {"__tst_status", "challenge page (EdgeOne)"},
    {"EO_Bot_Ssid", "challenge page (EdgeOne)"},
    {"__arcsjs", "challenge page (ArvanCloud)"},
    {"anubis_challenge", "challenge page (Anubis)"},
    {"showcaptcha", "challenge page (Yandex)"},
    {"checkcaptcha", "challenge page (Yandex)"},
    {"__qrator", "challenge page (Qrator)"},
    {"servicepipe.ru", "challenge page (Servicepipe)"},
    {"CloudWAF", "block page (CloudWAF)"},
    {"FortiGuard", "block page (a proxy between here and the site)"},
};

/* In the source of walls, and put into honest pages too: of a page that has next to nothing to read. */
static const struct mark injected[] = {
    {"_Incapsula_Resource", "challenge page (Imperva Incapsula)"},
    {"$_ts=window", "challenge page (Ruishu)"},
    {"window.KPSDK", "challenge page (Kasada)"},
    {"TSPD_101", "challenge page (F5)"},
    {"bobcmn", "challenge page (F5)"},
    {"ddos-guard", "challenge page (DDoS-Guard)"},
    {"/cdn-cgi/challenge-platform/", "challenge page (Cloudflare)"},
    {"geetest", "challenge page (Geetest)"},
    {"hcaptcha.com", "challenge page (hCaptcha)"},
    {"recaptcha/api", "challenge page (reCAPTCHA)"},
};

/* In the title or the text a reader sees. */
static const struct mark in_text[] = {
    {"just a moment...", "challenge page (Cloudflare)"},
    {"attention required! | cloudflare", "block page (Cloudflare)"},
    {"checking your browser", "challenge page"},
    {"checking if the site connection is secure", "challenge page (Cloudflare)"},
    {"verify you are human", "challenge page"},
    {"verify that you are human", "challenge page"},
    {"verifying you are human", "challenge page"},
    {"are you a robot", "challenge page"},
    {"not a robot", "challenge page"},
    {"unusual traffic", "challenge page"},
    {"pardon our interruption", "challenge page (Imperva)"},
    {"please enable cookies", "challenge page (asks for cookies)"},
    {"enable javascript and cookies", "challenge page"},
    {"ddos protection by", "challenge page"},
    {"the requested url was rejected", "block page (F5)"},
    {"you have been blocked", "block page"},
    {"web page blocked", "block page (a proxy between here and the site)"},
    {"request blocked", "block page"},
    {"accesso temporaneamente limitato", "challenge page (Radware)"},
    {"安全验证", "challenge page (安全验证)"},
    {"人机验证", "challenge page (人机验证)"},
    {"滑动验证", "challenge page (滑动验证)"},
    {"访问验证", "challenge page (访问验证)"},
    {"请求被拦截", "block page (WAF)"},
    {"访问被拦截", "block page (WAF)"},
    {"网站防火墙", "block page (WAF)"},
    {"不合法参数", "block page (WAF)"},
    {"подтвердите, что вы не робот", "challenge page"},
    {"making sure you're not a bot", "challenge page (Anubis)"},
    {"making sure you&#39;re not a bot", "challenge page (Anubis)"},
    {"browser verification", "challenge page"},
    {"one more step", "challenge page"},
    {"security check", "challenge page"},
    {"vercel security checkpoint", "challenge page (Vercel)"},
    {"sicherheitsüberprüfung", "challenge page"},
    {"проверка браузера", "challenge page"},
    {"安全检查", "challenge page (安全检查)"},
    {"正在检测您的浏览器", "challenge page"},
    {"请完成验证", "challenge page"},
    {"您的访问过于频繁", "block page (too many requests)"},
    {"操作过于频繁", "block page (too many requests)"},
    {"访问禁止", "block page (WAF)"},
    {"当前访问疑似黑客攻击", "block page (WAF)"},
};

static const char *
find(const struct mark *marks, size_t n, struct nw_str text)
{
	for (size_t i = 0; i < n; i++)
		if (nw_page_text_ifind(text, marks[i].text) != NULL)
			return marks[i].what;
	return NULL;
}
#define FIND(marks, text) find(marks, sizeof(marks) / sizeof(*marks), text)

static struct nw_str
lower(struct nw_page *pg, struct nw_str s)
{
	char *p = nw_page_alloc(pg, s.len + 1);

	return p != NULL ? nw_page_text_lower(s, p) : s;
}

/* What a reader sees, up to a screen of it: links and controls too. */
static struct nw_str
visible(struct nw_page *pg)
{
	static const char unseen[] = " script style noscript template head ";
	struct nw_page_buf b = {.pg = pg};

	for (const xmlNode *n = pg->body; n != NULL && b.len < 4 * SCREEN_MAX;) {
		if (n->type == XML_TEXT_NODE) {
			nw_page_text_fold(&b, (const char *)n->content, strlen((const char *)n->content));
			nw_page_text_fold(&b, " ", 1);
		}
		n = nw_page_dom_in(n, unseen) ? nw_page_dom_skip(n, pg->body) : nw_page_dom_next(n, pg->body);
	}
	return lower(pg, nw_page_text_str(&b));
}

static int
has_password(const struct nw_page *pg)
{
	for (const xmlNode *n = pg->body; n != NULL; n = nw_page_dom_next(n, pg->body))
		if (nw_page_dom_is(n, "input") && nw_page_text_ieq(nw_page_dom_attr(n, "type"), "password"))
			return 1;
	return 0;
}

/* "404", "404 - Ministry": not "404 soldiers return". */
static int
begins_with_404(struct nw_str title)
{
	const char *p = title.p + 3;

	if (!nw_page_text_istarts(title, "404"))
		return 0;
	while (*p == ' ')
		p++;
	return strchr("-|_:.!", *p) != NULL || (unsigned char)*p >= 0x80 ||
	       nw_page_text_istarts(nw_page_text_of(p), "error");
}

/* It calls itself an article: then it is one, whatever words it has. */
static int
is_said_article(struct nw_page *pg)
{
	static const char *const names[] = {"articletitle", "article:published_time", "pubdate", NULL};

	return nw_page_meta_first(pg, names).len > 0 ||
	       nw_page_text_ieq(nw_page_meta_get(pg, "og:type"), "article");
}

/* Links that may be titles: a wall has none, a short list has some. */
static int
has_titles(struct nw_page *pg)
{
	uint32_t n = 0;

	for (const xmlNode *x = pg->body; x != NULL && n < TITLES_MIN; x = nw_page_dom_next(x, pg->body))
		n += nw_page_dom_is(x, "a") && nw_page_line_weight(pg, x) >= TITLE_LETTERS;
	return n >= TITLES_MIN;
}

/* A script that sets a cookie and asks again, and nothing to read. */
static int
sets_cookie_and_reloads(struct nw_str source)
{
	static const char *const ways[] = {
	    "location.reload", "location.href", "location.replace", "window.location", "document.location"};

	if (nw_page_text_ifind(source, "document.cookie") == NULL)
		return 0;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (nw_page_text_ifind(source, ways[i]) != NULL)
			return 1;
	return 0;
}

/* The part of a page's source in which a wall shows. */
static struct nw_str
source_of(const struct nw_page *pg)
{
	return (struct nw_str){pg->html.p, pg->html.len < SOURCE_MAX ? pg->html.len : SOURCE_MAX};
}

/* What the title or the first heading says the page is instead. */
static const char *
said_in_head(struct nw_page *pg, struct nw_str title)
{
	struct nw_str h1 = lower(pg, nw_page_line_text(pg, nw_page_dom_first(pg->body, "h1")));
	const char *what = nw_page_wall_heading(pg, title);

	if (what == NULL)
		what = nw_page_wall_heading(pg, h1);
	return what == NULL && (begins_with_404(title) || begins_with_404(h1))
		   ? "missing page with status 200"
		   : what;
}

const char *
nw_page_challenge_of(struct nw_page *pg)
{
	struct nw_str text = visible(pg), title = lower(pg, nw_page_meta_page_title(pg));
	uint32_t letters = nw_page_text_weight(text);
	const char *what;

	if (is_said_article(pg))
		return NULL;
	what = said_in_head(pg, title);
	if (letters > SCREEN_MAX) /* a missing page may stand amid all menus of its site */
		return what != NULL && strncmp(what, "missing", strlen("missing")) == 0 ? what : NULL;
	if (what != NULL || (what = FIND(in_source, source_of(pg))) != NULL)
		return what;
	if (letters <= EMPTY_MAX && (what = FIND(injected, source_of(pg))) != NULL)
		return what;
	if (letters <= SHELL_MAX && sets_cookie_and_reloads(source_of(pg)))
		return "challenge page (a script sets a cookie and asks again)";
	if (letters > ERROR_MAX)
		return NULL;
	if ((what = FIND(in_text, title)) != NULL || has_titles(pg))
		return what;
	if ((what = FIND(in_text, text)) != NULL ||
	    (letters <= NOTICE_MAX && (what = nw_page_wall_notice(text)) != NULL))
		return what;
	return has_password(pg) ? "log-in page instead of what was asked for" : NULL;
}

const char *
nw_page_challenge_shell(struct nw_page *pg)
{
	struct nw_str text = visible(pg);

	if (nw_page_text_ifind(pg->html, "an error occurred while processing this directive") != NULL &&
	    nw_page_text_weight(text) < ERROR_MAX)
		return "page left unfinished by its server (server-side include failed)";
	if (nw_page_text_weight(text) <= SHELL_MAX && nw_page_text_ifind(pg->html, "<script") != NULL)
		return "empty page: its text is fetched by a script, so another address has it";
	return NULL;
}
