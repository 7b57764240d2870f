#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "query/anchor.h"
#include "query/set.h"
#include "query/wake.h"

struct nw_query_set *
nw_query_set_new(void)
{
	struct nw_query_set *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->an = nw_analyse_new();
	s->defs = s->an != NULL ? nw_defs_new(s->an) : NULL;
	s->scratch = nw_arena_new(0);
	s->kept = nw_arena_new(0);
	s->article = nw_arena_new(NW_QUERY_ARENA_MAX);
	s->compile = (struct nw_compile){.prog = &s->prog, .an = s->an, .scratch = s->scratch};
	nw_fields_init(&s->fields, s->an);
	s->eval = (struct nw_eval){.prog = &s->prog, .fields = &s->fields, .arena = s->article};
	if (s->defs == NULL || s->scratch == NULL || s->kept == NULL || s->article == NULL) {
		nw_query_set_free(s);
		return NULL;
	}
	return s;
}

void
nw_query_set_free(struct nw_query_set *s)
{
	if (s == NULL)
		return;
	for (uint32_t i = 0; i < s->ngroup; i++) {
		free(s->group[i].always);
		free(s->group[i].woken);
	}
	free(s->group);
	free(s->woken);
	free(s->limit);
	free(s->tag);
	nw_vocab_done(&s->vocab);
	nw_prog_done(&s->prog);
	nw_buf_done(&s->compile.text);
	nw_fields_done(&s->fields);
	nw_defs_free(s->defs);
	nw_analyse_free(s->an);
	nw_arena_free(s->scratch);
	nw_arena_free(s->kept);
	nw_arena_free(s->article);
	free(s);
}

void
nw_query_set_names(struct nw_query_set *s, const struct nw_query_names *names)
{
	(void)nw_defs_names(s->defs, names);
}

int
nw_query_list_add(struct nw_query_set *s, struct nw_str name, const struct nw_str *entries, uint32_t n,
    nw_query_diag_fn *diag, void *cookie)
{
	return nw_defs_list_add(s->defs, name, entries, n, diag, cookie);
}

int
nw_query_watch_add(struct nw_query_set *s, struct nw_str name, struct nw_str match, int has_score)
{
	return nw_defs_watch_add(s->defs, name, match, has_score);
}

/* A chain in any order costs 2 to the power of its operands: more than a few are refused. */
static int
check_chains(const struct nw_ast *a, nw_query_diag_fn *diag, void *cookie)
{
	int rc = 0;

	if (a->kind >= NW_AST_NEAR && a->kind <= NW_AST_PARA && a->nkid > NW_QUERY_CHAIN_MAX) {
		if (diag != NULL)
			diag(cookie, NW_QDIAG_ERROR, a->line, a->col, a->len,
			    "more than ten operands in one chain: join some of them with brackets, or use ANYOF");
		return -1;
	}
	for (uint32_t i = 0; i < a->nkid && a->kind != NW_AST_LIST; i++)
		rc |= check_chains(a->kid[i], diag, cookie);
	return rc;
}

static int
check_score(const struct nw_ast_score *score, nw_query_diag_fn *diag, void *cookie)
{
	int rc = 0;

	for (uint32_t i = 0; i < score->nclause; i++)
		rc |= check_chains(score->clause[i].expr, diag, cookie);
	return rc;
}

static struct nw_set_group *
group_of(struct nw_query_set *s, uint32_t id)
{
	void *v = s->group;

	for (uint32_t i = 0; i < s->ngroup; i++)
		if (s->group[i].id == id)
			return &s->group[i];
	if (nw_prog_room(&v, &s->group_cap, s->ngroup, 1, sizeof(*s->group)) == -1)
		return NULL;
	s->group = v;
	s->group[s->ngroup] = (struct nw_set_group){.id = id};
	return &s->group[s->ngroup++];
}

static int
tell_full(nw_query_diag_fn *diag, void *cookie)
{
	if (diag != NULL)
		diag(cookie, NW_QDIAG_ERROR, 1, 1, 0, "no room for one more expression: memory, or the bounds of all rules together");
	return -1;
}

/* The asker's function, for places in a score block that stands beside a match. */
struct score_diag {
	nw_query_diag_fn *diag;
	void *cookie;
};

