/* What the watch language accepts, and what it reads there: aliases, types, lists, the examples, the shared
 * vectors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "base/str.h"
#include "query/pattern.h"
#include "base/buf.h"
#include "query_text.h"

static int
setup(void **state)
{
	*state = nw_query_text_new();
	return 0;
}

static int
teardown(void **state)
{
	nw_query_text_free(*state);
	return 0;
}

static struct nw_ast *
parsed(struct nw_query_text *q, const char *text)
{
	struct nw_ast *a = nw_query_text_parse(q, text);

	if (a == NULL)
		fail_msg("'%s' was refused: %s", text, q->nsaid > 0 ? q->said[q->nsaid - 1].text : "");
	return a;
}

/* Pairs of what is typed and what it is in canonical form. */
static void
check_canonical(struct nw_query_text *q, const char *const (*t)[2], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *got = nw_query_text_print(parsed(q, t[i][0]), 0);

		if (strcmp(got, t[i][1]) != 0)
			fail_msg("'%s' is '%s', not '%s'", t[i][0], got, t[i][1]);
	}
}

#define CHECK_CANONICAL(state, t) check_canonical(*(state), t, sizeof(t) / sizeof((t)[0]))

static void
aliases_are_read_and_keep_their_n(void **state)
{
	static const char *const t[][2] = {{"a W/3 b", "a NEAR/3 b"}, {"a /3/ b", "a NEAR/3 b"},
	    {"a /N3/ b", "a NEAR/3 b"}, {"a ADJ3 b", "a PRE/3 b"}, {"a ONEAR/3 b", "a PRE/3 b"},
	    {"a +3 b", "a PRE/3 b"}, {"a W/S b", "a SENT b"}, {"a W/P b", "a PARA b"},
	    {"a SAME b", "a PARA b"}, {"a NOT W/3 b", "a NOTNEAR/3 b"}, {"a NOT W/S b", "a NOTSENT b"},
	    {"a NOT W/P b", "a NOTPARA b"}, {"ATLEAST3(a)", "ATLEAST(3, a)"},
	    {"treaty/F50/", "FIRST(50, treaty)"}, {"title:treaty/F3/", "title:FIRST(3, treaty)"},
	    {"a AND(b OR c)", "a AND (b OR c)"}, {"a NEAR/5(b OR c)", "a NEAR/5 (b OR c)"},
	    {"NOT(a)AND b", "NOT a AND b"}, {"\"a b\"/F5/ AND c", "FIRST(5, \"a b\") AND c"},
	    {"(a OR b)/F5/", "FIRST(5, a OR b)"}, {"@x /F5/ OR a", "FIRST(5, @x) OR a"},
	    {"HEADLINE(a)", "title:a"}, {"HEADLINE(a OR b)", "title:(a OR b)"},
	    {"HLEAD(a)", "title:a OR lead:a"},
	    {"c AND HLEAD(a NEAR/2 b)", "c AND (title:(a NEAR/2 b) OR lead:(a NEAR/2 b))"},
	    {"hd=a", "title:a"}, {"hd=(a OR \"b c\") AND la=zh", "title:(a OR \"b c\") AND lang:zh"},
	    {"sanction!", "sanction*"}, {"prime+minister", "\"prime minister\""}, {"a+b+c", "\"a b c\""},
	    {"treaty AND C++", "treaty AND C++"}, {"same OR adj3 OR near", "same OR adj3 OR near"}};

	((struct nw_query_text *)*state)->ctx.flags |= NW_AST_ANY_NAME;
	CHECK_CANONICAL(state, t);
	((struct nw_query_text *)*state)->ctx.flags &= ~(uint32_t)NW_AST_ANY_NAME;
}

static void
full_width_forms_and_typographic_quotes_are_the_ascii_ones(void **state)
{
	static const char *const t[][2] = {{"（条约 OR 协定） AND 签署", "(条约 OR 协定) AND 签署"},
	    {"title：条约", "title:条约"}, {"“a b” OR „c d“ OR ＂e f＂", "\"a b\" OR \"c d\" OR \"e f\""},
	    {"ANYOF（1，a， b）", "ANYOF(1, a, b)"}, {"source：（a OR b）", "source:(a OR b)"},
	    {"\xef\xbb\xbf条约\xe2\x80\x8b AND\xe3\x80\x80签署", "条约 AND 签署"},
	    {"title: treaty", "title:treaty"}, {"EXACT (START)", "EXACT(START)"}};

	CHECK_CANONICAL(state, t);
}

