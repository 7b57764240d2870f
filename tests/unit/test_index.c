/* The index: what it proposes holds every hit, whatever the expression; what it is when its file is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/batch.h"
#include "core/conf.h"
#include "core/frame.h"
#include "index/hunt.h"
#include "index/index.h"
#include "query/need.h"
#include "query/query.h"
#include "store/store_config.h"
#include "store_kit.h"

#define FEED  "http://example.org/feed"
#define NHITS 32

static struct kit k;
static char search_path[128];

struct document {
	const char *lang, *title, *body;
};
/* Numbered from 1, in the order of their revisions. */
static const struct document documents[] = {
    {"en", "Treaty signed", "The two sides agreed to renew the extradition treaty.\n\nTalks go on."},
    {"zh", "外交部宣布", "中方决定对五家企业实施制裁。根据反外国制裁法，予以公布。"},
    {"zh-Hant", "外交部宣佈", "中方決定對五家企業實施制裁。"},
    {"zh", "限制", "限制，裁定。"},
    {"ko", "정부", "정부는 대북제재를 발표했다."},
    {"ar", "عقوبات", "أعلنت الوزارة والعقوبات الجديدة على الشركات"},
    {"de", "Sanktionen", "Die Wirtschaftssanktionen gegen das Land wurden verlängert."},
    {"en", "COVID-19", "The U.S. embassy published the F-16 notice; China's response came later."},
    {"en", "Sanctoins", "A misspelt sanctoin list was pulblished."},
    {"fr", "Accord", "Le ministre a négocié l'accord; les négociations continuent."},
    {"ru", "Война", "Министр подписал договор о ненападении."},
    {"en", "Who decides", "Nobody here is of the WHO; let us talk. https://www.mfa.gov.cn/eng/xw/"},
    {"en", "Sanctions lifted", "Sanctions were lifted on Friday. The minister imposed none."},
    {"ja", "条約", "日本は新しい条約に署名した。ガス"},
    {"en", "", "word0 word1 word2 word3 word4 treaty word5 renew"},
    {"", "?", "In no tongue that is known."},
};
#define NDOCUMENTS (sizeof(documents) / sizeof(documents[0]))

static void
publish(const struct document *d, size_t n)
{
	kit_batch(&k);
	for (size_t i = 0; i < n; i++) {
		char *guid, *url;
		Nw__Article *a;

		assert_true(asprintf(&guid, "g%s%zu", d[i].title, i) > 0);
		assert_true(asprintf(&url, "http://example.org/eng/%zu.html", i) > 0);
		a = kit_article(&k, nw_arena_dup(k.a, nw_str(guid)).p, nw_arena_dup(k.a, nw_str(url)).p,
		    d[i].title, d[i].body);
		a->lang = nw_pb(nw_str(d[i].lang));
		a->author = nw_pb(i % 2 == 0 ? NW_STR("Sergei Lavrov") : NW_STR("press office"));
		free(guid);
		free(url);
	}
	kit_poll(&k, FEED);
	k.now_ms += KIT_HOUR;
}

static int
setup(void **state)
{
	(void)state;
	kit_open(&k);
	kit_source(&k, "mfa", FEED);
	publish(documents, NDOCUMENTS);
	snprintf(search_path, sizeof(search_path), "%s/search.db", k.dir);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	kit_close(&k);
	return 0;
}

/* --- indexing */

struct filling {
	struct nw_index *ix;
	int64_t id, seen_ms;
};

static int
add(void *cookie, const struct nw_store_revision_row *row)
{
	struct filling *f = cookie;
	struct nw_err err;

	assert_int_equal(nw_index_add(f->ix, row, &err), 0);
	f->id = row->id;
	f->seen_ms = row->seen_ms;
	return 0;
}

static struct nw_index *
open_index(uint32_t mode)
{
	struct nw_index *ix = NULL;
	struct nw_err err;

	if (nw_index_open(search_path, mode, &ix, NULL, &err) == -1)
		fail_msg("%s", err.msg);
	return ix;
}

/* What lies behind the mark, as far as ${until}. */
static void
fill(struct nw_index *ix, int64_t until)
{
	struct filling f = {ix, 0, 0};
	struct nw_index_state s;
	struct nw_err err;

	assert_int_equal(nw_index_state(ix, &s, &err), 0);
	assert_int_equal(nw_store_revisions(k.st, s.mark, until, 0, 0, add, &f, &err), 0);
	if (f.id != 0)
		assert_int_equal(nw_index_commit(ix, f.id, f.seen_ms, &err), 0);
}

