#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/frame.h"
#include "text/idna.h"
#include "worker/sink.h"

#define KEEP_MAX (4u << 20) /* an arena that held more is given back to the system after the job */

int
nw_vec_add(struct nw_arena *a, struct nw_vec *v, void *item)
{
	uint32_t cap = v->cap == 0 ? 8 : v->cap * 2;
	void **p;

	if (v->n == v->cap) {
		if ((p = nw_arena_alloc(a, cap * sizeof(*p))) == NULL)
			return -1;
		if (v->n != 0)
			memcpy(p, v->p, v->n * sizeof(*p));
		v->p = p;
		v->cap = cap;
	}
	v->p[v->n++] = item;
	return 0;
}

/* An empty arena: the old one if it stayed small. */
static int
renew(struct nw_arena **a, size_t cap)
{
	if (*a != NULL && nw_arena_used(*a) > KEEP_MAX) {
		nw_arena_free(*a);
		*a = NULL;
	}
	if (*a == NULL)
		return (*a = nw_arena_new(cap)) != NULL ? 0 : -1;
	nw_arena_reset(*a);
	return 0;
}

int
nw_sink_begin(struct nw_sink *s, struct nw_worker *w)
{
	struct nw_arena *out = s->out, *items = s->items, *scratch = s->scratch, *aside = s->aside, *eval = s->eval;
	int rc = 0;

	if (renew(&out, NW_BATCH_ARENA_MAX) == -1 || renew(&items, NW_BATCH_ARENA_MAX) == -1 ||
	    renew(&scratch, NW_SCRATCH_MAX) == -1 || renew(&aside, NW_SCRATCH_MAX) == -1 ||
	    renew(&eval, NW_BATCH_ARENA_MAX) == -1)
		rc = -1;
	memset(s, 0, offsetof(struct nw_sink, guid));
	s->nguid = s->nfollowed = 0;
	memset(&s->article, 0, sizeof(*s) - offsetof(struct nw_sink, article));
	s->worker = w;
	s->out = s->into = out;
	s->items = items;
	s->scratch = scratch;
	s->aside = aside;
	s->eval = eval;
	nw__batch__init(&s->batch);
	nw__document__init(&s->document);
	return rc;
}

void
nw_sink_done(struct nw_sink *s)
{
	nw_arena_free(s->out);
	nw_arena_free(s->items);
	nw_arena_free(s->scratch);
	nw_arena_free(s->aside);
	nw_arena_free(s->eval);
	s->out = s->items = s->into = s->scratch = s->aside = s->eval = NULL;
}

int
nw_sink_forget_articles(struct nw_sink *s)
{
	s->articles = (struct nw_vec){0};
	nw_arena_free(s->items); /* not kept: the next ones are as long, but not as these */
	return (s->items = nw_arena_new(NW_BATCH_ARENA_MAX)) != NULL ? 0 : -1;
}

void
nw_sink_enter(struct nw_sink *s, struct nw_instance *inst, uint32_t phase)
{
	s->inst = inst;
	s->phase = phase;
	s->failed = 0;
	s->err = (struct nw_err){0};
}

void
nw_sink_leave(struct nw_sink *s)
{
	s->phase = NW_PHASE_NONE;
	nw_arena_reset(s->scratch);
}

int
nw_sink_vfail(struct nw_sink *s, int code, const char *fmt, va_list ap)
{
	if (code >= NW_OK || code < NW_ERES)
		code = NW_EPLUGIN;
	if (!s->failed)
		nw_vfail(&s->err, code, fmt, ap);
	s->failed = 1;
	return code;
}

int
nw_sink_fail(struct nw_sink *s, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	code = nw_sink_vfail(s, code, fmt, ap);
	va_end(ap);
	return code;
}

int
nw_sink_allowed(struct nw_sink *s, uint32_t phases, const char *call)
{
	if ((s->phase & phases) != 0)
		return NW_OK;
	return nw_sink_fail(s, NW_EPLUGIN, "%s() was called outside the operation it belongs to", call);
}

