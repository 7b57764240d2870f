#include <string.h>

#include "feed_attrs.h"
#include "feed_elements.h"

#define OTHER_FAMILY 10 /* added to the rank of a name borrowed from the other family */

/* --- namespaces, spelt as normal() leaves them */

static const struct {
	const char *uri;
	enum feed_ns ns;
} spaces[] = {
	{"", NS_RSS},
	{"my.netscape.com/rdf/simple/0.9", NS_RSS},
	{"channel.netscape.com/rdf/simple/0.9", NS_RSS},
	{"purl.org/rss/1.0", NS_RSS},
	{"purl.org/rss/0.9", NS_RSS},
	{"purl.org/net/rss1.1", NS_RSS},
	{"backend.userland.com/rss", NS_RSS},
	{"backend.userland.com/rss2", NS_RSS},
	{"backend.userland.com/rss091", NS_RSS},
	{"backend.userland.com/rss092", NS_RSS},
	{"blogs.law.harvard.edu/tech/rss", NS_RSS},
	{"cyber.law.harvard.edu/rss/rss.html", NS_RSS},
	{"www.rssboard.org/rss-specification", NS_RSS},
	{"www.w3.org/2005/atom", NS_ATOM},
	{"purl.org/atom/ns", NS_ATOM},
	{"purl.org/atom", NS_ATOM},
	{"www.w3.org/1999/02/22-rdf-syntax-ns", NS_RDF},
	{"purl.org/dc/elements/1.0", NS_DC},
	{"purl.org/dc/elements/1.1", NS_DC},
	{"purl.org/dc/terms", NS_DCTERMS},
	{"purl.org/rss/1.0/modules/dcterms", NS_DCTERMS},
	{"purl.org/rss/1.0/modules/content", NS_CONTENT},
	{"www.w3.org/1999/xhtml", NS_XHTML},
	{"search.yahoo.com/mrss", NS_MEDIA},
	{"search.yahoo.com/rss", NS_MEDIA},
	{"video.search.yahoo.com/mrss", NS_MEDIA},
	{"www.itunes.com/dtds/podcast-1.0.dtd", NS_ITUNES},
	{"example.com/dtds/podcast-1.0.dtd", NS_ITUNES},
	{"www.google.com/schemas/play-podcasts/1.0", NS_GOOGLEPLAY},
	{"purl.org/rss/1.0/modules/syndication", NS_SY},
	{"rssnamespace.org/feedburner/ext/1.0", NS_FEEDBURNER},
	{"www.pheedo.com/namespace/pheedo", NS_FEEDBURNER},
	{"prismstandard.org/namespaces/1.2/basic", NS_PRISM},
	{"prismstandard.org/namespaces/basic/2.0", NS_PRISM},
	{"prismstandard.org/namespaces/basic/2.1", NS_PRISM},
	{"prismstandard.org/namespaces/basic/3.0", NS_PRISM},
	{"purl.org/rss/1.0/modules/prism", NS_PRISM},
	{"news.yandex.ru", NS_YANDEX},
	{"turbo.yandex.ru", NS_TURBO},
	{"www.w3.org/xml/1998/namespace", NS_XML},
};

/* Believed where the URI is unknown or missing. */
static const struct {
	const char *prefix;
	enum feed_ns ns;
} prefixes[] = {
	{"atom", NS_ATOM},
	{"a10", NS_ATOM},
	{"rss", NS_RSS},
	{"rdf", NS_RDF},
	{"dc", NS_DC},
	{"dcterms", NS_DCTERMS},
	{"dct", NS_DCTERMS},
	{"content", NS_CONTENT},
	{"xhtml", NS_XHTML},
	{"media", NS_MEDIA},
	{"itunes", NS_ITUNES},
	{"googleplay", NS_GOOGLEPLAY},
	{"sy", NS_SY},
	{"feedburner", NS_FEEDBURNER},
	{"pheedo", NS_FEEDBURNER},
	{"prism", NS_PRISM},
	{"yandex", NS_YANDEX},
	{"turbo", NS_TURBO},
	{"xml", NS_XML},
};