static void
fill_all(void)
{
	struct nw_index *ix = open_index(NW_INDEX_WRITE);

	fill(ix, INT64_MAX);
	nw_index_close(ix);
}

/* --- asking */

struct hits {
	struct nw_query_set *set;
	struct nw_arena *arena;
	int64_t id[NHITS];
	uint32_t n, looked;
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
	assert_int_equal(nw_query_begin(h->set, &view, k.now_ms, &err), 0);
	if (nw_query_holds(h->set, 0, NULL) == NW_OK && h->n < NHITS)
		h->id[h->n++] = row->id;
	return 0;
}

static void
diag(void *cookie, uint32_t severity, uint32_t line, uint32_t col, uint32_t len, const char *text)
{
	(void)line;
	(void)len;
	if (severity == NW_QDIAG_ERROR)
		fail_msg("%s: column %u: %s", (const char *)cookie, col, text);
}

static struct nw_query_set *
compile(const char *expr)
{
	static const struct nw_str list[] = {{"制裁", 6}, {"sanction*", 9}, {"extradition treaty", 18}};
	struct nw_query_set *set = nw_query_set_new();
	int is_score = strchr(expr, '\n') != NULL;
	struct nw_err err;
	uint32_t id;

	assert_non_null(set);
	assert_int_equal(nw_query_list_add(set, NW_STR("three"), list, 3, NULL, NULL), 0);
	assert_int_equal(
	    nw_query_add(set, 0, 0, is_score ? NW_STR("") : nw_str(expr),
		is_score ? nw_str(expr) : NW_STR(""), NW_STR("any"), &id, diag, (void *)(uintptr_t)expr),
	    0);
	assert_int_equal(nw_query_compile(set, &err), 0);
	return set;
}

static struct hits
hunt(const char *expr, struct nw_index *ix, struct nw_hunt_report *report_r)
{
	struct hits h = {.set = compile(expr), .arena = nw_arena_new(0)};
	struct nw_arena *a = nw_arena_new(0);
	struct nw_hunt hunt = {.store = k.st, .index = ix, .need = nw_need_of(h.set, 0, NULL, NULL, a)};
	struct nw_err err;

	assert_non_null(hunt.need);
	if (nw_hunt_run(&hunt, judge, &h, report_r, &err) == -1)
		fail_msg("%s: %s", expr, err.msg);
	nw_arena_free(a);
	nw_arena_free(h.arena);
	nw_query_set_free(h.set);
	return h;
}

/* With and without the index the same revisions, newest first; ${looked} of them looked at, -1: not asked. */
static void
check(const char *expr, uint32_t hits, int used, int looked)
{
	struct nw_index *ix = open_index(NW_INDEX_READ);
	struct nw_hunt_report with, without;
	struct hits a = hunt(expr, ix, &with), b = hunt(expr, NULL, &without);

	nw_index_close(ix);
	if (a.n != b.n || memcmp(a.id, b.id, a.n * sizeof(a.id[0])) != 0)
		fail_msg("%s: %u hits with the index, %u without", expr, a.n, b.n);
	if (a.n != hits || (int)with.used != used || (looked != -1 && a.looked != (uint32_t)looked))
		fail_msg("%s: %u hits, index %s, %u looked at", expr, a.n, with.used ? "used" : "not used",
		    a.looked);
	for (uint32_t i = 1; i < a.n; i++)
		assert_true(a.id[i] < a.id[i - 1]);
}

static void
test_every_likeness_is_proposed(void **state)
{
	(void)state;
	fill_all();
	check("treaty", 2, 1, 2);
	check("\"extradition treaty\"", 1, 1, 1);
	check("制裁", 2, 1, 3); /* and the traditional form; 限制，裁定 is proposed and refused */
	check("制裁 NOTIN 反外国制裁法", 2, 1, 3);
	check("제재", 1, 1, 1);
	check("عقوبات", 1, 1, 1);
	check("العقوبات", 1, 1, 1);
	check("*sanktionen", 1, 1, 1);
	check("sanction*", 1, 1, 1);
	check("FUZZY(sanction)", 2, 1, -1);
	check("FUZZY(sanctions)", 2, 1, -1);
	check("COVID-19", 1, 1, 1);
	check("US", 1, 1, -1);
	check("WHO", 1, 1, -1);
	check("EXACT(négocié)", 1, 1, 1);
	check("negocie", 1, 1, 1);
	check("条约", 1, 1, 1);
	check("title:treaty", 1, 1, 1);
	check("body:treaty", 2, 1, 2);
	check("author:lavrov", 8, 1, 8);
	check("url:eng", NDOCUMENTS, 1, NDOCUMENTS);
	check("eng", 1, 1, 1); /* an address in the text, not the article's own */
	check("nowhere", 0, 1, 0);
	check("/mfa\\.gov\\.cn/", 1, 1, -1);
}