void
nw_sink_vnote(struct nw_sink *s, const char *fmt, va_list ap)
{
	struct nw_arena *into = s->into;
	char line[NW_NOTE_MAX];
	struct nw_str copy;
	int n;

	if (s->nnotes >= NW_NOTES_MAX)
		return;
	s->into = s->out; /* notes outlive the article they are about */
	n = vsnprintf(line, sizeof(line), fmt, ap);
	if (s->nnotes == NW_NOTES_MAX - 1)
		copy = nw_arena_dup(s->out, NW_STR("further notes are left out"));
	else
		copy = nw_sink_text(s, nw_str(n >= 0 ? line : fmt), NW_NOTE_MAX, NULL);
	s->into = into;
	if (copy.p != NULL)
		s->notes[s->nnotes++] = nw_pb(copy);
}

void
nw_sink_note(struct nw_sink *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	nw_sink_vnote(s, fmt, ap);
	va_end(ap);
}

/* A repaired copy of what is no UTF-8. */
static struct nw_str
repaired(struct nw_sink *s, struct nw_str text, size_t max)
{
	struct nw_buf b = {0};
	struct nw_str copy;

	nw_utf8_repair(&b, text.p, text.len);
	copy = nw_buf_str(&b);
	copy = nw_arena_str(s->into, copy.p, nw_utf8_cut(copy, max));
	nw_buf_done(&b);
	return copy;
}

struct nw_str
nw_sink_text(struct nw_sink *s, struct nw_str text, size_t max, const char *what)
{
	struct nw_str copy;

	if (text.p == NULL || text.len == 0)
		return (struct nw_str){"", 0};
	if (text.len > max && what != NULL)
		nw_sink_note(s, "%s of %zu bytes is cut to %zu", what, text.len, max);
	if (text.len > 4 * max) /* no more than can be kept is looked at */
		text.len = 4 * max;
	if (nw_utf8_valid(text.p, text.len))
		copy = nw_arena_str(s->into, text.p, text.len > max ? nw_utf8_cut(text, max) : text.len);
	else
		copy = repaired(s, text, max);
	if (copy.p == NULL) {
		nw_sink_fail(s, NW_ELIMIT, "the batch would be larger than %u bytes", NW_BATCH_ARENA_MAX);
		return (struct nw_str){"", 0};
	}
	return copy;
}

void
nw_sink_sized(void *to, size_t to_size, const void *from)
{
	uint32_t size;

	memcpy(&size, from, sizeof(size));
	memset(to, 0, to_size);
	memcpy(to, from, size < to_size ? size : to_size);
}

/* --- results that are no article -------------------------------------------------------------------------------- */

int
nw_sink_set_feed(struct nw_sink *s, const struct nw_feed *given)
{
	Nw__Document *d = &s->document;
	struct nw_feed f;
	struct nw_str link = {"", 0};

	if (nw_sink_allowed(s, NW_PHASE_PARSE, "set_feed") != NW_OK)
		return NW_EPLUGIN;
	nw_sink_sized(&f, sizeof(f), given);
	if (f.link.len != 0 && nw_idna_resolve(s->out, s->doc->url, f.link, &link, NULL) == -1)
		link = (struct nw_str){"", 0};
	d->role = f.role <= NW_ROLE_ARTICLE ? f.role : NW_ROLE_AUTO;
	d->title = nw_pb(nw_sink_text(s, f.title, NW_TITLE_MAX, "the document's title"));
	d->link = nw_pb(link);
	d->lang = nw_pb(nw_sink_text(s, f.lang, NW_NAME_MAX, NULL));
	d->incomplete = f.incomplete != 0;
	d->ttl_s = f.ttl_s;
	return NW_OK;
}

