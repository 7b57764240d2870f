#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "core/batch.h"
#include "core/conf.h"
#include "core/frame.h"
#include "core/limits.h"
#include "core/time.h"
#include "index/hunt.h"
#include "query/need.h"
#include "cli/archive.h"
#include "cli/cli.h"
#include "cli/evidence.h"
#include "cli/excerpt.h"
#include "cli/expression.h"
#include "cli/out.h"
#include "cli/show.h"

#define LIMIT_MAX  10000
#define HITS_SHOWN 6 /* of an article, for people */

struct search {
	struct nw_cli *cli;
	const char *config, *since, *until, *source;
	uint64_t limit, before;
	struct nw_archive archive;
	struct nw_query_set *set;
	uint32_t id;
	struct nw_arena *row; /* of the article in hand */
	int64_t *seen;	      /* [limit] articles shown: each once, as it was said last */
	uint64_t n;
	int64_t last; /* revision shown last */
	int rc;
};

static int
read_options(struct search *s, int argc, char **argv, int *first_r)
{
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &s->config, "FILE",
		"configuration: where the store is, lists, watches"},
	    {"since", 0, NW_CLI_TEXT, &s->since, "D", "only what was seen since: 90d, 12h, 2026-08-01"},
	    {"until", 0, NW_CLI_TEXT, &s->until, "D", "only what was seen before: 30d, 2026-09-01"},
	    {"source", 0, NW_CLI_TEXT, &s->source, "NAME", "only of these sources: names joined by commas"},
	    {"limit", 0, NW_CLI_NUMBER, &s->limit, "N", "articles shown (50)"},
	    {"before", 0, NW_CLI_NUMBER, &s->before, "N", "the next page: what is older than this revision"},
	    {0},
	};

	return nw_options_read(s->cli, table, argc, argv, first_r);
}

/* --- one hit */

static json_t *
begin_json(const struct nw_store_revision_row *row, json_t *article)
{
	char buf[32];

	if (nw_show_set(article, "article", json_integer(row->article)) |
	    nw_show_set(article, "revision", json_integer(row->id)) |
	    nw_show_set(article, "n", json_integer(row->n)) |
	    nw_show_set(article, "current", json_boolean(row->current)) |
	    nw_show_set(article, "source", nw_show_bytes(row->m->source)) |
	    nw_show_set(article, "seen", json_string(nw_time_rfc3339(row->seen_ms, buf)))) {
		json_decref(article);
		return NULL;
	}
	return article;
}

/* The article without its texts, and the evidence. */
static int
show_json(const struct nw_store_revision_row *row, const struct nw_excerpt *e)
{
	static const char *const texts[] = {
	    "body_text", "body_html", "summary_text", "categories", "enclosures"};
	json_t *o = begin_json(row, nw_show_article(row->m, 1));

	for (size_t i = 0; o != NULL && i < sizeof(texts) / sizeof(*texts); i++)
		(void)json_object_del(o, texts[i]); /* absent is as good */
	if (nw_show_set(o, "evidence", nw_show_evidence(row->m, e->hit, e->nhit, e->clause, e->nclause)) ==
	    -1) {
		json_decref(o);
		return -1;
	}
	return nw_show_line(o);
}

static int
show_text(const struct nw_store_revision_row *row, const struct nw_excerpt *e)
{
	const Nw__Article *m = row->m;
	char at[32];

	(void)nw_time_rfc3339(m->published != NULL ? m->published->at_ms : row->seen_ms, at);
	printf("%.10s %.5s  ", at, at + 11);
	nw_out_text(nw_pb_str(m->source), 0);
	printf("%s\n  ", row->current ? "" : "  (edited since)");
	nw_out_text(nw_pb_str(m->title), 0);
	printf("\n  ");
	nw_out_text(nw_pb_str(m->url), 0);
	(void)putchar('\n');
	nw_evidence_print("    ", m, e->hit, e->nhit < HITS_SHOWN ? e->nhit : HITS_SHOWN);
	return 0;
}

static int
show(struct search *s, const struct nw_store_revision_row *row, const struct nw_evidence *ev)
{
	struct nw_excerpt e;

	if (nw_excerpt_make(s->row, ev, &e) == -1 ||
	    (s->cli->json ? show_json(row, &e) : show_text(row, &e)) == -1) {
		s->rc = nw_cli_fail(s->cli, NW_EXIT_BROKEN, "cannot write the answer");
		return 1;
	}
	s->seen[s->n++] = row->article;
	s->last = row->id;
	return s->n == s->limit;
}

/* --- candidates */

static int
is_shown(const struct search *s, int64_t article)
{
	for (uint64_t i = 0; i < s->n; i++)
		if (s->seen[i] == article)
			return 1;
	return 0;
}