static void
test_operators_sift(void **state)
{
	(void)state;
	fill_all();
	check("treaty NEAR/3 renew", 2, 1, -1);
	check("renew PRE/3 treaty", 1, 1, -1);
	check("treaty NEAR/1 renew", 1, 1, 1);
	check("treaty AND talks", 1, 1, 1);
	check("treaty AND NOT talks", 1, 1, 1);
	check("NOT talks AND treaty", 1, 1, 1);
	check("treaty AND NOT (talks OR nowhere)", 1, 1, 1);
	check("treaty AND NOT title:talks", 2, 1, 2);
	check("treaty AND NOT body:talks", 1, 1, 1);
	check("(treaty AND NOT talks) OR 制裁", 3, 1, 4);
	check("treaty SENT renew", 2, 1, 2);
	check("@three", 4, 1, 5);
	check("@three AND NOT lang:zh", 2, 1, 2);
	check("制裁 OR *sanktionen", 3, 1, 4);
	check("ANYOF(2, treaty, renew, 制裁)", 2, 1, -1);
	check("treaty AND STEM(agree)", 1, 1, 2);
	check("10: treaty cap 20\n-5: talks\n>= 10", 2, 1, 2);
}

/* What the index is less sure of than the evaluator rules nothing out. */
static void
test_only_a_sure_word_rules_an_article_out(void **state)
{
	(void)state;
	fill_all();
	check("treaty AND NOT TALKS", 2, 1, 2);
	check("treaty AND NOT \"talks nowhere\"", 2, 1, 2);
	check("treaty AND NOT talk*", 1, 1, 2);
	check("treaty AND NOT STEM(talks)", 1, 1, 2);
	check("treaty AND NOT EXACT(Talks)", 1, 1, 2);
	check("treaty AND NOT EXACT(talks)", 2, 1, 2);
	check("treaty AND NOT removed:talks", 2, 1, 2);
	check("treaty AND NOT new:talks", 1, 1, 2);
	check("treaty AND NOT FIRST(1, talks)", 2, 1, 2);
	check("treaty AND NOT (talks AND nowhere)", 2, 1, 2);
	check("treaty NOTNEAR/0 talks", 2, 1, 2);
	check("制裁 AND NOT @three", 0, 1, 3);
}

static void
rename_source(struct nw_str name)
{
	struct nw_store_listing l = {NW_STR(FEED), NW_ROLE_FEED};
	struct nw_store_source s = {
	    .name = name, .title = name, .listing = &l, .nlisting = 1, .enabled = 1, .every_ms = 600000};
	struct nw_store_synced synced;
	struct nw_err err;

	assert_int_equal(nw_store_sync_begin(k.st, k.now_ms, 0, &err), 0);
	assert_int_equal(nw_store_sync_name(k.st, name, &err), 0);
	assert_int_equal(nw_store_sync_source(k.st, &s, &err), 0);
	assert_int_equal(nw_store_sync_end(k.st, &synced, &err), 0);
	assert_int_equal(synced.renamed, 1);
}

/* A language that is not known passes (R28); a source is the same under a new name. */
static void
test_language_and_source_sift(void **state)
{
	(void)state;
	fill_all();
	check("lang:zh", 4, 1, 4);
	check("lang:zh-hant", 2, 1, 2);
	check("lang:zh-Hans", 1, 1, 1);
	check("lang:fr OR lang:de", 3, 1, 3);
	check("treaty OR lang:zh", 6, 1, 6);
	check("die AND lang:de", 1, 1, 1);
	check("treaty AND lang:zh", 0, 1, 0);
	check("lang:zh AND NOT lang:zh-Hant", 3, 1, 3);
	check("treaty AND NOT lang:en", 0, 1, 0);
	check("known AND NOT lang:en", 1, 1, 1);
	check("source:mfa", NDOCUMENTS, 1, NDOCUMENTS);
	check("treaty AND source:mfa", 2, 1, 2);
	check("source:press", 0, 1, 0);
	check("treaty AND NOT source:press", 2, 1, 2);
	check("treaty AND NOT source:mfa", 0, 1, 0);
	rename_source(NW_STR("ministry"));
	check("treaty AND source:ministry", 2, 1, 2);
	check("treaty AND source:mfa", 0, 1, 0);
	check("treaty AND NOT source:ministry", 0, 1, 0);
	check("treaty AND NOT source:mfa", 2, 1, 2);
}

