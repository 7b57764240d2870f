/*
 * Search agrees with the live rule: every vector's expression finds, through the index, exactly the articles
 * of all vectors on which the evaluator says it holds, and its own where it says that it fires.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/batch.h"
#include "core/frame.h"
#include "index/hunt.h"
#include "index/index.h"
#include "query/need.h"
#include "query/query.h"
#include "store_kit.h"

#define FEED  "http://example.org/feed"
#define BATCH 500u

static struct kit k;
static json_t *vectors;
static struct nw_index *ix;

/* --- the archive: the article of vector i is found again by its guid */

static struct nw_str
text_of(const json_t *v, const char *key)
{
	return nw_str(json_string_value(json_object_get(v, key)));
}

static void
read_vectors(const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0;

	if (f == NULL) {
		print_message("%s is not there: skipped\n", path);
		return;
	}
	while (getline(&line, &cap, f) > 0) {
		json_t *v = json_loads(line, 0, NULL);

		/* revisions have their own way into the store */
		if (v != NULL && json_object_get(v, "expr") != NULL &&
		    json_object_get(v, "prev_body") == NULL)
			json_array_append(vectors, v);
		json_decref(v);
	}
	free(line);
	fclose(f);
}

static void
publish(size_t from, size_t to)
{
	kit_batch(&k);
	for (size_t i = from; i < to; i++) {
		const json_t *v = json_array_get(vectors, i);
		const char *guid = nw_arena_printf(k.a, "v%zu", i).p;
		Nw__Article *a;

		a = kit_article(&k, guid, nw_arena_printf(k.a, "http://example.org/%zu", i).p,
		    text_of(v, "title").p, text_of(v, "body").p);
		a->summary = nw_pb(nw_arena_dup(k.a, text_of(v, "summary")));
		a->author = nw_pb(nw_arena_dup(k.a, text_of(v, "author")));
		a->lang = nw_pb(nw_arena_dup(k.a, text_of(v, "lang")));
		a->number = nw_pb(nw_arena_dup(k.a, text_of(v, "number")));
	}
	kit_poll(&k, FEED);
	k.now_ms += KIT_DAY;
}

static int
add(void *cookie, const struct nw_store_revision_row *row)
{
	int64_t *last = cookie;
	struct nw_err err;

	assert_int_equal(nw_index_add(ix, row, &err), 0);
	*last = row->id;
	return 0;
}

static int
setup(void **state)
{
	int64_t last = 0, before;
	char path[128];
	struct nw_err err;

	(void)state;
	vectors = json_array();
	read_vectors(NW_TOP "/tests/data/query/vectors.jsonl");
	read_vectors(NW_TOP "/tests/data/query/exact.jsonl");
	read_vectors(NW_TOP "/../shared/corpora/watch_vectors.jsonl");
	if (json_array_size(vectors) == 0)
		return 0;
	kit_open(&k);
	kit_source(&k, "mfa", FEED);
	for (size_t i = 0; i < json_array_size(vectors); i += BATCH)
		publish(i, i + BATCH < json_array_size(vectors) ? i + BATCH : json_array_size(vectors));
	snprintf(path, sizeof(path), "%s/search.db", k.dir);
	assert_int_equal(nw_index_open(path, NW_INDEX_WRITE, &ix, NULL, &err), 0);
	do {
		before = last;
		assert_int_equal(nw_store_revisions(k.st, last, INT64_MAX, 0, 0, add, &last, &err), 0);
	} while (last != before);
	assert_int_equal(nw_index_commit(ix, last, 0, &err), 0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	nw_index_close(ix);
	if (k.st != NULL)
		kit_close(&k);
	json_decref(vectors);
	return 0;
}

/* --- asking */

struct hits {
	struct nw_query_set *set;
	struct nw_arena *arena;
	uint64_t sum; /* of the revisions that hold: equal sets have equal sums */
	uint32_t n, looked;
	int own; /* the vector's own article holds */
	char guid[24];
};

static int
judge(void *cookie, const struct nw_store_revision_row *row)
{
	struct hits *h = cookie;
	struct nw_article view;
	struct nw_err err;

	h->looked++;
	nw_arena_reset(h->arena);
	assert_int_equal(nw_batch_article(h->arena, row->m, &view), 0);
	assert_int_equal(nw_query_begin(h->set, &view, KIT_T0, &err), 0);
	if (nw_query_holds(h->set, 0, NULL) != NW_OK)
		return 0;
	h->n++;
	h->sum += (uint64_t)row->id * UINT64_C(0x9e3779b97f4a7c15);
	h->own |= nw_str_is(view.guid, h->guid);
	return 0;
}

static struct hits
hunt(struct nw_query_set *set, struct nw_index *index, size_t own, uint32_t *used)
{
	struct hits h = {.set = set, .arena = nw_arena_new(0)};
	struct nw_arena *a = nw_arena_new(0);
	struct nw_hunt hunt = {.store = k.st, .index = index, .need = nw_need_of(set, 0, NULL, NULL, a)};
	struct nw_hunt_report r;
	struct nw_err err;

	snprintf(h.guid, sizeof(h.guid), "v%zu", own);
	assert_non_null(hunt.need);
	if (nw_hunt_run(&hunt, judge, &h, &r, &err) == -1)
		fail_msg("%s", err.msg);
	*used += r.used;
	nw_arena_free(a);
	nw_arena_free(h.arena);
	return h;
}

/* 1 asked, 0 the expression is refused. */
static int
check(size_t i, uint32_t *used, uint64_t *looked)
{
	const json_t *v = json_array_get(vectors, i);
	struct nw_str expr = text_of(v, "expr"), none = NW_STR("");
	int is_score = memchr(expr.p, '\n', expr.len) != NULL;
	struct nw_query_set *set = nw_query_set_new();
	struct hits with, without;
	struct nw_err err;
	uint32_t id, ignored = 0;

	if (nw_query_add(set, 0, 0, is_score ? none : expr, is_score ? expr : none, NW_STR("any"), &id, NULL,
		NULL) == -1) {
		nw_query_set_free(set);
		return 0;
	}
	assert_int_equal(nw_query_compile(set, &err), 0);
	with = hunt(set, ix, i, used);
	without = hunt(set, NULL, i, &ignored);
	nw_query_set_free(set);
	*looked += with.looked;
	if (with.n != without.n || with.sum != without.sum)
		fail_msg("%s: %u hits through the index, %u without: %s", text_of(v, "id").p, with.n,
		    without.n, expr.p);
	/* what the article's clock, source or tags decide is not in this store */
	if (json_is_true(json_object_get(v, "fires")) && !with.own && json_object_get(v, "source") == NULL)
		fail_msg("%s: it fires live, and is not found: %s", text_of(v, "id").p, expr.p);
	return 1;
}

static void
search_and_live_rule_agree(void **state)
{
	uint32_t used = 0, asked = 0;
	uint64_t looked = 0;
	size_t n = json_array_size(vectors);

	(void)state;
	if (n == 0)
		skip();
	for (size_t i = 0; i < n; i++)
		asked += (uint32_t)check(i, &used, &looked);
	print_message("%u expressions over %zu articles: the index served %u, %.1f articles judged each\n",
	    asked, n, used, (double)looked / asked);
	assert_true(used > asked / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(search_and_live_rule_agree)};

	return cmocka_run_group_tests(tests, setup, teardown);
}
