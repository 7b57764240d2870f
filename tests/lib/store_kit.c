#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"
#include "core/digest.h"
#include "core/frame.h"
#include "core/parts.h"
#include "store/store_config.h"
#include "store/store_outbox.h"
#include "store_kit.h"

#define OK(call, err)                                                                                        \
	do {                                                                                                 \
		if ((call) == -1)                                                                            \
			fail_msg("%s", (err).msg);                                                           \
	} while (0)

const char *kit_root = "/tmp";
int kit_in_parts;

static const struct nw_store_watch *
find_watch(void *cookie, uint32_t plugin, uint32_t entry)
{
	struct kit *k = cookie;

	return plugin == 0 && entry < KIT_WATCHES ? &k->watch[entry] : NULL;
}

static void
open_store(struct kit *k)
{
	struct nw_store_options o = {.path = k->path, .mode = NW_STORE_WRITE, .now_ms = k->now_ms};
	struct nw_err err;

	OK(nw_store_open(&o, &k->st, &k->opened, &err), err);
}

void
kit_open(struct kit *k)
{
	static const struct nw_str desk[] = {{"desk", 4}};
	static const char *const name[KIT_WATCHES] = {"treaties", "sanctions", "visits", "visas"};

	memset(k, 0, sizeof(*k));
	k->now_ms = KIT_T0;
	snprintf(k->dir, sizeof(k->dir), "%s/nw-store-XXXXXX", kit_root);
	assert_non_null(mkdtemp(k->dir));
	snprintf(k->path, sizeof(k->path), "%s/news.db", k->dir);
	k->a = nw_arena_new(0);
	k->policy.relook = 1;
	k->policy.contact_age_ms = KIT_DAY;
	k->rules = (struct nw_store_rules){.watch = find_watch, .cookie = k, .engine_version = 1};
	for (uint32_t i = 0; i < KIT_WATCHES; i++)
		k->watch[i] = (struct nw_store_watch){.name = nw_str(name[i]),
		    .severity = NW_SEV_HIGH,
		    .expires_ms = NW_TIME_NONE,
		    .channels = desk,
		    .nchannels = 1};
	open_store(k);
}

void
kit_reopen(struct kit *k)
{
	nw_store_close(k->st);
	k->st = NULL;
	open_store(k);
}

void
kit_close(struct kit *k)
{
	char cmd[128];

	nw_store_close(k->st);
	nw_arena_free(k->a);
	snprintf(cmd, sizeof(cmd), "rm -rf '%s'", k->dir);
	assert_int_equal(system(cmd), 0);
}

void
kit_source(struct kit *k, const char *name, const char *url)
{
	struct nw_store_listing l = {nw_str(url), NW_ROLE_FEED};
	struct nw_store_source s = {.name = nw_str(name),
	    .title = nw_str(name),
	    .options = {(const uint8_t *)"opt", 3},
	    .listing = &l,
	    .nlisting = 1,
	    .enabled = 1,
	    .every_ms = 600000};
	struct nw_err err;

	OK(nw_store_sync_begin(k->st, k->now_ms, 0, &err), err);
	OK(nw_store_sync_source(k->st, &s, &err), err);
	OK(nw_store_sync_end(k->st, NULL, &err), err);
}

int64_t
kit_target(struct kit *k, const char *url)
{
	struct nw_store_target *t;
	struct nw_err err;
	uint32_t n = 0;
	int64_t id = 0;

	OK(nw_store_claim(k->st, k->now_ms, 50, k->a, &t, &n, &err), err);
	for (uint32_t i = 0; i < n; i++) {
		if (strcmp(t[i].url.p, url) == 0)
			id = t[i].id;
		else
			OK(nw_store_release(k->st, t[i].id, t[i].was_due_ms, &err), err);
	}
	return id;
}

/* --- batches ---------------------------------------------------------------------------------------------------- */