static void
test_the_envelope_sifts(void **state)
{
	static const struct nw_str press = {"press", 5}, mfa = {"mfa", 3}, german = {"de", 2};
	const struct {
		const struct nw_str *source, *lang;
		uint32_t looked;
	} c[] = {
	    {&mfa, NULL, 3}, {&press, NULL, 0}, {NULL, &german, 2}, {&mfa, &german, 2}, {&press, &german, 0}};
	struct nw_index *ix;

	(void)state;
	fill_all();
	ix = open_index(NW_INDEX_READ);
	for (size_t i = 0; i < sizeof(c) / sizeof(*c); i++) {
		struct hits h = {
		    .set = compile("sanktionen OR land OR lifted OR known"), .arena = nw_arena_new(0)};
		struct nw_arena *a = nw_arena_new(0);
		struct nw_hunt hunt = {.store = k.st, .index = ix};
		struct nw_hunt_report r;
		struct nw_err err;

		assert_int_equal(
		    nw_query_limit(h.set, 0, c[i].source, c[i].source != NULL, c[i].lang, c[i].lang != NULL),
		    0);
		hunt.need = nw_need_of(h.set, 0, NULL, NULL, a);
		assert_int_equal(nw_hunt_run(&hunt, judge, &h, &r, &err), 0);
		assert_int_equal(h.looked, c[i].looked);
		assert_int_equal(h.n, c[i].looked);
		nw_arena_free(a);
		nw_arena_free(h.arena);
		nw_query_set_free(h.set);
	}
	nw_index_close(ix);
}

static void
test_what_needs_no_word_is_scanned(void **state)
{
	(void)state;
	fill_all();
	check("STEM(sanction)", 1, 0, NDOCUMENTS);
	check("removed:treaty", 0, 0, NDOCUMENTS);
}

#define MANY 3000

struct order {
	int64_t last;
	uint32_t n, enough;
};

static int
count_down(void *cookie, const struct nw_store_revision_row *row)
{
	struct order *o = cookie;

	assert_true(o->last == 0 || row->id < o->last);
	o->last = row->id;
	return ++o->n == o->enough;
}

/* Many candidates are looked up in runs: each is told once, newest first, until the asker has enough. */
static void
test_many_candidates_come_once_and_in_order(void **state)
{
	static const uint32_t enough[] = {0, 1, 64, 65, 200, MANY - 1, MANY};
	struct document *many = calloc(MANY, sizeof(*many));
	struct nw_query_set *set = compile("frequentword");
	struct nw_arena *a = nw_arena_new(0);
	struct nw_hunt h = {.store = k.st, .need = nw_need_of(set, 0, NULL, NULL, a)};
	struct nw_index *ix;
	struct nw_hunt_report r;
	struct nw_err err;

	(void)state;
	for (int i = 0; i < MANY; i++)
		many[i] = (struct document){
		    "en", nw_arena_printf(a, "Number %d", i).p, i % 2 ? "frequentword" : "frequentword and"};
	for (int i = 0; i < MANY; i += 500)
		publish(many + i, 500);
	for (int64_t at = 500; at < MANY + 1000; at += 500) { /* a reading call gives no more at once */
		ix = open_index(NW_INDEX_WRITE);
		fill(ix, at);
		nw_index_close(ix);
	}
	h.index = open_index(NW_INDEX_READ);
	for (size_t i = 0; i < sizeof(enough) / sizeof(*enough); i++) {
		struct order o = {.enough = enough[i]};

		assert_int_equal(nw_hunt_run(&h, count_down, &o, &r, &err), 0);
		assert_int_equal(o.n, enough[i] != 0 ? enough[i] : MANY);
		assert_int_equal(r.proposed, o.n);
	}
	nw_index_close(h.index);
	nw_arena_free(a);
	nw_query_set_free(set);
	free(many);
}

