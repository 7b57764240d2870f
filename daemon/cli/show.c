#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "core/batch.h"
#include "core/frame.h"
#include "core/time.h"
#include "cli/show.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A text that was cut within a character, or a header in another encoding, must not cost the whole answer. */
static json_t *
repaired(struct nw_str s)
{
	struct nw_buf b = {0};
	json_t *v;

	nw_utf8_repair(&b, s.p, s.len);
	v = b.failed ? NULL : json_stringn(nw_buf_str(&b).p, b.len);
	nw_buf_done(&b);
	return v;
}

json_t *
nw_show_text(struct nw_str s)
{
	json_t *v = json_stringn(s.p, s.len);

	return v != NULL ? v : repaired(s);
}

json_t *
nw_show_bytes(ProtobufCBinaryData d)
{
	return nw_show_text(nw_pb_str(d));
}

int
nw_show_set(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new_nocheck(object, key, value);
}

json_t *
nw_show_whole(json_t *object, int rc)
{
	if (rc == 0)
		return object;
	json_decref(object);
	return NULL;
}

int
nw_show_line(json_t *v)
{
	int rc = v != NULL ? json_dumpf(v, stdout, JSON_COMPACT) : -1;

	json_decref(v);
	return rc == 0 && putchar('\n') != EOF ? 0 : -1;
}

static json_t *
word(const char *const *words, size_t n, uint32_t i)
{
	return i < n && words[i] != NULL ? json_string(words[i]) : json_null();
}

static json_t *
instant(const Nw__Time *t)
{
	char buf[32];

	return t != NULL ? json_string(nw_time_rfc3339(t->at_ms, buf)) : json_null();
}

static int
set_published(json_t *o, const Nw__Time *t)
{
	static const char *const precision[] = {NULL, "year", "month", "day", "minute"};
	static const char *const origin[] = {NULL, "feed", "meta", "visible", "title", "url", "body"};

	return nw_show_set(o, "published", instant(t)) |
	    nw_show_set(o, "published_precision", word(precision, COUNT(precision), t != NULL ? t->precision : 0)) |
	    nw_show_set(o, "published_origin", word(origin, COUNT(origin), t != NULL ? t->origin : 0));
}

static json_t *
texts(const ProtobufCBinaryData *d, size_t n)
{
	json_t *a = json_array();

	for (size_t i = 0; a != NULL && i < n; i++)
		if (json_array_append_new(a, nw_show_bytes(d[i])) == -1) {
			json_decref(a);
			return NULL;
		}
	return a;
}