static void
a_keyword_in_quotes_and_an_operator_in_lower_case_are_words(void **state)
{
	static const char *const t[][2] = {{"\"OR\" NEAR/3 salem", "\"OR\" NEAR/3 salem"},
	    {"\"FIRST\"", "\"FIRST\""}, {"and OR or OR not", "and OR or OR not"},
	    {"\"title:x\"", "\"title:x\""}, {"\"@a\"", "\"@a\""}, {"\"/a/\"", "\"/a/\""},
	    {"10:30 OR l'accord OR COVID-19", "10:30 OR l'accord OR COVID-19"}, {"\"Yahoo!\"", "\"Yahoo!\""},
	    {"mfa.gov.cn OR 1_0 OR ~a", "mfa.gov.cn OR 1_0 OR ~a"}, {"\"cap\"", "\"cap\""}};

	CHECK_CANONICAL(state, t);
}

static void
chains_are_n_ary_and_negative_ones_lean_left(void **state)
{
	struct nw_query_text *q = *state;
	struct nw_ast *a = parsed(q, "a NEAR/3 b NEAR/3 c");

	assert_int_equal(a->kind, NW_AST_NEAR);
	assert_int_equal(a->nkid, 3);
	assert_int_equal(a->n, 3);
	a = parsed(q, "a NOTNEAR/5 b NOTNEAR/5 c");
	assert_int_equal(a->kind, NW_AST_NOTNEAR);
	assert_int_equal(a->nkid, 2);
	assert_int_equal(a->kid[0]->kind, NW_AST_NOTNEAR);
	assert_string_equal(a->kid[1]->text.p, "c");
	a = parsed(q, "title:a NEAR/5 b");
	assert_int_equal(a->kind, NW_AST_NEAR);
	assert_int_equal(a->kid[0]->kind, NW_AST_FIELD);
	a = parsed(q, "NOT x AND a AND NOT b NEAR/2 c");
	assert_int_equal(a->kind, NW_AST_AND);
	assert_int_equal(a->nkid, 3);
	assert_int_equal(a->kid[0]->kind, NW_AST_NOT);
	assert_int_equal(a->kid[2]->kid[0]->kind, NW_AST_NEAR);
}

static void
places_and_truths_are_told_apart(void **state)
{
	static const char *const places[] = {"a", "\"a b\"", "a OR b", "a NEAR/2 b", "FIRST(3, a)",
	    "title:(a OR b)", "/abc/", "EXACT(a)", "a NOTIN b", "new:(a SENT b)"};
	static const char *const truths[] = {"a AND b", "a OR (b AND c)", "ATLEAST(2, a)", "ANYOF(1, a, b)",
	    "lang:zh", "title:(a AND b)", "a OR lang:zh", "date:2026-01-01.."};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		assert_true(nw_ast_is_place(parsed(*state, places[i])));
	for (size_t i = 0; i < sizeof(truths) / sizeof(truths[0]); i++)
		assert_false(nw_ast_is_place(parsed(*state, truths[i])));
}

static void
a_node_knows_where_it_stands(void **state)
{
	struct nw_ast *a = parsed(*state, "制裁 AND\n  (title:b NEAR/2 /c+/)"), *k = a->kid[1];

	assert_int_equal(a->line, 1);
	assert_int_equal(k->kind, NW_AST_NEAR);
	assert_int_equal(k->line, 2);
	assert_int_equal(k->col, 4);
	assert_int_equal(k->len, strlen("title:b NEAR/2 /c+/"));
	assert_int_equal(k->kid[1]->col, 19);
	assert_int_equal(k->kid[1]->len, 4);
	assert_int_equal(k->kid[0]->kid[0]->off, strlen("制裁 AND\n  (title:"));
}

static void
comparisons_carry_their_values(void **state)
{
	struct nw_query_text *q = *state;
	struct nw_ast *a = parsed(q, "lang:(ZH_hant OR en-us OR zh)");

	assert_int_equal(a->nvalue, 3);
	assert_string_equal(a->value[0].text.p, "zh-Hant");
	assert_string_equal(a->value[1].text.p, "en-US");
	a = parsed(q, "topic:sanctions/news>=40");
	assert_string_equal(a->value[0].text.p, "sanctions");
	assert_string_equal(a->value[0].cls.p, "news");
	assert_int_equal(a->value[0].lo, 40);
	a = parsed(q, "date:2026-01-01..2026-02-01");
	assert_int_equal(a->value[0].lo, 1767225600000);
	assert_int_equal(a->value[0].hi, 1767225600000 + 32 * 86400000LL - 1);
	a = parsed(q, "date:2026-01-01");
	assert_int_equal(a->value[0].hi - a->value[0].lo, 86400000 - 1);
	a = parsed(q, "date:..2026-01-01");
	assert_true(a->value[0].lo == INT64_MIN);
	a = parsed(q, "age:<2d");
	assert_int_equal(a->value[0].hi, 2 * 86400000);
	a = parsed(q, "age:>6h");
	assert_int_equal(a->value[0].lo, 6 * 3600000);
	a = parsed(q, "country:ru AND number:商务部公告2025年第59号");
	assert_string_equal(a->kid[0]->value[0].text.p, "RU");
	assert_string_equal(a->kid[1]->value[0].text.p, "商务部公告2025年第59号");
}

