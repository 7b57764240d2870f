#include "base/err.h"
#include "base/str.h"
#include "main/timing.h"

/* A channel's bound on messages: the group waits until the oldest of them leaves the window. */
static int
throttled(struct nw_store *store, const struct nw_conf_channel *c, int64_t now_ms, int64_t *until_r, struct nw_err *err)
{
	uint32_t n;

	*until_r = now_ms;
	if (c->throttle_n == 0)
		return 0;
	if (nw_store_message_count(store, c->name, NW_STR(""), now_ms - c->throttle_s * 1000, &n, err) == -1)
		return -1;
	if (n >= c->throttle_n)
		*until_r = now_ms + c->throttle_s * 1000 / (int64_t)c->throttle_n;
	return 0;
}

int
nw_timing_decide(struct nw_store *store, const struct nw_conf_channel *c, const struct nw_store_group *g, int64_t now_ms, struct nw_timing *when_r, struct nw_err *err)
{
	int64_t until;

	*when_r = (struct nw_timing){now_ms, NW_STR(""), NW_STR("")};
	if (nw_store_silenced(store, g, now_ms, &until, err) == -1)
		return -1;
	if (until != NW_TIME_NONE && until > now_ms) {
		*when_r = (struct nw_timing){until, NW_STR(""), NW_STR("silenced")};
		return 0;
	}
	if (g->severity >= NW_SEV_CRITICAL)
		return 0;
	if (throttled(store, c, now_ms, &until, err) == -1)
		return -1;
	if (until > now_ms)
		*when_r = (struct nw_timing){until, NW_STR(""), NW_STR("throttled")};
	return 0;
}
