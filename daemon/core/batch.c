#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "core/batch.h"
#include "core/frame.h"
#include "core/limits.h"
#include "core/parts.h"
#include "core/time.h"

#define DAY_MS 86400000LL

/* What was being looked at, for the one sentence of a refusal. */
struct where {
	struct nw_err *err;
	const char *what;
	size_t index; /* of the article, or of the item itself */
};

static int
wrong(const struct where *w, const char *field, const char *how)
{
	return nw_fail(w->err, NW_EPLUGIN, "batch: %s %zu: %s %s", w->what, w->index, field, how);
}

static int
check_count(const struct where *w, const char *field, size_t n, size_t max)
{
	return n > max ? wrong(w, field, "are too many") : 0;
}

static int
check_text(const struct where *w, const char *field, ProtobufCBinaryData d, size_t max)
{
	if (d.len > max)
		return wrong(w, field, "is too long");
	return nw_utf8_valid(d.data, d.len) ? 0 : wrong(w, field, "is not UTF-8 or holds a NUL");
}

/* "" or an absolute http(s) URL in visible ASCII: nothing else may become a link in a mail. */
static int
check_url(const struct where *w, const char *field, ProtobufCBinaryData d)
{
	struct nw_str s = nw_pb_str(d);

	if (s.len == 0)
		return 0;
	if (s.len > NW_URL_MAX)
		return wrong(w, field, "is too long");
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] <= 0x20 || s.p[i] >= 0x7f)
			return wrong(w, field, "holds a byte that no URL has");
	if ((s.len > 7 && memcmp(s.p, "http://", 7) == 0) || (s.len > 8 && memcmp(s.p, "https://", 8) == 0))
		return 0;
	return wrong(w, field, "is no http or https URL");
}

