#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "core/conf.h"
#include "core/frame.h"
#include "core/limits.h"
#include "main/outbox.h"
#include "main/senders.h"
#include "main/timing.h"

#define GROUPS_MAX    64 /* made into messages in one turn */
#define RENDERS_MAX   4	 /* RENDER jobs in hand: the workers have documents to read, too */
#define RENDER_RETRY_MS 60000
#define NO_CHANNEL_MS (3600 * INT64_C(1000)) /* rows of a channel that is not configured are looked at again */

struct nw_outbox {
	struct nw_store *store;
	struct nw_senders *senders;
	struct nw_outbox_ops ops;
	uint32_t rendering;
	char hostname[256];
};

static const struct nw_config *
config_of(struct nw_outbox *o)
{
	return o->ops.config(o->ops.cookie);
}

static const struct nw_conf_channel *
channel_of(struct nw_outbox *o, struct nw_str name)
{
	int i = nw_conf_channel_find(config_of(o), name);

	return i == -1 ? NULL : config_of(o)->channel[i];
}

/* --- what the senders ask ---------------------------------------------------------------------------------------- */

static int
give_channel(void *cookie, struct nw_str name, struct nw_arena *arena, Nw__Channel **channel_r, struct nw_err *err)
{
	struct nw_outbox *o = cookie;
	const struct nw_conf_channel *c = channel_of(o, name);

	if (c == NULL || !c->enabled)
		return nw_fail(err, NW_ECONF, "channel '%.*s' is %s", (int)name.len, name.p,
		    c == NULL ? "not configured" : "disabled");
	return nw_conf_channel_frame(config_of(o), c, o->hostname, arena, channel_r, err);
}

static void
wipe_channel(void *cookie, Nw__Channel *c)
{
	(void)cookie;
	nw_conf_channel_wipe(c);
}

static const char *
severity_name(uint32_t severity)
{
	static const char *const name[] = {"info", "normal", "high", "critical"};

	return name[severity <= NW_SEV_CRITICAL ? severity : NW_SEV_NORMAL];
}

static int
fill_deliver(struct nw_arena *arena, const struct nw_store_delivery *row, int64_t now_ms, Nw__Deliver **deliver_r)
{
	Nw__Deliver *d = nw_arena_zalloc(arena, sizeof(*d));
	Nw__Message *m = nw_arena_zalloc(arena, sizeof(*m));

	if (d == NULL || m == NULL)
		return -1;
	nw__deliver__init(d);
	nw__message__init(m);
	m->subject = nw_pb(row->subject);
	m->text = nw_pb(row->text);
	m->html = nw_pb(row->html);
	m->json = nw_pb(row->json);
	d->id = nw_pb(nw_str(row->id));
	d->recipient = nw_pb(row->recipient);
	d->message = m;
	d->date_ms = row->date_ms;
	d->thread_id = nw_pb(row->thread);
	d->severity = nw_pb(nw_str(severity_name(row->severity)));
	d->watch = nw_pb(row->watch);
	d->now_ms = now_ms;
	*deliver_r = d;
	return 1;
}

static int
give_next(void *cookie, struct nw_str name, struct nw_arena *arena, Nw__Deliver **deliver_r)
{
	struct nw_outbox *o = cookie;
	struct nw_store_delivery *row;
	int64_t now_ms = nw_clock_wall_ms();
	int got = nw_store_delivery_claim(o->store, name, now_ms, NW_SENDER_MS + 30000, arena, &row, NULL);

	return got == 1 ? fill_deliver(arena, row, now_ms, deliver_r) : got;
}

/* --- outcomes ----------------------------------------------------------------------------------------------------- */

static void
tell_failed(struct nw_outbox *o, struct nw_str channel, const char *id, const struct nw_store_outcome *out, int aged)
{
	char key[128], text[512];

	(void)snprintf(key, sizeof(key), "delivery/%s", id); /* ids are short */
	(void)snprintf(text, sizeof(text), "delivery %s to channel %.*s failed for good: %.*s%s", id, (int)channel.len,
	    channel.p, (int)(out->text.len < 200 ? out->text.len : 200), out->text.p,
	    aged ? " (it was tried for days)" : "");
	o->ops.tell(o->ops.cookie, key, channel, NW_SEV_HIGH, text);
}

