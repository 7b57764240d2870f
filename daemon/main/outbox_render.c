/* From messages to parts: a RENDER job each, its parts stored once. */
#include <stdio.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "core/frame.h"
#include "core/limits.h"
#include "main/outbox_own.h"

#define RENDER_RETRY_MS 60000

/* Who answers for a watch stands in its alerts, as the live configuration has it. */
static void
add_owners(const struct nw_outbox *o, const struct nw_store_render *r)
{
	const struct nw_conf_section *watches = nw_conf_section_find(nw_outbox_config(o), "watches");
	const struct nw_conf_entry *e = NULL;

	for (uint32_t i = 0; watches != NULL && i < r->nnotice && i < NW_MAIL_ALERTS_MAX; i++) {
		struct nw_str watch = nw_pb_str(r->notice[i]->watch);

		if (e == NULL || !nw_str_eq(e->name, watch))
			e = nw_conf_entry_find(watches, watch);
		if (e != NULL)
			r->notice[i]->owner = nw_pb(e->owner);
	}
}

static int
submit(struct nw_outbox *o, struct nw_arena *arena, const struct nw_store_render *r)
{
	const struct nw_conf_channel *c = nw_outbox_channel(o, r->channel);
	Nw__Job *job = nw_arena_zalloc(arena, sizeof(*job));
	Nw__RenderJob *m = nw_arena_zalloc(arena, sizeof(*m));

	if (job == NULL || m == NULL)
		return -1;
	nw__job__init(job);
	nw__render_job__init(m);
	m->kind = nw_pb(c != NULL && c->type == NW_CHANNEL_WEBHOOK ? NW_STR("webhook") : NW_STR("email"));
	m->channel = nw_pb(r->channel);
	m->notices = r->notice;
	m->n_notices = r->nnotice;
	job->job_case = NW__JOB__JOB_RENDER;
	job->render = m;
	add_owners(o, r);
	if (o->ops.render(o->ops.cookie, job, r->id) == -1)
		return -1;
	o->rendering++;
	return 0;
}

static int
render_one(struct nw_outbox *o, int64_t now_ms, struct nw_err *err)
{
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_store_render *r;
	int got = -1, failed;

	if (arena == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	got = nw_store_render_claim(o->store, now_ms, arena, &r, err);
	if (got == 1 && submit(o, arena, r) == -1)
		got = nw_store_render_failed(o->store, r->id, NW_STR("no worker takes it"), now_ms + RENDER_RETRY_MS, now_ms,
		    &failed, err);
	nw_arena_free(arena);
	return got;
}

int
nw_outbox_render(struct nw_outbox *o, int64_t now_ms, struct nw_err *err)
{
	int got = 1;

	while (o->rendering < NW_RENDERS_MAX && got == 1)
		got = render_one(o, now_ms, err);
	return got == -1 ? -1 : 0;
}

void
nw_outbox_rendered(struct nw_outbox *o, const char *id, const Nw__Message *parts, const char *why)
{
	int64_t now_ms = nw_clock_wall_ms();
	char key[128];
	int failed = 0;

	o->rendering--;
	o->stale = 1;
	if (parts != NULL) {
		/* a failed write leaves the claim's lease: it is rendered again */
		(void)nw_store_render_done(o->store, id, parts, now_ms, NULL);
	} else {
		(void)nw_store_render_failed(o->store, id, nw_str(why), now_ms + RENDER_RETRY_MS, now_ms, &failed, NULL);
		if (failed) {
			(void)snprintf(key, sizeof(key), "render/%s", id); /* ids are short */
			o->ops.tell(o->ops.cookie, key, NW_STR(""), NW_SEV_HIGH, why);
		}
	}
	o->ops.kick(o->ops.cookie);
}