/* The part of an URI that is compared: no blanks around, no scheme, no last "/" or "#". */
static struct nw_str
normal(const char *uri)
{
	struct nw_str s = feed_trim((struct nw_str){uri, strlen(uri)});
	size_t scheme = feed_starts(s, "http://") ? 7 : feed_starts(s, "https://") ? 8 : 0;

	s.p += scheme;
	s.len -= scheme;
	while (s.len > 0 && (s.p[s.len - 1] == '/' || s.p[s.len - 1] == '#'))
		s.len--;
	return s;
}

enum feed_ns
feed_elements_ns(const char *uri, const char *prefix)
{
	struct nw_str s = normal(uri != NULL ? uri : "");

	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++)
		if (feed_same_n(s, spaces[i].uri) && (s.len > 0 || prefix == NULL))
			return spaces[i].ns;
	for (size_t i = 0; prefix != NULL && i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (feed_same(prefix, prefixes[i].prefix))
			return prefixes[i].ns;
	return NS_OTHER;
}

/* --- elements, sorted by name; of several for one slot the lower rank wins */

#define TEXT(ns, in, name, slot, rank, content)                                                           \
	{                                                                                                 \
		ns, in, OPENS_TEXT, slot, rank, content, 0, name, NULL                                       \
	}
#define TEXT_ATTRS(ns, in, name, slot, rank, content, start)                                              \
	{                                                                                                 \
		ns, in, OPENS_TEXT, slot, rank, content, 0, name, start                                      \
	}
#define PERSON(ns, in, name, rank)                                                                        \
	{                                                                                                 \
		ns, in, OPENS_PERSON, SLOT_AUTHOR, rank, CONTENT_TEXT, IN_PERSON, name, NULL                         \
	}
#define OPEN(ns, in, name, opens)                                                                         \
	{                                                                                                 \
		ns, in, opens, SLOT_NONE, 0, CONTENT_TEXT, 0, name, NULL                                     \
	}
#define ATTRS(ns, in, name, opens, start)                                                           \
	{                                                                                                 \
		ns, in, opens, SLOT_NONE, 0, CONTENT_TEXT, 0, name, start                                 \
	}
/* Another feed, described inside an entry: only its author counts, where the entry has none. */
#define SOURCE(ns, in, name)                                                                              \
	{                                                                                                 \
		ns, in, OPENS_GROUP, SLOT_NONE, 0, CONTENT_TEXT, IN_SOURCE, name, NULL                    \
	}
#define BOTH (IN_FEED | IN_ITEM)

