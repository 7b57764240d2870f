/* Every refusal of the watch language: its line, its column, what is underlined, and the remedy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/str.h"
#include "query_text.h"

struct row {
	const char *text;
	uint32_t line, col, len;
	const char *remedy; /* a part of the first error */
	uint32_t errors;    /* 0 means 1 */
};

static int
setup(void **state)
{
	static const char *const treaty[] = {"treaty", "treaties", NULL},
				 *const ring1[] = {"a1", "@ring2", NULL}, *const ring2[] = {"@ring1", NULL},
				 *const bad[] = {"tr*", NULL}, *const none[] = {NULL};
	const struct nw_str sources[] = {NW_STR("mfa-cn"), NW_STR("mofcom-cn")},
			    topics[] = {NW_STR("sanctions")}, countries[] = {NW_STR("RU"), NW_STR("CN")},
			    tags[] = {NW_STR("moscow")};
	struct nw_query_names names = {sources, topics, countries, tags, 2, 1, 2, 1};
	struct nw_query_text *q = nw_query_text_new();

	assert_int_equal(nw_defs_names(q->defs, &names), NW_OK);
	assert_int_equal(nw_query_text_list(q, "treaty-en", treaty), NW_OK);
	assert_int_equal(nw_query_text_list(q, "ring1", ring1), NW_OK);
	assert_int_equal(nw_query_text_list(q, "ring2", ring2), NW_OK);
	assert_int_equal(nw_query_text_list(q, "bad", bad), NW_OK);
	assert_int_equal(nw_query_text_list(q, "none", none), NW_OK);
	assert_int_equal(
	    nw_defs_watch_add(q->defs, NW_STR("plain"), NW_STR("treaty NEAR/5 signed"), 0), NW_OK);
	assert_int_equal(
	    nw_defs_watch_add(q->defs, NW_STR("fields"), NW_STR("title:treaty OR url:x"), 0), NW_OK);
	assert_int_equal(nw_defs_watch_add(q->defs, NW_STR("truth"), NW_STR("treaty AND signed"), 0), NW_OK);
	assert_int_equal(nw_defs_watch_add(q->defs, NW_STR("scored"), NW_STR(""), 1), NW_OK);
	assert_int_equal(
	    nw_defs_watch_add(q->defs, NW_STR("self"), NW_STR("treaty AND watch(self)"), 0), NW_OK);
	assert_int_equal(nw_defs_watch_add(q->defs, NW_STR("broken"), NW_STR("treaty AND"), 0), NW_OK);
	*state = q;
	return 0;
}

static int
teardown(void **state)
{
	nw_query_text_free(*state);
	return 0;
}

static void
check_first(const struct nw_query_text *q, const struct row *r)
{
	const struct nw_query_said *s = NULL;
	uint32_t want = r->errors != 0 ? r->errors : 1;

	for (uint32_t i = 0; i < q->nsaid && s == NULL; i++)
		if (q->said[i].severity == NW_QDIAG_ERROR)
			s = &q->said[i];
	if (s == NULL) {
		fail_msg("'%s' was refused without an error", r->text);
		return;
	}
	if (s->line != r->line || s->col != r->col || s->len != r->len)
		fail_msg("'%s': at %u:%u+%u, not %u:%u+%u: %s", r->text, s->line, s->col, s->len, r->line,
		    r->col, r->len, s->text);
	if (strstr(s->text, r->remedy) == NULL)
		fail_msg("'%s': \"%s\" lacks \"%s\"", r->text, s->text, r->remedy);
	if (nw_query_text_errors(q) != want)
		fail_msg("'%s': %u errors, not %u; the last is \"%s\"", r->text, nw_query_text_errors(q),
		    want, q->said[q->nsaid - 1].text);
}

static void
check_rows(struct nw_query_text *q, const struct row *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (nw_query_text_parse(q, r[i].text) != NULL)
			fail_msg("'%s' was accepted", r[i].text);
		check_first(q, &r[i]);
	}
}

#define CHECK_ROWS(state, rows) check_rows(*(state), rows, sizeof(rows) / sizeof((rows)[0]))

