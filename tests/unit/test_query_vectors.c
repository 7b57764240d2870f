/* Vectors of the watch language: does each expression fire, or stay silent, with the evidence named? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "base/err.h"
#include "base/str.h"
#include "query/query.h"

static struct nw_str
string(const json_t *v, const char *key)
{
	return nw_str(json_string_value(json_object_get(v, key)));
}

/* Each quoted string must lie in one item's text. */
static int
names_all(const json_t *want, const struct nw_article *a, const struct nw_evidence *ev, int passage)
{
	const struct nw_str field[NW_FIELD_N] = {[NW_FIELD_TITLE] = a->title, [NW_FIELD_BODY] = a->body,
	    [NW_FIELD_SUMMARY] = a->summary, [NW_FIELD_AUTHOR] = a->author, [NW_FIELD_URL] = a->url,
	    [NW_FIELD_REMOVED_TITLE] = a->prev_title, [NW_FIELD_REMOVED_BODY] = a->prev_body};
	size_t i;
	const json_t *w;

	json_array_foreach(want, i, w) {
		const char *s = json_string_value(w);
		int found = 0;

		for (uint32_t k = 0; k < ev->nhits && !found; k++) {
			const struct nw_hit *h = &ev->hits[k];
			const char *p = field[h->field].p + (passage ? h->passage_off : h->off);

			assert_true(h->off + h->len <= field[h->field].len);
			assert_true(h->passage_off <= h->off && h->passage_off + h->passage_len >= h->off + h->len);
			assert_true(h->clause < ev->nclause && ev->clause[h->clause].len != 0);
			found = memmem(p, passage ? h->passage_len : h->len, s, strlen(s)) != NULL;
		}
		if (!found)
			return 0;
	}
	return 1;
}

/* Each item's text is the quoted string of its place, and there is no other. */
static int
is_all(const json_t *want, const struct nw_article *a, const struct nw_evidence *ev)
{
	if (json_array_size(want) != ev->nhits)
		return 0;
	for (uint32_t k = 0; k < ev->nhits; k++) {
		const struct nw_hit *h = &ev->hits[k];
		struct nw_str field = h->field == NW_FIELD_TITLE ? a->title : a->body;
		const char *s = json_string_value(json_array_get(want, k));

		if (h->len != strlen(s) || memcmp(field.p + h->off, s, h->len) != 0)
			return 0;
	}
	return 1;
}

static int
check(const json_t *v, struct nw_query_set *set, uint32_t id)
{
	struct nw_article a = {.size = sizeof(a), .lang = string(v, "lang"), .title = string(v, "title"),
	    .body = string(v, "body"), .summary = string(v, "summary"), .author = string(v, "author"),
	    .url = nw_str("https://example.org/x"), .source = string(v, "source"), .number = string(v, "number"),
	    .prev_title = string(v, "prev_title"), .prev_body = string(v, "prev_body"),
	    .published = {.at_ms = NW_TIME_NONE}, .first_seen_ms = 1700000000000};
	struct nw_evidence ev = {.size = sizeof(ev)};
	struct nw_err err;
	uint32_t got = 0;
	int rc, fires = json_is_true(json_object_get(v, "fires"));

	a.revision = json_object_get(v, "prev_body") != NULL ? 2 : 1;
	if (nw_query_begin(set, &a, 1700000000000, &err) == -1)
		fail_msg("%s", err.msg);
	rc = nw_query_next(set, 0, &got, &ev);
	if (fires != (rc == NW_OK)) {
		print_error("%s: must %s: %s\n", string(v, "id").p, fires ? "fire" : "stay silent", string(v, "expr").p);
		return 1;
	}
	if (json_is_true(json_object_get(v, "near")) && rc != NW_NEAR) {
		print_error("%s: must be a near miss: %s\n", string(v, "id").p, string(v, "expr").p);
		return 1;
	}
	if (fires && (!names_all(json_object_get(v, "evidence"), &a, &ev, 0) ||
	    !names_all(json_object_get(v, "passage"), &a, &ev, 1))) {
		print_error("%s: evidence lacks something: %s\n", string(v, "id").p, string(v, "expr").p);
		return 1;
	}
	if (fires && json_is_true(json_object_get(v, "exact")) && !is_all(json_object_get(v, "evidence"), &a, &ev)) {
		print_error("%s: other evidence: %s\n", string(v, "id").p, string(v, "expr").p);
		return 1;
	}
	assert_true(rc == NW_DONE || got == id);
	return 0;
}

