#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"
#include "core/digest.h"
#include "core/frame.h"
#include "core/limits.h"
#include "core/time.h"
#include "text/html.h"
#include "text/idna.h"
#include "worker/article.h"
#include "worker/seen.h"
#include "worker/sink.h"

#define YEAR_MS(y) (nw_time_days((y), 1, 1) * INT64_C(86400000))

/* --- what the item was, without reading it ----------------------------------------------------------------------- */

static uint64_t
mix(uint64_t h, struct nw_str s)
{
	return s.len != 0 ? nw_hash64_seed(s.p, s.len, h + 1) : h * 31 + 7;
}

static uint64_t
raw_hash(const struct nw_article *a)
{
	const struct nw_str *part[] = {&a->guid, &a->key, &a->url, &a->title, &a->title_html, &a->author, &a->summary,
	    &a->summary_html, &a->body, &a->body_html, &a->number};
	int64_t at[] = {a->published.at_ms, a->updated.at_ms};
	uint64_t h = nw_hash64(at, sizeof(at));

	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++)
		h = mix(h, *part[i]);
	for (uint32_t i = 0; i < a->ncategories; i++)
		h = mix(h, a->categories[i]);
	for (uint32_t i = 0; i < a->nenclosures; i++)
		h = mix(h, a->enclosures[i].url);
	return h;
}

/* The best name the item has for itself. */
static uint64_t
key_hash(const struct nw_article *a)
{
	if (a->key.len != 0)
		return mix(1, a->key);
	if (a->guid.len != 0)
		return mix(2, a->guid);
	if (a->url.len != 0)
		return mix(3, a->url);
	return mix(4, a->title.len != 0 ? a->title : a->title_html);
}

/* --- its parts --------------------------------------------------------------------------------------------------- */

/* One line: runs of blanks and line ends become one blank. */
static struct nw_str
one_line(struct nw_sink *s, struct nw_str text)
{
	char *p;
	size_t n = 0;
	int blank = 0;

	if (text.len == 0 || (p = nw_arena_alloc(s->items, text.len + 1)) == NULL)
		return (struct nw_str){"", 0};
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c <= ' ' || c == 0x7f) {
			blank = n > 0;
			continue;
		}
		if (blank)
			p[n++] = ' ';
		blank = 0;
		p[n++] = (char)c;
	}
	p[n] = '\0';
	return (struct nw_str){p, n};
}

static struct nw_str
take_line(struct nw_sink *s, struct nw_str text, size_t max, const char *what)
{
	return text.len == 0 ? (struct nw_str){"", 0} : one_line(s, nw_sink_text(s, text, max, what));
}

/* A key is compared, never read: past the limit its digest stands for it. */
static struct nw_str
take_key(struct nw_sink *s, struct nw_str key)
{
	uint8_t digest[NW_SHA256_LEN];
	char hex[2 * NW_SHA256_LEN + 1];

	if (key.len <= NW_KEY_MAX)
		return take_line(s, key, NW_KEY_MAX, NULL);
	nw_sha256(key.p, key.len, digest);
	return nw_sink_text(s, nw_str(nw_hex(digest, sizeof(digest), hex)), NW_KEY_MAX, NULL);
}

static struct nw_str
take_url(struct nw_sink *s, struct nw_str ref, const char *what)
{
	struct nw_str url;
	struct nw_err err;

	if (ref.len == 0)
		return (struct nw_str){"", 0};
	if (nw_idna_resolve(s->items, s->doc->url, ref, &url, &err) == 0)
		return url;
	nw_sink_note(s, "%s of item %u is left out: %s", what, s->document.items, err.msg);
	return (struct nw_str){"", 0};
}

