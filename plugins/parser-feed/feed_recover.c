#include <stdlib.h>
#include <string.h>

#include "feed_elements.h"
#include "feed_recover.h"
#include "feed_recover_text.h"
#include "feed_text.h"

#define FLUSH	  16384 /* bytes written at once */
#define VALUE_MAX 4096	/* bytes in which the end of a quoted value must stand */

/* An open element, by its name in the source. */
struct open {
	struct nw_str name;
	int text; /* an element whose text a feed reads */
};

struct recover {
	const char *at, *end;
	const struct feed_recover_out *to;
	uint32_t *repairs;
	struct feed_text out, tag;
	struct open open[FEED_RECOVER_DEPTH];
	uint32_t depth;
	struct nw_str attr[FEED_RECOVER_ATTRS];
	const char *section_end; /* the "]]>" found last; NULL: not looked for, end: there is none */
	int no_comment_end, no_gt;
	int cut; /* inside a tag */
};

static int
is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static int
is_name(char c)
{
	return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
}

static struct nw_str
local(struct nw_str name)
{
	const char *colon = memchr(name.p, ':', name.len);
	size_t skip = colon != NULL ? (size_t)(colon - name.p) + 1 : 0;

	return (struct nw_str){name.p + skip, name.len - skip};
}

static int
same(struct nw_str a, struct nw_str b)
{
	for (size_t i = 0; i < a.len && a.len == b.len; i++)
		if (feed_lower(a.p[i]) != feed_lower(b.p[i]))
			return 0;
	return a.len == b.len;
}

static int
one_of(struct nw_str name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (feed_same_n(name, *list))
			return 1;
	return 0;
}

static void
flush(struct recover *r)
{
	if (r->out.len > 0)
		r->to->text(r->to->cookie, r->out.p, r->out.len);
	feed_text_reset(&r->out);
}

/* --- tags */

/* A name as XML allows it: one colon, between two parts. */
static void
write_name(struct feed_text *out, struct nw_str name)
{
	int colon = 0;

	for (size_t i = 0; i < name.len; i++) {
		char c = name.p[i];

		if (c == ':' && (colon || i == 0 || i + 1 == name.len || !is_name_start(name.p[i + 1])))
			c = '_';
		colon |= c == ':';
		feed_text_add(out, &c, 1);
	}
}

static void
pop(struct recover *r)
{
	feed_text_adds(&r->out, "</");
	write_name(&r->out, r->open[--r->depth].name);
	feed_text_adds(&r->out, ">");
}

/* Closes down to ${depth}; all but the last one were never closed by the document. */
static void
pop_to(struct recover *r, uint32_t depth, uint32_t unclosed)
{
	r->repairs[REPAIR_UNCLOSED] += unclosed;
	while (r->depth > depth)
		pop(r);
}

/* Names that HTML has too: they may stand in a text, so they end one only where no HTML is expected. */
static const char *const html_names[] = {"title", "link", "summary", "div", "body", "source", NULL};
static const char *const html_texts[] = {"description", "content", "encoded", "summary", "subtitle", "tagline",
    "fulltext", "full-text", "abstract", "body", "div", NULL};
static const char *const item_names[] = {"item", "entry", NULL};
static const char *const void_names[] = {"br", "hr", "img", "input", "wbr", NULL};

/* An element begins that cannot stand inside what is open: end that first. */
static void
make_room(struct recover *r, struct nw_str name)
{
	struct nw_str loc = local(name);
	int item = one_of(loc, item_names), is_html = one_of(loc, html_names);
	uint32_t text = r->depth;

	for (uint32_t i = r->depth; item && i-- > 0;)
		if (same(r->open[i].name, name)) {
			pop_to(r, i, r->depth - i);
			return;
		}
	if (!item && !feed_elements_is_text(name))
		return;
	while (text > 0 && !r->open[text - 1].text)
		text--;
	if (text == 0 || (is_html && (text != r->depth || one_of(local(r->open[text - 1].name), html_texts))))
		return;
	if (feed_same_n(loc, "div") || feed_same_n(loc, "body"))
		return;
	pop_to(r, text - 1, r->depth - text + 1);
}

static void
start_tag(struct recover *r, struct nw_str name, int closed)
{
	if (!closed && one_of(name, void_names)) {
		r->repairs[REPAIR_UNCLOSED]++;
		closed = 1;
	}
	make_room(r, name);
	if (r->depth == FEED_RECOVER_DEPTH) {
		r->repairs[REPAIR_DEEP]++;
		return;
	}
	feed_text_adds(&r->out, "<");
	write_name(&r->out, name);
	if (r->tag.len > 0)
		feed_text_add(&r->out, r->tag.p, r->tag.len);
	feed_text_adds(&r->out, closed ? "/>" : ">");
	if (!closed)
		r->open[r->depth++] = (struct open){name, feed_elements_is_text(name)};
}

static void
end_tag(struct recover *r, struct nw_str name)
{
	for (uint32_t i = r->depth; i-- > 0;)
		if (same(r->open[i].name, name)) {
			pop_to(r, i, r->depth - i - 1);
			return;
		}
	if (!one_of(name, void_names))
		r->repairs[REPAIR_STRAY_END]++;
}

