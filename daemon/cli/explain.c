#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/frame.h"
#include "core/time.h"
#include "cli/cli.h"
#include "cli/evidence.h"
#include "cli/explain.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "cli/show.h"

static const char *const stations[] = {
    "source", "listed", "fetched", "read", "matched", "fired", "live", "grouped", "rendered", "delivered"};

#define WAYS_MAX 16 /* articles that one address may mean */

/* The way of one article: gathered first, told when the store is at rest. */
struct way {
	struct nw_explain *e;
	json_t *steps;
	const char *stopped; /* station, or NULL */
	json_t *why;	     /* the sentence of that step, borrowed from ${steps} */
	int64_t article;     /* 0: unknown */
	char near[64];	     /* id of the near miss that stopped it, "" */
	uint32_t fired;
	int watched;		      /* a source that stands well watches its host */
	struct nw_store_proof *proof; /* of the near miss */
};

/* Why the rules said nothing: of the watch that was named, or of those that came nearest. */
struct silence {
	json_t *lacks, *nearest;
};

struct ways {
	struct nw_explain *e;
	struct nw_err *err;
	struct way way[WAYS_MAX];
	uint32_t n;
	int failed;
};

/* --- the article beside its way ------------------------------------------------------------------------- */

struct beside {
	int64_t article, revision; /* revision 0: not found */
};

static int
find_row(void *cookie, const struct nw_store_article_row *r)
{
	struct beside *b = cookie;

	if (r->id != b->article)
		return 0;
	b->revision = r->revision;
	return 1;
}

static json_t *
tag_json(const Nw__Article *m, const Nw__Tag *t)
{
	json_t *o = json_object();

	if (nw_show_set(o, "kind", nw_show_bytes(t->kind)) | nw_show_set(o, "name", nw_show_bytes(t->name)) |
	    nw_show_set(o, "class", nw_show_bytes(t->cls)) |
	    nw_show_set(o, "evidence", nw_show_evidence(m, t->hits, t->n_hits, t->clause, t->n_clause))) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static void
print_tags(const Nw__Article *m)
{
	for (size_t i = 0; i < m->n_tags; i++) {
		const Nw__Tag *t = m->tags[i];

		(void)fputs("  tag       ", stdout);
		nw_out_text(nw_pb_str(t->kind), 0);
		(void)putchar(' ');
		nw_out_text(nw_pb_str(t->name), 0);
		(void)fputs(t->cls.len > 0 ? "/" : "", stdout);
		nw_out_text(nw_pb_str(t->cls), 0);
		(void)putchar('\n');
		nw_evidence_print("            ", m, t->hits, t->n_hits < 3 ? t->n_hits : 3);
	}
}

/* --- telling it ----------------------------------------------------------------------------------------- */

static void
print_steps(const struct way *w)
{
	json_t *step;
	size_t i;

	json_array_foreach(w->steps, i, step)
	{
		const char *at = json_string_value(json_object_get(step, "at"));

		printf("  %s %-9s %-20s  ", json_is_true(json_object_get(step, "ok")) ? "ok" : "--",
		    json_string_value(json_object_get(step, "station")), at != NULL ? at : "");
		nw_out_text(nw_str(json_string_value(json_object_get(step, "text"))), 0);
		(void)putchar('\n');
	}
}

static void
print_list(const char *before, json_t *list)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		(void)fputs(before, stdout);
		nw_out_text(nw_str(json_string_value(json_object_get(item, "text"))), 0);
		(void)putchar('\n');
	}
}

static void
print_answer(const struct way *w, json_t *reason)
{
	if (w->stopped == NULL) {
		puts("=> nothing stopped it");
		return;
	}
	printf("=> stopped at '%s': ", w->stopped);
	nw_out_text(nw_str(json_string_value(reason != NULL ? reason : w->why)), 0);
	(void)putchar('\n');
}

/* Whether the rules looked and did not fire: then it is the watch that is to be asked. */
static int
is_rule_s(const struct way *w)
{
	return w->stopped != NULL && (strcmp(w->stopped, "fired") == 0 || strcmp(w->stopped, "live") == 0);
}

