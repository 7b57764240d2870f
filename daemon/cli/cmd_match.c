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
#include "core/severity.h"
#include "cli/cli.h"
#include "cli/conf_arg.h"
#include "cli/input.h"
#include "cli/session.h"
#include "cli/show.h"

#define BATCH_ARTICLES 128
#define BATCH_BYTES    (1u << 20)
#define WINDOW	       4 /* batches in flight */
#define JOB_MS	       60000 /* of a batch: the user waits, not the news */

struct match {
	struct nw_cli *cli;
	const char *config, *watches, *articles;
	int near, count;
	struct nw_config *conf;
	struct nw_session *session;
	/* batches by number, until it is their turn */
	struct batch {
		struct match *match;
		struct nw_arena *arena; /* its articles and their ids */
		struct nw_str id[BATCH_ARTICLES];
		Nw__Article *article[BATCH_ARTICLES];
		size_t n, bytes;
		struct nw_job *job;
		int done, failed;
		struct nw_err err;
	} batch[WINDOW];
	size_t printed, submitted;
	/* --count */
	uint64_t narticles, nmatches, match_us, worker_us;
	uint64_t *fired[2]; /* by entry, of watches and topics */
	int rc;
};

static int
read_options(struct match *m, int argc, char **argv, int *first_r)
{
	const struct nw_cli_option table[] = {
	    {"config", 'c', NW_CLI_TEXT, &m->config, "FILE", "configuration with topics and watches"},
	    {"watches", 0, NW_CLI_TEXT, &m->watches, "FILE", "a file of lists, topics and watches alone"},
	    {"articles", 0, NW_CLI_TEXT, &m->articles, "FILE", "article lines; - is standard input (-)"},
	    {"near", 0, NW_CLI_FLAG, &m->near, NULL, "near misses too: what only a negative clause silenced"},
	    {"count", 0, NW_CLI_FLAG, &m->count, NULL, "only how many, and what it cost"},
	    {0},
	};

	return nw_options_read(m->cli, table, argc, argv, first_r);
}

/* --- who is meant by {plugin, entry} -------------------------------------------------------------------------------- */

static const struct nw_conf_section *
section_of(const struct match *m, uint32_t plugin)
{
	uint32_t n;
	const struct nw_session_plugin *p = nw_session_plugins(m->session, &n);

	return plugin < n ? nw_conf_section_find(m->conf, p[plugin].section) : NULL;
}

static int
has_topics(const struct match *m)
{
	const struct nw_conf_section *topics = nw_conf_section_find(m->conf, "topics");

	return topics != NULL && topics->nentry != 0;
}

static void
count_one(struct match *m, const char *section, uint32_t entry)
{
	m->nmatches++;
	if (entry != UINT32_MAX)
		m->fired[strcmp(section, "topics") == 0][entry]++;
}

/* --- match lines ------------------------------------------------------------------------------------------------------ */

/* {"article", kind: name, ...}: what topic and watch lines have in common. */
static json_t *
begin_line(struct nw_str article, const char *kind, json_t *name)
{
	json_t *o = json_object();

	if (nw_show_set(o, "article", nw_show_text(article)) == 0 && nw_show_set(o, kind, name) == 0)
		return o;
	json_decref(o);
	return NULL;
}

static int
print_tag(const Nw__Article *a, struct nw_str id, const Nw__Tag *t)
{
	json_t *o = begin_line(id, "topic", nw_show_bytes(t->name));

	if (nw_show_set(o, "class", nw_show_bytes(t->cls)) |
	    nw_show_set(o, "score", t->has_score ? json_integer(t->score) : json_null()) |
	    nw_show_set(o, "severity", json_null()) |
	    nw_show_set(o, "evidence", nw_show_evidence(a, t->hits, t->n_hits, t->clause, t->n_clause))) {
		json_decref(o);
		return -1;
	}
	return nw_show_line(o);
}

static int
print_alert(const struct match *m, const Nw__Article *a, struct nw_str id, const Nw__Alert *al)
{
	const struct nw_conf_section *s = section_of(m, al->plugin);
	json_t *o = s != NULL ? begin_line(id, "watch", nw_show_text(s->entry[al->entry]->name)) : NULL;
	int rc = nw_show_set(o, "score", al->has_score ? json_integer(al->score) : json_null()) |
	    nw_show_set(o, "severity", json_string(nw_severity_name(al->severity))) |
	    nw_show_set(o, "evidence", nw_show_evidence(a, al->hits, al->n_hits, al->clause, al->n_clause));

	if (al->near)
		rc |= nw_show_set(o, "blocked_by", nw_show_evidence(a, al->blocked, al->n_blocked, al->clause, al->n_clause));
	if (rc != 0) {
		json_decref(o);
		return -1;
	}
	return nw_show_line(o);
}

static int
is_topic(const Nw__Tag *t)
{
	return nw_str_is(nw_pb_str(t->kind), "topic");
}

