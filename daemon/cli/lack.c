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
#include "cli/lack.h"

/* A part of the expression with its answer. */
struct part {
	const struct nw_ast *node, *field; /* the field round it, NULL: none */
	uint32_t id;
	int asked, holds;
};

struct lack {
	const struct nw_config *conf;
	const struct nw_conf_entry *watch;
	struct nw_arena *arena;
	struct nw_analyse *analyse;
	struct nw_defs *defs;
	struct nw_query_set *set;
	struct part part[NW_LACK_PARTS];
	uint32_t nparts;
	uint32_t whole, limited; /* the expression, without and with the watch's scope */
	nw_lack_fn *fn;
	void *cookie;
};

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
add_lists(struct lack *l)
{
	for (uint32_t i = 0; i < l->conf->nlist; i++) {
		const struct nw_conf_list *list = l->conf->list[i];
		uint32_t n;
		struct nw_str *entry = nw_conf_arg_list(list, &n);
		int rc = entry != NULL ? NW_OK : NW_ERES;

		if (rc == NW_OK)
			rc = nw_defs_list_add(l->defs, list->name, entry, n, ignore, NULL);
		if (rc != NW_ERES)
			rc = nw_query_list_add(l->set, list->name, entry, n, ignore, NULL);
		free(entry); /* copied by both */
		if (rc == NW_ERES)
			return -1;
	}
	return 0;
}

static int
add_watches(struct lack *l)
{
	const struct nw_conf_section *s = nw_conf_section_find(l->conf, "watches");

	for (uint32_t i = 0; s != NULL && i < s->nentry; i++) {
		const struct nw_conf_entry *e = s->entry[i];
		int has_score = text_of(e, "score").len > 0;

		if (nw_defs_watch_add(l->defs, e->name, text_of(e, "match"), has_score) == NW_ERES ||
		    nw_query_watch_add(l->set, e->name, text_of(e, "match"), has_score) == NW_ERES)
			return -1;
	}
	return 0;
}

/* --- parts ---------------------------------------------------------------------------------------------- */

/* The part as text: within its field, if it stands in one. */
static void
print_part(const struct nw_ast *node, const struct nw_ast *field, struct nw_buf *b)
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

static struct part *
part_of(struct lack *l, const struct nw_ast *node)
{
	for (uint32_t i = 0; i < l->nparts; i++)
		if (l->part[i].node == node)
			return &l->part[i];
	return NULL;
}

/* Parts are asked from the whole down; contents of lists and other watches are theirs.  0, -1 without memory.
 */
static int
add_parts(struct lack *l, const struct nw_ast *node, const struct nw_ast *field)
{
	struct nw_buf text = {0};
	struct part *p;

	if (l->nparts == NW_LACK_PARTS)
		return 0;
	if (node->kind != NW_AST_NOT) {
		p = &l->part[l->nparts++];
		*p = (struct part){.node = node, .field = field};
		print_part(node, field, &text);
		p->asked = !text.failed && nw_query_add(l->set, 0, 0, nw_buf_str(&text), NW_STR(""),
					       NW_STR("any"), &p->id, ignore, NULL) == 0;
		nw_buf_done(&text);
	}
	if (node->kind == NW_AST_LIST || node->kind == NW_AST_WATCH)
		return 0;
	if (node->kind == NW_AST_FIELD)
		field = node;
	for (uint32_t i = 0; i < node->nkid; i++)
		if (add_parts(l, node->kid[i], field) == -1)
			return -1;
	return 0;
}

static int
holds(struct lack *l, const struct nw_ast *node)
{
	const struct part *p = part_of(l, node);

	return p == NULL || p->holds; /* beyond the bound: not looked at, nothing to say */
}

/* --- telling -------------------------------------------------------------------------------------------- */

