#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "core/batch.h"
#include "core/conf.h"
#include "core/frame.h"
#include "core/limits.h"
#include "index/hunt.h"
#include "cli/backtest.h"
#include "cli/cli.h"

#define BATCH_ARTICLES 256u
#define BATCH_BYTES    (1u << 20)
#define WINDOW	       6u    /* batches in flight: every worker has one, and one waits for it */
#define JOB_MS	       60000 /* of a batch: the user waits, not the news */
#define PROGRESS_MS    200

struct batch {
	struct run *run;
	struct nw_arena *arena;
	Nw__Article *article[BATCH_ARTICLES];
	struct {
		int64_t article, seen_ms;
	} row[BATCH_ARTICLES];
	uint32_t n, flying; /* sides that have not answered */
	size_t bytes;
	int failed;
};

struct run {
	struct nw_backtest *bt;
	struct batch batch[WINDOW];
	uint32_t at; /* the batch being filled */
	int64_t told_ms;
	int is_terminal, no_memory;
};

/* One side of a batch on its way. */
struct flight {
	struct batch *batch;
	uint32_t side;
};

static void
show_progress(struct run *r, int last)
{
	int64_t now_ms = nw_clock_mono_ms();

	if (!r->is_terminal || (!last && now_ms < r->told_ms + PROGRESS_MS))
		return;
	r->told_ms = now_ms;
	(void)fprintf(stderr, "\r%llu revisions looked at, %zu hits%s", (unsigned long long)r->bt->looked,
	    r->bt->nhit, last ? "\r\033[K" : "");
}

/* --- answers */

static void
add_hit(struct run *r, const struct nw_backtest_hit *hit)
{
	struct nw_backtest *bt = r->bt;

	if (bt->nhit == bt->hit_cap) {
		size_t cap = bt->hit_cap == 0 ? 1024 : 2 * bt->hit_cap;
		struct nw_backtest_hit *v = realloc(bt->hit, cap * sizeof(*v));

		if (v == NULL) {
			r->no_memory = 1;
			return;
		}
		bt->hit = v;
		bt->hit_cap = cap;
	}
	bt->hit[bt->nhit++] = *hit;
}

uint32_t
nw_backtest_watch_of(const struct nw_backtest *bt, uint32_t side, const Nw__Alert *al)
{
	uint32_t n, i = 0;
	const struct nw_session_plugin *p = nw_session_plugins(bt->session[side], &n);
	const Nw__Config *c = bt->config[side];

	for (size_t k = 0; al->plugin < n && k < c->n_sections; k++)
		if (nw_str_is(nw_pb_str(c->sections[k]->name), p[al->plugin].section) &&
		    al->entry < c->sections[k]->n_entries) {
			while (i < bt->nname &&
			       !nw_str_eq(bt->name[i], nw_pb_str(c->sections[k]->entries[al->entry]->name)))
				i++;
			return i;
		}
	return bt->nname;
}

static void
take(struct batch *b, uint32_t side, const Nw__Batch *answer)
{
	struct run *r = b->run;

	for (size_t i = 0; i < answer->n_articles; i++) {
		const Nw__Article *a = answer->articles[i];

		for (size_t k = 0; a->id < b->n && k < a->n_alerts; k++) {
			struct nw_backtest_hit hit = {(int64_t)b->article[a->id]->id, b->row[a->id].article,
			    b->row[a->id].seen_ms, nw_backtest_watch_of(r->bt, side, a->alerts[k]),
			    1u << side};

			if (hit.watch < r->bt->nname && !a->alerts[k]->near)
				add_hit(r, &hit);
		}
	}
}

static void
on_answer(void *cookie, struct nw_job *job /* ours */, const struct nw_err *err)
{
	struct flight f = *(struct flight *)cookie;
	struct batch *b = f.batch;

	free(cookie);
	if (err != NULL && !b->failed) {
		b->failed = 1;
		b->run->bt->failed += b->n;
		(void)fprintf(stderr, "note: %u revisions could not be judged: %s\n", b->n, err->msg);
	} else if (err == NULL) {
		take(b, f.side, job->batch->m);
	}
	nw_job_free(job);
	b->flying--;
	show_progress(b->run, 0);
}

