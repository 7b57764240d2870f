#include <string.h>

#include "page_challenge.h"
#include "page_dom.h"
#include "page_meta.h"
#include "page_text.h"

#define SCREEN_MAX 1200 /* letters of text a wall has at most */
#define ERROR_MAX  500	/* the same of an error or log-in page */
#define SHELL_MAX  40	/* letters of a page that has no text of its own */

struct mark {
	const char *text, *what;
};

/* In the page's source, scripts included. */
static const struct mark in_source[] = {
    {"cf-browser-verification", "challenge page (Cloudflare)"},
    {"cf_chl_opt", "challenge page (Cloudflare)"},
    {"cf-error-details", "block page (Cloudflare)"},
    {"_Incapsula_Resource", "challenge page (Imperva Incapsula)"},
    {"Incapsula incident ID", "block page (Imperva Incapsula)"},
    {"TSPD_101", "challenge page (F5)"},
    {"bobcmn", "challenge page (F5)"},
    {"validate.perfdrive.com", "challenge page (Radware)"},
    {"captcha-delivery.com", "challenge page (DataDome)"},
    {"px-captcha", "challenge page (PerimeterX)"},
    {"sec-if-cpt-container", "challenge page (Akamai)"},
    {"bm-verify", "challenge page (Akamai)"},
    {"errors.edgesuite.net", "block page (Akamai)"},
    {"awsWafCookieDomainList", "challenge page (AWS WAF)"},
    {"gokuProps", "challenge page (AWS WAF)"},
    {"sucuri_cloudproxy_js", "challenge page (Sucuri)"},
    {"ddos-guard", "challenge page (DDoS-Guard)"},
    {"__jsl_clearance", "challenge page (Jiasule)"},
    {"__arcsjs", "challenge page (ArvanCloud)"},
    {"CloudWAF", "block page (CloudWAF)"},
    {"FortiGuard", "block page (a proxy between here and the site)"},
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
    {"access denied", "block page"},
    {"request blocked", "block page"},
    {"accesso temporaneamente limitato", "challenge page (Radware)"},
    {"安全验证", "challenge page (安全验证)"},
    {"人机验证", "challenge page (人机验证)"},
    {"滑动验证", "challenge page (滑动验证)"},
    {"访问验证", "challenge page (访问验证)"},
    {"请求被拦截", "block page (WAF)"},
    {"访问被拦截", "block page (WAF)"},
    {"访问被拒绝", "block page (WAF)"},
    {"网站防火墙", "block page (WAF)"},
    {"不合法参数", "block page (WAF)"},
    {"доступ ограничен", "block page"},
    {"подтвердите, что вы не робот", "challenge page"},
};

/* In the title or the first heading, of a page with little text. */
static const struct mark missing[] = {
    {"404", "missing page with status 200"},
    {"not found", "missing page with status 200"},
    {"page you requested could not", "missing page with status 200"},
    {"no longer available", "missing page with status 200"},
    {"页面不存在", "missing page with status 200"},
    {"您访问的页面", "missing page with status 200"},
    {"找不到", "missing page with status 200"},
    {"頁面不存在", "missing page with status 200"},
    {"не найден", "missing page with status 200"},
    {"غير موجود", "missing page with status 200"},
    {"見つかりません", "missing page with status 200"},
    {"nicht gefunden", "missing page with status 200"},
    {"introuvable", "missing page with status 200"},
    {"no encontrada", "missing page with status 200"},
    {"não encontrada", "missing page with status 200"},
    {"non trovata", "missing page with status 200"},
    {"bulunamadı", "missing page with status 200"},
    {"페이지를 찾을 수 없", "missing page with status 200"},
    {"service unavailable", "error page with status 200"},
    {"internal server error", "error page with status 200"},
    {"runtime error", "error page with status 200"},
    {"bad gateway", "error page with status 200"},
    {"under maintenance", "maintenance page with status 200"},
    {"系统维护", "maintenance page with status 200"},
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
	return nw_page_text_str(&b);
}

static int
has_password(const struct nw_page *pg)
{
	for (const xmlNode *n = pg->body; n != NULL; n = nw_page_dom_next(n, pg->body))
		if (nw_page_dom_is(n, "input") && nw_page_text_ieq(nw_page_dom_attr(n, "type"), "password"))
			return 1;
	return 0;
}

const char *
nw_page_challenge_of(struct nw_page *pg)
{
	struct nw_str text = visible(pg), title = nw_page_meta_page_title(pg);
	uint32_t letters = nw_page_text_weight(text);
	const char *what = NULL;

	if (letters > SCREEN_MAX)
		return NULL;
	if ((what = FIND(in_source, pg->html)) != NULL || (what = FIND(in_text, title)) != NULL ||
	    (what = FIND(in_text, text)) != NULL)
		return what;
	if (letters > ERROR_MAX)
		return NULL;
	if ((what = FIND(missing, title)) != NULL ||
	    (what = FIND(missing, nw_page_dom_text(pg, nw_page_dom_first(pg->body, "h1")))) != NULL)
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
