#include <string.h>

#include "page_dom.h"
#include "page_finder.h"
#include "page_item.h"
#include "page_listing.h"
#include "page_meta.h"
#include "page_options.h"
#include "page_order.h"
#include "page_paging.h"
#include "page_regex.h"
#include "page_select.h"
#include "page_suggest.h"
#include "page_text.h"
#include "page_title.h"

struct collecting {
	struct nw_page *pg;
	struct nw_page_items *items;
	uint32_t looked, left_out;
};

static struct nw_str
rewritten(struct nw_page *pg, struct nw_str url)
{
	const struct nw_page_source *s = pg->source;

	for (uint32_t i = 0; s != NULL && i < s->nrewrite; i++)
		url = nw_page_regex_replace(s->rewrite[i].what, pg, url, s->rewrite[i].with);
	return url;
}

/* The address of an entry.  A script's call is made an address by the source's rules, else it is none. */
static struct nw_str
address(struct nw_page *pg, struct nw_str ref, int is_call)
{
	struct nw_str other = rewritten(pg, ref), url = nw_page_dom_url(pg, other);

	if (url.len == 0 || (is_call && nw_page_text_same(other, ref)))
		return (struct nw_str){"", 0};
	other = rewritten(pg, url);
	return nw_page_text_same(other, url) ? url : nw_page_dom_url(pg, other);
}

/* An attribute's value, or of a link its address; where that leads nowhere, the script it calls. */
static struct nw_str
reference(const xmlNode *n, int *is_call_r)
{
	struct nw_str href, call;

	*is_call_r = 0;
	if (n->type == XML_ATTRIBUTE_NODE)
		return nw_page_text_of(n->children != NULL ? (const char *)n->children->content : NULL);
	href = nw_page_dom_attr(n, "href");
	if (href.len > 0 && !nw_page_text_istarts(href, "javascript:") && href.p[0] != '#')
		return href;
	call = nw_page_dom_attr(n, "onclick");
	*is_call_r = 1;
	return call.len > 0 ? call : href;
}

static int
take(struct collecting *c, xmlNode *n)
{
	const struct nw_page_source *s = c->pg->source;
	xmlNode *element = n->type == XML_ATTRIBUTE_NODE ? n->parent : n;
	int is_call;
	struct nw_str ref, url;

	if (c->looked == NW_PAGE_LINKS_MAX) {
		c->left_out++;
		return 0;
	}
	c->looked++;
	ref = nw_page_text_trim(reference(n, &is_call));
	url = address(c->pg, ref, is_call);
	if (url.len == 0 || element == NULL)
		return 0;
	if (s->link != NULL && !nw_page_regex_find(s->link, c->pg, ref, NULL) &&
	    !nw_page_regex_find(s->link, c->pg, url, NULL))
		return 0;
	if (nw_page_item_add(c->pg, c->items, element, url) != 0)
		c->left_out++;
	return 0;
}

static int
take_link(void *cookie, xmlNode *n)
{
	return take(cookie, n);
}

/* node->_private of elements below a row that gave no link: rows among them give none either. */
static char barren;

/* A row gives its first link that qualifies. */
static int
take_row(void *cookie, xmlNode *row)
{
	struct collecting *c = cookie;
	uint32_t before = c->items->n;

	if (c->pg->source->link_at != NULL) {
		nw_page_select_nodes(c->pg->source->link_at, c->pg, row, take_link, c);
		return 0;
	}
	if (row->_private == &barren)
		return 0;
	for (xmlNode *n = row;
	     n != NULL && c->items->n == before && nw_page_spend(c->pg, NW_PAGE_WORK_LINES, 1);
	     n = nw_page_dom_next(n, row))
		if (nw_page_dom_is(n, "a"))
			take(c, n);
	for (xmlNode *n = row; n != NULL && c->items->n == before; n = nw_page_dom_next(n, row))
		n->_private = &barren;
	return 0;
}

static void
configured(struct collecting *c)
{
	struct nw_page *pg = c->pg;
	const struct nw_page_source *s = pg->source;

	if (s->item != NULL)
		nw_page_select_nodes(s->item, pg, pg->root, take_row, c);
	else if (s->link_at != NULL)
		nw_page_select_nodes(s->link_at, pg, pg->root, take_link, c);
	else
		for (xmlNode *n = pg->body; n != NULL; n = nw_page_dom_next(n, pg->body))
			if (nw_page_dom_is(n, "a"))
				take(c, n);
}

static int
hand_over(struct nw_page *pg, struct nw_page_item *it)
{
	const struct nw_page_source *s = pg->source;
	struct nw_article a = {.size = sizeof(a),
	    .flags = NW_ARTICLE_TEASER,
	    .url = it->url,
	    .title = it->title,
	    .published = it->when,
	    .updated.at_ms = NW_TIME_NONE};

	if (s != NULL && s->title_strip != NULL)
		a.title = nw_page_text_line(
		    pg, nw_page_regex_replace(s->title_strip, pg, a.title, (struct nw_str){"", 0}));
	if (s != NULL && s->key != NULL)
		nw_page_regex_find(s->key, pg, it->url, &a.key);
	if (s != NULL && s->number != NULL)
		nw_page_regex_find(s->number, pg, a.title, &a.number);
	return pg->host->add_article(pg->out, &a);
}

static int
hand_over_all(struct nw_page *pg, struct nw_page_items *items, uint32_t *n_r)
{
	const struct nw_page_source *s = pg->source;
	int rc;

	nw_page_item_rows(pg, items);
	nw_page_order_learn(pg, items->top);
	*n_r = 0;
	for (uint32_t i = 0; i < items->n; i++) {
		nw_page_item_read(pg, items, &items->v[i]);
		if (items->v[i].title.len == 0)
			continue; /* a picture's link without a name */
		++*n_r;
		if (s != NULL && s->skip_title != NULL &&
		    nw_page_regex_find(s->skip_title, pg, items->v[i].title, NULL))
			continue;
		if ((rc = hand_over(pg, &items->v[i])) != NW_OK)
			return rc;
	}
	return NW_OK;
}

static int
is_configured(const struct nw_page_source *s)
{
	return s != NULL && (s->link != NULL || s->link_at != NULL || s->item != NULL);
}

int
nw_page_listing_read(struct nw_page *pg)
{
	struct nw_page_items items = {0};
	struct collecting c = {.pg = pg, .items = &items};
	uint32_t n, min = pg->source != NULL && pg->source->min_items > 0 ? pg->source->min_items : 1;
	struct nw_feed feed = {.size = sizeof(feed), .role = NW_ROLE_LISTING, .updated.at_ms = NW_TIME_NONE};
	int rc;

	if (is_configured(pg->source))
		configured(&c);
	else
		nw_page_finder_find(pg, &items, NW_PAGE_FINDER_TELL);
	if ((rc = hand_over_all(pg, &items, &n)) != NW_OK)
		return rc;
	if (c.left_out > 0)
		pg->host->note(pg->out, "%u links past the first %u were left out", c.left_out, items.n);
	if (n < min)
		return pg->host->fail(pg->out, NW_EINPUT,
		    "list page has %u link%s%s, at least %u expected: layout changed?", n, n == 1 ? "" : "s",
		    is_configured(pg->source) ? " of the configured kind" : "", min);
	nw_page_suggest_feeds(pg);
	feed.title = nw_page_title_of_page(pg);
	feed.link = pg->doc->url;
	feed.lang = nw_page_meta_lang(pg);
	if ((rc = pg->host->set_feed(pg->out, &feed)) != NW_OK)
		return rc;
	return nw_page_paging_follow(pg);
}
