/* The evaluator against SQLite's FTS5 on what both understand: AND, OR, NOT, phrase, NEAR, prefix over one field. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <sqlite3.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "query/analyse.h"
#include "query/query.h"
#include "query_brute.h"

#define ROUNDS 6000

/* Letters with marks, two alphabets, Han without spaces: each folds and cuts in its own way. */
static const char *const words[] = {"treaty", "Treaties", "Accord", "accorded", "Élysée", "elysee", "договор", "ДОГОВОРЫ",
    "Übung", "制裁", "条约", "制", "5", "2024"};
static const char *const stems[] = {"treat*", "accord*", "договор*"};
#define NWORD (sizeof(words) / sizeof(words[0]))

struct oracle {
	sqlite3 *db;
	sqlite3_stmt *ask;
	struct nw_analyse *an;
	struct nw_text text;
};

/* The folded words of ${s} in hexadecimal, parted by blanks: a row that FTS5 cannot cut in another way. */
static void
add_tokens(struct oracle *o, struct nw_str s, struct nw_buf *out)
{
	struct nw_buf word = {0};

	assert_int_equal(nw_analyse_text(o->an, s, &o->text), 0);
	for (uint32_t i = 0; i < o->text.n; i++) {
		struct nw_str w;

		if (o->text.pos[i].flags & NW_POS_PARA)
			continue;
		nw_buf_reset(&word);
		nw_analyse_fold(o->an, &o->text, i, &word);
		w = nw_buf_str(&word);
		nw_buf_addc(out, 'x');
		for (size_t k = 0; k < w.len; k++)
			nw_buf_addf(out, "%02x", (unsigned char)w.p[k]);
		nw_buf_addc(out, ' ');
	}
	nw_buf_done(&word);
}

/* A term in both languages: ${ours} as a user types it, ${theirs} as FTS5 takes it. */
static void
add_term(struct oracle *o, struct nw_brute_dice *d, struct nw_buf *ours, struct nw_buf *theirs)
{
	unsigned kind = nw_brute_roll(d, 6);
	struct nw_buf text = {0};

	if (kind == 0)
		nw_buf_adds(&text, stems[nw_brute_roll(d, 3)]);
	else
		nw_buf_adds(&text, words[nw_brute_roll(d, NWORD)]);
	if (kind == 1)
		nw_buf_addf(&text, " %s", words[nw_brute_roll(d, NWORD)]);
	nw_buf_addf(ours, kind == 0 ? "%s" : "\"%s\"", nw_buf_str(&text).p);
	nw_buf_addc(theirs, '"');
	if (kind == 0)
		text.len--;
	add_tokens(o, nw_buf_str(&text), theirs);
	theirs->len--;
	nw_buf_adds(theirs, kind == 0 ? "\"*" : "\"");
	nw_buf_done(&text);
}

static void
add_near(struct oracle *o, struct nw_brute_dice *d, struct nw_buf *ours, struct nw_buf *theirs)
{
	unsigned n = nw_brute_roll(d, 5), a = nw_brute_roll(d, 3), b = (a + 1) % 3; /* never one word twice */
	static const char *const apart[] = {"制裁", "договор", "2024"};

	nw_buf_addf(ours, "(\"%s\" NEAR/%u \"%s\")", apart[a], n, apart[b]);
	nw_buf_adds(theirs, "NEAR(\"");
	add_tokens(o, nw_str(apart[a]), theirs);
	nw_buf_adds(theirs, "\" \"");
	add_tokens(o, nw_str(apart[b]), theirs);
	nw_buf_addf(theirs, "\", %u)", n);
}

static void
add_expr(struct oracle *o, struct nw_brute_dice *d, struct nw_buf *ours, struct nw_buf *theirs, int depth)
{
	static const char *const op[][2] = {{"AND", "AND"}, {"OR", "OR"}, {"AND NOT", "NOT"}};
	unsigned kind = depth == 0 ? nw_brute_roll(d, 4) : 4 + nw_brute_roll(d, 3);

	if (kind == 0) {
		add_near(o, d, ours, theirs);
	} else if (kind < 4) {
		add_term(o, d, ours, theirs);
	} else {
		nw_buf_addc(ours, '(');
		nw_buf_addc(theirs, '(');
		add_expr(o, d, ours, theirs, depth - 1);
		nw_buf_addf(ours, " %s ", op[kind - 4][0]);
		nw_buf_addf(theirs, " %s ", op[kind - 4][1]);
		add_expr(o, d, ours, theirs, depth - 1);
		nw_buf_addc(ours, ')');
		nw_buf_addc(theirs, ')');
	}
}

