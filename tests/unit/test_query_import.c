/* Queries of Lexis, Factiva and EMM: what they become here, and what is said of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/str.h"
#include "query/import.h"
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

/* The text imported, which the language must accept, in a static buffer; NULL if it was refused. */
static const char *
imported(struct nw_query_text *q, enum nw_import_vendor vendor, const char *text)
{
	static char out[8192];
	struct nw_buf b = {0};
	int rc;

	q->nsaid = 0;
	rc = nw_import(vendor, nw_str(text), &b, nw_query_text_diag, q);
	out[0] = '\0';
	if (rc == 0)
		strncat(out, nw_buf_str(&b).p, sizeof(out) - 1);
	nw_buf_done(&b);
	return rc == 0 ? out : NULL;
}

static void
check(struct nw_query_text *q, enum nw_import_vendor vendor, const char *const (*t)[2], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *got = imported(q, vendor, t[i][0]);

		if (got == NULL)
			fail_msg("'%s' was refused: %s", t[i][0], q->said[q->nsaid - 1].text);
		else if (strcmp(got, t[i][1]) != 0)
			fail_msg("'%s' became '%s', not '%s'", t[i][0], got, t[i][1]);
		if (nw_query_text_parse(q, t[i][1]) == NULL)
			fail_msg("'%s' became '%s', which is refused: %s", t[i][0], t[i][1], q->said[0].text);
	}
}

#define CHECK(state, vendor, t) check(*(state), vendor, t, sizeof(t) / sizeof((t)[0]))

static void
lexis_resolves_or_first_and_small_distances_before_great_ones(void **state)
{
	static const char *const t[][2] = {
	    {"treaty W/8 sign! AND NOT (football)", "treaty NEAR/7 sign* AND NOT football"},
	    {"bankrupt! w/25 discharg! and not student or college or education! w/5 loan",
		"bankrupt* NEAR/24 discharg* AND NOT (student OR college OR education*) NEAR/4 loan"},
	    {"bankrupt! w/25 discharg! w/5 loan", "bankrupt* NEAR/24 (discharg* NEAR/4 loan)"},
	    {"treaty and pact or accord", "treaty AND (pact OR accord)"},
	    {"a1 w/3 b1 w/3 c1", "(a1 NEAR/2 b1) NEAR/2 c1"},
	    {"treaty and not rugby and football", "treaty AND NOT (rugby AND football)"},
	    {"treaty not rugby", "treaty AND NOT rugby"},
	    {"treaty but not rugby", "treaty AND NOT rugby"},
	    {"minister w/s treaty w/2 signed", "minister SENT (treaty NEAR/1 signed)"},
	    {"minister w/p treaty w/s signed", "minister PARA (treaty SENT signed)"},
	};

	CHECK(state, NW_IMPORT_LEXIS, t);
}

static void
lexis_words_signs_and_segments_are_read(void **state)
{
	static const char *const t[][2] = {
	    {"asset freeze w/5 russia", "\"asset freeze\" NEAR/4 russia"},
	    {"\"asset freeze\" pre/1 order", "\"asset freeze\" PRE/0 order"},
	    {"treaty /5 sign! /s oslo", "(treaty NEAR/4 sign*) SENT oslo"},
	    {"treaty onear/3 signed", "treaty PRE/2 signed"},
	    {"treaty near/3 signed", "treaty NEAR/2 signed"},
	    {"sanctions not w/5 relief", "sanctions NOTNEAR/4 relief"},
	    {"sanctions not w/s relief", "sanctions NOTSENT relief"},
	    {"sanctions NOT/p relief", "sanctions NOTPARA relief"},
	    {"wom*n and sanction*", "wom?n AND sanction*"},
	    {"ATLEAST5(treaty) and HEADLINE(treaty or pact)",
		"ATLEAST(5, treaty) AND title:(treaty OR pact)"},
	    {"hlead(treaty w/3 signed)", "title:(treaty NEAR/2 signed) OR lead:(treaty NEAR/2 signed)"},
	    {"NATO and allcaps(swift)", "nato AND ALLCAPS(swift)"},
	    {"caps(turkey) & byline(smith)", "turkey AND author:smith"},
	    {"treaty and language(english)", "treaty AND lang:en"},
	    {"treaty and date aft 1/31/2020", "treaty AND date:2020-02-01.."},
	    {"treaty and date(geq (1/15/2020) and leq (2/20/2020))",
		"treaty AND date:2020-01-15..2020-02-20"},
	    {"treaty and date is 2020", "treaty AND date:2020-01-01..2020-12-31"},
	    {"treaty w/seg signed", "treaty AND signed"},
	    {"treaty w/1 signed", "treaty NEAR/0 signed"},
	    {"save the date", "\"save the date\""},
	    {"\"treaty w/o\" and at&t", "\"treaty w/o\" AND at&t"},
	};

	CHECK(state, NW_IMPORT_LEXIS, t);
}

