#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <libxml/xmlreader.h>

#include "sitemap_read.h"

#define OPTIONS	      (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT)
#define REFERENCE_MAX 32 /* bytes of "&...;" */

/* --- entries */

int64_t
sitemap_when(const struct sitemap_entry *e)
{
	return e->published.at_ms != NW_TIME_NONE ? e->published.at_ms : e->modified.at_ms;
}

static struct sitemap_entry *
add(struct sitemap *s)
{
	uint32_t cap = s->cap == 0 ? 256 : s->cap * 2;
	struct sitemap_entry *p;

	if (s->n == SITEMAP_ENTRIES_MAX) {
		s->left_out++;
		return NULL;
	}
	if (s->n == s->cap) {
		p = realloc(s->entry, cap * sizeof(*p));
		if (p == NULL) {
			s->rc = NW_ERES;
			return NULL;
		}
		s->entry = p;
		s->cap = cap;
	}
	p = &s->entry[s->n];
	*p = (struct sitemap_entry){
		.loc = {"", 0},
		.title = {"", 0},
		.lang = {"", 0},
		.keywords = {"", 0},
		.published.at_ms = NW_TIME_NONE,
		.modified.at_ms = NW_TIME_NONE,
		.order = s->n,
	};
	s->n++;
	return p;
}

static void
take_time(struct sitemap *s, struct nw_str text, struct nw_time *out)
{
	struct nw_time t = {.at_ms = NW_TIME_NONE};

	if (s->host->date_parse(s->sink, text, NW_DATE_MACHINE, s->doc, &t) == NW_OK) {
		t.origin = NW_ORIGIN_FEED;
		*out = t;
	} else if (s->bad_dates++ == 0) {
		s->host->note(s->sink, "a date is not understood: '%.*s'", (int)(text.len < 40 ? text.len : 40), text.p);
	}
}

/* --- fields: an element's local name and namespace prefix decide; URIs of these are misspelt too often */

static int
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The text of the element the reader stands on, in scratch memory; the reader then stands on its end. */
static struct nw_str
text_of(struct sitemap *s, xmlTextReader *r)
{
	char buf[SITEMAP_TEXT_MAX], *out = buf, *copy;
	int depth = xmlTextReaderDepth(r);
	size_t n = 0;

	if (xmlTextReaderIsEmptyElement(r))
		return NW_STR("");
	while (xmlTextReaderRead(r) == 1 && xmlTextReaderDepth(r) > depth) {
		int type = xmlTextReaderNodeType(r);
		const char *v = type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA
		    ? (const char *)xmlTextReaderConstValue(r) : NULL;
		size_t len = v != NULL ? strlen(v) : 0;

		if (len > SITEMAP_TEXT_MAX - n)
			len = 0; /* longer than any field is: none */
		if (len > 0)
			memcpy(out + n, v, len);
		n += len;
	}
	while (n > 0 && is_space(out[n - 1]))
		n--;
	while (n > 0 && is_space(*out)) {
		out++;
		n--;
	}
	if (n == 0 || (copy = s->host->alloc(s->sink, n + 1)) == NULL)
		return NW_STR("");
	memcpy(copy, out, n);
	return (struct nw_str){copy, n};
}

static void
take_field(struct sitemap *s, struct sitemap_entry *e, const char *prefix, const char *name, struct nw_str text)
{
	int news = prefix != NULL && (strcasecmp(prefix, "news") == 0 || strcasecmp(prefix, "n") == 0);

	if (text.len == 0)
		return;
	if (!news && strcmp(name, "loc") == 0 && e->loc.len == 0 && prefix == NULL)
		e->loc = text;
	else if (!news && strcmp(name, "lastmod") == 0)
		take_time(s, text, &e->modified);
	else if (news && strcmp(name, "publication_date") == 0)
		take_time(s, text, &e->published);
	else if (news && strcmp(name, "title") == 0)
		e->title = text;
	else if (news && strcmp(name, "language") == 0)
		e->lang = text;
	else if (news && strcmp(name, "keywords") == 0)
		e->keywords = text;
}

