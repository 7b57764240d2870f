/*
 * parser-jsonfeed: JSON Feed 1.0 and 1.1.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "jsonfeed_text.h"

#define LIST_MAX  64   /* authors, tags, attachments of an item */
#define HEAD_MAX  4096 /* bytes in which the version is looked for */
#define LETTERS	  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* One document being read. */
struct reading {
	const struct nw_host *host;
	struct nw_sink *sink;
	const struct nw_doc *doc;
	struct nw_str lang, author; /* the feed's: an item's where it has none */
	uint32_t items, bad_items, bad_dates;
	uint32_t repaired;
};

static struct nw_str
get(struct reading *r, const json_t *object, const char *key)
{
	return jsonfeed_text_get(r->host, r->sink, object, key);
}

static struct nw_str
get_url(struct reading *r, const json_t *object, const char *key)
{
	struct nw_str ref = get(r, object, key), url;

	if (ref.len == 0 || r->host->url_resolve(r->sink, r->doc->url, ref, &url) != NW_OK)
		return NW_STR("");
	return url;
}

static struct nw_time
get_time(struct reading *r, const json_t *object, const char *key)
{
	struct nw_str s = jsonfeed_text_scalar(r->host, r->sink, object, key); /* seconds since 1970 too */
	struct nw_time t = {.at_ms = NW_TIME_NONE};

	if (s.len == 0)
		return t;
	if (r->host->date_parse(r->sink, s, NW_DATE_MACHINE, r->doc, &t) == NW_OK)
		t.origin = NW_ORIGIN_FEED;
	else if (r->bad_dates++ == 0)
		r->host->note(r->sink, "a date is not understood: '%.*s'", (int)(s.len < 40 ? s.len : 40), s.p);
	return t;
}

/* --- authors: 1.1 has a list, 1.0 one object, and either may be a name alone */

static struct nw_str
author_name(struct reading *r, const json_t *author)
{
	struct nw_str name = json_is_string(author) ? jsonfeed_text_of(r->host, r->sink, author) : get(r, author, "name");

	return name.len > 0 ? name : get(r, author, "url");
}

static int
is_among(struct nw_str s, const struct nw_str *list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (list[i].len == s.len && memcmp(list[i].p, s.p, s.len) == 0)
			return 1;
	return 0;
}

static struct nw_str
join(struct reading *r, const struct nw_str *name, uint32_t n)
{
	size_t len = 0;
	char *joined;

	for (uint32_t i = 0; i < n; i++)
		len += name[i].len + 2;
	if ((joined = r->host->alloc(r->sink, len + 1)) == NULL)
		return NW_STR("");
	len = 0;
	for (uint32_t i = 0; i < n; i++) {
		if (len > 0) {
			memcpy(joined + len, ", ", 2);
			len += 2;
		}
		memcpy(joined + len, name[i].p, name[i].len);
		len += name[i].len;
	}
	return (struct nw_str){joined, len};
}

static struct nw_str
authors(struct reading *r, const json_t *object)
{
	const json_t *list = json_object_get(object, "authors"), *author;
	struct nw_str name[LIST_MAX];
	uint32_t n = 0;
	size_t i;

	json_array_foreach(list, i, author)
	{
		struct nw_str s = author_name(r, author);

		if (n < LIST_MAX && s.len > 0 && !is_among(s, name, n))
			name[n++] = s;
	}
	if (n > 0)
		return join(r, name, n);
	name[0] = author_name(r, list);
	return name[0].len > 0 ? name[0] : author_name(r, json_object_get(object, "author"));
}

/* --- items */

static uint32_t
tags(struct reading *r, const json_t *item, struct nw_str out[LIST_MAX])
{
	const json_t *list = json_object_get(item, "tags"), *tag;
	struct nw_str s;
	uint32_t n = 0;
	size_t i;

	json_array_foreach(list, i, tag)
	{
		if (n == LIST_MAX) {
			r->host->note(r->sink, "item %u: tags past the first %d are left out", r->items, LIST_MAX);
			break;
		}
		s = jsonfeed_text_of(r->host, r->sink, tag);
		if (s.len > 0 && !is_among(s, out, n))
			out[n++] = s;
	}
	return n;
}

/* A number of bytes, which may be written as a text; -1 if it is none. */
static int64_t
size_of(struct reading *r, const json_t *attachment)
{
	struct nw_str s = jsonfeed_text_scalar(r->host, r->sink, attachment, "size_in_bytes");
	double n = s.len > 0 && strspn(s.p, "0123456789.eE+") == s.len ? strtod(s.p, NULL) : -1;

	return n >= 0 && n < 1e15 ? (int64_t)n : -1;
}

