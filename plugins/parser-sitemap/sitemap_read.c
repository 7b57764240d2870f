#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sitemap_read.h"
#include "sitemap_scan.h"

#define DEPTH_MAX 32 /* elements that are looked at; a sitemap nests five */

enum field { NO_FIELD, LOC, LASTMOD, NEWS_DATE, NEWS_TITLE, NEWS_LANGUAGE, NEWS_KEYWORDS };
enum kind { OTHER, ROOT, ENTRY, FIELD };

struct level {
	struct nw_str name; /* as written */
	uint8_t kind, news; /* news: in the news extension */
};

struct reading {
	struct sitemap *s;
	struct sitemap_scan scan;
	struct level level[DEPTH_MAX];
	uint32_t depth, beyond;	     /* open elements, and those below DEPTH_MAX */
	struct sitemap_entry *entry; /* the open one; NULL: none */
	struct sitemap_entry spare;  /* where entries go that nobody wants any more */
	enum field field;	     /* the open one */
	char text[SITEMAP_TEXT_MAX]; /* its text */
	size_t len;		     /* past SITEMAP_TEXT_MAX: longer than any field is */
	int seen, root_closed;	     /* a root; its end */
};

/* --- entries */

int64_t
sitemap_when(const struct sitemap_entry *e)
{
	return e->published.at_ms != NW_TIME_NONE ? e->published.at_ms : e->modified.at_ms;
}

static const struct sitemap_entry nothing = {
    .loc = {"", 0},
    .title = {"", 0},
    .lang = {"", 0},
    .keywords = {"", 0},
    .published.at_ms = NW_TIME_NONE,
    .modified.at_ms = NW_TIME_NONE,
};

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
	*p = nothing;
	p->order = s->n++;
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

/* --- fields */

static int
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct nw_str
trimmed(const char *p, size_t n)
{
	while (n > 0 && is_space(p[n - 1]))
		n--;
	while (n > 0 && is_space(*p)) {
		p++;
		n--;
	}
	return (struct nw_str){p, n};
}

/* An address as it was meant: no line ends, blanks encoded, ampersands that were escaped twice undone. */
static size_t
clean_address(char *out, struct nw_str in)
{
	size_t n = 0;

	for (size_t i = 0; i < in.len; i++) {
		if (in.p[i] == ' ') {
			memcpy(out + n, "%20", 3);
			n += 3;
		} else if (!is_space(in.p[i])) {
			out[n++] = in.p[i];
		}
		if (in.p[i] == '&' && in.len - i > 4 && memcmp(in.p + i, "&amp;", 5) == 0)
			i += 4;
	}
	return n;
}

/* The text of the open field, in scratch memory; "" if there is none. */
static struct nw_str
field_text(struct reading *r)
{
	struct nw_str s = r->len <= SITEMAP_TEXT_MAX ? trimmed(r->text, r->len) : NW_STR("");
	int address = r->field == LOC;
	char *copy = s.len > 0 ? r->s->host->alloc(r->s->sink, s.len * (address ? 3 : 1) + 1) : NULL;

	if (copy == NULL)
		return NW_STR("");
	if (address)
		s.len = clean_address(copy, s);
	else
		memcpy(copy, s.p, s.len);
	copy[s.len] = '\0';
	return (struct nw_str){copy, s.len};
}

static void
close_field(struct reading *r)
{
	struct sitemap_entry *e = r->entry;
	struct nw_str text = e != NULL ? field_text(r) : NW_STR("");
	enum field field = text.len > 0 ? r->field : NO_FIELD;

	r->field = NO_FIELD;
	if (field == LOC && e->loc.len == 0)
		e->loc = text;
	else if (field == LASTMOD)
		take_time(r->s, text, &e->modified);
	else if (field == NEWS_DATE)
		take_time(r->s, text, &e->published);
	else if (field == NEWS_TITLE)
		e->title = text;
	else if (field == NEWS_LANGUAGE)
		e->lang = text;
	else if (field == NEWS_KEYWORDS)
		e->keywords = text;
}

/* --- elements: names and nesting decide, for prefixes and namespaces are misspelt too often */

