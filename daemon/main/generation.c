#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/frame.h"
#include "core/limits.h"
#include "main/generation.h"
#include "main/source.h"
#include "store/store_config.h"

#define KEPT_MAX 8 /* older generations; a job lives for seconds, a reload is rarer */

static uint32_t
map_group_by(uint32_t g)
{
	switch (g) {
	case NW_GROUP_STORY:
		return NW_STORE_GROUP_STORY;
	case NW_GROUP_WATCH:
		return NW_STORE_GROUP_WATCH;
	case NW_GROUP_SOURCE:
		return NW_STORE_GROUP_SOURCE;
	case NW_GROUP_NUMBER:
		return NW_STORE_GROUP_NUMBER;
	}
	return NW_STORE_GROUP_NONE;
}

static uint32_t
map_on_revision(uint32_t r)
{
	return r == NW_REVISION_ALWAYS ? NW_STORE_REV_ALWAYS : r == NW_REVISION_NEVER ? NW_STORE_REV_NEVER :
	    NW_STORE_REV_EVIDENCE;
}

static int
fill_watch(struct nw_generation *g, const struct nw_conf_entry *e, struct nw_store_watch *w)
{
	struct nw_str *channels = nw_arena_array(g->arena, e->nnotify, sizeof(*channels));
	uint32_t *channel_min = nw_arena_array(g->arena, e->nnotify, sizeof(*channel_min));

	if (channels == NULL || channel_min == NULL)
		return -1;
	for (uint32_t i = 0; i < e->nnotify; i++) {
		channels[i] = g->config->channel[e->notify[i]]->name;
		channel_min[i] = g->config->channel[e->notify[i]]->min_severity;
	}
	*w = (struct nw_store_watch){
	    .name = e->name,
	    .severity = e->severity,
	    .state = e->state == NW_STATE_LIVE ? NW_STORE_LIVE : NW_STORE_SHADOW,
	    .group_by = map_group_by(e->group_by),
	    .on_revision = map_on_revision(e->on_revision),
	    .group_wait_ms = (e->group_wait_s >= 0 ? e->group_wait_s : g->config->daemon.delivery.group_wait_s) * 1000,
	    .expires_ms = e->expires_at_ms,
	    .channels = channels,
	    .channel_min = channel_min,
	    .nchannels = e->nnotify,
	    .sources = e->sources,
	    .nsources = e->nsources,
	};
	return 0;
}

static int
is_urgent(const struct nw_store_watch *w)
{
	return w->state == NW_STORE_LIVE && w->severity >= NW_SEV_HIGH;
}

static int
fill_watches(struct nw_generation *g)
{
	const struct nw_conf_section *s = nw_conf_section_find(g->config, "watches");

	if (s == NULL)
		return 0;
	if ((g->watch = nw_arena_array(g->arena, s->nentry, sizeof(*g->watch))) == NULL)
		return -1;
	for (g->nwatch = 0; g->nwatch < s->nentry; g->nwatch++) {
		if (fill_watch(g, s->entry[g->nwatch], &g->watch[g->nwatch]) == -1)
			return -1;
		if (is_urgent(&g->watch[g->nwatch]) && g->watch[g->nwatch].nsources == 0)
			g->any_fast = 1;
	}
	return 0;
}

int
nw_generation_is_fast(const struct nw_generation *g, struct nw_str source)
{
	if (g->any_fast)
		return 1;
	for (uint32_t i = 0; i < g->nwatch; i++)
		for (uint32_t k = 0; is_urgent(&g->watch[i]) && k < g->watch[i].nsources; k++)
			if (nw_str_eq(g->watch[i].sources[k], source))
				return 1;
	return 0;
}

int
nw_generation_new(struct nw_config *config, const Nw__Hello *hello, uint64_t number, struct nw_generation **gen_r,
    struct nw_err *err)
{
	struct nw_generation *g = calloc(1, sizeof(*g));

	if (g == NULL) {
		nw_conf_free(config);
		return nw_fail(err, NW_ERES, "out of memory");
	}
	g->config = config;
	g->number = number;
	g->nsource = config->nsource;
	g->engine_version = hello->engine_version;
	g->always = hello->always;
	g->expressions = hello->expressions;
	g->lock_level = hello->lock_level;
	g->rule_plugin = UINT32_MAX;
	for (size_t i = 0; i < hello->n_plugins; i++)
		if (nw_str_is(nw_pb_str(hello->plugins[i]->section), "watches"))
			g->rule_plugin = (uint32_t)i;
	if ((g->arena = nw_arena_new(0)) == NULL || fill_watches(g) == -1) {
		nw_generation_free(g);
		return nw_fail(err, NW_ERES, "out of memory");
	}
	*gen_r = g;
	return 0;
}

