#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "fake_host.h"
#include "fake_host_calls.h"
#include "fake_query.h"
#include "text/charset.h"
#include "text/dates.h"
#include "text/html.h"
#include "text/idna.h"
#include "text/lang.h"

#define ALLOC_MAX (160u << 20)

struct nw_sink {
	struct fake_host *fh;
};
struct nw_instance {
	struct fake_host *fh;
};

/* --- copying what a plugin hands over */

static struct nw_str
copy(struct fake_host *fh, struct nw_str s)
{
	struct nw_str out;

	if (s.p == NULL) {
		assert(s.len == 0);
		return nw_str("");
	}
	assert(s.p[s.len] == '\0');
	assert(nw_utf8_valid(s.p, s.len));
	out = nw_arena_dup(fh->arena, s);
	assert(out.p != NULL);
	return out;
}

static const struct nw_str *
copy_list(struct fake_host *fh, const struct nw_str *list, uint32_t n)
{
	struct nw_str *out = nw_arena_array(fh->arena, n + 1, sizeof(*out));

	assert(out != NULL && (list != NULL || n == 0));
	for (uint32_t i = 0; i < n; i++)
		out[i] = copy(fh, list[i]);
	return out;
}

static const struct nw_hit *
copy_hits(struct fake_host *fh, const struct nw_hit *hits, uint32_t n)
{
	struct nw_hit *out = nw_arena_array(fh->arena, n + 1, sizeof(*out));

	assert(out != NULL && (hits != NULL || n == 0));
	if (n > 0)
		memcpy(out, hits, n * sizeof(*out));
	return out;
}

/* The struct as this release knows it: the first min(size, ours) bytes, the rest zero. */
static void
receive(void *out, const void *in, size_t ours)
{
	uint32_t size;

	memcpy(&size, in, sizeof(size));
	assert(size >= sizeof(size));
	memset(out, 0, ours);
	memcpy(out, in, size < ours ? size : ours);
}

/* Room for one more; element sizes differ, so the caller names its own. */
static void *
append(void *array, uint32_t *n, size_t size)
{
	array = realloc(array, (*n + (size_t)1) * size);
	assert(array != NULL);
	(*n)++;
	return array;
}

/* --- results */

static int
set_feed(struct nw_sink *sink, const struct nw_feed *feed)
{
	struct fake_host *fh = sink->fh;
	struct nw_feed *f = &fh->feed;

	assert(!fh->has_feed);
	receive(f, feed, sizeof(*f));
	f->title = copy(fh, f->title);
	f->link = copy(fh, f->link);
	f->lang = copy(fh, f->lang);
	f->description = copy(fh, f->description);
	f->author = copy(fh, f->author);
	fh->has_feed = 1;
	return NW_OK;
}

static void
copy_article(struct fake_host *fh, struct nw_article *a)
{
	struct nw_str *text[] = {&a->guid, &a->key, &a->url, &a->title, &a->title_html, &a->author, &a->summary,
	    &a->summary_html, &a->body, &a->body_html, &a->lang, &a->number, &a->source, &a->prev_title, &a->prev_body,
	    &a->html_base};
	struct nw_enclosure *e = nw_arena_array(fh->arena, a->nenclosures + 1, sizeof(*e));

	assert(e != NULL);
	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		*text[i] = copy(fh, *text[i]);
	a->categories = copy_list(fh, a->categories, a->ncategories);
	for (uint32_t i = 0; i < a->nenclosures; i++)
		e[i] = (struct nw_enclosure){
		    copy(fh, a->enclosures[i].url), copy(fh, a->enclosures[i].type), a->enclosures[i].length};
	a->enclosures = e;
}

static int
add_article(struct nw_sink *sink, const struct nw_article *article)
{
	struct fake_host *fh = sink->fh;

	if (fh->narticles >= fh->items_max)
		return NW_ELIMIT;
	fh->article = append(fh->article, &fh->narticles, sizeof(*fh->article));
	receive(&fh->article[fh->narticles - 1], article, sizeof(*article));
	copy_article(fh, &fh->article[fh->narticles - 1]);
	return NW_OK;
}

static int
add_follow(struct nw_sink *sink, struct nw_str url, uint32_t role)
{
	struct fake_host *fh = sink->fh;

	if (fh->nfollow >= fh->items_max)
		return NW_ELIMIT;
	fh->follow = append(fh->follow, &fh->nfollow, sizeof(*fh->follow));
	fh->follow[fh->nfollow - 1] = (struct fake_follow){copy(fh, url), role};
	return NW_OK;
}

static int
suggest(struct nw_sink *sink, const char *name, struct nw_str value)
{
	struct fake_host *fh = sink->fh;

	fh->hint = append(fh->hint, &fh->nhints, sizeof(*fh->hint));
	fh->hint[fh->nhints - 1] = (struct fake_hint){copy(fh, nw_str(name)), copy(fh, value)};
	return NW_OK;
}

