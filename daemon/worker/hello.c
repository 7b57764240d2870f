#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/conf_diag.h"
#include "core/digest.h"
#include "core/frame.h"
#include "core/limits.h"
#include "query/query.h"
#include "worker/hello.h"
#include "worker/load.h"

Nw__Diag **
nw_hello_diags(struct nw_worker *w, size_t *n_r)
{
	struct nw_conf_diags *d = w->diags;
	Nw__Diag **list, *m;

	*n_r = 0;
	nw_conf_diags_sort(d);
	if ((list = nw_arena_array(w->load, d->n, sizeof(*list))) == NULL)
		return NULL;
	for (uint32_t i = 0; i < d->n && (m = nw_arena_alloc(w->load, sizeof(*m))) != NULL; i++) {
		nw__diag__init(m);
		m->file = nw_pb(d->item[i]->at.file);
		m->line = d->item[i]->at.line;
		m->col = d->item[i]->at.col;
		m->len = d->item[i]->at.len != 0 ? d->item[i]->at.len : 1;
		m->severity = d->item[i]->severity;
		m->text = nw_pb(d->item[i]->text);
		m->entry = nw_pb(d->item[i]->at.entry);
		list[(*n_r)++] = m;
	}
	return list;
}

static Nw__PluginInfo *
plugin_info(struct nw_worker *w, const struct nw_instance *inst)
{
	Nw__PluginInfo *p = nw_arena_alloc(w->load, sizeof(*p));

	if (p == NULL)
		return NULL;
	nw__plugin_info__init(p);
	p->name = inst->pconf->name;
	if (inst->plugin == NULL) /* it could not be loaded; its place in the order stays */
		return p;
	p->version = nw_pb(nw_str(inst->plugin->version));
	p->kind = inst->plugin->kind;
	p->section = nw_pb(nw_str(inst->plugin->section));
	p->entries = inst->nentry;
	p->summary = nw_pb(nw_str(inst->plugin->summary));
	return p;
}

/* Watch versions outlive releases, so that their number is SHA-256's. */
static uint64_t
number_of(struct nw_str text)
{
	uint8_t digest[NW_SHA256_LEN];
	uint64_t n = 0;

	nw_sha256(text.p, text.len, digest);
	for (int i = 0; i < 8; i++)
		n = n << 8 | digest[i];
	return n;
}

/* The canonical text of a rule's entry and what it means with lists expanded. */
static Nw__EntryText *
entry_text(struct nw_worker *w, const struct nw_instance *inst, const struct nw_expr_id *x, struct nw_buf *b)
{
	Nw__EntryText *t = nw_arena_alloc(w->load, sizeof(*t));
	struct nw_str text;

	if (t == NULL)
		return NULL;
	nw__entry_text__init(t);
	t->plugin = inst->index;
	t->entry = inst->info[x->entry].section_index;
	nw_buf_reset(b);
	nw_query_print(w->set, x->id, 0, b);
	text = nw_arena_dup(w->load, nw_buf_str(b));
	nw_buf_reset(b);
	nw_query_print(w->set, x->id, 1, b);
	t->text = nw_pb(nw_str_or_empty(text));
	t->hash = number_of(nw_buf_str(b));
	return t;
}

static int
add_entry_texts(struct nw_worker *w, Nw__Hello *h)
{
	struct nw_instance *i;
	struct nw_buf b = {0};
	size_t n = 0;

	for (i = nw_worker_next(w, NW_KIND_RULE, 0); i != NULL; i = nw_worker_next(w, NW_KIND_RULE, i->index + 1))
		n += i->nexpr;
	if ((h->entries = nw_arena_array(w->load, n, sizeof(*h->entries))) == NULL)
		return -1;
	for (i = nw_worker_next(w, NW_KIND_RULE, 0); i != NULL; i = nw_worker_next(w, NW_KIND_RULE, i->index + 1))
		for (uint32_t j = 0; j < i->nexpr; j++)
			if ((h->entries[h->n_entries] = entry_text(w, i, &i->expr[j], &b)) != NULL)
				h->n_entries++;
	nw_buf_done(&b);
	return 0;
}

int
nw_hello_fill(struct nw_worker *w, Nw__Hello *h)
{
	struct nw_query_stats stats;

	nw__hello__init(h);
	h->version = NW_WIRE_VERSION;
	h->generation = w->generation;
	h->lock_level = w->lock_level;
	h->engine_version = NW_QUERY_ENGINE_VERSION;
	nw_query_stats_get(w->set, &stats);
	h->expressions = stats.expressions;
	h->always = stats.always;
	h->tags_known = nw_load_knows_tags(w);
	if ((h->plugins = nw_arena_array(w->load, w->ninst, sizeof(*h->plugins))) == NULL)
		return -1;
	for (uint32_t i = 0; i < w->ninst; i++)
		if ((h->plugins[h->n_plugins++] = plugin_info(w, &w->inst[i])) == NULL)
			return -1;
	h->diags = nw_hello_diags(w, &h->n_diags);
	return w->conf->no_texts ? 0 : add_entry_texts(w, h);
}
