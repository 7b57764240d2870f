#include <inttypes.h>
#include <stdio.h>

#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "main/timing.h"

#define MINUTE_MS     INT64_C(60000)
#define DAY_MIN	      1440
#define FLOOD_SLOT_MS (NW_FLOOD_WAIT_S * INT64_C(1000))

static void
wait_until(struct nw_timing *t, int64_t due_ms, const char *reason)
{
	t->due_ms = due_ms;
	t->reason = reason;
}

static int
is_quiet(const struct nw_conf_channel *c, const struct nw_zone *z, int64_t now_ms)
{
	int32_t minute, from = c->quiet_from_min, to = c->quiet_to_min;

	if (from == -1)
		return 0;
	minute = (int32_t)nw_zone_minute(z, now_ms);
	return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

/* When they are over: in an hour shown twice its own end, not that of the first one, which was. */
static int64_t
quiet_end(const struct nw_conf_channel *c, const struct nw_zone *z, int64_t now_ms)
{
	int32_t left = c->quiet_to_min - (int32_t)nw_zone_minute(z, now_ms);
	int64_t end_ms = now_ms - now_ms % MINUTE_MS + (left > 0 ? left : left + DAY_MIN) * MINUTE_MS;

	if (nw_zone_offset_s(z, end_ms) == nw_zone_offset_s(z, now_ms))
		return end_ms;
	return nw_zone_next(z, now_ms, (uint32_t)c->quiet_to_min);
}

/* The next of the channel's digest times. */
static int64_t
next_digest(const struct nw_conf_channel *c, const struct nw_zone *z, int64_t now_ms)
{
	int64_t first = NW_STORE_NEVER, at;

	for (uint32_t i = 0; i < c->ndigest; i++)
		if ((at = nw_zone_next(z, now_ms, c->digest_min[i])) < first)
			first = at;
	return first;
}

/* Alerts of a flood that come within one slot share a message, whichever turn saw them. */
static void
join_flood(struct nw_timing *t, const struct nw_store_group *g, const struct nw_timing_facts *f)
{
	int64_t slot_ms = (f->now_ms / FLOOD_SLOT_MS + 1) * FLOOD_SLOT_MS;

	wait_until(t, f->flush ? f->now_ms : slot_ms, "flood");
	(void)snprintf(t->key, sizeof(t->key), "flood:%.*s:%" PRId64, (int)g->watch.len, g->watch.p, slot_ms); /* names are short */
}

void
nw_timing_judge(const struct nw_conf_channel *c, const struct nw_zone *z, const struct nw_store_group *g,
    const struct nw_timing_facts *f, struct nw_timing *t)
{
	int gathered = nw_str_starts(g->key, "flood:") || nw_str_starts(g->key, "digest:");

	*t = (struct nw_timing){.due_ms = f->now_ms, .reason = ""};
	if (g->severity >= NW_SEV_CRITICAL)
		return;
	if (is_quiet(c, z, f->now_ms)) {
		wait_until(t, quiet_end(c, z, f->now_ms), NW_TIMING_QUIET);
		return;
	}
	if (g->notice || gathered)
		return;
	t->flood = f->flooded;
	if (c->ndigest > 0) {
		wait_until(t, next_digest(c, z, f->now_ms), NW_TIMING_DIGEST);
		(void)snprintf(t->key, sizeof(t->key), "digest:%" PRId64, t->due_ms); /* fits */
	} else if (f->flooded) {
		join_flood(t, g, f);
	} else if (f->throttled_until_ms != NW_TIME_NONE && f->throttled_until_ms > f->now_ms) {
		wait_until(t, f->throttled_until_ms, NW_TIMING_THROTTLE);
		(void)snprintf(t->key, sizeof(t->key), "throttle:%" PRId64, t->due_ms); /* fits */
	}
}

/* A message may go when the n-th newest one has left the window. */
static int
throttle(struct nw_store *store, const struct nw_conf_channel *c, struct nw_timing_facts *f, struct nw_err *err)
{
	int64_t at_ms;

	if (c->throttle_n == 0)
		return 0;
	if (nw_store_message_nth(store, c->name, c->throttle_n - 1, &at_ms, err) == -1)
		return -1;
	/* one of a later time is by a clock that was wrong */
	if (at_ms != NW_TIME_NONE && at_ms > f->now_ms - c->throttle_s * 1000 && at_ms <= f->now_ms)
		f->throttled_until_ms = at_ms + c->throttle_s * 1000;
	return 0;
}

int
nw_timing_facts(struct nw_store *store, const struct nw_conf_channel *c, uint32_t flood, const struct nw_store_group *g,
    struct nw_timing_facts *f, struct nw_err *err)
{
	int64_t at_ms;

	f->throttled_until_ms = NW_TIME_NONE;
	f->flooded = 0;
	if (g->severity >= NW_SEV_CRITICAL)
		return 0;
	if (throttle(store, c, f, err) == -1)
		return -1;
	if (flood == 0 || g->notice)
		return 0;
	if (nw_store_alert_nth(store, g->watch, flood, &at_ms, err) == -1)
		return -1;
	f->flooded = at_ms != NW_TIME_NONE && at_ms > f->now_ms - NW_FLOOD_S * INT64_C(1000) && at_ms <= f->now_ms;
	return 0;
}
