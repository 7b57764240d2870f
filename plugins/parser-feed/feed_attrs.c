#include <string.h>

#include "feed_attrs.h"
#include "feed_tree.h"
#include "feed_url.h"

#define RANK_LINK_FEED	  10 /* rel=alternate of a feed type: another format of the same, no page */
#define RANK_LINK_SRC	  40 /* content elsewhere */
#define RANK_GUID_ABOUT	  2
#define RANK_URL_ABOUT	  41
#define REL_REGISTRY	  "http://www.iana.org/assignments/relation/"

/* An attribute without a prefix, or by mistake with that of the element's own namespace. */
static int
is_own(const struct feed_tag *tag, const struct feed_attr *a)
{
	return a->prefix == NULL || (a->uri != NULL && tag->uri != NULL && strcmp(a->uri, tag->uri) == 0);
}

struct nw_str
feed_attrs_get(const struct feed_tag *tag, const char *lower_name)
{
	for (uint32_t i = 0; i < tag->nattr; i++)
		if (feed_same(tag->attr[i].local, lower_name) && is_own(tag, &tag->attr[i]))
			return tag->attr[i].value;
	return NW_STR("");
}

const struct feed_attr *
feed_attrs_xml(const struct feed_tag *tag, const char *local)
{
	for (uint32_t i = 0; i < tag->nattr; i++)
		if (tag->attr[i].prefix != NULL && strcmp(tag->attr[i].prefix, "xml") == 0 &&
		    strcmp(tag->attr[i].local, local) == 0)
			return &tag->attr[i];
	return NULL;
}

static int64_t
length_of(struct nw_str s)
{
	int64_t n = 0;

	s = feed_trim(s);
	if (s.len == 0 || s.len > 18)
		return -1;
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		n = n * 10 + (s.p[i] - '0');
	}
	return n;
}

static int
contains(struct nw_str s, const char *lower)
{
	for (size_t i = 0; i < s.len; i++)
		if (feed_starts((struct nw_str){s.p + i, s.len - i}, lower))
			return 1;
	return 0;
}

static int
ends_with(struct nw_str s, const char *lower)
{
	size_t n = strlen(lower);

	return s.len >= n && feed_starts((struct nw_str){s.p + s.len - n, n}, lower);
}

/* --- links */

/* How good a page a link leads to: the row's rank for a page, worse for other documents. */
static uint32_t
link_rank(uint32_t rank, struct nw_str type)
{
	if (type.len == 0 || contains(type, "html"))
		return rank;
	if (contains(type, "atom+xml") || contains(type, "rss+xml") || contains(type, "feed+json"))
		return RANK_LINK_FEED + rank;
	return rank + 1;
}

static struct nw_str
relation(const struct feed_tag *tag)
{
	struct nw_str rel = feed_trim(feed_attrs_get(tag, "rel"));
	size_t n = strlen(REL_REGISTRY);

	if (feed_starts(rel, REL_REGISTRY)) {
		rel.p += n;
		rel.len -= n;
	}
	return rel.len > 0 ? rel : NW_STR("alternate");
}

static void
add_enclosure(struct feed_parse *p, struct nw_str href, struct nw_str type, struct nw_str length)
{
	struct nw_str url;

	if (feed_url_resolve(p, href, &url))
		feed_record_enclosure(feed_tree_record(p), url, feed_trim(type), length_of(length));
}

/* rdf:resource, which is how RDF itself writes a link. */
static struct nw_str
resource(const struct feed_tag *tag)
{
	for (uint32_t i = 0; i < tag->nattr; i++)
		if (tag->attr[i].prefix != NULL && strcmp(tag->attr[i].local, "resource") == 0)
			return tag->attr[i].value;
	return NW_STR("");
}

void
feed_attrs_link(struct feed_parse *p, const struct feed_tag *tag, const struct feed_element *e)
{
	struct nw_str rel = relation(tag), href = feed_attrs_get(tag, "href"), url;
	struct nw_str type = feed_attrs_get(tag, "type");

	(void)e; /* its rank, as it counts here, is the capture's */
	if (href.len == 0)
		href = resource(tag);
	if (feed_same_n(rel, "enclosure")) {
		p->capture.ignored = 1;
		add_enclosure(p, href, type, feed_attrs_get(tag, "length"));
	} else if (!feed_same_n(rel, "alternate")) {
		p->capture.ignored = 1;
	} else if (href.len > 0 && feed_url_page(p, href, &url)) {
		/* an attribute was meant as a link, which the text of a <link> often is not */
		feed_record_set(feed_tree_record(p), SLOT_URL, link_rank(p->capture.rank - 1, type), url);
	}
}

