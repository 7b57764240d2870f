#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "base/utf8.h"
#include "text/html_tags.h"
#include "text/idna.h"
#include "text/sanitize.h"

#define NUMBER_MAX   4	 /* digits of a width or a span */
#define DATETIME_MAX 40	 /* bytes of <time datetime> */
#define TITLE_MAX    512 /* bytes of a title or alt attribute; longer ones are cut off whole */

void
nw_sanitize_init(struct nw_sanitize *s, struct nw_arena *arena, struct nw_str base, size_t max_bytes)
{
	s->out = (struct nw_buf){0};
	s->arena = arena;
	s->base = base;
	s->max = max_bytes;
	s->full = 0;
	s->depth = 0;
}

void
nw_sanitize_done(struct nw_sanitize *s)
{
	nw_buf_done(&s->out);
}

/* What may not stand in HTML as it is: markup, and controls but for tab and line feed. */
static const uint8_t special[256] = {
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    0,
    0,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    [0x7f] = 1,
    ['&'] = 1,
    ['<'] = 1,
    ['>'] = 1,
    ['"'] = 1,
};

#define EACH(byte) (0x0101010101010101u * (uint64_t)(byte))

/* 1 if none of eight bytes is special; 0 means "look". */
static int
plain_eight(const char *p)
{
	uint64_t w, found = 0;

	memcpy(&w, p, 8);
	for (size_t i = 0; i < 5; i++) { /* a byte that equals one of these becomes 0, from which 1 borrows */
		uint64_t x = w ^ EACH("&<>\"\x7f"[i]);

		found |= (x - EACH(1)) & ~x;
	}
	found |= (w - EACH(' ')) & ~w;
	return (found & EACH(0x80)) == 0;
}

static const char *
escape_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

static void
add_escaped(struct nw_sanitize *s, const char *p, size_t n)
{
	size_t from = 0;
	const char *escape;

	for (size_t i = 0; i < n; i++) {
		if (n - i >= 8 && plain_eight(p + i)) {
			i += 7;
			continue;
		}
		if (!special[(unsigned char)p[i]])
			continue;
		nw_buf_add(&s->out, p + from, i - from);
		if ((escape = escape_of(p[i])) != NULL)
			nw_buf_adds(&s->out, escape);
		from = i + 1; /* control characters are left out */
	}
	nw_buf_add(&s->out, p + from, n - from);
}

void
nw_sanitize_text(struct nw_sanitize *s, const char *p, size_t n)
{
	size_t left = s->max - s->out.len;

	if (s->full)
		return;
	if (n >= left) {
		s->full = 1;
		n = nw_utf8_cut((struct nw_str){p, n}, left);
	}
	add_escaped(s, p, n);
	s->full |= s->out.len >= s->max;
}

static void
add_attr(struct nw_sanitize *s, const char *name, const char *value)
{
	nw_buf_addc(&s->out, ' ');
	nw_buf_adds(&s->out, name);
	nw_buf_adds(&s->out, "=\"");
	add_escaped(s, value, strlen(value));
	nw_buf_addc(&s->out, '"');
}

static const char *
value_of(const char *const *atts, const char *name)
{
	for (; atts != NULL && atts[0] != NULL; atts += 2)
		if (strcasecmp(atts[0], name) == 0)
			return atts[1] != NULL ? atts[1] : "";
	return NULL;
}

static int
all_in(const char *v, const char *set, size_t max)
{
	size_t n = strspn(v, set);

	return n > 0 && n <= max && v[n] == '\0';
}

static void
add_checked(struct nw_sanitize *s, const char *const *atts, const char *name, const char *set, size_t max)
{
	const char *v = value_of(atts, name);

	if (v != NULL && all_in(v, set, max))
		add_attr(s, name, v);
}

static void
add_number(struct nw_sanitize *s, const char *const *atts, const char *name)
{
	add_checked(s, atts, name, "0123456789", NUMBER_MAX);
}

/* 1 if ${value} is a usable URL, which is then written. */
static int
add_url(struct nw_sanitize *s, const char *name, const char *value)
{
	struct nw_str url;

	if (value == NULL || *value == '\0' ||
	    nw_idna_resolve(s->arena, s->base, nw_str(value), &url, NULL) != 0)
		return 0;
	add_attr(s, name, url.p);
	return 1;
}