static int
print_article(const struct match *m, const Nw__Article *a, struct nw_str id)
{
	int rc = 0;

	for (size_t i = 0; i < a->n_tags; i++)
		if (is_topic(a->tags[i]))
			rc |= print_tag(a, id, a->tags[i]);
	for (size_t i = 0; i < a->n_alerts; i++)
		rc |= print_alert(m, a, id, a->alerts[i]);
	return rc;
}

static void
count_article(struct match *m, const Nw__Article *a)
{
	const struct nw_conf_section *topics = nw_conf_section_find(m->conf, "topics"), *s;

	for (size_t i = 0; i < a->n_tags; i++) {
		uint32_t e = 0;

		if (!is_topic(a->tags[i]))
			continue;
		while (topics != NULL && e < topics->nentry && !nw_str_eq(topics->entry[e]->name, nw_pb_str(a->tags[i]->name)))
			e++;
		count_one(m, "topics", topics != NULL && e < topics->nentry ? e : UINT32_MAX);
	}
	for (size_t i = 0; i < a->n_alerts; i++)
		if (!a->alerts[i]->near && (s = section_of(m, a->alerts[i]->plugin)) != NULL)
			count_one(m, s->name.p, a->alerts[i]->entry);
}

/* --- batches ---------------------------------------------------------------------------------------------------------- */

static void
print(struct match *m, struct batch *b)
{
	const Nw__Batch *answer = b->failed ? NULL : b->job->batch->m;

	if (b->failed)
		m->rc = nw_cli_fail(m->cli, NW_EXIT_NO, "articles from '%s' on: %s", b->n > 0 ? b->id[0].p : "", b->err.msg);
	for (size_t i = 0; answer != NULL && i < answer->n_articles; i++) {
		const Nw__Article *a = answer->articles[i];

		if (a->id >= b->n)
			continue;
		if (m->count)
			count_article(m, a);
		else if (print_article(m, a, b->id[a->id]) == -1)
			m->rc = nw_cli_fail(m->cli, NW_EXIT_BROKEN, "cannot write the answer");
	}
	if (answer != NULL) {
		m->narticles += answer->n_articles;
		m->match_us += answer->match_cpu_us;
		m->worker_us += answer->cpu_us;
	}
	nw_job_free(b->job);
	nw_arena_reset(b->arena);
	b->n = b->bytes = 0;
	b->done = b->failed = 0;
	b->job = NULL;
}

static void
on_match(void *cookie, struct nw_job *job /* ours */, const struct nw_err *err)
{
	struct batch *b = cookie;
	struct match *m = b->match;

	b->job = job;
	b->done = 1;
	b->failed = err != NULL;
	if (err != NULL)
		b->err = *err;
	for (; m->printed < m->submitted && m->batch[m->printed % WINDOW].done; m->printed++)
		print(m, &m->batch[m->printed % WINDOW]);
}

static void
submit(struct match *m)
{
	struct batch *b = &m->batch[m->submitted % WINDOW];
	Nw__MatchJob job = NW__MATCH_JOB__INIT;
	Nw__Job wrap = NW__JOB__INIT;
	struct nw_job *j;
	struct nw_err err;

	if (b->n == 0)
		return;
	m->submitted++;
	if ((j = nw_job_new()) == NULL) {
		nw_fail(&err, NW_ERES, "out of memory");
		on_match(b, NULL, &err);
		return;
	}
	job.articles = b->article;
	job.n_articles = b->n;
	job.all_states = 1;
	job.near = m->near;
	job.count_only = m->count;
	job.now_ms = nw_clock_wall_ms();
	job.tag = 1;
	job.keep_tags = !has_topics(m); /* nobody else gives topics */
	wrap.job_case = NW__JOB__JOB_MATCH;
	wrap.match = &job;
	j->m = &wrap;
	j->ms = JOB_MS;
	nw_session_submit(m->session, j, on_match, b);
	while (m->submitted - m->printed == WINDOW)
		nw_session_turn(m->session);
}

/* 1: there may be more. */
static int
add_article(struct match *m, struct nw_input *in)
{
	struct batch *b = &m->batch[m->submitted % WINDOW];
	Nw__Article *a;
	struct nw_err err;
	int rc;

	if (b->arena == NULL && (b->arena = nw_arena_new(0)) == NULL) {
		m->rc = nw_cli_fail(m->cli, NW_EXIT_BROKEN, "out of memory");
		return 0;
	}
	b->match = m;
	rc = nw_input_next(in, b->arena, &a, &b->id[b->n], &err);
	if (rc == -1)
		m->rc = nw_cli_fail_by(m->cli, &err);
	if (rc != 1)
		return rc == -1 && err.code == NW_EINPUT;
	a->id = b->n;
	a->first_seen_ms = nw_clock_wall_ms(); /* as in a poll: an article without a date is of now */
	b->article[b->n++] = a;
	b->bytes += a->title.len + a->summary.len + a->body.len + a->prev_body.len;
	if (b->n == BATCH_ARTICLES || b->bytes >= BATCH_BYTES)
		submit(m);
	return 1;
}

