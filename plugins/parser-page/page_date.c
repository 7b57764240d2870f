#include <string.h>

#include "page_date.h"
#include "page_dom.h"
#include "page_extract.h"
#include "page_furniture.h"
#include "page_jsonld.h"
#include "page_label.h"
#include "page_line.h"
#include "page_meta.h"
#include "page_options.h"
#include "page_select.h"
#include "page_text.h"
#include "page_when.h"

#define DATE_BYTES     40  /* of a date in a page's data */
#define NAMED_MAX      500 /* elements named after dates that are asked */
#define SENTENCE_BYTES 400 /* of the text that may hold its date */

static int
from_metas(struct nw_page *pg, const char *const *names, struct nw_time *when)
{
	struct nw_str s;

	for (int i = 0; names[i] != NULL; i++)
		if ((s = nw_page_meta_get(pg, names[i])).len > 0 &&
		    nw_page_when_parse(pg, s, NW_DATE_MACHINE | NW_DATE_VISIBLE, NW_ORIGIN_META, when))
			return 1;
	return 0;
}

/* "datePublished":"..." in the data of a page that its own script builds. */
static int
from_scripts(struct nw_page *pg, struct nw_time *when)
{
	static const char key[] = "\"datePublished\":\"";
	const char *at = nw_page_text_ifind(pg->html, key), *end;

	if (at == NULL)
		return 0;
	at += sizeof(key) - 1;
	end = memchr(at, '"', strnlen(at, DATE_BYTES));
	return end != NULL && nw_page_when_parse(pg, nw_page_text_dup(pg, at, (size_t)(end - at)),
				  NW_DATE_MACHINE, NW_ORIGIN_META, when);
}

static int
published_meta(struct nw_page *pg, const struct nw_page_jsonld *ld, struct nw_time *when)
{
	static const char *const names[] = {"pubdate", "publishdate", "article:published_time",
	    "datepublished", "parsely-pub-date", "dc.date.issued", "dcterms.issued", "dcterms.created",
	    "dc.date", "dcterms.date", "citation_publication_date", "citation_date", "publish-date",
	    "publication_date", "publish_date", "og:pubdate", "og:published_time", "article:published",
	    "sailthru.date", "cxenseparse:recs:publishtime", "originalpublicationdate", "date",
	    "firstpublishedtime", "firstpublisheddate", "og:article:published_time", "rnews:datepublished",
	    "article:published_date", "article_date_original", "publicationdate", "published_time",
	    "published_date", "published_at", "published", "pub_date", "dateposted", "post_date", "postdate",
	    "release_date", "releasedate", "displaydate", "ptime", "issued", "publication-date",
	    "dc.date.created", "dc.date.publication", "dcterms.available", "docdate", "revision_date",
	    "datecreated", "dc.created", "creation_date", "created", NULL};
	static const uint32_t flags = NW_DATE_MACHINE | NW_DATE_VISIBLE;

	return nw_page_when_parse(pg, ld->published, flags, NW_ORIGIN_META, when) ||
	       from_metas(pg, names, when) ||
	       nw_page_when_parse(pg, ld->page_published, flags, NW_ORIGIN_META, when) ||
	       from_scripts(pg, when);
}

static int
is_published(const xmlNode *n)
{
	return nw_page_text_ifind(nw_page_dom_attr(n, "itemprop"), "datePublished") != NULL ||
	       nw_page_text_ifind(nw_page_dom_attr(n, "class"), "publish") != NULL ||
	       xmlHasProp((xmlNode *)n, BAD_CAST "pubdate") != NULL;
}

/* <time datetime>: one that says it is the publication's, else the first in the page's main part. */
static int
from_time_tags(struct nw_page *pg, struct nw_time *when)
{
	char line[NW_PAGE_BRIEF_BYTES];
	struct nw_time t;
	struct nw_str s;
	int found = 0;

	for (xmlNode *n = pg->body; n != NULL; n = nw_page_dom_next(n, pg->body)) {
		if ((!nw_page_dom_is(n, "time") || nw_page_furniture_around(pg, n)) &&
		    nw_page_text_ifind(nw_page_dom_attr(n, "itemprop"), "datePublished") == NULL)
			continue;
		if ((s = nw_page_dom_attr(n, "datetime")).len == 0)
			s = nw_page_dom_attr(n, "content");
		if (s.len == 0)
			s = nw_page_line_brief(pg, n, line);
		if (!nw_page_when_parse(pg, s, NW_DATE_MACHINE | NW_DATE_VISIBLE, NW_ORIGIN_VISIBLE, &t))
			continue;
		if (is_published(n)) {
			*when = t;
			return 1;
		}
		if (!found++)
			*when = t;
	}
	return found > 0;
}

/* The date of an element: for machines, as it reads, and as it reads word by word. */
static int
said_by(struct nw_page *pg, const xmlNode *n, struct nw_time *when)
{
	static const char *const attr[] = {
	    "datetime", "content", "title", "data-date", "data-utime", "data-time", NULL};
	char line[NW_PAGE_BRIEF_BYTES];
	struct nw_str s = nw_page_line_brief(pg, n, line);

	if (s.len > 0 &&
	    (nw_page_when_alone(pg, s, when) || nw_page_when_alone(pg, nw_page_label_spaced(pg, n), when)))
		return 1;
	for (int i = 0; attr[i] != NULL; i++)
		if ((s = nw_page_dom_attr(n, attr[i])).len > 0 &&
		    nw_page_when_parse(pg, s, NW_DATE_MACHINE, NW_ORIGIN_VISIBLE, when))
			return 1;
	return 0;
}