int
nw_sink_add_follow(struct nw_sink *s, struct nw_str ref, uint32_t role)
{
	struct nw_str url;
	uint64_t hash;
	Nw__Follow *f;

	if (nw_sink_allowed(s, NW_PHASE_PARSE, "add_follow") != NW_OK)
		return NW_EPLUGIN;
	if (nw_idna_resolve(s->out, s->doc->url, ref, &url, NULL) == -1)
		return NW_EINPUT;
	hash = nw_hash_str(url);
	for (uint32_t i = 0; i < s->nfollowed; i++)
		if (s->followed[i] == hash)
			return NW_OK;
	if (s->nfollowed == NW_FOLLOW_MAX)
		return NW_ELIMIT;
	s->followed[s->nfollowed++] = hash;
	if (s->nfollowed == NW_FOLLOW_MAX)
		nw_sink_note(s, "links beyond the first %d are left out", NW_FOLLOW_MAX);
	if ((f = nw_arena_alloc(s->out, sizeof(*f))) == NULL || nw_vec_add(s->out, &s->follow, f) == -1)
		return nw_sink_fail(s, NW_ELIMIT, "too many links for one batch");
	nw__follow__init(f);
	f->url = nw_pb(url);
	f->role = role <= NW_ROLE_ARTICLE ? role : NW_ROLE_AUTO;
	return NW_OK;
}

int
nw_sink_suggest(struct nw_sink *s, const char *name, struct nw_str value)
{
	Nw__Hint *h;

	if (nw_sink_allowed(s, NW_PHASE_PARSE, "suggest") != NW_OK)
		return NW_EPLUGIN;
	if (s->doc->source.len != 0 || value.len > NW_URL_MAX || strlen(name) > NW_NAME_MAX)
		return NW_OK;
	if (s->hints.n == NW_HINTS_MAX)
		return NW_ELIMIT;
	if ((h = nw_arena_alloc(s->out, sizeof(*h))) == NULL || nw_vec_add(s->out, &s->hints, h) == -1)
		return nw_sink_fail(s, NW_ELIMIT, "no memory for what a parser suggests");
	nw__hint__init(h);
	h->name = nw_pb(nw_sink_text(s, nw_str(name), NW_NAME_MAX, NULL));
	h->value = nw_pb(nw_sink_text(s, value, NW_URL_MAX, NULL));
	return NW_OK;
}

int
nw_sink_add_message(struct nw_sink *s, const struct nw_message *given)
{
	struct nw_message m;
	Nw__Message *out;

	if (nw_sink_allowed(s, NW_PHASE_RENDER, "add_message") != NW_OK)
		return NW_EPLUGIN;
	nw_sink_sized(&m, sizeof(m), given);
	if (s->messages.n == NW_MESSAGES_MAX)
		return nw_sink_fail(s, NW_ELIMIT, "more than %d messages of one job", NW_MESSAGES_MAX);
	if (m.json.len > NW_PART_MAX)
		return nw_sink_fail(s, NW_ELIMIT, "a JSON part of %zu bytes; %u are allowed", m.json.len, NW_PART_MAX);
	if ((out = nw_arena_alloc(s->out, sizeof(*out))) == NULL || nw_vec_add(s->out, &s->messages, out) == -1)
		return nw_sink_fail(s, NW_ELIMIT, "no memory for a message");
	nw__message__init(out);
	out->subject = nw_pb(nw_sink_text(s, m.subject, NW_TITLE_MAX, "the subject"));
	out->text = nw_pb(nw_sink_text(s, m.text, NW_PART_MAX, "the text part"));
	out->html = nw_pb(nw_sink_text(s, m.html, NW_PART_MAX, "the HTML part"));
	out->json = nw_pb(nw_sink_text(s, m.json, NW_PART_MAX, NULL));
	return NW_OK;
}

void
nw_sink_finish(struct nw_sink *s)
{
	s->document.hints = (Nw__Hint **)s->hints.p;
	s->document.n_hints = s->hints.n;
	s->batch.articles = (Nw__Article **)s->articles.p;
	s->batch.n_articles = s->articles.n;
	s->batch.follow = (Nw__Follow **)s->follow.p;
	s->batch.n_follow = s->follow.n;
	s->batch.messages = (Nw__Message **)s->messages.p;
	s->batch.n_messages = s->messages.n;
	s->batch.notes = s->notes;
	s->batch.n_notes = s->nnotes;
}