static void
what_joins_needs_brackets_and_capitals(void **state)
{
	static const struct row rows[] = {
	    {"a AND b OR c", 1, 9, 2, "write (a AND b) OR ...", 0},
	    {"a OR b AND c", 1, 8, 3, "write (a OR b) AND ..., or ... OR (b AND ...)", 0},
	    {"a AND b OR c AND d OR e", 1, 9, 2, "need brackets", 0},
	    {"a NEAR/3 b PRE/2 c", 1, 12, 5, "write (a NEAR/3 b) PRE/2 ...", 0},
	    {"treaty PRE/3 signed PRE/9 oslo", 1, 21, 5, "PRE/3 and PRE/9 in one chain need brackets", 0},
	    {"a SENT b NOTSENT c", 1, 10, 7, "write (a SENT b) NOTSENT ...", 0},
	    {"a IN b NOTIN c", 1, 8, 5, "IN and NOTIN in one chain", 0},
	    {"treaty near/5 signed", 1, 8, 6, "write NEAR/5", 0},
	    {"a pre/2 b", 1, 3, 5, "write PRE/2", 0},
	    {"a w/3 b", 1, 3, 3, "write NEAR/3", 0},
	    {"a Notnear/3 b", 1, 3, 9, "write NOTNEAR/3", 0},
	    {"treaty and signed", 1, 1, 17, "write treaty AND signed, or \"treaty and signed\"", 0},
	    {"treaty or pact", 1, 1, 14, "write treaty OR pact", 0},
	    {"a AND treaty of friendship", 1, 7, 20, "write \"treaty of friendship\" for a phrase", 0},
	    {"(a OR b) c", 1, 10, 1, "an operator is missing before c", 0},
	    {"\"a b\" c", 1, 7, 1, "an operator is missing before c", 0},
	    {"treaty @treaty-en", 1, 8, 10, "an operator is missing before @treaty-en", 0},
	    {"a\nNEAR/3 b\n  c d", 2, 8, 7, "write \"b c d\" for a phrase", 0},
	    {"制裁 反对", 1, 1, 13, "write \"制裁 反对\" for a phrase", 0},
	    {"a NOT b", 1, 3, 3, "write AND NOT", 0},
	    {"a NOT NEAR/5 b", 1, 3, 10, "write NOTNEAR/5", 0},
	    {"a NOT IN b", 1, 3, 6, "write NOTIN", 0},
	};

	CHECK_ROWS(state, rows);
}

static void
distances_are_numbers_within_their_bounds(void **state)
{
	static const struct row rows[] = {
	    {"a NEAR/10001 b", 1, 3, 10, "between 0 and 10000", 0},
	    {"a NEAR/99999999999 b", 1, 3, 16, "between 0 and 10000", 0},
	    {"a W/10001 b", 1, 3, 7, "between 0 and 10000", 0},
	    {"a NEAR b", 1, 3, 4, "needs a distance: write NEAR/5", 0},
	    {"a NEAR/ b", 1, 3, 5, "the distance is a number: write NEAR/5", 0},
	    {"a PRE/x b", 1, 3, 5, "the distance is a number: write PRE/5", 0},
	    {"a SENT/3 b", 1, 3, 6, "takes no number: write SENT", 0},
	    {"FIRST(0, a)", 1, 7, 1, "between 1 and 10000", 0},
	    {"a/F0/", 1, 2, 4, "write /F50/", 0},
	    {"FIRST(a)", 1, 7, 1, "write FIRST(2, ...)", 0},
	    {"ATLEAST(0, treaty)", 1, 9, 1, "between 1 and", 0},
	    {"ATLEAST0(treaty)", 1, 1, 8, "between 1 and", 0},
	    {"ATLEAST(2 treaty)", 1, 9, 1, "write ATLEAST(2, ...)", 0},
	    {"ATLEAST(-1, treaty)", 1, 9, 2, "begins with a number", 0},
	    {"ANYOF(4, a, b)", 1, 1, 14, "only 2 clauses", 0},
	    {"ANYOF(0, a, b)", 1, 7, 1, "between 1 and", 0},
	};

	CHECK_ROWS(state, rows);
}