static void
disable(struct nw_outbox *o, struct nw_str channel, const struct nw_store_outcome *out, int64_t now_ms)
{
	char key[128], text[512];
	uint32_t n = 0;

	(void)nw_store_channel_hold(o->store, channel, out->text, now_ms, &n, NULL); /* the row's state says it as well */
	(void)snprintf(key, sizeof(key), "channel-gone/%.*s", (int)channel.len, channel.p); /* names are short */
	(void)snprintf(text, sizeof(text), "channel %.*s answers 410, gone for good: %u deliveries are held", (int)channel.len,
	    channel.p, n);
	o->ops.tell(o->ops.cookie, key, channel, NW_SEV_HIGH, text);
}

/* What a sender said, in the store's words.  Its enum is not ours: every value is checked. */
static struct nw_store_outcome
translate(const Nw__Outcome *m, const char *why, int started)
{
	static const uint32_t result[] = {NW_STORE_SENT, NW_STORE_LATER, NW_STORE_REJECTED, NW_STORE_LATER};

	if (m == NULL)
		return (struct nw_store_outcome){.result = started ? NW_STORE_LATER : NW_STORE_RETURNED, .text = nw_str(why)};
	return (struct nw_store_outcome){
	    .result = m->result < 4 ? result[m->result] : NW_STORE_LATER,
	    .code = m->code < 1000 ? m->code : 0,
	    .text = nw_pb_str(m->text),
	    .retry_after_ms = m->retry_after_ms > 0 ? m->retry_after_ms : 0,
	};
}

static void
on_done(void *cookie, struct nw_str channel, struct nw_str id, const Nw__Outcome *m, const char *why, int started)
{
	struct nw_outbox *o = cookie;
	struct nw_store_outcome out = translate(m, why, started);
	struct nw_store_settled settled = {0};
	int64_t now_ms = nw_clock_wall_ms();

	/* a failed write leaves the row `sending`: at worst it goes again under the same id */
	if (nw_store_delivery_done(o->store, id.p, &out, now_ms, &settled, NULL) == 0 &&
	    settled.state == NW_STORE_UNDELIVERABLE && !(m != NULL && m->disable))
		tell_failed(o, channel, id.p, &out, (int)settled.gave_up);
	if (m != NULL && m->disable)
		disable(o, channel, &out, now_ms);
	o->ops.kick(o->ops.cookie);
}

static void
on_unusable(void *cookie, struct nw_str name, const struct nw_err *why)
{
	struct nw_outbox *o = cookie;
	char key[128];

	(void)snprintf(key, sizeof(key), "channel/%.*s", (int)name.len, name.p); /* names are short */
	o->ops.tell(o->ops.cookie, key, name, NW_SEV_HIGH, why->msg);
}

static void
on_line(void *cookie, const char *line, size_t len)
{
	struct nw_outbox *o = cookie;

	o->ops.line(o->ops.cookie, line, len);
}

/* --- groups to messages -------------------------------------------------------------------------------------------- */

static int
make_message(struct nw_outbox *o, const struct nw_store_group *g, const struct nw_conf_channel *c, int64_t now_ms,
    struct nw_err *err)
{
	static const struct nw_str nobody = {"", 0};
	char id[NW_STORE_ID_LEN + 1];

	return c->type == NW_CHANNEL_EMAIL ? nw_store_group_message(o->store, g, c->to, c->nto, now_ms, id, err) :
	    nw_store_group_message(o->store, g, &nobody, 1, now_ms, id, err);
}

/* Where a group may not go now it moves; nothing is dropped. */
static int
handle_group(struct nw_outbox *o, const struct nw_store_group *g, int64_t now_ms, int flush, struct nw_err *err)
{
	const struct nw_conf_channel *c = channel_of(o, g->channel);
	struct nw_timing when = {.due_ms = now_ms};

	if (c == NULL || !c->enabled)
		return nw_store_group_move(o->store, g, now_ms + NO_CHANNEL_MS, NW_STR(""),
		    NW_STR("its channel is not configured, or disabled"), err);
	if (!flush && nw_timing_decide(o->store, c, g, now_ms, &when, err) == -1)
		return -1;
	if (when.due_ms > now_ms)
		return nw_store_group_move(o->store, g, when.due_ms, when.key, when.reason, err);
	return make_message(o, g, c, now_ms, err);
}