/* --- batches */

static void
send_side(struct batch *b, uint32_t side)
{
	struct nw_backtest *bt = b->run->bt;
	struct flight *f = malloc(sizeof(*f));
	struct nw_job *j = nw_job_new();
	Nw__MatchJob job = NW__MATCH_JOB__INIT;
	Nw__Job wrap = NW__JOB__INIT;

	if (f == NULL || j == NULL) {
		free(f);
		nw_job_free(j);
		b->run->no_memory = 1;
		return;
	}
	*f = (struct flight){b, side};
	job.articles = b->article;
	job.n_articles = b->n;
	job.all_states = job.count_only = 1;
	job.tag = bt->uses_tags;
	job.now_ms = bt->uses_age ? b->row[0].seen_ms : nw_clock_wall_ms();
	wrap.job_case = NW__JOB__JOB_MATCH;
	wrap.match = &job;
	j->m = &wrap;
	j->ms = JOB_MS;
	b->flying++;
	nw_session_submit(bt->session[side], j, on_answer, f);
}

/* Give the batch away, and wait until another can be filled. */
static void
submit(struct run *r)
{
	struct batch *b = &r->batch[r->at];
	int64_t id[BATCH_ARTICLES];

	for (uint32_t i = 0; i < b->n; i++) { /* an answer names an article by its place */
		id[i] = (int64_t)b->article[i]->id;
		b->article[i]->id = i;
	}
	for (uint32_t side = 0; b->n != 0 && side < r->bt->nsides; side++)
		send_side(b, side);
	for (uint32_t i = 0; i < b->n; i++)
		b->article[i]->id = (uint64_t)id[i];
	r->bt->looked += b->n;
	r->at = (r->at + 1) % WINDOW;
	b = &r->batch[r->at];
	for (uint32_t side = 0; b->flying != 0; side = (side + 1) % r->bt->nsides)
		nw_session_turn(r->bt->session[side]);
	nw_arena_reset(b->arena);
	b->n = 0;
	b->bytes = 0;
	b->failed = 0;
}

static ProtobufCBinaryData
copy(struct nw_arena *a, ProtobufCBinaryData d)
{
	return d.len != 0 ? nw_pb(nw_arena_dup(a, nw_pb_str(d))) : d;
}

/* What rules see of a row, which is borrowed. */
static Nw__Article *
copy_article(struct nw_arena *a, const Nw__Article *from)
{
	Nw__Article *m = nw_arena_alloc(a, sizeof(*m));

	if (m == NULL)
		return NULL;
	nw__article__init(m);
	m->title = copy(a, from->title);
	m->summary = copy(a, from->summary);
	m->body = copy(a, from->body);
	m->author = copy(a, from->author);
	m->url = copy(a, from->url);
	m->lang = copy(a, from->lang);
	m->number = copy(a, from->number);
	m->source = copy(a, from->source);
	m->prev_title = copy(a, from->prev_title);
	m->prev_body = copy(a, from->prev_body);
	m->flags = from->flags;
	m->revision = from->revision;
	m->first_seen_ms = from->first_seen_ms;
	if (from->published != NULL && (m->published = nw_arena_alloc(a, sizeof(*m->published))) != NULL)
		*m->published = *from->published;
	return m;
}

static int
add(void *cookie, const struct nw_store_revision_row *row)
{
	struct run *r = cookie;
	struct batch *b = &r->batch[r->at];
	Nw__Article *m;

	if (nw_hunt_is_stub(row))
		return 0;
	if ((m = copy_article(b->arena, row->m)) == NULL) {
		r->no_memory = 1;
		return 1;
	}
	m->id = (uint64_t)row->id;
	b->row[b->n].article = row->article;
	b->row[b->n].seen_ms = row->seen_ms;
	b->article[b->n++] = m;
	b->bytes += m->title.len + m->summary.len + m->body.len + m->prev_body.len;
	/* an age is asked at the article's own time, and a job has one clock */
	if (b->n == BATCH_ARTICLES || b->bytes >= BATCH_BYTES || r->bt->uses_age)
		submit(r);
	return r->no_memory;
}

