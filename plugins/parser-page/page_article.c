#include <string.h>

#include "page_article.h"
#include "page_byline.h"
#include "page_challenge.h"
#include "page_date.h"
#include "page_dom.h"
#include "page_extract.h"
#include "page_finder.h"
#include "page_item.h"
#include "page_jsonld.h"
#include "page_line.h"
#include "page_listing.h"
#include "page_meta.h"
#include "page_options.h"
#include "page_redirect.h"
#include "page_regex.h"
#include "page_suggest.h"
#include "page_text.h"
#include "page_title.h"
#include "page_when.h"

#define LIST_MIN       3
#define ROW_LETTERS    250 /* of text in a row of a list: a title, a date, a teaser */
#define DATE_LETTERS   30  /* of a row that holds no more than a date */
#define HEADLINE_BYTES 12  /* of a line that is the headline */
#define HEADED_LETTERS 200 /* of text below a headline and its date: two sentences */
#define SURE_LIST      40  /* of 100: how sure of a list the finder must be before a page is taken for one */

/* The announcement number: in the title, else in the text. */
static struct nw_str
number_of(struct nw_page *pg, struct nw_str title, struct nw_str text)
{
	struct nw_str n = {"", 0};

	if (pg->source != NULL && pg->source->number != NULL &&
	    !nw_page_regex_find(pg->source->number, pg, title, &n))
		nw_page_regex_find(pg->source->number, pg, text, &n);
	return n;
}

static struct nw_str
language_of(struct nw_page *pg, const struct nw_page_jsonld *ld, struct nw_str title, struct nw_str text)
{
	struct nw_str declared = nw_page_meta_lang(pg), lang = {"", 0};

	if (declared.len == 0)
		declared = ld->lang;
	if (declared.len == 0)
		declared = pg->doc->lang;
	if (pg->host->lang_detect(pg->out, text.len > 0 ? text : title, declared, &lang) != NW_OK)
		return (struct nw_str){"", 0};
	return lang;
}

/* What a page without text says it is about; beside a text it is often the site's motto. */
static struct nw_str
description_of(struct nw_page *pg)
{
	static const char *const names[] = {"og:description", "dc:description", "description", NULL};

	return nw_page_meta_first(pg, names);
}

/* What was found on the page, before it is handed over. */
struct found {
	struct nw_page_jsonld ld;
	struct nw_page_text text;
	struct nw_str title;
};

static int
find(struct nw_page *pg, struct found *f)
{
	nw_page_jsonld_read(pg, &f->ld);
	f->title = nw_page_title_find(pg, &f->ld);
	return nw_page_extract(pg, &f->ld, f->title, &f->text);
}

static int
hand_over(struct nw_page *pg, const struct found *f)
{
	struct nw_article a = {
	    .size = sizeof(a), .url = pg->doc->url, .title = f->title, .html_base = pg->base};
	struct nw_feed feed = {.size = sizeof(feed), .role = NW_ROLE_ARTICLE, .updated.at_ms = NW_TIME_NONE};
	const xmlNode *title = nw_page_title_at(pg, f->title);
	int rc;

	if (f->text.missed)
		pg->host->note(pg->out, "article.body finds nothing on the page: template changed?");
	a.author = nw_page_byline_find(pg, &f->ld, &f->text);
	a.body_html = f->text.html;
	a.summary = f->text.text.len > 0 ? f->text.lead : description_of(pg);
	nw_page_date_find(pg, &f->ld, a.title, &f->text, &a.published, &a.updated);
	a.number = number_of(pg, a.title, f->text.text);
	a.lang = language_of(pg, &f->ld, a.title, f->text.text);
	if (pg->source != NULL && pg->source->key != NULL)
		nw_page_regex_find(pg->source->key, pg, a.url, &a.key);
	nw_page_suggest_feeds(pg);
	nw_page_suggest_article(pg, title, &a.published, f->text.at);
	if (pg->oom)
		return pg->host->fail(pg->out, NW_ELIMIT, "page: scratch memory ran out");
	feed.title = nw_page_meta_get(pg, "og:site_name");
	feed.link = pg->doc->url;
	feed.lang = a.lang;
	if ((rc = pg->host->set_feed(pg->out, &feed)) != NW_OK)
		return rc;
	return pg->host->add_article(pg->out, &a);
}