static void
fields_of_an_interval_are_known(void **state)
{
	struct nw_query_text *q = *state;

	assert_int_equal(parsed(q, "a")->fields, NW_AST_IN_TEXT);
	assert_int_equal(parsed(q, "title:a OR url:b")->fields,
	    NW_AST_IN_FIELD(NW_FIELD_TITLE) | NW_AST_IN_FIELD(NW_FIELD_URL));
	assert_int_equal(parsed(q, "title:a NEAR/9 b")->fields, NW_AST_IN_FIELD(NW_FIELD_TITLE));
	assert_int_equal(parsed(q, "a NOTNEAR/9 title:b")->fields, NW_AST_IN_TEXT);
	assert_int_equal(
	    nw_ast_parse(&q->ctx, NW_STR("a"), NW_STR("lead"))->fields, NW_AST_IN_FIELD(NW_FIELD_BODY));
}

/* --- warnings and notes */

static void
check_said(struct nw_query_text *q, const char *text, uint32_t severity, uint32_t col, const char *part)
{
	parsed(q, text);
	for (uint32_t i = 0; i < q->nsaid; i++)
		if (q->said[i].severity == severity && q->said[i].col == col &&
		    strstr(q->said[i].text, part) != NULL)
			return;
	fail_msg("'%s': nothing said of \"%s\" at column %u; first is \"%s\"", text, part, col,
	    q->nsaid > 0 ? q->said[0].text : "");
}

static void
what_may_cost_an_alert_is_said(void **state)
{
	struct nw_query_text *q = *state;
	const struct nw_str zh = NW_STR("zh");

	check_said(q, "treaty AND NATO", NW_QDIAG_NOTE, 12, "write (NATO OR Nato)");
	check_said(q, "\"the UN charter\"", NW_QDIAG_NOTE, 6, "misses \"Un\"");
	check_said(q, "США", NW_QDIAG_NOTE, 1, "in capitals only");
	check_said(q, "a NOTNEAR/8 eas*", NW_QDIAG_WARNING, 13, "hides alerts");
	check_said(q, "a AND NOT (b OR eas*)", NW_QDIAG_WARNING, 17, "hides alerts");
	check_said(q, "treaty OR /\\d+号/", NW_QDIAG_WARNING, 11, "evaluated on every article");
	check_said(q, "treaty OR 签署《引渡条约》", NW_QDIAG_WARNING, 11, "write PRE/0 in place");
	check_said(q, "lang:zh AND STEM(treaty)", NW_QDIAG_NOTE, 13, "plain word in zh");
	check_said(q, "treaty AND -football", NW_QDIAG_WARNING, 12, "write AND NOT");
	check_said(q, "Title:treaty", NW_QDIAG_WARNING, 1, "write title:");
	check_said(q, "by=smith", NW_QDIAG_WARNING, 1, "no field here");
	check_said(q, "a NOTNEAR/5 url:b", NW_QDIAG_WARNING, 1, "never silences");
	q->ctx.langs = &zh;
	q->ctx.nlangs = 1;
	check_said(q, "STEM(treaty)", NW_QDIAG_NOTE, 1, "plain word in zh");
	q->ctx.langs = NULL;
	q->ctx.nlangs = 0;
}

static void
what_costs_nothing_is_not_said(void **state)
{
	static const char *const quiet[] = {"treaty", "G20", "MoU", "a", "制裁", "STEM(treaty) AND lang:en",
	    "a IN eas*", "eas*", "/商务部公告\\d+/", "EXACT(START)", "ALLCAPS(who)", "5G OR F16",
	    "a NOTNEAR/2 b"};
	struct nw_query_text *q = *state;

	for (size_t i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++) {
		parsed(q, quiet[i]);
		if (q->nsaid != 0)
			fail_msg("'%s': %s", quiet[i], q->said[0].text);
	}
	q->ctx.flags = 0;
	parsed(q, "NATO");
	assert_int_equal(q->nsaid, 0);
	q->ctx.flags = NW_AST_NOTES;
}