static struct nw_str
local(struct nw_str name)
{
	const char *colon = memchr(name.p, ':', name.len);
	size_t skip = colon != NULL ? (size_t)(colon - name.p) + 1 : 0;

	return (struct nw_str){name.p + skip, name.len - skip};
}

static int
is(struct nw_str name, const char *what)
{
	return name.len == strlen(what) && strncasecmp(name.p, what, name.len) == 0;
}

static int
same(struct nw_str a, struct nw_str b)
{
	return a.len == b.len && strncasecmp(a.p, b.p, a.len) == 0;
}

static struct nw_str
prefix(struct nw_str name)
{
	return (struct nw_str){name.p, name.len - local(name).len};
}

int
sitemap_read_is_root(struct nw_str name, uint32_t *index_r)
{
	*index_r = is(local(name), "sitemapindex");
	return *index_r || is(local(name), "urlset");
}

static int
is_entry(struct nw_str name)
{
	return is(local(name), "url") || is(local(name), "sitemap");
}

static enum field
news_field(struct nw_str loc)
{
	if (is(loc, "publication_date"))
		return NEWS_DATE;
	if (is(loc, "title"))
		return NEWS_TITLE;
	if (is(loc, "language"))
		return NEWS_LANGUAGE;
	return is(loc, "keywords") ? NEWS_KEYWORDS : NO_FIELD;
}

static const struct level *
top(const struct reading *r)
{
	static const struct level none;

	return r->depth > 0 ? &r->level[r->depth - 1] : &none;
}

static void
pop(struct reading *r)
{
	const struct level *l = &r->level[--r->depth];

	if (l->kind == FIELD)
		close_field(r);
	else if (l->kind == ENTRY)
		r->entry = NULL;
	else if (l->kind == ROOT)
		r->root_closed = 1;
}

/* Ends what is open above ${depth}, though its end is missing. */
static void
end_open(struct reading *r, uint32_t depth)
{
	r->scan.broken |= r->depth > depth;
	while (r->depth > depth)
		pop(r);
}

/* How many levels are open around and with the innermost element of this kind, 0 if none is. */
static uint32_t
depth_of(const struct reading *r, enum kind kind)
{
	uint32_t i = r->depth;

	while (i > 0 && r->level[i - 1].kind != kind)
		i--;
	return i;
}

/* Whether the open field says nothing yet. */
static int
is_blank(const struct reading *r)
{
	return r->len <= SITEMAP_TEXT_MAX && trimmed(r->text, r->len).len == 0;
}

/* What a tag is where it stands, after what it cannot stand in was ended. */
static enum kind
kind_of(struct reading *r, struct nw_str name, int news, enum field *field_r)
{
	uint32_t entry = depth_of(r, ENTRY), field = depth_of(r, FIELD);
	struct nw_str own = entry > 0 ? prefix(r->level[entry - 1].name) : prefix(name);

	*field_r = NO_FIELD;
	if (is_entry(name) && same(prefix(name), own)) {
		if (entry > 0 && (field > 0 ? is_blank(r) : r->depth > entry))
			return OTHER; /* "<loc><url>...", which people write; another module's element */
		end_open(r, entry > 0 ? entry - 1 : r->depth);
		return ENTRY;
	}
	if (entry == 0)
		return OTHER;
	if (news)
		*field_r = news_field(local(name));
	else if (same(prefix(name), own) && r->depth <= (field > 0 ? field : entry))
		*field_r = is(local(name), "loc") ? LOC : is(local(name), "lastmod") ? LASTMOD : NO_FIELD;
	if (*field_r == NO_FIELD)
		return OTHER;
	end_open(r, field > 0 ? field - 1 : r->depth);
	return FIELD;
}

static void
open_root(struct reading *r, struct nw_str name)
{
	struct sitemap *s = r->s;

	r->seen = 1;
	snprintf(s->root, sizeof(s->root), "%.*s", (int)(name.len < sizeof(s->root) ? name.len : 0), name.p);
	if (!sitemap_read_is_root(name, &s->is_index)) {
		r->scan.p = r->scan.end;
		return;
	}
	s->is_urlset = !s->is_index;
	if (!r->scan.empty)
		r->level[r->depth++] = (struct level){.name = name, .kind = ROOT};
	else
		r->root_closed = 1;
}