/* A short element whose class or id speaks of time or date. */
static int
from_named_elements(struct nw_page *pg, struct nw_time *when)
{
	static const char *const names[] = {
	    "date", "time", "publish", "posted", "xltime", "datum", "fecha", "tarih", "calendar", "riqi"};
	int left = NAMED_MAX;

	for (xmlNode *n = pg->body; n != NULL; n = nw_page_dom_next(n, pg->body)) {
		struct nw_str class, id;
		int named = 0;

		if (n->type != XML_ELEMENT_NODE || n == pg->body)
			continue;
		class = nw_page_dom_attr(n, "class");
		id = nw_page_dom_attr(n, "id");
		for (size_t i = 0; !named && i < sizeof(names) / sizeof(*names); i++)
			named = nw_page_text_ifind(class, names[i]) != NULL ||
				nw_page_text_ifind(id, names[i]) != NULL;
		if (named && left-- == 0)
			break;
		if (named && !nw_page_furniture_around(pg, n) && said_by(pg, n, when))
			return 1;
	}
	return 0;
}

/* "Last modified: ..." is the date only where no other is said. */
static int
tells_an_update(struct nw_str line)
{
	static const char *const words[] = {"modified", "updated", "mis à jour", "mise à jour",
	    "aktualisiert", "geändert", "actualizado", "actualización", "modificación", "atualizado",
	    "aggiornat", "обновлен", "изменен", "оновлен", "güncelle", "更新", "수정", "최종", "bijgewerkt",
	    "zaktualizowano"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (nw_page_text_ifind(line, words[i]) != NULL)
			return 1;
	return 0;
}

/* A line near the text that is a date and little else. */
static int
from_near(struct nw_page *pg, const struct nw_page_text *text, struct nw_time *when)
{
	for (int updates = 0; updates <= 1; updates++)
		for (uint32_t i = 0; i < text->nnear; i++)
			if (tells_an_update(text->near[i]) == updates &&
			    nw_page_when_alone(pg, text->near[i], when))
				return 1;
	return 0;
}

static struct nw_str
first_sentence(struct nw_page *pg, struct nw_str text)
{
	size_t n = text.len < SENTENCE_BYTES ? text.len : SENTENCE_BYTES;
	const char *end = memchr(text.p, '\n', n);

	if (end != NULL)
		n = (size_t)(end - text.p);
	while (n < text.len && n > 0 && ((unsigned char)text.p[n] & 0xc0) == 0x80)
		n--;
	return nw_page_text_dup(pg, text.p, n);
}

static int
from_source(struct nw_page *pg, struct nw_time *when)
{
	const struct nw_page_source *s = pg->source;
	xmlNode *n;

	if (s == NULL || s->date == NULL || (n = nw_page_select_first(s->date, pg, pg->root)) == NULL)
		return 0;
	return nw_page_when_parse(pg, nw_page_select_text(s->date, pg, pg->root),
	    NW_DATE_MACHINE | NW_DATE_VISIBLE | NW_DATE_SEARCH,
	    nw_page_dom_is(n, "meta") ? NW_ORIGIN_META : NW_ORIGIN_VISIBLE, when);
}

void
nw_page_date_find(struct nw_page *pg, const struct nw_page_jsonld *ld, struct nw_str title,
    const struct nw_page_text *text, struct nw_time *published_r, struct nw_time *updated_r)
{
	static const char *const modified[] = {"article:modified_time", "og:updated_time", "datemodified",
	    "dcterms.modified", "last-modified", "lastmod", NULL};
	struct nw_time *when = published_r, url, body = {.at_ms = NW_TIME_NONE};
	int has_url, has_body;

	*published_r = (struct nw_time){.at_ms = NW_TIME_NONE};
	*updated_r = *published_r;
	if (!from_metas(pg, modified, updated_r))
		nw_page_when_parse(
		    pg, ld->modified, NW_DATE_MACHINE | NW_DATE_VISIBLE, NW_ORIGIN_META, updated_r);
	if (from_source(pg, when) || published_meta(pg, ld, when) || from_time_tags(pg, when) ||
	    from_near(pg, text, when) || from_named_elements(pg, when) ||
	    nw_page_when_parse(pg, title, NW_DATE_VISIBLE | NW_DATE_SEARCH, NW_ORIGIN_TITLE, when))
		return;
	has_url = nw_page_when_url(pg->doc->url, &url);
	has_body = nw_page_when_parse(
	    pg, first_sentence(pg, text->text), NW_DATE_VISIBLE | NW_DATE_SEARCH, NW_ORIGIN_BODY, &body);
	if (has_url && (!has_body || body.at_ms / 86400000 == url.at_ms / 86400000))
		*when = url;
	else if (has_body)
		*when = body;
}