static Nw__Time *
take_time(struct nw_sink *s, const struct nw_time *t)
{
	Nw__Time *out;

	if (t->at_ms == NW_TIME_NONE || t->precision == NW_PREC_NONE || t->precision > NW_PREC_MINUTE ||
	    t->origin > NW_ORIGIN_BODY || t->at_ms < YEAR_MS(1900) || t->at_ms >= YEAR_MS(2201) ||
	    (out = nw_arena_alloc(s->items, sizeof(*out))) == NULL)
		return NULL;
	nw__time__init(out);
	out->at_ms = t->at_ms;
	out->precision = t->precision;
	out->origin = t->origin;
	return out;
}

static void
take_title(struct nw_sink *s, const struct nw_article *a, Nw__Article *out)
{
	struct nw_str text = {"", 0};
	struct nw_err err;

	if (a->title.len != 0)
		text = take_line(s, a->title, NW_TITLE_MAX, "a title");
	else if (a->title_html.len != 0 && nw_html_title(s->items, a->title_html, &text, &err) == -1)
		nw_sink_note(s, "the title of item %u is left out: %s", s->document.items, err.msg);
	if (text.len > NW_TITLE_MAX)
		text = nw_sink_text(s, text, NW_TITLE_MAX, "a title");
	out->title = nw_pb(text);
}

/* HTML as text (and sanitised, where ${html_r} is given); nothing on failure. */
static struct nw_str
text_of_html(struct nw_sink *s, const struct nw_article *a, struct nw_str html, struct nw_str *html_r)
{
	struct nw_str base = a->html_base.len != 0 ? a->html_base : a->url.len != 0 ? a->url : s->doc->url;
	struct nw_str text = {"", 0};
	struct nw_err err = {0};

	if (nw_html_text(s->items, html, base, &text, html_r, &err) == -1) {
		nw_sink_note(s, "the HTML of item %u is left out: %s", s->document.items, err.msg);
		if (html_r != NULL)
			*html_r = (struct nw_str){"", 0};
		return (struct nw_str){"", 0};
	}
	if (err.code == NW_ELIMIT)
		nw_sink_note(s, "the text of item %u is cut to %u bytes", s->document.items, NW_TEXT_MAX);
	if (html_r != NULL && html_r->len > NW_HTML_MAX) {
		nw_sink_note(s, "the HTML of item %u is left out: %zu bytes", s->document.items, html_r->len);
		*html_r = (struct nw_str){"", 0};
	}
	return text;
}

static void
take_texts(struct nw_sink *s, const struct nw_article *a, Nw__Article *out)
{
	struct nw_str summary = {"", 0}, body = {"", 0}, html = {"", 0};

	if (a->summary_html.len != 0 && a->summary.len == 0)
		summary = text_of_html(s, a, a->summary_html, NULL);
	if (a->body_html.len != 0 && (s->html || a->body.len == 0))
		body = text_of_html(s, a, a->body_html, s->html ? &html : NULL);
	if (a->summary.len != 0 || summary.len > NW_SUMMARY_MAX)
		summary = nw_sink_text(s, a->summary.len != 0 ? a->summary : summary, NW_SUMMARY_MAX, "a summary");
	if (a->body.len != 0)
		body = nw_sink_text(s, a->body, NW_TEXT_MAX, "a body");
	out->summary = nw_pb(summary);
	out->body = nw_pb(body);
	out->body_html = nw_pb(html);
}

static void
take_categories(struct nw_sink *s, const struct nw_article *a, Nw__Article *out)
{
	uint32_t n = a->ncategories < NW_LIST_FIELD_MAX ? a->ncategories : NW_LIST_FIELD_MAX;

	if (n == 0 || (out->categories = nw_arena_array(s->items, n, sizeof(*out->categories))) == NULL)
		return;
	for (uint32_t i = 0; i < n; i++) {
		struct nw_str c = take_line(s, a->categories[i], NW_TITLE_MAX, "a category");

		if (c.len != 0)
			out->categories[out->n_categories++] = nw_pb(c);
	}
}