static int
print_json(const struct way *w, const Nw__Article *m, json_t *reason, const struct silence *s)
{
	const struct nw_store_proof *p = w->proof;
	json_t *o = json_object(), *tags = json_array();
	int rc = 0;

	for (size_t i = 0; m != NULL && i < m->n_tags; i++)
		rc |= json_array_append_new(tags, tag_json(m, m->tags[i]));
	rc |= nw_show_set(o, "article", w->article != 0 ? json_integer(w->article) : json_null()) |
	      nw_show_set(o, "url", m != NULL ? nw_show_bytes(m->url) : nw_show_text(w->e->article)) |
	      nw_show_set(o, "title", m != NULL ? nw_show_bytes(m->title) : json_null()) |
	      nw_show_set(o, "watch", w->e->watch.len > 0 ? nw_show_text(w->e->watch) : json_null()) |
	      nw_show_set(o, "stopped_at", w->stopped != NULL ? json_string(w->stopped) : json_null()) |
	      nw_show_set(o, "why",
		  reason != NULL   ? json_incref(reason)
		  : w->why != NULL ? json_incref(w->why)
				   : json_null()) |
	      nw_show_set(o, "steps", json_incref(w->steps)) | nw_show_set(o, "tags", tags) |
	      nw_show_set(o, "lacks", json_incref(s->lacks)) | nw_show_set(o, "nearest", json_incref(s->nearest));
	if (p != NULL)
		rc |= nw_show_set(o, "blocked_by",
		    nw_show_evidence(p->article, p->alert->blocked, p->alert->n_blocked, p->alert->clause,
			p->alert->n_clause));
	if (rc == 0)
		return nw_show_line(o);
	json_decref(o);
	return -1;
}

static void
print_nearest(json_t *list)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		(void)fputs("   nearest: ", stdout);
		nw_out_text(nw_str(json_string_value(json_object_get(item, "watch"))), 0);
		printf(" (%d %% of it is there)\n", (int)json_integer_value(json_object_get(item, "share")));
		print_list("     - ", json_object_get(item, "lacks"));
	}
}

static void
print_text(const struct way *w, const Nw__Article *m, json_t *reason, const struct silence *s)
{
	if (m != NULL) {
		nw_out_text(nw_pb_str(m->title), 0);
		(void)putchar('\n');
		nw_out_text(nw_pb_str(m->url), 0);
		(void)putchar('\n');
	}
	print_steps(w);
	if (m != NULL)
		print_tags(m);
	print_answer(w, reason);
	if (w->proof != NULL)
		nw_evidence_print("   silenced by ", w->proof->article, w->proof->alert->blocked,
		    w->proof->alert->n_blocked);
	print_list("   - ", s->lacks);
	print_nearest(s->nearest);
	if (m != NULL && w->e->watch.len == 0 && w->fired == 0 && json_array_size(s->nearest) == 0)
		puts("   of no watch is anything there; name one to be told what it lacks");
	if (w->e->no_watch != NULL)
		printf("   (%s)\n", w->e->no_watch);
}

static int
tell(const struct way *w, const Nw__Article *m)
{
	json_t *reason = m != NULL && is_rule_s(w)		       ? nw_explain_envelope(w->e, m)
			 : m == NULL && json_array_size(w->steps) == 1 ? nw_explain_configured(w->e)
								       : NULL;
	int silent = m != NULL && is_rule_s(w) && w->fired == 0;
	struct silence s = {
	    .lacks = silent && w->near[0] == '\0' ? nw_explain_lacks(w->e, m, reason != NULL) : json_array(),
	    .nearest = silent && w->e->watch.len == 0 ? nw_explain_nearest(w->e, m) : json_array(),
	};
	int rc = 0;

	if (w->e->cli->json)
		rc = print_json(w, m, reason, &s);
	else
		print_text(w, m, reason, &s);
	json_decref(reason);
	json_decref(s.lacks);
	json_decref(s.nearest);
	return rc;
}

