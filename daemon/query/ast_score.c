#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/limits.h"
#include "query/parse.h"

struct block { /* a score block while it is read */
	const struct nw_ast_ctx *ctx;
	struct nw_str text;
	struct nw_ast_score *score;
	uint32_t line; /* of the line being read, from 0 */
	uint32_t errors;
	int has_threshold, has_positive;
	uint32_t last_line; /* that held anything */
};

/* A parser over one line, which reports places in the block. */
static void
open_line(struct block *b, struct nw_parse *p, struct nw_str line)
{
	nw_parse_init(p, b->ctx, line);
	p->line_base = b->line;
}

static void
done_line(struct block *b, struct nw_parse *p)
{
	b->errors += p->errors;
	nw_parse_done(p);
}

static struct nw_str
trim(struct nw_str s, size_t *skipped_r)
{
	size_t a = 0;

	while (a < s.len && (unsigned char)s.p[a] <= ' ')
		a++;
	while (s.len > a && (unsigned char)s.p[s.len - 1] <= ' ')
		s.len--;
	*skipped_r = a;
	return (struct nw_str){s.p + a, s.len - a};
}

/* "-40" or "30" within NW_QUERY_POINTS_MAX; 0 or -1. */
static int
points(struct nw_str s, int32_t *n_r)
{
	int negative = s.len > 0 && (s.p[0] == '-' || s.p[0] == '+');
	int64_t n = nw_parse_number((struct nw_str){s.p + negative, s.len - (size_t)negative});

	if (n < 0 || n > NW_QUERY_POINTS_MAX)
		return -1;
	*n_r = (int32_t)(s.len > 0 && s.p[0] == '-' ? -n : n);
	return 0;
}

/* ">= 40": 1 if the line is a threshold, well written or not. */
static int
threshold(struct block *b, struct nw_parse *p, struct nw_str s, size_t off)
{
	size_t skipped;
	int32_t n;

	if (s.len < 1 || (s.p[0] != '>' && s.p[0] != '<' && s.p[0] != '='))
		return 0;
	if (b->has_threshold)
		nw_parse_error(
		    p, off, s.len, "a second threshold: one line, the last, holds >= and a number");
	b->has_threshold = 1;
	if (s.len < 3 || s.p[0] != '>' || s.p[1] != '=' ||
	    points(trim((struct nw_str){s.p + 2, s.len - 2}, &skipped), &n) == -1)
		nw_parse_error(p, off, s.len,
		    "the threshold is written >= and a number up to %d, as in >= 40", NW_QUERY_POINTS_MAX);
	else if (n < 1)
		nw_parse_error(
		    p, off, s.len, "a threshold below 1 would fire on every article: write >= 1 or more");
	else
		b->score->threshold = n;
	return 1;
}

/* The length of the line without "cap n" at its end; with it the clause's cap is set. */
static size_t
take_cap(struct nw_parse *p, struct nw_str line, struct nw_ast_clause *c)
{
	struct nw_lex lx = {.text = line};
	struct nw_token t, two[2] = {{.type = NW_LEX_END}, {.type = NW_LEX_END}};
	struct nw_parse_quote q;
	int32_t n;

	for (nw_lex_operator(&lx, &t); t.type != NW_LEX_END; nw_lex_operator(&lx, &t)) {
		two[0] = two[1];
		two[1] = t;
	}
	if (two[1].type == NW_LEX_WORD && nw_str_is(two[1].text, "cap")) {
		nw_parse_error(p, two[1].off, two[1].len,
		    "cap needs a number of points: write cap 40 (in quotes it is a word)");
		return two[1].off;
	}
	if (two[0].type != NW_LEX_WORD || !nw_str_is(two[0].text, "cap") || two[1].type != NW_LEX_WORD ||
	    strspn(two[1].text.p, "+-.0123456789") < two[1].text.len)
		return line.len;
	if (points(two[1].text, &n) == -1 || n < 1)
		nw_parse_error(p, two[1].off, two[1].len,
		    "cap %s: a cap is a number of points from 1 to %d, without a sign for "
		    "negative weights too",
		    nw_parse_quote(&q, two[1].text), NW_QUERY_POINTS_MAX);
	else
		c->cap = n;
	c->has_cap = 1;
	return two[0].off;
}

