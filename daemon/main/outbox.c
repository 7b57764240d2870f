#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/limits.h"
#include "main/outbox_own.h"
#include "main/timing.h"

#define FLOOD_LOOK_MS 60000

int
nw_outbox_is_open(const struct nw_outbox *o, struct nw_str channel)
{
	const struct nw_conf_channel *c = nw_outbox_channel(o, channel);
	const struct nw_channel_state *s;

	if (c == NULL || !c->enabled)
		return 0;
	s = nw_channels_get(o->channels, channel);
	return s == NULL || !s->gone;
}

/* --- the turn --------------------------------------------------------------------------------------------------------- */

static int
act(struct nw_outbox *o, int64_t now_ms, int flush, int64_t *delivery_ms_r, struct nw_err *err)
{
	if (nw_outbox_escalate(o, now_ms, err) == -1 || nw_outbox_make_messages(o, now_ms, flush, err) == -1 ||
	    nw_outbox_render(o, now_ms, err) == -1 || nw_outbox_wake(o, now_ms, delivery_ms_r, err) == -1)
		return -1;
	if (o->floods == 0 || now_ms < o->flood_look_ms)
		return 0;
	o->flood_look_ms = now_ms + FLOOD_LOOK_MS;
	return nw_outbox_look_at_floods(o, now_ms, err);
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int
nw_outbox_turn(struct nw_outbox *o, int64_t now_ms, int flush, int64_t *next_ms_r, struct nw_err *err)
{
	int64_t delivery_ms = NW_STORE_NEVER;
	struct nw_store_due due;

	nw_outbox_save_accepted(o);
	if (nw_store_due(o->store, &due, err) == -1)
		return -1;
	if (now_ms < o->last_ms) { /* the clock went back: what was reckoned by it is void */
		o->stale = 1;
		o->flood_look_ms = 0;
	}
	o->last_ms = now_ms;
	if (!o->stale && due.changes == o->changes && now_ms < o->next_ms) {
		*next_ms_r = o->next_ms;
		return 0;
	}
	o->stale = 1; /* until the turn has succeeded */
	if (act(o, now_ms, flush, &delivery_ms, err) == -1 || nw_store_due(o->store, &due, err) == -1)
		return -1;
	o->stale = 0;
	o->changes = due.changes;
	o->next_ms = earlier(earlier(due.outbox_ms, due.escalate_ms), delivery_ms);
	if (o->floods > 0)
		o->next_ms = earlier(o->next_ms, o->flood_look_ms);
	if (o->rendering < NW_RENDERS_MAX)
		o->next_ms = earlier(o->next_ms, due.render_ms);
	*next_ms_r = o->next_ms;
	return 0;
}

/* What waits for a reason that the channel's rules may give no more is judged anew. */
static int
release(struct nw_outbox *o, const struct nw_conf_channel *c, struct nw_err *err)
{
	const struct {
		int is_void;
		struct nw_str reason;
	} waits[] = {
	    {1, NW_STR(NW_STORE_NO_CHANNEL)}, /* it can be used */
	    {1, NW_STR(NW_TIMING_QUIET)}, /* which keep the group as it is */
	    {c->ndigest == 0, NW_STR(NW_TIMING_DIGEST)},
	    {c->throttle_n == 0, NW_STR(NW_TIMING_THROTTLE)},
	};

	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
		if (waits[i].is_void &&
		    nw_store_outbox_release(o->store, c->name, waits[i].reason, nw_clock_wall_ms(), err) == -1)
			return -1;
	return 0;
}

/* Who is a recipient no more gets nothing more, and nothing is lost with him. */
static int
readdress(struct nw_outbox *o, const struct nw_conf_channel *c, struct nw_err *err)
{
	static const struct nw_str nobody = {"", 0};
	int is_mail = c->type == NW_CHANNEL_EMAIL;
	uint32_t n = 0;

	if (nw_store_readdress(o->store, c->name, is_mail ? c->to : &nobody, is_mail ? c->nto : 1, nw_clock_wall_ms(), &n,
		err) == -1)
		return -1;
	if (n > 0)
		nw_log(NW_LOG_NOTICE, "channel %.*s: %u deliveries waited for somebody who is no recipient of it any more: "
		    "its recipients get them", (int)c->name.len, c->name.p, n);
	return 0;
}

void
nw_outbox_renew(struct nw_outbox *o)
{
	const struct nw_config *c = nw_outbox_config(o);
	struct nw_err err;

	for (uint32_t i = 0; i < c->nchannel; i++) {
		struct nw_channel_state *s = nw_channels_get(o->channels, c->channel[i]->name);

		if (s != NULL)
			s->rest_until_ms = 0;
		if (readdress(o, c->channel[i], &err) == -1)
			nw_log(NW_LOG_ERROR, "%s", err.msg); /* the next reload looks again */
		if (nw_outbox_is_open(o, c->channel[i]->name) && release(o, c->channel[i], &err) == -1)
			nw_log(NW_LOG_ERROR, "%s", err.msg); /* they are looked at again within the hour */
	}
	o->stale = 1;
	nw_senders_renew(o->senders);
}

int
nw_outbox_release(struct nw_outbox *o, struct nw_str channel, struct nw_err *err)
{
	struct nw_channel_state *s = nw_channels_get(o->channels, channel);
	char key[NW_NAME_MAX + 32], text[NW_NAME_MAX + 64];
	uint32_t n = 0;

	if (nw_store_channel_release(o->store, channel, nw_clock_wall_ms(), &n, err) == -1)
		return -1;
	if (s != NULL && s->gone) {
		s->gone = 0;
		(void)snprintf(key, sizeof(key), NW_CHANNEL_GONE "%s", s->name); /* names are short, here and below */
		(void)snprintf(text, sizeof(text), "channel %s is used again: %u deliveries are due", s->name, n);
		o->ops.condition(o->ops.cookie, 0, key, channel, text);
	}
	o->stale = 1;
	return (int)n;
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

/* --- life ------------------------------------------------------------------------------------------------------------- */

struct nw_outbox *
nw_outbox_new(struct event_base *base, struct nw_store *store, const char *sender_program, const struct nw_outbox_ops *ops,
    struct nw_err *err)
{
	struct nw_outbox *o = calloc(1, sizeof(*o));
	struct nw_senders_ops s;

	if (o == NULL) {
		nw_fail(err, NW_ERES, "out of memory");
		return NULL;
	}
	o->store = store;
	o->ops = *ops;
	o->stale = 1;
	o->floods = 1; /* there may be one from before the start */
	if (gethostname(o->hostname, sizeof(o->hostname) - 1) == -1)
		(void)strcpy(o->hostname, "localhost");
	nw_outbox_sender_ops(o, &s);
	if ((o->channels = nw_channels_new()) == NULL) {
		nw_fail(err, NW_ERES, "out of memory");
	} else if (nw_channels_load(o->channels, store, err) == 0 &&
		   (o->senders = nw_senders_new(base, sender_program, &s, err)) != NULL) {
		return o;
	}
	nw_outbox_free(o);
	return NULL;
}

void
nw_outbox_free(struct nw_outbox *o)
{
	if (o == NULL)
		return;
	nw_senders_free(o->senders);
	nw_channels_free(o->channels);
	free(o);
}
