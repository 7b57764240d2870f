#include <stdio.h>
#include <string.h>

#include "page_dom.h"
#include "page_item.h"
#include "page_line.h"
#include "page_path.h"
#include "page_suggest.h"
#include "page_text.h"
#include "page_when.h"

#define FEEDS_MAX 16  /* of a page */
#define DATE_MAX  120 /* bytes of an element that holds the date and little else */
#define DAY_MS	  86400000

static int
is_trial(const struct nw_page *pg)
{
	return pg->source == NULL && pg->doc->source.len == 0;
}

/* --- feeds */

static int
names_feed(struct nw_page *pg, const xmlNode *n)
{
	static const char *const types[] = {"application/rss+xml", "application/atom+xml",
	    "application/rdf+xml", "application/feed+json", "text/rss"};
	struct nw_str type = nw_page_dom_attr(n, "type"), href = nw_page_dom_attr(n, "href"), text;
	char line[NW_PAGE_BRIEF_BYTES];

	if (nw_page_dom_is(n, "link")) {
		if (nw_page_text_ifind(nw_page_dom_attr(n, "rel"), "alternate") == NULL)
			return 0;
		for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
			if (nw_page_text_istarts(type, types[i]))
				return 1;
		return 0;
	}
	if (!nw_page_dom_is(n, "a") || !nw_page_dom_is_own(pg, href))
		return 0;
	if (nw_page_text_ifind(href, "rss.xml") != NULL || nw_page_text_ifind(href, "atom.xml") != NULL ||
	    nw_page_text_ifind(href, "feed.xml") != NULL || nw_page_text_ifind(href, ".rss") != NULL)
		return 1;
	text = nw_page_line_brief(pg, n, line);
	return nw_page_text_ieq(text, "rss") || nw_page_text_ieq(text, "atom") ||
	       nw_page_text_ieq(text, "rss feed");
}

void
nw_page_suggest_feeds(struct nw_page *pg)
{
	struct nw_str told[FEEDS_MAX], url;
	uint32_t n = 0, i;

	if (!is_trial(pg))
		return;
	for (const xmlNode *x = pg->root; x != NULL && n < FEEDS_MAX; x = nw_page_dom_next(x, pg->root)) {
		if (!nw_page_dom_in(x, " link a ") || !names_feed(pg, x))
			continue;
		if ((url = nw_page_dom_url(pg, nw_page_dom_attr(x, "href"))).len == 0)
			continue;
		for (i = 0; i < n && !nw_page_text_same(told[i], url); i++)
			;
		if (i < n)
			continue;
		told[n++] = url;
		pg->host->suggest(pg->out, "feed", url);
	}
}

/* --- a list */

void
nw_page_suggest_list(struct nw_page *pg, const struct nw_page_items *items)
{
	uint32_t found = 0;
	struct nw_str css;
	char least[16];

	if (items->n == 0 || (css = nw_page_path_of_list(pg, items, &found)).len == 0)
		return;
	pg->host->note(pg->out, "found listing.link_css: '%s' (%u links)", css.p, found);
	if (!is_trial(pg))
		return;
	pg->host->suggest(pg->out, "listing.link_css", css);
	snprintf(
	    least, sizeof(least), "%u", (items->n + 1) / 2); /* fewer are no slow week but a new layout */
	pg->host->suggest(pg->out, "listing.min_items", nw_page_text_of(least));
}

/* --- an article */

static void
suggest_path(struct nw_page *pg, const char *option, const xmlNode *n)
{
	struct nw_str css = n != NULL ? nw_page_path_of(pg, n) : (struct nw_str){"", 0};

	if (css.len > 0 && strcmp(css.p, "body") != 0)
		pg->host->suggest(pg->out, option, css);
}

/* The element with the fewest others in it that says the day. */
static const xmlNode *
date_at(struct nw_page *pg, const struct nw_time *published)
{
	struct nw_time when;

	for (const xmlNode *n = pg->body; n != NULL; n = nw_page_dom_next(n, pg->body)) {
		if (n->type != XML_TEXT_NODE || strlen((const char *)n->content) > DATE_MAX ||
		    n->parent == pg->body)
			continue;
		if (nw_page_when_in(pg, n, &when) &&
		    when.at_ms / DAY_MS == published->at_ms / DAY_MS)
			return n->parent;
	}
	return NULL;
}

void
nw_page_suggest_article(
    struct nw_page *pg, const xmlNode *title, const struct nw_time *published, const xmlNode *body)
{
	if (!is_trial(pg))
		return;
	suggest_path(pg, "article.title", title);
	if (published->origin == NW_ORIGIN_VISIBLE)
		suggest_path(pg, "article.date", date_at(pg, published));
	suggest_path(pg, "article.body", body);
}
