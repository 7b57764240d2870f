#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/conf.h"
#include "core/frame.h"
#include "core/limits.h"

#define PLUGINS_MAX 64u /* files in the plugin folder; each costs a worker memory */

/* A message of the arena, initialised. */
#define MAKE(arena, type, init, var)                                                                         \
	type *var = nw_arena_alloc(arena, sizeof(*var));                                                     \
	if (var == NULL)                                                                                     \
		return -1;                                                                                   \
	init(var)

/* Order of stations: parsers, taggers (language, places, topics, others by name), rules, notifiers. */
static int
rank(const char *name)
{
	static const char *const order[] = {
	    "parser-", "tagger-language", "tagger-places", "tagger-topics", "tagger-", "rule-", "notifier-"};
	int i;

	for (i = 0; i < 7; i++) {
		size_t n = strlen(order[i]);

		if (order[i][n - 1] == '-' ? strncmp(name, order[i], n) == 0 : strcmp(name, order[i]) == 0)
			return i;
	}
	return 7;
}

static int
by_rank(const void *a, const void *b)
{
	const struct nw_str *x = a, *y = b;
	int rx = rank(x->p), ry = rank(y->p);

	return rx != ry ? rx - ry : strcmp(x->p, y->p);
}

/* The names of all NAME.so in the folder, in order. */
static int
find_plugins(const char *dir, struct nw_arena *a, struct nw_str *name, size_t *n_r, struct nw_err *err)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	size_t n = 0, len;

	if (d == NULL)
		return nw_fail(err, NW_ERES, "cannot read the plugin folder '%s': %s", dir, strerror(errno));
	while ((e = readdir(d)) != NULL && n < PLUGINS_MAX) {
		len = strlen(e->d_name);
		if (e->d_name[0] == '.' || len < 4 || strcmp(e->d_name + len - 3, ".so") != 0)
			continue;
		name[n] = nw_arena_str(a, e->d_name, len - 3);
		if (name[n++].p == NULL)
			break;
	}
	(void)closedir(d); /* nothing was written */
	if (n > 0 && name[n - 1].p == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	qsort(name, n, sizeof(*name), by_rank);
	*n_r = n;
	return 0;
}

static const struct nw_conf_plugin *
plugin_conf(const struct nw_config *c, struct nw_str name)
{
	uint32_t i;

	for (i = 0; i < c->nplugin; i++) {
		if (nw_str_eq(c->plugin[i]->name, name))
			return c->plugin[i];
	}
	return NULL;
}

/* A plugin that is configured but not there would be silence. */
static int
check_configured(
    const struct nw_config *c, const char *dir, const struct nw_str *name, size_t n, struct nw_err *err)
{
	size_t i, k;

	for (i = 0; i < c->nplugin; i++) {
		for (k = 0; k < n && !nw_str_eq(name[k], c->plugin[i]->name); k++)
			;
		if (k == n && c->plugin[i]->enabled)
			return nw_fail(err, NW_ECONF, "%s:%u:%u: error: there is no plugin '%s' in '%s'",
			    c->plugin[i]->at.file.p, c->plugin[i]->at.line, c->plugin[i]->at.col,
			    c->plugin[i]->name.p, dir);
	}
	return 0;
}

static int
add_plugins(const struct nw_config *c, const struct nw_conf_run *run, struct nw_arena *a, Nw__Config *m,
    struct nw_err *err)
{
	struct nw_str name[PLUGINS_MAX];
	size_t n = 0, i;

	if (run->plugin_dir != NULL && find_plugins(run->plugin_dir, a, name, &n, err) == -1)
		return -1;
	if (run->plugin_dir != NULL && check_configured(c, run->plugin_dir, name, n, err) == -1)
		return -1;
	m->plugins = nw_arena_array(a, n + 1, sizeof(*m->plugins));
	for (i = 0; i < n && m->plugins != NULL; i++) {
		const struct nw_conf_plugin *conf = plugin_conf(c, name[i]);
		Nw__PluginConf *p;

		if (conf != NULL && !conf->enabled)
			continue;
		p = nw_arena_alloc(a, sizeof(*p));
		if (p == NULL)
			break;
		nw__plugin_conf__init(p);
		p->name = nw_pb(name[i]);
		p->keys = conf != NULL ? conf->keys : NULL;
		p->n_keys = conf != NULL ? conf->nkeys : 0;
		p->file = nw_pb(conf != NULL ? conf->at.file : c->main_file);
		m->plugins[m->n_plugins++] = p;
	}
	return i < n || m->plugins == NULL ? nw_fail(err, NW_ERES, "out of memory") : 0;
}

static int
add_entry(struct nw_arena *a, const struct nw_conf_entry *e, Nw__Section *s)
{
	size_t i;
	MAKE(a, Nw__Entry, nw__entry__init, m);

	m->name = nw_pb(nw_str_or_empty(e->name));
	m->file = nw_pb(e->at.file);
	m->line = e->at.line;
	m->col = e->at.col;
	m->keys = e->keys;
	m->n_keys = e->nkeys;
	m->severity = e->severity;
	m->draft = e->state == NW_STATE_DRAFT;
	m->sources = nw_arena_array(a, (size_t)e->nsources + 1, sizeof(*m->sources));
	if (m->sources == NULL)
		return -1;
	for (i = 0; i < e->nsources; i++)
		m->sources[i] = nw_pb(e->sources[i]);
	m->n_sources = e->nsources;
	s->entries[s->n_entries++] = m;
	return 0;
}

