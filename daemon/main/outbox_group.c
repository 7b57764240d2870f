/* From due groups to messages, from what nobody acknowledged to a further channel, and floods. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/limits.h"
#include "main/outbox_own.h"
#include "main/timing.h"
#include "store/store_read.h"

#define GROUPS_MAX    64 /* made into messages in one turn */
#define NO_CHANNEL_MS (3600 * INT64_C(1000)) /* rows of a channel that cannot be used are looked at again */
#define FLOOD	      "flood/"
#define FLOODS_MAX    64 /* looked at in one turn; the others in the next */

/* --- messages ------------------------------------------------------------------------------------------------------- */

static int
make_message(struct nw_outbox *o, struct nw_store_group *g, const struct nw_conf_channel *c, int64_t now_ms,
    struct nw_err *err)
{
	static const struct nw_str nobody = {"", 0};
	char id[NW_STORE_ID_LEN + 1];

	if (c->escalate_to != -1 && !g->notice)
		g->escalate_at_ms = now_ms + c->escalate_after_s * 1000;
	if (c->type == NW_CHANNEL_EMAIL)
		return nw_store_group_message(o->store, g, c->to, c->nto, now_ms, id, err);
	g->most = NW_WEBHOOK_ALERTS_MAX;
	return nw_store_group_message(o->store, g, &nobody, 1, now_ms, id, err);
}

static void
tell_flood(struct nw_outbox *o, struct nw_str watch)
{
	char key[NW_NAME_MAX + 16], text[NW_NAME_MAX + 160];

	(void)snprintf(key, sizeof(key), FLOOD "%.*s", (int)watch.len, watch.p); /* names are short, here and below */
	(void)snprintf(text, sizeof(text), "watch %.*s has alerted more than %u times in an hour: its alerts are gathered "
	    "into digests, critical ones still go singly", (int)watch.len, watch.p, nw_outbox_config(o)->daemon.delivery.flood);
	o->ops.condition(o->ops.cookie, 1, key, NW_STR(""), text);
	o->floods++;
}