static int
run_one(const json_t *v)
{
	struct nw_query_set *set = nw_query_set_new();
	struct nw_str expr = string(v, "expr"), empty = NW_STR("");
	int score = memchr(expr.p, '\n', expr.len) != NULL, refused = json_is_true(json_object_get(v, "refused")), bad;
	uint32_t id;

	if (nw_query_add(set, 0, 0, score ? empty : expr, score ? expr : empty, NW_STR("any"), &id, NULL, NULL) == -1) {
		bad = !refused;
		if (bad)
			print_error("%s: refused: %s\n", string(v, "id").p, expr.p);
	} else {
		bad = refused;
		if (bad)
			print_error("%s: accepted, must be refused: %s\n", string(v, "id").p, expr.p);
		assert_int_equal(nw_query_compile(set, NULL), 0);
		if (!bad)
			bad = check(v, set, id);
	}
	nw_query_set_free(set);
	return bad;
}

static void
run_file(const char *path, int must_exist)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0;
	int n = 0, bad = 0;

	if (f == NULL && !must_exist) {
		print_message("%s is not there: skipped\n", path);
		skip();
	}
	assert_non_null(f);
	while (getline(&line, &cap, f) > 0) {
		json_error_t why;
		json_t *v = json_loads(line, 0, &why);

		if (v == NULL)
			fail_msg("%s: %s", path, why.text);
		bad += run_one(v);
		n++;
		json_decref(v);
	}
	free(line);
	fclose(f);
	print_message("%s: %d of %d\n", path, n - bad, n);
	assert_true(n > 0);
	assert_int_equal(bad, 0);
}

static void
our_vectors_hold(void **state)
{
	(void)state;
	run_file(NW_TOP "/tests/data/query/vectors.jsonl", 1);
}

/* One after the other, what each rule says and what it refuses. */
static void
every_rule_holds(void **state)
{
	(void)state;
	run_file(NW_TOP "/tests/data/query/rules.jsonl", 1);
}

static void
shared_vectors_hold(void **state)
{
	(void)state;
	run_file(NW_TOP "/../shared/corpora/watch_vectors.jsonl", 0);
}

/* Rules and operators with one another, their evidence item by item. */
static void
evidence_is_exactly_what_is_written(void **state)
{
	(void)state;
	run_file(NW_TOP "/tests/data/query/exact.jsonl", 1);
}

/* All vectors of a file in one set and, beside them, an array of what they say. */
static json_t *
add_all(struct nw_query_set *set, const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0;
	json_t *all = json_array();

	assert_non_null(f);
	while (getline(&line, &cap, f) > 0) {
		json_t *v = json_loads(line, 0, NULL);
		struct nw_str expr = string(v, "expr"), empty = NW_STR("");
		int score = memchr(expr.p, '\n', expr.len) != NULL;
		uint32_t id;

		(void)nw_query_add(
		    set, 0, 0, score ? empty : expr, score ? expr : empty, NW_STR("any"), &id, NULL, NULL);
		assert_int_equal(json_array_append_new(all, v), 0);
	}
	free(line);
	fclose(f);
	return all;
}

/* Each expression on each text: the words it is woken by never cost a hit, near misses included. */
static void
what_is_woken_is_what_holds(void **state)
{
	struct nw_query_set *set = nw_query_set_new();
	json_t *all = add_all(set, NW_TOP "/tests/data/query/rules.jsonl"), *v;
	struct nw_query_stats stats;
	struct nw_evidence ev = {.size = sizeof(ev)};
	size_t i, hits = 0;

	(void)state;
	assert_int_equal(nw_query_compile(set, NULL), 0);
	nw_query_stats_get(set, &stats);
	json_array_foreach(all, i, v) {
		struct nw_article a = {.size = sizeof(a), .lang = string(v, "lang"), .title = string(v, "title"),
		    .body = string(v, "body"), .url = nw_str("https://example.org/x"), .revision = 1,
		    .published = {.at_ms = NW_TIME_NONE}, .first_seen_ms = 1700000000000};
		unsigned char *woken = calloc(stats.expressions, 1);
		uint32_t id;
		int rc;

		assert_non_null(woken);
		assert_int_equal(nw_query_begin(set, &a, 1700000000000, NULL), 0);
		while ((rc = nw_query_next(set, 0, &id, &ev)) != NW_DONE)
			woken[id] = rc == NW_OK ? 1 : 2;
		for (id = 0; id < stats.expressions; id++) {
			rc = nw_query_holds(set, id, &ev);
			if (woken[id] != (rc == NW_OK ? 1 : rc == NW_NEAR ? 2 : 0))
				fail_msg("%s: expression %u is %d, but woken as %u", string(v, "id").p, id, rc, woken[id]);
			hits += rc == NW_OK;
		}
		free(woken);
	}
	assert_true(hits > json_array_size(all));
	json_decref(all);
	nw_query_set_free(set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(our_vectors_hold), cmocka_unit_test(every_rule_holds),
	    cmocka_unit_test(evidence_is_exactly_what_is_written),
	    cmocka_unit_test(shared_vectors_hold), cmocka_unit_test(what_is_woken_is_what_holds)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
