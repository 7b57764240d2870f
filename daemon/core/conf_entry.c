#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/suggest.h"
#include "core/conf_load.h"
#include "core/conf_names.h"
#include "core/conf_table.h"
#include "core/conf_valid.h"
#include "core/time.h"

#define DAY_MS 86400000ll

/* What is the same for all entries of a load. */
struct entries {
	struct nw_conf_loading *l;
	struct nw_value *defaults;
	struct nw_conf_names sources;
	struct nw_conf_names *names; /* one a section */
	int oi_notify, oi_group_wait, oi_expires, oi_sources, oi_name;
	const uint32_t *notify; /* delivery.notify, resolved */
	uint32_t nnotify;
};

static struct nw_conf_place
place(const struct nw_conf_entry *e, const struct nw_value *v, uint32_t i)
{
	return nw_conf_valid_place(&e->at, v, i);
}

static void
no_source(struct entries *t, const struct nw_conf_place *at, struct nw_str name)
{
	struct nw_suggest s = nw_suggest_init(name);
	uint32_t i;

	for (i = 0; i < t->l->c->nsource; i++)
		nw_suggest_offer(&s, t->l->c->source[i]->name);
	if (s.best.len > 0)
		nw_conf_diag(t->l->diags, NW_CONF_ERROR, at, "there is no source '%s'; did you mean '%s'?",
		    name.p, s.best.p);
	else
		nw_conf_diag(t->l->diags, NW_CONF_ERROR, at,
		    "there is no source '%s'; 'newswatch sources' lists them", name.p);
}

static void
check_sources(struct entries *t, const struct nw_conf_entry *e, const struct nw_value *v)
{
	uint32_t i;

	for (i = 0; i < e->nsources && !(t->l->flags & NW_CONF_RULES); i++) {
		struct nw_conf_place at = place(e, v, i);

		if (nw_conf_names_find(&t->sources, v->list[i]) == -1)
			no_source(t, &at, v->list[i]);
	}
}

/* Channel names become indexes. */
static const uint32_t *
resolve_channels(
    struct nw_conf_loading *l, const struct nw_conf_entry *e, const struct nw_value *v, uint32_t *n_r)
{
	uint32_t *index = nw_arena_array(l->c->arena, (size_t)v->nlist + 1, sizeof(*index)), i, k;

	*n_r = 0;
	l->no_memory |= index == NULL;
	for (i = 0; index != NULL && i < v->nlist; i++) {
		int c = nw_conf_channel_find(l->c, v->list[i]);

		if (c == -1 && e != NULL) {
			struct nw_conf_place at = place(e, v, i);

			nw_conf_load_no_channel(l, &at, v->list[i]);
		}
		for (k = 0; c != -1 && k < *n_r && index[k] != (uint32_t)c; k++)
			;
		if (c != -1 && k == *n_r)
			index[(*n_r)++] = (uint32_t)c;
	}
	return index;
}

static void
set_notify(struct entries *t, struct nw_conf_entry *e, const struct nw_value *v)
{
	if (t->l->flags & NW_CONF_RULES)
		return;
	if (!v->given) {
		e->notify = t->notify;
		e->nnotify = t->nnotify;
	} else {
		e->notify = resolve_channels(t->l, e, v, &e->nnotify);
	}
	if (e->nnotify == 0 && e->state == NW_STATE_LIVE && (!v->given || v->nlist == 0))
		nw_conf_diag(t->l->diags, NW_CONF_WARNING, &e->at,
		    "its alerts reach nobody: add 'notify: [CHANNEL]', or set delivery.notify for all "
		    "watches");
}

