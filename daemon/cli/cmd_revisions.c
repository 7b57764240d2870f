#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/frame.h"
#include "core/time.h"
#include "cli/cli.h"
#include "cli/history.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "cli/show.h"
#include "cli/store_arg.h"
#include "query/delta.h"

#define ARTICLES_MAX 16 /* that one address may mean: sources that list the same page */

/* What is asked, and the revision in hand. */
struct telling {
	const struct nw_cli *cli;
	struct nw_store *store;
	struct nw_analyse *an;
	int64_t article[ARTICLES_MAX];
	uint32_t n;
	const struct nw_store_history_row *at;
	int first; /* of its article */
	json_t *changes;
	int failed;
};

static int
keep_article(void *cookie, const struct nw_store_article_row *r)
{
	struct telling *t = cookie;

	t->article[t->n++] = r->id;
	return t->n == ARTICLES_MAX;
}

static int
print_change(void *cookie, const struct nw_delta_change *c)
{
	struct telling *t = cookie;
	json_t *o;

	if (!t->cli->json) {
		printf("  %c %s", c->removed ? '-' : '+', c->title ? "title: " : "");
		nw_out_text(c->text, 0);
		(void)putchar('\n');
		return 0;
	}
	o = json_object();
	o = nw_show_whole(o, nw_show_set(o, "change", json_string(c->removed ? "removed" : "added")) |
				 nw_show_set(o, "field", json_string(c->title ? "title" : "body")) |
				 nw_show_set(o, "text", nw_show_text(c->text)));
	return json_array_append_new(t->changes, o);
}

static struct nw_str
body_of(const Nw__Article *m)
{
	return nw_pb_str(m->body.len > 0 ? m->body : m->summary);
}

/* Up to the first reading of its page nothing was edited; that text is what `search` and `export` show. */
static int
tell_changes(struct telling *t, const struct nw_store_revision_row *r)
{
	struct nw_str lang = nw_pb_str(r->m->lang);
	struct nw_delta_side old = {lang, nw_pb_str(r->m->prev_title), nw_pb_str(r->m->prev_body)};
	struct nw_delta_side new = {lang, nw_pb_str(r->m->title), body_of(r->m)};

	return r->n > 1 ? nw_delta(t->an, &old, &new, print_change, t) : 0;
}

static void
print_head(const struct telling *t, const struct nw_store_revision_row *r)
{
	char at[32];

	if (t->first) {
		printf("article %lld  ", (long long)r->article);
		nw_out_text(nw_pb_str(r->m->url), 0);
		(void)fputs("\n  ", stdout);
		nw_out_text(nw_pb_str(r->m->title), 0);
		(void)putchar('\n');
	}
	printf("revision %lld  seen %s%s%s\n", (long long)r->n, nw_out_instant(r->seen_ms, "-", at),
	    r->n == 0 ? ", as it was listed" : "", t->at->kept ? ", bytes kept" : "");
}

static int
print_json(struct telling *t, const struct nw_store_revision_row *r)
{
	json_t *o = nw_history_json(t->at);

	return nw_show_line(nw_show_whole(o, nw_show_set(o, "article", json_integer(r->article)) |
						 nw_show_set(o, "revision", json_integer(r->id)) |
						 nw_show_set(o, "title", nw_show_bytes(r->m->title)) |
						 nw_show_set(o, "changes", json_incref(t->changes))));
}

static int
on_revision(void *cookie, const struct nw_store_revision_row *r)
{
	struct telling *t = cookie;

	t->changes = json_array();
	if (!t->cli->json)
		print_head(t, r);
	if (t->changes == NULL || tell_changes(t, r) != 0 || (t->cli->json && print_json(t, r) != 0))
		t->failed = 1;
	json_decref(t->changes);
	return 1;
}

static int
tell_article(struct telling *t, int64_t article, struct nw_err *err)
{
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_history h = {.n = 0};
	int rc = arena != NULL ? nw_history_read(t->store, article, arena, &h, err)
			       : nw_fail(err, NW_ERES, "out of memory");

	for (uint32_t i = 0; rc == 0 && i < h.n; i++) {
		t->at = &h.row[i];
		t->first = i == 0;
		if (nw_store_revision(t->store, t->at->revision, NW_STORE_WITH_PREV, on_revision, t, err) == -1)
			rc = -1;
		else if (t->failed)
			rc = nw_fail(err, NW_ERES, "out of memory, or the output was not taken whole");
	}
	nw_arena_free(arena);
	return rc;
}

/* 1, 0 if no article is meant, -1. */
static int
tell(struct telling *t, const char *what, struct nw_err *err)
{
	struct nw_store_filter f = {.text = nw_str(what), .since_ms = NW_TIME_NONE, .until_ms = NW_TIME_NONE};

	if (nw_store_articles(t->store, &f, keep_article, t, err) == -1)
		return -1;
	for (uint32_t i = 0; i < t->n; i++)
		if (tell_article(t, t->article[i], err) == -1)
			return -1;
	return t->n > 0;
}

int
nw_cmd_revisions(struct nw_cli *cli, int argc, char **argv)
{
	const char *config = NULL;
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &config, "FILE", "configuration that names the store"},
	    {0},
	};
	struct telling t = {.cli = cli};
	struct nw_store_arg store;
	struct nw_err err;
	int first, rc = nw_options_read(cli, table, argc, argv, &first);

	if (rc != 0)
		return rc - 1;
	if (argc - first != 1)
		return nw_cli_fail(
		    cli, NW_EXIT_USAGE, "it takes one article: its URL, guid, number, or article:N");
	if ((rc = nw_store_arg_open(cli, config, &store)) != 0)
		return rc;
	t.store = store.store;
	t.an = nw_analyse_new();
	rc = t.an != NULL ? tell(&t, argv[first], &err) : nw_fail(&err, NW_ERES, "out of memory");
	nw_analyse_free(t.an);
	nw_store_arg_close(&store);
	if (rc == -1)
		return nw_cli_fail_by(cli, &err);
	if (rc == 0)
		return nw_cli_fail(cli, NW_EXIT_NO, "the store has no article '%s'", argv[first]);
	return nw_out_done(cli, NW_EXIT_OK);
}