static void
tell(struct lack *l, enum nw_lack what, const struct nw_ast *node)
{
	const struct part *p = part_of(l, node);
	struct nw_buf text = {0};

	print_part(node, p != NULL ? p->field : NULL, &text);
	l->fn(l->cookie, what, nw_buf_str(&text));
	nw_buf_done(&text);
}

static int
is_leaf(const struct nw_ast *a)
{
	return a->kind <= NW_AST_COMPARE;
}

/* How much of it is there, in hundredths: for choosing among alternatives. */
static uint32_t
share(struct lack *l, const struct nw_ast *a)
{
	uint32_t sum = 0, n = 0;

	if (holds(l, a))
		return 100;
	if (is_leaf(a) || a->kind == NW_AST_OR)
		return 0;
	for (uint32_t i = 0; i < a->nkid; i++, n++)
		sum += a->kid[i]->kind == NW_AST_NOT ? 100 : share(l, a->kid[i]);
	return n > 0 ? sum / n * 99 / 100 : 0;
}

static void describe(struct lack *, const struct nw_ast *);

static void
describe_or(struct lack *l, const struct nw_ast *a)
{
	const struct nw_ast *best = NULL;
	uint32_t most = 0, s;

	for (uint32_t i = 0; i < a->nkid; i++)
		if ((s = share(l, a->kid[i])) > most) {
			most = s;
			best = a->kid[i];
		}
	if (best == NULL) {
		tell(l, NW_LACK_ABSENT, a);
		return;
	}
	tell(l, NW_LACK_INSTEAD, best);
	describe(l, best);
}

/* Operands that do not hold by themselves are what is missing; where all hold, it is their distance. */
static void
describe_kids(struct lack *l, const struct nw_ast *a)
{
	uint32_t told = 0;

	for (uint32_t i = 0; i < a->nkid; i++) {
		const struct nw_ast *kid = a->kid[i];

		if (kid->kind == NW_AST_NOT) {
			if (holds(l, kid->kid[0]) && part_of(l, kid->kid[0]) != NULL)
				tell(l, NW_LACK_EXCLUDED, kid->kid[0]), told++;
		} else if (!holds(l, kid)) {
			describe(l, kid), told++;
		}
	}
	if (told == 0)
		tell(l, NW_LACK_APART, a);
}

static void
describe(struct lack *l, const struct nw_ast *a)
{
	switch (a->kind) {
	case NW_AST_OR:
		describe_or(l, a);
		break;
	case NW_AST_AND:
	case NW_AST_NEAR:
	case NW_AST_PRE:
	case NW_AST_SENT:
	case NW_AST_PARA:
	case NW_AST_IN:
	case NW_AST_FIELD:
		describe_kids(l, a);
		break;
	case NW_AST_NOTNEAR:
	case NW_AST_NOTSENT:
	case NW_AST_NOTPARA:
	case NW_AST_NOTIN:
		if (holds(l, a->kid[0]))
			tell(l, NW_LACK_EXCLUDED, a);
		else
			describe(l, a->kid[0]);
		break;
	default:
		tell(l, NW_LACK_ABSENT, a);
	}
}

/* --- the whole ------------------------------------------------------------------------------------------ */

static int
begin(struct lack *l, const Nw__Article *m, int64_t now_ms)
{
	struct nw_article *view = nw_arena_zalloc(l->arena, sizeof(*view));
	struct nw_evidence ev = {.size = sizeof(ev)};

	if (view == NULL || nw_batch_article(l->arena, m, view) == -1 ||
	    nw_query_compile(l->set, NULL) == -1 || nw_query_begin(l->set, view, now_ms, NULL) == -1)
		return -1;
	for (uint32_t i = 0; i < l->nparts; i++)
		l->part[i].holds = !l->part[i].asked || nw_query_holds(l->set, l->part[i].id, &ev) == NW_OK;
	return 0;
}

