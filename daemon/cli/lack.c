#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/batch.h"
#include "core/frame.h"
#include "core/limits.h"
#include "query/analyse.h"
#include "query/ast.h"
#include "query/defs.h"
#include "cli/conf_arg.h"
#include "cli/lack_own.h"

/* --- the watch as written ------------------------------------------------------------------------------- */

static struct nw_str
text_of(const struct nw_conf_entry *e, const char *name)
{
	for (size_t i = 0; i < e->nkeys; i++)
		if (nw_str_is(nw_pb_str(e->keys[i]->name), name) && e->keys[i]->n_values > 0)
			return nw_pb_str(e->keys[i]->values[0]->text);
	return NW_STR("");
}

static int
texts_of(
    struct nw_arena *a, const struct nw_conf_entry *e, const char *name, struct nw_str **out_r, uint32_t *n_r)
{
	*n_r = 0;
	*out_r = NULL;
	for (size_t i = 0; i < e->nkeys; i++) {
		const Nw__Key *k = e->keys[i];

		if (!nw_str_is(nw_pb_str(k->name), name) || k->n_values == 0)
			continue;
		if ((*out_r = nw_arena_array(a, k->n_values, sizeof(**out_r))) == NULL)
			return -1;
		for (; *n_r < k->n_values; ++*n_r)
			(*out_r)[*n_r] = nw_pb_str(k->values[*n_r]->text);
	}
	return 0;
}

static void
ignore(void *cookie, uint32_t severity, uint32_t line, uint32_t col, uint32_t len, const char *text)
{
	(void)cookie, (void)severity, (void)line, (void)col, (void)len,
	    (void)text; /* newswatch check tells it */
}

static int
add_lists(struct nw_lack_hand *h)
{
	for (uint32_t i = 0; i < h->conf->nlist; i++) {
		const struct nw_conf_list *list = h->conf->list[i];
		uint32_t n;
		struct nw_str *entry = nw_conf_arg_list(list, &n);
		int rc = entry != NULL ? NW_OK : NW_ERES;

		if (rc == NW_OK)
			rc = nw_defs_list_add(h->defs, list->name, entry, n, ignore, NULL);
		if (rc != NW_ERES)
			rc = nw_query_list_add(h->set, list->name, entry, n, ignore, NULL);
		free(entry); /* copied by both */
		if (rc == NW_ERES)
			return -1;
	}
	return 0;
}

static int
add_watches(struct nw_lack_hand *h)
{
	const struct nw_conf_section *s = nw_conf_section_find(h->conf, "watches");

	for (uint32_t i = 0; s != NULL && i < s->nentry; i++) {
		const struct nw_conf_entry *e = s->entry[i];
		int has_score = text_of(e, "score").len > 0;

		if (nw_defs_watch_add(h->defs, e->name, text_of(e, "match"), has_score) == NW_ERES ||
		    nw_query_watch_add(h->set, e->name, text_of(e, "match"), has_score) == NW_ERES)
			return -1;
	}
	return 0;
}

/* --- parts ---------------------------------------------------------------------------------------------- */

void
nw_lack_print(const struct nw_ast *node, const struct nw_ast *field, struct nw_buf *b)
{
	struct nw_ast round, *kid[1];

	if (field == NULL || node == field) {
		nw_ast_print(b, node, 0);
		return;
	}
	round = *field;
	(void)memcpy(kid, &node, sizeof(kid)); /* it is only printed */
	round.kid = kid;
	nw_ast_print(b, &round, 0);
}

const struct nw_lack_part *
nw_lack_part(const struct nw_lack_watch *w, const struct nw_ast *node)
{
	for (uint32_t i = 0; i < w->nparts; i++)
		if (w->part[i].node == node)
			return &w->part[i];
	return NULL;
}

/* Parts are asked from the whole down; contents of lists and other watches are theirs.  0, -1 without memory.
 */
static int
add_parts(
    struct nw_lack_hand *h, struct nw_lack_watch *w, const struct nw_ast *node, const struct nw_ast *field)
{
	struct nw_buf text = {0};
	struct nw_lack_part *p;

	if (w->nparts == NW_LACK_PARTS)
		return 0;
	if (node->kind != NW_AST_NOT) {
		p = &w->part[w->nparts++];
		*p = (struct nw_lack_part){.node = node, .field = field};
		nw_lack_print(node, field, &text);
		p->asked = !text.failed && nw_query_add(h->set, 0, 0, nw_buf_str(&text), NW_STR(""),
					       NW_STR("any"), &p->id, ignore, NULL) == 0;
		nw_buf_done(&text);
	}
	if (node->kind == NW_AST_LIST || node->kind == NW_AST_WATCH)
		return 0;
	if (node->kind == NW_AST_FIELD)
		field = node;
	for (uint32_t i = 0; i < node->nkid; i++)
		if (add_parts(h, w, node->kid[i], field) == -1)
			return -1;
	return 0;
}

int
nw_lack_holds(const struct nw_lack_watch *w, const struct nw_ast *node)
{
	const struct nw_lack_part *p = nw_lack_part(w, node);

	return p == NULL || p->holds;
}

static int
is_leaf(const struct nw_ast *a)
{
	return a->kind <= NW_AST_COMPARE;
}

/* How many operands have to be there; the negative ones come after them, or as NOT. */
static uint32_t
positive(const struct nw_ast *a)
{
	switch (a->kind) {
	case NW_AST_NOTNEAR:
	case NW_AST_NOTSENT:
	case NW_AST_NOTPARA:
	case NW_AST_NOTIN:
		return 1;
	default:
		return a->nkid;
	}
}