static uint32_t
attachments(struct reading *r, const json_t *item, struct nw_enclosure out[LIST_MAX])
{
	const json_t *list = json_object_get(item, "attachments"), *a;
	struct nw_str url[LIST_MAX];
	uint32_t n = 0;
	size_t i;

	json_array_foreach(list, i, a)
	{
		if (n == LIST_MAX) {
			r->host->note(r->sink, "item %u: attachments past the first %d are left out", r->items, LIST_MAX);
			break;
		}
		url[n] = get_url(r, a, "url");
		if (url[n].len == 0 || is_among(url[n], url, n))
			continue;
		out[n] = (struct nw_enclosure){url[n], get(r, a, "mime_type"), size_of(r, a)};
		n++;
	}
	return n;
}

static struct nw_str
first(struct nw_str a, struct nw_str b)
{
	return a.len > 0 ? a : b;
}

/* The address of the item's own page, of what it is about, or an id that is one. */
static struct nw_str
item_url(struct reading *r, const json_t *item)
{
	struct nw_str url = first(get_url(r, item, "url"), get_url(r, item, "external_url"));
	struct nw_str id = get(r, item, "id");

	if (url.len > 0 || (strncmp(id.p, "http://", 7) != 0 && strncmp(id.p, "https://", 8) != 0))
		return url;
	return get_url(r, item, "id");
}

/* Plain text, says the specification; what content systems escape or mark up all the same is HTML. */
static int
is_html(struct nw_str s)
{
	for (const char *q = s.p; (q = strpbrk(q, "<&")) != NULL; q++) {
		size_t named = strspn(q + 1, LETTERS), numbered = q[1] == '#' ? strspn(q + 2, LETTERS) + 1 : 0;

		if (*q == '&' && ((named > 1 && named < 9 && q[1 + named] == ';') || (numbered > 1 && q[1 + numbered] == ';')))
			return 1;
		if (*q == '<' && q[1] == '/' && strspn(q + 2, LETTERS) > 0)
			return 1;
	}
	return 0;
}

/* A text for the field that suits it. */
static void
sort(struct nw_str s, struct nw_str *plain, struct nw_str *html)
{
	*(is_html(s) ? html : plain) = s;
}

static int
add_item(struct reading *r, const json_t *item)
{
	struct nw_str category[LIST_MAX];
	struct nw_enclosure enclosure[LIST_MAX];
	struct nw_article a = {
		.size = sizeof(a),
		.guid = jsonfeed_text_scalar(r->host, r->sink, item, "id"),
		.url = item_url(r, item),
		.author = first(authors(r, item), r->author),
		.body = get(r, item, "content_text"),
		.body_html = get(r, item, "content_html"),
		.lang = first(get(r, item, "language"), r->lang),
		.published = get_time(r, item, "date_published"),
		.updated = get_time(r, item, "date_modified"),
		.categories = category,
		.enclosures = enclosure,
	};

	r->items++;
	sort(get(r, item, "title"), &a.title, &a.title_html);
	sort(get(r, item, "summary"), &a.summary, &a.summary_html);
	if (a.guid.len + a.url.len + a.title.len + a.title_html.len + a.body.len + a.body_html.len == 0) {
		r->bad_items++;
		return NW_OK;
	}
	if (a.body_html.len > 0)
		a.body = NW_STR(""); /* the text is made of the HTML, as for every other feed */
	if (a.body_html.len + a.body.len == 0)
		a.flags = NW_ARTICLE_TEASER;
	a.ncategories = tags(r, item, category);
	a.nenclosures = attachments(r, item, enclosure);
	return r->host->add_article(r->sink, &a);
}

/* --- the document */

static int
read_items(struct reading *r, const json_t *items)
{
	const json_t *item;
	size_t i;
	int rc;

	json_array_foreach(items, i, item)
	{
		rc = add_item(r, item);
		if (rc == NW_ELIMIT) /* the host says so itself */
			break;
		if (rc != NW_OK)
			return rc;
	}
	if (r->bad_items > 0)
		r->host->note(r->sink, "%u items say nothing and are left out", r->bad_items);
	return NW_OK;
}

static struct nw_str
plain(struct reading *r, struct nw_str s)
{
	struct nw_str out;

	return is_html(s) && r->host->html_text(r->sink, s, r->doc->url, &out, NULL) == NW_OK ? out : s;
}

static int
read_feed(struct reading *r, const json_t *root)
{
	const json_t *items = json_object_get(root, "items");
	struct nw_feed feed = {
		.size = sizeof(feed),
		.role = NW_ROLE_FEED,
		.title = plain(r, get(r, root, "title")),
		.link = get_url(r, root, "home_page_url"),
		.description = plain(r, get(r, root, "description")),
		.updated.at_ms = NW_TIME_NONE,
		.incomplete = r->repaired,
	};
	int rc;

	feed.lang = r->lang = get(r, root, "language");
	feed.author = r->author = authors(r, root);
	rc = read_items(r, items);
	return rc == NW_OK ? r->host->set_feed(r->sink, &feed) : rc;
}

