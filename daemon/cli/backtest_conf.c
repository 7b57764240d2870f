#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/conf.h"
#include "core/frame.h"
#include "query/need.h"
#include "query/query.h"
#include "cli/backtest.h"
#include "cli/cli.h"
#include "cli/conf_arg.h"

/* --- configurations */

/* A file of lists, topics and watches alone; its strings live as long as the model, which is kept until the
 * end. */
static int
load_alone(struct nw_backtest *bt, const char *path, struct nw_config **conf_r)
{
	struct nw_conf_diags diags = {0};
	int rc = nw_conf_arg_load(bt->cli, NULL, path, conf_r, &diags);

	if (rc == 0 && diags.nerror > 0)
		rc = NW_EXIT_NO;
	nw_conf_arg_tell(&diags, NW_CONF_ARG_NO_NOTES);
	return rc;
}

static int
no_memory(const struct nw_backtest *bt)
{
	return nw_cli_fail(bt->cli, NW_EXIT_BROKEN, "out of memory");
}

static Nw__Section *
section_of(const Nw__Config *c, const char *name)
{
	for (size_t i = 0; i < c->n_sections; i++)
		if (nw_str_is(nw_pb_str(c->sections[i]->name), name))
			return c->sections[i];
	return NULL;
}

/* Entries of ${over} take the place of those of the same name, or come behind. */
static int
lay_entries(struct nw_arena *a, Nw__Section *s, const Nw__Section *over)
{
	Nw__Entry **all = nw_arena_array(a, s->n_entries + over->n_entries + 1, sizeof(Nw__Entry *));

	if (all == NULL)
		return -1;
	if (s->n_entries != 0)
		memcpy(all, s->entries, s->n_entries * sizeof(*all));
	for (size_t i = 0; i < over->n_entries; i++) {
		size_t k = 0;

		while (k < s->n_entries &&
		       !nw_str_eq(nw_pb_str(all[k]->name), nw_pb_str(over->entries[i]->name)))
			k++;
		all[k] = over->entries[i];
		s->n_entries += k == s->n_entries;
	}
	s->entries = all;
	return 0;
}

static int
lay_lists(struct nw_arena *a, Nw__Config *c, const Nw__Config *over)
{
	Nw__List **all = nw_arena_array(a, c->n_lists + over->n_lists + 1, sizeof(Nw__List *));

	if (all == NULL)
		return -1;
	if (c->n_lists != 0)
		memcpy(all, c->lists, c->n_lists * sizeof(*all));
	for (size_t i = 0; i < over->n_lists; i++) {
		size_t k = 0;

		while (k < c->n_lists && !nw_str_eq(nw_pb_str(all[k]->name), nw_pb_str(over->lists[i]->name)))
			k++;
		all[k] = over->lists[i];
		c->n_lists += k == c->n_lists;
	}
	c->lists = all;
	return 0;
}

static int
lay_over(struct nw_arena *a, Nw__Config *c, const Nw__Config *over)
{
	Nw__Section **all = nw_arena_array(a, c->n_sections + over->n_sections + 1, sizeof(Nw__Section *)),
		    *s;

	if (all == NULL || lay_lists(a, c, over) == -1)
		return -1;
	if (c->n_sections != 0)
		memcpy(all, c->sections, c->n_sections * sizeof(*all));
	c->sections = all;
	for (size_t i = 0; i < over->n_sections; i++) {
		if ((s = section_of(c, nw_pb_str(over->sections[i]->name).p)) == NULL)
			all[c->n_sections++] = over->sections[i];
		else if (lay_entries(a, s, over->sections[i]) == -1)
			return -1;
	}
	return 0;
}

static int
is_tried(const struct nw_backtest *bt, struct nw_str name)
{
	for (uint32_t i = 0; i < bt->nname; i++)
		if (nw_str_eq(bt->name[i], name))
			return 1;
	return 0;
}

/* Other watches stay where a tried one may name them by watch(). */
static int
names_watches(const struct nw_backtest *bt, const Nw__Section *s)
{
	for (size_t i = 0; i < s->n_entries; i++)
		for (size_t k = 0; is_tried(bt, nw_pb_str(s->entries[i]->name)) && k < s->entries[i]->n_keys;
		     k++)
			if (s->entries[i]->keys[k]->n_values != 0 &&
			    strstr(nw_pb_str(s->entries[i]->keys[k]->values[0]->text).p, "watch(") != NULL)
				return 1;
	return 0;
}

static int
keep_tried(struct nw_backtest *bt, Nw__Config *c)
{
	Nw__Section *s = section_of(c, "watches");
	size_t found = 0, kept = 0;
	int all;

	if (s == NULL)
		return nw_cli_fail(bt->cli, NW_EXIT_NO, "no watch is configured");
	all = names_watches(bt, s);
	for (size_t i = 0; i < s->n_entries; i++) {
		int tried = is_tried(bt, nw_pb_str(s->entries[i]->name));

		found += (size_t)tried;
		if (tried || all)
			s->entries[kept++] = s->entries[i];
	}
	s->n_entries = kept;
	if (found == bt->nname)
		return 0;
	return nw_cli_fail(bt->cli, NW_EXIT_NO, "there is no watch '%s' in it", bt->name[0].p);
}

