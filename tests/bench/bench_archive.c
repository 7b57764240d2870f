/*
 * bench_archive.c - an archive of synthetic articles, and what indexing one costs beside a bare FTS5 insert.
 *
 *   bench_archive fill STORE N       a store of N articles, the same at every run: English, every fifth
 * Chinese bench_archive index STORE DIR N  CPU of the index's writer and of a bare FTS5 table on the same N
 * English articles
 *
 * Bare: contentless FTS5 with unicode61, 1,000 rows a transaction, the same settings for joining segments.
 * Both read the articles from the store first; only what follows is counted.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "core/frame.h"
#include "core/limits.h"
#include "index/index.h"
#include "store/store_config.h"
#include "store/store_read.h"

#define BATCH	 1000u
#define WORDS	 40000u /* of the English vocabulary */
#define HAN	 3000u
#define FIRST_MS INT64_C(1700000000000)
#define STEP_MS	 INT64_C(60000) /* one article a minute: a million are not quite two years */

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "bench_archive: %s\n", what);
	exit(1);
}

/* --- texts: ranks by Zipf's law, so that most words are rare and some are in every article */

static uint64_t dice = 0x9e3779b97f4a7c15ull;

static uint64_t
roll(void)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return dice;
}

/* Between 0 and n - 1, with a density of 1/x. */
static uint32_t
rank(uint32_t n)
{
	double r = (double)(roll() >> 11) / 9007199254740992.0;

	return (uint32_t)(pow(n, r) - 1);
}

/* The ranks are drawn once into a table: a roll then costs nothing. */
#define DRAWN 65536u
static uint32_t drawn_word[DRAWN], drawn_han[DRAWN];
static char vocabulary[WORDS][16];

static void
make_vocabulary(void)
{
	static const char *const on[] = {
	    "b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr", "pl"};
	static const char *const nucleus[] = {"a", "e", "i", "o", "u", "ai", "ea"};

	for (uint32_t i = 0; i < WORDS; i++) {
		uint32_t x = i;

		for (int k = 0; k == 0 || (x != 0 && k < 4); k++) {
			strcat(vocabulary[i], on[x % 16]);
			x /= 16;
			strcat(vocabulary[i], nucleus[x % 7]);
			x /= 7;
		}
	}
	for (uint32_t i = 0; i < DRAWN; i++) {
		drawn_word[i] = rank(WORDS);
		drawn_han[i] = rank(HAN);
	}
}

static void
add_han(char *to, size_t *n)
{
	uint32_t c = 0x4e00 + drawn_han[roll() % DRAWN] * 6;

	to[(*n)++] = (char)(0xe0 | c >> 12);
	to[(*n)++] = (char)(0x80 | (c >> 6 & 0x3f));
	to[(*n)++] = (char)(0x80 | (c & 0x3f));
}

static size_t
put(char *to, size_t n, const char *s)
{
	size_t len = strlen(s);

	memcpy(to + n, s, len);
	return n + len;
}

/* About 3 kB; what is looked for stands in one article of 500. */
static struct nw_str
english(struct nw_arena *a, uint32_t words, const char *needle)
{
	char *p = nw_arena_alloc(a, words * 16 + 64);
	size_t n = 0;

	for (uint32_t i = 0; i < words; i++) {
		n = put(p, n, vocabulary[drawn_word[roll() % DRAWN]]);
		if (needle != NULL && i == words / 2)
			n = put(p, put(p, n, " "), needle);
		n = put(p, n, i % 90 == 89 ? ".\n\n" : i % 15 == 14 ? ". " : " ");
	}
	p[n] = '\0';
	return (struct nw_str){p, n};
}

static struct nw_str
chinese(struct nw_arena *a, uint32_t characters, const char *needle)
{
	char *p = nw_arena_alloc(a, characters * 3 + characters + 64);
	size_t n = 0;

	for (uint32_t i = 0; i < characters; i++) {
		add_han(p, &n);
		if (needle != NULL && i == characters / 2)
			n = put(p, n, needle);
		if (i % 24 == 23)
			n = put(p, n, i % 120 == 119 ? "。\n\n" : "，");
	}
	p[n] = '\0';
	return (struct nw_str){p, n};
}

/* --- fill: rows of the store's own schema, past its commits, which are measured elsewhere */

static void
run_sql(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(db));
}