void
nw_generation_free(struct nw_generation *g)
{
	if (g == NULL)
		return;
	nw_conf_free(g->config);
	nw_arena_free(g->arena);
	free(g);
}

/* --- the store's side ------------------------------------------------------------------------------------------ */

static int
sync_watches(struct nw_generation *g, const Nw__Hello *hello, struct nw_store *store, int64_t now_ms, struct nw_err *err)
{
	struct nw_store_watch_text *text = calloc(g->nwatch + 1, sizeof(*text));
	int64_t *ids = calloc(g->nwatch + 1, sizeof(*ids));
	int rc = -1;

	if (text == NULL || ids == NULL) {
		nw_fail(err, NW_ERES, "out of memory");
		goto out;
	}
	for (uint32_t i = 0; i < g->nwatch; i++)
		text[i] = (struct nw_store_watch_text){.name = g->watch[i].name, .text = NW_STR("")};
	for (size_t i = 0; i < hello->n_entries; i++) {
		const Nw__EntryText *e = hello->entries[i];

		if (e->plugin == g->rule_plugin && e->entry < g->nwatch) {
			text[e->entry].text = nw_pb_str(e->text);
			text[e->entry].hash = e->hash;
		}
	}
	if (nw_store_watch_sync(store, text, g->nwatch, NW_STR("configuration"), NW_STR("load"), now_ms, ids, err) == -1)
		goto out;
	for (uint32_t i = 0; i < g->nwatch; i++)
		g->watch[i].version = ids[i];
	rc = 0;
out:
	free(text);
	free(ids);
	return rc;
}

static int
sync_sources(struct nw_generation *g, struct nw_store *store, int at_once, int64_t now_ms, struct nw_err *err)
{
	/* a burst of 10,000 first polls is spread; a handful is polled at once */
	int64_t spread_ms = g->config->nsource > NW_FETCH_MAX && !at_once ? (int64_t)g->config->nsource * 20 : 0;

	return nw_source_sync_all(store, g->config, now_ms, spread_ms, err);
}

static void
forget_oldest(struct nw_generations *all)
{
	struct nw_generation **at = &all->live;

	while (all->kept > KEPT_MAX && *at != NULL) {
		if ((*at)->older == NULL) {
			nw_generation_free(*at);
			*at = NULL;
			all->kept--;
			at = &all->live;
			continue;
		}
		at = &(*at)->older;
	}
}

static int
by_name(const void *a, const void *b)
{
	const struct nw_str *left = &(*(struct nw_conf_source *const *)a)->name, *right = &(*(struct nw_conf_source *const *)b)->name;
	size_t n = left->len < right->len ? left->len : right->len;
	int rc = memcmp(left->p, right->p, n);

	return rc != 0 ? rc : (left->len > right->len) - (left->len < right->len);
}

int
nw_generation_adopt(struct nw_generations *all, struct nw_generation *g, const Nw__Hello *hello, struct nw_store *store,
    int64_t now_ms, struct nw_err *err)
{
	if (sync_watches(g, hello, store, now_ms, err) == -1 || sync_sources(g, store, all->at_once, now_ms, err) == -1)
		return -1;
	if (all->at_once) {
		qsort(g->config->source, g->config->nsource, sizeof(struct nw_conf_source *), by_name);
		g->sorted = 1;
	}
	g->older = all->live;
	all->live = g;
	all->kept++;
	forget_oldest(all);
	return 0;
}

void
nw_generations_done(struct nw_generations *all)
{
	struct nw_generation *g, *older;

	for (g = all->live; g != NULL; g = older) {
		older = g->older;
		nw_generation_free(g);
	}
	*all = (struct nw_generations){0};
}

const struct nw_generation *
nw_generation_find(const struct nw_generations *all, uint64_t number)
{
	const struct nw_generation *g = all->live;

	while (g != NULL && g->number != number)
		g = g->older;
	return g;
}

static const struct nw_store_watch *
watch_of(void *cookie, uint32_t plugin, uint32_t entry)
{
	const struct nw_generation *g = cookie;

	return plugin == g->rule_plugin && entry < g->nwatch ? &g->watch[entry] : NULL;
}

void
nw_generation_rules(const struct nw_generations *all, const struct nw_generation *g, struct nw_store_rules *rules_r)
{
	*rules_r = (struct nw_store_rules){
	    .watch = watch_of,
	    .cookie = (void *)(uintptr_t)g,
	    .engine_version = g->engine_version,
	    .gone = g != all->live,
	};
}

struct nw_conf_source *
nw_generation_source(const struct nw_generation *g, struct nw_str name)
{
	struct nw_conf_source key = {.name = name}, *wanted = &key, **found;

	if (g->config->nsource == 0 || !g->sorted)
		return NULL;
	found = bsearch(&wanted, g->config->source, g->config->nsource, sizeof(struct nw_conf_source *), by_name);
	return found != NULL ? *found : NULL;
}