static void
factiva_binds_distances_then_not_then_and_then_or(void **state)
{
	static const char *const t[][2] = {
	    {"treaty and signed or pact not football", "treaty AND signed OR pact AND NOT football"},
	    {"bill clinton or gore and george bush", "\"bill clinton\" OR (gore AND \"george bush\")"},
	};
	struct nw_query_text *q = *state;

	assert_string_equal(
	    imported(q, NW_IMPORT_FACTIVA, t[0][0]), "(treaty AND signed) OR (pact AND NOT football)");
	check(q, NW_IMPORT_FACTIVA, &t[1], 1);
}

static void
factiva_words_fields_and_forms_are_read(void **state)
{
	static const char *const t[][2] = {
	    {"atleast3 sanction*", "ATLEAST(3, sanction*)"},
	    {"treaty/F50/", "FIRST(50, treaty)"},
	    {"carrefour near5 retail sales", "carrefour NEAR/4 \"retail sales\""},
	    {"world cup adj5 rugby", "\"world cup\" PRE/4 rugby"},
	    {"president w/2 bush", "president PRE/1 bush"},
	    {"president adj bush", "president PRE/0 bush"},
	    {"boeing 747/N30/british airways", "\"boeing 747\" NEAR/29 \"british airways\""},
	    {"vodafone same telecommunications", "vodafone PARA telecommunications"},
	    {"[treaty or pact] and signed", "(treaty OR pact) AND signed"},
	    {"hd=(treaty or pact) and la=(en or fr)", "title:(treaty OR pact) AND lang:(en OR fr)"},
	    {"hd=treaty and by=smith", "title:treaty AND author:smith"},
	    {"hlp=(asset freeze)", "title:\"asset freeze\" OR lead:\"asset freeze\""},
	    {"lp=treaty or td=pact", "lead:treaty OR body:pact"},
	    {"engineer$3 and wom?n", "engineer* AND wom?n"},
	    {"treaty and date from 20200115 to 20200220", "treaty AND date:2020-01-15..2020-02-20"},
	    {"treaty and date after 20200115", "treaty AND date:2020-01-16.."},
	    {"treaty and date last 2 weeks", "treaty AND age:<14d"},
	    {"EU and UN", "eu AND un"},
	    {"制裁 near10 宣布", "制裁 NEAR/9 宣布"},
	    {"johnson & johnson and date -7", "\"johnson & johnson\" AND age:<7d"},
	    {"closing date and export - control", "\"closing date\" AND \"export - control\""},
	};

	CHECK(state, NW_IMPORT_FACTIVA, t);
}

