#include <string.h>
#include <strings.h>

#include "page_dom.h"
#include "page_hint.h"
#include "page_text.h"

#define ID_WORDS  4
#define NAMES_MAX 512 /* bytes of an element's names that are looked at */

/*
 * Names are compared as "-word-word-": lower case, words split where the case or the kind of character
 * changes, so that "articleBody", "article__body" and "article-body" are one.  A pattern with '-' at both
 * ends is whole words.
 */
struct pattern {
	const char *text;
	unsigned hint;
};

static const struct pattern patterns[] = {
    {"-article-body-", NW_PAGE_HINT_BODY},
    {"-articlebody-", NW_PAGE_HINT_BODY},
    {"-story-body-", NW_PAGE_HINT_BODY},
    {"-entry-content-", NW_PAGE_HINT_BODY},
    {"-post-content-", NW_PAGE_HINT_BODY},
    {"-post-body-", NW_PAGE_HINT_BODY},
    {"-article-content-", NW_PAGE_HINT_BODY},
    {"-article-text-", NW_PAGE_HINT_BODY},
    {"-story-content-", NW_PAGE_HINT_BODY},
    {"-story-text-", NW_PAGE_HINT_BODY},
    {"-news-body-", NW_PAGE_HINT_BODY},
    {"-news-text-", NW_PAGE_HINT_BODY},
    {"-body-copy-", NW_PAGE_HINT_BODY},
    {"-body-text-", NW_PAGE_HINT_BODY},
    {"-article-main-", NW_PAGE_HINT_BODY},
    {"-content-body-", NW_PAGE_HINT_BODY},
    {"-text-body-", NW_PAGE_HINT_BODY},
    {"-trs-editor-", NW_PAGE_HINT_BODY},
    {"-trs-ueditor-", NW_PAGE_HINT_BODY},
    {"-news-content-", NW_PAGE_HINT_BODY},
    {"-news-body-txt-", NW_PAGE_HINT_BODY},
    {"-content-text-", NW_PAGE_HINT_BODY},
    {"-govspeak-", NW_PAGE_HINT_BODY},
    {"-main-", NW_PAGE_HINT_MAIN},
    {"-article-", NW_PAGE_HINT_MAIN},
    {"-story-", NW_PAGE_HINT_MAIN},
    {"-post-", NW_PAGE_HINT_MAIN},
    {"-content-", NW_PAGE_HINT_MAIN},
    {"-entry-", NW_PAGE_HINT_MAIN},
    {"-comment", NW_PAGE_HINT_COMMENT},
    {"-comentario", NW_PAGE_HINT_COMMENT},
    {"-kommentar", NW_PAGE_HINT_COMMENT},
    {"-commenti-", NW_PAGE_HINT_COMMENT},
    {"-reacties-", NW_PAGE_HINT_COMMENT},
    {"-respond-", NW_PAGE_HINT_COMMENT},
    {"-pinglun-", NW_PAGE_HINT_COMMENT},
    {"-disqus", NW_PAGE_HINT_COMMENT},
    {"-replies-", NW_PAGE_HINT_COMMENT},
    {"-caption", NW_PAGE_HINT_CAPTION},
    {"-credit", NW_PAGE_HINT_CAPTION},
    {"-gallery", NW_PAGE_HINT_CAPTION},
    {"-carousel-", NW_PAGE_HINT_CAPTION},
    {"-slideshow-", NW_PAGE_HINT_CAPTION},
    {"-legend-", NW_PAGE_HINT_CAPTION},
    {"-byline", NW_PAGE_HINT_BYLINE},
    {"-author", NW_PAGE_HINT_BYLINE},
    {"-dateline-", NW_PAGE_HINT_BYLINE},
    {"-timestamp-", NW_PAGE_HINT_BYLINE},
    {"-published-", NW_PAGE_HINT_BYLINE},
    {"-pubdate-", NW_PAGE_HINT_BYLINE},
    {"-post-meta-", NW_PAGE_HINT_BYLINE},
    {"-entry-meta-", NW_PAGE_HINT_BYLINE},
    {"-article-meta-", NW_PAGE_HINT_BYLINE},
    {"-meta-data-", NW_PAGE_HINT_BYLINE},
    {"-metadata-", NW_PAGE_HINT_BYLINE},
    {"-contributor", NW_PAGE_HINT_BYLINE},
    {"-headline-", NW_PAGE_HINT_TITLE},
    {"-bigtitle-", NW_PAGE_HINT_TITLE},
    {"-entry-title-", NW_PAGE_HINT_TITLE},
    {"-share-", NW_PAGE_HINT_OFF},
    {"-shares-", NW_PAGE_HINT_OFF},
    {"-sharing-", NW_PAGE_HINT_OFF},
    {"-sharethis", NW_PAGE_HINT_OFF},
    {"-sharebar", NW_PAGE_HINT_OFF},
    {"-sharebutton", NW_PAGE_HINT_OFF},
    {"-sharetool", NW_PAGE_HINT_OFF},
    {"-social", NW_PAGE_HINT_OFF},
    {"-addthis", NW_PAGE_HINT_OFF},
    {"-related", NW_PAGE_HINT_OFF},
    {"-recommend", NW_PAGE_HINT_OFF},
    {"-outbrain", NW_PAGE_HINT_OFF},
    {"-taboola", NW_PAGE_HINT_OFF},
    {"-newsletter", NW_PAGE_HINT_OFF},
    {"-subscri", NW_PAGE_HINT_OFF},
    {"-signup-", NW_PAGE_HINT_OFF},
    {"-sign-up-", NW_PAGE_HINT_OFF},
    {"-cookie", NW_PAGE_HINT_OFF},
    {"-consent-", NW_PAGE_HINT_OFF},
    {"-gdpr-", NW_PAGE_HINT_OFF},
    {"-popup-", NW_PAGE_HINT_OFF},
    {"-modal-", NW_PAGE_HINT_OFF},
    {"-overlay-", NW_PAGE_HINT_OFF},
    {"-breadcrumb", NW_PAGE_HINT_OFF},
    {"-crumb", NW_PAGE_HINT_OFF},
    {"-nav-", NW_PAGE_HINT_OFF},
    {"-navbar-", NW_PAGE_HINT_OFF},
    {"-navigation-", NW_PAGE_HINT_OFF},
    {"-menu-", NW_PAGE_HINT_OFF},
    {"-footer-", NW_PAGE_HINT_OFF},
    {"-masthead-", NW_PAGE_HINT_OFF},
    {"-toolbar-", NW_PAGE_HINT_OFF},
    {"-sidebar-", NW_PAGE_HINT_OFF | NW_PAGE_HINT_SOFT},
    {"-side-bar-", NW_PAGE_HINT_OFF | NW_PAGE_HINT_SOFT},
    {"-widget", NW_PAGE_HINT_OFF | NW_PAGE_HINT_SOFT},
    {"-promo", NW_PAGE_HINT_OFF},
    {"-sponsor", NW_PAGE_HINT_OFF},
    {"-advert", NW_PAGE_HINT_OFF},
    {"-ad-", NW_PAGE_HINT_OFF},
    {"-ads-", NW_PAGE_HINT_OFF},
    {"-banner-", NW_PAGE_HINT_OFF},
    {"-teaser", NW_PAGE_HINT_OFF | NW_PAGE_HINT_SOFT},
    {"-tags-", NW_PAGE_HINT_OFF},
    {"-tag-list-", NW_PAGE_HINT_OFF},
    {"-pagination-", NW_PAGE_HINT_OFF},
    {"-pager-", NW_PAGE_HINT_OFF},
    {"-read-more-", NW_PAGE_HINT_OFF},
    {"-readmore-", NW_PAGE_HINT_OFF},
    {"-more-on-", NW_PAGE_HINT_OFF},
    {"-most-read-", NW_PAGE_HINT_OFF},
    {"-most-popular-", NW_PAGE_HINT_OFF},
    {"-trending-", NW_PAGE_HINT_OFF},
    {"-copyright-", NW_PAGE_HINT_OFF},
    {"-disclaimer-", NW_PAGE_HINT_OFF},
    {"-login-", NW_PAGE_HINT_OFF},
    {"-paywall-", NW_PAGE_HINT_OFF | NW_PAGE_HINT_SOFT},
    {"-tooltip-text-", NW_PAGE_HINT_HIDDEN},
    {"-tooltiptext-", NW_PAGE_HINT_HIDDEN},
    {"-tooltip-content-", NW_PAGE_HINT_HIDDEN},
    {"-popover-", NW_PAGE_HINT_HIDDEN},
    {"-rollover-block-", NW_PAGE_HINT_HIDDEN},
    {"-read-tooltip-", NW_PAGE_HINT_HIDDEN},
    {"-toc-", NW_PAGE_HINT_OFF},
    {"-further-reading", NW_PAGE_HINT_OFF},
    {"-see-also-", NW_PAGE_HINT_OFF},
    {"-also-read-", NW_PAGE_HINT_OFF},
    {"-read-also-", NW_PAGE_HINT_OFF},
    {"-read-next-", NW_PAGE_HINT_OFF},
    {"-more-stories-", NW_PAGE_HINT_OFF},
    {"-more-news-", NW_PAGE_HINT_OFF},
    {"-popular-", NW_PAGE_HINT_OFF},
    {"-suggested-", NW_PAGE_HINT_OFF},
    {"-next-article-", NW_PAGE_HINT_OFF},
    {"-prev-next-", NW_PAGE_HINT_OFF},
    {"-post-navigation-", NW_PAGE_HINT_OFF},
    {"-follow-us-", NW_PAGE_HINT_OFF},
    {"-author-bio-", NW_PAGE_HINT_OFF},
    {"-author-box-", NW_PAGE_HINT_OFF},
    {"-author-info-", NW_PAGE_HINT_OFF},
    {"-author-card-", NW_PAGE_HINT_OFF},
    {"-about-author-", NW_PAGE_HINT_OFF},
    {"-about-the-author-", NW_PAGE_HINT_OFF},
    {"-video-desc", NW_PAGE_HINT_CAPTION},
    {"-skip-link-", NW_PAGE_HINT_OFF},
    {"-print-", NW_PAGE_HINT_OFF | NW_PAGE_HINT_SOFT},
    {"-noprint-", NW_PAGE_HINT_OFF | NW_PAGE_HINT_SOFT},
};