static const struct feed_element elements[] = {
	TEXT(NS_RSS, IN_ITEM, "abstract", SLOT_SUMMARY, 4, CONTENT_HTML),
	TEXT(NS_DCTERMS, BOTH, "abstract", SLOT_SUMMARY, 4, CONTENT_HTML),
	PERSON(NS_RSS, BOTH, "author", 0),
	PERSON(NS_ATOM, BOTH, "author", 1),
	PERSON(NS_ATOM, IN_SOURCE, "author", 9),
	PERSON(NS_ITUNES, BOTH, "author", 3),
	PERSON(NS_GOOGLEPLAY, BOTH, "author", 4),
	PERSON(NS_DC, BOTH, "author", 2),
	PERSON(NS_YANDEX, IN_ITEM, "author", 5),
	TEXT(NS_DCTERMS, BOTH, "available", SLOT_PUBLISHED, 5, CONTENT_TEXT),
	OPEN(NS_RDF, IN_ITEM, "bag", OPENS_GROUP),
	TEXT(NS_RSS, IN_ITEM, "body", SLOT_BODY, 3, CONTENT_HTML),
	TEXT(NS_XHTML, IN_ITEM, "body", SLOT_BODY, 2, CONTENT_HTML),
	TEXT_ATTRS(NS_RSS, BOTH, "category", SLOT_CATEGORY, 0, CONTENT_TEXT, feed_attrs_category),
	TEXT_ATTRS(NS_ATOM, BOTH, "category", SLOT_CATEGORY, 0, CONTENT_TEXT, feed_attrs_category),
	TEXT_ATTRS(NS_MEDIA, BOTH, "category", SLOT_CATEGORY, 0, CONTENT_TEXT, feed_attrs_category),
	ATTRS(NS_ITUNES, BOTH, "category", OPENS_GROUP, feed_attrs_category),
	ATTRS(NS_GOOGLEPLAY, BOTH, "category", OPENS_GROUP, feed_attrs_category),
	OPEN(NS_RSS, IN_FEED, "channel", OPENS_GROUP),
	TEXT_ATTRS(NS_ATOM, IN_ITEM, "content", SLOT_BODY, 1, CONTENT_ATOM, feed_attrs_content),
	TEXT(NS_RSS, IN_ITEM, "content", SLOT_BODY, 2, CONTENT_HTML),
	ATTRS(NS_MEDIA, BOTH, "content", OPENS_GROUP, feed_attrs_media),
	TEXT(NS_TURBO, IN_ITEM, "content", SLOT_BODY, 5, CONTENT_HTML),
	TEXT(NS_ATOM, BOTH, "created", SLOT_PUBLISHED, 3, CONTENT_TEXT),
	TEXT(NS_DCTERMS, BOTH, "created", SLOT_PUBLISHED, 4, CONTENT_TEXT),
	PERSON(NS_DC, BOTH, "creator", 2),
	PERSON(NS_DCTERMS, BOTH, "creator", 3),
	PERSON(NS_MEDIA, IN_ITEM, "credit", 6),
	TEXT(NS_DC, BOTH, "date", SLOT_PUBLISHED, 2, CONTENT_TEXT),
	TEXT(NS_DCTERMS, BOTH, "date", SLOT_PUBLISHED, 4, CONTENT_TEXT),
	TEXT(NS_RSS, BOTH, "date", SLOT_PUBLISHED, 6, CONTENT_TEXT),
	TEXT(NS_RSS, BOTH, "description", SLOT_SUMMARY, 0, CONTENT_HTML),
	TEXT(NS_DC, BOTH, "description", SLOT_SUMMARY, 3, CONTENT_HTML),
	TEXT(NS_DCTERMS, BOTH, "description", SLOT_SUMMARY, 4, CONTENT_HTML),
	TEXT(NS_MEDIA, BOTH, "description", SLOT_SUMMARY, 7, CONTENT_HTML),
	TEXT(NS_GOOGLEPLAY, BOTH, "description", SLOT_SUMMARY, 6, CONTENT_HTML),
	TEXT(NS_XHTML, IN_ITEM, "div", SLOT_BODY, 2, CONTENT_HTML),
	TEXT(NS_ATOM, IN_PERSON, "email", SLOT_NONE, 0, CONTENT_TEXT),
	TEXT(NS_RSS, IN_PERSON, "email", SLOT_NONE, 0, CONTENT_TEXT),
	TEXT(NS_ITUNES, IN_PERSON, "email", SLOT_NONE, 0, CONTENT_TEXT),
	ATTRS(NS_RSS, IN_ITEM, "enclosure", OPENS_NOTHING, feed_attrs_enclosure),
	TEXT(NS_CONTENT, IN_ITEM, "encoded", SLOT_BODY, 0, CONTENT_HTML),
	OPEN(NS_ATOM, IN_FEED, "entry", OPENS_ITEM),
	TEXT(NS_YANDEX, IN_ITEM, "full-text", SLOT_BODY, 4, CONTENT_HTML),
	TEXT(NS_RSS, IN_ITEM, "full-text", SLOT_BODY, 4, CONTENT_HTML),
	TEXT(NS_RSS, IN_ITEM, "fullitem", SLOT_BODY, 4, CONTENT_HTML),
	TEXT(NS_RSS, IN_ITEM, "fulltext", SLOT_BODY, 4, CONTENT_HTML),
	OPEN(NS_MEDIA, BOTH, "group", OPENS_GROUP),
	TEXT_ATTRS(NS_RSS, IN_ITEM, "guid", SLOT_GUID, 0, CONTENT_TEXT, feed_attrs_guid),
	OPEN(NS_ATOM, IN_PERSON, "homepage", OPENS_NOTHING),
	TEXT(NS_ATOM, IN_ITEM, "id", SLOT_GUID, 1, CONTENT_TEXT),
	TEXT(NS_DC, IN_ITEM, "identifier", SLOT_GUID, 3, CONTENT_TEXT),
	TEXT(NS_ATOM, BOTH, "issued", SLOT_PUBLISHED, 2, CONTENT_TEXT),
	TEXT(NS_DCTERMS, BOTH, "issued", SLOT_PUBLISHED, 3, CONTENT_TEXT),
	OPEN(NS_RSS, IN_FEED, "item", OPENS_ITEM),
	OPEN(NS_CONTENT, IN_ITEM, "item", OPENS_GROUP),
	OPEN(NS_RSS, IN_FEED, "items", OPENS_GROUP),
	OPEN(NS_CONTENT, IN_ITEM, "items", OPENS_GROUP),
	TEXT(NS_MEDIA, BOTH, "keywords", SLOT_KEYWORDS, 0, CONTENT_TEXT),
	TEXT(NS_ITUNES, BOTH, "keywords", SLOT_KEYWORDS, 0, CONTENT_TEXT),
	TEXT(NS_RSS, BOTH, "language", SLOT_LANG, 0, CONTENT_TEXT),
	TEXT(NS_DC, BOTH, "language", SLOT_LANG, 1, CONTENT_TEXT),
	TEXT(NS_DCTERMS, BOTH, "language", SLOT_LANG, 2, CONTENT_TEXT),
	TEXT(NS_RSS, BOTH, "lastbuilddate", SLOT_UPDATED, 0, CONTENT_TEXT),
	OPEN(NS_RDF, IN_ITEM, "li", OPENS_GROUP),
	TEXT_ATTRS(NS_RSS, BOTH, "link", SLOT_URL, 2, CONTENT_TEXT, feed_attrs_link),
	TEXT_ATTRS(NS_ATOM, BOTH, "link", SLOT_URL, 5, CONTENT_TEXT, feed_attrs_link),
	PERSON(NS_RSS, IN_FEED, "managingeditor", 0),
	TEXT(NS_PRISM, IN_ITEM, "modificationdate", SLOT_UPDATED, 4, CONTENT_TEXT),
	TEXT(NS_ATOM, BOTH, "modified", SLOT_UPDATED, 2, CONTENT_TEXT),
	TEXT(NS_DCTERMS, BOTH, "modified", SLOT_UPDATED, 3, CONTENT_TEXT),
	TEXT(NS_ATOM, IN_PERSON, "name", SLOT_NONE, 0, CONTENT_TEXT),
	TEXT(NS_RSS, IN_PERSON, "name", SLOT_NONE, 0, CONTENT_TEXT),
	TEXT(NS_ITUNES, IN_PERSON, "name", SLOT_NONE, 0, CONTENT_TEXT),
	TEXT(NS_FEEDBURNER, IN_ITEM, "origlink", SLOT_URL, 0, CONTENT_TEXT),
	PERSON(NS_ITUNES, IN_FEED, "owner", 6),
	TEXT(NS_RSS, BOTH, "pubdate", SLOT_PUBLISHED, 0, CONTENT_TEXT),
	TEXT(NS_PRISM, IN_ITEM, "publicationdate", SLOT_PUBLISHED, 7, CONTENT_TEXT),
	TEXT(NS_ATOM, BOTH, "published", SLOT_PUBLISHED, 1, CONTENT_TEXT),
	SOURCE(NS_ATOM, IN_ITEM, "source"),
	TEXT(NS_DC, BOTH, "subject", SLOT_CATEGORY, 0, CONTENT_TEXT),
	TEXT(NS_DCTERMS, BOTH, "subject", SLOT_CATEGORY, 0, CONTENT_TEXT),
	TEXT(NS_ITUNES, BOTH, "subtitle", SLOT_SUMMARY, 8, CONTENT_TEXT),
	TEXT_ATTRS(NS_ATOM, IN_FEED, "subtitle", SLOT_SUMMARY, 1, CONTENT_ATOM, feed_attrs_content),
	TEXT_ATTRS(NS_ATOM, IN_ITEM, "summary", SLOT_SUMMARY, 1, CONTENT_ATOM, feed_attrs_content),
	TEXT(NS_ITUNES, BOTH, "summary", SLOT_SUMMARY, 5, CONTENT_HTML),
	TEXT_ATTRS(NS_ATOM, IN_FEED, "tagline", SLOT_SUMMARY, 1, CONTENT_ATOM, feed_attrs_content),
	TEXT_ATTRS(NS_ATOM, BOTH, "title", SLOT_TITLE, 1, CONTENT_ATOM, feed_attrs_content),
	TEXT(NS_RSS, BOTH, "title", SLOT_TITLE, 0, CONTENT_HTML),
	TEXT(NS_DC, BOTH, "title", SLOT_TITLE, 2, CONTENT_HTML),
	TEXT(NS_DCTERMS, BOTH, "title", SLOT_TITLE, 3, CONTENT_HTML),
	TEXT(NS_MEDIA, BOTH, "title", SLOT_TITLE, 5, CONTENT_HTML),
	TEXT(NS_ITUNES, BOTH, "title", SLOT_TITLE, 4, CONTENT_HTML),
	TEXT(NS_RSS, IN_FEED, "ttl", SLOT_TTL, 0, CONTENT_TEXT),
	TEXT(NS_ATOM, BOTH, "updated", SLOT_UPDATED, 1, CONTENT_TEXT),
	TEXT(NS_SY, IN_FEED, "updatefrequency", SLOT_FREQUENCY, 0, CONTENT_TEXT),
	TEXT(NS_SY, IN_FEED, "updateperiod", SLOT_PERIOD, 0, CONTENT_TEXT),
	OPEN(NS_ATOM, IN_PERSON, "uri", OPENS_NOTHING),
	OPEN(NS_RSS, IN_PERSON, "uri", OPENS_NOTHING),
	OPEN(NS_ATOM, IN_PERSON, "url", OPENS_NOTHING),
	OPEN(NS_RSS, IN_PERSON, "url", OPENS_NOTHING),
	TEXT(NS_RDF, IN_ITEM, "value", SLOT_BODY, 2, CONTENT_HTML),
	PERSON(NS_RSS, IN_FEED, "webmaster", 5),
};
#define NELEMENTS (sizeof(elements) / sizeof(elements[0]))