static void
emm_combinations_and_weights_are_read(void **state)
{
	static const char *const t[][2] = {
	    {"define combination proximity 10 / or treaty pact / or sign% renew_ / not football",
		"(treaty OR pact) NEAR/10 (sign* OR renew?) AND NOT football"},
	    {"define combination\nor prime+minister% president\nand oslo treaty\nnot rugby, football",
		"(\"prime minister*\" OR president) AND oslo AND treaty AND NOT (rugby OR football)"},
	    {"or treaty\ndefine combination\nor pact accord", "treaty OR (pact OR accord)"},
	};
	struct nw_query_text *q = *state;

	CHECK(state, NW_IMPORT_EMM, t);
	assert_string_equal(
	    imported(q, NW_IMPORT_EMM, "asset+freeze 30\nsanction% 20\nfootball -40\nthreshold 30"),
	    "30: \"asset freeze\"\n20: sanction*\n-40: football\n>= 30\n");
	assert_non_null(
	    nw_query_text_score(q, "30: \"asset freeze\"\n20: sanction*\n-40: football\n>= 30\n"));
}

struct said {
	enum nw_import_vendor vendor;
	const char *text;
	uint32_t severity, line, col, len;
	const char *part;
};

static void
check_said(struct nw_query_text *q, const struct said *s)
{
	const char *got = imported(q, s->vendor, s->text);

	if ((got == NULL) != (s->severity == NW_QDIAG_ERROR))
		fail_msg("'%s' was %s", s->text, got == NULL ? "refused" : "accepted");
	for (uint32_t i = 0; i < q->nsaid; i++)
		if (q->said[i].severity == s->severity && q->said[i].line == s->line &&
		    q->said[i].col == s->col && q->said[i].len == s->len &&
		    strstr(q->said[i].text, s->part) != NULL)
			return;
	fail_msg("'%s': nothing said of \"%s\"; first is %u:%u+%u \"%s\"", s->text, s->part,
	    q->nsaid > 0 ? q->said[0].line : 0, q->nsaid > 0 ? q->said[0].col : 0,
	    q->nsaid > 0 ? q->said[0].len : 0, q->nsaid > 0 ? q->said[0].text : "");
}