static void
what_opens_must_close_and_hold_something(void **state)
{
	static const struct row rows[] = {
	    {"(treaty AND signed", 1, 1, 1, "add a )", 0},
	    {"a OR (b AND (c OR d)", 1, 6, 1, "add a )", 0},
	    {"a OR b)", 1, 7, 1, "take it out, or open one before", 0},
	    {"（a OR b", 1, 1, 1, "add a )", 0},
	    {"EXACT(START", 1, 6, 1, "add a )", 0},
	    {"a OR \"b c", 1, 6, 1, "add a \" at the end", 0},
	    {"a OR “b c", 1, 6, 1, "add a \" at the end", 0},
	    {"/abc", 1, 1, 4, "add a / at its end", 0},
	    {"", 1, 1, 0, "the expression is empty", 0},
	    {" \n ", 1, 1, 0, "the expression is empty", 0},
	    {"a AND ()", 1, 7, 2, "empty brackets", 0},
	    {"a AND", 1, 3, 3, "AND has nothing after it", 0},
	    {"a NEAR/5 ", 1, 3, 6, "NEAR/5 has nothing after it", 0},
	    {"(a OR ) AND b", 1, 4, 2, "OR has nothing after it", 0},
	    {"OR a", 1, 1, 2, "OR has nothing before it", 0},
	    {"a AND OR b", 1, 7, 2, "OR has nothing before it", 0},
	    {"title:", 1, 1, 6, "title: has nothing after it", 0},
	    {"\"\"", 1, 1, 2, "write words between the quotes", 0},
	    {"a OR \"—\"", 1, 6, 5, "has no letter or digit", 0},
	    {"a AND & AND b", 1, 7, 1, "write AND or OR", 0},
	    {"price 1,000", 1, 1, 7, "words in a row", 2},
	    {"1,000", 1, 2, 1, "as in \"1,000\"", 0},
	    {"(a, b)", 1, 3, 1, "write OR between alternatives", 0},
	    {"NEAR/5 a", 1, 1, 6, "NEAR/5 has nothing before it", 0},
	    {"FIRST", 1, 1, 5, "or \"FIRST\" in quotes", 0},
	    {"EXACT()", 1, 7, 1, "write EXACT(word)", 0},
	    {"EXACT(a OR b)", 1, 7, 1, "join several with OR", 0},
	    {"EXACT(OR)", 1, 7, 2, "one phrase in quotes", 0},
	    {"STEM(@treaty-en)", 1, 6, 10, "write STEM(word)", 0},
	    {"EXCT(START)", 1, 1, 4, "did you mean EXACT(...)?", 0},
	    {"exact(START)", 1, 1, 5, "did you mean EXACT(...)?", 0},
	    {"minister(foreign)", 1, 1, 8, "is no function", 0},
	};

	CHECK_ROWS(state, rows);
}

static void
an_expression_needs_something_positive(void **state)
{
	static const struct row rows[] = {
	    {"NOT football", 1, 1, 12, "treaty AND NOT football", 0},
	    {"NOT football AND NOT rugby", 1, 1, 26, "no positive clause", 0},
	    {"treaty AND (NOT football)", 1, 13, 12, "no positive clause", 0},
	    {"treaty OR NOT football", 1, 11, 3, "write a OR (b AND NOT c)", 0},
	    {"a AND NOT NOT b", 1, 11, 3, "NOT twice", 0},
	    {"ANYOF(1, NOT a, b)", 1, 10, 5, "no positive clause", 0},
	};

	CHECK_ROWS(state, rows);
}

static void
what_opens_at_the_end_is_told_once_where_it_opens(void **state)
{
	static const struct row rows[] = {
	    {"treaty AND (", 1, 12, 1, "never closed: add a )", 0},
	    {"treaty AND (\n\n", 1, 12, 1, "never closed: add a )", 0},
	    {"條約 OR\n  title:(\n", 2, 9, 1, "never closed: add a )", 0},
	    {"条约 OR （", 1, 11, 1, "never closed: add a )", 0},
	    {"x OR\n ANYOF(1, a,\n", 2, 7, 1, "never closed: add a )", 0},
	    {"FIRST(3,", 1, 6, 1, "never closed: add a )", 0},
	    {"x NEAR/3 (", 1, 10, 1, "never closed: add a )", 0},
	    {"x AND\n\n", 1, 3, 3, "AND has nothing after it", 0},
	};

	CHECK_ROWS(state, rows);
}

