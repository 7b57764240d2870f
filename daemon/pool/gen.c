#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "core/frame.h"
#include "pool/gen.h"

static int
pack(struct nw_buf *b, const Nw__Config *config)
{
	Nw__Frame f = NW__FRAME__INIT;

	f.kind_case = NW__FRAME__KIND_CONFIG;
	f.config = (Nw__Config *)(uintptr_t)config;
	return nw_frame_pack(b, &f);
}

static int
pack_both(struct nw_gen *g, const Nw__Config *config)
{
	Nw__Config bare = *config;

	bare.check_examples = 0;
	bare.n_check_sources = 0;
	bare.no_texts = 1;
	return pack(&g->first, config) | pack(&g->later, &bare);
}

static int
keep_section(struct nw_gen_section *to, const Nw__Section *from)
{
	to->name = strndup((const char *)from->name.data, from->name.len);
	to->severity = malloc(from->n_entries + 1);
	if (to->name == NULL || to->severity == NULL)
		return -1;
	to->n = (uint32_t)from->n_entries;
	for (uint32_t i = 0; i < to->n; i++)
		to->severity[i] = (uint8_t)from->entries[i]->severity;
	return 0;
}

static void
destroy(struct nw_gen *g)
{
	for (uint32_t i = 0; i < g->nsection; i++) {
		free(g->section[i].name);
		free(g->section[i].severity);
	}
	free(g->section);
	free(g->plugin);
	nw_buf_done(&g->first);
	nw_buf_done(&g->later);
	free(g);
}

struct nw_gen *
nw_gen_new(const Nw__Config *config)
{
	struct nw_gen *g = calloc(1, sizeof(*g));

	if (g == NULL)
		return NULL;
	g->number = config->generation;
	g->refs = 1;
	if ((g->section = calloc(config->n_sections + 1, sizeof(*g->section))) == NULL || pack_both(g, config) != 0) {
		destroy(g);
		return NULL;
	}
	for (; g->nsection < config->n_sections; g->nsection++)
		if (keep_section(&g->section[g->nsection], config->sections[g->nsection]) == -1) {
			g->nsection++; /* half-built is fine */
			destroy(g);
			return NULL;
		}
	return g;
}

struct nw_gen *
nw_gen_ref(struct nw_gen *g)
{
	g->refs++;
	return g;
}

void
nw_gen_unref(struct nw_gen *g)
{
	if (g != NULL && --g->refs == 0)
		destroy(g);
}

static const struct nw_gen_section *
section_of(const struct nw_gen *g, ProtobufCBinaryData name)
{
	for (uint32_t i = 0; i < g->nsection; i++)
		if (name.len != 0 && strlen(g->section[i].name) == name.len &&
		    memcmp(g->section[i].name, name.data, name.len) == 0)
			return &g->section[i];
	return NULL;
}

int
nw_gen_hello(struct nw_gen *g, const Nw__Hello *h, struct nw_err *err)
{
	if (h->generation != g->number)
		return nw_fail(err, NW_EPLUGIN, "it speaks of another configuration");
	if (g->plugin != NULL && h->n_plugins != g->nplugin)
		return nw_fail(err, NW_EPLUGIN, "it has %zu plugins, the worker before had %u", h->n_plugins, g->nplugin);
	if (g->plugin == NULL && (g->plugin = calloc(h->n_plugins + 1, sizeof(*g->plugin))) == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	g->nplugin = (uint32_t)h->n_plugins;
	for (uint32_t i = 0; i < g->nplugin; i++)
		g->plugin[i] = section_of(g, h->plugins[i]->section);
	return 0;
}

static int
check_alert(const struct nw_gen *g, const Nw__Alert *a, struct nw_err *err)
{
	const struct nw_gen_section *s = a->plugin < g->nplugin ? g->plugin[a->plugin] : NULL;

	if (s == NULL || a->entry >= s->n)
		return nw_fail(err, NW_EPLUGIN, "an alert names entry %u of plugin %u, which there is not", a->entry,
		    a->plugin);
	if (a->severity > s->severity[a->entry])
		return nw_fail(err, NW_EPLUGIN, "an alert's severity is above its entry's");
	return 0;
}

int
nw_gen_check(const struct nw_gen *g, const Nw__Batch *b, struct nw_err *err)
{
	if (b->generation != g->number)
		return nw_fail(err, NW_EPLUGIN, "the answer counts under another configuration");
	for (size_t i = 0; i < b->n_articles; i++)
		for (size_t j = 0; j < b->articles[i]->n_alerts; j++)
			if (check_alert(g, b->articles[i]->alerts[j], err) == -1)
				return -1;
	return 0;
}