static void
every_change_is_told_with_its_place(void **state)
{
	static const struct said t[] = {
	    {NW_IMPORT_LEXIS, "treaty W/8 sign!", NW_QDIAG_NOTE, 1, 8, 3, "W/8 becomes NEAR/7"},
	    {NW_IMPORT_LEXIS, "treaty W/8 sign!", NW_QDIAG_NOTE, 1, 12, 5, "! becomes *"},
	    {NW_IMPORT_LEXIS, "treaty W/8 sign!", NW_QDIAG_WARNING, 1, 8, 3, "confirm"},
	    {NW_IMPORT_LEXIS, "treaty", NW_QDIAG_NOTE, 1, 1, 6, "regular plurals"},
	    {NW_IMPORT_LEXIS, "a1 not w/3 b1", NW_QDIAG_NOTE, 1, 4, 7, "not w/3 becomes NOTNEAR/2"},
	    {NW_IMPORT_LEXIS, "a1 and b1 or c1", NW_QDIAG_NOTE, 1, 8, 8, "brackets are added"},
	    {NW_IMPORT_LEXIS, "a1 w/9 b1 w/2 c1", NW_QDIAG_NOTE, 1, 8, 9, "brackets are added"},
	    {NW_IMPORT_LEXIS, "headline(x1)", NW_QDIAG_NOTE, 1, 1, 8, "becomes title:"},
	    {NW_IMPORT_FACTIVA, "a1 or b1 and c1", NW_QDIAG_NOTE, 1, 7, 9, "brackets are added"},
	    {NW_IMPORT_LEXIS, "asset freeze and\nNATO", NW_QDIAG_NOTE, 1, 1, 12, "phrase in quotes"},
	    {NW_IMPORT_LEXIS, "asset freeze and\nNATO", NW_QDIAG_NOTE, 2, 1, 4, "written in lower case"},
	    {NW_IMPORT_LEXIS, "a1 w/seg b1", NW_QDIAG_WARNING, 1, 4, 5, "wider"},
	    {NW_IMPORT_LEXIS, "caps(x1)", NW_QDIAG_WARNING, 1, 1, 4, "left out"},
	    {NW_IMPORT_LEXIS, "a1 and date aft 1/2/2020", NW_QDIAG_WARNING, 1, 17, 8, "month/day/year"},
	    {NW_IMPORT_FACTIVA, "a1 same b1", NW_QDIAG_NOTE, 1, 4, 4, "same becomes PARA"},
	    {NW_IMPORT_FACTIVA, "a1/F5/", NW_QDIAG_NOTE, 1, 3, 4, "FIRST(5, ...)"},
	    {NW_IMPORT_FACTIVA, "hd=treaty", NW_QDIAG_NOTE, 1, 1, 3, "hd= becomes title:"},
	    {NW_IMPORT_FACTIVA, "engin$3", NW_QDIAG_WARNING, 1, 1, 7, "wider"},
	    {NW_IMPORT_EMM, "or a1%", NW_QDIAG_NOTE, 1, 4, 3, "becomes *"},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		check_said(*state, &t[i]);
}

static void
what_cannot_be_said_is_refused_with_its_place(void **state)
{
	static const struct said t[] = {
	    {NW_IMPORT_LEXIS, "treaty and subject(trade)", NW_QDIAG_ERROR, 1, 12, 7, "has no equal here"},
	    {NW_IMPORT_LEXIS, "treaty and (pact", NW_QDIAG_ERROR, 1, 12, 1, "add a )"},
	    {NW_IMPORT_LEXIS, "treaty)", NW_QDIAG_ERROR, 1, 7, 1, "closes nothing"},
	    {NW_IMPORT_LEXIS, "treaty w/3", NW_QDIAG_ERROR, 1, 11, 0, "missing at the end"},
	    {NW_IMPORT_LEXIS, "and treaty", NW_QDIAG_ERROR, 1, 1, 3, "missing here"},
	    {NW_IMPORT_LEXIS, "\"treaty", NW_QDIAG_ERROR, 1, 1, 1, "never closed"},
	    {NW_IMPORT_LEXIS, "a1 w/20000 b1", NW_QDIAG_ERROR, 1, 4, 7, "between 1 and"},
	    {NW_IMPORT_LEXIS, "treaty (pact)", NW_QDIAG_ERROR, 1, 8, 1, "an operator is missing"},
	    {NW_IMPORT_FACTIVA, "treaty and ns=trade", NW_QDIAG_ERROR, 1, 12, 3, "has no equal here"},
	    {NW_IMPORT_FACTIVA, "treaty and wc>500", NW_QDIAG_ERROR, 1, 12, 6, "has no equal here"},
	    {NW_IMPORT_LEXIS, "not football and treaty", NW_QDIAG_ERROR, 1, 1, 3, "as in treaty not football"},
	    {NW_IMPORT_LEXIS, "treaty % football", NW_QDIAG_ERROR, 1, 8, 1, "write and not"},
	    {NW_IMPORT_LEXIS, "treaty || pact", NW_QDIAG_ERROR, 1, 8, 2, "write or"},
	    {NW_IMPORT_LEXIS, "treaty && pact", NW_QDIAG_ERROR, 1, 8, 2, "write and"},
	    {NW_IMPORT_LEXIS, "treaty w/ 5 oslo", NW_QDIAG_ERROR, 1, 8, 2, "write w/5"},
	    {NW_IMPORT_LEXIS, "treaty w/n oslo", NW_QDIAG_ERROR, 1, 8, 3, "write w/5"},
	    {NW_IMPORT_LEXIS, "oslo PRE/five treaty", NW_QDIAG_ERROR, 1, 6, 8, "write w/5"},
	    {NW_IMPORT_LEXIS, "oslo and !treaty", NW_QDIAG_ERROR, 1, 10, 1, "at the end of a word"},
	    {NW_IMPORT_FACTIVA, "president % clinton", NW_QDIAG_ERROR, 1, 11, 1, "exactly one word at Factiva: write w/2"},
	    {NW_IMPORT_FACTIVA, "date before 01/2024 and pact", NW_QDIAG_ERROR, 1, 1, 4, "write date after 20260131"},
	    {NW_IMPORT_FACTIVA, "pact and date today", NW_QDIAG_ERROR, 1, 10, 4, "write date after 20260131"},
	    {NW_IMPORT_FACTIVA, "not software not games", NW_QDIAG_ERROR, 1, 1, 3, "as in treaty not football"},
	    {NW_IMPORT_FACTIVA, "treaty, oslo", NW_QDIAG_ERROR, 1, 7, 1, "write and, or, or one phrase"},
	    {NW_IMPORT_EMM, "or sanctions and iran", NW_QDIAG_ERROR, 1, 14, 3, "lines, not words"},
	    {NW_IMPORT_EMM, "sanctions (un eu) 30\nthreshold 30", NW_QDIAG_ERROR, 1, 11, 1, "lines, not words"},
	    {NW_IMPORT_FACTIVA, "", NW_QDIAG_ERROR, 1, 1, 0, "missing at the end"},
	    {NW_IMPORT_EMM, "", NW_QDIAG_ERROR, 1, 1, 0, "is empty"},
	    {NW_IMPORT_EMM, "treaty 30", NW_QDIAG_ERROR, 1, 1, 0, "without a threshold"},
	    {NW_IMPORT_EMM, "treaty pact", NW_QDIAG_ERROR, 1, 1, 6, "with its weight"},
	    {NW_IMPORT_EMM, "define combination\nnot a1", NW_QDIAG_ERROR, 2, 7, 0, "must be there"},
	    {NW_IMPORT_EMM, "a1 30\nthreshold 30\nor b1", NW_QDIAG_ERROR, 1, 1, 0, "as two watches"},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		check_said(*state, &t[i]);
}

static void
deep_and_long_queries_are_bounded(void **state)
{
	struct nw_query_text *q = *state;
	struct nw_buf b = {0};

	for (int i = 0; i < 5000; i++)
		nw_buf_addc(&b, '(');
	assert_null(imported(q, NW_IMPORT_LEXIS, nw_buf_str(&b).p));
	nw_buf_reset(&b);
	nw_buf_adds(&b, "a1");
	for (int i = 9000; i > 0; i--)
		nw_buf_addf(&b, " w/%d a1", i);
	assert_null(imported(q, NW_IMPORT_LEXIS, nw_buf_str(&b).p));
	nw_buf_reset(&b);
	nw_buf_adds(&b, "a1");
	for (int i = 0; i < 2000; i++)
		nw_buf_adds(&b, " or a1");
	assert_non_null(imported(q, NW_IMPORT_FACTIVA, nw_buf_str(&b).p));
	nw_buf_done(&b);
}

static void
vendors_have_names(void **state)
{
	(void)state;
	assert_int_equal(nw_import_vendor(NW_STR("Lexis")), NW_IMPORT_LEXIS);
	assert_int_equal(nw_import_vendor(NW_STR("factiva")), NW_IMPORT_FACTIVA);
	assert_int_equal(nw_import_vendor(NW_STR("EMM")), NW_IMPORT_EMM);
	assert_int_equal(nw_import_vendor(NW_STR("google")), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lexis_resolves_or_first_and_small_distances_before_great_ones),
	    cmocka_unit_test(lexis_words_signs_and_segments_are_read),
	    cmocka_unit_test(factiva_binds_distances_then_not_then_and_then_or),
	    cmocka_unit_test(factiva_words_fields_and_forms_are_read),
	    cmocka_unit_test(emm_combinations_and_weights_are_read),
	    cmocka_unit_test(every_change_is_told_with_its_place),
	    cmocka_unit_test(what_cannot_be_said_is_refused_with_its_place),
	    cmocka_unit_test(deep_and_long_queries_are_bounded),
	    cmocka_unit_test(vendors_have_names),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
