#include "page_article.h"
#include "page_byline.h"
#include "page_date.h"
#include "page_dom.h"
#include "page_extract.h"
#include "page_jsonld.h"
#include "page_meta.h"
#include "page_options.h"
#include "page_regex.h"
#include "page_text.h"
#include "page_title.h"

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

int
nw_page_article_read(struct nw_page *pg)
{
	struct nw_article a = {.size = sizeof(a), .url = pg->doc->url};
	struct nw_feed feed = {.size = sizeof(feed), .role = NW_ROLE_ARTICLE, .updated.at_ms = NW_TIME_NONE};
	struct nw_page_jsonld ld;
	struct nw_page_text text;
	int rc;

	nw_page_jsonld_read(pg, &ld);
	a.title = nw_page_title_find(pg, &ld);
	a.author = nw_page_byline_find(pg, &ld);
	if ((rc = nw_page_extract(pg, &ld, a.title, &text)) != NW_OK)
		return rc;
	a.body_html = text.html;
	a.summary = text.lead.len > 0 || text.text.len > 0 ? text.lead : description_of(pg);
	a.html_base = pg->base;
	nw_page_date_find(pg, &ld, a.title, text.text, &a.published, &a.updated);
	a.number = number_of(pg, a.title, text.text);
	a.lang = language_of(pg, &ld, a.title, text.text);
	if (pg->source != NULL && pg->source->key != NULL)
		nw_page_regex_find(pg->source->key, pg, a.url, &a.key);
	if (pg->oom)
		return pg->host->fail(pg->out, NW_ELIMIT, "page: scratch memory ran out");
	if (a.title.len == 0 && text.text.len == 0)
		return pg->host->fail(pg->out, NW_EINPUT, "page has neither a title nor text of an article");
	feed.title = nw_page_meta_get(pg, "og:site_name");
	feed.link = pg->doc->url;
	feed.lang = a.lang;
	if ((rc = pg->host->set_feed(pg->out, &feed)) != NW_OK)
		return rc;
	return pg->host->add_article(pg->out, &a);
}
