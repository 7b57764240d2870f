/* One visit of a target: fetched, read, committed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/digest.h"
#include "core/limits.h"
#include "core/url.h"
#include "main/fetch.h"
#include "main/coverage.h"
#include "main/opened.h"
#include "main/pipeline_own.h"
#include "main/polled.h"
#include "main/sched.h"
#include "main/source.h"
#include "pool/pool.h"

/* --- the end of a visit --------------------------------------------------------------------------------- */

void
nw_visit_free(struct nw_visit *v)
{
	if (v->body_len != 0)
		nw_fetch_body_free(v->p->parts.fetch, v->body, v->body_len);
	if (--v->claim->visits == 0) {
		nw_arena_free(v->claim->arena);
		free(v->claim);
	}
	nw_polled_put(v->held);
	free(v);
}

/* Strings of the answer must outlive the transfer. */
static struct nw_str
keep(struct nw_visit *v, struct nw_str s)
{
	struct nw_str copy = nw_arena_dup(v->claim->arena, s);

	return copy.p != NULL ? copy : NW_STR("");
}

static uint32_t
random32(void)
{
	static uint32_t kept[64]; /* one call of the kernel for many */
	static uint32_t n;

	if (n == 0)
		nw_random(kept, sizeof(kept));
	n = (n + 1) % 64;
	return kept[n];
}

/* Many fall due together when they are new, and when a start finds them all overdue. */
static int
is_gathered(const struct nw_visit *v)
{
	return v->target->kind == NW_STORE_LISTING && v->claim->n >= NW_GATHERED_MIN &&
	       (v->target->first_contact || v->end.now_ms - v->target->was_due_ms > v->source->every_s * 500);
}

/* When this target is due again, and when a page is looked at again, given how many times in a row it has
 * failed, this time included. */
static int64_t
next_visit(struct nw_visit *v, uint32_t failures, int64_t retry_after_ms, int machine)
{
	const struct nw_conf_source *s = v->source;
	struct nw_sched_visit visit = {
	    .now_ms = v->end.now_ms,
	    .every_ms = s->every_s * 1000,
	    .every_max_ms = s->every_max_s * 1000,
	    .rhythm_ms = v->target->rhythm_ms,
	    .retry_after_ms = retry_after_ms,
	    .failures = failures,
	    .fast = (uint32_t)nw_generation_is_fast(nw_pipeline_live(v->p), s->name),
	    .machine = (uint32_t)machine,
	    .gathered = (uint32_t)is_gathered(v),
	    .random = random32(),
	};

	v->end.look_s = nw_pipeline_live(v->p)->config->daemon.follow.relook_s;
	v->end.nlook = nw_pipeline_live(v->p)->config->daemon.follow.nrelook;
	return nw_sched_next(&visit);
}

static struct nw_coverage_visit
coverage_visit(const struct nw_visit *v)
{
	return (struct nw_coverage_visit){v->source, v->target, &v->end, v->unreadable, v->killed};
}

static void
polled_end(struct nw_visit *v, const struct nw_store_polled *polled)
{
	struct nw_coverage_visit look = coverage_visit(v);

	nw_coverage_polled(v->p->coverage, &look, polled);
}

static void
after_end(struct nw_visit *v)
{
	struct nw_pipeline *p = v->p;

	if (v->end.next_ms < p->next_target_ms)
		p->next_target_ms = v->end.next_ms;
	nw_visit_free(v);
	nw_pipeline_kick(p);
}

/* Ends without a document. */
static void
finish(struct nw_visit *v, uint32_t end, uint32_t failures, int64_t retry_after_ms, int machine)
{
	struct nw_pipeline *p = v->p;
	struct nw_store_polled polled = {0};
	struct nw_err err;

	v->end.end = end;
	v->end.next_ms = next_visit(v, failures, retry_after_ms, machine);
	p->n.failures += failures != 0;
	if (failures != 0)
		nw_log(NW_LOG_WARNING, "source %.*s: %.*s: %.*s", (int)v->source->name.len, v->source->name.p,
		    (int)v->target->url.len, v->target->url.p, (int)v->end.reason.len, v->end.reason.p);
	if (nw_store_poll_end(p->parts.store, &v->end, &polled, &err) == -1)
		nw_pipeline_store_failed(p, &err);
	else
		polled_end(v, &polled);
	after_end(v);
}