static int
begin(struct search *s, const struct nw_store_revision_row *row, struct nw_err *err)
{
	struct nw_article *view; /* the set borrows it until the next one */

	nw_arena_reset(s->row);
	if ((view = nw_arena_alloc(s->row, sizeof(*view))) == NULL ||
	    nw_batch_article(s->row, row->m, view) == -1)
		return nw_fail(err, NW_ERES, "out of memory");
	if (nw_query_begin(s->set, view, nw_clock_wall_ms(), err) == -1)
		return -1;
	for (size_t i = 0; i < row->m->n_tags; i++) {
		const struct nw_tag *t = nw_batch_tag(s->row, row->m->tags[i]);

		if (t == NULL)
			return nw_fail(err, NW_ERES, "out of memory");
		nw_query_tag(s->set, t);
	}
	return 0;
}

static int
judge(void *cookie, const struct nw_store_revision_row *row)
{
	struct search *s = cookie;
	struct nw_evidence ev = {.size = sizeof(ev)};
	struct nw_err err;

	if (is_shown(s, row->article) || nw_hunt_is_stub(row))
		return 0;
	if (begin(s, row, &err) == -1) {
		/* one article that is too large to be judged does not end the search */
		(void)fprintf(stderr, "note: revision %lld: %s\n", (long long)row->id, err.msg);
		return err.code != NW_ELIMIT;
	}
	return nw_query_holds(s->set, s->id, &ev) == NW_OK ? show(s, row, &ev) : 0;
}

/* --- the whole */

static int
limit_sources(struct search *s)
{
	struct nw_str name[64];
	const char *p = s->source;
	uint32_t n = 0;

	while (p != NULL && *p != '\0') {
		size_t len = strcspn(p, ",");

		if (n == sizeof(name) / sizeof(*name))
			return nw_cli_fail(s->cli, NW_EXIT_USAGE, "--source takes at most %u names", n);
		name[n++] = (struct nw_str){p, len};
		p += len + (p[len] == ',');
	}
	for (uint32_t i = 0; i < n; i++) {
		uint32_t k = 0;

		while (k < s->archive.from.conf->nsource &&
		       !nw_str_eq(s->archive.from.conf->source[k]->name, name[i]))
			k++;
		if (k == s->archive.from.conf->nsource)
			return nw_cli_fail(s->cli, NW_EXIT_NO, "no source '%.*s' is configured",
			    (int)name[i].len, name[i].p);
	}
	return nw_query_limit(s->set, s->id, name, n, NULL, 0) == 0
		   ? 0
		   : nw_cli_fail(s->cli, NW_EXIT_BROKEN, "out of memory");
}

static int
hunt(struct search *s, struct nw_arena *keep)
{
	struct nw_hunt h = {
	    .store = s->archive.from.store,
	    .index = s->archive.index,
	    .need = nw_need_of(s->set, s->id, NULL, NULL, keep),
	    .before = (int64_t)s->before,
	    .flags = NW_STORE_WITH_TAGS | NW_STORE_WITH_PREV,
	    .scan_max = NW_SEARCH_SCAN_MAX,
	};
	struct nw_hunt_report report;
	struct nw_err err;
	int64_t until = 0;
	int rc = nw_archive_since(s->cli, &s->archive, "--since", s->since, &h.from);

	if (rc == 0)
		rc = nw_archive_since(s->cli, &s->archive, "--until", s->until, &until);
	if (rc != 0)
		return rc;
	if (until != 0 && (h.before == 0 || until < h.before))
		h.before = until;
	if (h.need == NULL)
		return nw_cli_fail(s->cli, NW_EXIT_BROKEN, "out of memory");
	if (nw_hunt_run(&h, judge, s, &report, &err) == -1)
		return nw_cli_fail(s->cli, NW_EXIT_BROKEN, "%s", err.msg);
	if (s->n == s->limit)
		(void)fprintf(stderr, "note: there may be more: --before %lld\n", (long long)s->last);
	else
		nw_archive_note(&report);
	return nw_out_done(s->cli, s->rc);
}

static int
run(struct search *s, const char *expr)
{
	struct nw_arena *keep = nw_arena_new(0);
	int rc = nw_archive_open(s->cli, s->config, &s->archive);

	if (rc == 0)
		rc = nw_expression_compile(s->cli, s->archive.from.conf, expr, &s->set, &s->id);
	if (rc == 0)
		rc = limit_sources(s);
	s->row = nw_arena_new(0);
	s->seen = calloc(s->limit, sizeof(*s->seen));
	if (rc == 0 && (keep == NULL || s->row == NULL || s->seen == NULL))
		rc = nw_cli_fail(s->cli, NW_EXIT_BROKEN, "out of memory");
	if (rc == 0)
		rc = hunt(s, keep);
	free(s->seen);
	nw_arena_free(s->row);
	nw_arena_free(keep);
	nw_query_set_free(s->set);
	nw_archive_close(&s->archive);
	return rc;
}

int
nw_cmd_search(struct nw_cli *cli, int argc, char **argv)
{
	struct search s = {.cli = cli, .limit = NW_SEARCH_HITS};
	int first, rc = read_options(&s, argc, argv, &first);

	if (rc != 0)
		return rc - 1;
	if (argc - first != 1)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "it takes one expression, in quotes");
	if (s.limit == 0 || s.limit > LIMIT_MAX)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "--limit is 1 to %d", LIMIT_MAX);
	return run(&s, argv[first]);
}
