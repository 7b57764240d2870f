#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/limits.h"
#include "core/robots.h"
#include "core/url.h"
#include "main/robots.h"

#define WHY_MAX 256

struct waiting {
	struct waiting *next;
	nw_robots_fn *fn;
	void *cookie;
	char *path;
};

/* One host's file, as one agent reads it. */
struct entry {
	struct nw_robots_cache *cache;
	char *name; /* "token scheme://host:port" */
	struct nw_robots rules;
	int have;	   /* a file, or the certainty that there is none */
	int64_t until_ms;  /* monotonic: then it is asked for again */
	char why[WHY_MAX]; /* it could not be had */
	int asking;
	struct waiting *first, *last;
	UT_hash_handle hh;
};

struct nw_robots_cache {
	struct nw_fetch *fetch;
	struct entry *entries;
};

/* --- entries -------------------------------------------------------------------------------------------- */

static void
entry_free(struct entry *e)
{
	while (e->first != NULL) {
		struct waiting *w = e->first;

		e->first = w->next;
		free(w->path);
		free(w);
	}
	nw_robots_done(&e->rules);
	free(e->name);
	free(e);
}

/* The oldest entry nobody waits for goes when there are too many: uthash keeps the order of adding. */
static void
make_room(struct nw_robots_cache *c)
{
	struct entry *e, *tmp;

	if (HASH_COUNT(c->entries) < NW_ROBOTS_HOSTS)
		return;
	HASH_ITER (hh, c->entries, e, tmp) {
		if (e->asking)
			continue;
		HASH_DEL(c->entries, e);
		entry_free(e);
		return;
	}
}

static struct entry *
entry_of(struct nw_robots_cache *c, const struct nw_url *u, struct nw_str token)
{
	struct nw_buf name = {0};
	struct entry *e = NULL;

	nw_buf_addf(&name, "%.*s %.*s://%.*s:%.*s", (int)token.len, token.p, (int)u->scheme.len, u->scheme.p,
	    (int)u->host.len, u->host.p, (int)u->port.len, u->port.p);
	if (!name.failed)
		HASH_FIND_STR(c->entries, nw_buf_str(&name).p, e);
	if (e != NULL || name.failed) {
		nw_buf_done(&name);
		return e;
	}
	make_room(c);
	if ((e = calloc(1, sizeof(*e))) == NULL || (e->name = nw_buf_take(&name, NULL)) == NULL) {
		free(e);
		nw_buf_done(&name);
		return NULL;
	}
	e->cache = c;
	HASH_ADD_KEYPTR(hh, c->entries, e->name, strlen(e->name), e);
	return e;
}

/* A file read before counts while a newer one cannot be had. */
static enum nw_robots_answer
judge(const struct entry *e, struct nw_str path, char why[WHY_MAX])
{
	const struct nw_robots_rule *rule;

	why[0] = '\0';
	if (!e->have) {
		memcpy(why, e->why, WHY_MAX);
		return NW_ROBOTS_UNREACHABLE;
	}
	if (nw_robots_allows(&e->rules, path, &rule))
		return NW_ROBOTS_ALLOWED;
	(void)snprintf(why, WHY_MAX, "Disallow: %.*s",
	    (int)(rule->pattern.len < 200 ? rule->pattern.len : 200), rule->pattern.p);
	return NW_ROBOTS_DISALLOWED;
}

/* --- asking for the file -------------------------------------------------------------------------------- */

static int
is_file(const struct nw_response *r, const struct nw_err *err)
{
	/* more than NW_ROBOTS_MAX bytes: what came of them counts */
	return r != NULL && r->status >= 200 && r->status < 300 && (err == NULL || err->code == NW_ELIMIT);
}

/* 4xx and redirects that lead nowhere mean that there is no file; 429 and 5xx that it cannot be had now. */
static int
is_absent(const struct nw_response *r)
{
	return r != NULL && r->status >= 300 && r->status < 500 && r->status != 429;
}

