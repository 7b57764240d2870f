/*
 * bench_store.c - what a commit costs beside a bare insert of the same articles, in one run.
 *
 *   bench_store DIR [ARTICLES [ROUNDS]]
 *
 * Bare: one table with its two indexes, WAL, FULL, 30 rows a transaction.  Store: nw_store_commit() of 30 articles each,
 * committed one by one, with keys, revisions, document, seen and target state; then the same with two tags an article;
 * then claims with 304 answers in groups of 50.  CPU of the process, medians of the rounds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"
#include "core/frame.h"
#include "store/store_commit.h"
#include "store/store_config.h"

#define BATCH	   30
#define BODY_BYTES 3000
#define ROUNDS_MAX 21

static char *body; /* of all articles, with another beginning each */

static void
die(const char *what)
{
	fprintf(stderr, "bench_store: %s\n", what);
	exit(1);
}

static void
remove_db(const char *path)
{
	static const char *const tail[] = {"", "-wal", "-shm", ".lock"};
	char name[512];

	for (size_t i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "%s%s", path, tail[i]);
		unlink(name);
	}
}

static double
bare(const char *path, uint32_t n)
{
	sqlite3_stmt *s;
	sqlite3 *db;
	int64_t cpu;
	char guid[64], title[64];

	remove_db(path);
	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db,
		"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;"
		"CREATE TABLE article(id integer primary key, source int, guid text, title text, body text, "
		"at int);"
		"CREATE UNIQUE INDEX ag ON article(source, guid); CREATE INDEX aa ON article(at)",
		NULL, NULL, NULL) != SQLITE_OK)
		die("bare: open");
	sqlite3_prepare_v2(db, "INSERT OR IGNORE INTO article VALUES(?,?,?,?,?,?)", -1, &s, NULL);
	cpu = nw_clock_cpu_us();
	for (uint32_t i = 0; i < n; i++) {
		if (i % BATCH == 0)
			sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
		snprintf(guid, sizeof(guid), "urn:m:%u", i);
		snprintf(title, sizeof(title), "Title of article %u, about something", i);
		sqlite3_bind_int64(s, 1, i);
		sqlite3_bind_int64(s, 2, i % 1000);
		sqlite3_bind_text(s, 3, guid, -1, SQLITE_STATIC);
		sqlite3_bind_text(s, 4, title, -1, SQLITE_STATIC);
		sqlite3_bind_text(s, 5, body, BODY_BYTES, SQLITE_STATIC);
		sqlite3_bind_int64(s, 6, 1790000000 + i);
		if (sqlite3_step(s) != SQLITE_DONE)
			die("bare: insert");
		sqlite3_reset(s);
		if (i % BATCH == BATCH - 1)
			sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	}
	sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	cpu = nw_clock_cpu_us() - cpu;
	sqlite3_finalize(s);
	sqlite3_close(db);
	return (double)cpu / n;
}

/* --- the store -------------------------------------------------------------------------------------------------- */

static const struct nw_store_watch *
no_watch(void *cookie, uint32_t plugin, uint32_t entry)
{
	(void)cookie;
	(void)plugin;
	(void)entry;
	return NULL;
}

static struct nw_store *
open_store(const char *path, uint32_t sources, int64_t now_ms)
{
	struct nw_store_options o = {.path = path, .mode = NW_STORE_WRITE, .now_ms = now_ms};
	struct nw_store *st;
	struct nw_err err;
	char name[32], url[64];

	remove_db(path);
	if (nw_store_open(&o, &st, NULL, &err) == -1 || nw_store_sync_begin(st, now_ms, 0, &err) == -1)
		die(err.msg);
	for (uint32_t i = 0; i < sources; i++) {
		snprintf(name, sizeof(name), "s%u", i);
		snprintf(url, sizeof(url), "http://host%u.example.org/feed", i);
		struct nw_store_listing l = {nw_str(url), NW_ROLE_FEED};
		struct nw_store_source s = {.name = nw_str(name),
		    .title = nw_str(name),
		    .options = {(const uint8_t *)"options", 7},
		    .listing = &l,
		    .nlisting = 1,
		    .enabled = 1,
		    .every_ms = 600000};

		if (nw_store_sync_source(st, &s, &err) == -1)
			die(err.msg);
	}
	if (nw_store_sync_end(st, NULL, &err) == -1)
		die(err.msg);
	return st;
}

static Nw__Batch *
make_batch(struct nw_arena *a, uint32_t first, int with_tags)
{
	Nw__Batch *m = nw_arena_alloc(a, sizeof(*m));

	nw__batch__init(m);
	m->document = nw_arena_alloc(a, sizeof(*m->document));
	nw__document__init(m->document);
	m->document->items = BATCH;
	m->document->seen = nw_pb((struct nw_str){body, BATCH * 16});
	m->articles = nw_arena_array(a, BATCH, sizeof(*m->articles));
	for (m->n_articles = 0; m->n_articles < BATCH; m->n_articles++) {
		uint32_t i = first + (uint32_t)m->n_articles;
		Nw__Article *art = nw_arena_alloc(a, sizeof(*art));

		nw__article__init(art);
		art->guid = nw_pb(nw_arena_printf(a, "urn:m:%u", i));
		art->url = nw_pb(nw_arena_printf(a, "http://www.example.org/news/2026/%u.html", i));
		art->title = nw_pb(nw_arena_printf(a, "Title of article %u, about something", i));
		art->body = nw_pb((struct nw_str){body, BODY_BYTES});
		art->lang = nw_pb(NW_STR("en"));
		art->content_hash = art->simhash = nw_hash64(&i, sizeof(i));
		art->published = nw_arena_alloc(a, sizeof(*art->published));
		nw__time__init(art->published);
		art->published->at_ms = 1790000000000;
		art->published->precision = NW_PREC_MINUTE;
		art->published->origin = NW_ORIGIN_FEED;
		if (with_tags) {
			art->tags = nw_arena_array(a, 2, sizeof(*art->tags));
			for (art->n_tags = 0; art->n_tags < 2; art->n_tags++) {
				Nw__Tag *t = nw_arena_alloc(a, sizeof(*t));

				nw__tag__init(t);
				t->kind = nw_pb(NW_STR("topic"));
				t->name = nw_pb(art->n_tags ? NW_STR("sanctions") : NW_STR("treaties"));
				t->cls = nw_pb(NW_STR("mention"));
				art->tags[art->n_tags] = t;
			}
		}
		m->articles[m->n_articles] = art;
	}
	return m;
}