/* "weight: expr [cap n]" */
static void
clause(struct block *b, struct nw_parse *p, struct nw_str line, struct nw_str s, size_t off,
    struct nw_ast_clause *c)
{
	size_t n = 0, colon, end;
	struct nw_parse_quote q;

	while (n < s.len && (s.p[n] == '-' || s.p[n] == '+' || (s.p[n] >= '0' && s.p[n] <= '9')))
		n++;
	colon = n < s.len && s.p[n] == ':'				    ? 1
		: s.len - n >= 3 && memcmp(s.p + n, "\xef\xbc\x9a", 3) == 0 ? 3
									    : 0;
	if (n == 0 || colon == 0) {
		nw_parse_error(p, off, s.len,
		    "a line of a score is a weight, a colon and an expression, as in 20: %s cap 40",
		    nw_parse_quote(&q, s));
		return;
	}
	if (points((struct nw_str){s.p, n}, &c->weight) == -1 || c->weight == 0)
		nw_parse_error(p, off, n,
		    "the weight %s is out of range: write a number from 1 to %d, or a negative one",
		    nw_parse_quote(&q, (struct nw_str){s.p, n}), NW_QUERY_POINTS_MAX);
	b->has_positive |= c->weight > 0;
	c->line = b->line + 1;
	nw_parse_move_to(p, off + n + colon);
	p->last = (struct nw_op){.off = off, .len = n + colon};
	end = take_cap(p, line, c);
	p->lx.text.len = end < p->lx.pos ? p->lx.pos : end;
	p->negative = c->weight < 0;
	c->expr = nw_parse_expr(p);
	nw_parse_want_end(p);
	if (p->errors == 0 && !p->failed)
		nw_parse_note_stem(p, c->expr);
	if (!c->has_cap && p->errors == 0)
		nw_parse_note(p, NW_QDIAG_NOTE, off, s.len,
		    "a clause without a cap: a long article can reach any score by one word; "
		    "write cap %d",
		    3 * (c->weight < 0 ? -c->weight : c->weight));
}

static void
read_line(struct block *b, struct nw_str line)
{
	struct nw_parse p;
	size_t off;
	struct nw_str s = trim(line, &off);

	if (s.len == 0)
		return;
	b->last_line = b->line;
	open_line(b, &p, line);
	if (!threshold(b, &p, s, off)) {
		if (b->has_threshold)
			nw_parse_error(
			    &p, off, s.len, "a clause after the threshold: put the line with >= last");
		clause(b, &p, line, s, off, &b->score->clause[b->score->nclause++]);
	}
	done_line(b, &p);
}

static void
check_block(struct block *b)
{
	struct nw_parse p;

	nw_parse_init(&p, b->ctx, b->text);
	if (b->score->nclause == 0)
		nw_parse_error(
		    &p, 0, 0, "a score without a clause: write lines such as 20: treaty cap 40, then >= 40");
	else if (!b->has_positive)
		nw_parse_error(&p, 0, 0,
		    "no clause of positive weight: the threshold can never be reached; write one such as 20: "
		    "treaty");
	if (!b->has_threshold) {
		p.line_base = b->last_line;
		nw_parse_error(&p, 0, 0, "the threshold is missing: write a last line such as >= 40");
	}
	done_line(b, &p);
}

struct nw_ast_score *
nw_ast_parse_score(const struct nw_ast_ctx *ctx, struct nw_str text)
{
	struct block b = {.ctx = ctx, .text = text};
	const char *p = text.p, *end = text.p + text.len, *nl;
	struct nw_parse whole;
	size_t lines = 1;

	nw_parse_init(&whole, ctx, text);
	for (nl = p; (nl = memchr(nl, '\n', (size_t)(end - nl))) != NULL; nl++)
		lines++;
	if (!nw_parse_readable(&whole))
		return NULL;
	b.score = nw_arena_zalloc(ctx->arena, sizeof(*b.score));
	if (b.score == NULL ||
	    (b.score->clause = nw_arena_array(ctx->arena, lines, sizeof(*b.score->clause))) == NULL) {
		(void)nw_parse_oom(&whole);
		return NULL;
	}
	for (; p <= end; p = nl + 1, b.line++) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL)
			nl = end;
		read_line(&b, (struct nw_str){p, (size_t)(nl - p)});
	}
	check_block(&b);
	return b.errors == 0 ? b.score : NULL;
}
