#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/zone.h"
#include "main/channels.h"
#include "store/store_read.h"

struct nw_channels {
	struct nw_channel_state *first;
	uint32_t n;
};

struct nw_channels *
nw_channels_new(void)
{
	return calloc(1, sizeof(struct nw_channels));
}

void
nw_channels_free(struct nw_channels *all)
{
	struct nw_channel_state *s;

	while (all != NULL && (s = all->first) != NULL) {
		all->first = s->next;
		nw_zone_free(s->zone);
		free(s);
	}
	free(all);
}

struct nw_channel_state *
nw_channels_get(struct nw_channels *all, struct nw_str name)
{
	struct nw_channel_state *s;

	for (s = all->first; s != NULL; s = s->next)
		if (nw_str_is(name, s->name))
			return s;
	if (name.len > NW_NAME_MAX || all->n == NW_STORE_CHANNELS_MAX || (s = calloc(1, sizeof(*s))) == NULL)
		return NULL;
	memcpy(s->name, name.p, name.len);
	s->next = all->first;
	all->first = s;
	all->n++;
	return s;
}

struct nw_channel_state *
nw_channels_first(const struct nw_channels *all)
{
	return all->first;
}

/* "" where the key begins otherwise. */
static struct nw_str
after(struct nw_str key, const char *prefix)
{
	size_t len = strlen(prefix);

	return nw_str_starts(key, prefix) ? (struct nw_str){key.p + len, key.len - len} : NW_STR("");
}

static int
on_condition(void *cookie, const struct nw_store_condition_row *row)
{
	struct nw_channels *all = cookie;
	struct nw_str gone = after(row->key, NW_CHANNEL_GONE), failing = after(row->key, NW_CHANNEL_FAILING);
	struct nw_channel_state *s = gone.len + failing.len > 0 ? nw_channels_get(all, gone.len > 0 ? gone : failing) : NULL;

	if (s != NULL && gone.len > 0)
		s->gone = 1;
	else if (s != NULL)
		s->failing = 1;
	return 0;
}

int
nw_channels_load(struct nw_channels *all, struct nw_store *store, struct nw_err *err)
{
	return nw_store_conditions(store, on_condition, all, err);
}

const struct nw_zone *
nw_channels_zone(struct nw_channels *all, const struct nw_conf_channel *c)
{
	struct nw_channel_state *s = nw_channels_get(all, c->name);
	struct nw_err err;

	if (s == NULL || (s->zone != NULL && nw_str_is(c->timezone, s->zone_name)))
		return s != NULL ? s->zone : NULL;
	nw_zone_free(s->zone);
	s->zone = NULL;
	if (nw_zone_open(c->timezone, &s->zone, &err) == -1) {
		nw_log(NW_LOG_ERROR, "channel %s: %s; its times are taken as UTC", s->name, err.msg);
		(void)nw_zone_open(NW_STR("UTC"), &s->zone, NULL); /* then it stays NULL */
	}
	(void)snprintf(s->zone_name, sizeof(s->zone_name), "%.*s", (int)c->timezone.len, c->timezone.p); /* names are short */
	return s->zone;
}