static const struct {
	const char *names;
	unsigned hint;
} tags[] = {
    {" script style noscript template iframe object embed svg canvas audio video map input button select "
     "textarea "
     "option datalist meter progress dialog link meta title head base nav annotation ",
	NW_PAGE_HINT_GONE},
    {" footer aside menu ", NW_PAGE_HINT_OFF},
    {" form label fieldset header ", NW_PAGE_HINT_OFF | NW_PAGE_HINT_SOFT},
    {" figcaption caption ", NW_PAGE_HINT_CAPTION},
    {" figure picture ", NW_PAGE_HINT_CAPTION},
    {" article main ", NW_PAGE_HINT_MAIN},
    {" address time ", NW_PAGE_HINT_BYLINE},
    {" h1 ", NW_PAGE_HINT_TITLE},
};

/* Appends one attribute as "word-word-"; returns the new length. */
static size_t
add_words(char *out, size_t len, struct nw_str s)
{
	char c, before = 0;

	for (size_t i = 0; i < s.len && len + 3 < NAMES_MAX; i++) {
		c = s.p[i];
		if (c >= 'A' && c <= 'Z') {
			if (before >= 'a' && before <= 'z')
				out[len++] = '-';
			out[len++] = (char)(c + 'a' - 'A');
		} else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
			out[len++] = c;
		} else if (out[len - 1] != '-') {
			out[len++] = '-';
		}
		before = c;
	}
	if (out[len - 1] != '-')
		out[len++] = '-';
	out[len] = '\0';
	return len;
}