uint32_t
nw_lack_share(const struct nw_lack_watch *w, const struct nw_ast *a)
{
	uint32_t sum = 0, n = 0, most = 0, s;

	if (nw_lack_holds(w, a))
		return 100;
	if (is_leaf(a))
		return 0;
	for (uint32_t i = 0; i < positive(a); i++) {
		if (a->kid[i]->kind == NW_AST_NOT)
			continue;
		s = nw_lack_share(w, a->kid[i]);
		sum += s;
		most = s > most ? s : most;
		n++;
	}
	if (a->kind != NW_AST_OR) /* of alternatives the nearest counts */
		most = n > 0 ? sum / n : 0;
	return most < 100 ? most : 99; /* all is there, and it does not hold */
}

/* --- the whole ------------------------------------------------------------------------------------------ */

/* 1 the expression is there twice (with and without the scope), 0 it has errors, -1. */
static int
add_whole(struct nw_lack_hand *h, struct nw_lack_watch *w, struct nw_str score)
{
	const struct nw_conf_entry *e = w->entry;
	struct nw_str match = text_of(e, "match"), scope = text_of(e, "scope"), *langs;
	uint32_t nlangs;

	if (scope.len == 0)
		scope = NW_STR("any");
	if (texts_of(h->arena, e, "lang", &langs, &nlangs) == -1)
		return -1;
	return nw_query_add(h->set, 0, 0, match, score, scope, &w->whole, ignore, NULL) == 0 &&
	       nw_query_add(h->set, 0, 0, match, score, scope, &w->limited, ignore, NULL) == 0 &&
	       nw_query_limit(h->set, w->limited, e->sources, e->nsources, langs, nlangs) == 0;
}

/* The trees to speak of: the match, or each clause of the score block. */
static int
parse(struct nw_lack_hand *h, struct nw_lack_watch *w, struct nw_str score)
{
	struct nw_ast_ctx ctx = {
	    .an = h->analyse, .arena = h->arena, .defs = h->defs, .flags = NW_AST_ANY_NAME, .diag = ignore};
	struct nw_str match = text_of(w->entry, "match");
	struct nw_ast_score *block = score.len > 0 ? nw_ast_parse_score(&ctx, score) : NULL;
	uint32_t n = (match.len > 0) + (block != NULL ? block->nclause : 0);
	const struct nw_ast *tree;

	w->nroot = 0;
	if ((w->root = nw_arena_array(h->arena, n + 1, sizeof(struct nw_ast *))) == NULL)
		return -1;
	if (match.len > 0 && (tree = nw_ast_parse(&ctx, match, text_of(w->entry, "scope"))) != NULL)
		w->root[w->nroot++] = tree;
	for (uint32_t i = 0; block != NULL && i < block->nclause; i++)
		w->root[w->nroot++] = block->clause[i].expr;
	return 0;
}

int
nw_lack_add(struct nw_lack_hand *h, struct nw_lack_watch *w, const struct nw_conf_entry *entry)
{
	struct nw_str score = text_of(entry, "score");
	int rc;

	w->entry = entry;
	w->nparts = 0;
	if (parse(h, w, score) == -1 || (rc = add_whole(h, w, score)) == -1)
		return -1;
	if (rc == 0)
		w->nroot = 0;
	for (uint32_t i = 0; i < w->nroot; i++)
		if (add_parts(h, w, w->root[i], NULL) == -1)
			return -1;
	return 0;
}

int
nw_lack_ask(struct nw_lack_hand *h, const Nw__Article *m, int64_t now_ms, struct nw_lack_watch *w, uint32_t n)
{
	struct nw_article *view = nw_arena_zalloc(h->arena, sizeof(*view));
	struct nw_evidence ev = {.size = sizeof(ev)};

	if (view == NULL || nw_batch_article(h->arena, m, view) == -1 ||
	    nw_query_compile(h->set, NULL) == -1 || nw_query_begin(h->set, view, now_ms, NULL) == -1)
		return -1;
	for (uint32_t k = 0; k < n; k++)
		for (struct nw_lack_part *p = w[k].part; p < w[k].part + w[k].nparts; p++)
			p->holds = !p->asked || nw_query_holds(h->set, p->id, &ev) == NW_OK;
	return 0;
}

enum nw_lack
nw_lack_whole(struct nw_lack_hand *h, const struct nw_lack_watch *w)
{
	struct nw_evidence ev = {.size = sizeof(ev)};

	if (w->nroot == 0)
		return NW_LACK_UNKNOWN;
	if (nw_query_holds(h->set, w->whole, &ev) != NW_OK)
		return NW_LACK_ABSENT;
	return nw_query_holds(h->set, w->limited, &ev) == NW_OK ? NW_LACK_NOTHING : NW_LACK_SCOPE;
}

int
nw_lack_open(struct nw_lack_hand *h, const struct nw_config *conf)
{
	*h = (struct nw_lack_hand){.conf = conf};
	h->arena = nw_arena_new(0);
	h->analyse = nw_analyse_new();
	h->defs = h->analyse != NULL ? nw_defs_new(h->analyse) : NULL;
	h->set = nw_query_set_new();
	return h->arena != NULL && h->defs != NULL && h->set != NULL && add_lists(h) == 0 ? add_watches(h)
											  : -1;
}

void
nw_lack_close(struct nw_lack_hand *h)
{
	nw_query_set_free(h->set);
	nw_defs_free(h->defs);
	nw_analyse_free(h->analyse);
	nw_arena_free(h->arena);
}