static double
commits(const char *path, uint32_t n, int with_tags)
{
	struct nw_store *st = open_store(path, (n + BATCH - 1) / BATCH, 1000);
	struct nw_store_rules rules = {.watch = no_watch};
	struct nw_store_policy policy = {0};
	struct nw_arena *a = nw_arena_new(0), *claimed = nw_arena_new(0);
	struct nw_store_target *t = NULL;
	uint32_t nt = 0, at = 0;
	int64_t spent = 0, cpu;
	struct nw_err err;

	for (uint32_t i = 0; i + BATCH <= n; i += BATCH) {
		struct nw_store_poll p = {
		    .end = NW_STORE_READ_WHOLE, .status = 200, .now_ms = 2000, .next_ms = 10000000};
		struct nw_store_report report;
		struct nw_batch b;

		nw_arena_reset(a);
		b = (struct nw_batch){.m = make_batch(a, i, with_tags)};
		memcpy(p.body_hash, &i, sizeof(i));
		p.url = nw_arena_printf(a, "http://host%u.example.org/feed", i);
		p.etag = NW_STR("\"0123456789abcdef\"");
		cpu = nw_clock_cpu_us();
		if (at == nt) {
			nw_arena_reset(claimed);
			if (nw_store_claim(st, 2000, 50, claimed, &t, &nt, &err) == -1)
				die(err.msg);
			at = 0;
		}
		p.target = t[at++].id;
		if (nw_store_commit(st, &p, &b, &policy, &rules, &report, &err) == -1 ||
		    nw_store_flush(st, &err) == -1)
			die(err.msg);
		if (report.articles != BATCH)
			die("articles are missing");
		spent += nw_clock_cpu_us() - cpu;
	}
	cpu = nw_clock_cpu_us();
	nw_store_checkpoint(st, NULL);
	spent += nw_clock_cpu_us() - cpu;
	nw_store_close(st);
	nw_arena_free(a);
	nw_arena_free(claimed);
	return (double)spent / n;
}

/* Claim and 304 of each target, in groups. */
static double
polls(const char *path, uint32_t n)
{
	struct nw_store *st = open_store(path, n, 1000);
	struct nw_arena *a = nw_arena_new(0);
	struct nw_store_target *t;
	struct nw_store_polled polled;
	uint32_t nt = 0, done = 0;
	int64_t cpu = nw_clock_cpu_us();
	struct nw_err err;

	do {
		nw_arena_reset(a);
		if (nw_store_claim(st, 2000, 50, a, &t, &nt, &err) == -1)
			die(err.msg);
		for (uint32_t i = 0; i < nt; i++) {
			struct nw_store_poll p = {.target = t[i].id,
			    .end = NW_STORE_NOT_MODIFIED,
			    .status = 304,
			    .now_ms = 2000,
			    .next_ms = 1000000,
			    .etag = NW_STR("\"0123456789abcdef\"")};

			if (nw_store_poll_end(st, &p, &polled, &err) == -1)
				die(err.msg);
		}
		done += nt;
	} while (nt > 0);
	nw_store_flush(st, NULL);
	cpu = nw_clock_cpu_us() - cpu;
	nw_store_close(st);
	nw_arena_free(a);
	return (double)cpu / done;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *v, uint32_t n)
{
	qsort(v, n, sizeof(*v), compare);
	return v[n / 2];
}

int
main(int argc, char **argv)
{
	uint32_t n = argc > 2 ? (uint32_t)atoi(argv[2]) : 9000,
		 rounds = argc > 3 ? (uint32_t)atoi(argv[3]) : 5;
	double v[4][ROUNDS_MAX], m[4];
	char path[256];

	if (argc < 2 || n < BATCH || rounds < 1 || rounds > ROUNDS_MAX)
		die("usage: bench_store DIR [ARTICLES [ROUNDS]]");
	snprintf(path, sizeof(path), "%s/bench.db", argv[1]);
	if ((body = malloc(BODY_BYTES + 1)) == NULL)
		die("out of memory");
	for (int i = 0; i < BODY_BYTES; i++)
		body[i] = (char)("etaoin shrdlu. "[(i * 7 + i / 13) % 15]);
	body[BODY_BYTES] = '\0';
	for (uint32_t i = 0; i < rounds; i++) {
		v[0][i] = bare(path, n);
		v[1][i] = commits(path, n, 0);
		v[2][i] = commits(path, n, 1);
		v[3][i] = polls(path, 10000);
	}
	remove_db(path);
	for (int i = 0; i < 4; i++)
		m[i] = median(v[i], rounds);
	printf("{\"bare_us\":%.1f,\"commit_us\":%.1f,\"commit_ratio\":%.2f,\"commit_tags_us\":%.1f,\"commit_"
	       "tags_ratio\":%.2f,"
	       "\"claim_and_304_us\":%.1f}\n",
	    m[0], m[1], m[1] / m[0], m[2], m[2] / m[0], m[3]);
	free(body);
	return 0;
}