static int
check_texts(const struct where *w, const char *field, const ProtobufCBinaryData *d, size_t n, size_t max_n,
    size_t max_len)
{
	if (check_count(w, field, n, max_n) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (check_text(w, field, d[i], max_len) == -1)
			return -1;
	return 0;
}

static int
check_instant(const struct where *w, const char *field, int64_t at_ms)
{
	if (at_ms < nw_time_days(1900, 1, 1) * DAY_MS || at_ms >= nw_time_days(2201, 1, 1) * DAY_MS)
		return wrong(w, field, "is outside the years 1900 to 2200");
	return 0;
}

static int
check_time(const struct where *w, const char *field, const Nw__Time *t)
{
	if (t == NULL)
		return 0;
	if (t->precision == NW_PREC_NONE || t->precision > NW_PREC_MINUTE || t->origin > NW_ORIGIN_BODY)
		return wrong(w, field, "has no such precision or origin");
	return check_instant(w, field, t->at_ms);
}

/* --- evidence --------------------------------------------------------------------------------------------------- */

struct nw_str
nw_batch_field(const Nw__Article *a, uint32_t field)
{
	const ProtobufCBinaryData *const of[NW_FIELD_N] = {&a->title, &a->body, &a->summary, &a->author, &a->url,
	    &a->prev_title, &a->prev_body};

	return field < NW_FIELD_N ? nw_pb_str(*of[field]) : (struct nw_str){"", 0};
}

/* [off, off + len) lies in the text and cuts no character. */
static int
range_ok(struct nw_str s, uint32_t off, uint32_t len)
{
	if (off > s.len || len > s.len - off)
		return 0;
	return (off == s.len || ((unsigned char)s.p[off] & 0xc0) != 0x80) &&
	    (off + len == s.len || ((unsigned char)s.p[off + len] & 0xc0) != 0x80);
}

int
nw_batch_hit_ok(const Nw__Article *a, const Nw__Hit *h)
{
	struct nw_str text = nw_batch_field(a, h->field);

	return h->field < NW_FIELD_N && range_ok(text, h->off, h->len) && range_ok(text, h->passage_off, h->passage_len) &&
	    h->off >= h->passage_off && h->off + h->len <= h->passage_off + h->passage_len;
}

static int
check_hits(const struct where *w, const Nw__Article *a, Nw__Hit **hits, size_t n, size_t nclause)
{
	if (check_count(w, "evidence", n, NW_HITS_MAX) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (!nw_batch_hit_ok(a, hits[i]))
			return wrong(w, "evidence", "lies outside its field or its passage, or inside a character");
		else if (hits[i]->clause >= nclause)
			return wrong(w, "evidence", "names no clause");
	return 0;
}

static int
check_class(const struct where *w, ProtobufCBinaryData d)
{
	static const char *const known[] = {"", "news", "stance", "mention"};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (d.len == strlen(known[i]) && (d.len == 0 || memcmp(d.data, known[i], d.len) == 0))
			return 0;
	return wrong(w, "class", "is neither news, stance nor mention");
}

static int
check_tag(const struct where *w, const Nw__Article *a, const Nw__Tag *t)
{
	if (t->kind.len == 0 || t->name.len == 0)
		return wrong(w, "tag", "has no kind or no name");
	if (check_text(w, "tag kind", t->kind, NW_NAME_MAX) == -1 ||
	    check_text(w, "tag name", t->name, NW_TAG_NAME_MAX) == -1 || check_class(w, t->cls) == -1 ||
	    check_texts(w, "clauses", t->clause, t->n_clause, NW_CLAUSES_MAX, NW_CLAUSE_MAX) == -1)
		return -1;
	return check_hits(w, a, t->hits, t->n_hits, t->n_clause);
}

static int
check_alert(const struct where *w, const Nw__Article *a, const Nw__Alert *al)
{
	if (al->severity > NW_SEV_CRITICAL)
		return wrong(w, "severity", "is none");
	if (check_text(w, "alert key", al->key, NW_KEY_MAX) == -1 ||
	    check_texts(w, "clauses", al->clause, al->n_clause, NW_CLAUSES_MAX, NW_CLAUSE_MAX) == -1 ||
	    check_hits(w, a, al->hits, al->n_hits, al->n_clause) == -1)
		return -1;
	return check_hits(w, a, al->blocked, al->n_blocked, al->n_clause);
}

/* --- articles --------------------------------------------------------------------------------------------------- */

static int
check_article_texts(const struct where *w, const Nw__Article *a)
{
	const struct {
		const char *field;
		const ProtobufCBinaryData *d;
		size_t max;
	} text[] = {
	    {"guid", &a->guid, NW_KEY_MAX},
	    {"key", &a->key, NW_KEY_MAX},
	    {"title", &a->title, NW_TITLE_MAX},
	    {"author", &a->author, NW_TITLE_MAX},
	    {"summary", &a->summary, NW_SUMMARY_MAX},
	    {"body", &a->body, NW_TEXT_MAX},
	    {"body_html", &a->body_html, NW_HTML_MAX},
	    {"language", &a->lang, NW_NAME_MAX},
	    {"number", &a->number, NW_KEY_MAX},
	    {"previous title", &a->prev_title, NW_TITLE_MAX},
	    {"previous body", &a->prev_body, NW_TEXT_MAX},
	    {"source", &a->source, NW_NAME_MAX},
	};

	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		if (check_text(w, text[i].field, *text[i].d, text[i].max) == -1)
			return -1;
	return check_texts(w, "categories", a->categories, a->n_categories, NW_LIST_FIELD_MAX, NW_TITLE_MAX);
}

static int
check_enclosures(const struct where *w, const Nw__Article *a)
{
	if (check_count(w, "enclosures", a->n_enclosures, NW_LIST_FIELD_MAX) == -1)
		return -1;
	for (size_t i = 0; i < a->n_enclosures; i++) {
		const Nw__Enclosure *e = a->enclosures[i];

		if (check_url(w, "enclosure", e->url) == -1 || check_text(w, "enclosure type", e->type, NW_NAME_MAX) == -1)
			return -1;
		if (e->length < -1)
			return wrong(w, "enclosure", "has a negative length");
	}
	return 0;
}

static int
check_article(const struct where *w, const Nw__Article *a)
{
	if (check_article_texts(w, a) == -1 || check_url(w, "url", a->url) == -1 ||
	    check_time(w, "published", a->published) == -1 || check_time(w, "updated", a->updated) == -1 ||
	    check_enclosures(w, a) == -1)
		return -1;
	if (a->first_seen_ms != 0 && check_instant(w, "first_seen", a->first_seen_ms) == -1)
		return -1;
	if ((a->flags & ~(uint32_t)(NW_ARTICLE_TEASER | NW_ARTICLE_INCOMPLETE)) != 0)
		return wrong(w, "flags", "are unknown");
	if (check_count(w, "tags", a->n_tags, NW_TAGS_MAX) == -1 ||
	    check_count(w, "alerts", a->n_alerts, NW_ALERTS_MAX) == -1)
		return -1;
	for (size_t i = 0; i < a->n_tags; i++)
		if (check_tag(w, a, a->tags[i]) == -1)
			return -1;
	for (size_t i = 0; i < a->n_alerts; i++)
		if (check_alert(w, a, a->alerts[i]) == -1)
			return -1;
	return 0;
}

static int
check_document(const struct where *w, const Nw__Document *d)
{
	if (d == NULL)
		return 0;
	if (d->role > NW_ROLE_ARTICLE)
		return wrong(w, "role", "is none");
	if (d->zbody.len > NW_BODY_CEILING)
		return wrong(w, "zbody", "is too long");
	if (d->seen.len % NW_SEEN_PAIR != 0 || d->seen.len / NW_SEEN_PAIR > NW_SEEN_MAX)
		return wrong(w, "seen", "is no list of at most 4,096 pairs");
	if (d->unchanged > d->items)
		return wrong(w, "unchanged", "is more than the items");
	if (check_text(w, "title", d->title, NW_TITLE_MAX) == -1 || check_url(w, "link", d->link) == -1 ||
	    check_text(w, "language", d->lang, NW_NAME_MAX) == -1 ||
	    check_text(w, "charset", d->charset, NW_NAME_MAX) == -1 ||
	    check_text(w, "parser", d->parser, NW_NAME_MAX) == -1 ||
	    check_count(w, "hints", d->n_hints, NW_HINTS_MAX) == -1)
		return -1;
	for (size_t i = 0; i < d->n_hints; i++)
		if (check_text(w, "hint", d->hints[i]->name, NW_NAME_MAX) == -1 ||
		    check_text(w, "hint", d->hints[i]->value, NW_URL_MAX) == -1)
			return -1;
	return check_text(w, "reason", d->reason, NW_NOTE_MAX);
}

static int
check_message(const struct where *w, const Nw__Message *m)
{
	if (check_text(w, "subject", m->subject, NW_TITLE_MAX) == -1 ||
	    check_text(w, "text", m->text, NW_PART_MAX) == -1 || check_text(w, "html", m->html, NW_PART_MAX) == -1)
		return -1;
	return check_text(w, "json", m->json, NW_PART_MAX);
}

int
nw_batch_check(const Nw__Batch *b, struct nw_err *err)
{
	struct where w = {.err = err, .what = "document"};

	if (check_document(&w, b->document) == -1 || check_count(&w, "articles", b->n_articles, NW_ITEMS_MAX) == -1 ||
	    check_count(&w, "follow-ups", b->n_follow, NW_FOLLOW_MAX) == -1 ||
	    check_texts(&w, "notes", b->notes, b->n_notes, NW_NOTES_MAX, NW_NOTE_MAX) == -1 ||
	    check_count(&w, "messages", b->n_messages, NW_MESSAGES_MAX) == -1)
		return -1;
	for (w.what = "article", w.index = 0; w.index < b->n_articles; w.index++)
		if (check_article(&w, b->articles[w.index]) == -1)
			return -1;
	for (w.what = "follow-up", w.index = 0; w.index < b->n_follow; w.index++) {
		const Nw__Follow *f = b->follow[w.index];

		if (f->url.len == 0 || f->role > NW_ROLE_ARTICLE)
			return wrong(&w, "target", "has no URL or no such role");
		if (check_url(&w, "url", f->url) == -1)
			return -1;
	}
	for (w.what = "message", w.index = 0; w.index < b->n_messages; w.index++)
		if (check_message(&w, b->messages[w.index]) == -1)
			return -1;
	return 0;
}

int
nw_batch_check_part(const Nw__Batch *b, struct nw_err *err)
{
	if (b->n_articles == 0 || b->document != NULL || b->n_follow + b->n_notes + b->n_messages != 0)
		return nw_fail(err, NW_EPLUGIN, "batch: a part that is not articles alone");
	return nw_batch_check(b, err);
}

/* --- whole ------------------------------------------------------------------------------------------------------ */

const Nw__Article *
nw_batch_article_whole(const struct nw_batch *b, size_t i, struct nw_err *err)
{
	return b->parts != NULL ? nw_parts_article(b->parts, i, err) : b->m->articles[i];
}

int
nw_batch_gather(struct nw_batch *b, struct nw_err *err)
{
	Nw__Article **all;

	if (b->parts == NULL)
		return 0;
	if ((all = nw_arena_array(b->arena, b->m->n_articles, sizeof(*all))) == NULL)
		return nw_fail(err, NW_ELIMIT, "no memory for the articles of a batch");
	for (size_t i = 0; i < b->m->n_articles; i++)
		if ((all[i] = nw_parts_read(b->parts, b->arena, i, err)) == NULL)
			return -1;
	b->m->articles = all;
	nw_parts_free(b->parts);
	b->parts = NULL;
	return 0;
}

void
nw_batch_free(struct nw_batch *b)
{
	if (b == NULL)
		return;
	nw_parts_free(b->parts);
	nw_arena_free(b->arena);
	free(b);
}