static void
places_are_wanted_where_positions_count(void **state)
{
	static const struct row rows[] = {
	    {"signed NEAR/9 (treaty AND NOT pact)", 1, 16, 19, "use SENT, PARA or NEAR instead of AND", 0},
	    {"(a AND b) SENT c", 1, 2, 7, "use SENT, PARA or NEAR instead of AND", 0},
	    {"ATLEAST(1, treaty AND signed)", 1, 12, 17, "use SENT, PARA or NEAR instead of AND", 0},
	    {"FIRST(5, a AND b)", 1, 10, 7, "use SENT, PARA or NEAR instead of AND", 0},
	    {"a NEAR/5 (b OR (c AND d))", 1, 11, 14, "use SENT, PARA or NEAR instead of AND", 0},
	    {"a NOTIN title:(b AND c)", 1, 9, 15, "use SENT, PARA or NEAR instead of AND", 0},
	    {"a NEAR/5 ATLEAST(2, b)", 1, 10, 13, "ATLEAST only says true or false", 0},
	    {"a SENT ANYOF(1, b, c)", 1, 8, 14, "ANYOF only says true or false", 0},
	    {"a NEAR/3 lang:zh", 1, 10, 7, "write it beside with AND", 0},
	    {"a NEAR/3 watch(truth)", 1, 10, 12, "use SENT, PARA or NEAR in that watch", 0},
	    {"title:a NEAR/5 body:b", 1, 1, 21, "write AND between them", 0},
	    {"author:a IN title:b", 1, 1, 19, "can never hold", 0},
	    {"new:a SENT removed:b", 1, 1, 20, "can never hold", 0},
	    {"FIRST(9, author:a)", 1, 10, 8, "leave FIRST out", 0},
	};

	CHECK_ROWS(state, rows);
}

static void
fields_are_known_and_stand_side_by_side(void **state)
{
	static const struct row rows[] = {
	    {"headline2:treaty", 1, 1, 10, "the fields are title lead body", 0},
	    {"tilte:treaty", 1, 1, 6, "did you mean \"title:\"?", 0},
	    {"a OR langs:zh", 1, 6, 6, "did you mean \"lang:\"?", 0},
	    {"https://example.org/", 1, 1, 6, "stands in quotes", 0},
	    {"title:(sanctions AND body:widened)", 1, 22, 5, "write the two side by side with AND", 0},
	    {"title:lead:a", 1, 7, 5, "lead: stands inside title:", 0},
	    {"HEADLINE(body:x)", 1, 10, 5, "body: stands inside HEADLINE", 0},
	    {"title:HLEAD(x)", 1, 7, 5, "HLEAD stands inside title:", 0},
	    {"title:watch(fields)", 1, 7, 13, "watch(fields) has fields of its own", 0},
	};

	CHECK_ROWS(state, rows);
}

static void
names_are_defined_and_do_not_go_in_circles(void **state)
{
	static const struct row rows[] = {
	    {"@treaty-em", 1, 1, 10, "did you mean \"treaty-en\"?", 0},
	    {"a AND @nothing-like-it", 1, 7, 16, "define it under lists:", 0},
	    {"a AND @", 1, 7, 1, "write @name", 0},
	    {"watch(plane)", 1, 1, 12, "did you mean \"plain\"?", 0},
	    {"watch(nothing-like-it)", 1, 1, 22, "define it under watches:", 0},
	    {"watch()", 1, 1, 5, "write watch(name)", 0},
	    {"watch(scored)", 1, 1, 13, "has a score block and cannot be named", 0},
	    {"watch(self)", 1, 1, 11, "leads back to itself", 0},
	    {"watch(broken)", 1, 1, 13, "has errors of its own", 0},
	    {"source:mfa-nc", 1, 8, 6, "did you mean \"mfa-cn\"?", 0},
	    {"source:(mfa-cn OR nothing)", 1, 19, 7, "there is no source \"nothing\"", 0},
	    {"topic:sanction", 1, 7, 8, "did you mean \"sanctions\"?", 0},
	    {"tag:moskow", 1, 5, 6, "did you mean \"moscow\"?", 0},
	    {"country:US", 1, 9, 2, "there is no country \"US\"", 0},
	};

	CHECK_ROWS(state, rows);
}

