/* What senders ask of the outbox, what came of their deliveries, and which of them are to run. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/frame.h"
#include "core/limits.h"
#include "core/severity.h"
#include "main/outbox_own.h"
#include "store/store_tell.h"

#define LEASE_MS (NW_SENDER_MS + INT64_C(30000)) /* the deadline strikes first */

/* --- what the senders ask ---------------------------------------------------------------------------------------- */

static int
give_channel(void *cookie, struct nw_str name, struct nw_arena *arena, Nw__Channel **channel_r, struct nw_err *err)
{
	struct nw_outbox *o = cookie;
	const struct nw_conf_channel *c = nw_outbox_channel(o, name);

	if (c == NULL)
		return nw_fail(err, NW_ECONF, "channel '%.*s' is not configured; its deliveries wait", (int)name.len, name.p);
	return nw_conf_channel_frame(nw_outbox_config(o), c, o->hostname, arena, channel_r, err);
}

static void
wipe_channel(void *cookie, Nw__Channel *c)
{
	(void)cookie;
	nw_conf_channel_wipe(c);
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
	d->severity = nw_pb(nw_str(nw_severity_name(row->severity)));
	d->watch = nw_pb(row->watch);
	d->now_ms = now_ms;
	*deliver_r = d;
	return 1;
}

/* --- what was accepted -------------------------------------------------------------------------------------------- */

/* It rests, so that what cannot start is not started in a circle. */
static void
rest(struct nw_outbox *o, struct nw_str channel)
{
	struct nw_channel_state *s = nw_channels_get(o->channels, channel);

	if (s != NULL)
		s->rest_until_ms = nw_clock_wall_ms() + NW_CHANNEL_REST_MS;
}

/* Likewise where the store takes nothing: what is sent would be sent again. */
static void
rest_all(struct nw_outbox *o)
{
	o->rest_until_ms = nw_clock_wall_ms() + NW_OUTBOX_REST_MS;
}

/* The end of a rest; 0 it is over, or the clock has gone back behind it. */
static int64_t
still(int64_t until_ms, int64_t now_ms)
{
	return until_ms > now_ms && until_ms <= now_ms + NW_CHANNEL_REST_MS ? until_ms : 0;
}

/* Until when a channel rests; 0 it does not. */
static int64_t
rests_until(const struct nw_outbox *o, struct nw_str channel, int64_t now_ms)
{
	const struct nw_channel_state *s = nw_channels_get(o->channels, channel);
	int64_t all_ms = still(o->rest_until_ms, now_ms), own_ms = s != NULL ? still(s->rest_until_ms, now_ms) : 0;

	return own_ms > all_ms ? own_ms : all_ms;
}

static void
keep_accepted(struct nw_outbox *o, const char *id, const struct nw_store_outcome *out)
{
	struct nw_accepted *a;

	if (o->naccepted == NW_ACCEPTED_KEPT)
		return; /* no more are given out before these are on disk */
	a = &o->accepted[o->naccepted++];
	(void)snprintf(a->id, sizeof(a->id), "%s", id);
	(void)snprintf(a->answer, sizeof(a->answer), "%.*s", (int)nw_utf8_cut(out->text, NW_ACCEPTED_TEXT), out->text.p);
	a->code = out->code;
}

/* A group that the disk did not take took outcomes with it: they are recorded anew, so that nobody gets a mail for each
 * second of a full disk. */
static int
record_lost(struct nw_outbox *o, struct nw_err *err)
{
	for (uint32_t i = 0; i < o->naccepted; i++) {
		const struct nw_accepted *a = &o->accepted[i];
		struct nw_store_outcome out = {.result = NW_STORE_SENT, .code = a->code, .text = nw_str(a->answer)};

		if (nw_store_delivery_done(o->store, a->id, &out, nw_clock_wall_ms(), NULL, err) == -1)
			return -1;
	}
	o->undone = nw_store_undone(o->store);
	o->lost = 0;
	return 0;
}

/*
 * A crash repeats what was accepted and is not on disk.  So little of it waits, and none where nothing else is to be
 * sent; but a wait for the disk each would hold up the next.  The wait falls, where it can, while a sender is at work.
 * -1: the store takes nothing, so nothing more is to leave.
 */
static int
save_accepted(struct nw_outbox *o, uint32_t least)
{
	struct nw_err err;

	if (nw_store_undone(o->store) != o->undone) { /* leases and outcomes of every channel may have gone with it */
		o->undone = nw_store_undone(o->store);
		o->lost = 1;
		rest_all(o);
	}
	if (o->naccepted == 0)
		o->lost = 0;
	if (o->naccepted < least && !o->lost)
		return 0;
	if ((o->lost && record_lost(o, &err) == -1) || nw_store_flush(o->store, &err) == -1) {
		o->lost = 1;
		rest_all(o);
		o->ops.store_failed(o->ops.cookie, &err);
		return -1;
	}
	o->naccepted = 0;
	return 0;
}

