#include <string.h>

#include "feed_prolog.h"
#include "feed_text.h"

#define ATTR_MIN 5 /* bytes: ` a=""` */

static int
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
	    c == '.' || c == ':' || (unsigned char)c >= 0x80;
}

static int
is_name_start(char c)
{
	return is_name(c) && !(c >= '0' && c <= '9') && c != '-' && c != '.';
}

static struct nw_str
from(struct nw_str s, size_t at)
{
	return (struct nw_str){s.p + at, s.len - at};
}

/* The end of a part that ends in ${mark}, or of the text. */
static size_t
after(struct nw_str s, size_t at, const char *mark)
{
	const char *end = memmem(s.p + at, s.len - at, mark, strlen(mark));

	return end != NULL ? (size_t)(end - s.p) + strlen(mark) : s.len;
}

/* A declaration with its internal subset, if it has one. */
static size_t
after_doctype(struct nw_str s, size_t at)
{
	size_t close = after(s, at, ">");
	const char *open = memchr(s.p + at, '[', close - at);

	return open == NULL ? close : after(s, after(s, at, "]"), ">");
}

/* The next tag at or after ${at}, past comments, instructions, declarations; s.len if there is none. */
static size_t
next_tag(struct nw_str s, size_t at, int *html_r)
{
	while (at < s.len) {
		const char *lt = memchr(s.p + at, '<', s.len - at);
		struct nw_str rest;

		if (lt == NULL)
			return s.len;
		at = (size_t)(lt - s.p);
		rest = from(s, at);
		if (rest.len > 1 && is_name_start(rest.p[1]))
			return at;
		if (feed_starts(rest, "<!doctype html"))
			*html_r = 1;
		if (feed_starts(rest, "<!--"))
			at = after(s, at + 4, "-->");
		else if (feed_starts(rest, "<?"))
			at = after(s, at, ">");
		else if (feed_starts(rest, "<!"))
			at = after_doctype(s, at);
		else
			at++;
	}
	return s.len;
}

static struct nw_str
name_at(struct nw_str s, size_t at)
{
	size_t n = 0;

	while (n < FEED_ROOT_MAX && at + 1 + n < s.len && is_name(s.p[at + 1 + n]))
		n++;
	return (struct nw_str){s.p + at + 1, n};
}

static struct nw_str
local(struct nw_str qname)
{
	const char *colon = memrchr(qname.p, ':', qname.len);

	return colon != NULL ? from(qname, (size_t)(colon - qname.p) + 1) : qname;
}

int
feed_prolog_is_feed(struct nw_str qname)
{
	static const char *const roots[] = {"rss", "rdf", "feed", "channel", "entry", "item"};

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (feed_same_n(local(qname), roots[i]))
			return 1;
	return 0;
}

/* Past the XML declaration, wherever blanks or junk before the root leave it. */
static void
find_start(struct nw_str s, struct feed_prolog *out)
{
	size_t at = 0;

	while (at < out->root_at && feed_is_space(s.p[at]))
		at++;
	if (at > 0)
		out->junk = feed_starts(from(s, at), "<?xml");
	if (feed_starts(from(s, at), "<?xml") && s.len - at > 5 && feed_is_space(s.p[at + 5]))
		at = after(s, at, "?>");
	out->start = at < s.len ? at : s.len;
	while (at < out->root_at && feed_is_space(s.p[at]))
		at++;
	if (at < s.len && s.p[at] != '<')
		out->junk = 1;
}

/* Tags that programs print before a feed when something goes wrong: "<br /><b>Warning</b>: ...". */
static int
is_junk_tag(struct nw_str name)
{
	static const char *const names[] = {"br", "b", "p", "pre", "font", "div", "script", "style", "link", "a", "i"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (feed_same_n(name, names[i]))
			return 1;
	return 0;
}

void
feed_prolog_look(struct nw_str s, struct feed_prolog *out)
{
	struct nw_str lead = feed_trim(s);
	int html = 0;

	*out = (struct feed_prolog){.root = {"", 0}};
	out->root_at = next_tag(s, 0, &html);
	if (out->root_at < s.len && feed_prolog_is_feed(name_at(s, out->root_at)))
		html = 0; /* whatever its document type says */
	/* past what is no root, to the feed behind it, if there is one */
	for (size_t at = out->root_at; !html && at < s.len; at = next_tag(s, at + 1, &html)) {
		struct nw_str name = name_at(s, at);

		if (feed_prolog_is_feed(name)) {
			out->junk |= at != out->root_at;
			out->root_at = at;
			break;
		}
		if (!is_junk_tag(name))
			break;
	}
	find_start(s, out);
	out->root = out->root_at < s.len ? name_at(s, out->root_at) : NW_STR("");
	if (lead.len == 0)
		out->kind = FEED_KIND_EMPTY;
	else if (html || feed_same_n(out->root, "html") || feed_same_n(out->root, "head") ||
	    feed_same_n(out->root, "body"))
		out->kind = FEED_KIND_HTML;
	else if (feed_prolog_is_feed(out->root))
		out->kind = FEED_KIND_FEED;
	else if (lead.p[0] == '{' || lead.p[0] == '[')
		out->kind = FEED_KIND_JSON;
	else
		out->kind = out->root.len > 0 ? FEED_KIND_XML : FEED_KIND_TEXT;
}

int
feed_prolog_lost_section(struct nw_str s)
{
	const char *end = s.p + s.len, *p = s.p + 1;
	size_t begun = 0, ended = 0;

	/* by their rarest characters: this is read for every document */
	while (p < end && (p = memchr(p, '!', (size_t)(end - p))) != NULL) {
		begun += p[-1] == '<' && end - p > 8 && memcmp(p, "![CDATA[", 8) == 0;
		p++;
	}
	if (begun == 0)
		return 0;
	for (p = s.p; p < end && (p = memchr(p, ']', (size_t)(end - p))) != NULL; p++)
		ended += end - p > 2 && p[1] == ']' && p[2] == '>';
	return begun > ended;
}

/* The "=" in the tag at s, up to its ">", quotes respected. */
static size_t
count_attrs(const char *s, const char *end, size_t max)
{
	size_t n = 0;
	char quote = '\0';

	for (; s < end && n <= max; s++) {
		if (quote != '\0')
			quote = *s == quote ? '\0' : quote;
		else if (*s == '>')
			break;
		else if (*s == '"' || *s == '\'')
			quote = *s;
		else
			n += *s == '=';
	}
	return n;
}

int
feed_prolog_too_many_attrs(struct nw_str s, size_t max)
{
	const char *end = s.p + s.len, *lt = memchr(s.p, '<', s.len);

	while (lt != NULL) {
		const char *next = memchr(lt + 1, '<', (size_t)(end - lt - 1));
		const char *limit = next != NULL ? next : end;

		if ((size_t)(limit - lt) > max * ATTR_MIN && is_name_start(lt[1]) && count_attrs(lt, limit, max) > max)
			return 1;
		lt = next;
	}
	return 0;
}
