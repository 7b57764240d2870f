#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/suggest.h"
#include "core/limits.h"
#include "query/defs_int.h"
#include "query/lex.h"

struct nw_defs *
nw_defs_new(struct nw_analyse *an)
{
	struct nw_defs *d = calloc(1, sizeof(*d));

	if (d == NULL || (d->arena = nw_arena_new(0)) == NULL) {
		free(d);
		return NULL;
	}
	d->an = an;
	return d;
}

void
nw_defs_free(struct nw_defs *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < sizeof(d->table) / sizeof(d->table[0]); i++)
		nw_names_done(&d->table[i]);
	nw_arena_free(d->arena);
	free(d);
}

static int
names_of(struct nw_defs *d, enum nw_defs_kind kind, const struct nw_str *names, uint32_t n)
{
	nw_names_done(&d->table[kind]);
	d->has[kind] = names != NULL;
	for (uint32_t i = 0; names != NULL && i < n; i++)
		if (nw_names_put(&d->table[kind], names[i], NULL) == -1)
			return NW_ERES;
	return NW_OK;
}

int
nw_defs_names(struct nw_defs *d, const struct nw_query_names *n)
{
	int rc;

	if ((rc = names_of(d, NW_DEFS_SOURCE, n->sources, n->nsources)) == NW_OK &&
	    (rc = names_of(d, NW_DEFS_TOPIC, n->topics, n->ntopics)) == NW_OK &&
	    (rc = names_of(d, NW_DEFS_COUNTRY, n->countries, n->ncountries)) == NW_OK)
		rc = names_of(d, NW_DEFS_TAG, n->tags, n->ntags);
	return rc;
}

/* A name that can be written after "@" and within watch(). */
static int
is_name(struct nw_str s)
{
	struct nw_lex lx = {.text = s};
	struct nw_token t;

	nw_lex_operator(&lx, &t);
	return s.len <= NW_NAME_MAX && t.type == NW_LEX_WORD && t.off == 0 && t.text.len == s.len &&
	       s.p[0] != '@';
}

static int
add(struct nw_defs *d, enum nw_defs_kind kind, const struct nw_def *given)
{
	struct nw_def *def = nw_arena_alloc(d->arena, sizeof(*def));
	int rc;

	if (!is_name(given->name))
		return NW_ECONF;
	if (def == NULL)
		return NW_ERES;
	*def = *given;
	def->name = nw_arena_dup(d->arena, given->name);
	def->entry = nw_arena_array(d->arena, given->nentry, sizeof(*def->entry));
	if (def->name.p == NULL || def->entry == NULL)
		return NW_ERES;
	for (uint32_t i = 0; i < given->nentry; i++)
		if ((def->entry[i] = nw_arena_dup(d->arena, given->entry[i])).p == NULL)
			return NW_ERES;
	d->has[kind] = 1;
	rc = nw_names_put(&d->table[kind], def->name, def);
	return rc == 1 ? NW_OK : rc == 0 ? NW_ECONF : NW_ERES;
}

int
nw_defs_list_add(struct nw_defs *d, struct nw_str name, const struct nw_str *entries, uint32_t n,
    nw_query_diag_fn *diag, void *cookie)
{
	struct nw_def def = {
	    .name = name, .entry = (struct nw_str *)entries, .nentry = n, .diag = diag, .cookie = cookie};

	return n > NW_LIST_ENTRIES_MAX ? NW_ELIMIT : add(d, NW_DEFS_LIST, &def);
}

int
nw_defs_watch_add(struct nw_defs *d, struct nw_str name, struct nw_str match, int has_score)
{
	struct nw_def def = {.name = name, .entry = &match, .nentry = 1, .has_score = has_score};

	return add(d, NW_DEFS_WATCH, &def);
}

/* A watch's own mistakes are told where it is added itself, so here nobody listens. */
static struct nw_ast *
read_watch(struct nw_defs *d, struct nw_def *def)
{
	struct nw_ast_ctx ctx = {.an = d->an, .arena = d->arena, .defs = d};

	return nw_ast_parse(&ctx, def->entry[0], NW_STR("any"));
}

/* All that are being read from ${def} on lead to it. */
static void
mark_cycle(struct nw_defs *d, const struct nw_def *def)
{
	int i = d->depth;

	do
		d->reading[--i]->cyclic = 1;
	while (d->reading[i] != def);
}

enum nw_defs_state
nw_defs_get(struct nw_defs *d, enum nw_defs_kind kind, struct nw_str name, struct nw_ast **root_r)
{
	const struct nw_names_slot *s = nw_names_get(&d->table[kind], name);
	struct nw_def *def = s != NULL ? s->value : NULL;

	if (def == NULL)
		return NW_DEFS_UNKNOWN;
	if (def->has_score)
		return NW_DEFS_SCORED;
	if (def->progress == NW_DEF_READING) {
		mark_cycle(d, def);
		return NW_DEFS_CYCLE;
	}
	if (def->progress == NW_DEF_UNREAD) {
		if (d->depth >= NW_QUERY_DEPTH_MAX)
			return NW_DEFS_DEEP;
		def->progress = NW_DEF_READING;
		d->reading[d->depth++] = def;
		def->root = kind == NW_DEFS_LIST ? nw_defs_list_read(d, def) : read_watch(d, def);
		d->depth--;
		def->progress = def->root != NULL ? NW_DEF_READ : NW_DEF_FAILED;
	}
	if (def->progress == NW_DEF_FAILED)
		return def->cyclic ? NW_DEFS_CYCLE : NW_DEFS_BROKEN;
	*root_r = def->root;
	return NW_DEFS_OK;
}

int
nw_defs_check(struct nw_defs *d)
{
	const struct nw_names *t = &d->table[NW_DEFS_LIST];
	struct nw_ast *root;
	int rc = 0;

	for (size_t i = 0; i < t->cap; i++)
		if (t->slot[i].name.p != NULL &&
		    nw_defs_get(d, NW_DEFS_LIST, t->slot[i].name, &root) != NW_DEFS_OK)
			rc = -1;
	return rc;
}

int
nw_defs_has(const struct nw_defs *d, enum nw_defs_kind kind)
{
	return d->has[kind];
}

int
nw_defs_knows(const struct nw_defs *d, enum nw_defs_kind kind, struct nw_str name)
{
	return !d->has[kind] || nw_names_get(&d->table[kind], name) != NULL;
}

struct nw_str
nw_defs_nearest(const struct nw_defs *d, enum nw_defs_kind kind, struct nw_str name)
{
	struct nw_suggest s = nw_suggest_init(name);

	for (size_t i = 0; i < d->table[kind].cap; i++)
		if (d->table[kind].slot[i].name.p != NULL)
			nw_suggest_offer(&s, d->table[kind].slot[i].name);
	return s.best;
}

size_t
nw_defs_bytes(const struct nw_defs *d)
{
	size_t n = nw_arena_used(d->arena);

	for (size_t i = 0; i < sizeof(d->table) / sizeof(d->table[0]); i++)
		n += d->table[i].cap * sizeof(d->table[i].slot[0]);
	return n;
}
