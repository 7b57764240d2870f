#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "base/suggest.h"
#include "core/conf_load.h"
#include "core/conf_yaml.h"
#include "core/limits.h"

struct nw_str
nw_conf_load_label(struct nw_conf_loading *l, const char *kind, const struct nw_conf_raw *raw)
{
	struct nw_str name = {"", 0}, label;
	size_t i, n = strlen(kind);
	char *p;

	for (i = 0; i < raw->nkeys; i++) {
		const Nw__Key *k = raw->keys[i];

		if (k->name.len == 4 && memcmp(k->name.data, "name", 4) == 0 && k->n_values == 1) {
			name = (struct nw_str){(const char *)k->values[0]->text.data, k->values[0]->text.len};
			break;
		}
	}
	p = nw_arena_alloc(l->c->raw, n + name.len + 2);
	if (p == NULL) {
		l->no_memory = 1;
		return nw_str("");
	}
	memcpy(p, kind, n);
	p[n] = name.len > 0 ? ' ' : '\0';
	if (name.len > 0)
		memcpy(p + n + 1, name.p, name.len + 1);
	label = (struct nw_str){p, name.len > 0 ? n + 1 + name.len : n};
	return label;
}

void
nw_conf_load_no_channel(struct nw_conf_loading *l, const struct nw_conf_place *at, struct nw_str name)
{
	struct nw_suggest s = nw_suggest_init(name);
	uint32_t i;

	for (i = 0; i < l->c->nchannel; i++)
		nw_suggest_offer(&s, l->c->channel[i]->name);
	if (s.best.len > 0)
		nw_conf_diag(l->diags, NW_CONF_ERROR, at, "there is no channel '%s'; did you mean '%s'?",
		    name.p, s.best.p);
	else
		nw_conf_diag(l->diags, NW_CONF_ERROR, at,
		    "there is no channel '%s'; add it under 'channels:'", name.p);
}

/* What a file of rules alone may hold: newswatch match --watches. */
static int
is_rules_section(struct nw_str s)
{
	return nw_str_is(s, "lists") || nw_str_is(s, "topics") || nw_str_is(s, "watches");
}

static void
refuse_others(struct nw_conf_loading *l)
{
	size_t i;

	for (i = 0; i < l->raws.n && (l->flags & NW_CONF_RULES); i++) {
		const struct nw_conf_raw *r = &l->raws.item[i];

		if (!is_rules_section(r->section))
			nw_conf_diag(l->diags, NW_CONF_ERROR, &r->at,
			    "only 'lists:', 'topics:' and 'watches:' may stand in this file");
	}
}

/* "watchs:" is a slip, "my-rules:" the section of a plugin that the worker knows. */
static void
suggest_sections(struct nw_conf_loading *l)
{
	static const char *const known[] = {"sources", "topics", "watches", "channels", "lists", "plugins"};
	struct nw_str last = {"", 0};
	size_t i, k;

	for (i = 0; i < l->raws.n; i++) {
		struct nw_conf_raw *r = &l->raws.item[i];
		struct nw_suggest s = nw_suggest_init(r->section);

		if (r->section.len == 0 || nw_str_eq(r->section, last))
			continue;
		last = r->section;
		for (k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			nw_suggest_offer(&s, nw_str(known[k]));
		if (s.best.len > 0 && s.distance > 0)
			nw_conf_diag(l->diags, NW_CONF_ERROR, &r->at,
			    "there is no section '%s'; did you mean '%s'?", r->section.p, s.best.p);
	}
}

static int
read_files(struct nw_conf_loading *l)
{
	struct nw_conf_files *files = l->c->files;
	uint32_t i, n = files->n; /* lists add files of their own to the end */

	for (i = 0; i < n; i++) {
		if (files->file[i]->yaml &&
		    nw_conf_yaml_read(files->file[i], l->c->raw, &l->raws, l->diags) == -1)
			return -1;
	}
	return 0;
}

/* Options of one kind before those that refer to them. */
static int
build(struct nw_conf_loading *l)
{
	static void (*const step[])(struct nw_conf_loading *) = {nw_conf_daemon_load, nw_conf_lists_load,
	    nw_conf_sources_load, nw_conf_channels_load, nw_conf_entries_load,
	    nw_conf_operator_check};
	size_t i;

	if (read_files(l) == -1)
		return -1;
	refuse_others(l);
	suggest_sections(l);
	for (i = 0; i < (l->flags & NW_CONF_OPTIONS ? 1 : sizeof(step) / sizeof(step[0])) && !l->no_memory; i++)
		step[i](l);
	if (!(l->flags & NW_CONF_OPTIONS))
		nw_conf_files_hash(l->c->files, l->c->hash);
	return l->no_memory ? -1 : 0;
}

int
nw_conf_load_files(struct nw_conf_files *files, uint32_t flags, struct nw_config **config_r,
    struct nw_conf_diags *diags, struct nw_err *err)
{
	struct nw_conf_loading l = {.diags = diags, .flags = flags, .now_ms = nw_clock_wall_ms()};
	int rc = -1;

	l.c = calloc(1, sizeof(*l.c));
	l.scratch = nw_arena_new(0);
	if (l.c == NULL) {
		nw_conf_files_free(files);
	} else {
		l.c->files = files;
		l.c->alone = (flags & NW_CONF_RULES) != 0;
		l.c->main_file = files->n > 0 ? files->file[0]->path : nw_str("");
		l.c->arena = nw_arena_new(0);
		l.c->raw = nw_arena_new(0);
		if (l.c->arena != NULL)
			l.c->main_file = nw_arena_dup(l.c->arena, l.c->main_file);
		if (l.scratch != NULL && l.c->arena != NULL && l.c->raw != NULL && l.c->main_file.p != NULL)
			rc = build(&l);
	}
	nw_conf_raws_done(&l.raws);
	nw_arena_free(l.scratch);
	if (rc == -1) {
		nw_conf_free(l.c);
		return nw_fail(err, NW_ERES, "configuration: out of memory");
	}
	*config_r = l.c;
	return 0;
}

int
nw_conf_load(const struct nw_conf_from *from, struct nw_config **config_r, struct nw_conf_diags *diags,
    struct nw_err *err)
{
	struct nw_conf_files *files = nw_conf_files_new();

	if (files == NULL)
		return nw_fail(err, NW_ERES, "configuration: out of memory");
	if (nw_conf_files_collect(files, from, diags, err) == -1) {
		nw_conf_files_free(files);
		return -1;
	}
	return nw_conf_load_files(files, from->flags, config_r, diags, err);
}
