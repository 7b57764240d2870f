#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/frame.h"
#include "cli/trial.h"

struct nw_str
nw_trial_hint(const Nw__Batch *b, const char *name, size_t *i)
{
	const Nw__Document *d = b != NULL ? b->document : NULL;

	for (; d != NULL && *i < d->n_hints; ++*i)
		if (nw_str_is(nw_pb_str(d->hints[*i]->name), name))
			return nw_pb_str(d->hints[(*i)++]->value);
	return nw_str("");
}

struct nw_str
nw_trial_lang(const struct nw_trial *t)
{
	const Nw__Batch *b = t->batch;
	struct nw_str lang = nw_str("");

	for (size_t i = 0; i < b->n_articles; i++) {
		struct nw_str its = nw_pb_str(b->articles[i]->lang);

		if (its.len == 0)
			continue;
		if (lang.len != 0 && !nw_str_eq(lang, its))
			return nw_str("");
		lang = its;
	}
	return lang;
}

void
nw_trial_quote(struct nw_buf *b, struct nw_str s)
{
	const char *end = s.p + s.len;
	size_t len;

	nw_buf_addc(b, '\'');
	for (const char *p = s.p; p < end; p += len) {
		int32_t cp = nw_utf8_next(p, end, &len);

		if (cp == -1 || nw_log_is_unsafe(cp)) /* YAML ends a line, and a comment, at some of them */
			nw_buf_addc(b, ' ');
		else
			nw_buf_add(b, cp == '\'' ? "''" : p, cp == '\'' ? 2 : len);
	}
	nw_buf_addc(b, '\'');
}

static void
add_key(struct nw_buf *b, const char *key, struct nw_str value)
{
	if (value.len == 0)
		return;
	nw_buf_addf(b, "    %s: ", key);
	nw_trial_quote(b, value);
	nw_buf_addc(b, '\n');
}

static void
add_guesses(const struct nw_trial *t, const struct nw_trial_guess *g, struct nw_buf *b)
{
	struct nw_str lang = nw_trial_lang(t);

	if (lang.len != 0)
		nw_buf_addf(b, "    lang: %s\n", lang.p);
	if (*g->country != '\0')
		nw_buf_addf(b, "    country: %s\n", g->country);
	if (*g->zone != '\0')
		nw_buf_addf(b,
		    "    timezone: %s        # guessed from .%s: the zone of dates that name none\n", g->zone,
		    g->zone_from);
	else
		nw_buf_adds(b, "    timezone: UTC        # a guess: the zone of dates that name none\n");
}

/* What tells its items apart, as the daemon will do it unasked. */
static void
add_identity(const struct nw_trial *t, struct nw_buf *b)
{
	const Nw__Batch *batch = t->batch;
	const char *how = batch->document->guids_unique ? "guid, unique in this document"
			  : batch->n_articles > 0 && batch->articles[0]->url.len != 0 ? "address of each item"
										      : "title and day";

	nw_buf_addf(b, "    identity: auto       # here: the %s\n", how);
}

static void
add_list(const struct nw_trial *t, struct nw_buf *b)
{
	size_t i = 0, j = 0;
	struct nw_str css = nw_trial_hint(t->batch, "listing.link_css", &i),
		      least = nw_trial_hint(t->batch, "listing.min_items", &j);

	if (css.len == 0)
		return;
	nw_buf_adds(b, "    listing: { link_css: [");
	nw_trial_quote(b, css);
	nw_buf_addf(b, "], min_items: %s }\n", least.len != 0 ? least.p : "1");
}

/* The reader finds these by itself on most pages; where it errs they are ready. */
static void
add_article(const struct nw_trial *t, struct nw_buf *b)
{
	static const char *const part[] = {"title", "date", "body"};
	struct nw_str css;
	int n = 0;

	for (size_t k = 0; k < sizeof(part) / sizeof(part[0]); k++) {
		char name[32] = "article.";
		size_t i = 0;

		css = nw_trial_hint(t->page, strcat(name, part[k]), &i);
		if (css.len == 0)
			continue;
		nw_buf_adds(
		    b, n++ == 0 ? "    # only if articles are read wrongly:\n    # article: { " : ", ");
		nw_buf_addf(b, "%s: [", part[k]);
		nw_trial_quote(b, css);
		nw_buf_addc(b, ']');
	}
	if (n > 0)
		nw_buf_adds(b, " }\n");
}

int
nw_trial_entry(const struct nw_trial *t, struct nw_buf *b)
{
	const Nw__Document *d = t->batch->document;
	struct nw_str parser = nw_pb_str(d->parser);
	struct nw_trial_guess g;

	nw_trial_guess(t->url, &g);
	nw_buf_addf(b, "sources:\n  - name: %s\n", g.name);
	add_key(b, "title", nw_pb_str(d->title).len <= 256 ? nw_pb_str(d->title) : nw_str(""));
	add_key(b, "url", t->url);
	if (nw_str_starts(parser, "parser-"))
		nw_buf_addf(b, "    parser: %s\n", parser.p + strlen("parser-"));
	add_guesses(t, &g, b);
	add_identity(t, b);
	if (t->allow_private != NULL)
		nw_buf_addf(b, "    allow_private: ['%s']\n", t->allow_private);
	else if (nw_str_starts(t->url, "http:"))
		nw_buf_adds(
		    b, "    allow_http: true     # anybody on the way can change what it says: try https\n");
	add_list(t, b);
	add_article(t, b);
	return b->failed ? -1 : 0;
}