static void
take(struct entry *e, const struct nw_response *r, const struct nw_err *err)
{
	const char *blank = strchr(e->name, ' ');
	struct nw_str token = {e->name, (size_t)(blank - e->name)};
	struct nw_robots rules = {0};

	e->until_ms = nw_clock_mono_ms() + NW_ROBOTS_KEEP_S * INT64_C(1000);
	if (is_absent(r) || (is_file(r, err) && nw_robots_parse(r->body, token, &rules) == 0)) {
		nw_robots_done(&e->rules);
		e->rules = rules;
		e->have = 1;
		return;
	}
	e->until_ms = nw_clock_mono_ms() + NW_ROBOTS_AGAIN_S * INT64_C(1000);
	if (err != NULL)
		(void)snprintf(e->why, sizeof(e->why), "robots.txt cannot be had: %.*s",
		    (int)nw_utf8_cut(nw_str(err->msg), 200), err->msg);
	else
		(void)snprintf(
		    e->why, sizeof(e->why), "robots.txt cannot be had: the server answers %u", r->status);
}

static void
on_file(void *cookie, const struct nw_response *r, const struct nw_err *err)
{
	struct entry *e = cookie;
	struct waiting *w = e->first, *next;
	char why[WHY_MAX];

	e->asking = 0;
	e->first = e->last = NULL;
	take(e, r, err);
	for (; w != NULL; w = next) {
		enum nw_robots_answer answer = judge(e, nw_str(w->path), why);

		next = w->next;
		w->fn(w->cookie, answer, nw_str(why));
		free(w->path);
		free(w);
	}
}

static int
ask_for_file(struct entry *e, const struct nw_request *like, const struct nw_url *u)
{
	struct nw_request q = *like;
	struct nw_buf url = {0};
	struct nw_err err;
	int rc;

	nw_buf_addf(&url, "%.*s://%.*s%s%.*s/robots.txt", (int)u->scheme.len, u->scheme.p, (int)u->host.len,
	    u->host.p, u->port.len > 0 ? ":" : "", (int)u->port.len, u->port.p);
	q.url = nw_buf_str(&url);
	q.etag = q.last_modified = NW_STR("");
	q.max_bytes = NW_ROBOTS_MAX;
	rc = url.failed ? -1 : nw_fetch_start(e->cache->fetch, &q, on_file, e, &err);
	nw_buf_done(&url);
	e->asking = rc == 0;
	return rc;
}

static int
wait_for(struct entry *e, struct nw_str path, nw_robots_fn *fn, void *cookie)
{
	struct waiting *w = calloc(1, sizeof(*w));

	if (w == NULL || (w->path = strndup(path.p, path.len)) == NULL) {
		free(w);
		return -1;
	}
	w->fn = fn;
	w->cookie = cookie;
	if (e->last != NULL)
		e->last->next = w;
	else
		e->first = w;
	e->last = w;
	return 0;
}

/* Path and query, as the request line has them. */
static struct nw_str
path_of(const struct nw_url *u)
{
	if (u->path.len == 0 && !u->has_query)
		return NW_STR("/");
	return (struct nw_str){u->path.p, u->path.len + (u->has_query ? 1 + u->query.len : 0)};
}

enum nw_robots_answer
nw_robots_ask(struct nw_robots_cache *c, const struct nw_request *q, struct nw_str agent, nw_robots_fn *fn,
    void *cookie, char why[WHY_MAX])
{
	struct nw_url u;
	struct entry *e;

	(void)snprintf(why, WHY_MAX, "robots.txt cannot be asked for: out of memory");
	if (nw_url_parse(q->url, &u, NULL) == -1)
		return NW_ROBOTS_ALLOWED; /* the fetch says what is wrong with it */
	if ((e = entry_of(c, &u, nw_robots_token(agent))) == NULL)
		return NW_ROBOTS_UNREACHABLE;
	if (!e->asking && e->until_ms > nw_clock_mono_ms())
		return judge(e, path_of(&u), why);
	if (!e->asking && ask_for_file(e, q, &u) == -1)
		return NW_ROBOTS_UNREACHABLE;
	return wait_for(e, path_of(&u), fn, cookie) == 0 ? NW_ROBOTS_LATER : NW_ROBOTS_UNREACHABLE;
}

struct nw_robots_cache *
nw_robots_new(struct nw_fetch *fetch)
{
	struct nw_robots_cache *c = calloc(1, sizeof(*c));

	if (c != NULL)
		c->fetch = fetch;
	return c;
}

void
nw_robots_free(struct nw_robots_cache *c)
{
	struct entry *e, *tmp;

	if (c == NULL)
		return;
	HASH_ITER (hh, c->entries, e, tmp) {
		HASH_DEL(c->entries, e);
		entry_free(e);
	}
	free(c);
}
