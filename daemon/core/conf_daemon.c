#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/conf_load.h"
#include "core/conf_table.h"
#include "core/conf_valid.h"
#include "core/time.h"

#define OPTIONS_MAX 96 /* of nw_conf_daemon_options */

/* Values of all files together, and where each came from. */
struct merged {
	struct nw_value *value;
	struct nw_conf_place at[OPTIONS_MAX];
};

static void
merge(struct nw_conf_loading *l, struct merged *m, const struct nw_conf_raw *raw, const struct nw_value *got)
{
	size_t i;

	for (i = 0; nw_conf_daemon_options[i].name != NULL && i < OPTIONS_MAX; i++) {
		struct nw_conf_place at;

		if (!got[i].given)
			continue;
		at = nw_conf_at_key(&raw->at, got[i].host);
		if (m->value[i].given) {
			nw_conf_diag(l->diags, NW_CONF_ERROR, &at,
			    "'%s' was said before, in %s:%" PRIu32 "; remove one",
			    nw_conf_daemon_options[i].name, m->at[i].file.p, m->value[i].line);
			continue;
		}
		m->value[i] = got[i];
		m->at[i] = raw->at;
	}
}

/* Sections stand beside the daemon's options at the top of a file, so a slip may mean either. */
static const struct nw_option section_names[] = {{"sources", NW_OPT_NONE, 0, NULL, 0, 0, NULL, NULL},
    {"topics", NW_OPT_NONE, 0, NULL, 0, 0, NULL, NULL}, {"watches", NW_OPT_NONE, 0, NULL, 0, 0, NULL, NULL},
    {"channels", NW_OPT_NONE, 0, NULL, 0, 0, NULL, NULL}, {"lists", NW_OPT_NONE, 0, NULL, 0, 0, NULL, NULL},
    {"plugins", NW_OPT_NONE, 0, NULL, 0, 0, NULL, NULL}, {0}};

static struct nw_conf_valid
valid(struct nw_conf_loading *l, const struct merged *m, const char *option, uint32_t i,
    const struct nw_value **v_r)
{
	int k = nw_conf_option(nw_conf_daemon_options, nw_str(option));

	*v_r = &m->value[k];
	return (struct nw_conf_valid){l->diags, nw_conf_valid_place(&m->at[k], &m->value[k], i), option};
}

static void
check(struct nw_conf_loading *l, const struct merged *m)
{
	const struct nw_value *v;
	struct nw_conf_valid at;
	struct nw_str url;
	uint32_t i, n;

	at = valid(l, m, "timezone", 0, &v);
	nw_conf_valid_zone(&at, v->str);
	at = valid(l, m, "fetch.proxy", 0, &v);
	nw_conf_valid_proxy(&at, v->str);
	at = valid(l, m, "operator.statement", 0, &v);
	l->c->daemon.operator.statement_min = -1;
	if (v->str.len > 0)
		nw_conf_valid_clock(&at, v->str, &l->c->daemon.operator.statement_min);
	at = valid(l, m, "operator.heartbeat_url", 0, &v);
	if (v->str.len > 0)
		nw_conf_valid_url(&at, l->scratch, v->str, &url);
	valid(l, m, "fetch.allow_private", 0, &v);
	for (i = 0, n = v->nlist; i < n; i++) {
		at = valid(l, m, "fetch.allow_private", i, &v);
		nw_conf_valid_cidr(&at, v->list[i]);
	}
}

/* The growing intervals of follow.relook. */
static void
set_relook(struct nw_conf_loading *l, const struct merged *m)
{
	struct nw_conf_daemon *d = &l->c->daemon;
	const struct nw_value *v;
	struct nw_conf_valid at = valid(l, m, "follow.relook", 0, &v);
	int64_t *s = nw_arena_array(l->c->arena, v->nlist + 1, sizeof(*s));
	uint32_t i;

	for (i = 0; s != NULL && i < v->nlist; i++) {
		at = valid(l, m, "follow.relook", i, &v);
		if (nw_time_parse_duration(v->list[i], &s[i]) == -1 || s[i] < 60 ||
		    (i > 0 && s[i] <= s[i - 1])) {
			nw_conf_diag(l->diags, NW_CONF_ERROR, &at.at,
			    "'follow.relook' holds durations of a minute or more that grow, such as [1h, 6h, "
			    "1d]");
			break;
		}
	}
	l->no_memory |= s == NULL;
	d->follow.relook_s = s;
	d->follow.nrelook = i;
}

static struct nw_conf_naming
naming(const struct merged *m, const char *option)
{
	int k = nw_conf_option(nw_conf_daemon_options, nw_str(option));

	return (struct nw_conf_naming){&m->value[k], m->at[k]};
}

