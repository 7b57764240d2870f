/* The canonical form: parsing what was printed yields the same tree, for every tree the parser can make. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "query_text.h"

#define ROUNDS 20000

/* A generator of expressions, with a fixed seed a round. */
struct gen {
	uint64_t state;
	struct nw_buf *b;
	int in_field;
};

static unsigned
pick(struct gen *g, unsigned n)
{
	g->state = g->state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(g->state >> 33) % n;
}

static const char *
one_of(struct gen *g, const char *const *t, unsigned n)
{
	return t[pick(g, n)];
}

#define ONE_OF(g, ...)                                                                                       \
	one_of(g, (const char *const[]){__VA_ARGS__}, sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *))

static void
term(struct gen *g)
{
	nw_buf_adds(g->b,
	    ONE_OF(g, "treaty", "\"a b\"", "制裁", "签署《引渡条约》", "\"制裁,反对\"", "COVID-19",
		"l'accord", "U.S.", "ratif*", "wom?n", "*sanktionen", "NATO", "\"OR\"", "\"near/5\"",
		"\"and\"", "and", "sanction!", "\"Yahoo!\"", "a+b", "C++", "\"C+D\"", "\"title:x\"", "\"@x\"",
		"\"/x/\"", "\"cap\"", "/abc\\/d(e|f)+/", "/[\\/\\]]x\\\\\\//i", "EXACT(START)",
		"EXACT(\"New START\")", "ALLCAPS(who)", "STEM(\"signed treaties\")", "FUZZY(Lavrov)", "@l",
		"@漢", "10:30", "+5 ", "-x", "\"a/F3/\"", "„x y“", "\"  a\n  b \"", "제재", "الـمعاهدة",
		"\"\xe2\x80\x8f"
		"عقوبات\"",
		"Title:x", "п'ять", "by=x"));
}

static void
compare(struct gen *g)
{
	nw_buf_adds(
	    g->b, ONE_OF(g, "lang:zh_hant", "lang:(en OR zh)", "source:mfa-cn",
		      "source:(a OR \"b c\" OR \"OR\")", "country:ru", "topic:x/news>=40", "topic:x",
		      "tag:(a OR b)", "date:2026-01-01..", "date:2026-01-01", "age:<2d", "age:(<1h OR >3w)",
		      "number:商务部公告2025年第59号", "number:\"公告(2025)59号\"", "la=en"));
}

static void expr(struct gen *g, int depth, int place);

static void
bracket(struct gen *g, int depth, int place)
{
	nw_buf_addc(g->b, '(');
	expr(g, depth, place);
	nw_buf_addc(g->b, ')');
}

static void
prim(struct gen *g, int depth, int place)
{
	unsigned n = depth <= 0 ? 0 : pick(g, place ? 8 : 13);

	if (n < 4) {
		term(g);
	} else if (n < 6) {
		bracket(g, depth - 1, place);
	} else if (n == 6 && !g->in_field) {
		g->in_field = 1;
		nw_buf_adds(g->b, ONE_OF(g, "title:", "lead:", "body:", "new:", "removed: ", "author:",
				      "url:", "hd=", "HLEAD"));
		bracket(g, depth - 1, place);
		g->in_field = 0;
	} else if (n <= 7) {
		nw_buf_addf(g->b, "FIRST(%u, ", pick(g, 9) + 1);
		expr(g, depth - 1, 1);
		nw_buf_addc(g->b, ')');
	} else if (n == 8) {
		nw_buf_addf(g->b, "ATLEAST(%u,", pick(g, 9) + 1);
		expr(g, depth - 1, 1);
		nw_buf_addc(g->b, ')');
	} else if (n == 9) {
		nw_buf_adds(g->b, "ANYOF(2, ");
		for (unsigned i = 0, k = pick(g, 3) + 2; i < k; i++) {
			nw_buf_adds(g->b, i > 0 ? ", " : "");
			expr(g, depth - 1, 0);
		}
		nw_buf_addc(g->b, ')');
	} else if (n == 10) {
		nw_buf_adds(g->b, "watch(w)");
	} else {
		compare(g);
	}
}