static void
the_literal_of_a_regex_is_what_every_match_contains(void **state)
{
	static const struct {
		const char *pattern, *literal;
	} t[] = {{"abc-\\d+", "abc-"}, {"(foo|bar)quux?", "quu"}, {"a|bcd", ""}, {"(?:treaty)+s", "treaty"},
	    {"(treaty)?s", "s"}, {"x(?!treaty)", "x"}, {"ab+cd", "bcd"}, {"ab*cd", "cd"},
	    {"\\bUN\\b-\\w+", "UN-"}, {"https?:\\S+", "http"}, {"商务部公告\\d{4}年第\\d+号", "商务部公告"},
	    {"[abc]def[[:alpha:]]", "def"}, {"\\Qa.b\\E+c", "a.b"}, {"ab{0,3}cde", "cde"}, {"\\x41bcdef", ""},
	    {"(?i)abc", "abc"}, {"(?x) a b c", ""}};
	struct nw_buf b = {0};
	int icase;

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		nw_buf_reset(&b);
		nw_pattern_literal(nw_str(t[i].pattern), &b, &icase);
		if (!nw_str_is(nw_buf_str(&b), t[i].literal))
			fail_msg(
			    "/%s/ must contain '%s', not '%s'", t[i].pattern, t[i].literal, nw_buf_str(&b).p);
		assert_int_equal(icase, strncmp(t[i].pattern, "(?i)", 4) == 0);
	}
	nw_buf_done(&b);
}

/* --- lists (R27) */

static void
list_entries_are_terms_and_included_lists_flow_in(void **state)
{
	struct nw_query_text *q = *state;
	static const char *const inner[] = {"treaty", "framework agreement", "NO", NULL};
	static const char *const outer[] = {"ratif*", "@inner", "EXACT(START)", "STEM(sign)", "Treaty ",
	    "OOO \"Romashka\" (Moscow), Ltd.", "/abc-\\d+/", "2231", NULL};
	struct nw_ast *a;

	assert_int_equal(nw_query_text_list(q, "inner", inner), NW_OK);
	assert_int_equal(nw_query_text_list(q, "outer", outer), NW_OK);
	a = parsed(q, "@outer NEAR/3 x");
	assert_string_equal(nw_query_text_print(a, NW_AST_EXPAND),
	    "(ratif* OR treaty OR \"framework agreement\" OR NO OR EXACT(START) OR STEM(sign) OR \"OOO "
	    "Romashka (Moscow), Ltd.\" OR "
	    "/abc-\\d+/ OR 2231) NEAR/3 x");
	assert_int_equal(
	    q->nsaid, 3); /* a duplicate, NO, and the regex that must run on every article has a literal */
	assert_string_equal(nw_query_text_print(a, 0), "@outer NEAR/3 x");
	assert_ptr_equal(parsed(q, "@outer")->kid[0], a->kid[0]->kid[0]);
	assert_int_equal(q->nsaid, 0); /* said once, when the list was read */
	assert_int_equal(nw_query_text_list(q, "outer", inner), NW_ECONF);
	assert_int_equal(nw_query_text_list(q, "a b", inner), NW_ECONF);
}

static void
list_mistakes_name_the_entry(void **state)
{
	struct nw_query_text *q = *state;
	static const char *const entries[] = {
	    "fine", "tr*", "a AND b", "—", "", "@nowhere", "@l1", "ok NEAR/5 x", NULL};
	static const struct {
		uint32_t line, col;
		const char *part;
	} want[] = {{2, 1, "needs three letters"}, {3, 3, "a list entry is one term"},
	    {4, 1, "has no letter or digit"}, {5, 1, "an empty entry"}, {6, 1, "there is no list"},
	    {7, 1, "leads back to itself"}, {8, 4, "a list entry is one term"}};

	assert_int_equal(nw_query_text_list(q, "l1", entries), NW_OK);
	q->nsaid = 0;
	assert_int_equal(nw_defs_check(q->defs), -1);
	assert_int_equal(q->nsaid, sizeof(want) / sizeof(want[0]));
	for (size_t i = 0; i < q->nsaid; i++)
		if (q->said[i].line != want[i].line || q->said[i].col != want[i].col ||
		    strstr(q->said[i].text, want[i].part) == NULL)
			fail_msg("%u:%u %s", q->said[i].line, q->said[i].col, q->said[i].text);
}