static int
add_sections(const struct nw_config *c, struct nw_arena *a, Nw__Config *m)
{
	uint32_t i, k;

	m->sections = nw_arena_array(a, (size_t)c->nsection + 1, sizeof(*m->sections));
	for (i = 0; i < c->nsection && m->sections != NULL; i++) {
		const struct nw_conf_section *s = &c->section[i];
		MAKE(a, Nw__Section, nw__section__init, out);

		out->name = nw_pb(s->name);
		out->entries = nw_arena_array(a, (size_t)s->nentry + 1, sizeof(*out->entries));
		if (out->entries == NULL)
			return -1;
		for (k = 0; k < s->nentry; k++) {
			if (add_entry(a, s->entry[k], out) == -1)
				return -1;
		}
		m->sections[m->n_sections++] = out;
	}
	return m->sections != NULL ? 0 : -1;
}

static int
add_lists(const struct nw_config *c, struct nw_arena *a, Nw__Config *m)
{
	uint32_t i;

	m->lists = nw_arena_array(a, (size_t)c->nlist + 1, sizeof(*m->lists));
	for (i = 0; i < c->nlist && m->lists != NULL; i++) {
		const struct nw_conf_list *l = c->list[i];
		MAKE(a, Nw__List, nw__list__init, out);

		out->name = nw_pb(l->name);
		out->file = nw_pb(l->at.file);
		out->line = l->at.line;
		out->col = l->at.col;
		out->values = l->values;
		out->n_values = l->nvalues;
		out->file_values = l->file_values;
		out->n_file_values = l->nfile_values;
		out->values_file = nw_pb(l->values_file);
		m->lists[m->n_lists++] = out;
	}
	return m->lists != NULL ? 0 : -1;
}

static int
add_check(struct nw_arena *a, const struct nw_conf_source *s, struct nw_str parser, Nw__Key **keys, size_t n,
    Nw__Config *m)
{
	MAKE(a, Nw__SourceCheck, nw__source_check__init, check);

	check->name = nw_pb(nw_str_or_empty(s->name));
	check->parser = nw_pb(parser);
	check->file = nw_pb(s->at.file);
	check->line = s->at.line;
	check->col = s->at.col;
	check->keys = keys;
	check->n_keys = n;
	m->check_sources[m->n_check_sources++] = check;
	return 0;
}

/* The options of each parser of a source. */
static int
add_checks(struct nw_arena *a, const struct nw_conf_source *s, Nw__Config *m)
{
	if (add_check(a, s, s->parser, s->keys, s->nkeys, m) == -1)
		return -1;
	if (s->npage_keys == 0 || nw_str_is(s->parser, "page"))
		return 0;
	return add_check(a, s, nw_str("page"), s->page_keys, s->npage_keys, m);
}

static int
add_sources(const struct nw_config *c, const struct nw_conf_run *run, struct nw_arena *a, Nw__Config *m)
{
	uint32_t i;

	m->sources = nw_arena_array(a, (size_t)c->nsource + 1, sizeof(*m->sources));
	m->check_sources = nw_arena_array(a, 2 * (size_t)c->nsource + 1, sizeof(*m->check_sources));
	for (i = 0; i < c->nsource && m->sources != NULL && m->check_sources != NULL; i++) {
		const struct nw_conf_source *s = c->source[i];
		MAKE(a, Nw__SourceInfo, nw__source_info__init, info);

		info->name = nw_pb(nw_str_or_empty(s->name));
		info->lang = nw_pb(s->lang);
		info->country = nw_pb(s->country);
		m->sources[m->n_sources++] = info;
		if (run->check && add_checks(a, s, m) == -1)
			return -1;
	}
	return m->sources != NULL && m->check_sources != NULL ? 0 : -1;
}

int
nw_conf_worker(const struct nw_config *c, const struct nw_conf_run *run, struct nw_arena *a,
    Nw__Config **config_r, struct nw_err *err)
{
	Nw__Config *m = nw_arena_alloc(a, sizeof(*m));

	if (m == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	nw__config__init(m);
	m->version = NW_WIRE_VERSION;
	m->generation = run->generation;
	m->sandbox = run->sandbox;
	m->plugin_dir = nw_pb(nw_str(run->plugin_dir));
	m->check_examples = run->check != 0;
	m->now_ms = run->now_ms;
	m->strict_entries = run->strict != 0;
	m->memory_bytes = c->daemon.workers.memory_bytes > 0 ? (uint64_t)c->daemon.workers.memory_bytes : 0;
	m->only_check = run->only_check != 0;
	m->names_known = c->main_file.len != 0 && !c->alone;
	if (add_plugins(c, run, a, m, err) == -1)
		return -1;
	if (add_sections(c, a, m) == -1 || add_lists(c, a, m) == -1 || add_sources(c, run, a, m) == -1)
		return nw_fail(err, NW_ERES, "out of memory");
	*config_r = m;
	return 0;
}
