#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/conf_diag.h"
#include "core/frame.h"
#include "worker/check.h"
#include "worker/entries.h"
#include "worker/examples.h"
#include "worker/sink.h"

static struct nw_instance *
parser_of(struct nw_worker *w, struct nw_str name)
{
	struct nw_instance *i;

	for (i = nw_worker_next(w, NW_KIND_PARSER, 0); i != NULL; i = nw_worker_next(w, NW_KIND_PARSER, i->index + 1))
		if (strcmp(i->plugin->name + strlen("parser-"), name.p) == 0)
			return i;
	return NULL;
}

/* Type a source's parser options and let the parser try them once. */
static void
check_source(struct nw_sink *s, const Nw__SourceCheck *c)
{
	struct nw_worker *w = s->worker;
	struct nw_conf_place at = {
	    .file = nw_pb_str(c->file),
	    .line = c->line,
	    .col = c->col,
	    .entry = nw_str_or_empty(nw_arena_printf(w->load, "source %s", nw_pb_str(c->name).p)),
	};
	struct nw_instance *parser;
	const struct nw_value *values;
	void *state = NULL;
	int rc = NW_OK;

	if (c->parser.len == 0) { /* found by probing */
		if (c->n_keys > 0)
			(void)nw_conf_diag(w->diags, NW_CONF_ERROR, &(struct nw_conf_place){nw_pb_str(c->file),
			    c->keys[0]->line, c->keys[0]->col, (uint32_t)c->keys[0]->name.len, at.entry},
			    "'%s' is an option of a parser; name it: 'parser: page' for example", nw_pb_str(c->keys[0]->name).p);
		return;
	}
	if ((parser = parser_of(w, nw_pb_str(c->parser))) == NULL) {
		(void)nw_conf_diag(w->diags, NW_CONF_ERROR, &at, "there is no plugin parser-%s", nw_pb_str(c->parser).p);
		return;
	}
	values = nw_entries_source(w->load, parser->plugin, c->keys, c->n_keys, &at, w->diags);
	if (values == NULL || parser->plugin->ops.parser->source_open == NULL)
		return;
	nw_sink_enter(s, parser, NW_PHASE_SOURCE);
	rc = parser->plugin->ops.parser->source_open(parser->state, values, s, &state);
	if (s->failed || rc < NW_OK)
		(void)nw_conf_diag(w->diags, NW_CONF_ERROR, &at, "%s",
		    s->failed ? s->err.msg : "the parser does not take these options");
	else if (parser->plugin->ops.parser->source_close != NULL)
		parser->plugin->ops.parser->source_close(state);
	nw_sink_leave(s);
}

int
nw_check_all(struct nw_worker *w)
{
	struct nw_sink *s = calloc(1, sizeof(*s));
	int rc = s == NULL || nw_sink_begin(s, w) == -1 ? -1 : 0;

	nw_log(NW_LOG_DEBUG, "checking sources and examples");
	for (size_t i = 0; rc == 0 && i < w->conf->n_check_sources; i++)
		check_source(s, w->conf->check_sources[i]);
	if (rc == 0 && w->conf->check_examples && !w->lacking)
		rc = nw_examples_check(w, s);
	if (s != NULL)
		nw_sink_done(s);
	free(s);
	return rc;
}