void
feed_attrs_about(struct feed_parse *p, const struct feed_tag *tag)
{
	struct nw_str about = NW_STR(""), href = feed_attrs_get(tag, "href"), url;

	if (href.len > 0 && feed_url_resolve(p, href, &url))
		feed_record_set(&p->item, SLOT_URL, RANK_URL_ABOUT, url);

	for (uint32_t i = 0; i < tag->nattr; i++)
		if (tag->attr[i].prefix != NULL && strcmp(tag->attr[i].local, "about") == 0)
			about = feed_trim(tag->attr[i].value);
	if (about.len == 0)
		return;
	feed_record_set(&p->item, SLOT_GUID, RANK_GUID_ABOUT, about);
	if (feed_url_is_absolute(about) && feed_url_resolve(p, about, &url))
		feed_record_set(&p->item, SLOT_URL, RANK_URL_ABOUT, url);
}

void
feed_attrs_guid(struct feed_parse *p, const struct feed_tag *tag, const struct feed_element *e)
{
	struct nw_str said = feed_trim(feed_attrs_get(tag, "ispermalink"));

	(void)e; /* one element only */
	p->capture.permalink = feed_same_n(said, "false") ? PERMALINK_NOT : feed_same_n(said, "true") ? PERMALINK_SAID
												      : PERMALINK_TAKEN;
}

/* --- enclosures */

void
feed_attrs_enclosure(struct feed_parse *p, const struct feed_tag *tag, const struct feed_element *e)
{
	struct nw_str url = feed_attrs_get(tag, "url");

	(void)e; /* one element only */
	if (url.len == 0)
		url = feed_attrs_get(tag, "href");
	add_enclosure(p, url, feed_attrs_get(tag, "type"), feed_attrs_get(tag, "length"));
}

void
feed_attrs_media(struct feed_parse *p, const struct feed_tag *tag, const struct feed_element *e)
{
	(void)e; /* one element only */
	add_enclosure(p, feed_attrs_get(tag, "url"), feed_attrs_get(tag, "type"), feed_attrs_get(tag, "filesize"));
}

/* --- categories */

void
feed_attrs_category(struct feed_parse *p, const struct feed_tag *tag, const struct feed_element *e)
{
	static const char *const names[] = {"label", "text", "term"};

	(void)e; /* the same for all families */
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct nw_str s = feed_trim(feed_attrs_get(tag, names[i]));

		if (s.len == 0)
			continue;
		feed_record_category(feed_tree_record(p), s);
		p->capture.ignored = 1;
		return;
	}
}

/* --- text constructs of Atom */

static enum capture_mode
mode_of_type(struct nw_str type)
{
	if (contains(type, "xhtml") || ends_with(type, "+xml") || ends_with(type, "/xml"))
		return CAPTURE_XHTML;
	return contains(type, "html") ? CAPTURE_HTML : CAPTURE_TEXT;
}

static int
is_text_type(struct nw_str type)
{
	return type.len == 0 || feed_same_n(type, "text") || feed_same_n(type, "html") || feed_same_n(type, "xhtml") ||
	    feed_starts(type, "text/") || contains(type, "html") || ends_with(type, "+xml") || ends_with(type, "/xml");
}

/* The content is a document of its own: the address of a page, or an enclosure. */
static void
content_elsewhere(struct feed_parse *p, struct nw_str src, struct nw_str type)
{
	struct nw_str url;

	p->capture.ignored = 1;
	if (type.len > 0 && !contains(type, "html"))
		add_enclosure(p, src, type, NW_STR(""));
	else if (feed_url_resolve(p, src, &url))
		feed_record_set(feed_tree_record(p), SLOT_URL, RANK_LINK_SRC, url);
}

void
feed_attrs_content(struct feed_parse *p, const struct feed_tag *tag, const struct feed_element *e)
{
	struct feed_capture *c = &p->capture;
	struct nw_str type = feed_trim(feed_attrs_get(tag, "type")), src = feed_trim(feed_attrs_get(tag, "src"));
	struct nw_str mode = feed_trim(feed_attrs_get(tag, "mode"));

	c->mode = (uint8_t)mode_of_type(type);
	c->html = c->mode != CAPTURE_TEXT;
	c->sniff = type.len == 0;
	if (e->slot == SLOT_BODY && src.len > 0)
		content_elsewhere(p, src, type);
	else if (feed_same_n(mode, "base64") || feed_same_n(type, "base64"))
		c->mode = CAPTURE_BASE64;
	else if (feed_same_n(mode, "escaped") && c->mode == CAPTURE_XHTML)
		c->mode = CAPTURE_HTML;
	else if (!is_text_type(type))
		c->mode = CAPTURE_BASE64;
	c->binary = feed_starts(type, "image/") || feed_starts(type, "audio/") || feed_starts(type, "video/");
}