static int
add_tag(struct nw_sink *sink, const struct nw_tag *tag)
{
	struct fake_host *fh = sink->fh;
	struct nw_tag *t;

	fh->tag = append(fh->tag, &fh->ntags, sizeof(*fh->tag));
	t = &fh->tag[fh->ntags - 1];
	receive(t, tag, sizeof(*t));
	t->kind = copy(fh, t->kind);
	t->name = copy(fh, t->name);
	t->cls = copy(fh, t->cls);
	t->hits = copy_hits(fh, t->hits, t->nhits);
	t->clause = copy_list(fh, t->clause, t->nclause);
	if (fh->query != NULL)
		fh->query->tag(fh, t);
	return NW_OK;
}

static int
add_alert(struct nw_sink *sink, const struct nw_alert *alert)
{
	struct fake_host *fh = sink->fh;
	struct nw_alert *a;

	fh->alert = append(fh->alert, &fh->nalerts, sizeof(*fh->alert));
	a = &fh->alert[fh->nalerts - 1];
	receive(a, alert, sizeof(*a));
	a->key = copy(fh, a->key);
	a->hits = copy_hits(fh, a->hits, a->nhits);
	a->blocked = copy_hits(fh, a->blocked, a->nblocked);
	a->clause = copy_list(fh, a->clause, a->nclause);
	return NW_OK;
}

static int
add_message(struct nw_sink *sink, const struct nw_message *message)
{
	struct fake_host *fh = sink->fh;
	struct nw_message *m;

	fh->message = append(fh->message, &fh->nmessages, sizeof(*fh->message));
	m = &fh->message[fh->nmessages - 1];
	receive(m, message, sizeof(*m));
	m->subject = copy(fh, m->subject);
	m->text = copy(fh, m->text);
	m->html = copy(fh, m->html);
	m->json = copy(fh, m->json);
	return NW_OK;
}

static __attribute__((format(printf, 2, 0))) struct nw_str
format(struct fake_host *fh, const char *fmt, va_list ap)
{
	char line[2048];
	struct nw_str s;

	vsnprintf(line, sizeof(line), fmt, ap);
	s = nw_arena_str(fh->arena, line, strlen(line));
	assert(s.p != NULL);
	return s;
}

static __attribute__((format(printf, 2, 3))) int
note(struct nw_sink *sink, const char *fmt, ...)
{
	struct fake_host *fh = sink->fh;
	va_list ap;

	fh->note = append(fh->note, &fh->nnotes, sizeof(*fh->note));
	va_start(ap, fmt);
	fh->note[fh->nnotes - 1] = format(fh, fmt, ap);
	va_end(ap);
	return NW_OK;
}

static __attribute__((format(printf, 3, 4))) int
fail(struct nw_sink *sink, int code, const char *fmt, ...)
{
	struct fake_host *fh = sink->fh;
	va_list ap;

	assert(code < 0);
	fh->fail_code = code;
	va_start(ap, fmt);
	fh->fail = format(fh, fmt, ap);
	va_end(ap);
	assert(memchr(fh->fail.p, '\n', fh->fail.len) == NULL);
	return code;
}

/* --- services */

static __attribute__((format(printf, 3, 4))) void
log_line(const struct nw_instance *inst, uint32_t level, const char *fmt, ...)
{
	struct fake_host *fh = inst->fh;
	va_list ap;

	(void)level; /* all are kept */
	fh->log = append(fh->log, &fh->nlogs, sizeof(*fh->log));
	va_start(ap, fmt);
	fh->log[fh->nlogs - 1] = format(fh, fmt, ap);
	va_end(ap);
}

static int64_t
now_ms(const struct nw_instance *inst)
{
	return inst->fh->now_ms;
}

static void *
alloc(struct nw_sink *sink, size_t n)
{
	return n > ALLOC_MAX ? NULL : nw_arena_zalloc(sink->fh->arena, n);
}

static int
decode(struct nw_sink *sink, const struct nw_doc *doc, int markup, struct nw_str *text_r, struct nw_str *charset_r)
{
	struct nw_charset_hint hint = {doc->content_type, doc->charset, doc->lang, markup, 0};
	struct nw_err err;

	return nw_charset_decode(sink->fh->arena, doc->body, &hint, text_r, charset_r, &err) == 0 ? NW_OK : err.code;
}

static int
date_parse(struct nw_sink *sink, struct nw_str text, uint32_t flags, const struct nw_doc *doc,
    struct nw_time *time_r)
{
	struct nw_date_hint hint = {doc->timezone, doc->lang, doc->fetched_at_ms};

	(void)sink; /* needs no memory */
	return nw_date_parse(text, flags, &hint, time_r) == 0 ? NW_OK : NW_EINPUT;
}