/* A page without text: it leads elsewhere, or is a shell, or has at least a title and a description. */
static int
without_text(struct nw_page *pg, const struct found *f)
{
	struct nw_feed feed = {.size = sizeof(feed), .role = NW_ROLE_ARTICLE, .updated.at_ms = NW_TIME_NONE};
	struct nw_str url = nw_page_redirect_of(pg);
	const char *shell = nw_page_challenge_shell(pg);
	int rc;

	if (url.len > 0) {
		pg->host->note(pg->out, "the page has no text and leads to %s", url.p);
		if ((rc = pg->host->set_feed(pg->out, &feed)) != NW_OK)
			return rc;
		return pg->host->add_follow(pg->out, url, NW_ROLE_ARTICLE);
	}
	if (shell != NULL)
		return pg->host->fail(pg->out, NW_EINPUT, "%s", shell);
	if (f->title.len == 0)
		return pg->host->fail(
		    pg->out, NW_EINPUT, "page has neither a title nor the text of an article");
	if (!f->text.missed)
		pg->host->note(pg->out, "no text of an article was found: template changed?");
	return hand_over(pg, f);
}

int
nw_page_article_read(struct nw_page *pg)
{
	struct found f;
	int rc = find(pg, &f);

	if (rc != NW_OK)
		return rc;
	return f.text.text.len > 0 ? hand_over(pg, &f) : without_text(pg, &f);
}

/* What was taken for the text is the list itself: its links stand there, each with a date and a line or two.
 */
static int
is_its_text(struct nw_page *pg, const struct found *f, struct nw_page_items *items)
{
	uint32_t inside = 0, dated = 0, beside = 0;

	for (uint32_t i = 0; i < items->n; i++) {
		inside += (uint32_t)nw_page_dom_within(items->v[i].link, f->text.at);
		nw_page_item_read(pg, items, &items->v[i]);
		dated += items->v[i].when.origin == NW_ORIGIN_VISIBLE;
		beside +=
		    nw_page_line_weight(pg, items->v[i].row) - nw_page_line_weight(pg, items->v[i].link);
	}
	return 4 * inside >= 3 * items->n && 4 * dated >= 3 * items->n &&
	       f->text.letters < items->n * ROW_LETTERS &&
	       (4 * beside >= 3 * f->text.letters || f->text.letters < items->n * DATE_LETTERS);
	/* an article with dated references has more text than stands beside these */
}

static int
begins(struct nw_str title, struct nw_str line)
{
	return line.len >= HEADLINE_BYTES && line.len <= title.len && memcmp(title.p, line.p, line.len) == 0;
}

/* A headline, a date and some text stand together, and the longest list of links is one without dates beside
 * it. */
static int
is_headed(struct nw_page *pg, const struct found *f, struct nw_page_items *items)
{
	struct nw_time when;
	uint32_t dated = 0, near = 0;
	int headed = 0;

	if (f->text.letters < HEADED_LETTERS)
		return 0;
	for (uint32_t i = 0; i < f->text.nnear; i++) {
		near += (uint32_t)nw_page_when_alone(pg, f->text.near[i], &when);
		headed |= begins(f->title, f->text.near[i]);
	}
	if (!headed && nw_page_title_at(pg, f->title) == NULL)
		return 0;
	for (uint32_t i = 0; near > 0 && i < items->n; i++) {
		nw_page_item_read(pg, items, &items->v[i]);
		dated += items->v[i].when.origin == NW_ORIGIN_VISIBLE;
	}
	return near > 0 && 4 * dated < items->n;
}

/* It says so, or it has more text than its longest list of links has titles. */
static int
is_article(struct nw_page *pg, const struct found *f)
{
	struct nw_str type = nw_page_meta_get(pg, "og:type");
	struct nw_page_items items = {0};
	int sure;

	if (f->ld.is_article || nw_page_text_ieq(type, "article") ||
	    nw_page_meta_get(pg, "article:published_time").len > 0 ||
	    nw_page_meta_get(pg, "articletitle").len > 0)
		return 1;
	sure = nw_page_finder_find(pg, &items, NW_PAGE_FINDER_QUIET);
	if (items.n >= LIST_MIN && (f->text.text.len == 0 || is_its_text(pg, f, &items)))
		return 0;
	return sure < SURE_LIST || is_headed(pg, f, &items) ||
	       nw_page_finder_letters(pg, &items) < f->text.letters;
}

int
nw_page_article_auto(struct nw_page *pg)
{
	struct found f;
	int rc = find(pg, &f);

	if (rc != NW_OK)
		return rc;
	if (!is_article(pg, &f))
		return nw_page_listing_read(pg);
	return f.text.text.len > 0 ? hand_over(pg, &f) : without_text(pg, &f);
}