/* Where a group may not go now it moves; nothing is dropped. */
static int
handle_group(struct nw_outbox *o, struct nw_store_group *g, int64_t now_ms, int flush, struct nw_err *err)
{
	const struct nw_conf_channel *c = nw_outbox_channel(o, g->channel);
	struct nw_timing_facts facts = {.now_ms = now_ms, .flush = (uint32_t)flush};
	const struct nw_zone *zone;
	struct nw_timing when;
	int held;

	if (!nw_outbox_is_open(o, g->channel)) {
		if (c == NULL || !c->enabled)
			nw_outbox_failing(o, g->channel, NW_STR(NW_CHANNEL_DISABLED));
		return nw_store_group_move(o->store, g, now_ms + NO_CHANNEL_MS, NW_STR(""), NW_STR(NW_STORE_NO_CHANNEL), err);
	}
	held = g->severity >= NW_SEV_CRITICAL ? 0 : nw_store_silence_hold(o->store, g, now_ms, err);
	if (held != 0)
		return held == -1 ? -1 : 0; /* what is left of it is due, and seen by the next turn */
	if ((zone = nw_channels_zone(o->channels, c)) == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	if (nw_timing_facts(o->store, c, nw_outbox_config(o)->daemon.delivery.flood, g, &facts, err) == -1)
		return -1;
	nw_timing_judge(c, zone, g, &facts, &when);
	if (when.flood)
		tell_flood(o, g->watch);
	if (when.due_ms > now_ms || when.key[0] != '\0')
		return nw_store_group_move(o->store, g, when.due_ms, nw_str(when.key), nw_str(when.reason), err);
	return make_message(o, g, c, now_ms, err);
}

static int
handle_all(struct nw_outbox *o, struct nw_store_group *g, uint32_t n, int64_t now_ms, int flush, struct nw_err *err)
{
	int rc = 0;

	for (uint32_t i = 0; i < n && rc != -1; i++)
		rc = handle_group(o, &g[i], now_ms, flush, err);
	return rc == -1 ? -1 : 0;
}

int
nw_outbox_make_messages(struct nw_outbox *o, int64_t now_ms, int flush, struct nw_err *err)
{
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_store_group *g;
	uint32_t n = 0;
	int rc = -1;

	if (arena == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	if (nw_store_group_due(o->store, now_ms, GROUPS_MAX, arena, &g, &n, err) == 0)
		rc = handle_all(o, g, n, now_ms, flush, err);
	if (rc == 0 && flush && n == 0 &&
	    (rc = nw_store_group_waiting(o->store, GROUPS_MAX, arena, &g, &n, err)) == 0)
		rc = handle_all(o, g, n, now_ms, flush, err);
	nw_arena_free(arena);
	return rc;
}

/* --- escalation ------------------------------------------------------------------------------------------------------ */

/* The channel's own choice today; a channel that escalates no more lets go. */
static int
escalate_one(struct nw_outbox *o, const struct nw_store_escalation *e, int64_t now_ms, struct nw_err *err)
{
	const struct nw_conf_channel *c = nw_outbox_channel(o, e->channel), *to = NULL;
	int n;

	if (c != NULL && c->escalate_to != -1)
		to = nw_outbox_config(o)->channel[c->escalate_to];
	n = nw_store_escalate(o->store, e->message, to != NULL ? to->name : NW_STR(""), to != NULL ? to->min_severity : 0,
	    now_ms, err);
	if (n > 0)
		nw_log(NW_LOG_NOTICE, "channel %.*s: %d alerts were not acknowledged in time and go to %.*s",
		    (int)e->channel.len, e->channel.p, n, (int)to->name.len, to->name.p);
	return n == -1 ? -1 : 0;
}

int
nw_outbox_escalate(struct nw_outbox *o, int64_t now_ms, struct nw_err *err)
{
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_store_escalation e;
	int got = 1;

	if (arena == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	for (uint32_t i = 0; i < GROUPS_MAX && got == 1; i++)
		if ((got = nw_store_escalate_next(o->store, now_ms, arena, &e, err)) == 1 &&
		    escalate_one(o, &e, now_ms, err) == -1)
			got = -1;
	nw_arena_free(arena);
	return got == -1 ? -1 : 0;
}

/* --- floods ---------------------------------------------------------------------------------------------------------- */

struct floods {
	uint32_t n;
	char watch[FLOODS_MAX][NW_NAME_MAX + 1];
};

static int
on_condition(void *cookie, const struct nw_store_condition_row *row)
{
	struct floods *f = cookie;

	if (nw_str_starts(row->key, FLOOD))
		(void)snprintf(f->watch[f->n++], sizeof(f->watch[0]), "%s", row->key.p + strlen(FLOOD)); /* names fit */
	return f->n == FLOODS_MAX;
}

static int
look_at_flood(struct nw_outbox *o, const char *watch, int64_t now_ms, struct nw_err *err)
{
	uint32_t most = nw_outbox_config(o)->daemon.delivery.flood;
	char key[NW_NAME_MAX + 16], text[NW_NAME_MAX + 80];
	int64_t at_ms;

	if (nw_store_alert_nth(o->store, nw_str(watch), most, &at_ms, err) == -1)
		return -1;
	if (most != 0 && at_ms != NW_TIME_NONE && at_ms > now_ms - NW_FLOOD_S * INT64_C(1000))
		return 0;
	(void)snprintf(key, sizeof(key), FLOOD "%s", watch); /* names are short, here and below */
	(void)snprintf(text, sizeof(text), "watch %s: the flood is over, its alerts go singly again", watch);
	o->ops.condition(o->ops.cookie, 0, key, NW_STR(""), text);
	return 0;
}

int
nw_outbox_look_at_floods(struct nw_outbox *o, int64_t now_ms, struct nw_err *err)
{
	struct floods f = {0};

	if (nw_store_conditions(o->store, on_condition, &f, err) == -1)
		return -1;
	o->floods = f.n; /* what ends now is seen to be gone by the next look */
	for (uint32_t i = 0; i < f.n; i++)
		if (look_at_flood(o, f.watch[i], now_ms, err) == -1)
			return -1;
	return 0;
}