static void
add_common(struct nw_sanitize *s, const char *const *atts)
{
	const char *v;

	if ((v = value_of(atts, "title")) != NULL && strlen(v) <= TITLE_MAX && *v != '\0')
		add_attr(s, "title", v);
	add_checked(s, atts, "lang", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", 24);
	if ((v = value_of(atts, "dir")) != NULL && (strcasecmp(v, "rtl") == 0 || strcasecmp(v, "ltr") == 0))
		add_attr(s, "dir", v);
}

/* Images for counting readers are of no use to them. */
static int
is_pixel(const char *const *atts)
{
	const char *w = value_of(atts, "width"), *h = value_of(atts, "height");

	return w != NULL && h != NULL && (strcmp(w, "1") == 0 || strcmp(w, "0") == 0) &&
	       (strcmp(h, "1") == 0 || strcmp(h, "0") == 0);
}

static void
add_image(struct nw_sanitize *s, const char *const *atts)
{
	static const char *const sources[] = {"data-original", "data-lazy-src", "data-src", "src"};
	size_t before = s->out.len, i, n = sizeof(sources) / sizeof(sources[0]);
	const char *alt = value_of(atts, "alt");

	if (is_pixel(atts))
		return;
	nw_buf_adds(&s->out, "<img");
	for (i = 0; i < n && !add_url(s, "src", value_of(atts, sources[i])); i++)
		;
	if (i == n) {
		s->out.len = before; /* no picture without its address */
		return;
	}
	if (alt != NULL && strlen(alt) <= TITLE_MAX)
		add_attr(s, "alt", alt);
	add_number(s, atts, "width");
	add_number(s, atts, "height");
	add_common(s, atts);
	nw_buf_addc(&s->out, '>');
}

static void
add_own(struct nw_sanitize *s, uint32_t flags, const char *const *atts)
{
	if (flags & NW_TAG_A_LINK)
		(void)add_url(
		    s, "href", value_of(atts, "href")); /* without one it is only a place in the text */
	if (flags & NW_TAG_A_CITE)
		(void)add_url(s, "cite", value_of(atts, "cite"));
	if (flags & NW_TAG_A_CELL) {
		add_number(s, atts, "colspan");
		add_number(s, atts, "rowspan");
	}
	if (flags & NW_TAG_A_LIST) {
		add_number(s, atts, "start");
		add_number(s, atts, "value");
	}
	if (flags & NW_TAG_A_TIME)
		add_checked(s, atts, "datetime", "0123456789-+:.TZPWDHMS ", DATETIME_MAX);
}

static void
add_tag(struct nw_sanitize *s, const struct nw_tag_info *tag, const char *const *atts)
{
	nw_buf_addc(&s->out, '<');
	nw_buf_adds(&s->out, tag->name);
	if (atts != NULL && atts[0] != NULL) {
		add_own(s, tag->flags, atts);
		add_common(s, atts);
	}
	nw_buf_addc(&s->out, '>');
}

void
nw_sanitize_open(struct nw_sanitize *s, const struct nw_tag_info *tag, const char *const *atts)
{
	size_t before = s->out.len;
	int opens;

	if (tag == NULL || !(tag->flags & NW_TAG_ALLOW) || s->full)
		return;
	opens = !(tag->flags & NW_TAG_VOID);
	if (opens && s->depth == NW_SANITIZE_DEPTH)
		return;
	if (tag->flags & NW_TAG_A_IMAGE)
		add_image(s, atts);
	else
		add_tag(s, tag, atts);
	if (s->out.len >= s->max) {
		s->out.len = before;
		s->full = 1;
	} else if (opens) {
		s->open[s->depth++] = tag;
	}
}

static void
close_one(struct nw_sanitize *s)
{
	nw_buf_adds(&s->out, "</");
	nw_buf_adds(&s->out, s->open[--s->depth]->name);
	nw_buf_addc(&s->out, '>');
}

void
nw_sanitize_close(struct nw_sanitize *s, const struct nw_tag_info *tag)
{
	size_t i = s->depth;

	if (tag == NULL || !(tag->flags & NW_TAG_ALLOW) || tag->flags & NW_TAG_VOID)
		return;
	while (i > 0 && s->open[i - 1] != tag)
		i--;
	while (i > 0 && s->depth >= i)
		close_one(s);
}

void
nw_sanitize_end(struct nw_sanitize *s)
{
	while (s->depth > 0)
		close_one(s);
}