static void
comparisons_have_values_of_their_kind(void **state)
{
	static const struct row rows[] = {
	    {"source:", 1, 1, 7, "write source:mfa-cn", 0},
	    {"source:(mfa-cn AND mofcom-cn)", 1, 16, 3, "joined by OR", 0},
	    {"source:(mfa-cn, mofcom-cn)", 1, 15, 1, "joined by OR", 0},
	    {"source:(mfa-cn mofcom-cn)", 1, 16, 9, "joined by OR", 0},
	    {"source:(mfa-cn", 1, 8, 1, "add a )", 0},
	    {"lang:chinese", 1, 6, 7, "did you mean \"zh\"?", 0},
	    {"lang:xx", 1, 6, 2, "write its code", 0},
	    {"lang:zh-Hams", 1, 6, 7, "write its code", 0},
	    {"country:UK", 1, 9, 2, "did you mean \"GB\"?", 0},
	    {"country:Russia", 1, 9, 6, "write country:RU", 0},
	    {"topic:sanctions/gossip", 1, 7, 16, "news, stance and mention", 0},
	    {"topic:sanctions>40", 1, 7, 12, "topic:sanctions>=40", 0},
	    {"date:yesterday", 1, 6, 9, "write date:2026-01-01..2026-02-01", 0},
	    {"date:2026-02-30", 1, 6, 10, "no date of the form YYYY-MM-DD", 0},
	    {"date:2026-02-01..2026-01-01", 1, 6, 22, "ends before it begins", 0},
	    {"date:..", 1, 6, 2, "leaves out both ends", 0},
	    {"age:2d", 1, 5, 2, "write age:<2d", 0},
	    {"age:<2", 1, 5, 2, "write age:<2d", 0},
	    {"number:\"\"", 1, 8, 2, "is empty", 0},
	};

	CHECK_ROWS(state, rows);
}

static void
terms_are_neither_too_short_nor_too_wide(void **state)
{
	static const struct row rows[] = {
	    {"tr*", 1, 1, 3, "needs three letters before it", 0},
	    {"tr*ty", 1, 1, 5, "needs three letters before it", 0},
	    {"\"the tr* of\"", 1, 6, 3, "needs three letters before it", 0},
	    {"*abc", 1, 1, 4, "needs four letters", 0},
	    {"a?", 1, 1, 2, "needs a word with three letters", 0},
	    {"*", 1, 1, 1, "a wildcard alone", 0},
	    {"제*", 1, 1, 4, "two in Hangul", 0},
	    {"制裁*", 1, 1, 7, "a Han term matches inside longer runs", 0},
	    {"*制裁", 1, 1, 7, "a Han term matches inside longer runs", 0},
	    {"ミサイル?", 1, 1, 13, "a Han term matches inside longer runs", 0},
	    {"สนธิสัญญา*", 1, 1, 28, "Thai, Lao or Khmer", 0},
	    {"EXACT(START*)", 1, 7, 6, "takes no wildcard", 0},
	    {"STEM(treat*)", 1, 6, 6, "takes no wildcard", 0},
	    {"FUZZY(Lavr?v)", 1, 7, 6, "takes no wildcard", 0},
	    {"FUZZY(US)", 1, 7, 2, "under four letters", 0},
	    {"FUZZY(条约)", 1, 7, 6, "Han and Kana", 0},
	    {"FUZZY(\"Sergey Lavrov\")", 1, 7, 15, "one word only", 0},
	    {"/Case\\s+ABC(/", 1, 12, 1, "does not compile", 0},
	    {"a AND /[0-9/", 1, 11, 1, "does not compile", 0},
	    {"/\\/a\\/\\p{Nope}/", 1, 14, 1, "write \\p{L}", 0},
	    {"/abc/gi OR x", 1, 6, 2, "only i may stand behind", 0},
	    {"ALLCAPS(制裁)", 1, 9, 6, "leave ALLCAPS out", 0},
	    {"//", 1, 1, 2, "an empty regular expression", 0},
	};

	CHECK_ROWS(state, rows);
}