/* --- attributes */

static const char *
skip_space(const char *p, const char *end)
{
	while (p < end && feed_is_space(*p))
		p++;
	return p;
}

static const char *
skip_name(const char *p, const char *end)
{
	while (p < end && is_name(*p))
		p++;
	return p;
}

/* The value at p: quoted, or up to a blank or ">".  ${next_r} is behind it. */
static struct nw_str
value_at(struct recover *r, const char *p, const char **next_r)
{
	const char *q = NULL;
	size_t max = (size_t)(r->end - p);

	if (max > 0 && (*p == '"' || *p == '\'')) {
		p++;
		max = max - 1 < VALUE_MAX ? max - 1 : VALUE_MAX;
		q = memchr(p, p[-1], max);
		if (q != NULL) {
			*next_r = q + 1;
			return (struct nw_str){p, (size_t)(q - p)};
		}
	}
	r->repairs[REPAIR_ATTRIBUTE]++;
	for (q = p; q < r->end && !feed_is_space(*q) && *q != '>' && *q != '<'; q++)
		;
	*next_r = q;
	return (struct nw_str){p, (size_t)(q - p)};
}

static void
write_attr(struct recover *r, uint32_t *n, struct nw_str name, struct nw_str value)
{
	for (uint32_t i = 0; i < *n; i++)
		if (same(r->attr[i], name)) {
			r->repairs[REPAIR_ATTRIBUTE]++;
			return;
		}
	if (*n == FEED_RECOVER_ATTRS || !is_name_start(name.p[0]) || name.len > FEED_RECOVER_NAME) {
		r->repairs[REPAIR_ATTRIBUTE]++;
		return;
	}
	r->attr[(*n)++] = name;
	feed_text_adds(&r->tag, " ");
	write_name(&r->tag, name);
	feed_text_adds(&r->tag, "=\"");
	feed_recover_text_attr(&r->tag, value.p, value.len, r->repairs);
	feed_text_adds(&r->tag, "\"");
}

/* The attributes from p to the tag's end, into r->tag.  Returns behind ">", NULL where this is no tag after all. */
static const char *
read_attrs(struct recover *r, const char *p, int *closed_r)
{
	uint32_t n = 0;

	feed_text_reset(&r->tag);
	for (*closed_r = 0; p < r->end; *closed_r = 0) {
		const char *name, *next;
		struct nw_str value;

		p = skip_space(p, r->end);
		if (p < r->end && *p == '/') {
			*closed_r = 1;
			p = skip_space(p + 1, r->end);
		}
		if (p == r->end || *p == '<')
			break;
		if (*p == '>')
			return p + 1;
		name = p;
		p = skip_name(p, r->end);
		if (p == name) { /* a stray quote, a letter XML does not know here */
			r->repairs[REPAIR_ATTRIBUTE]++;
			p++;
			continue;
		}
		value = (struct nw_str){name, (size_t)(p - name)};
		next = skip_space(p, r->end);
		if (next < r->end && *next == '=')
			value = value_at(r, skip_space(next + 1, r->end), &next);
		else
			r->repairs[REPAIR_ATTRIBUTE]++;
		write_attr(r, &n, (struct nw_str){name, (size_t)(p - name)}, value);
		p = next;
	}
	if (p == r->end)
		r->cut = 1;
	return NULL;
}

/* --- what begins with "<" */

/* The text of a section, whose end may be missing: then it ends where its element does. */
static void
section(struct recover *r)
{
	const char *p = r->at + 9, *stop, *again;
	struct nw_str top = r->depth > 0 ? r->open[r->depth - 1].name : NW_STR("");

	if (r->section_end == NULL || r->section_end < p) {
		stop = memmem(p, (size_t)(r->end - p), "]]>", 3);
		r->section_end = stop != NULL ? stop : r->end;
	}
	stop = r->section_end;
	again = memmem(p, (size_t)(stop - p), "<![CDATA[", 9);
	if (stop == r->end || again != NULL) {
		const char *close = p;
		const char *last = again != NULL ? again : stop;

		while ((close = memmem(close, (size_t)(last - close), "</", 2)) != NULL) {
			struct nw_str name = {close + 2, (size_t)(skip_name(close + 2, last) - close - 2)};

			if (same(name, top))
				break;
			close += 2;
		}
		if (close != NULL || stop == r->end) {
			r->repairs[REPAIR_SECTION]++;
			stop = close != NULL ? close : last;
			feed_recover_text_plain(&r->out, p, (size_t)(stop - p), r->repairs);
			r->at = stop;
			return;
		}
	}
	feed_recover_text_plain(&r->out, p, (size_t)(stop - p), r->repairs);
	r->at = stop + 3;
}