static void
test_what_is_not_indexed_yet_is_looked_at(void **state)
{
	struct nw_index *ix = open_index(NW_INDEX_WRITE);
	static const struct document late = {"en", "Late", "The treaty was denounced."};
	struct nw_hunt_report r;
	struct hits h;

	(void)state;
	fill(ix, 5);
	h = hunt("treaty", ix, &r);
	assert_int_equal(h.n, 2);
	assert_int_equal(r.pending, NDOCUMENTS - 5);
	fill(ix, INT64_MAX);
	publish(&late, 1);
	h = hunt("treaty", ix, &r);
	nw_index_close(ix);
	assert_int_equal(h.n, 3);
	assert_int_equal(r.pending, 1);
	assert_int_equal(h.looked, 3);
}

static void
test_a_scan_ends_at_its_bound(void **state)
{
	struct hits h = {.set = compile("treaty"), .arena = nw_arena_new(0)};
	struct nw_hunt hunt = {.store = k.st, .need = &(struct nw_need){.kind = NW_NEED_ANY}, .scan_max = 4};
	struct nw_hunt_report r;
	struct nw_err err;

	(void)state;
	assert_int_equal(nw_hunt_run(&hunt, judge, &h, &r, &err), 0);
	assert_int_equal(r.bound, 1);
	assert_int_equal(r.scanned, 4);
	assert_int_equal(r.stopped_at, NDOCUMENTS - 3);
	hunt.before = r.stopped_at;
	hunt.scan_max = 0;
	assert_int_equal(nw_hunt_run(&hunt, judge, &h, &r, &err), 0);
	assert_int_equal(r.scanned, NDOCUMENTS - 4);
	nw_arena_free(h.arena);
	nw_query_set_free(h.set);
}

/* --- the file */

static void
test_a_damaged_file_is_made_again(void **state)
{
	struct nw_index *ix = NULL;
	const char *why = NULL;
	struct nw_err err;
	int fd;

	(void)state;
	fill_all();
	fd = open(search_path, O_WRONLY);
	assert_true(fd != -1 && pwrite(fd, "this is no database at all", 26, 0) == 26);
	close(fd);
	assert_int_equal(nw_index_open(search_path, NW_INDEX_READ, &ix, NULL, &err), -1);
	assert_int_equal(nw_index_open(search_path, NW_INDEX_WRITE, &ix, &why, &err), 0);
	assert_non_null(why);
	fill(ix, INT64_MAX);
	nw_index_close(ix);
	check("treaty", 2, 1, 2);
}

