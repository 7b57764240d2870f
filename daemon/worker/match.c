#include "base/clock.h"
#include "worker/evaluate.h"
#include "worker/jobs.h"

/* With count_only the article goes back as its number and which entries fired. */
static void
strip(Nw__Article *a)
{
	Nw__Article bare = NW__ARTICLE__INIT;

	bare.id = a->id;
	bare.alerts = a->alerts;
	bare.n_alerts = a->n_alerts;
	bare.tags = a->tags;
	bare.n_tags = a->n_tags;
	for (size_t i = 0; i < bare.n_tags; i++)
		bare.tags[i]->n_hits = bare.tags[i]->n_clause = 0;
	*a = bare;
}

int
nw_match_job(struct nw_sink *s, const Nw__MatchJob *job)
{
	uint32_t what = NW_EVALUATE_RULES | (job->tag ? NW_EVALUATE_TAG : 0) | (job->keep_tags ? NW_EVALUATE_KEEP : 0);
	int64_t start = nw_clock_cpu_us();

	s->near = job->near != 0;
	s->all_states = job->all_states != 0;
	s->count_only = job->count_only != 0;
	for (size_t i = 0; i < job->n_articles; i++) {
		Nw__Article *a = job->articles[i];

		if (nw_evaluate(s, a, what) == -1 || nw_vec_add(s->items, &s->articles, a) == -1)
			return -1;
		if (job->count_only)
			strip(a);
	}
	s->batch.match_cpu_us = (uint64_t)(nw_clock_cpu_us() - start);
	return 0;
}