/* Comments, instructions, declarations: nothing a feed needs. */
static void
skip_other(struct recover *r)
{
	int comment = r->end - r->at >= 4 && memcmp(r->at, "<!--", 4) == 0;
	int *none = comment ? &r->no_comment_end : &r->no_gt;
	const char *mark = comment ? "-->" : ">";
	const char *stop = *none ? NULL : memmem(r->at + 2, (size_t)(r->end - r->at - 2), mark, strlen(mark));

	if (stop == NULL) {
		*none = 1;
		r->repairs[REPAIR_SECTION]++;
		r->at += comment ? 4 : 2;
		return;
	}
	r->at = stop + strlen(mark);
}

static int
is_open(const struct recover *r, struct nw_str name)
{
	for (uint32_t i = r->depth; i-- > 0;)
		if (same(r->open[i].name, name))
			return 1;
	return 0;
}

/* "<item<title>": a tag whose ">" is missing, as far as it is one that a feed has.  NULL if it is not. */
static const char *
lost_end(struct recover *r, struct nw_str name, int closing)
{
	const char *p = skip_space(name.p + name.len, r->end);

	if (p == r->end || *p != '<')
		return NULL;
	if (closing ? !is_open(r, name) : !one_of(local(name), item_names) && !feed_elements_is_text(name))
		return NULL;
	r->repairs[REPAIR_LESS_THAN]++;
	feed_text_reset(&r->tag);
	return p;
}

static void
less_than(struct recover *r)
{
	const char *p = r->at + 1, *next = NULL;
	size_t left = (size_t)(r->end - p);
	struct nw_str name;
	int closing, closed = 0, named;

	if (left >= 8 && memcmp(p, "![CDATA[", 8) == 0) {
		section(r);
		return;
	}
	if (left > 0 && (*p == '!' || *p == '?')) {
		skip_other(r);
		return;
	}
	closing = left > 0 && *p == '/';
	p += closing;
	name = (struct nw_str){p, (size_t)(skip_name(p, r->end) - p)};
	named = name.len > 0 && name.len <= FEED_RECOVER_NAME && is_name_start(name.p[0]);
	if (named)
		next = read_attrs(r, name.p + name.len, &closed);
	if (named && next == NULL && !r->cut && (next = lost_end(r, name, closing)) != NULL)
		closed = 0;
	if (next == NULL && r->cut)
		return;
	if (next == NULL) {
		r->repairs[REPAIR_LESS_THAN]++;
		feed_text_adds(&r->out, "&lt;");
		r->at++;
		return;
	}
	r->at = next;
	if (closing)
		end_tag(r, name);
	else
		start_tag(r, name, closed);
}

/* --- the document */

static void
finish(struct recover *r)
{
	const char *rest = skip_space(r->at, r->end);

	flush(r);
	if (r->depth > 0) {
		r->to->cut(r->to->cookie);
		while (r->depth > 0)
			pop(r);
		flush(r);
	} else if (rest < r->end) {
		r->repairs[REPAIR_TRAILING]++;
	}
}

/* Elements that are open before the first byte. */
static void
begin_open(struct recover *r, struct nw_str names)
{
	while (names.len > 0 && r->depth < FEED_RECOVER_DEPTH) {
		struct nw_str name = {names.p, strlen(names.p)};

		r->open[r->depth++] = (struct open){name, feed_elements_is_text(name)};
		names.p += name.len + 1;
		names.len -= name.len + 1;
	}
}

int
feed_recover_run(struct nw_str text, struct nw_str open, const struct feed_recover_out *to,
    uint32_t repairs[REPAIR_N])
{
	struct recover *r = calloc(1, sizeof(*r));
	int rc;

	if (r == NULL)
		return -1;
	memset(repairs, 0, REPAIR_N * sizeof(*repairs));
	r->at = text.p;
	r->end = text.p + text.len;
	r->to = to;
	r->repairs = repairs;
	begin_open(r, open);
	do {
		const char *lt = memchr(r->at, '<', (size_t)(r->end - r->at));
		const char *stop = lt != NULL ? lt : r->end;

		if (r->depth > 0)
			feed_recover_text(&r->out, r->at, (size_t)(stop - r->at), r->repairs);
		r->at = stop;
		if (lt != NULL)
			less_than(r);
		if (r->out.len > FLUSH)
			flush(r);
	} while (r->at < r->end && !r->cut && r->depth > 0);
	finish(r);
	rc = r->out.failed || r->tag.failed ? -1 : 0;
	feed_text_done(&r->out);
	feed_text_done(&r->tag);
	free(r);
	return rc;
}

const char *
feed_recover_name(enum feed_repair repair)
{
	static const char *const names[REPAIR_N] = {
		[REPAIR_AMPERSAND] = "bare ampersands",
		[REPAIR_LESS_THAN] = "bare less-than signs, tags without their end",
		[REPAIR_CONTROL] = "control characters left out",
		[REPAIR_ATTRIBUTE] = "attributes repaired or left out",
		[REPAIR_UNCLOSED] = "elements without an end tag",
		[REPAIR_STRAY_END] = "end tags without an element",
		[REPAIR_SECTION] = "CDATA sections, comments or instructions without an end",
		[REPAIR_TRAILING] = "content after the end of the root element left out",
		[REPAIR_DEEP] = "tags nested too deeply left out",
	};

	return names[repair];
}