static void
all_errors_of_an_expression_are_told(void **state)
{
	struct nw_query_text *q = *state;
	static const struct {
		uint32_t line, col;
		const char *part;
	} want[] = {{1, 1, "needs three letters"}, {1, 12, "need brackets"}, {2, 1, "there is no list"},
	    {2, 18, "write NEAR/5"}, {3, 1, "words in a row"}, {3, 15, "does not compile"},
	    {4, 1, "did you mean \"title:\"?"}};

	assert_null(nw_query_text_parse(
	    q, "tr* AND abc OR\n@lost-list-name near/5 def OR\ntwo words OR /(/ OR\ntitel:xyz"));
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		assert_true(i < q->nsaid);
		if (q->said[i].line != want[i].line || strstr(q->said[i].text, want[i].part) == NULL)
			fail_msg("%u:%u %s, not %s", q->said[i].line, q->said[i].col, q->said[i].text,
			    want[i].part);
	}
	assert_int_equal(q->nsaid, sizeof(want) / sizeof(want[0]));
}

static void
a_flood_of_errors_ends(void **state)
{
	struct nw_query_text *q = *state;
	char text[4096] = "@x0";

	for (int i = 1; i < 200; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), " OR @x%d", i);
	assert_null(nw_query_text_parse(q, text));
	assert_int_equal(nw_query_text_errors(q), 20);
}

static void
nesting_length_and_bytes_are_bounded(void **state)
{
	struct nw_query_text *q = *state;
	char text[8192] = "";
	char *big;

	memset(text, '(', 65);
	strcpy(text + 65, "a");
	memset(text + 66, ')', 65);
	check_rows(q, &(struct row){text, 1, 65, 1, "deeper than 64 levels", 0}, 1);
	strcpy(text, "a");
	for (int i = 0; i < 64; i++)
		strcat(text, " NOTIN b");
	check_rows(q, &(struct row){text, 1, 1, 513, "a NOTIN (b OR c OR d)", 0}, 1);
	check_rows(q, &(struct row){"a \xff b", 1, 1, 0, "save the file as UTF-8", 0}, 1);
	assert_non_null(big = malloc((256u << 10) + 2));
	memset(big, 'a', (256u << 10) + 1);
	big[(256u << 10) + 1] = '\0';
	check_rows(q, &(struct row){big, 1, 1, 0, "write @name", 0}, 1);
	free(big);
}

static void
watches_that_multiply_are_bounded(void **state)
{
	struct nw_query_text *q = *state;
	char name[16], match[256];

	nw_defs_watch_add(q->defs, NW_STR("m0"), NW_STR("a OR b OR c OR d OR e OR f OR g OR h"), 0);
	for (int i = 1; i < 20; i++) {
		snprintf(name, sizeof(name), "m%d", i);
		snprintf(
		    match, sizeof(match), "watch(m%d) SENT (watch(m%d) OR watch(m%d))", i - 1, i - 1, i - 1);
		nw_defs_watch_add(q->defs, nw_str(name), nw_str(match), 0);
	}
	assert_null(nw_query_text_parse(q, "watch(m19)"));
	assert_non_null(strstr(q->said[0].text, "has errors of its own"));
	assert_non_null(nw_query_text_parse(q, "watch(m5)"));
	assert_null(nw_query_text_parse(q, "watch(m9) AND (watch(m9) OR watch(m9))"));
}

/* Every allocation fails once: the arena's cap grows until the expression fits. */
static void
memory_that_is_too_small_is_an_error(void **state)
{
	struct nw_query_text *q = *state;
	struct nw_arena *whole = q->ctx.arena;
	struct nw_ast *a = NULL;
	size_t cap;

	for (cap = 32; a == NULL && cap < (1u << 20); cap += 32) {
		q->nsaid = 0;
		assert_non_null(q->ctx.arena = nw_arena_new(cap));
		a = nw_ast_parse(&q->ctx,
		    NW_STR("HLEAD(a OR \"b c\" NEAR/2 /ab+c/) AND @treaty-en AND lang:(zh OR en) AND NOT "
			   "EXACT(X)"),
		    NW_STR("any"));
		assert_int_equal(a == NULL, nw_query_text_errors(q) > 0);
		nw_arena_free(q->ctx.arena);
	}
	q->ctx.arena = whole;
	assert_true(cap > 1000 && cap < (1u << 20));
}