/* Upper-case name against lower-case row, as strcmp(). */
static int
compare(struct nw_str name, const char *row)
{
	for (size_t i = 0; i < name.len; i++) {
		int c = (unsigned char)feed_lower(name.p[i]) - (unsigned char)row[i];

		if (c != 0)
			return c;
	}
	return row[name.len] == '\0' ? 0 : -1;
}

/* The first row of a name, NELEMENTS if there is none. */
static size_t
first(struct nw_str name)
{
	size_t lo = 0, hi = NELEMENTS;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (compare(name, elements[mid].name) > 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < NELEMENTS && compare(name, elements[lo].name) == 0 ? lo : NELEMENTS;
}

static enum feed_ns
other_family(enum feed_ns ns)
{
	return ns == NS_RSS ? NS_ATOM : ns == NS_ATOM ? NS_RSS : ns;
}

const struct feed_element *
feed_elements_find(enum feed_ns ns, const char *local, enum feed_place place, uint32_t *rank_r)
{
	struct nw_str name = {local, strlen(local)};
	const struct feed_element *borrowed = NULL;
	enum feed_ns other = other_family(ns);

	for (size_t i = first(name); i < NELEMENTS && compare(name, elements[i].name) == 0; i++) {
		const struct feed_element *e = &elements[i];

		if ((e->places & place) == 0)
			continue;
		if (e->ns == ns) {
			*rank_r = e->rank;
			return e;
		}
		if (e->ns == other)
			borrowed = e;
	}
	if (borrowed != NULL)
		*rank_r = borrowed->rank + OTHER_FAMILY;
	return borrowed;
}

int
feed_elements_is_text(struct nw_str qname)
{
	const char *colon = memchr(qname.p, ':', qname.len);
	size_t skip = colon != NULL ? (size_t)(colon - qname.p) + 1 : 0;
	struct nw_str name = {qname.p + skip, qname.len - skip};

	for (size_t i = first(name); i < NELEMENTS && compare(name, elements[i].name) == 0; i++)
		if (elements[i].opens == OPENS_TEXT || elements[i].opens == OPENS_PERSON)
			return (elements[i].places & BOTH) != 0;
	return 0;
}
