#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "core/conf_type.h"
#include "core/frame.h"
#include "core/limits.h"
#include "query/query.h"
#include "worker/entries.h"
#include "worker/evaluate.h"
#include "worker/host.h"
#include "worker/load.h"
#include "worker/loader.h"
#include "worker/sink.h"
#include "worker/source.h"

static int
no_memory(struct nw_worker *w)
{
	(void)nw_conf_diag(w->diags, NW_CONF_ERROR, &(struct nw_conf_place){.file = {"", 0}, .entry = {"", 0}},
	    "the worker is out of memory");
	return -1;
}

/* --- what expressions may name ------------------------------------------------------------------------------------ */

struct list_told {
	struct nw_worker *worker;
	const Nw__List *list;
	struct nw_str name;
};

/* A list's message: line is the number of the entry. */
static void
tell_list(void *cookie, uint32_t severity, uint32_t line, uint32_t col, uint32_t len, const char *text)
{
	const struct list_told *t = cookie;
	const Nw__List *l = t->list;
	size_t i = line > 0 ? line - 1 : 0;
	struct nw_conf_place at = {.file = nw_pb_str(l->file), .line = l->line, .col = l->col, .entry = t->name};

	if (i < l->n_values) {
		at = nw_conf_at_text(&at, l->values[i], 1, col, len);
	} else if (i - l->n_values < l->n_file_values) {
		at.file = nw_pb_str(l->values_file);
		at = nw_conf_at_text(&at, l->file_values[i - l->n_values], 1, col, len);
	}
	nw_evaluate_tell(t->worker, severity, &at, text);
}

static int
add_list(struct nw_worker *w, const Nw__List *l)
{
	size_t n = l->n_values + l->n_file_values;
	struct nw_str *entry = nw_arena_array(w->load, n, sizeof(*entry));
	struct list_told *told = nw_arena_alloc(w->load, sizeof(*told));

	if (entry == NULL || told == NULL)
		return no_memory(w);
	*told = (struct list_told){w, l,
	    nw_str_or_empty(nw_arena_printf(w->load, "list %s", nw_pb_str(l->name).p))};
	for (size_t i = 0; i < l->n_values; i++)
		entry[i] = nw_pb_str(l->values[i]->text);
	for (size_t i = 0; i < l->n_file_values; i++)
		entry[l->n_values + i] = nw_pb_str(l->file_values[i]->text);
	if (nw_query_list_add(w->set, nw_pb_str(l->name), entry, (uint32_t)n, tell_list, told) == -1)
		tell_list(told, NW_CONF_ERROR, 0, 1, 1, "there is a list of this name already");
	return 0;
}

/* The names of a section's entries behind those in ${name}, which has room. */
static void
put_names(const Nw__Section *s, struct nw_str *name, uint32_t *n)
{
	for (size_t i = 0; i < s->n_entries; i++)
		name[(*n)++] = nw_pb_str(s->entries[i]->name);
}

int
nw_load_knows_tags(const struct nw_worker *w)
{
	for (uint32_t i = 0; i < w->ninst; i++) {
		const struct nw_plugin *p = w->inst[i].plugin;

		if (p == NULL || (p->kind == NW_KIND_TAGGER && p->section == NULL &&
				     strcmp(p->name, "tagger-language") != 0)) /* its tags are codes of languages */
			return 0;
	}
	return 1;
}

/* What comparisons may name.  A file of rules alone knows neither the sources, nor topics it does not define. */
static int
add_names(struct nw_worker *w)
{
	struct nw_query_names n = {0};
	size_t room = w->conf->n_sources, all = w->conf->names_known;
	struct nw_str *source, *topic, *tag;

	for (size_t i = 0; i < w->conf->n_sections; i++)
		room += w->conf->sections[i]->n_entries;
	source = nw_arena_array(w->load, room, sizeof(*source));
	topic = nw_arena_array(w->load, room, sizeof(*topic));
	tag = nw_arena_array(w->load, room, sizeof(*tag));
	if (source == NULL || topic == NULL || tag == NULL)
		return no_memory(w);
	for (; n.nsources < w->conf->n_sources; n.nsources++)
		source[n.nsources] = nw_pb_str(w->conf->sources[n.nsources]->name);
	for (size_t i = 0; i < w->conf->n_sections; i++)
		if (nw_str_is(nw_pb_str(w->conf->sections[i]->name), "topics"))
			put_names(w->conf->sections[i], topic, &n.ntopics);
	for (uint32_t i = 0; i < w->ninst; i++) {
		const struct nw_plugin *p = w->inst[i].plugin;
		const Nw__Section *s = p != NULL && p->kind == NW_KIND_TAGGER ? nw_entries_section(w, p) : NULL;

		if (s != NULL)
			put_names(s, tag, &n.ntags);
	}
	n.sources = all || n.nsources != 0 ? source : NULL;
	n.topics = all || n.ntopics != 0 ? topic : NULL;
	n.tags = all && nw_load_knows_tags(w) ? tag : NULL;
	nw_query_set_names(w->set, &n);
	return 0;
}

/* What watch(name) may name: the `match` of a rule's entries. */
static void
add_watches(struct nw_instance *inst)
{
	int match = nw_conf_option(inst->plugin->entry, NW_STR("match"));
	int score = nw_conf_option(inst->plugin->entry, NW_STR("score"));

	for (uint32_t i = 0; match >= 0 && i < inst->nentry; i++) {
		const struct nw_value *v = inst->conf.entry[i];

		(void)nw_query_watch_add(inst->worker->set, inst->conf.name[i], v[match].str,
		    score >= 0 && v[score].given); /* names are unique: core has seen to it */
	}
}

/* --- plugins ------------------------------------------------------------------------------------------------------ */

