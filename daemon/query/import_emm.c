/*
 * A definition of the Europe Media Monitor: lines, or parts between " / ", of
 *   define combination [proximity N]     begins a combination: all its groups must hold
 *   or WORD...    and WORD...    not WORD...     its groups: any, each, none of the words
 *   WORD... WEIGHT                       a keyword with its weight
 *   threshold N                          what the weights must reach
 * "%" is any ending, "_" one character, "+" joins the words of a phrase.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/limits.h"
#include "query/import_int.h"

#define WORDS_MAX 20000 /* of one definition */

struct combination {
	struct nw_ast **positive, **negative; /* groups */
	uint32_t npositive, nnegative;
	uint32_t distance;
	int near, open;
};

struct emm {
	struct nw_import *im;
	struct combination now;
	struct nw_ast **word; /* of the line being read */
	uint32_t nword;
	struct nw_ast **done; /* combinations read */
	uint32_t ndone;
	struct nw_buf score; /* lines "weight: term" */
	int64_t threshold;
};

static void
truncation(struct nw_import *im, char *w, const struct nw_import_token *t)
{
	int changed = 0;

	for (; *w != '\0'; w++) {
		if (*w != '%' && *w != '_')
			continue;
		*w = *w == '%' ? '*' : '?';
		changed = 1;
	}
	if (changed)
		nw_import_tell(im, NW_QDIAG_NOTE, t->off, t->len, "%% becomes *, and _ becomes ?");
}

static const struct nw_import_rules rules = {.name = "EMM", .word = truncation};

/* A keyword with its "+" as spaces. */
static struct nw_ast *
keyword(struct emm *e, const struct nw_import_token *t)
{
	struct nw_str s = nw_arena_dup(e->im->arena, t->text);
	char *plus;

	if (s.p == NULL)
		return nw_import_bad(e->im);
	while ((plus = strchr(s.p, '+')) != NULL)
		*plus = ' ';
	return nw_import_term(e->im, s, t);
}

static int
keep(struct emm *e, struct nw_ast **list, uint32_t *n, struct nw_ast *a, const struct nw_import_token *t)
{
	if (*n == WORDS_MAX) {
		nw_import_tell(e->im, NW_QDIAG_ERROR, t->off, t->len,
		    "more than %d words in one definition: put them into a list", WORDS_MAX);
		e->im->pos = e->im->text.len;
		return -1;
	}
	list[(*n)++] = a;
	return 0;
}

/* The words of the line as one node; one word is itself. */
static struct nw_ast *
any_of_line(struct emm *e)
{
	return e->nword == 1 ? e->word[0] : nw_import_node(e->im, NW_AST_OR, e->word, e->nword);
}

static void
end_combination(struct emm *e, const struct nw_import_token *t)
{
	struct combination *c = &e->now;
	struct nw_ast *a, *not ;

	if (!c->open)
		return;
	c->open = 0;
	if (c->npositive == 0) {
		nw_import_tell(e->im, NW_QDIAG_ERROR, t->off, t->len,
		    "a combination without a group that must be there: write or WORD");
		return;
	}
	if (c->near && c->npositive > 1) {
		a = nw_import_node(e->im, NW_AST_NEAR, c->positive, c->npositive);
		a->n = c->distance;
		c->positive[0] = a;
		c->npositive = 1;
	}
	if (c->nnegative > 0) {
		not = c->nnegative == 1 ? c->negative[0]
					: nw_import_node(e->im, NW_AST_OR, c->negative, c->nnegative);
		not = nw_import_node(e->im, NW_AST_NOT, &not, 1);
		if (keep(e, c->positive, &c->npositive, not, t) == -1)
			return;
	}
	a = c->npositive == 1 ? c->positive[0] : nw_import_node(e->im, NW_AST_AND, c->positive, c->npositive);
	(void)keep(e, e->done, &e->ndone, a, t);
}

/* "define combination proximity 10" with "define" read. */
static void
begin_combination(struct emm *e, const struct nw_import_token *define)
{
	struct nw_import_token t;
	int64_t n;

	end_combination(e, define);
	e->now.npositive = e->now.nnegative = 0;
	e->now.near = 0;
	e->now.open = 1;
	for (nw_import_peek(e->im, &t); t.type == NW_IMPORT_WORD && !nw_import_is(t.text, "/");
	     nw_import_peek(e->im, &t)) {
		if (nw_import_is(t.text, "or") || nw_import_is(t.text, "and") || nw_import_is(t.text, "not"))
			break;
		nw_import_next(e->im, &t);
		if ((n = nw_import_number(t.text, "")) < 0 || n > NW_QUERY_DISTANCE_MAX)
			continue;
		e->now.near = 1;
		e->now.distance = (uint32_t)n;
		nw_import_tell(e->im, NW_QDIAG_NOTE, t.off, t.len,
		    "proximity %u becomes NEAR/%u between the groups", e->now.distance, e->now.distance);
	}
}

/* A line that begins with or, and, not. */
static void
end_group(struct emm *e, const struct nw_import_token *head)
{
	struct combination *c = &e->now;

	if (e->nword == 0) {
		nw_import_tell(e->im, NW_QDIAG_ERROR, head->off, head->len, "a group without words");
		return;
	}
	c->open = 1;
	if (nw_import_is(head->text, "not"))
		(void)keep(e, c->negative, &c->nnegative, any_of_line(e), head);
	else if (nw_import_is(head->text, "or"))
		(void)keep(e, c->positive, &c->npositive, any_of_line(e), head);
	else
		for (uint32_t i = 0; i < e->nword; i++)
			if (keep(e, c->positive, &c->npositive, e->word[i], head) == -1)
				return;
}