static int
url_resolve(struct nw_sink *sink, struct nw_str base, struct nw_str ref, struct nw_str *url_r)
{
	struct nw_err err;

	return nw_idna_resolve(sink->fh->arena, base, ref, url_r, &err) == 0 ? NW_OK : err.code;
}

static int
html_text(struct nw_sink *sink, struct nw_str html, struct nw_str base, struct nw_str *text_r,
    struct nw_str *html_r)
{
	struct nw_str text;
	struct nw_err err;

	return nw_html_text(sink->fh->arena, html, base, text_r != NULL ? text_r : &text, html_r, &err) == 0
	    ? NW_OK : err.code;
}

static int
lang_detect(struct nw_sink *sink, struct nw_str text, struct nw_str hint, struct nw_str *lang_r)
{
	char out[NW_LANG_MAX] = "";

	nw_lang_detect(text, hint, out);
	*lang_r = copy(sink->fh, nw_str(out));
	return NW_OK;
}

static __attribute__((format(printf, 4, 5))) int
refuse(const struct nw_instance *inst, uint32_t entry, const struct nw_value *value, const char *fmt, ...)
{
	struct fake_host *fh = inst->fh;
	va_list ap;

	(void)entry;
	(void)value; /* the text is what tests look at */
	fh->refusal = append(fh->refusal, &fh->nrefusals, sizeof(*fh->refusal));
	va_start(ap, fmt);
	fh->refusal[fh->nrefusals - 1] = format(fh, fmt, ap);
	va_end(ap);
	return NW_ECONF;
}

/* --- life */

void
fake_host_calls(struct fake_host *fh)
{
	fh->sink = malloc(sizeof(*fh->sink));
	fh->instance = malloc(sizeof(*fh->instance));
	assert(fh->sink != NULL && fh->instance != NULL);
	fh->sink->fh = fh;
	fh->instance->fh = fh;
	fh->host = (struct nw_host){
		.size = sizeof(fh->host),
		.abi_minor = NW_ABI_MINOR,
		.set_feed = set_feed,
		.add_article = add_article,
		.add_follow = add_follow,
		.add_tag = add_tag,
		.add_alert = add_alert,
		.add_message = add_message,
		.note = note,
		.fail = fail,
		.log = log_line,
		.now_ms = now_ms,
		.alloc = alloc,
		.decode = decode,
		.date_parse = date_parse,
		.url_resolve = url_resolve,
		.html_text = html_text,
		.lang_detect = lang_detect,
		.refuse = refuse,
		.suggest = suggest,
	};
}

void
fake_host_uncall(struct fake_host *fh)
{
	free(fh->sink);
	free(fh->instance);
}

static void
drop(void *array, uint32_t *n)
{
	free(*(void **)array);
	*(void **)array = NULL;
	*n = 0;
}

void
fake_host_reset(struct fake_host *fh)
{
	drop(&fh->article, &fh->narticles);
	drop(&fh->follow, &fh->nfollow);
	drop(&fh->hint, &fh->nhints);
	drop(&fh->tag, &fh->ntags);
	drop(&fh->alert, &fh->nalerts);
	drop(&fh->message, &fh->nmessages);
	drop(&fh->note, &fh->nnotes);
	drop(&fh->log, &fh->nlogs);
	drop(&fh->refusal, &fh->nrefusals);
	fh->has_feed = 0;
	memset(&fh->feed, 0, sizeof(fh->feed));
	fh->fail_code = 0;
	fh->fail = nw_str("");
	nw_arena_reset(fh->arena);
}

/* --- what the worker would make of it */

static struct nw_str
text_of(struct fake_host *fh, const struct nw_article *a, struct nw_str text, struct nw_str html,
    struct nw_str *html_r)
{
	struct nw_str base = a->html_base.len > 0 ? a->html_base : a->url, out = nw_str("");
	struct nw_err err;
	int rc;

	if (text.len > 0 && html_r == NULL)
		return text;
	rc = nw_html_text(fh->arena, html, base, &out, html_r, &err);
	assert(rc == 0);
	(void)rc; /* without assertions */
	return out;
}

struct nw_str
fake_host_title(struct fake_host *fh, const struct nw_article *a)
{
	struct nw_str out = a->title;
	struct nw_err err;

	if (out.len == 0 && a->title_html.len > 0 && nw_html_title(fh->arena, a->title_html, &out, &err) != 0)
		abort();
	return out;
}

struct nw_str
fake_host_summary(struct fake_host *fh, const struct nw_article *a)
{
	return text_of(fh, a, a->summary, a->summary_html, NULL);
}

struct nw_str
fake_host_body(struct fake_host *fh, const struct nw_article *a)
{
	return text_of(fh, a, a->body, a->body_html, NULL);
}

struct nw_str
fake_host_body_html(struct fake_host *fh, const struct nw_article *a)
{
	struct nw_str html = nw_str("");

	(void)text_of(fh, a, a->body, a->body_html, &html); /* only the HTML is asked for */
	return html;
}