static void
tell_score(void *cookie, uint32_t severity, uint32_t line, uint32_t col, uint32_t len, const char *text)
{
	const struct score_diag *d = cookie;

	if (d->diag != NULL)
		d->diag(d->cookie, severity | NW_QDIAG_IN_SCORE, line, col, len, text);
}

int
nw_query_add(struct nw_query_set *s, uint32_t group, uint32_t flags, struct nw_str match, struct nw_str score,
    struct nw_str scope, uint32_t *id_r, nw_query_diag_fn *diag, void *cookie)
{
	struct nw_ast_ctx ctx = {.arena = s->scratch, .defs = s->defs, .an = s->an, .diag = diag, .cookie = cookie,
	    .langs = s->langs, .nlangs = s->nlangs,
	    .flags = NW_AST_NOTES | (flags & NW_QUERY_TOPIC ? NW_AST_IS_TOPIC : 0)};
	struct nw_ast *tree = NULL;
	struct nw_ast_score *block = NULL;
	struct score_diag beside = {diag, cookie};
	uint32_t id;
	int bad;

	if (s->ready)
		return tell_full(diag, cookie);
	nw_arena_reset(s->scratch);
	bad = match.len != 0 || score.len == 0 ? (tree = nw_ast_parse(&ctx, match, scope)) == NULL ||
	    check_chains(tree, diag, cookie) != 0 : 0;
	if (score.len != 0 && match.len != 0) {
		ctx.diag = tell_score;
		ctx.cookie = &beside;
	}
	if (score.len != 0)
		bad |= (block = nw_ast_parse_score(&ctx, score)) == NULL || check_score(block, ctx.diag, ctx.cookie) != 0;
	if (bad)
		return -1;
	if (group_of(s, group) == NULL || (id = nw_compile_expr(&s->compile, tree, block, group,
	    flags & NW_QUERY_TOPIC ? NW_PROG_TOPIC : 0)) == NW_PROG_NONE)
		return tell_full(diag, cookie);
	*id_r = id;
	return 0;
}

void
nw_query_langs(struct nw_query_set *s, const struct nw_str *langs, uint32_t n)
{
	s->langs = langs;
	s->nlangs = n;
}

static const struct nw_str *
keep_names(struct nw_query_set *s, const struct nw_str *v, uint32_t n)
{
	struct nw_str *out = nw_arena_array(s->kept, n + 1, sizeof(*out));

	for (uint32_t i = 0; out != NULL && i < n; i++)
		if ((out[i] = nw_arena_dup(s->kept, v[i])).p == NULL)
			return NULL;
	return out;
}

int
nw_query_limit(struct nw_query_set *s, uint32_t id, const struct nw_str *sources, uint32_t nsources, const struct nw_str *langs,
    uint32_t nlangs)
{
	struct nw_set_limit l = {.nsource = nsources, .nlang = nlangs};
	void *v = s->limit;

	if (nsources + nlangs == 0)
		return 0;
	if (id >= s->prog.nexpr || nw_prog_room(&v, &s->limit_cap, s->nlimit, 1, sizeof(l)) == -1)
		return -1;
	s->limit = v;
	l.source = keep_names(s, sources, nsources);
	l.lang = keep_names(s, langs, nlangs);
	if (l.source == NULL || l.lang == NULL)
		return -1;
	s->limit[s->nlimit++] = l;
	s->prog.expr[id].limit = s->nlimit;
	return 0;
}

void
nw_query_lazy(struct nw_query_set *s, uint32_t id)
{
	if (id < s->prog.nexpr)
		s->prog.expr[id].flags |= NW_PROG_LAZY;
}

/* Room for all expressions of each group, and those that nothing wakes. */
static int
make_groups(struct nw_query_set *s)
{
	if ((s->woken = calloc(s->prog.nexpr + 1, sizeof(*s->woken))) == NULL)
		return -1;
	for (uint32_t e = 0; e < s->prog.nexpr; e++) {
		struct nw_set_group *g = group_of(s, s->prog.expr[e].group);

		s->woken[e].group = (uint32_t)(g - s->group);
		g->size += !(s->prog.expr[e].flags & NW_PROG_LAZY);
	}
	for (uint32_t i = 0; i < s->ngroup; i++) {
		struct nw_set_group *g = &s->group[i];

		g->always = calloc(g->size + 1, sizeof(*g->always));
		g->woken = calloc(g->size + 1, sizeof(*g->woken));
		if (g->always == NULL || g->woken == NULL)
			return -1;
	}
	for (uint32_t e = 0; e < s->prog.nexpr; e++)
		if (s->prog.expr[e].flags & NW_PROG_ALWAYS) {
			struct nw_set_group *g = group_of(s, s->prog.expr[e].group);

			g->always[g->nalways++] = e;
		}
	return 0;
}

