/*
 * parser-sitemap: sitemaps (urlset, with the news extension), indexes of sitemaps and lists of addresses, plain or as
 * gzip files.
 */
#include <stdlib.h>
#include <string.h>

#include "sitemap.h"
#include "sitemap_inflate.h"
#include "sitemap_read.h"
#include "sitemap_scan.h"

#define DAY_MS	  INT64_C(86400000)
#define HEAD_MAX  2048 /* bytes in which the root is looked for */

enum { OPT_INCLUDE, OPT_EXCLUDE, OPT_DAYS, OPT_N };

static const struct nw_option options[OPT_N + 1] = {
	[OPT_INCLUDE] = {.name = "sitemap.include", .type = NW_OPT_LIST, .max = 64,
	    .help = "Texts of which an address must hold one, such as /news/; absent: every address counts."},
	[OPT_EXCLUDE] = {.name = "sitemap.exclude", .type = NW_OPT_LIST, .max = 64,
	    .help = "Texts of which an address may hold none."},
	[OPT_DAYS] = {.name = "sitemap.days", .type = NW_OPT_INT, .min = 0, .max = 36500, .defval = "0",
	    .help = "Entries and sitemaps that say they are older than this many days are left out; 0: none is."},
	[OPT_N] = {.name = NULL},
};

/* What a source asks for; lists are copies. */
struct source {
	char **include, **exclude; /* end in NULL */
	int64_t days;
};

/* --- sources */

static void
list_free(char **list)
{
	for (size_t i = 0; list != NULL && list[i] != NULL; i++)
		free(list[i]);
	free(list);
}

static char **
list_dup(const struct nw_value *v)
{
	char **list = calloc(v->nlist + (size_t)1, sizeof(*list));

	for (uint32_t i = 0; list != NULL && i < v->nlist; i++) {
		list[i] = strndup(v->list[i].p, v->list[i].len);
		if (list[i] == NULL) {
			list_free(list);
			return NULL;
		}
	}
	return list;
}

static void
sitemap_source_close(void *source)
{
	struct source *s = source;

	if (s == NULL)
		return;
	list_free(s->include);
	list_free(s->exclude);
	free(s);
}

static int
sitemap_source_open(void *state, const struct nw_value *values, struct nw_sink *sink, void **source_r)
{
	const struct nw_host *host = state;
	struct source *s = calloc(1, sizeof(*s));

	if (s != NULL) {
		s->include = list_dup(&values[OPT_INCLUDE]);
		s->exclude = list_dup(&values[OPT_EXCLUDE]);
		s->days = values[OPT_DAYS].num;
	}
	if (s == NULL || s->include == NULL || s->exclude == NULL) {
		sitemap_source_close(s);
		return host->fail(sink, NW_ERES, "out of memory for a sitemap's options");
	}
	*source_r = s;
	return NW_OK;
}

static int
holds_one(char *const *list, struct nw_str s)
{
	for (; *list != NULL; list++)
		if (strstr(s.p, *list) != NULL)
			return 1;
	return 0;
}

static int
is_wanted(const struct source *src, const struct sitemap *s, const struct sitemap_entry *e)
{
	int64_t when = sitemap_when(e);

	if (e->loc.len == 0)
		return 0;
	if (src == NULL)
		return 1;
	if (src->days > 0 && when != NW_TIME_NONE && when < s->doc->fetched_at_ms - src->days * DAY_MS)
		return 0;
	if (e->is_map)
		return 1;
	return (src->include[0] == NULL || holds_one(src->include, e->loc)) && !holds_one(src->exclude, e->loc);
}

/* --- entries to the host, the newest first, so that a limit leaves out the oldest */