int
nw_backtest_conf(struct nw_backtest *bt, uint32_t side, const char *overlay)
{
	struct nw_config *conf;
	struct nw_err err;
	Nw__Config *over;
	int rc;

	if (nw_session_config(bt->cli, bt->archive.from.conf, NW_SESSION_TAGGERS | NW_SESSION_RULES, bt->keep,
		&bt->config[side], &err) == -1)
		return nw_cli_fail(bt->cli, NW_EXIT_BROKEN, "%s", err.msg);
	if (overlay != NULL) {
		if ((rc = load_alone(bt, overlay, &conf)) != 0)
			return rc;
		bt->overlay[side] = conf;
		if (nw_session_config(bt->cli, conf, NW_SESSION_RULES, bt->keep, &over, &err) == -1)
			return nw_cli_fail(bt->cli, NW_EXIT_BROKEN, "%s", err.msg);
		if (lay_over(bt->keep, bt->config[side], over) == -1)
			return no_memory(bt);
	}
	return keep_tried(bt, bt->config[side]);
}

int
nw_backtest_names_of(struct nw_backtest *bt, const char *path)
{
	struct nw_config *conf;
	const struct nw_conf_section *s;
	int rc = load_alone(bt, path, &conf);

	if (rc != 0)
		return rc;
	s = nw_conf_section_find(conf, "watches");
	bt->nname = s != NULL ? s->nentry : 0;
	bt->name = nw_arena_array(bt->keep, bt->nname + 1, sizeof(*bt->name));
	for (uint32_t i = 0; bt->name != NULL && i < bt->nname; i++)
		bt->name[i] = nw_arena_dup(bt->keep, s->entry[i]->name);
	nw_conf_free(conf);
	if (bt->name == NULL)
		return no_memory(bt);
	return bt->nname != 0 ? 0 : nw_cli_fail(bt->cli, NW_EXIT_NO, "'%s' defines no watch", path);
}

/* --- needs */

static struct nw_str
key_text(const Nw__Entry *e, const char *key)
{
	for (size_t i = 0; i < e->n_keys; i++)
		if (nw_str_is(nw_pb_str(e->keys[i]->name), key) && e->keys[i]->n_values != 0)
			return nw_pb_str(e->keys[i]->values[0]->text);
	return (struct nw_str){"", 0};
}

static int
add_lists(struct nw_query_set *set, const Nw__Config *c)
{
	for (size_t i = 0; i < c->n_lists; i++) {
		const Nw__List *l = c->lists[i];
		struct nw_str *entry = calloc(l->n_values + l->n_file_values + 1, sizeof(*entry));
		uint32_t n = 0;

		if (entry == NULL)
			return -1;
		for (size_t k = 0; k < l->n_values; k++)
			entry[n++] = nw_pb_str(l->values[k]->text);
		for (size_t k = 0; k < l->n_file_values; k++)
			entry[n++] = nw_pb_str(l->file_values[k]->text);
		(void)nw_query_list_add(
		    set, nw_pb_str(l->name), entry, n, NULL, NULL); /* told where it is used */
		free(entry);
	}
	return 0;
}

/* Behind the watches, so that topic: leads to the words its topic needs; one that is wrong has the worker's
 * say. */
static void
add_topics(struct nw_query_set *set, const Nw__Config *c)
{
	const Nw__Section *s = section_of(c, "topics");
	uint32_t id;

	for (size_t i = 0; s != NULL && i < s->n_entries; i++) {
		struct nw_str scope = key_text(s->entries[i], "scope");

		(void)nw_query_add(set, 1, NW_QUERY_TOPIC, key_text(s->entries[i], "match"),
		    key_text(s->entries[i], "score"), scope.len != 0 ? scope : NW_STR("any"), &id, NULL,
		    NULL);
	}
}

/* The sources and languages a watch is confined to, as the worker confines it. */
static int
limit(struct nw_query_set *set, uint32_t id, const Nw__Entry *e)
{
	struct nw_str *name = calloc(e->n_sources + 1, sizeof(*name)), *lang = NULL;
	uint32_t nlang = 0;
	int rc = name != NULL ? 0 : -1;

	for (size_t i = 0; name != NULL && i < e->n_sources; i++)
		name[i] = nw_pb_str(e->sources[i]);
	for (size_t i = 0; i < e->n_keys; i++) {
		const Nw__Key *k = e->keys[i];

		if (!nw_str_is(nw_pb_str(k->name), "lang") || lang != NULL)
			continue;
		if ((lang = calloc(k->n_values + 1, sizeof(*lang))) == NULL)
			rc = -1;
		for (; lang != NULL && nlang < k->n_values; nlang++)
			lang[nlang] = nw_pb_str(k->values[nlang]->text);
	}
	if (rc == 0)
		rc = nw_query_limit(set, id, name, (uint32_t)e->n_sources, lang, nlang);
	free(name);
	free(lang);
	return rc;
}