void
nw_visit_fail(struct nw_visit *v, struct nw_str reason, int64_t retry_after_ms, int machine)
{
	v->end.reason = keep(v, reason);
	finish(v, NW_STORE_FAILED, v->target->failures + 1, retry_after_ms, machine);
}

void
nw_visit_refuse(struct nw_visit *v, struct nw_str reason)
{
	v->end.reason = keep(v, reason);
	finish(v, NW_STORE_REFUSED, v->target->failures + 1, 0, 0);
}

/* --- a document that was read --------------------------------------------------------------------------- */

static void
report(struct nw_visit *v, const struct nw_store_report *r, const Nw__Batch *m)
{
	struct nw_coverage_visit look;
	struct nw_pipeline *p = v->p;
	const struct nw_conf_source *s = v->source;

	p->n.documents++;
	p->n.articles += r->articles;
	p->n.alerts += r->alerts;
	if (r->follow != 0 || r->pending != 0)
		p->next_target_ms = p->claim_after_ms = v->end.now_ms; /* pages to read are due now */
	if (r->articles + r->revisions + r->alerts + r->muted != 0)
		nw_log(NW_LOG_INFO, "source %.*s: %u new, %u revised, %u alerts, %u muted", (int)s->name.len,
		    s->name.p, r->articles, r->revisions, r->alerts, r->muted);
	if (r->held > 0)
		nw_opened_held(p->parts.operator);
	if (r->note[0] != '\0')
		nw_log(NW_LOG_NOTICE, "source %.*s: %s", (int)s->name.len, s->name.p, r->note);
	for (size_t i = 0; i < m->n_notes && m->document->incomplete; i++)
		nw_log(NW_LOG_NOTICE, "source %.*s: %.*s", (int)s->name.len, s->name.p, (int)m->notes[i].len,
		    (const char *)m->notes[i].data);
	look = coverage_visit(v);
	nw_coverage_read(p->coverage, &look, r, m);
}

static void
commit(struct nw_visit *v, struct nw_job *job)
{
	struct nw_pipeline *p = v->p;
	const struct nw_generation *g = nw_generation_find(p->parts.generations, job->generation);
	struct nw_store_policy policy;
	struct nw_store_rules rules;
	struct nw_store_report r = {0};
	struct nw_err err;

	nw_source_policy(&nw_pipeline_live(p)->config->daemon, v->source, &policy);
	nw_generation_rules(p->parts.generations, g != NULL ? g : nw_pipeline_live(p), &rules);
	v->end.end = job->batch->m->document->incomplete ? NW_STORE_READ_PART : NW_STORE_READ_WHOLE;
	v->end.next_ms = next_visit(v, 0, 0, 0);
	if (nw_store_commit(p->parts.store, &v->end, job->batch, &policy, &rules, &r, &err) == -1)
		nw_pipeline_store_failed(p, &err);
	else
		report(v, &r, job->batch->m);
	after_end(v);
}

static void
quarantine(struct nw_visit *v, const struct nw_err *why)
{
	struct nw_pipeline *p = v->p;
	struct nw_store_polled polled = {0};
	struct nw_err err;

	v->killed = 1;
	v->end.end = NW_STORE_FAILED;
	v->end.reason = keep(v, nw_str(why->msg));
	v->end.next_ms = next_visit(v, v->target->failures + 1, 0, 0);
	nw_log(NW_LOG_ERROR, "source %.*s: %.*s: quarantined: %s", (int)v->source->name.len,
	    v->source->name.p, (int)v->target->url.len, v->target->url.p, why->msg);
	if (nw_store_quarantine(p->parts.store, &v->end, &polled, &err) == -1)
		nw_pipeline_store_failed(p, &err);
	else
		polled_end(v, &polled);
	after_end(v);
}

static void
on_read(void *cookie, struct nw_job *job /* ours */, const struct nw_err *why)
{
	struct nw_visit *v = job->user;

	(void)cookie; /* the poll knows its pipeline */
	v->p->n.reading--;
	if (why == NULL && job->batch != NULL && job->batch->m->document != NULL) {
		commit(v, job);
	} else if (why != NULL && job->killed) {
		quarantine(v, why);
	} else {
		v->unreadable = why != NULL && why->code == NW_EINPUT;
		nw_visit_fail(v,
		    why != NULL ? nw_str(why->msg) : NW_STR("the worker's answer has no document"), 0,
		    why != NULL && (why->code == NW_ERES || why->code == NW_ELIMIT));
	}
	nw_job_free(job);
}