void
nw_outbox_save_accepted(struct nw_outbox *o)
{
	(void)save_accepted(o, NW_ACCEPTED_MAX - 1); /* with the one on its way; what failed is tried again */
}

static int
give_next(void *cookie, struct nw_str name, struct nw_arena *arena, Nw__Deliver **deliver_r)
{
	struct nw_outbox *o = cookie;
	struct nw_store_delivery *row;
	int64_t now_ms = nw_clock_wall_ms();
	struct nw_err err;
	int got = 0;

	if (save_accepted(o, NW_ACCEPTED_MAX) == 0 && nw_outbox_is_open(o, name) && rests_until(o, name, now_ms) == 0)
		got = nw_store_delivery_claim(o->store, name, now_ms, LEASE_MS, arena, &row, &err);
	if (got == -1)
		o->ops.store_failed(o->ops.cookie, &err);
	if (got != 1)
		(void)save_accepted(o, 1); /* likewise */
	return got == 1 ? fill_deliver(arena, row, now_ms, deliver_r) : got;
}

/* --- outcomes ----------------------------------------------------------------------------------------------------- */

static void
tell_failed(struct nw_outbox *o, struct nw_str channel, const char *id, const struct nw_store_outcome *out, int aged)
{
	char key[128], text[512];

	(void)snprintf(key, sizeof(key), "delivery/%s", id); /* ids are short */
	(void)snprintf(text, sizeof(text), "delivery %s to channel %.*s failed for good: %.*s%s", id, (int)channel.len,
	    channel.p, (int)nw_utf8_cut(out->text, 200), out->text.p,
	    aged ? " (it was tried for days)" : "");
	o->ops.tell(o->ops.cookie, key, channel, NW_SEV_HIGH, text);
}

/* A channel begins or ceases to fail, or is gone: told once each way. */
static void
condition(struct nw_outbox *o, int raise, const char *prefix, struct nw_str channel, const char *text)
{
	char key[NW_NAME_MAX + 32];

	(void)snprintf(key, sizeof(key), "%s%.*s", prefix, (int)channel.len, channel.p); /* names are short */
	o->ops.condition(o->ops.cookie, raise, key, channel, text);
}

void
nw_outbox_failing(struct nw_outbox *o, struct nw_str channel, struct nw_str why)
{
	struct nw_channel_state *s = nw_channels_get(o->channels, channel);
	char text[512];

	if (s == NULL || s->failing)
		return;
	s->failing = 1;
	(void)snprintf(text, sizeof(text), "channel %s cannot deliver: %.*s; it is tried again, its alerts wait", s->name,
	    (int)nw_utf8_cut(why, 300), why.p); /* cut is fine */
	condition(o, 1, NW_CHANNEL_FAILING, channel, text);
}

void
nw_outbox_dropped(struct nw_outbox *o)
{
	char text[NW_NAME_MAX + 48];
	uint32_t n;

	for (struct nw_channel_state *s = nw_channels_first(o->channels); s != NULL; s = s->next) {
		if (!s->failing || nw_store_channel_waiting(o->store, nw_str(s->name), &n, NULL) == -1 || n > 0)
			continue;
		s->failing = 0;
		(void)snprintf(text, sizeof(text), "nothing waits for channel %s any more", s->name); /* fits */
		condition(o, 0, NW_CHANNEL_FAILING, nw_str(s->name), text);
	}
}

static void
works(struct nw_outbox *o, struct nw_str channel)
{
	struct nw_channel_state *s = nw_channels_get(o->channels, channel);
	char text[NW_NAME_MAX + 40];

	if (s == NULL || !s->failing)
		return;
	s->failing = 0;
	(void)snprintf(text, sizeof(text), "channel %s delivers again", s->name); /* fits */
	condition(o, 0, NW_CHANNEL_FAILING, channel, text);
}

static void
gone(struct nw_outbox *o, struct nw_str channel, const struct nw_store_outcome *out, int64_t now_ms)
{
	struct nw_channel_state *s = nw_channels_get(o->channels, channel);
	char text[512];
	uint32_t n = 0;

	if (s != NULL)
		s->gone = 1;
	(void)nw_store_channel_hold(o->store, channel, out->text, now_ms, &n, NULL); /* give_next() asks is_open() anyway */
	(void)snprintf(text, sizeof(text), "channel %.*s answers 410, gone for good: %u deliveries are held; when its "
	    "address is right again: newswatch release %.*s", (int)channel.len, channel.p, n, (int)channel.len, channel.p);
	condition(o, 1, NW_CHANNEL_GONE, channel, text);
}