/* --- the whole -------------------------------------------------------------------------------------------------------- */

static int
open_session(struct match *m, struct nw_conf_diags *diags)
{
	struct nw_arena *a = nw_arena_new(0);
	Nw__Config *config;
	struct nw_err err;
	int rc;

	if (a == NULL)
		return nw_cli_fail(m->cli, NW_EXIT_BROKEN, "out of memory");
	rc = nw_session_config(m->cli, m->conf, NW_SESSION_TAGGERS | NW_SESSION_RULES | NW_SESSION_CHECK, a, &config, &err);
	if (rc == 0) {
		config->strict_entries = 0;
		config->n_check_sources = 0;
		rc = nw_session_open(m->cli, config, m->count ? 1 : nw_session_cores(), diags, &m->session, &err);
	}
	nw_arena_free(a);
	return rc == -1 ? nw_cli_fail_by(m->cli, &err) : 0;
}

static int
make_counters(struct match *m)
{
	static const char *const name[] = {"watches", "topics"};

	for (int i = 0; i < 2; i++) {
		const struct nw_conf_section *s = nw_conf_section_find(m->conf, name[i]);

		if ((m->fired[i] = calloc((s != NULL ? s->nentry : 0) + 1u, sizeof(uint64_t))) == NULL)
			return nw_cli_fail(m->cli, NW_EXIT_BROKEN, "out of memory");
	}
	return 0;
}

/* Watches by name; topics, whose names may be the same, as "topic:NAME". */
static json_t *
fired(const struct match *m)
{
	static const char *const name[] = {"watches", "topics"}, *const prefix[] = {"", "topic:"};
	char key[NW_NAME_MAX + 16];
	json_t *o = json_object();

	for (int i = 0; i < 2; i++) {
		const struct nw_conf_section *s = nw_conf_section_find(m->conf, name[i]);

		for (uint32_t e = 0; s != NULL && e < s->nentry; e++)
			if (m->fired[i][e] != 0 && snprintf(key, sizeof(key), "%s%s", prefix[i], s->entry[e]->name.p) > 0 &&
			    nw_show_set(o, key, json_integer((json_int_t)m->fired[i][e])) == -1) {
				json_decref(o);
				return NULL;
			}
	}
	return o;
}

static int
print_count(const struct match *m)
{
	uint64_t own = (uint64_t)nw_clock_cpu_us() + m->worker_us - m->match_us;
	json_t *o = json_object();

	if (nw_show_set(o, "articles", json_integer((json_int_t)m->narticles)) |
	    nw_show_set(o, "matches", json_integer((json_int_t)m->nmatches)) | nw_show_set(o, "fired", fired(m)) |
	    nw_show_set(o, "read_cpu_s", json_real((double)own / 1e6)) |
	    nw_show_set(o, "match_cpu_s", json_real((double)m->match_us / 1e6))) {
		json_decref(o);
		return NW_EXIT_BROKEN;
	}
	return nw_show_line(o) == 0 ? NW_EXIT_OK : NW_EXIT_BROKEN;
}

static int
run(struct match *m)
{
	struct nw_input *in;
	struct nw_err err;

	if (nw_input_open(m->articles != NULL ? m->articles : "-", &in, &err) == -1)
		return nw_cli_fail(m->cli, NW_EXIT_BROKEN, "%s", err.msg);
	while (add_article(m, in))
		;
	nw_input_close(in);
	submit(m);
	nw_session_wait(m->session);
	return m->count ? print_count(m) : NW_EXIT_OK;
}

int
nw_cmd_match(struct nw_cli *cli, int argc, char **argv)
{
	struct match m = {.cli = cli};
	struct nw_conf_diags diags = {0};
	int first, rc = read_options(&m, argc, argv, &first);

	if (rc != 0)
		return rc - 1;
	if (first != argc)
		return nw_cli_fail(cli, NW_EXIT_USAGE, "'%s' is no option; articles come by --articles", argv[first]);
	rc = nw_conf_arg_load(cli, m.config, m.watches, &m.conf, &diags);
	if (rc == 0)
		rc = open_session(&m, &diags);
	if (diags.nerror > 0)
		m.rc = NW_EXIT_NO;
	nw_conf_arg_tell(&diags, NW_CONF_ARG_NO_NOTES);
	if (rc == 0 && (rc = make_counters(&m)) == 0)
		rc = run(&m);
	nw_session_close(m.session);
	nw_conf_free(m.conf);
	for (size_t i = 0; i < WINDOW; i++)
		nw_arena_free(m.batch[i].arena);
	free(m.fired[0]);
	free(m.fired[1]);
	return rc != 0 ? rc : m.rc;
}