static int
on_revision(void *cookie, const struct nw_store_revision_row *r)
{
	return tell(cookie, r->m) == 0 ? 1 : -1;
}

static int
tell_beside_article(struct way *w, struct nw_arena *a, struct nw_err *err)
{
	struct nw_store *st = w->e->from->store;
	struct nw_store_filter f = {
	    .text = w->e->article, .since_ms = NW_TIME_NONE, .until_ms = NW_TIME_NONE};
	struct beside b = {.article = w->article};
	int rc;

	if (w->article != 0 && nw_store_articles(st, &f, find_row, &b, err) == -1)
		return -1;
	if (w->near[0] != '\0' && nw_store_proof(st, nw_str(w->near), a, &w->proof, err) == -1)
		return -1;
	rc = b.revision != 0 ? nw_store_revision(st, b.revision, NW_STORE_WITH_TAGS, on_revision, w, err)
			     : tell(w, NULL);
	return rc == -1 ? -1 : 0;
}

/* --- gathering ------------------------------------------------------------------------------------------ */

static void
note_stop(struct way *w, const struct nw_store_step *s, json_t *text)
{
	int is_near = s->station == NW_STORE_AT_FIRED && !s->ok && s->ref.len > 0;

	w->fired += s->station == NW_STORE_AT_FIRED && s->ok;
	w->watched |= s->station == NW_STORE_AT_SOURCE && s->ok;
	if (s->station == NW_STORE_AT_LISTED && w->watched)
		w->stopped = NULL; /* of several sources on its host one at least is read */
	if (s->ok || w->stopped != NULL)
		return;
	w->stopped = stations[s->station];
	w->why = text;
	if (is_near && s->ref.len < sizeof(w->near))
		memcpy(w->near, s->ref.p, s->ref.len);
}

/* The way a step belongs to: a known article's begins with its source. */
static struct way *
way_of(struct ways *ws, const struct nw_store_step *s)
{
	struct way *w = ws->n > 0 ? &ws->way[ws->n - 1] : NULL;

	if (w != NULL && (s->station != NW_STORE_AT_SOURCE || w->article == 0))
		return w;
	if (ws->n == WAYS_MAX)
		return NULL;
	w = &ws->way[ws->n++];
	*w = (struct way){.e = ws->e, .steps = json_array()};
	return w;
}

static int
on_step(void *cookie, const struct nw_store_step *s)
{
	struct ways *ws = cookie;
	struct way *w = way_of(ws, s);
	json_t *o, *text;

	if (w == NULL)
		return 1;
	if (s->station == NW_STORE_AT_LISTED && nw_str_starts(s->ref, "article:"))
		w->article = strtoll(s->ref.p + strlen("article:"), NULL, 10);
	o = json_object();
	text = nw_show_text(s->text);
	if (nw_show_set(o, "station", json_string(stations[s->station])) |
	    nw_show_set(o, "ok", json_boolean(s->ok)) | nw_show_set(o, "at", nw_rows_instant(s->at_ms)) |
	    nw_show_set(o, "ref", nw_show_text(s->ref)) | nw_show_set(o, "text", text) |
	    json_array_append_new(w->steps, o)) {
		ws->failed = nw_fail(ws->err, NW_ERES, "out of memory") == -1;
		return 1;
	}
	note_stop(w, s, text);
	return 0;
}

int
nw_explain_run(struct nw_explain *e, struct nw_err *err)
{
	struct ways ws = {.e = e, .err = err};
	struct nw_arena *a = nw_arena_new(0);
	int rc = a != NULL ? nw_store_explain(
				 e->from->store, e->article, e->watch, e->from->now_ms, on_step, &ws, err)
			   : nw_fail(err, NW_ERES, "out of memory");

	if (ws.failed)
		rc = -1;
	for (uint32_t i = 0; i < ws.n; i++) {
		if (rc != -1 && tell_beside_article(&ws.way[i], a, err) == -1)
			rc = -1;
		json_decref(ws.way[i].steps);
	}
	nw_arena_free(a);
	return rc;
}