static ProtobufCBinaryData
text(struct kit *k, const char *s)
{
	return nw_pb(nw_arena_dup(k->a, nw_str(s)));
}

void
kit_batch(struct kit *k)
{
	k->m = nw_arena_alloc(k->a, sizeof(*k->m));
	nw__batch__init(k->m);
	k->m->document = nw_arena_alloc(k->a, sizeof(*k->m->document));
	nw__document__init(k->m->document);
	k->m->articles = nw_arena_array(k->a, 512, sizeof(*k->m->articles));
	k->m->follow = nw_arena_array(k->a, 64, sizeof(*k->m->follow));
	k->poll = (struct nw_store_poll){.end = NW_STORE_READ_WHOLE, .status = 200};
}

Nw__Article *
kit_article(struct kit *k, const char *guid, const char *url, const char *title, const char *body)
{
	Nw__Article *art = nw_arena_alloc(k->a, sizeof(*art));
	struct nw_str s = nw_arena_printf(k->a, "%s\n%s", title, body);

	nw__article__init(art);
	art->guid = text(k, guid);
	art->url = text(k, url);
	art->title = text(k, title);
	art->body = text(k, body);
	art->content_hash = nw_hash_str(s);
	art->lang = text(k, "en");
	art->published = nw_arena_alloc(k->a, sizeof(*art->published));
	nw__time__init(art->published);
	art->published->at_ms = k->now_ms - KIT_HOUR;
	art->published->precision = NW_PREC_MINUTE;
	art->published->origin = NW_ORIGIN_FEED;
	art->alerts = nw_arena_array(k->a, 16, sizeof(*art->alerts));
	art->tags = nw_arena_array(k->a, 16, sizeof(*art->tags));
	k->m->articles[k->m->n_articles++] = art;
	k->m->document->items++;
	return art;
}

Nw__Alert *
kit_alert(struct kit *k, Nw__Article *art, uint32_t entry, const char *evidence)
{
	Nw__Alert *al = nw_arena_alloc(k->a, sizeof(*al));
	Nw__Hit *h = nw_arena_alloc(k->a, sizeof(*h));
	const char *in_body = art->body.len > 0 ? strstr((char *)art->body.data, evidence) : NULL;
	const char *base = (char *)(in_body != NULL ? art->body.data : art->title.data);
	const char *at = in_body != NULL ? in_body : strstr(base, evidence), *from, *to;

	assert_non_null(at);
	for (from = at; from > base && from[-1] != '.'; from--)
		;
	for (to = at; *to != '\0' && *to != '.'; to++)
		;
	nw__alert__init(al);
	nw__hit__init(h);
	h->field = in_body != NULL ? NW_FIELD_BODY : NW_FIELD_TITLE;
	h->off = (uint32_t)(at - base);
	h->len = (uint32_t)strlen(evidence);
	h->passage_off = (uint32_t)(from - base);
	h->passage_len = (uint32_t)(to - from);
	al->entry = entry;
	al->severity = NW_SEV_NORMAL;
	al->hits = nw_arena_array(k->a, 1, sizeof(*al->hits));
	al->hits[0] = h;
	al->n_hits = 1;
	al->clause = nw_arena_array(k->a, 1, sizeof(*al->clause));
	al->clause[0] = text(k, evidence);
	al->n_clause = 1;
	art->alerts[art->n_alerts++] = al;
	return al;
}

void
kit_tag(struct kit *k, Nw__Article *art, const char *name, const char *cls)
{
	Nw__Tag *t = nw_arena_alloc(k->a, sizeof(*t));

	nw__tag__init(t);
	t->kind = text(k, "topic");
	t->name = text(k, name);
	t->cls = text(k, cls);
	art->tags[art->n_tags++] = t;
}

void
kit_follow(struct kit *k, const char *url, uint32_t role)
{
	Nw__Follow *f = nw_arena_alloc(k->a, sizeof(*f));

	nw__follow__init(f);
	f->url = text(k, url);
	f->role = role;
	k->m->follow[k->m->n_follow++] = f;
}