static void
set_expires(struct nw_conf_loading *l, struct nw_conf_entry *e, const struct nw_value *v)
{
	struct nw_conf_place at = place(e, v, 0);
	struct nw_time t;

	e->expires_at_ms = NW_TIME_NONE;
	if (v->str.len == 0)
		return;
	if (v->str.len != 10 || nw_time_parse_rfc3339(v->str, &t) == -1 || t.precision != NW_PREC_DAY) {
		nw_conf_diag(l->diags, NW_CONF_ERROR, &at, "'expires' is a day such as 2027-12-31, not '%s'",
		    v->str.p);
		return;
	}
	e->expires_at_ms = t.at_ms + DAY_MS;
	if (e->expires_at_ms <= l->now_ms)
		nw_conf_diag(l->diags, NW_CONF_WARNING, &at,
		    "it expired on %s and alerts no more; renew the date or remove the entry", v->str.p);
}

/* Topics only tag: what is about alerts is a mistake there. */
static void
refuse_alerting(struct nw_conf_loading *l, const struct nw_conf_entry *e, const struct nw_value *values)
{
	static const char *const alerting[] = {
	    "notify", "severity", "group_by", "group_wait", "expires", "on_revision"};
	size_t i;

	for (i = 0; i < sizeof(alerting) / sizeof(alerting[0]); i++) {
		const Nw__Key *k = nw_conf_table_value(nw_conf_entry_options, values, alerting[i])->host;
		struct nw_conf_place at;

		if (k == NULL)
			continue;
		at = nw_conf_at_key(&e->at, k);
		nw_conf_diag(l->diags, NW_CONF_ERROR, &at,
		    "a topic sends no alerts, so '%s' means nothing here; write a watch on topic:%s",
		    alerting[i], e->name.len > 0 ? e->name.p : "NAME");
	}
}

static void
check_name(struct entries *t, struct nw_conf_section *s, const struct nw_conf_entry *e,
    const struct nw_value *v, struct nw_conf_names *names)
{
	struct nw_conf_valid valid = {t->l->diags, place(e, v, 0), "name"};
	uint32_t first;
	int added;

	if (e->name.len == 0 || nw_conf_valid_name(&valid, e->name) == -1)
		return;
	added = nw_conf_names_add(names, e->name, s->nentry, &first);
	t->l->no_memory |= added == -1;
	if (added == 0)
		nw_conf_diag(t->l->diags, NW_CONF_ERROR, &valid.at,
		    "the name '%s' is taken already, in %s:%" PRIu32, e->name.p, s->entry[first]->at.file.p,
		    s->entry[first]->at.line);
}

static const char *
kind_of(struct nw_str section)
{
	return nw_str_is(section, "watches") ? "watch" : nw_str_is(section, "topics") ? "topic" : section.p;
}

static void
load_entry(
    struct entries *t, struct nw_conf_section *s, const struct nw_conf_raw *raw, struct nw_conf_names *names)
{
	struct nw_conf_loading *l = t->l;
	struct nw_conf_entry *e = nw_arena_zalloc(l->c->arena, sizeof(*e));
	struct nw_conf_typing typing = {
	    .table = nw_conf_entry_options, .defaults = t->defaults, .keys = raw->keys, .nkeys = raw->nkeys};
	struct nw_value *v = NULL;
	Nw__Key **rest = NULL;
	int topic = nw_str_is(s->name, "topics");

	if (e == NULL) {
		l->no_memory = 1;
		return;
	}
	e->at = raw->at;
	e->at.entry = nw_conf_load_label(l, kind_of(s->name), raw);
	typing.at = e->at;
	typing.rest_r = &rest;
	typing.nrest_r = &e->nkeys;
	nw_arena_reset(l->scratch);
	(void)nw_conf_type(l->scratch, &typing, &v, l->diags); /* told to the diags */
	e->keys = nw_arena_array(l->c->raw, e->nkeys + 1, sizeof(*e->keys));
	if (v == NULL || e->keys == NULL ||
	    nw_conf_table_bind(l->c->arena, nw_conf_entry_options, nw_conf_entry_binds, v, e) == -1) {
		l->no_memory = 1;
		return;
	}
	if (e->nkeys > 0)
		memcpy(e->keys, rest, e->nkeys * sizeof(*rest));
	check_name(t, s, e, &v[t->oi_name], names);
	check_sources(t, e, &v[t->oi_sources]);
	e->group_wait_s = v[t->oi_group_wait].given ? v[t->oi_group_wait].num : -1;
	set_expires(l, e, &v[t->oi_expires]);
	if (topic)
		refuse_alerting(l, e, v);
	else if (nw_str_is(s->name, "watches"))
		set_notify(t, e, &v[t->oi_notify]);
	s->entry[s->nentry++] = e;
}