static int
by_time(const void *a, const void *b)
{
	const struct sitemap_entry *x = a, *y = b;
	int64_t tx = sitemap_when(x), ty = sitemap_when(y);

	if (tx != ty)
		return tx > ty ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static uint32_t
split(struct nw_str s, struct nw_str out[SITEMAP_KEYWORDS_MAX], char *copy)
{
	uint32_t n = 0;

	memcpy(copy, s.p, s.len + 1);
	for (char *save, *word = strtok_r(copy, ",", &save); word != NULL && n < SITEMAP_KEYWORDS_MAX;
	     word = strtok_r(NULL, ",", &save)) {
		word += strspn(word, " \t\r\n");
		if (*word != '\0')
			out[n++] = (struct nw_str){word, strlen(word)};
	}
	return n;
}

static int
add_article(struct sitemap *s, const struct sitemap_entry *e, struct nw_str url)
{
	struct nw_str keyword[SITEMAP_KEYWORDS_MAX];
	char copy[SITEMAP_TEXT_MAX + 1];
	struct nw_article a = {
		.size = sizeof(a),
		.flags = NW_ARTICLE_TEASER,
		.url = url,
		.title_html = e->title,
		.lang = e->lang,
		.published = e->published,
		.updated = e->modified,
		.categories = keyword,
		.ncategories = split(e->keywords, keyword, copy),
	};

	return s->host->add_article(s->sink, &a);
}

static int
give(struct sitemap *s, const struct source *src)
{
	uint32_t given = 0, bad = 0, unwanted = 0;

	if (s->n > 0) /* qsort() takes no NULL */
		qsort(s->entry, s->n, sizeof(*s->entry), by_time);
	for (uint32_t i = 0; i < s->n; i++) {
		const struct sitemap_entry *e = &s->entry[i];
		struct nw_str url;
		int rc;

		if (!is_wanted(src, s, e)) {
			unwanted++;
			continue;
		}
		if (s->host->url_resolve(s->sink, s->doc->url, e->loc, &url) != NW_OK) {
			bad++;
			continue;
		}
		rc = e->is_map ? s->host->add_follow(s->sink, url, NW_ROLE_LISTING) : add_article(s, e, url);
		if (rc == NW_ELIMIT) {
			s->left_out += s->n - i;
			break;
		}
		if (rc != NW_OK)
			return rc;
		given++;
	}
	if (bad > 0)
		s->host->note(s->sink, "%u addresses are no http(s) URLs and are left out", bad);
	if (unwanted > 0)
		s->host->note(s->sink, "%u entries are left out: no address, too old, or not asked for", unwanted);
	if (s->left_out > 0)
		s->host->note(s->sink, "%u entries past the first %u are left out, the oldest ones", s->left_out, given);
	return NW_OK;
}

/* --- the document */

static int
finish(struct sitemap *s, const struct source *src)
{
	struct nw_feed feed = {
		.size = sizeof(feed),
		.role = NW_ROLE_LISTING,
		.updated.at_ms = NW_TIME_NONE,
		.incomplete = s->incomplete,
	};
	int rc;

	if (s->rc == NW_ERES)
		return s->host->fail(s->sink, NW_ERES, "out of memory while reading a sitemap");
	if (s->rc != NW_OK)
		return s->rc;
	if (!s->is_urlset && !s->is_index && s->root[0] != '\0')
		return s->host->fail(s->sink, NW_EINPUT,
		    "this is no sitemap: its root element is <%s>, not urlset or sitemapindex", s->root);
	if (!s->is_urlset && !s->is_index)
		return s->host->fail(s->sink, NW_EINPUT, "this is no sitemap, and no XML");
	if (s->incomplete && s->n == 0)
		return s->host->fail(s->sink, NW_EINPUT, "the sitemap is cut or broken before its first entry");
	rc = give(s, src);
	return rc == NW_OK ? s->host->set_feed(s->sink, &feed) : rc;
}

static int
read_bytes(struct sitemap *s, const struct nw_doc *doc)
{
	struct nw_str text, charset;
	int rc = s->host->decode(s->sink, doc, 'x', &text, &charset);

	if (rc != NW_OK)
		return s->host->fail(s->sink, rc, "the document cannot be decoded");
	if (text.len == strspn(text.p, " \t\r\n"))
		return s->host->fail(s->sink, NW_EINPUT, "the document is empty");
	sitemap_read(s, text);
	return NW_OK;
}

static int
sitemap_parse(void *state, void *source, const struct nw_doc *doc, struct nw_sink *sink)
{
	struct sitemap s = {.host = state, .sink = sink, .doc = doc};
	struct nw_bytes inflated = {NULL, 0};
	struct nw_doc plain = *doc;
	int rc = NW_OK;

	if (sitemap_inflate_is_gzip(doc->body)) {
		rc = sitemap_inflate(doc->body, SITEMAP_INFLATED_MAX, &inflated, &s.incomplete);
		if (rc != NW_OK)
			return s.host->fail(sink, rc, "the gzip file cannot be read");
		if (s.incomplete)
			s.host->note(sink, "the gzip file is cut, or holds more than %u bytes", SITEMAP_INFLATED_MAX);
		plain.body = inflated;
		plain.content_type = NW_STR("");
	}
	rc = read_bytes(&s, &plain);
	if (rc == NW_OK)
		rc = finish(&s, source);
	free((void *)(uintptr_t)inflated.p);
	free(s.entry);
	return rc;
}

static int
sitemap_probe(void *state, const struct nw_doc *doc)
{
	char head[HEAD_MAX];
	struct sitemap_scan scan;
	enum sitemap_token token = SITEMAP_TEXT;
	uint32_t index;
	size_t n = 0;

	(void)state;
	if (sitemap_inflate_is_gzip(doc->body))
		return 60; /* nothing else reads one */
	for (size_t i = 0; i < doc->body.len && n < HEAD_MAX; i++)
		if (doc->body.p[i] != '\0' && doc->body.p[i] < 0x80) /* UTF-16 and byte order marks fall away */
			head[n++] = (char)doc->body.p[i];
	scan = (struct sitemap_scan){.p = head, .end = head + n};
	while (token == SITEMAP_TEXT || token == SITEMAP_SECTION)
		token = sitemap_scan_next(&scan);
	if (token == SITEMAP_OPEN && sitemap_read_is_root(scan.name, &index))
		return 95;
	return token == SITEMAP_DONE && sitemap_read_is_list((struct nw_str){head, n}) ? 60 : 0;
}

static int
sitemap_open(const struct nw_host *host, const struct nw_instance *inst, const struct nw_conf *conf, void **state_r)
{
	(void)inst;
	(void)conf; /* options are the sources' */
	*state_r = (void *)(uintptr_t)host;
	return NW_OK;
}

static const struct nw_parser_ops ops = {
	.source_open = sitemap_source_open,
	.source_close = sitemap_source_close,
	.probe = sitemap_probe,
	.parse = sitemap_parse,
};

NW_PLUGIN(parser_sitemap) = {
	NW_PLUGIN_HEAD(NW_KIND_PARSER),
	.name = "parser-sitemap",
	.version = "1.0",
	.summary = "sitemaps, news sitemaps and indexes of sitemaps",
	.entry = options,
	.open = sitemap_open,
	.ops.parser = &ops,
};