/* The version is an address, but its number alone is understood too, a later one as far as it goes, and none where
 * the rest leaves no doubt. */
static int
is_version(struct reading *r, const json_t *root)
{
	struct nw_str s = jsonfeed_text_scalar(r->host, r->sink, root, "version");

	if (strstr(s.p, "jsonfeed.org/version/1") != NULL || strcmp(s.p, "1") == 0 || strcmp(s.p, "1.0") == 0 ||
	    strcmp(s.p, "1.1") == 0)
		return 1;
	if (strstr(s.p, "jsonfeed.org/version/") == NULL &&
	    (s.len > 0 || get(r, root, "home_page_url").len + get(r, root, "feed_url").len == 0))
		return 0;
	r->host->note(r->sink, s.len > 0 ? "a later version of JSON Feed, read as 1.1" : "no version, read as JSON Feed 1.1");
	return 1;
}

/* NULL if it is a JSON Feed, else what is wrong with it. */
static const char *
objection(struct reading *r, const json_t *root)
{
	if (!json_is_object(root))
		return "this is JSON but no JSON Feed: it is no object";
	if (!is_version(r, root))
		return "this is JSON but no JSON Feed: `version` does not name jsonfeed.org/version/1 or 1.1";
	if (!json_is_array(json_object_get(root, "items")))
		return "this JSON Feed has no `items`";
	return NULL;
}

static int
jsonfeed_parse(void *state, void *source, const struct nw_doc *doc, struct nw_sink *sink)
{
	struct reading r = {.host = state, .sink = sink, .doc = doc};
	struct nw_str text, charset;
	const char *no;
	char why[JSONFEED_WHY_MAX];
	json_t *root;
	int rc;

	(void)source; /* no options of its own */
	rc = r.host->decode(sink, doc, 'j', &text, &charset);
	if (rc != NW_OK)
		return r.host->fail(sink, rc, "the document cannot be decoded");
	/* decoding has made U+FFFD of it, which a string may hold */
	if (doc->body.len > 0 && strncasecmp(charset.p, "utf-16", 6) != 0 &&
	    memchr(doc->body.p, '\0', doc->body.len) != NULL)
		return r.host->fail(sink, NW_EINPUT, "this is no JSON: it holds a NUL byte");
	if (text.len == strspn(text.p, " \t\r\n"))
		return r.host->fail(sink, NW_EINPUT, "the document is empty");
	root = jsonfeed_text_load(r.host, sink, text, &r.repaired, why);
	if (root == NULL)
		return r.host->fail(sink, NW_EINPUT, "this is no JSON: %s", why);
	no = objection(&r, root);
	rc = no == NULL ? read_feed(&r, root) : r.host->fail(sink, NW_EINPUT, "%s", no);
	json_decref(root);
	return rc;
}

static int
jsonfeed_probe(void *state, const struct nw_doc *doc)
{
	size_t n = doc->body.len < HEAD_MAX ? doc->body.len : HEAD_MAX, i = 0;
	const uint8_t *p = doc->body.p;
	int announced = strstr(doc->content_type.p, "feed+json") != NULL;

	(void)state;
	while (i < n && (p[i] <= ' ' || p[i] >= 0x80)) /* a byte order mark, blanks */
		i++;
	if (i == n || p[i] != '{')
		return announced ? 30 : i < n && p[i] == '[' ? 5 : 0;
	if (memmem(p, n, "jsonfeed.org", 12) != NULL)
		return 100;
	return announced ? 90 : strstr(doc->content_type.p, "json") != NULL ? 30 : 10;
}

static int
jsonfeed_open(const struct nw_host *host, const struct nw_instance *inst, const struct nw_conf *conf, void **state_r)
{
	(void)inst;
	(void)conf;	     /* no options */
	json_object_seed(0); /* reads a random number, which the lock would not allow */
	*state_r = (void *)(uintptr_t)host;
	return NW_OK;
}

static const struct nw_parser_ops ops = {
	.probe = jsonfeed_probe,
	.parse = jsonfeed_parse,
};

NW_PLUGIN(parser_jsonfeed) = {
	NW_PLUGIN_HEAD(NW_KIND_PARSER),
	.name = "parser-jsonfeed",
	.version = "1.0",
	.summary = "JSON Feed 1.0 and 1.1",
	.open = jsonfeed_open,
	.ops.parser = &ops,
};