static int
load_plugin(struct nw_worker *w, struct nw_instance *inst, const Nw__PluginConf *pconf)
{
	struct nw_conf_place at = {.file = nw_pb_str(pconf->file), .entry = {"", 0}};
	const struct nw_plugin *plugin;
	struct nw_err err;

	inst->worker = w;
	inst->pconf = pconf;
	nw_log(NW_LOG_DEBUG, "loading plugin '%s'", nw_pb_str(pconf->name).p);
	if (nw_loader_open(w->keep, nw_pb_str(w->conf->plugin_dir).p, nw_pb_str(pconf->name).p, &plugin, &err) == -1) {
		/* what depends on it is an error of its own: an entry nobody reads, a source without its parser */
		(void)nw_conf_diag(w->diags, pconf->n_keys > 0 ? NW_CONF_ERROR : NW_CONF_WARNING, &at, "%s", err.msg);
		return 0;
	}
	inst->plugin = plugin;
	return nw_entries_type(inst) == -1 ? no_memory(w) : 0;
}

static void
open_plugin(struct nw_instance *inst)
{
	struct nw_conf_place at = nw_entries_place(inst, UINT32_MAX);
	uint32_t before = inst->worker->diags->nerror;
	int rc;

	nw_log(NW_LOG_DEBUG, "opening plugin '%s'", inst->plugin->name);
	inst->opening = 1;
	rc = inst->plugin->open(&nw_host_table, inst, &inst->conf, &inst->state);
	inst->opening = 0;
	inst->is_open = rc >= NW_OK;
	if (rc < NW_OK && inst->worker->diags->nerror == before)
		(void)nw_conf_diag(inst->worker->diags, NW_CONF_ERROR, &at, "%s does not open (%s)",
		    inst->plugin->name, nw_err_culprit(rc));
	nw_evaluate_ready(inst);
}

static int
load_plugins(struct nw_worker *w)
{
	if ((w->inst = calloc(w->conf->n_plugins + 1, sizeof(*w->inst))) == NULL)
		return no_memory(w);
	w->ninst = (uint32_t)w->conf->n_plugins;
	if (w->ninst == 0)
		(void)nw_conf_diag(w->diags, NW_CONF_WARNING, &(struct nw_conf_place){.file = {"", 0}, .entry = {"", 0}},
		    "there is no plugin in '%s'", nw_pb_str(w->conf->plugin_dir).p);
	for (uint32_t i = 0; i < w->ninst; i++) {
		w->inst[i].index = i;
		if (load_plugin(w, &w->inst[i], w->conf->plugins[i]) == -1)
			return -1;
	}
	if (add_names(w) == -1)
		return -1;
	for (uint32_t i = 0; i < w->ninst; i++)
		if (w->inst[i].plugin != NULL && w->inst[i].plugin->kind == NW_KIND_RULE)
			add_watches(&w->inst[i]);
	for (uint32_t i = 0; i < w->ninst; i++)
		if (w->inst[i].plugin != NULL)
			open_plugin(&w->inst[i]);
	return 0;
}

/* Entries nobody reads would be alerts that never come. */
static void
check_sections(struct nw_worker *w)
{
	for (size_t i = 0; i < w->conf->n_sections && !w->conf->partial; i++) {
		const Nw__Section *s = w->conf->sections[i];
		int owned = s->n_entries == 0;

		for (uint32_t j = 0; j < w->ninst && !owned; j++)
			owned = w->inst[j].plugin != NULL && nw_entries_section(w, w->inst[j].plugin) == s;
		if (!owned)
			(void)nw_conf_diag(w->diags, NW_CONF_ERROR,
			    &(struct nw_conf_place){.file = nw_pb_str(s->entries[0]->file),
				.line = s->entries[0]->line,
				.col = s->entries[0]->col,
				.entry = {"", 0}},
			    "no plugin reads the section '%s'", nw_pb_str(s->name).p);
	}
}

int
nw_load(struct nw_worker *w)
{
	struct nw_err err;

	if ((w->set = nw_query_set_new()) == NULL || (w->sources = nw_sources_new()) == NULL)
		return no_memory(w);
	w->now_ms = w->conf->now_ms != 0 ? w->conf->now_ms : nw_clock_wall_ms();
	w->generation = w->conf->generation;
	for (size_t i = 0; i < w->conf->n_lists; i++)
		if (add_list(w, w->conf->lists[i]) == -1)
			return -1;
	if (load_plugins(w) == -1)
		return -1;
	check_sections(w);
	nw_log(NW_LOG_DEBUG, "compiling expressions");
	if (nw_query_compile(w->set, &err) == -1) {
		w->lacking = 1;
		(void)nw_conf_diag(w->diags, NW_CONF_ERROR,
		    &(struct nw_conf_place){.file = {"", 0}, .entry = {"", 0}}, "%s", err.msg);
	}
	return 0;
}

void
nw_load_forget(struct nw_worker *w)
{
	nw_conf_diags_done(w->diags);
	for (uint32_t i = 0; i < w->ninst; i++) {
		w->inst[i].pconf = NULL;
		w->inst[i].entry = NULL;
		w->inst[i].conf = (struct nw_conf){0};
	}
	w->conf = NULL;
	nw_arena_free(w->load);
	w->load = NULL;
}

void
nw_load_free(struct nw_worker *w)
{
	nw_sources_free(w->sources);
	for (uint32_t i = 0; i < w->ninst; i++) {
		if (w->inst[i].is_open && w->inst[i].plugin->close != NULL)
			w->inst[i].plugin->close(w->inst[i].state);
		free(w->inst[i].expr);
		free(w->inst[i].info);
	}
	free(w->inst);
	free(w->owner);
	nw_query_set_free(w->set);
	nw_arena_free(w->load);
	nw_arena_free(w->keep);
}