static void
test_another_analysis_makes_it_stale(void **state)
{
	struct nw_index *ix = NULL;
	struct nw_index_state s;
	const char *why = NULL;
	struct nw_err err;
	sqlite3 *db;

	(void)state;
	fill_all();
	assert_int_equal(sqlite3_open(search_path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db, "UPDATE state SET engine = engine + 1", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(nw_index_open(search_path, NW_INDEX_READ, &ix, NULL, &err), -1);
	assert_int_equal(err.code, NW_ECONF);
	assert_int_equal(nw_index_open(search_path, NW_INDEX_WRITE, &ix, &why, &err), 0);
	assert_string_equal(why, "it is of another release");
	assert_int_equal(nw_index_state(ix, &s, &err), 0);
	assert_int_equal(s.mark, 0);
	nw_index_close(ix);
}

static void
test_a_foreign_database_is_left_alone(void **state)
{
	struct nw_index *ix = NULL;
	struct nw_err err;
	sqlite3 *db;

	(void)state;
	assert_int_equal(sqlite3_open(search_path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE mine(x)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(nw_index_open(search_path, NW_INDEX_WRITE, &ix, NULL, &err), -1);
	assert_int_equal(err.code, NW_ECONF);
	assert_int_equal(access(search_path, F_OK), 0);
}

static void
test_there_is_one_writer(void **state)
{
	struct nw_index *ix = open_index(NW_INDEX_WRITE), *second = NULL;
	struct nw_err err;

	(void)state;
	assert_int_equal(nw_index_open(search_path, NW_INDEX_WRITE, &second, NULL, &err), -1);
	assert_int_equal(err.code, NW_ECONF);
	nw_index_close(ix);
}

static void
test_an_undone_batch_leaves_nothing(void **state)
{
	struct nw_index *ix = open_index(NW_INDEX_WRITE);
	struct filling f = {ix, 0, 0};
	struct nw_index_state s;
	struct nw_err err;

	(void)state;
	assert_int_equal(nw_store_revisions(k.st, 0, 5, 0, 0, add, &f, &err), 0);
	nw_index_rollback(ix);
	assert_int_equal(nw_index_state(ix, &s, &err), 0);
	assert_int_equal(s.mark, 0);
	fill(ix, INT64_MAX); /* the words of the undone batch are written again */
	nw_index_close(ix);
	check("제재", 1, 1, 1);
	ix = open_index(NW_INDEX_WRITE);
	assert_int_equal(nw_index_clear(ix, &err), 0);
	assert_int_equal(nw_index_state(ix, &s, &err), 0);
	assert_int_equal(s.mark, 0);
	assert_int_equal(s.rows, 0);
	fill(ix, INT64_MAX);
	while (nw_index_tidy(ix, &err) == 1)
		;
	nw_index_close(ix);
	check("제재", 1, 1, 1);
}

static void
test_another_store_does_not_fit(void **state)
{
	struct nw_index *ix = open_index(NW_INDEX_WRITE);
	struct nw_err err;

	(void)state;
	fill(ix, 5);
	assert_int_equal(nw_index_fits(ix, k.st, &err), 1);
	assert_int_equal(nw_index_commit(ix, 5, 12345, &err), 0);
	assert_int_equal(nw_index_fits(ix, k.st, &err), 0);
	assert_int_equal(nw_index_commit(ix, NDOCUMENTS + 1, 12345, &err), 0);
	assert_int_equal(nw_index_fits(ix, k.st, &err), 0);
	nw_index_close(ix);
}

static void
test_the_path_stands_beside_the_store(void **state)
{
	struct nw_conf_daemon d = {.store = {.path = NW_STR("/var/lib/newswatch/news.db")}};
	struct nw_err err;
	char path[64];

	(void)state;
	assert_int_equal(nw_conf_index_path(&d, path, sizeof(path), &err), 0);
	assert_string_equal(path, "/var/lib/newswatch/search.db");
	assert_int_equal(nw_conf_index_path(&d, path, 8, &err), -1);
	d.store.path = NW_STR("a.db");
	assert_int_equal(nw_conf_index_path(&d, path, sizeof(path), &err), 0);
	assert_string_equal(path, "a.db.search");
	d.index.path = NW_STR("/x");
	assert_int_equal(nw_conf_index_path(&d, path, sizeof(path), &err), 0);
	assert_string_equal(path, "/x");
}

static void
test_a_link_that_root_made_is_followed_and_no_other(void **state)
{
	char dir[] = "/tmp/newswatch-index-XXXXXX", real[64], link[64], store[80], path[PATH_MAX], want[80];
	struct nw_conf_daemon d = {.index.path = NW_STR("")};
	struct nw_err err;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_non_null(mkdtemp(dir));
	snprintf(real, sizeof(real), "%s/real", dir);
	snprintf(link, sizeof(link), "%s/link", dir);
	snprintf(store, sizeof(store), "%s/news.db", link);
	assert_int_equal(mkdir(real, 0700) | symlink(real, link), 0);
	d.store.path = nw_str(store);
	assert_int_equal(nw_conf_index_path(&d, path, sizeof(path), &err), 0);
	snprintf(want, sizeof(want), "%s/search.db", real);
	assert_string_equal(path, want);
	assert_int_equal(lchown(link, 65534, 65534), 0);
	assert_int_equal(nw_conf_index_path(&d, path, sizeof(path), &err), 0);
	snprintf(want, sizeof(want), "%s/search.db", link);
	assert_string_equal(path, want);
	assert_int_equal(unlink(link) | rmdir(real) | rmdir(dir), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_link_that_root_made_is_followed_and_no_other),
	    cmocka_unit_test_setup_teardown(test_every_likeness_is_proposed, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_operators_sift, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_only_a_sure_word_rules_an_article_out, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_language_and_source_sift, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_the_envelope_sifts, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_what_needs_no_word_is_scanned, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_many_candidates_come_once_and_in_order, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_what_is_not_indexed_yet_is_looked_at, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_a_scan_ends_at_its_bound, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_a_damaged_file_is_made_again, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_another_analysis_makes_it_stale, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_a_foreign_database_is_left_alone, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_there_is_one_writer, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_an_undone_batch_leaves_nothing, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_another_store_does_not_fit, setup, teardown),
	    cmocka_unit_test(test_the_path_stands_beside_the_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