/* 1 the expression is there twice (with and without the scope), 0 it has errors, -1. */
static int
add_whole(struct lack *l, struct nw_str score)
{
	struct nw_str match = text_of(l->watch, "match"), scope = text_of(l->watch, "scope"), *langs;
	uint32_t nlangs;

	if (scope.len == 0)
		scope = NW_STR("any");
	if (texts_of(l->arena, l->watch, "lang", &langs, &nlangs) == -1)
		return -1;
	return nw_query_add(l->set, 0, 0, match, score, scope, &l->whole, ignore, NULL) == 0 &&
	       nw_query_add(l->set, 0, 0, match, score, scope, &l->limited, ignore, NULL) == 0 &&
	       nw_query_limit(l->set, l->limited, l->watch->sources, l->watch->nsources, langs, nlangs) == 0;
}

/* The trees to speak of: the match, or each clause of the score block. */
static int
parse(struct lack *l, struct nw_str score, const struct nw_ast ***root_r, uint32_t *n_r)
{
	struct nw_ast_ctx ctx = {
	    .an = l->analyse, .arena = l->arena, .defs = l->defs, .flags = NW_AST_ANY_NAME, .diag = ignore};
	struct nw_str match = text_of(l->watch, "match");
	struct nw_ast_score *block = score.len > 0 ? nw_ast_parse_score(&ctx, score) : NULL;
	uint32_t n = (match.len > 0) + (block != NULL ? block->nclause : 0);
	const struct nw_ast **root = nw_arena_array(l->arena, n + 1, sizeof(struct nw_ast *));

	if (root == NULL)
		return -1;
	*n_r = 0;
	if (match.len > 0 && (root[*n_r] = nw_ast_parse(&ctx, match, text_of(l->watch, "scope"))) != NULL)
		++*n_r;
	for (uint32_t i = 0; block != NULL && i < block->nclause; i++)
		root[(*n_r)++] = block->clause[i].expr;
	*root_r = root;
	return 0;
}

static int
find(struct lack *l, const Nw__Article *m, int64_t now_ms)
{
	struct nw_str score = text_of(l->watch, "score");
	const struct nw_ast **root;
	struct nw_evidence ev = {.size = sizeof(ev)};
	uint32_t n;
	int rc;

	if (add_lists(l) == -1 || add_watches(l) == -1 || parse(l, score, &root, &n) == -1)
		return -1;
	if (n == 0 || (rc = add_whole(l, score)) == 0) {
		l->fn(l->cookie, NW_LACK_UNKNOWN, NW_STR(""));
		return 0;
	}
	for (uint32_t i = 0; i < n && rc == 1; i++)
		rc = add_parts(l, root[i], NULL) == -1 ? -1 : 1;
	if (rc == -1 || begin(l, m, now_ms) == -1)
		return -1;
	if (nw_query_holds(l->set, l->whole, &ev) == NW_OK) {
		l->fn(l->cookie,
		    nw_query_holds(l->set, l->limited, &ev) == NW_OK ? NW_LACK_NOTHING : NW_LACK_SCOPE,
		    NW_STR(""));
		return 0;
	}
	for (uint32_t i = 0; i < n; i++)
		if (!holds(l, root[i]))
			describe(l, root[i]);
	return 0;
}

int
nw_lack_find(const struct nw_config *conf, const struct nw_conf_entry *watch, const Nw__Article *article,
    int64_t now_ms, nw_lack_fn *fn, void *cookie)
{
	struct lack l = {.conf = conf, .watch = watch, .fn = fn, .cookie = cookie};
	int rc = -1;

	l.arena = nw_arena_new(0);
	l.analyse = nw_analyse_new();
	l.defs = l.analyse != NULL ? nw_defs_new(l.analyse) : NULL;
	l.set = nw_query_set_new();
	if (l.arena != NULL && l.defs != NULL && l.set != NULL)
		rc = find(&l, article, now_ms);
	nw_query_set_free(l.set);
	nw_defs_free(l.defs);
	nw_analyse_free(l.analyse);
	nw_arena_free(l.arena);
	return rc;
}
