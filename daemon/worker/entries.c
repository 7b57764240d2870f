#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/conf.h"
#include "core/conf_type.h"
#include "core/frame.h"
#include "worker/entries.h"

static const struct nw_option no_options[] = {{0}};

const Nw__Section *
nw_entries_section(const struct nw_worker *w, const struct nw_plugin *p)
{
	for (size_t i = 0; p->section != NULL && i < w->conf->n_sections; i++)
		if (nw_str_is(nw_pb_str(w->conf->sections[i]->name), p->section))
			return w->conf->sections[i];
	return NULL;
}

/* "watch treaty-news" of section "watches", "topic treaties" of "topics". */
static struct nw_str
entry_name(struct nw_arena *a, const char *section, struct nw_str name)
{
	size_t n = strlen(section);

	if (n > 3 && strcmp(section + n - 3, "hes") == 0)
		n -= 2;
	else if (n > 1 && section[n - 1] == 's')
		n -= 1;
	return nw_str_or_empty(nw_arena_printf(a, "%.*s %s", (int)n, section, name.p));
}

static struct nw_conf_place
place_of(const struct nw_instance *inst, const Nw__Entry *e)
{
	return (struct nw_conf_place){
	    .file = nw_pb_str(e->file),
	    .line = e->line,
	    .col = e->col,
	    .entry = entry_name(inst->worker->load, inst->plugin->section, nw_pb_str(e->name)),
	};
}

struct nw_conf_place
nw_entries_place(const struct nw_instance *inst, uint32_t entry)
{
	if (entry < inst->nentry && inst->entry != NULL)
		return place_of(inst, inst->entry[entry]);
	return (struct nw_conf_place){
	    .file = nw_pb_str(inst->pconf->file),
	    .entry = nw_str_or_empty(nw_arena_printf(inst->worker->load, "plugin %s", inst->plugin->name)),
	};
}

static int
type_own(struct nw_instance *inst)
{
	struct nw_worker *w = inst->worker;
	struct nw_conf_typing typing = {
	    .table = inst->plugin->options != NULL ? inst->plugin->options : no_options,
	    .keys = inst->pconf->keys,
	    .nkeys = inst->pconf->n_keys,
	    .at = nw_entries_place(inst, UINT32_MAX),
	};
	struct nw_value *values = NULL;

	(void)nw_conf_type(w->load, &typing, &values, w->diags); /* told to diags; refused there */
	inst->conf.values = values;
	return values != NULL ? 0 : -1;
}

/* Room for all entries of the section; nentry counts those that are right. */
static int
room(struct nw_instance *inst, size_t n)
{
	struct nw_arena *a = inst->worker->load;

	inst->entry = nw_arena_array(a, n, sizeof(*inst->entry));
	inst->conf.entry = nw_arena_array(a, n, sizeof(*inst->conf.entry));
	inst->conf.name = nw_arena_array(a, n, sizeof(*inst->conf.name));
	inst->conf.severity = nw_arena_array(a, n, sizeof(*inst->conf.severity));
	inst->info = calloc(n + 1, sizeof(*inst->info));
	return inst->entry != NULL && inst->conf.entry != NULL && inst->conf.name != NULL &&
		inst->conf.severity != NULL && inst->info != NULL
	    ? 0
	    : -1;
}

static void
keep_entry(struct nw_instance *inst, const Nw__Entry *e, uint32_t section_index, const struct nw_value *values)
{
	uint32_t n = inst->nentry++, severity = e->severity <= NW_SEV_CRITICAL ? e->severity : NW_SEV_CRITICAL;

	inst->entry[n] = e;
	((const struct nw_value **)(uintptr_t)inst->conf.entry)[n] = values;
	((struct nw_str *)(uintptr_t)inst->conf.name)[n] = nw_pb_str(e->name);
	((uint32_t *)(uintptr_t)inst->conf.severity)[n] = severity;
	inst->info[n] = (struct nw_entry_info){section_index, severity, e->draft != 0, 0};
	inst->conf.nentry = inst->nentry;
}

static int
type_section(struct nw_instance *inst, const Nw__Section *section)
{
	struct nw_worker *w = inst->worker;
	struct nw_conf_typing typing = {
	    .table = inst->plugin->entry != NULL ? inst->plugin->entry : no_options,
	    .also = nw_conf_entry_options, /* typed by main, but a slip may mean one of them */
	};
	struct nw_value *values;
	uint32_t wrong;
	int rc;

	typing.wrong_r = &wrong;
	typing.defaults = nw_conf_type_defaults(w->load, typing.table); /* NULL: made again for each entry */
	if (room(inst, section->n_entries) == -1)
		return -1;
	for (size_t i = 0; i < section->n_entries; i++) {
		const Nw__Entry *e = section->entries[i];

		typing.keys = e->keys;
		typing.nkeys = e->n_keys;
		typing.at = place_of(inst, e);
		values = NULL;
		rc = nw_conf_type(w->load, &typing, &values, w->diags);
		/* what only has options that do not exist is refused, yet its query is read: all errors in one run */
		if (rc == 0 || (w->conf->strict_entries && values != NULL && wrong == 0))
			keep_entry(inst, e, (uint32_t)i, values);
		else if (values == NULL)
			return -1;
	}
	return 0;
}

int
nw_entries_type(struct nw_instance *inst)
{
	const Nw__Section *section = nw_entries_section(inst->worker, inst->plugin);

	inst->conf = (struct nw_conf){.size = sizeof(inst->conf)};
	if (type_own(inst) == -1)
		return -1;
	return section != NULL ? type_section(inst, section) : 0;
}

const struct nw_value *
nw_entries_source(struct nw_arena *a, const struct nw_plugin *p, Nw__Key *const *keys, size_t n,
    const struct nw_conf_place *at, struct nw_conf_diags *diags)
{
	struct nw_conf_typing typing = {
	    .table = p->entry != NULL ? p->entry : no_options,
	    .also = nw_conf_source_options,
	    .keys = keys,
	    .nkeys = n,
	    .at = *at,
	};
	struct nw_value *values = NULL;

	return nw_conf_type(a, &typing, &values, diags) == 0 ? values : NULL;
}