static void
open_tag(struct reading *r)
{
	struct nw_str name = r->scan.name, before = prefix(name);
	int news = top(r)->news || is(local(name), "news") || is(before, "news:") || is(before, "n:");
	enum field field;
	enum kind kind;

	if (!r->seen) {
		open_root(r, name);
		return;
	}
	kind = kind_of(r, name, news, &field);
	if (kind == ENTRY) {
		r->entry = add(r->s);
		if (r->entry == NULL)
			r->entry = &r->spare;
		r->entry->is_map = is(local(name), "sitemap");
	} else if (kind == FIELD) {
		r->field = field;
		r->len = 0;
	}
	if (r->depth == DEPTH_MAX) {
		r->beyond += !r->scan.empty;
		return;
	}
	r->level[r->depth++] = (struct level){.name = name, .kind = (uint8_t)kind, .news = kind != ENTRY && news};
	if (r->scan.empty)
		pop(r);
}

static void
close_tag(struct reading *r)
{
	uint32_t i = r->depth;

	while (i > 0 && !same(r->level[i - 1].name, r->scan.name))
		i--;
	if (r->beyond > 0 && (i == 0 || r->level[i - 1].kind == OTHER)) {
		r->beyond--;
		return;
	}
	if (i == 0 || r->beyond > 0)
		r->scan.broken = 1;
	if (i == 0)
		return;
	r->beyond = 0;
	end_open(r, i);
	pop(r);
}

static void
add_text(struct reading *r, int refs)
{
	if (r->field != NO_FIELD)
		r->len = sitemap_scan_text(&r->scan, r->scan.text, refs, r->text, r->len, SITEMAP_TEXT_MAX);
	else if (r->depth == 0 && trimmed(r->scan.text.p, r->scan.text.len).len > 0)
		r->scan.broken = 1; /* outside the root */
}

static void
read_xml(struct reading *r)
{
	struct sitemap *s = r->s;
	enum sitemap_token token;

	while (s->rc == NW_OK && (token = sitemap_scan_next(&r->scan)) != SITEMAP_DONE) {
		if (token == SITEMAP_OPEN)
			open_tag(r);
		else if (token == SITEMAP_CLOSE)
			close_tag(r);
		else
			add_text(r, token == SITEMAP_TEXT);
	}
	if (!s->is_urlset && !s->is_index)
		return;
	if (r->entry != NULL && r->entry != &r->spare)
		s->n--; /* cut inside it */
	if (!r->root_closed || r->scan.broken) {
		s->incomplete = 1;
		s->host->note(s->sink, "not well-formed; what is whole is kept");
	}
}

/* --- a list of addresses, one a line */

static int
is_address(struct nw_str s)
{
	return (s.len > 7 && strncasecmp(s.p, "http://", 7) == 0) || (s.len > 8 && strncasecmp(s.p, "https://", 8) == 0);
}

int
sitemap_read_is_list(struct nw_str text)
{
	struct nw_str s = trimmed(text.p, text.len);

	return is_address(s) && memchr(s.p, '<', s.len) == NULL;
}

static void
read_list(struct reading *r, struct nw_str text)
{
	const char *p = text.p, *end = p + text.len;
	uint32_t others = 0;

	while (p < end && r->s->rc == NW_OK) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		struct nw_str line = trimmed(p, (size_t)((stop != NULL ? stop : end) - p));

		p = stop != NULL ? stop + 1 : end;
		if (is_address(line) && line.len <= SITEMAP_TEXT_MAX) {
			memcpy(r->text, line.p, line.len);
			r->len = line.len;
			r->field = LOC;
			r->entry = add(r->s);
			close_field(r);
		} else if (line.len > 0) {
			others++;
		}
	}
	r->s->is_urlset = 1;
	if (others > 0)
		r->s->host->note(r->s->sink, "%u lines are no addresses and are left out", others);
}

void
sitemap_read(struct sitemap *s, struct nw_str text)
{
	struct reading *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		s->rc = NW_ERES;
		return;
	}
	r->s = s;
	r->scan = (struct sitemap_scan){.p = text.p, .end = text.p + text.len};
	r->spare = nothing;
	if (sitemap_read_is_list(text))
		read_list(r, text);
	else
		read_xml(r);
	free(r);
}