static void
topics_ask_nothing_that_comes_later(void **state)
{
	struct nw_query_text *q = *state;
	static const struct row rows[] = {
	    {"a AND topic:sanctions", 1, 7, 15, "topic: cannot stand here", 0},
	    {"a AND tag:moscow", 1, 7, 10, "tag: cannot stand here", 0},
	    {"a AND watch(plain)", 1, 7, 12, "watch() cannot stand here", 0},
	};

	q->ctx.flags |= NW_AST_IS_TOPIC;
	CHECK_ROWS(state, rows);
	q->ctx.flags &= ~(uint32_t)NW_AST_IS_TOPIC;
}

static void
a_scope_is_a_field_round_the_whole(void **state)
{
	struct nw_query_text *q = *state;

	q->nsaid = 0;
	assert_null(nw_ast_parse(&q->ctx, NW_STR("a AND title:b"), NW_STR("lead")));
	check_first(q, &(struct row){"a AND title:b", 1, 7, 6, "title: stands inside \"scope: lead\"", 0});
	q->nsaid = 0;
	assert_null(nw_ast_parse(&q->ctx, NW_STR("a"), NW_STR("headline")));
	check_first(q, &(struct row){"a", 1, 1, 0, "any, new-text, title or lead", 0});
}

static void
scores_have_weights_caps_and_a_threshold(void **state)
{
	struct nw_query_text *q = *state;
	static const struct row rows[] = {
	    {"30: a\n>= 0", 2, 1, 4, "write >= 1 or more", 0},
	    {"30: a\n>= -5", 2, 1, 5, "write >= 1 or more", 0},
	    {"30: a\n> 5", 2, 1, 3, "as in >= 40", 0},
	    {"30: a\n>= much", 2, 1, 7, "as in >= 40", 0},
	    {"-30: a\n>= 5", 1, 1, 0, "no clause of positive weight", 0},
	    {">= 5", 1, 1, 0, "a score without a clause", 0},
	    {"30: a\n\n20: b", 3, 1, 0, "the threshold is missing", 0},
	    {"30: a\n>= 5\n10: b", 3, 1, 5, "put the line with >= last", 0},
	    {"30: a\n>= 5\n>= 6", 3, 1, 4, "a second threshold", 0},
	    {"treaty\n>= 5", 1, 1, 6, "as in 20: treaty cap 40", 2},
	    {"0: a\n30: b\n>= 5", 1, 1, 1, "out of range", 0},
	    {"30: a cap 0\n>= 5", 1, 11, 1, "from 1 to", 0},
	    {"30: a cap -4\n>= 5", 1, 11, 2, "without a sign", 0},
	    {"30: a cap\n>= 5", 1, 7, 3, "write cap 40", 0},
	    {"30:\n>= 5", 1, 1, 3, "30: has nothing after it", 0},
	    {"10: x\n  30: a AND b OR c cap 9\n>= 5", 2, 15, 2, "write (a AND b) OR ...", 0},
	    {"10: NOT x\n>= 5", 1, 5, 5, "no positive clause", 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (nw_query_text_score(q, rows[i].text) != NULL)
			fail_msg("'%s' was accepted", rows[i].text);
		check_first(q, &rows[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_joins_needs_brackets_and_capitals),
	    cmocka_unit_test(distances_are_numbers_within_their_bounds),
	    cmocka_unit_test(what_opens_must_close_and_hold_something),
	    cmocka_unit_test(an_expression_needs_something_positive),
	    cmocka_unit_test(what_opens_at_the_end_is_told_once_where_it_opens),
	    cmocka_unit_test(places_are_wanted_where_positions_count),
	    cmocka_unit_test(fields_are_known_and_stand_side_by_side),
	    cmocka_unit_test(names_are_defined_and_do_not_go_in_circles),
	    cmocka_unit_test(comparisons_have_values_of_their_kind),
	    cmocka_unit_test(terms_are_neither_too_short_nor_too_wide),
	    cmocka_unit_test(all_errors_of_an_expression_are_told),
	    cmocka_unit_test(a_flood_of_errors_ends),
	    cmocka_unit_test(nesting_length_and_bytes_are_bounded),
	    cmocka_unit_test(watches_that_multiply_are_bounded),
	    cmocka_unit_test(memory_that_is_too_small_is_an_error),
	    cmocka_unit_test(topics_ask_nothing_that_comes_later),
	    cmocka_unit_test(a_scope_is_a_field_round_the_whole),
	    cmocka_unit_test(scores_have_weights_caps_and_a_threshold),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