static int
is_entry_section(struct nw_str s)
{
	static const char *const other[] = {"", "sources", "channels", "lists", "plugins"};
	size_t i;

	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		if (nw_str_is(s, other[i]))
			return 0;
	}
	return 1;
}

static uint32_t
section_of(struct nw_config *c, struct nw_str name)
{
	uint32_t i;

	for (i = 0; i < c->nsection && !nw_str_eq(c->section[i].name, name); i++)
		;
	return i;
}

/* The sections that there are, with room for their entries. */
static void
make_sections(struct nw_conf_loading *l)
{
	struct nw_config *c = l->c;
	size_t i, max = 2;

	for (i = 1; i < l->raws.n; i++)
		max += !nw_str_eq(l->raws.item[i].section, l->raws.item[i - 1].section);
	c->section = nw_arena_array(c->arena, max + 1, sizeof(*c->section));
	if (c->section == NULL) {
		l->no_memory = 1;
		return;
	}
	c->section[c->nsection++].name = nw_str("topics");
	c->section[c->nsection++].name = nw_str("watches");
	for (i = 0; i < l->raws.n; i++) {
		struct nw_str name = l->raws.item[i].section;
		uint32_t k = section_of(c, name);

		if (!is_entry_section(name))
			continue;
		if (k == c->nsection) {
			c->section[c->nsection].name = nw_arena_dup(c->arena, name);
			l->no_memory |= c->section[c->nsection++].name.p == NULL;
		}
		c->section[k].nentry++;
	}
	for (i = 0; i < c->nsection; i++) {
		c->section[i].entry =
		    nw_arena_array(c->arena, (size_t)c->section[i].nentry + 1, sizeof(*c->section[i].entry));
		l->no_memory |= c->section[i].entry == NULL;
		c->section[i].nentry = 0;
	}
}

static void
load_all(struct entries *t)
{
	struct nw_conf_loading *l = t->l;
	uint32_t first;
	size_t i;

	for (i = 0; i < l->c->nsource && !l->no_memory; i++)
		l->no_memory |=
		    nw_conf_names_add(&t->sources, l->c->source[i]->name, (uint32_t)i, &first) == -1;
	if (l->delivery_notify.value != NULL)
		t->notify = resolve_channels(l, NULL, l->delivery_notify.value, &t->nnotify);
	for (i = 0; i < l->raws.n && !l->no_memory; i++) {
		const struct nw_conf_raw *raw = &l->raws.item[i];
		uint32_t k;

		if (!is_entry_section(raw->section))
			continue;
		k = section_of(l->c, raw->section);
		load_entry(t, &l->c->section[k], raw, &t->names[k]);
	}
}

void
nw_conf_entries_load(struct nw_conf_loading *l)
{
	const struct nw_option *o = nw_conf_entry_options;
	struct entries t = {.l = l,
	    .oi_notify = nw_conf_option(o, NW_STR("notify")),
	    .oi_group_wait = nw_conf_option(o, NW_STR("group_wait")),
	    .oi_expires = nw_conf_option(o, NW_STR("expires")),
	    .oi_sources = nw_conf_option(o, NW_STR("sources")),
	    .oi_name = nw_conf_option(o, NW_STR("name"))};
	uint32_t i;

	make_sections(l);
	t.defaults = nw_conf_type_defaults(l->c->raw, o);
	t.names = nw_arena_array(l->c->raw, (size_t)l->c->nsection + 1, sizeof(*t.names));
	l->no_memory |= t.defaults == NULL || t.names == NULL;
	if (!l->no_memory)
		load_all(&t);
	for (i = 0; t.names != NULL && i < l->c->nsection; i++)
		nw_conf_names_done(&t.names[i]);
	nw_conf_names_done(&t.sources);
}