static void
weighted(struct emm *e, const struct nw_import_token *head, int64_t weight)
{
	if (e->nword == 0 || weight == 0) {
		nw_import_tell(e->im, NW_QDIAG_ERROR, head->off, head->len,
		    "a keyword is written with its weight behind it, as in "
		    "asset+freeze 30; a group begins with or, and, not");
		return;
	}
	nw_buf_addf(&e->score, "%lld: ", (long long)weight);
	nw_ast_print(&e->score, any_of_line(e), 0);
	nw_buf_addc(&e->score, '\n');
}

/* What stands between words in other languages, and would be taken for one of them here; in quotes it is a
 * word. */
static int
is_operator(const struct nw_import_token *t)
{
	static const char *const word[] = {"and", "or", "not"};

	if (t->type == NW_IMPORT_OPEN || t->type == NW_IMPORT_CLOSE)
		return 1;
	for (size_t i = 0; t->type == NW_IMPORT_WORD && i < sizeof(word) / sizeof(word[0]); i++)
		if (nw_import_is(t->text, word[i]))
			return 1;
	return 0;
}

/* One line or part: its words to the next line end or slash. */
static void
read_line(struct emm *e, struct nw_import_token head)
{
	struct nw_import *im = e->im;
	int group =
	    nw_import_is(head.text, "or") || nw_import_is(head.text, "and") || nw_import_is(head.text, "not");
	struct nw_import_token t = head;
	size_t line_end = (size_t)(strchrnul(im->text.p + head.off, '\n') - im->text.p);
	int64_t weight = 0, n;

	e->nword = 0;
	for (int first = 1;; first = 0) {
		if (!first && is_operator(&t)) {
			nw_import_tell(im, NW_QDIAG_ERROR, t.off, t.len,
			    "EMM joins lines, not words: write define combination, then lines (or parts "
			    "between / ) that "
			    "begin with or, and, not");
		} else if (!first || !group) {
			n = nw_import_number(t.text, t.text.p[0] == '-' ? "-" : "");
			if (!group && n > 0)
				weight = t.text.p[0] == '-' ? -n : n;
			else if (t.type != NW_IMPORT_COMMA)
				(void)keep(e, e->word, &e->nword, keyword(e, &t), &t);
		}
		nw_import_peek(im, &t);
		if (t.type == NW_IMPORT_END || t.off > line_end || nw_import_is(t.text, "/"))
			break;
		nw_import_next(im, &t);
	}
	if (group)
		end_group(e, &head);
	else
		weighted(e, &head, weight);
}

static void
read_all(struct emm *e)
{
	struct nw_import_token t;

	for (nw_import_next(e->im, &t); t.type != NW_IMPORT_END; nw_import_next(e->im, &t)) {
		if (t.type == NW_IMPORT_COMMA || nw_import_is(t.text, "/")) {
			continue;
		} else if (nw_import_is(t.text, "define") || nw_import_is(t.text, "combination")) {
			begin_combination(e, &t);
		} else if (nw_import_is(t.text, "threshold")) {
			nw_import_next(e->im, &t);
			if ((e->threshold = nw_import_number(t.text, "")) < 1)
				nw_import_tell(e->im, NW_QDIAG_ERROR, t.off, t.len,
				    "the threshold is a number from 1 on");
		} else {
			read_line(e, t);
		}
	}
	end_combination(e, &t);
}

static int
write(struct emm *e, struct nw_buf *out)
{
	struct nw_import *im = e->im;

	if (e->score.len > 0 && e->ndone > 0)
		nw_import_tell(im, NW_QDIAG_ERROR, 0, 0,
		    "weights and combinations in one definition: import the two one by one, as "
		    "two watches, since either of them fires");
	else if (e->score.len > 0 && e->threshold == 0)
		nw_import_tell(
		    im, NW_QDIAG_ERROR, 0, 0, "weights without a threshold: add a line such as threshold 30");
	else if (e->score.len == 0 && e->ndone == 0 && im->errors == 0)
		nw_import_tell(im, NW_QDIAG_ERROR, 0, 0,
		    "the definition is empty: write keywords with weights, or a combination");
	if (im->errors != 0 || e->score.failed)
		return -1;
	if (e->score.len > 0) {
		nw_buf_addstr(out, nw_buf_str(&e->score));
		nw_buf_addf(out, ">= %lld\n", (long long)e->threshold);
		return 0;
	}
	nw_ast_print(out, e->ndone == 1 ? e->done[0] : nw_import_node(im, NW_AST_OR, e->done, e->ndone), 0);
	return 0;
}

int
nw_import_emm(struct nw_import *im, struct nw_buf *out)
{
	struct emm e = {.im = im};
	int rc = -1;

	im->rules = &rules;
	e.word = nw_arena_alloc(im->arena, WORDS_MAX * sizeof(*e.word));
	e.done = nw_arena_alloc(im->arena, WORDS_MAX * sizeof(*e.done));
	e.now.positive = nw_arena_alloc(im->arena, WORDS_MAX * sizeof(*e.word));
	e.now.negative = nw_arena_alloc(im->arena, WORDS_MAX * sizeof(*e.word));
	if (e.word == NULL || e.done == NULL || e.now.positive == NULL || e.now.negative == NULL) {
		nw_import_tell(im, NW_QDIAG_ERROR, 0, 0, "out of memory while importing the definition");
	} else {
		read_all(&e);
		rc = write(&e, out);
	}
	nw_buf_done(&e.score);
	return rc;
}
