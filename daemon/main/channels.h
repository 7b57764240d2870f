/*
 * channels.h - what newswatchd keeps in mind of channels between two turns: gone (410), failing, resting after it could
 * not be used, and its time zone.
 * Floor 4, newswatchd.  Conditions in the store are the truth of the first two; this saves asking.
 */
#ifndef NW_MAIN_CHANNELS_H
#define NW_MAIN_CHANNELS_H

#include "core/conf.h"
#include "core/limits.h"

struct nw_channels;
struct nw_err;
struct nw_store;
struct nw_zone;

/* Conditions by which a channel's state outlives a restart. */
#define NW_CHANNEL_GONE	   "channel-gone/"
#define NW_CHANNEL_FAILING "channel-failing/"
#define NW_CHANNEL_DISABLED "it is not configured, or disabled"

struct nw_channel_state {
	struct nw_channel_state *next;
	char name[NW_NAME_MAX + 1], zone_name[NW_NAME_MAX + 1];
	struct nw_zone *zone;
	uint32_t gone, failing;
	int64_t rest_until_ms; /* wall; 0 = it may be used */
};

struct nw_channels *nw_channels_new(void); /* NULL without memory */
void nw_channels_free(struct nw_channels *); /* NULL is fine */
/* Which channels were gone or failing when newswatchd stopped. */
int nw_channels_load(struct nw_channels *, struct nw_store *, struct nw_err *);
struct nw_channel_state *nw_channels_first(const struct nw_channels *); /* then ->next */
/* The state of a name, made at its first mention; NULL without memory or past NW_STORE_CHANNELS_MAX. */
struct nw_channel_state *nw_channels_get(struct nw_channels *, struct nw_str name);
/* Its zone; UTC where the machine does not know it.  NULL without memory. */
const struct nw_zone *nw_channels_zone(struct nw_channels *, const struct nw_conf_channel *);
#endif
