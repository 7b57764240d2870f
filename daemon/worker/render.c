#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/batch.h"
#include "core/frame.h"
#include "worker/evidence.h"
#include "worker/jobs.h"

static struct nw_instance *
notifier_of(struct nw_sink *s, struct nw_str kind)
{
	struct nw_worker *w = s->worker;
	struct nw_instance *i;

	for (i = nw_worker_next(w, NW_KIND_NOTIFIER, 0); i != NULL;
	     i = nw_worker_next(w, NW_KIND_NOTIFIER, i->index + 1))
		if (strcmp(i->plugin->name + strlen("notifier-"), kind.p) == 0)
			return i;
	nw_fail(&s->err, NW_ECONF, "there is no plugin notifier-%s", kind.p);
	return NULL;
}

/* The article of a notice with its tags, as plugins see it. */
static const struct nw_article *
article_of(struct nw_arena *a, const Nw__Article *from)
{
	struct nw_article *view = nw_arena_alloc(a, sizeof(*view));
	const struct nw_tag **tags = nw_arena_array(a, from->n_tags, sizeof(*tags));

	if (view == NULL || tags == NULL || nw_batch_article(a, from, view) == -1)
		return NULL;
	for (size_t i = 0; i < from->n_tags; i++)
		if ((tags[i] = nw_batch_tag(a, from->tags[i])) == NULL)
			return NULL;
	view->tags = tags;
	view->ntags = (uint32_t)from->n_tags;
	return view;
}

static const struct nw_notice *
notice_of(struct nw_arena *a, const Nw__Notice *from)
{
	struct nw_notice *n = nw_arena_alloc(a, sizeof(*n));
	const Nw__Alert *alert = from->alert;

	if (n == NULL || from->article == NULL || alert == NULL)
		return NULL;
	*n = (struct nw_notice){
	    .size = sizeof(*n),
	    .severity = from->severity,
	    .id = nw_pb_str(from->id),
	    .watch = nw_pb_str(from->watch),
	    .owner = nw_pb_str(from->owner),
	    .article = article_of(a, from->article),
	    .nhits = (uint32_t)alert->n_hits,
	    .nclause = (uint32_t)alert->n_clause,
	    .nold = (uint32_t)from->n_old,
	    .provisional = from->provisional != 0,
	    .hits = nw_batch_hits(a, alert->hits, alert->n_hits),
	    .clause = nw_batch_clauses(a, alert->clause, alert->n_clause),
	    .alerted_at_ms = from->alerted_at_ms,
	    .score = alert->score,
	    .has_score = alert->has_score != 0,
	    .old = nw_batch_clauses(a, from->old, from->n_old),
	    .source_title = nw_pb_str(from->source_title),
	    .document_sha256 = nw_pb_str(from->document_sha256),
	};
	if (n->article == NULL || n->hits == NULL || n->clause == NULL || n->old == NULL)
		return NULL;
	n->tags = n->article->tags;
	n->ntags = n->article->ntags;
	return n;
}

int
nw_render_job(struct nw_sink *s, const Nw__RenderJob *job)
{
	struct nw_instance *notifier = notifier_of(s, nw_pb_str(job->kind));
	const struct nw_notice **list;
	int rc;

	if (notifier == NULL)
		return -1;
	if ((list = nw_arena_array(s->eval, job->n_notices, sizeof(*list))) == NULL)
		return nw_fail(&s->err, NW_ELIMIT, "no memory for %zu notices", job->n_notices);
	for (size_t i = 0; i < job->n_notices; i++)
		if ((list[i] = notice_of(s->eval, job->notices[i])) == NULL)
			return nw_fail(&s->err, NW_ELIMIT, "notice %zu has no article or no room", i);
	nw_sink_enter(s, notifier, NW_PHASE_RENDER);
	rc = notifier->plugin->ops.notifier->render(notifier->state, nw_pb_str(job->kind), list,
	    (uint32_t)job->n_notices, s);
	nw_sink_leave(s);
	if (s->failed)
		return -1;
	if (rc < NW_OK || s->messages.n == 0)
		return nw_fail(&s->err, rc < NW_OK ? rc : NW_EPLUGIN, "%s rendered nothing", notifier->plugin->name);
	return 0;
}