static sqlite3 *
open_filled(const char *path)
{
	struct nw_store_options o = {.path = path, .mode = NW_STORE_WRITE, .now_ms = FIRST_MS};
	struct nw_store_listing l = {NW_STR("http://host.example.org/feed"), NW_ROLE_FEED};
	struct nw_store_source s = {.name = NW_STR("host"),
	    .title = NW_STR("host"),
	    .options = {(const uint8_t *)"", 0},
	    .listing = &l,
	    .nlisting = 1,
	    .enabled = 1,
	    .every_ms = 1};
	struct nw_store *st;
	struct nw_err err;
	sqlite3 *db;

	if (nw_store_open(&o, &st, NULL, &err) == -1 || nw_store_sync_begin(st, FIRST_MS, 0, &err) == -1 ||
	    nw_store_sync_source(st, &s, &err) == -1 || nw_store_sync_end(st, NULL, &err) == -1)
		die(err.msg);
	nw_store_close(st);
	if (sqlite3_open(path, &db) != SQLITE_OK)
		die("open");
	run_sql(db, "PRAGMA synchronous=OFF; PRAGMA cache_size=-65536");
	return db;
}

static void
bind(sqlite3_stmt *s, int i, struct nw_str text)
{
	sqlite3_bind_text(s, i, text.p, (int)text.len, SQLITE_STATIC);
}

static void
insert(sqlite3 *db, sqlite3_stmt *article, sqlite3_stmt *revision, struct nw_arena *a, uint32_t i)
{
	int is_chinese = i % 5 == 4, found = i % 500 < 5;

	sqlite3_bind_int64(article, 1, i + 1);
	bind(article, 2, nw_arena_printf(a, "%016x", i));
	bind(article, 3, nw_arena_printf(a, "http://www.example.org/news/2026/%u.html", i));
	bind(article, 4, is_chinese ? NW_STR("zh") : NW_STR("en"));
	sqlite3_bind_int64(article, 5, FIRST_MS + i * STEP_MS);
	sqlite3_bind_int64(revision, 1, i + 1);
	sqlite3_bind_int64(revision, 2, FIRST_MS + i * STEP_MS);
	bind(revision, 3, is_chinese ? chinese(a, 20, NULL) : english(a, 9, NULL));
	bind(revision, 4,
	    is_chinese ? chinese(a, 800, found ? "决定实施制裁" : NULL)
		       : english(a, 480, found ? "signed the extradition treaty" : NULL));
	if (sqlite3_step(article) != SQLITE_DONE || sqlite3_reset(article) != SQLITE_OK ||
	    sqlite3_step(revision) != SQLITE_DONE || sqlite3_reset(revision) != SQLITE_OK)
		die(sqlite3_errmsg(db));
}