static int
style_hides(struct nw_str style)
{
	const char *at;

	if ((at = nw_page_text_ifind(style, "display")) != NULL) {
		for (at += 7; *at == ' ' || *at == ':'; at++)
			;
		if (strncmp(at, "none", 4) == 0)
			return 1;
	}
	if ((at = nw_page_text_ifind(style, "visibility")) != NULL) {
		for (at += 10; *at == ' ' || *at == ':'; at++)
			;
		return strncmp(at, "hidden", 6) == 0;
	}
	return 0;
}

/* One of the classes that hide, as a whole: "field-label-hidden" stands on what is shown. */
static int class_hides(struct nw_str class)
{
	static const char *const list[] = {"hidden", "is-hidden", "u-hidden", "element-hidden",
	    "visually-hidden", "visuallyhidden", "element-invisible", "sr-only", "screen-reader-text",
	    "d-none", "hide", "invisible", "assistive-text", "a11y-hidden", "offscreen"};
	const char *p = class.p;
	size_t len;

	while (*p != '\0') {
		p += strspn(p, " \t\r\n");
		len = strcspn(p, " \t\r\n");
		for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
			if (strlen(list[i]) == len && strncasecmp(p, list[i], len) == 0)
				return 1;
		p += len;
	}
	return 0;
}