static void
set_rest(struct nw_conf_loading *l, const struct merged *m)
{
	struct nw_conf_daemon *d = &l->c->daemon;
	const struct nw_value *v;

	valid(l, m, "workers.deadline", 0, &v);
	d->workers.job_ms = v->num * 1000;
	valid(l, m, "fetch.user_agent", 0, &v);
	if (v->str.len > 0)
		d->fetch.user_agent = nw_arena_dup(l->c->arena, v->str);
	else if (d->fetch.contact.len > 0)
		d->fetch.user_agent =
		    nw_arena_printf(l->c->arena, "newswatchd/" NW_VERSION " (+%s)", d->fetch.contact.p);
	else
		d->fetch.user_agent = nw_str("newswatchd/" NW_VERSION);
	l->no_memory |= d->fetch.user_agent.p == NULL;
	l->operator_notify = naming(m, "operator.notify");
	l->delivery_notify = naming(m, "delivery.notify");
	set_relook(l, m);
}

/* plugins: { NAME: { enabled: false, ... } } */
static void
load_plugin(struct nw_conf_loading *l, const struct nw_conf_raw *raw)
{
	static const struct nw_option table[] = {
	    {"enabled", NW_OPT_BOOL, 0, "true", 0, 0, NULL, "false: not loaded."}, {0}};
	struct nw_conf_plugin *p = nw_arena_zalloc(l->c->raw, sizeof(*p));
	struct nw_conf_typing t = {.table = table, .keys = raw->keys, .nkeys = raw->nkeys, .at = raw->at};
	struct nw_value *v = NULL;

	if (p == NULL) {
		l->no_memory = 1;
		return;
	}
	p->name = raw->name;
	p->at = t.at;
	p->at.entry = nw_arena_printf(l->c->raw, "plugin %s", raw->name.p);
	t.at = p->at;
	t.rest_r = &p->keys;
	t.nrest_r = &p->nkeys;
	(void)nw_conf_type(l->c->raw, &t, &v, l->diags); /* told to the diags */
	if (v == NULL || p->at.entry.p == NULL) {
		l->no_memory = 1;
		return;
	}
	p->enabled = v[0].num != 0;
	l->c->plugin[l->c->nplugin++] = p;
}

static void
load_plugins(struct nw_conf_loading *l)
{
	size_t i, n = 0;

	for (i = 0; i < l->raws.n; i++)
		n += nw_str_is(l->raws.item[i].section, "plugins");
	l->c->plugin = nw_arena_array(l->c->raw, n + 1, sizeof(*l->c->plugin));
	l->no_memory |= l->c->plugin == NULL;
	for (i = 0; i < l->raws.n && !l->no_memory; i++) {
		const struct nw_conf_raw *raw = &l->raws.item[i];
		uint32_t k;

		if (!nw_str_is(raw->section, "plugins"))
			continue;
		for (k = 0; k < l->c->nplugin && !nw_str_eq(l->c->plugin[k]->name, raw->name); k++)
			;
		if (k < l->c->nplugin)
			nw_conf_diag(l->diags, NW_CONF_ERROR, &raw->at,
			    "the plugin '%s' was configured before, in %s:%" PRIu32, raw->name.p,
			    l->c->plugin[k]->at.file.p, l->c->plugin[k]->at.line);
		else
			load_plugin(l, raw);
	}
}

void
nw_conf_daemon_load(struct nw_conf_loading *l)
{
	struct merged m = {.value = nw_conf_type_defaults(l->c->raw, nw_conf_daemon_options)};
	struct nw_value *defaults = nw_conf_type_defaults(l->c->raw, nw_conf_daemon_options), *got;
	size_t i;

	for (i = 0; i < l->raws.n && m.value != NULL && defaults != NULL; i++) {
		const struct nw_conf_raw *raw = &l->raws.item[i];
		struct nw_conf_typing t = {.table = nw_conf_daemon_options,
		    .also = section_names,
		    .defaults = defaults,
		    .keys = raw->keys,
		    .nkeys = raw->nkeys,
		    .at = raw->at};

		if (raw->section.len > 0)
			continue;
		got = NULL;
		(void)nw_conf_type(l->c->raw, &t, &got, l->diags); /* told to the diags */
		if (got != NULL)
			merge(l, &m, raw, got);
		l->no_memory |= got == NULL;
	}
	if (l->no_memory || m.value == NULL || defaults == NULL ||
	    nw_conf_table_bind(
		l->c->arena, nw_conf_daemon_options, nw_conf_daemon_binds, m.value, &l->c->daemon) == -1) {
		l->no_memory = 1;
		return;
	}
	check(l, &m);
	set_rest(l, &m);
	load_plugins(l);
}