int
nw_query_compile(struct nw_query_set *s, struct nw_err *err)
{
	static const struct nw_query_names unknown = {0};

	if (s->ready)
		return 0;
	(void)nw_defs_check(s->defs); /* told to its diag */
	if (nw_anchor_choose(&s->prog.phrases) == -1 || nw_wake_make(&s->prog) == -1 || make_groups(s) == -1 ||
	    nw_vocab_init(&s->vocab, &s->prog.phrases.words, s->prog.phrases.flags) == -1)
		return nw_fail(err, NW_ERES, "no memory for %u expressions: give the worker more", s->prog.nexpr);
	(void)nw_defs_names(s->defs, &unknown); /* what was borrowed is given back */
	nw_arena_reset(s->scratch);
	s->ready = 1;
	return 0;
}

void
nw_query_stats_get(const struct nw_query_set *s, struct nw_query_stats *out)
{
	*out = (struct nw_query_stats){.expressions = s->prog.nexpr, .always = s->prog.nalways,
	    .words = s->prog.phrases.words.nkey > NW_WORDS_FIRST ? s->prog.phrases.words.nkey - NW_WORDS_FIRST : 0,
	    .phrases = s->prog.phrases.n};
	out->bytes = nw_prog_bytes(&s->prog) + nw_vocab_bytes(&s->vocab) + nw_defs_bytes(s->defs) + nw_arena_used(s->kept) +
	    s->nlimit * sizeof(*s->limit);
	for (uint32_t i = 0; i < s->ngroup; i++)
		out->bytes += 2 * s->group[i].size * sizeof(uint32_t);
	out->bytes += s->prog.nexpr * sizeof(*s->woken);
}

/* With lists and watches written out: the text is read again, this once. */
static void
print_expanded(const struct nw_query_set *s, const struct nw_prog_expr *e, struct nw_buf *out)
{
	struct nw_ast_ctx ctx = {.arena = nw_arena_new(0), .defs = s->defs, .an = s->an, .flags = NW_AST_ANY_NAME};
	struct nw_ast *tree;
	struct nw_ast_score *block;

	if (ctx.arena == NULL) {
		out->failed = 1;
		return;
	}
	if (e->match != NW_PROG_NONE && (tree = nw_ast_parse(&ctx, nw_prog_str(&s->prog, e->text), NW_STR(""))) != NULL)
		nw_ast_print(out, tree, NW_AST_EXPAND);
	if (e->nclause != 0 && e->match != NW_PROG_NONE)
		nw_buf_addc(out, '\n');
	if (e->nclause != 0 && (block = nw_ast_parse_score(&ctx, nw_prog_str(&s->prog, e->score))) != NULL)
		nw_ast_print_score(out, block, NW_AST_EXPAND);
	nw_arena_free(ctx.arena);
}

void
nw_query_print(const struct nw_query_set *s, uint32_t id, int expand, struct nw_buf *out)
{
	const struct nw_prog_expr *e = &s->prog.expr[id];

	if (expand) {
		print_expanded(s, e, out);
		return;
	}
	if (e->match != NW_PROG_NONE)
		nw_buf_addstr(out, nw_prog_str(&s->prog, e->text));
	if (e->nclause != 0 && e->match != NW_PROG_NONE)
		nw_buf_addc(out, '\n');
	if (e->nclause != 0)
		nw_buf_addstr(out, nw_prog_str(&s->prog, e->score));
}

int
nw_query_cost(const struct nw_query_set *s, uint32_t id, struct nw_buf *words, int *always_r)
{
	return s->ready && id < s->prog.nexpr ? nw_wake_print(&s->prog, id, words, always_r) : -1;
}

int
nw_query_pattern(const struct nw_query_set *s, uint32_t i, struct nw_str *pattern_r)
{
	const struct nw_words *w = &s->prog.phrases.words;

	for (uint32_t k = NW_WORDS_FIRST; k < w->nkey; k++)
		if (w->key[k].kind == NW_WORDS_WILD && i-- == 0) {
			*pattern_r = nw_words_text(w, k);
			return 1;
		}
	return 0;
}