static int
is_hidden(const xmlNode *n)
{
	struct nw_str style = nw_page_dom_attr(n, "style");

	return class_hides(nw_page_dom_attr(n, "class")) ||
	       xmlHasProp((xmlNode *)n, BAD_CAST "hidden") != NULL || (style.len > 0 && style_hides(style)) ||
	       nw_page_text_ieq(nw_page_dom_attr(n, "aria-hidden"), "true");
}

static unsigned
by_role(const xmlNode *n)
{
	static const char *const off[] = {"navigation", "banner", "contentinfo", "complementary", "search",
	    "menu", "menubar", "dialog", "alert", "alertdialog", "toolbar", "tablist"};
	struct nw_str role = nw_page_dom_attr(n, "role");

	if (nw_page_text_ieq(role, "main") || nw_page_text_ieq(role, "article"))
		return NW_PAGE_HINT_MAIN;
	for (size_t i = 0; role.len > 0 && i < sizeof(off) / sizeof(*off); i++)
		if (nw_page_text_ieq(role, off[i]))
			return NW_PAGE_HINT_OFF;
	return 0;
}

/* An id of many words is the address of a heading: what it says is about the content. */
static struct nw_str
short_id(struct nw_str id)
{
	int words = 1;

	for (size_t i = 0; i < id.len; i++)
		words += id.p[i] == '-' || id.p[i] == '_';
	return words <= ID_WORDS ? id : (struct nw_str){"", 0};
}

unsigned
nw_page_hint_of(struct nw_page *pg, const xmlNode *n)
{
	char names[NAMES_MAX] = "-";
	unsigned hint = by_role(n);
	size_t len = 1;

	(void)pg;
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
		if (nw_page_dom_in(n, tags[i].names))
			hint |= tags[i].hint;
	if (is_hidden(n))
		hint |= NW_PAGE_HINT_HIDDEN;
	if (nw_page_text_ieq(nw_page_dom_attr(n, "itemprop"), "articleBody"))
		hint |= NW_PAGE_HINT_BODY;
	len = add_words(names, len, nw_page_dom_attr(n, "class"));
	len = add_words(names, len, short_id(nw_page_dom_attr(n, "id")));
	for (size_t i = 0; len > 2 && i < sizeof(patterns) / sizeof(*patterns); i++)
		if (strstr(names, patterns[i].text) != NULL)
			hint |= patterns[i].hint;
	if ((hint & NW_PAGE_HINT_SOFT) != 0 && (hint & (NW_PAGE_HINT_MAIN | NW_PAGE_HINT_BODY)) != 0)
		hint &= ~(unsigned)(NW_PAGE_HINT_OFF |
				    NW_PAGE_HINT_SOFT); /* "article-widget": part of the article */
	return hint;
}