/* The tried watches of a side as one set, all of them in order; NULL where one is wrong, as the worker tells. */
static struct nw_query_set *
compile(const struct nw_backtest *bt, const Nw__Config *c, uint32_t *n_r)
{
	struct nw_query_set *set = nw_query_set_new();
	const Nw__Section *s = section_of(c, "watches");
	struct nw_err err;
	uint32_t id;

	*n_r = 0;
	if (set == NULL || add_lists(set, c) == -1)
		goto failed;
	for (size_t i = 0; i < s->n_entries; i++)
		if (nw_query_watch_add(set, nw_pb_str(s->entries[i]->name), key_text(s->entries[i], "match"),
			key_text(s->entries[i], "score").len != 0) == -1)
			goto failed;
	for (size_t i = 0; i < s->n_entries; i++) {
		struct nw_str match = key_text(s->entries[i], "match"),
			      scope = key_text(s->entries[i], "scope");

		if (!is_tried(bt, nw_pb_str(s->entries[i]->name)))
			continue;
		if (nw_query_add(set, 0, 0, match, key_text(s->entries[i], "score"),
			scope.len != 0 ? scope : NW_STR("any"), &id, NULL, NULL) == -1 ||
		    limit(set, id, s->entries[i]) == -1)
			goto failed;
		(*n_r)++;
	}
	add_topics(set, c);
	if (nw_query_compile(set, &err) == 0)
		return set;
failed:
	nw_query_set_free(set);
	return NULL;
}

/* Which tags an expression asks for is written in it; a word in quotes that looks so costs time only. */
static int
look_at_text(struct nw_backtest *bt, const struct nw_query_set *set, uint32_t id)
{
	struct nw_buf text = {0};
	const char *p;

	nw_query_print(set, id, 1, &text);
	p = nw_buf_str(&text).p;
	bt->uses_tags |=
	    strstr(p, "topic:") != NULL || strstr(p, "tag:") != NULL || strstr(p, "country:") != NULL;
	bt->uses_age |= strstr(p, "age:") != NULL;
	nw_buf_done(&text);
	return text.failed ? -1 : 0;
}

struct topics {
	struct nw_backtest *bt;
	const struct nw_query_set *set;
	const Nw__Section *section;
	uint32_t first; /* expression of the first topic */
	int in_order;	/* all were accepted: the i-th entry is expression first + i */
};

static struct nw_need *
topic_need(void *cookie, struct nw_str name)
{
	const struct topics *t = cookie;

	for (size_t i = 0; t->in_order && i < t->section->n_entries; i++)
		if (nw_str_eq(nw_pb_str(t->section->entries[i]->name), name))
			return nw_need_of(t->set, t->first + (uint32_t)i, NULL, NULL, t->bt->keep);
	return NULL;
}

static int
add_needs(struct nw_backtest *bt, const struct nw_query_set *set, const Nw__Section *topics, uint32_t n)
{
	struct topics t = {bt, set, topics, n, 0};
	struct nw_query_stats stats;

	nw_query_stats_get(set, &stats);
	t.in_order = topics != NULL && stats.expressions == n + topics->n_entries;
	for (uint32_t id = 0; id < n; id++) {
		struct nw_need *need = nw_need_of(set, id, topic_need, &t, bt->keep);

		if (need == NULL || look_at_text(bt, set, id) == -1)
			return -1;
		bt->need->kid[bt->need->n++] = need;
		if (need->kind == NW_NEED_ANY)
			bt->need->kind = NW_NEED_ANY;
	}
	return 0;
}

int
nw_backtest_need(struct nw_backtest *bt)
{
	uint32_t n;

	bt->need = nw_arena_zalloc(bt->keep, sizeof(*bt->need));
	if (bt->need == NULL || (bt->need->kid = nw_arena_array(bt->keep, (size_t)bt->nname * bt->nsides + 1,
				     sizeof(*bt->need->kid))) == NULL)
		return no_memory(bt);
	bt->need->kind = NW_NEED_OR;
	bt->need->distance = NW_NEED_ANYWHERE;
	for (uint32_t i = 0; i < bt->nsides; i++) {
		if ((bt->set[i] = compile(bt, bt->config[i], &n)) == NULL)
			return NW_EXIT_NO;
		if (add_needs(bt, bt->set[i], section_of(bt->config[i], "topics"), n) == -1)
			return no_memory(bt);
	}
	return 0;
}