static void
chain(struct gen *g, int depth, int place)
{
	unsigned n = pick(g, 3), k = depth <= 0 ? 0 : pick(g, 4);
	char op[32];

	if (n != 0 || k == 0) {
		prim(g, depth, place);
		return;
	}
	snprintf(op, sizeof(op), " %s ",
	    ONE_OF(g, "NEAR/3", "PRE/0", "SENT", "PARA", "NOTNEAR/8", "NOTSENT", "NOTPARA", "IN", "NOTIN",
		"W/4", "ADJ2", "NOT W/S", "SAME", "/N7/", "+2"));
	for (unsigned i = 0; i <= k; i++) {
		nw_buf_adds(g->b, i > 0 ? op : "");
		prim(g, depth - 1, 1);
	}
}

static void
expr(struct gen *g, int depth, int place)
{
	unsigned n = depth <= 0 ? 1 : pick(g, 4), or = place || pick(g, 2);

	for (unsigned i = 0; i <= n; i++) {
		nw_buf_adds(g->b, i == 0 ? "" : or ? " OR " : "\nAND ");
		if (! or &&i > 0 && pick(g, 3) == 0)
			nw_buf_adds(g->b, "NOT ");
		chain(g, depth - 1, place);
	}
}

static int
setup(void **state)
{
	struct nw_query_text *q = nw_query_text_new();
	static const char *const entries[] = {"treaty", "制裁", "EXACT(START)", NULL};

	assert_int_equal(nw_query_text_list(q, "l", entries), NW_OK);
	assert_int_equal(nw_query_text_list(q, "漢", entries), NW_OK);
	assert_int_equal(
	    nw_defs_watch_add(q->defs, NW_STR("w"), NW_STR("treaty AND ATLEAST(2, signed)"), 0), NW_OK);
	q->ctx.flags = 0;
	*state = q;
	return 0;
}

static int
teardown(void **state)
{
	nw_query_text_free(*state);
	return 0;
}

/* The text printed, in the arena. */
static const char *
printed(struct nw_query_text *q, const struct nw_ast *a, uint32_t flags)
{
	struct nw_buf b = {0};
	struct nw_str s;

	nw_ast_print(&b, a, flags);
	s = nw_arena_dup(q->ctx.arena, nw_buf_str(&b));
	nw_buf_done(&b);
	return s.p;
}

static void
parsing_what_was_printed_yields_the_same_tree(void **state)
{
	struct nw_query_text *q = *state;
	struct nw_buf b = {0};
	unsigned accepted = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct gen g = {.state = i * 2654435761u + 1, .b = &b};
		struct nw_ast *a, *again;
		const char *text;

		nw_buf_reset(&b);
		nw_arena_reset(q->ctx.arena);
		expr(&g, 4, 0);
		if ((a = nw_query_text_parse(q, nw_buf_str(&b).p)) == NULL) {
			/* two fields in one proximity, and a FIRST of an author, are all that the generator
			 * gets wrong */
			if (strstr(q->said[0].text, "can never hold") == NULL)
				fail_msg("'%s' was refused: %s", nw_buf_str(&b).p, q->said[0].text);
			continue;
		}
		accepted++;
		text = printed(q, a, 0);
		if ((again = nw_query_text_parse(q, text)) == NULL)
			fail_msg("'%s' printed as '%s': %s", nw_buf_str(&b).p, text, q->said[0].text);
		else if (!nw_query_text_same(a, again))
			fail_msg("'%s' printed as '%s' is another tree", nw_buf_str(&b).p, text);
		assert_string_equal(text, printed(q, again, 0));
	}
	nw_buf_done(&b);
	assert_true(accepted > ROUNDS / 2);
}