/* The batch as it is, or as an answer in parts: heads in memory, articles in a file. */
static int
commit_batch(struct kit *k, struct nw_err *err)
{
	Nw__Batch m = *k->m;
	struct nw_batch b = {.m = &m};
	int rc;

	if (kit_in_parts) {
		assert_non_null(b.parts = nw_parts_new(err));
		OK(nw_parts_add(b.parts, k->m, err), *err);
		nw_parts_heads(b.parts, &m);
	}
	rc = nw_store_commit(k->st, &k->poll, &b, &k->policy, &k->rules, &k->report, err);
	nw_parts_free(b.parts);
	return rc;
}

int
kit_try_commit(struct kit *k, int64_t target, struct nw_err *err)
{
	struct nw_str id = nw_arena_printf(k->a, "%lld %zu", (long long)k->now_ms, k->m->n_articles);

	nw_sha256(id.p, id.len, k->poll.body_hash);
	k->poll.target = target;
	k->poll.now_ms = k->now_ms;
	if (k->poll.next_ms == 0)
		k->poll.next_ms = k->now_ms + 600000;
	if (k->poll.url.p == NULL)
		k->poll.url = NW_STR("http://example.org/doc");
	k->poll.content_type = NW_STR("text/xml");
	return commit_batch(k, err);
}

void
kit_commit(struct kit *k, int64_t target)
{
	struct nw_err err;

	OK(kit_try_commit(k, target, &err), err);
}

void
kit_poll(struct kit *k, const char *url)
{
	int64_t target = kit_target(k, url);

	if (target == 0)
		fail_msg("%s is not due", url);
	kit_commit(k, target);
}

/* --- looking ---------------------------------------------------------------------------------------------------- */

void
kit_text(struct kit *k, const char *sql, char *buf, size_t size)
{
	sqlite3 *db;
	sqlite3_stmt *s;
	struct nw_err err;
	const unsigned char *p;

	OK(nw_store_flush(k->st, &err), err);
	assert_int_equal(sqlite3_open_v2(k->path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	buf[0] = '\0';
	if (sqlite3_step(s) == SQLITE_ROW && (p = sqlite3_column_text(s, 0)) != NULL)
		snprintf(buf, size, "%s", (const char *)p);
	sqlite3_finalize(s);
	sqlite3_close(db);
}

int64_t
kit_count(struct kit *k, const char *sql)
{
	char buf[32];

	kit_text(k, sql, buf, sizeof(buf));
	return strtoll(buf, NULL, 10);
}

void
kit_ready(struct kit *k)
{
	kit_open(k);
	kit_source(k, "mfa", KIT_FEED);
	kit_batch(k);
	kit_article(k, "old", "http://example.org/old", "An old article of the ministry", "Old text.");
	kit_poll(k, KIT_FEED);
	k->now_ms += KIT_HOUR;
}

uint32_t
kit_groups(struct kit *k, struct nw_store_group **groups_r)
{
	struct nw_err err;
	uint32_t n = 0;

	assert_int_equal(nw_store_group_due(k->st, k->now_ms, 100, k->a, groups_r, &n, &err), 0);
	return n;
}

void
kit_alerts(struct kit *k, int n, uint32_t entry, uint32_t severity)
{
	static int serial;
	char guid[64], url[96];

	kit_batch(k);
	for (int i = 0; i < n; i++) {
		(void)snprintf(guid, sizeof(guid), "g%d", ++serial);
		(void)snprintf(url, sizeof(url), "http://example.org/%s", guid);
		kit_alert(k, kit_article(k, guid, url, guid, "They agreed. The treaty was renewed. They ate."), entry, "treaty")
		    ->severity = severity;
	}
	kit_poll(k, KIT_FEED);
	assert_int_equal(k->report.alerts, n);
	k->now_ms += KIT_HOUR;
}
