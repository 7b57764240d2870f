#include <stdlib.h>
#include <string.h>

#include <libxml/HTMLparser.h>

#include <newswatch/plugin.h>

#include "page.h"
#include "page_article.h"
#include "page_challenge.h"
#include "page_dom.h"
#include "page_fragment.h"
#include "page_listing.h"
#include "page_meta.h"
#include "page_options.h"
#include "page_text.h"

struct state {
	const struct nw_host *host;
};

static int
page_open(
    const struct nw_host *host, const struct nw_instance *inst, const struct nw_conf *conf, void **state_r)
{
	struct state *s = calloc(1, sizeof(*s));

	(void)inst;
	(void)conf;
	if (s == NULL)
		return NW_ERES;
	s->host = host;
	xmlInitParser();
	*state_r = s;
	return NW_OK;
}

static void
page_close(void *state)
{
	free(state);
}

static int
page_source_open(void *state, const struct nw_value *values, struct nw_sink *out, void **source_r)
{
	const struct state *s = state;
	struct nw_page pg = {.host = s->host, .out = out};
	struct nw_page_source *source;
	int rc = nw_page_options_open(&pg, values, &source);

	if (rc == NW_OK)
		*source_r = source;
	return rc;
}

static void
page_source_close(void *source)
{
	nw_page_options_close(source);
}

/* Sure of a doctype or <html>; other tags may be a fragment, which is a list of some systems. */
static int
page_probe(void *state, const struct nw_doc *doc)
{
	struct nw_str s = {(const char *)doc->body.p, doc->body.len < 2048 ? doc->body.len : 2048};

	(void)state;
	if (nw_page_text_ifind(s, "<!doctype html") != NULL || nw_page_text_ifind(s, "<html") != NULL)
		return 80;
	if (nw_page_text_ifind(s, "<?xml") != NULL || nw_page_text_ifind(s, "<rss") != NULL)
		return 0;
	if (nw_page_text_ifind(s, "<head") != NULL || nw_page_text_ifind(s, "<body") != NULL)
		return 70;
	return nw_page_text_istarts(doc->content_type, "text/html") ? 40
	       : memchr(s.p, '<', s.len) != NULL		    ? 10
								    : 0;
}

/* The page's own word for its language orders days and months where the source says none. */
static void
take_language(struct nw_page *pg, struct nw_doc *own)
{
	struct nw_str lang;

	if (pg->doc->lang.len > 0 || (lang = nw_page_meta_lang(pg)).len == 0)
		return;
	*own = *pg->doc;
	own->lang = lang;
	pg->doc = own;
}

static int
read_page(struct nw_page *pg, struct nw_doc *own)
{
	const char *instead;
	int is_json = pg->source != NULL && pg->source->json != NULL && pg->doc->role != NW_ROLE_ARTICLE;
	int rc = is_json ? nw_page_fragment_open(pg) : nw_page_dom_open(pg);

	if (rc != NW_OK)
		return rc;
	nw_page_meta_open(pg);
	take_language(pg, own);
	if (!is_json && (instead = nw_page_challenge_of(pg)) != NULL)
		return pg->host->fail(pg->out, NW_EINPUT, "%s", instead);
	switch (is_json ? NW_ROLE_LISTING : pg->doc->role) {
	case NW_ROLE_LISTING:
		return nw_page_listing_read(pg);
	case NW_ROLE_ARTICLE:
		return nw_page_article_read(pg);
	default:
		return nw_page_article_auto(pg);
	}
}

static int
page_parse(void *state, void *source, const struct nw_doc *doc, struct nw_sink *out)
{
	const struct state *s = state;
	struct nw_page pg = {.host = s->host, .out = out, .doc = doc, .source = source};
	struct nw_doc own;
	int rc = read_page(&pg, &own);

	nw_page_dom_close(&pg);
	return rc;
}

static const struct nw_parser_ops ops = {
    .source_open = page_source_open,
    .source_close = page_source_close,
    .probe = page_probe,
    .parse = page_parse,
};

NW_PLUGIN(parser_page) = {
    NW_PLUGIN_HEAD(NW_KIND_PARSER),
    .name = "parser-page",
    .version = "0.1.0",
    .summary = "reads list pages and article pages of web sites",
    .entry = nw_page_options,
    .open = page_open,
    .close = page_close,
    .ops.parser = &ops,
};