static void
an_empty_list_is_refused_and_many_notes_are_cut(void **state)
{
	struct nw_query_text *q = *state;
	static const char *const none[] = {NULL};
	const char *many[61];
	char text[60][8];

	for (int i = 0; i < 60; i++) {
		snprintf(text[i], sizeof(text[i]), "AB%c%c", 'A' + i / 26, 'A' + i % 26);
		many[i] = text[i];
	}
	many[60] = NULL;
	assert_int_equal(nw_query_text_list(q, "empty", none), NW_OK);
	assert_int_equal(nw_query_text_list(q, "many", many), NW_OK);
	assert_null(nw_query_text_parse(q, "@empty"));
	assert_non_null(strstr(q->said[0].text, "the list is empty"));
	parsed(q, "@many");
	assert_int_equal(q->nsaid, 21);
	assert_non_null(strstr(q->said[20].text, "has more warnings"));
}

/* --- the examples of the language, and the shared vectors */

static int
accepts(struct nw_query_text *q, const char *expr)
{
	return strstr(expr, "\n>=") != NULL ? nw_query_text_score(q, expr) != NULL
					    : nw_query_text_parse(q, expr) != NULL;
}

static void
the_examples_of_the_language_are_accepted_whole_and_printed_to_the_same(void **state)
{
	struct nw_query_text *q = *state;
	char canonical[16384];
	struct nw_ast *a;
	unsigned n = 0;
	char *text, *at = NULL;
	const char *e;

	nw_query_text_lists_file(q, NW_TOP "/tests/data/query/lists.txt");
	assert_non_null(text = nw_query_text_blocks(NW_TOP "/tests/data/query/expressions.txt"));
	for (e = nw_query_text_next(text, &at); e != NULL; e = nw_query_text_next(NULL, &at), n++) {
		if (!accepts(q, e))
			fail_msg("'%s' was refused: %s", e, q->said[0].text);
		if (strstr(e, "\n>=") != NULL)
			continue;
		snprintf(canonical, sizeof(canonical), "%s", nw_query_text_print(a = parsed(q, e), 0));
		assert_true(nw_query_text_same(a, parsed(q, canonical)));
		snprintf(canonical, sizeof(canonical), "%s", nw_query_text_print(a, NW_AST_EXPAND));
		assert_string_equal(canonical, nw_query_text_print(parsed(q, canonical), 0));
	}
	free(text);
	assert_int_equal(nw_defs_check(q->defs), 0);
	assert_true(n >= 20);
}

static void
shared_vectors_are_accepted_or_refused_as_they_say(void **state)
{
	static const char path[] = NW_TOP "/../shared/corpora/watch_vectors.jsonl";
	struct nw_query_text *q = *state;
	char line[65536];
	unsigned n = 0;
	FILE *f = fopen(path, "r");

	if (f == NULL) {
		print_message("skipped: %s is not here\n", path);
		skip();
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		json_t *v = json_loads(line, 0, NULL);
		int refused = json_is_true(json_object_get(v, "refused"));

		assert_non_null(v);
		if (accepts(q, json_string_value(json_object_get(v, "expr"))) == refused)
			fail_msg("%s: %s", json_string_value(json_object_get(v, "id")),
			    refused ? "accepted" : q->said[0].text);
		json_decref(v);
		n++;
	}
	fclose(f);
	assert_true(n > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(aliases_are_read_and_keep_their_n),
	    cmocka_unit_test(full_width_forms_and_typographic_quotes_are_the_ascii_ones),
	    cmocka_unit_test(a_keyword_in_quotes_and_an_operator_in_lower_case_are_words),
	    cmocka_unit_test(chains_are_n_ary_and_negative_ones_lean_left),
	    cmocka_unit_test(places_and_truths_are_told_apart),
	    cmocka_unit_test(a_node_knows_where_it_stands),
	    cmocka_unit_test(comparisons_carry_their_values),
	    cmocka_unit_test(fields_of_an_interval_are_known),
	    cmocka_unit_test(what_may_cost_an_alert_is_said),
	    cmocka_unit_test(what_costs_nothing_is_not_said),
	    cmocka_unit_test(the_literal_of_a_regex_is_what_every_match_contains),
	    cmocka_unit_test_setup_teardown(
		list_entries_are_terms_and_included_lists_flow_in, setup, teardown),
	    cmocka_unit_test_setup_teardown(list_mistakes_name_the_entry, setup, teardown),
	    cmocka_unit_test_setup_teardown(an_empty_list_is_refused_and_many_notes_are_cut, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		the_examples_of_the_language_are_accepted_whole_and_printed_to_the_same, setup, teardown),
	    cmocka_unit_test(shared_vectors_are_accepted_or_refused_as_they_say),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