static void
the_expanded_form_stands_without_definitions(void **state)
{
	struct nw_query_text *q = *state;
	struct nw_ast *a = nw_query_text_parse(q, "@l NEAR/3 x AND watch(w) AND NOT (watch(w) OR title:@漢)");
	const char *text;

	assert_non_null(a);
	text = printed(q, a, NW_AST_EXPAND);
	assert_string_equal(text,
	    "(treaty OR 制裁 OR EXACT(START)) NEAR/3 x AND (treaty AND ATLEAST(2, signed)) AND NOT "
	    "((treaty AND ATLEAST(2, signed)) OR title:(treaty OR 制裁 OR EXACT(START)))");
	q->ctx.defs = NULL;
	assert_non_null(nw_query_text_parse(q, text));
}

static void
brackets_that_say_nothing_are_left_out(void **state)
{
	static const char *const t[][2] = {{"((a))", "a"}, {"((a OR b)) AND (c)", "(a OR b) AND c"},
	    {"(a NEAR/5 b) AND (c)", "a NEAR/5 b AND c"}, {"(a NOTIN b) NOTIN c", "a NOTIN b NOTIN c"},
	    {"a NOTIN (b NOTIN c)", "a NOTIN (b NOTIN c)"},
	    {"(a NEAR/5 b) NEAR/5 c", "(a NEAR/5 b) NEAR/5 c"}, {"(a AND b) AND c", "(a AND b) AND c"},
	    {"title:(a)", "title:a"}, {"title:(a NEAR/5 b)", "title:(a NEAR/5 b)"},
	    {"ANYOF(1, (a AND b), (c))", "ANYOF(1, a AND b, c)"}, {"NOT (a) AND (b)", "NOT a AND b"},
	    {"\"treaty\"", "treaty"}, {"\" a   b \"", "\"a b\""}};
	struct nw_query_text *q = *state;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct nw_ast *a = nw_query_text_parse(q, t[i][0]);

		assert_non_null(a);
		assert_string_equal(printed(q, a, 0), t[i][1]);
	}
}

static void
a_score_is_printed_a_clause_a_line(void **state)
{
	struct nw_query_text *q = *state;
	struct nw_buf b = {0}, again = {0};
	struct nw_ast_score *s = nw_query_text_score(q, "\n 30 : x\n>= 1");

	assert_null(s); /* the colon follows the weight at once */
	s = nw_query_text_score(q, " 30: title:(@l OR 制裁)\n\n+10： @漢 cap 20 \n-40: \"cap 9\" OR \"cap\" "
				   "cap 40\n5: \"cap\" cap 9\n"
				   "  >=40");
	assert_non_null(s);
	assert_int_equal(s->nclause, 4);
	assert_int_equal(s->clause[1].line, 3);
	assert_int_equal(s->clause[2].weight, -40);
	assert_int_equal(s->clause[2].cap, 40);
	assert_false(s->clause[0].has_cap);
	nw_ast_print_score(&b, s, 0);
	assert_string_equal(nw_buf_str(&b).p,
	    "30: title:(@l OR 制裁)\n10: @漢 cap 20\n-40: \"cap 9\" OR \"cap\" cap 40\n"
	    "5: \"cap\" cap 9\n>= 40\n");
	s = nw_query_text_score(q, nw_buf_str(&b).p);
	assert_non_null(s);
	nw_ast_print_score(&again, s, 0);
	assert_string_equal(nw_buf_str(&b).p, nw_buf_str(&again).p);
	nw_buf_done(&b);
	nw_buf_done(&again);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(parsing_what_was_printed_yields_the_same_tree, setup, teardown),
	    cmocka_unit_test_setup_teardown(the_expanded_form_stands_without_definitions, setup, teardown),
	    cmocka_unit_test_setup_teardown(brackets_that_say_nothing_are_left_out, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_score_is_printed_a_clause_a_line, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