/* Columns that later releases add are 0. */
static const char *
article_sql(sqlite3 *db)
{
	static char sql[2048];
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(db,
		"SELECT 'INSERT INTO article(id, source, policy_key, url, guid, lang, first_seen, state, n' "
		"||"
		" group_concat(', ' || name, '') || ') SELECT ?1, id, CAST(?2 AS BLOB), ?3, '''', ?4, ?5, "
		"''final'', 1' ||"
		" group_concat(', 0', '') || ' FROM source LIMIT 1' FROM pragma_table_info('article') WHERE "
		"\"notnull\""
		" AND name NOT IN ('id', 'source', 'policy_key', 'url', 'guid', 'lang', 'first_seen', "
		"'state', 'n')",
		-1, &s, NULL) != SQLITE_OK ||
	    sqlite3_step(s) != SQLITE_ROW)
		die(sqlite3_errmsg(db));
	snprintf(sql, sizeof(sql), "%s", (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	return sql;
}

static void
fill(const char *path, uint32_t n)
{
	sqlite3 *db = open_filled(path);
	struct nw_arena *a = nw_arena_new(0);
	sqlite3_stmt *article, *revision;

	make_vocabulary();
	if (sqlite3_prepare_v2(db, article_sql(db), -1, &article, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db,
		"INSERT INTO revision(article, n, seen_at, content_hash, simhash, title, author, categories,"
		" enclosures, summary, body) VALUES (?1, 1, ?2, ?1, ?1, ?3, '', '', '', '', ?4)",
		-1, &revision, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(db));
	for (uint32_t i = 0; i < n; i++) {
		if (i % BATCH == 0)
			run_sql(db, "BEGIN");
		insert(db, article, revision, a, i);
		nw_arena_reset(a);
		if (i % BATCH == BATCH - 1 || i + 1 == n)
			run_sql(db, "COMMIT");
	}
	sqlite3_finalize(article);
	sqlite3_finalize(revision);
	sqlite3_close(db);
	nw_arena_free(a);
}

/* --- index beside bare FTS5 */

struct rows {
	struct nw_index *ix;
	sqlite3_stmt *bare;
	int64_t cpu_us, id, seen_ms;
	uint32_t n, wanted;
};

static int
add(void *cookie, const struct nw_store_revision_row *row)
{
	struct rows *r = cookie;
	int64_t cpu = nw_clock_cpu_us();
	struct nw_err err;

	r->id = row->id;
	r->seen_ms = row->seen_ms;
	if (!nw_str_is(nw_pb_str(row->m->lang), "en"))
		return 0;
	if (r->ix != NULL) {
		if (nw_index_add(r->ix, row, &err) == -1)
			die(err.msg);
	} else {
		sqlite3_bind_int64(r->bare, 1, row->id);
		sqlite3_bind_text(
		    r->bare, 2, (const char *)row->m->title.data, (int)row->m->title.len, SQLITE_STATIC);
		sqlite3_bind_text(
		    r->bare, 3, (const char *)row->m->body.data, (int)row->m->body.len, SQLITE_STATIC);
		if (sqlite3_step(r->bare) != SQLITE_DONE)
			die("bare: insert");
		sqlite3_reset(r->bare);
	}
	r->cpu_us += nw_clock_cpu_us() - cpu;
	return ++r->n == r->wanted;
}

static void
end_batch(struct rows *r, sqlite3 *db)
{
	int64_t cpu = nw_clock_cpu_us();
	struct nw_err err;

	if (r->ix != NULL ? nw_index_commit(r->ix, r->id, r->seen_ms, &err) == -1
			  : sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		die("commit");
	r->cpu_us += nw_clock_cpu_us() - cpu;
}

static double
measure(const char *store, struct nw_index *ix, sqlite3 *db, sqlite3_stmt *bare, uint32_t n)
{
	struct nw_store_options o = {.path = store, .mode = NW_STORE_READ, .read_ms = 60000};
	struct rows r = {.ix = ix, .bare = bare, .wanted = n};
	struct nw_store *st;
	struct nw_err err;
	int64_t before;

	if (nw_store_open(&o, &st, NULL, &err) == -1)
		die(err.msg);
	do {
		before = r.id;
		if (db != NULL)
			sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
		if (nw_store_revisions(st, r.id, INT64_MAX, BATCH, 0, add, &r, &err) == -1)
			die(err.msg);
		end_batch(&r, db);
	} while (r.n < n && r.id > before);
	nw_store_close(st);
	return (double)r.cpu_us / r.n;
}

static void
index_both(const char *store, const char *dir, uint32_t n)
{
	char path[256];
	struct nw_index *ix;
	sqlite3_stmt *s;
	struct nw_err err;
	double bare, ours;
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/bench-bare.db", dir);
	unlink(path);
	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db,
		"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
		"CREATE VIRTUAL TABLE f USING fts5(title, body, content='', columnsize=0);"
		"INSERT INTO f(f, rank) VALUES ('automerge', 0), ('crisismerge', 64)",
		NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "INSERT INTO f(rowid, title, body) VALUES (?, ?, ?)", -1, &s, NULL) !=
		SQLITE_OK)
		die("bare: open");
	bare = measure(store, NULL, db, s, n);
	sqlite3_finalize(s);
	sqlite3_close(db);
	snprintf(path, sizeof(path), "%s/bench-index.db", dir);
	if (nw_index_open(path, NW_INDEX_REMAKE, &ix, NULL, &err) == -1)
		die(err.msg);
	ours = measure(store, ix, NULL, NULL, n);
	nw_index_close(ix);
	printf("{\"bare_us\":%.1f,\"index_us\":%.1f}\n", bare, ours);
}

int
main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "fill") == 0)
		fill(argv[2], (uint32_t)atoi(argv[3]));
	else if (argc == 5 && strcmp(argv[1], "index") == 0)
		index_both(argv[2], argv[3], (uint32_t)atoi(argv[4]));
	else
		die("usage: bench_archive fill STORE N | index STORE DIR N");
	return 0;
}