static int
make_messages(struct nw_outbox *o, int64_t now_ms, int flush, struct nw_err *err)
{
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_store_group *group;
	uint32_t n = 0;
	int rc = -1;

	if (arena == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	if (nw_store_group_due(o->store, flush ? NW_STORE_NEVER : now_ms, GROUPS_MAX, arena, &group, &n, err) == 0) {
		rc = 0;
		for (uint32_t i = 0; i < n && rc != -1; i++)
			rc = handle_group(o, &group[i], now_ms, flush, err);
		if (n == GROUPS_MAX)
			o->ops.kick(o->ops.cookie);
	}
	nw_arena_free(arena);
	return rc == -1 ? -1 : 0;
}

/* --- rendering ------------------------------------------------------------------------------------------------------ */

static int
submit_render(struct nw_outbox *o, struct nw_arena *arena, const struct nw_store_render *r)
{
	const struct nw_conf_channel *c = channel_of(o, r->channel);
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
	if (r->digest)
		m->digest_title = nw_pb(NW_STR("digest"));
	job->job_case = NW__JOB__JOB_RENDER;
	job->render = m;
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
	if (got == 1 && submit_render(o, arena, r) == -1)
		got = nw_store_render_failed(o->store, r->id, NW_STR("no worker takes it"), now_ms + RENDER_RETRY_MS, now_ms,
		    &failed, err);
	nw_arena_free(arena);
	return got;
}

void
nw_outbox_rendered(struct nw_outbox *o, const char *id, const Nw__Message *parts, const char *why)
{
	int64_t now_ms = nw_clock_wall_ms();
	char key[128];
	int failed = 0;

	o->rendering--;
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

/* --- the turn --------------------------------------------------------------------------------------------------------- */

static int
wake_senders(struct nw_outbox *o, int64_t now_ms, struct nw_err *err)
{
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_str *channel;
	uint32_t n = 0;
	int rc = -1;

	if (arena == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	if ((rc = nw_store_delivery_channels(o->store, now_ms, arena, &channel, &n, err)) == 0)
		for (uint32_t i = 0; i < n; i++)
			nw_senders_wake(o->senders, channel[i]);
	nw_arena_free(arena);
	return rc;
}

int
nw_outbox_turn(struct nw_outbox *o, int64_t now_ms, int flush, struct nw_err *err)
{
	int got = 1;

	if (make_messages(o, now_ms, flush, err) == -1)
		return -1;
	while (o->rendering < RENDERS_MAX && got == 1)
		if ((got = render_one(o, now_ms, err)) == -1)
			return -1;
	return wake_senders(o, now_ms, err);
}

void
nw_outbox_renew(struct nw_outbox *o)
{
	nw_senders_renew(o->senders);
}

uint32_t
nw_outbox_busy(const struct nw_outbox *o)
{
	return o->rendering + nw_senders_busy(o->senders);
}

uint32_t
nw_outbox_pids(const struct nw_outbox *o, int *pids_r, uint32_t n)
{
	return nw_senders_pids(o->senders, pids_r, n);
}

struct nw_outbox *
nw_outbox_new(struct event_base *base, struct nw_store *store, const char *sender_program, const struct nw_outbox_ops *ops,
    struct nw_err *err)
{
	struct nw_outbox *o = calloc(1, sizeof(*o));
	struct nw_senders_ops s = {give_channel, wipe_channel, give_next, on_done, on_unusable, on_line, o};

	if (o == NULL) {
		nw_fail(err, NW_ERES, "out of memory");
		return NULL;
	}
	o->store = store;
	o->ops = *ops;
	if (gethostname(o->hostname, sizeof(o->hostname) - 1) == -1)
		(void)strcpy(o->hostname, "localhost");
	if ((o->senders = nw_senders_new(base, sender_program, &s, err)) == NULL) {
		free(o);
		return NULL;
	}
	return o;
}

void
nw_outbox_free(struct nw_outbox *o)
{
	if (o == NULL)
		return;
	nw_senders_free(o->senders);
	free(o);
}
