/* Edits, and listed articles whose page did not come in time: matched without a fetch. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "main/opened.h"
#include "main/pipeline_own.h"
#include "pool/pool.h"

#define MATCHES_MAX 32 /* articles of one MATCH job */

static void
match_failed(struct nw_pipeline *p, const struct nw_job *job, const char *why)
{
	const int64_t *revisions = job->user;

	for (uint32_t i = 0; revisions[i] != 0; i++)
		if (nw_store_match_failed(p->parts.store, revisions[i], nw_str(why), nw_clock_wall_ms(), NULL) == -1)
			return; /* the leases run out */
}

static void
on_match(void *cookie, struct nw_job *job /* ours */, const struct nw_err *why)
{
	struct nw_pipeline *p = cookie;
	const struct nw_generation *g = nw_generation_find(p->parts.generations, job->generation);
	struct nw_store_report r = {0};
	struct nw_store_rules rules;
	struct nw_err err;

	p->matches--;
	nw_generation_rules(p->parts.generations, g != NULL ? g : nw_pipeline_live(p), &rules);
	if (why != NULL) {
		nw_log(NW_LOG_ERROR, "matching failed: %s", why->msg);
		if (job->killed || why->code == NW_EPLUGIN || why->code == NW_EINPUT)
			match_failed(p, job, why->msg);
	} else if (nw_store_commit_match(p->parts.store, job->batch, &rules, nw_clock_wall_ms(), &r, &err) == -1) {
		nw_pipeline_store_failed(p, &err);
	} else {
		p->n.alerts += r.alerts;
		if (r.held > 0)
			nw_opened_held(p->parts.operator);
	}
	free(job->user);
	nw_job_free(job);
	nw_pipeline_kick(p);
}

static int
submit_match(struct nw_pipeline *p, struct nw_arena *arena, const struct nw_store_match *a, uint32_t n, struct nw_err *err)
{
	Nw__Job *job = nw_arena_zalloc(arena, sizeof(*job));
	Nw__MatchJob *m = nw_arena_zalloc(arena, sizeof(*m));
	int64_t *revisions = calloc(n + 1, sizeof(*revisions));
	struct nw_job *j = nw_job_new();

	if (job == NULL || m == NULL || revisions == NULL || j == NULL ||
	    (m->articles = nw_arena_array(arena, n, sizeof(*m->articles))) == NULL) {
		free(revisions);
		nw_job_free(j);
		return nw_fail(err, NW_ERES, "out of memory");
	}
	nw__job__init(job);
	Nw__Article **articles = m->articles;
	nw__match_job__init(m);
	m->articles = articles;
	m->n_articles = n;
	for (uint32_t i = 0; i < n; i++) {
		articles[i] = a[i].m;
		revisions[i] = a[i].revision;
	}
	m->tag = m->near = 1;
	m->now_ms = nw_clock_wall_ms();
	job->job_case = NW__JOB__JOB_MATCH;
	job->match = m;
	j->m = job;
	j->user = revisions;
	j->source = NW_STR("");
	p->matches++;
	nw_pool_submit(p->parts.pool, j, on_match, p);
	return 0;
}

int
nw_pipeline_claim_matches(struct nw_pipeline *p, int64_t now_ms, struct nw_err *err)
{
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_store_match *a;
	uint32_t n = 0;
	int rc = -1;

	if (arena == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	if (nw_store_match_claim(p->parts.store, now_ms, MATCHES_MAX, arena, &a, &n, err) == 0)
		rc = n == 0 ? 0 : submit_match(p, arena, a, n, err);
	nw_arena_free(arena);
	return rc;
}