/* --- the whole */

int
nw_backtest_run(struct nw_backtest *bt)
{
	struct run *r = calloc(1, sizeof(*r));
	struct nw_hunt h = {.store = bt->archive.from.store,
	    .index = bt->archive.index,
	    .need = bt->need,
	    .from = bt->from,
	    .before = bt->before,
	    .flags = NW_STORE_WITH_PREV};
	struct nw_hunt_report report = {0};
	struct nw_err err;
	int rc = r == NULL ? nw_cli_fail(bt->cli, NW_EXIT_BROKEN, "out of memory") : 0;

	for (uint32_t i = 0; rc == 0 && i < WINDOW; i++) {
		r->batch[i].run = r;
		if ((r->batch[i].arena = nw_arena_new(0)) == NULL)
			rc = nw_cli_fail(bt->cli, NW_EXIT_BROKEN, "out of memory");
	}
	if (rc == 0) {
		r->bt = bt;
		r->is_terminal = isatty(STDERR_FILENO);
		if (nw_hunt_run(&h, add, r, &report, &err) == -1)
			rc = nw_cli_fail(bt->cli, NW_EXIT_BROKEN, "%s", err.msg);
		submit(r);
		for (uint32_t side = 0; side < bt->nsides; side++)
			nw_session_wait(bt->session[side]);
		show_progress(r, 1);
		nw_archive_note(&report);
		bt->last = bt->before != 0 && bt->before <= report.last ? bt->before - 1 : report.last;
	}
	if (rc == 0 && r->no_memory)
		rc = nw_cli_fail(bt->cli, NW_EXIT_BROKEN, "out of memory");
	for (uint32_t i = 0; r != NULL && i < WINDOW; i++)
		nw_arena_free(r->batch[i].arena);
	free(r);
	return rc;
}

/* --- one revision again */

struct again {
	struct nw_backtest *bt;
	uint32_t side;
	struct nw_job *job;
	int done;
};

static void
on_again(void *cookie, struct nw_job *job, const struct nw_err *err)
{
	struct again *g = cookie;

	g->done = 1;
	if (err == NULL)
		g->job = job;
	else
		nw_job_free(job);
}

static int
send_again(void *cookie, const struct nw_store_revision_row *row)
{
	struct again *g = cookie;
	struct nw_job *j = nw_job_new();
	Nw__Article m = *row->m, *list = &m;
	Nw__MatchJob job = NW__MATCH_JOB__INIT;
	Nw__Job wrap = NW__JOB__INIT;

	if (j == NULL)
		return 1;
	m.n_tags = 0;
	job.articles = &list;
	job.n_articles = 1;
	job.all_states = 1;
	job.tag = g->bt->uses_tags;
	job.now_ms = g->bt->uses_age ? row->seen_ms : nw_clock_wall_ms();
	wrap.job_case = NW__JOB__JOB_MATCH;
	wrap.match = &job;
	j->m = &wrap;
	j->ms = JOB_MS;
	nw_session_submit(g->bt->session[g->side], j, on_again, g);
	return 1;
}

int
nw_backtest_again(struct nw_backtest *bt, uint32_t side, int64_t revision, struct nw_job **job_r,
    const Nw__Article **answer_r)
{
	struct again g = {.bt = bt, .side = side};
	struct nw_err err;

	if (nw_store_revision(bt->archive.from.store, revision, NW_STORE_WITH_PREV, send_again, &g, &err) ==
	    -1)
		return nw_cli_fail(bt->cli, NW_EXIT_BROKEN, "%s", err.msg);
	nw_session_wait(bt->session[side]);
	if (g.job == NULL || g.job->batch->m->n_articles != 1) {
		nw_job_free(g.job);
		return nw_cli_fail(
		    bt->cli, NW_EXIT_BROKEN, "revision %lld could not be judged again", (long long)revision);
	}
	*job_r = g.job;
	*answer_r = g.job->batch->m->articles[0];
	return 0;
}