static json_t *
enclosures(const Nw__Article *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < a->n_enclosures; i++) {
		const Nw__Enclosure *e = a->enclosures[i];
		json_t *o = json_object();

		if (nw_show_set(o, "url", nw_show_bytes(e->url)) | nw_show_set(o, "type", nw_show_bytes(e->type)) |
		    nw_show_set(o, "length", e->length >= 0 ? json_integer(e->length) : json_null()) |
		    json_array_append_new(list, o)) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
topics(const Nw__Article *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < a->n_tags; i++) {
		const Nw__Tag *t = a->tags[i];
		json_t *o;

		if (t->kind.len != 5 || memcmp(t->kind.data, "topic", 5) != 0)
			continue;
		o = json_object();
		if (nw_show_set(o, "name", nw_show_bytes(t->name)) | nw_show_set(o, "class", nw_show_bytes(t->cls)) |
		    nw_show_set(o, "score", t->has_score ? json_integer(t->score) : json_null()) |
		    json_array_append_new(list, o)) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

json_t *
nw_show_article(const Nw__Article *a, int with_topics)
{
	json_t *o = json_object();
	int rc = nw_show_set(o, "guid", nw_show_bytes(a->guid)) | nw_show_set(o, "key", nw_show_bytes(a->key)) |
	    nw_show_set(o, "url", nw_show_bytes(a->url)) | nw_show_set(o, "title", nw_show_bytes(a->title)) |
	    nw_show_set(o, "author", nw_show_bytes(a->author)) | set_published(o, a->published) |
	    nw_show_set(o, "updated", instant(a->updated)) | nw_show_set(o, "language", nw_show_bytes(a->lang)) |
	    nw_show_set(o, "categories", texts(a->categories, a->n_categories)) |
	    nw_show_set(o, "summary_text", nw_show_bytes(a->summary)) |
	    nw_show_set(o, "body_text", nw_show_bytes(a->body)) |
	    nw_show_set(o, "body_html", nw_show_bytes(a->body_html)) |
	    nw_show_set(o, "enclosures", enclosures(a));

	if (with_topics)
		rc |= nw_show_set(o, "topics", topics(a));
	if (rc != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static json_t *
feed(const Nw__Document *d)
{
	static const char *const kind[] = {NULL, "feed", "listing", "article"};
	json_t *o = json_object();

	if (nw_show_set(o, "kind", word(kind, COUNT(kind), d->role)) | nw_show_set(o, "title", nw_show_bytes(d->title)) |
	    nw_show_set(o, "link", nw_show_bytes(d->link)) | nw_show_set(o, "language", nw_show_bytes(d->lang)) |
	    nw_show_set(o, "charset", nw_show_bytes(d->charset))) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static json_t *
follow(const Nw__Batch *b)
{
	json_t *list = json_array();

	for (size_t i = 0; i < b->n_follow; i++)
		if (json_array_append_new(list, nw_show_bytes(b->follow[i]->url)) == -1) {
			json_decref(list);
			return NULL;
		}
	return list;
}

json_t *
nw_show_document(const Nw__Batch *b, int with_topics)
{
	json_t *o = json_object(), *articles = json_array();
	int rc = b->document != NULL ? nw_show_set(o, "feed", feed(b->document)) : 0;

	for (size_t i = 0; i < b->n_articles; i++)
		rc |= json_array_append_new(articles, nw_show_article(b->articles[i], with_topics));
	rc |= nw_show_set(o, "articles", articles) | nw_show_set(o, "follow", follow(b)) |
	    nw_show_set(o, "notes", texts(b->notes, b->n_notes));
	if (rc != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

/* A value of a line written in parts; takes the reference. */
static int
part(const char *before, json_t *v)
{
	int rc = v != NULL && fputs(before, stdout) != EOF ? json_dumpf(v, stdout, JSON_COMPACT) : -1;

	json_decref(v);
	return rc;
}

int
nw_show_document_line(const struct nw_batch *batch, int with_topics)
{
	const Nw__Batch *b = batch->m;
	const Nw__Article *a;
	struct nw_err err; /* the caller says that it could not be written */
	int rc = b->document != NULL ? part("{\"feed\":", feed(b->document)) : 0;

	if (fputs(b->document != NULL ? ",\"articles\":[" : "{\"articles\":[", stdout) == EOF)
		rc = -1;
	for (size_t i = 0; rc == 0 && i < b->n_articles; i++)
		rc = (a = nw_batch_article_whole(batch, i, &err)) != NULL
			 ? part(i > 0 ? "," : "", nw_show_article(a, with_topics))
			 : -1;
	if (rc == 0)
		rc = part("],\"follow\":", follow(b)) | part(",\"notes\":", texts(b->notes, b->n_notes));
	return rc == 0 && fputs("}\n", stdout) != EOF ? 0 : -1;
}

/* --- evidence ---------------------------------------------------------------------------------------------------------- */

const char *
nw_show_field(uint32_t field)
{
	static const char *const name[NW_FIELD_N] = {"title", "body", "summary", "author", "url", "removed:title",
	    "removed:body"};

	return field < NW_FIELD_N ? name[field] : "";
}

static json_t *
evidence_item(const Nw__Article *a, const Nw__Hit *h, ProtobufCBinaryData clause)
{
	struct nw_str text = nw_batch_field(a, h->field);
	json_t *o = json_object();

	if (nw_show_set(o, "field", json_string(nw_show_field(h->field))) | nw_show_set(o, "start", json_integer(h->off)) |
	    nw_show_set(o, "end", json_integer((json_int_t)h->off + h->len)) |
	    nw_show_set(o, "text", json_stringn(text.p + h->off, h->len)) |
	    nw_show_set(o, "passage", json_stringn(text.p + h->passage_off, h->passage_len)) |
	    nw_show_set(o, "passage_start", json_integer(h->passage_off)) |
	    nw_show_set(o, "clause", nw_show_bytes(clause))) {
		json_decref(o);
		return NULL;
	}
	return o;
}

json_t *
nw_show_evidence(const Nw__Article *a, Nw__Hit *const *hits, size_t n, const ProtobufCBinaryData *clause,
    size_t nclause)
{
	json_t *list = json_array();

	for (size_t i = 0; list != NULL && i < n; i++) {
		ProtobufCBinaryData text = hits[i]->clause < nclause ? clause[hits[i]->clause] : (ProtobufCBinaryData){0, NULL};

		if (json_array_append_new(list, evidence_item(a, hits[i], text)) == -1) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}