static int
submit_read(struct nw_visit *v, struct nw_str content_type, struct nw_err *err)
{
	struct nw_pipeline *p = v->p;
	struct nw_source_document doc = {
	    .url = v->end.url,
	    .content_type = content_type,
	    .body = {v->body, v->body_len},
	    .fetched_at_ms = v->end.now_ms,
	};
	struct nw_job *job;
	Nw__Job *m;

	if (nw_store_seen(p->parts.store, v->target->id, v->claim->arena, &doc.seen, err) == -1 ||
	    nw_source_job(v->claim->arena, &nw_pipeline_live(p)->config->daemon, v->source, v->target, &doc,
		&m, err) == -1)
		return -1;
	if ((job = nw_job_new()) == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	job->m = m;
	job->user = v;
	job->source = v->source->name;
	p->n.reading++;
	nw_pool_submit(p->parts.pool, job, on_read, p);
	free(v->body); /* packed; it counts as waiting until the answer */
	v->body = NULL;
	return 0;
}

/* --- what came from the network ------------------------------------------------------------------------- */

/* A move is adopted within a host alone: elsewhere it is a person's decision. */
static int
same_host(struct nw_str a, struct nw_str b)
{
	struct nw_url ua, ub;

	return nw_url_parse(a, &ua, NULL) == 0 && nw_url_parse(b, &ub, NULL) == 0 &&
	       nw_str_eq(ua.host, ub.host) && nw_str_eq(ua.port, ub.port);
}

static void
take_answer(struct nw_visit *v, const struct nw_response *r)
{
	v->end.status = r->status;
	v->end.url = keep(v, r->url);
	v->end.moved_url = keep(v, r->moved_to);
	v->end.moved_away = v->end.moved_url.len > 0 && !same_host(v->end.moved_url, v->target->url);
	v->end.etag = keep(v, r->etag);
	v->end.last_modified = keep(v, r->last_modified);
	v->end.content_type = keep(v, r->content_type);
	v->end.headers = keep(v, r->headers);
}

static void
take_document(struct nw_visit *v, const struct nw_response *r)
{
	size_t len = r->body.len;
	struct nw_err err;

	if (r->body.len == 0) {
		nw_visit_fail(v, NW_STR("the server sent an empty document"), r->retry_after_ms, 0);
		return;
	}
	nw_sha256(r->body.p, r->body.len, v->end.body_hash);
	if (v->target->has_body_hash &&
	    memcmp(v->target->body_hash, v->end.body_hash, sizeof(v->end.body_hash)) == 0) {
		finish(v, NW_STORE_SAME_BODY, 0, 0, 0);
		return;
	}
	if ((v->body = nw_response_take_body(r)) == NULL) {
		nw_visit_fail(v, NW_STR("out of memory"), 0, 1);
		return;
	}
	v->body_len = len;
	if (submit_read(v, v->end.content_type, &err) == -1)
		nw_visit_fail(v, nw_str(err.msg), 0, 1);
}

/* Neither a document nor word that it is the same. */
static void
take_status(struct nw_visit *v, const struct nw_response *r)
{
	char reason[64];

	(void)snprintf(reason, sizeof(reason), "the server answers %u", v->end.status); /* fits */
	if (r->status == 404 || r->status == 410) {
		v->end.reason = keep(v, nw_str(reason));
		finish(v, NW_STORE_GONE, v->target->failures + 1, r->retry_after_ms, 0);
	} else {
		nw_visit_fail(v, nw_str(reason), r->retry_after_ms, 0);
	}
}

void
nw_visit_fetched(void *cookie, const struct nw_response *r, const struct nw_err *why)
{
	struct nw_visit *v = cookie;

	v->p->n.fetching--;
	v->end.now_ms = nw_clock_wall_ms();
	if (r != NULL)
		take_answer(v, r);
	if (why != NULL)
		nw_visit_fail(v, nw_str(why->msg), 0, why->code == NW_ERES);
	else if (r->status == 304 && v->conditional)
		finish(v, NW_STORE_NOT_MODIFIED, 0, 0, 0);
	else if (r->status >= 200 && r->status < 300)
		take_document(v, r);
	else
		take_status(v, r);
}