static int
is_field(const char *name)
{
	static const char *const names[] = {"loc", "lastmod", "publication_date", "title", "language", "keywords"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return 1;
	return 0;
}

/* The reader stands on <url> or <sitemap>; reads to its end.  0 where the document ends first. */
static int
read_entry(struct sitemap *s, xmlTextReader *r)
{
	struct sitemap_entry *e = add(s), spare = {.loc = {"", 0}};
	int depth = xmlTextReaderDepth(r), rc;

	if (e == NULL)
		e = &spare;
	if (xmlTextReaderIsEmptyElement(r))
		return 1;
	while ((rc = xmlTextReaderRead(r)) == 1 && xmlTextReaderDepth(r) > depth) {
		const char *name = (const char *)xmlTextReaderConstLocalName(r);
		const char *prefix = (const char *)xmlTextReaderConstPrefix(r);

		if (xmlTextReaderNodeType(r) == XML_READER_TYPE_ELEMENT && is_field(name))
			take_field(s, e, prefix, name, text_of(s, r));
	}
	if (rc != 1 && e != &spare)
		s->n--; /* cut inside it */
	return rc == 1;
}

static void
read_root(struct sitemap *s, xmlTextReader *r)
{
	const char *name = (const char *)xmlTextReaderConstLocalName(r);

	snprintf(s->root, sizeof(s->root), "%s", name);
	s->is_urlset = strcmp(name, "urlset") == 0;
	s->is_index = strcmp(name, "sitemapindex") == 0;
}

static void
quiet(void *cookie, xmlError *error)
{
	(void)cookie;
	(void)error; /* the reader's answers say it all */
}

/* One reading; 1 if the document was well-formed to its end. */
static int
read_text(struct sitemap *s, struct nw_str text, int options)
{
	xmlTextReader *r = xmlReaderForMemory(text.p, (int)text.len, s->doc->url.p, "UTF-8", options);
	int rc = 0, fine;

	s->n = s->left_out = s->bad_dates = 0;
	if (r == NULL) {
		s->rc = NW_ERES;
		return 0;
	}
	xmlTextReaderSetStructuredErrorHandler(r, quiet, NULL);
	while (s->rc == NW_OK && (rc = xmlTextReaderRead(r)) == 1) {
		const char *name = (const char *)xmlTextReaderConstLocalName(r);

		if (xmlTextReaderNodeType(r) != XML_READER_TYPE_ELEMENT)
			continue;
		if (xmlTextReaderDepth(r) == 0)
			read_root(s, r);
		else if (strcmp(name, s->is_index ? "sitemap" : "url") == 0 && !read_entry(s, r))
			break;
	}
	fine = rc == 0 && xmlTextReaderIsValid(r) >= 0;
	xmlFreeTextReader(r);
	return fine;
}

/* --- a second reading */

static int
is_reference(const char *s, size_t n)
{
	size_t i = 1;

	while (i < n && i < REFERENCE_MAX && ((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z') ||
		   (s[i] >= '0' && s[i] <= '9') || (i == 1 && s[i] == '#')))
		i++;
	return i > 1 && i < n && s[i] == ';';
}

/* Bare ampersands, as addresses hold them, escaped; NULL p without memory. */
static struct nw_str
escape_ampersands(struct sitemap *s, struct nw_str text)
{
	size_t extra = 0, n = 0;
	char *out;

	for (size_t i = 0; i < text.len; i++)
		extra += text.p[i] == '&' ? 4 : 0;
	out = s->host->alloc(s->sink, text.len + extra + 1);
	for (size_t i = 0; out != NULL && i < text.len; i++) {
		out[n++] = text.p[i];
		if (text.p[i] == '&' && !is_reference(text.p + i, text.len - i)) {
			memcpy(out + n, "amp;", 4);
			n += 4;
		}
	}
	return (struct nw_str){out, n};
}

/* The text up to the end of its last whole entry; what is cut inside one would be read as if it were whole. */
static struct nw_str
whole_entries(struct nw_str text)
{
	for (size_t i = text.len; i > 0; i--) {
		size_t lt = i, name;

		if (text.p[i - 1] != '>')
			continue;
		while (lt > 0 && i - lt < REFERENCE_MAX && text.p[lt - 1] != '<')
			lt--;
		if (lt == 0 || text.p[lt - 1] != '<' || text.p[lt] != '/')
			continue;
		name = i - 1;
		while (name > lt && text.p[name - 1] != '/' && text.p[name - 1] != ':')
			name--;
		if (i - 1 - name == 3 ? memcmp(text.p + name, "url", 3) == 0
				      : i - 1 - name == 7 && memcmp(text.p + name, "sitemap", 7) == 0)
			return (struct nw_str){text.p, i};
	}
	return (struct nw_str){text.p, 0};
}

/* A tag with too many attributes: more "=" than that before the next "<". */
static int
is_hostile(struct nw_str text)
{
	uint32_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		n = text.p[i] == '<' ? 0 : n + (text.p[i] == '=');
		if (n > SITEMAP_ATTRS_MAX)
			return 1;
	}
	return 0;
}

void
sitemap_read(struct sitemap *s, struct nw_str text)
{
	struct nw_str escaped;

	if (is_hostile(text)) {
		s->rc = s->host->fail(s->sink, NW_ELIMIT, "a tag has more than %d attributes", SITEMAP_ATTRS_MAX);
		return;
	}
	if (read_text(s, text, OPTIONS) || s->rc != NW_OK)
		return;
	s->incomplete = 1;
	s->host->note(s->sink, "not well-formed; what is whole is kept");
	escaped = escape_ampersands(s, whole_entries(text));
	s->n = 0;
	if (escaped.p == NULL)
		s->rc = NW_ERES;
	else if (escaped.len > 0)
		(void)read_text(s, escaped, OPTIONS | XML_PARSE_RECOVER); /* it may still be cut: that is noted */
}
