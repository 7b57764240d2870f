#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/str.h"
#include "core/conf_diag.h"
#include "core/frame.h"
#include "core/limits.h"
#include "worker/entries.h"
#include "worker/sink.h"
#include "worker/source.h"

struct open_source {
	uint64_t hash; /* of parser, name and options; 0: free */
	uint64_t used; /* when it was last asked for */
	const struct nw_instance *parser;
	void *state;
};

struct nw_sources {
	uint64_t clock;
	struct open_source list[NW_WORKER_SOURCES];
};

struct nw_sources *
nw_sources_new(void)
{
	return calloc(1, sizeof(struct nw_sources));
}

static void
close_source(struct open_source *o)
{
	const struct nw_parser_ops *ops = o->hash != 0 ? o->parser->plugin->ops.parser : NULL;

	if (ops != NULL && ops->source_close != NULL)
		ops->source_close(o->state);
	*o = (struct open_source){0};
}

void
nw_sources_free(struct nw_sources *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < NW_WORKER_SOURCES; i++)
		close_source(&s->list[i]);
	free(s);
}

static uint64_t
add(uint64_t h, ProtobufCBinaryData d)
{
	return nw_hash64_seed(d.data, d.len, h + 1);
}

static uint64_t
hash_of(const struct nw_instance *parser, const Nw__ReadJob *job)
{
	uint64_t h = add(parser->index, job->source);

	for (size_t i = 0; i < job->n_options; i++) {
		h = add(h, job->options[i]->name);
		for (size_t j = 0; j < job->options[i]->n_values; j++)
			h = add(h, job->options[i]->values[j]->text);
	}
	return h != 0 ? h : 1;
}

/* The place of a source: its own, a free one, or the one longest not asked for. */
static struct open_source *
place_of(struct nw_sources *s, uint64_t hash)
{
	struct open_source *best = &s->list[0];

	for (size_t i = 0; i < NW_WORKER_SOURCES; i++) {
		if (s->list[i].hash == hash)
			return &s->list[i];
		if (s->list[i].used < best->used)
			best = &s->list[i];
	}
	return best;
}

static int
open_source(struct nw_sink *sink, struct nw_instance *parser, const Nw__ReadJob *job, void **state_r)
{
	struct nw_conf_diags diags = {0};
	struct nw_conf_place at = {.file = {"", 0}, .entry = nw_pb_str(job->source)};
	const struct nw_value *values;
	int rc;

	nw_sink_enter(sink, parser, NW_PHASE_SOURCE);
	values = nw_entries_source(sink->scratch, parser->plugin, job->options, job->n_options, &at, &diags);
	if (values == NULL)
		nw_sink_fail(sink, NW_ECONF, "source %s: %s", at.entry.p,
		    diags.n > 0 ? diags.item[0]->text.p : "its options are wrong");
	nw_conf_diags_done(&diags);
	rc = values != NULL ? parser->plugin->ops.parser->source_open(parser->state, values, sink, state_r) : -1;
	if (rc < NW_OK && !sink->failed)
		nw_sink_fail(sink, rc, "%s does not take the options of source %s", parser->plugin->name, at.entry.p);
	nw_sink_leave(sink);
	return sink->failed ? -1 : 0;
}

int
nw_sources_open(struct nw_sources *s, struct nw_sink *sink, struct nw_instance *parser, const Nw__ReadJob *job,
    void **state_r)
{
	uint64_t hash = hash_of(parser, job);
	struct open_source *o;
	void *state = NULL;

	*state_r = NULL;
	if (parser->plugin->ops.parser->source_open == NULL || (job->source.len == 0 && job->n_options == 0))
		return 0;
	o = place_of(s, hash);
	if (o->hash != hash) {
		if (open_source(sink, parser, job, &state) == -1)
			return -1;
		close_source(o);
		*o = (struct open_source){.hash = hash, .parser = parser, .state = state};
	}
	o->used = ++s->clock;
	*state_r = o->state;
	return 0;
}