/* No full stops: what they cut (R8) FTS5 does not know. */
static void
add_body(struct nw_brute_dice *d, struct nw_buf *body)
{
	unsigned n = 1 + nw_brute_roll(d, 12);

	for (unsigned i = 0; i < n; i++)
		nw_buf_addf(body, "%s ", words[nw_brute_roll(d, NWORD)]);
}

static void
run_sql(struct oracle *o, const char *sql, struct nw_str value)
{
	sqlite3_stmt *st;

	assert_int_equal(sqlite3_prepare_v2(o->db, sql, -1, &st, NULL), SQLITE_OK);
	if (value.len > 0)
		sqlite3_bind_text(st, 1, value.p, (int)value.len, SQLITE_STATIC);
	assert_int_equal(sqlite3_step(st), SQLITE_DONE);
	sqlite3_finalize(st);
}

static int
fts_says(struct oracle *o, const struct nw_buf *theirs)
{
	int rc;

	sqlite3_reset(o->ask);
	sqlite3_bind_text(o->ask, 1, theirs->p, (int)theirs->len, SQLITE_STATIC);
	rc = sqlite3_step(o->ask);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		fail_msg("FTS5: %s: %s", sqlite3_errmsg(o->db), theirs->p);
	return rc == SQLITE_ROW;
}

static int
engine_says(struct nw_str expr, struct nw_str body)
{
	struct nw_query_set *set = nw_query_set_new();
	struct nw_article a = {.size = sizeof(a), .title = NW_STR(""), .body = body, .lang = NW_STR(""), .revision = 1};
	struct nw_evidence ev = {.size = sizeof(ev)};
	struct nw_err err;
	uint32_t id;
	int rc;

	assert_int_equal(nw_query_add(set, 0, 0, expr, NW_STR(""), NW_STR("any"), &id, NULL, NULL), 0);
	assert_int_equal(nw_query_compile(set, &err), 0);
	assert_int_equal(nw_query_begin(set, &a, 0, &err), 0);
	rc = nw_query_holds(set, id, &ev);
	nw_query_set_free(set);
	return rc == NW_OK;
}

static int
one_round(struct oracle *o, struct nw_brute_dice *d)
{
	struct nw_buf ours = {0}, theirs = {0}, body = {0}, row = {0};
	int want, got;

	add_body(d, &body);
	add_expr(o, d, &ours, &theirs, (int)nw_brute_roll(d, 3));
	add_tokens(o, nw_buf_str(&body), &row);
	run_sql(o, "DELETE FROM t", NW_STR(""));
	run_sql(o, "INSERT INTO t(body) VALUES (?1)", nw_buf_str(&row));
	(void)nw_buf_str(&theirs);
	want = fts_says(o, &theirs);
	got = engine_says(nw_buf_str(&ours), nw_buf_str(&body));
	if (want != got)
		fail_msg("FTS5 says %d, the engine %d: %s\n%s\n%s", want, got, ours.p, body.p, theirs.p);
	nw_buf_done(&ours);
	nw_buf_done(&theirs);
	nw_buf_done(&body);
	nw_buf_done(&row);
	return got;
}

static void
the_engine_and_fts5_agree(void **state)
{
	struct nw_brute_dice d = {.seed = 20260301};
	struct oracle o = {.an = nw_analyse_new()};
	int held = 0;

	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &o.db), SQLITE_OK);
	run_sql(&o, "CREATE VIRTUAL TABLE t USING fts5(body, tokenize = 'ascii')", NW_STR(""));
	assert_int_equal(sqlite3_prepare_v2(o.db, "SELECT 1 FROM t WHERE t MATCH ?1", -1, &o.ask, NULL), SQLITE_OK);
	for (int i = 0; i < ROUNDS; i++)
		held += one_round(&o, &d);
	assert_in_range(held, ROUNDS / 5, ROUNDS * 4 / 5); /* both answers were given often */
	sqlite3_finalize(o.ask);
	sqlite3_close(o.db);
	nw_text_done(&o.text);
	nw_analyse_free(o.an);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_engine_and_fts5_agree)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