/* What a sender said, in the store's words.  Its enum is not ours: every value is checked. */
static struct nw_store_outcome
translate(const Nw__Outcome *m, const char *why, int started)
{
	static const uint32_t result[] = {NW_STORE_SENT, NW_STORE_LATER, NW_STORE_REJECTED, NW_STORE_LATER};

	if (m == NULL)
		return (struct nw_store_outcome){.result = started ? NW_STORE_LATER : NW_STORE_RETURNED, .text = nw_str(why)};
	return (struct nw_store_outcome){
	    /* a channel that is gone keeps its alerts */
	    .result = m->disable || m->result >= 4 ? NW_STORE_LATER : result[m->result],
	    .code = m->code < 1000 ? m->code : 0,
	    .text = nw_pb_str(m->text),
	    .retry_after_ms = m->retry_after_ms > 0 ? m->retry_after_ms : 0,
	};
}

static int
is_login(const struct nw_store_outcome *out)
{
	return out->code == 530 || out->code == 534 || out->code == 535;
}

static void
settled(struct nw_outbox *o, struct nw_str channel, const char *id, const struct nw_store_outcome *out,
    const struct nw_store_settled *s)
{
	if (s->state == NW_STORE_UNDELIVERABLE)
		tell_failed(o, channel, id, out, (int)s->gave_up);
	else if (s->state == NW_STORE_DELIVERED)
		works(o, channel);
	else if (s->attempts >= NW_CHANNEL_FAILS || is_login(out))
		nw_outbox_failing(o, channel, out->text);
}

static void
on_done(void *cookie, struct nw_str channel, struct nw_str id, const Nw__Outcome *m, const char *why, int started)
{
	struct nw_outbox *o = cookie;
	const struct nw_conf_channel *c = nw_outbox_channel(o, channel);
	struct nw_store_outcome out = translate(m, why, started);
	struct nw_store_settled end = {0};
	int64_t now_ms = nw_clock_wall_ms();

	out.max_age_ms = c != NULL ? c->max_age_s * 1000 : 0;
	if (out.result == NW_STORE_SENT)
		keep_accepted(o, id.p, &out);
	if (nw_store_delivery_done(o->store, id.p, &out, now_ms, &end, NULL) == 0) {
		settled(o, channel, id.p, &out, &end);
	} else { /* its lease may have gone, too: what was accepted is not sent again, nor anything tried in a circle */
		o->lost = 1;
		rest_all(o);
	}
	if (m != NULL && m->disable)
		gone(o, channel, &out, now_ms);
	o->stale = 1;
	o->ops.kick(o->ops.cookie);
}

static void
on_unusable(void *cookie, struct nw_str channel, const struct nw_err *why)
{
	struct nw_outbox *o = cookie;

	rest(o, channel);
	nw_outbox_failing(o, channel, nw_str(why->msg));
}

static void
on_ended(void *cookie, struct nw_str channel, int ready)
{
	struct nw_outbox *o = cookie;

	if (!ready)
		rest(o, channel);
	o->stale = 1;
	o->ops.kick(o->ops.cookie);
}

static void
on_line(void *cookie, const char *line, size_t len)
{
	struct nw_outbox *o = cookie;

	o->ops.line(o->ops.cookie, line, len);
}

void
nw_outbox_sender_ops(struct nw_outbox *o, struct nw_senders_ops *ops_r)
{
	*ops_r = (struct nw_senders_ops){
	    .channel = give_channel,
	    .wipe = wipe_channel,
	    .next = give_next,
	    .done = on_done,
	    .unusable = on_unusable,
	    .ended = on_ended,
	    .line = on_line,
	    .cookie = o,
	};
}

/* --- which senders are to run ---------------------------------------------------------------------------------------- */

/* Wake a channel whose time has come; when to look at it again, whatever its senders say until then. */
static int64_t
wake_channel(struct nw_outbox *o, const struct nw_store_queue *q, int64_t now_ms)
{
	const struct nw_conf_channel *c = nw_outbox_channel(o, q->channel);
	int64_t rest_ms = rests_until(o, q->channel, now_ms), at_ms = q->next_ms;
	uint32_t parallel = c != NULL ? c->parallel : 1;

	if (c != NULL && !c->enabled)
		nw_outbox_failing(o, q->channel, NW_STR(NW_CHANNEL_DISABLED));
	if (c != NULL && !nw_outbox_is_open(o, q->channel))
		return NW_STORE_NEVER; /* until it is enabled or released */
	if (rest_ms > at_ms)
		at_ms = rest_ms;
	if (at_ms > now_ms)
		return at_ms;
	nw_senders_wake(o->senders, q->channel, parallel);
	return now_ms + NW_CHANNEL_REST_MS;
}

int
nw_outbox_wake(struct nw_outbox *o, int64_t now_ms, int64_t *next_ms_r, struct nw_err *err)
{
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_store_queue *q;
	uint32_t n = 0;
	int rc;

	*next_ms_r = NW_STORE_NEVER;
	if (arena == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	rc = nw_store_queues(o->store, arena, &q, &n, err);
	for (uint32_t i = 0; i < n && rc == 0; i++) {
		int64_t at_ms = wake_channel(o, &q[i], now_ms);

		if (at_ms < *next_ms_r)
			*next_ms_r = at_ms;
	}
	nw_arena_free(arena);
	return rc;
}