static void
take_enclosures(struct nw_sink *s, const struct nw_article *a, Nw__Article *out)
{
	uint32_t n = a->nenclosures < NW_LIST_FIELD_MAX ? a->nenclosures : NW_LIST_FIELD_MAX;

	if (n == 0 || (out->enclosures = nw_arena_array(s->items, n, sizeof(*out->enclosures))) == NULL)
		return;
	for (uint32_t i = 0; i < n; i++) {
		const struct nw_enclosure *from = &a->enclosures[i];
		struct nw_str url = take_url(s, from->url, "an enclosure");
		Nw__Enclosure *e = url.len != 0 ? nw_arena_alloc(s->items, sizeof(*e)) : NULL;

		if (e == NULL)
			continue;
		nw__enclosure__init(e);
		e->url = nw_pb(url);
		e->type = nw_pb(take_line(s, from->type, NW_NAME_MAX, NULL));
		e->length = from->length >= 0 ? from->length : -1;
		out->enclosures[out->n_enclosures++] = e;
	}
}

uint64_t
nw_article_content_hash(const Nw__Article *a)
{
	return mix(mix(mix(0, nw_pb_str(a->title)), nw_pb_str(a->summary)), nw_pb_str(a->body));
}

static void
take(struct nw_sink *s, const struct nw_article *a, Nw__Article *out)
{
	nw__article__init(out);
	out->guid = nw_pb(take_key(s, a->guid));
	out->key = nw_pb(take_key(s, a->key));
	out->url = nw_pb(take_url(s, a->url, "the link"));
	take_title(s, a, out);
	out->author = nw_pb(take_line(s, a->author, NW_TITLE_MAX, "an author"));
	take_texts(s, a, out);
	out->lang = nw_pb(take_line(s, a->lang, NW_NAME_MAX, NULL));
	out->number = nw_pb(take_key(s, a->number));
	out->published = take_time(s, &a->published);
	out->updated = take_time(s, &a->updated);
	take_categories(s, a, out);
	take_enclosures(s, a, out);
	out->flags = a->flags & (NW_ARTICLE_TEASER | NW_ARTICLE_INCOMPLETE);
	out->content_hash = nw_article_content_hash(out);
	out->revision = 1;
	out->source = nw_pb(nw_sink_text(s, s->doc->source, NW_NAME_MAX, NULL));
}

int
nw_article_add(struct nw_sink *s, const struct nw_article *given)
{
	struct nw_arena *into = s->into;
	int known = NW_SEEN_NEW;
	struct nw_article a;
	Nw__Article *out;

	if (nw_sink_allowed(s, NW_PHASE_PARSE, "add_article") != NW_OK)
		return NW_EPLUGIN;
	if (s->document.items == NW_ITEMS_MAX) {
		nw_sink_note(s, "items beyond the first %d are left out", NW_ITEMS_MAX);
		return NW_ELIMIT;
	}
	nw_sink_sized(&a, sizeof(a), given);
	s->document.items++;
	if (a.guid.len != 0)
		s->guid[s->nguid++] = mix(0, a.guid);
	if (s->seen != NULL)
		known = nw_seen_look(s->seen, key_hash(&a), raw_hash(&a));
	if (known == NW_SEEN_SAME) {
		s->document.unchanged++;
		return NW_OK;
	}
	if ((out = nw_arena_alloc(s->items, sizeof(*out))) == NULL || nw_vec_add(s->items, &s->articles, out) == -1)
		return nw_sink_fail(s, NW_ELIMIT, "the articles need more than %u bytes", NW_BATCH_ARENA_MAX);
	s->into = s->items;
	take(s, &a, out);
	s->into = into;
	out->unmatched = known == NW_SEEN_CHANGED; /* only with the revision before it can rules be asked */
	if (!s->failed && s->full != NULL && nw_arena_used(s->items) >= NW_SLICE_BYTES)
		return s->full(s);
	return s->failed ? s->err.code : NW_OK;
}
