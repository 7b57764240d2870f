/* main/fetch.h without a network: what a scenario says is at an address is what comes. */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "main/fetch.h"
#include "play.h"

#define SITES 64

struct transfer {
	struct nw_fetch *fetch;
	nw_fetch_fn *fn;
	void *cookie;
	char *url, *etag, *modified;
};

struct nw_fetch {
	struct event_base *base;
	uint32_t running;
	int stopped;
};

struct play_net play_net;
static struct play_reply sites[SITES];

static char *
copy(const char *s)
{
	return s != NULL ? strdup(s) : NULL;
}

static void
forget(struct play_reply *r)
{
	free((char *)(uintptr_t)r->url);
	free((char *)(uintptr_t)r->body);
	free((char *)(uintptr_t)r->type);
	free((char *)(uintptr_t)r->etag);
	free((char *)(uintptr_t)r->modified);
	free((char *)(uintptr_t)r->location);
	memset(r, 0, sizeof(*r));
}

/* Nobody forbids anything unless a scenario says so. */
static int
is_robots(const char *url)
{
	size_t n = strlen(url);

	return n > 11 && strcmp(url + n - 11, "/robots.txt") == 0;
}

static struct play_reply *
find(const char *url)
{
	for (size_t i = 0; i < SITES; i++)
		if (sites[i].url != NULL && strcmp(sites[i].url, url) == 0)
			return &sites[i];
	return NULL;
}

void
play_net_reply(const struct play_reply *r)
{
	struct play_reply *at = find(r->url);

	for (size_t i = 0; at == NULL && i < SITES; i++)
		if (sites[i].url == NULL)
			at = &sites[i];
	if (at == NULL)
		abort(); /* a scenario of more pages than SITES */
	forget(at);
	*at = (struct play_reply){copy(r->url), r->status, copy(r->body), copy(r->type), copy(r->etag), copy(r->modified),
	    copy(r->location), r->retry_after_ms};
}

void
play_net_reset(void)
{
	for (size_t i = 0; i < SITES; i++)
		forget(&sites[i]);
	play_net = (struct play_net){0};
}

static struct nw_str
text(const char *s)
{
	return nw_str(s != NULL ? s : "");
}

static int
is_same(const char *had, const char *has)
{
	return had[0] != '\0' && has != NULL && strcmp(had, has) == 0;
}

static void
answer(struct transfer *t, const struct play_reply *r)
{
	struct nw_response a = {.status = (uint32_t)r->status, .url = nw_str(t->url), .moved_to = text(r->location),
	    .etag = text(r->etag), .last_modified = text(r->modified), .content_type = text(r->type),
	    .headers = NW_STR("played: yes\r\n"), .retry_after_ms = r->retry_after_ms};
	struct nw_str body = text(r->body);
	struct nw_err err;

	if (r->status == 0) {
		nw_fail(&err, NW_EINPUT, "the connection is refused");
		t->fn(t->cookie, NULL, &err);
		return;
	}
	if (is_same(t->etag, r->etag) || is_same(t->modified, r->modified)) {
		a.status = 304;
		body = NW_STR("");
	}
	a.body = (struct nw_bytes){(const uint8_t *)body.p, body.len};
	a.host = &a;
	t->fn(t->cookie, &a, NULL);
}

static void
on_time(evutil_socket_t fd, short what, void *cookie)
{
	struct transfer *t = cookie;
	const struct play_reply *r = find(t->url), nothing = {.status = 404};

	(void)fd;
	(void)what;
	play_net.waiting--;
	t->fetch->running--;
	if (r == NULL && !is_robots(t->url))
		(void)snprintf(play_net.unknown, sizeof(play_net.unknown), "%s", t->url); /* cut is fine */
	if (!t->fetch->stopped)
		answer(t, r != NULL ? r : &nothing);
	free(t->url);
	free(t->etag);
	free(t->modified);
	free(t);
}

static char *
copy_str(struct nw_str s)
{
	return strndup(s.p != NULL ? s.p : "", s.len);
}

int
nw_fetch_start(struct nw_fetch *f, const struct nw_request *q, nw_fetch_fn *fn, void *cookie, struct nw_err *err)
{
	struct transfer *t = calloc(1, sizeof(*t));
	struct timeval now = {0, 0};

	(void)err;
	*t = (struct transfer){f, fn, cookie, copy_str(q->url), copy_str(q->etag), copy_str(q->last_modified)};
	play_net.fetched += !is_robots(t->url);
	play_net.conditional += q->etag.len != 0 || q->last_modified.len != 0;
	play_net.waiting++;
	f->running++;
	return event_base_once(f->base, -1, EV_TIMEOUT, on_time, t, &now);
}

struct nw_fetch *
nw_fetch_new(struct event_base *base, const struct nw_fetch_options *o, struct nw_err *err)
{
	struct nw_fetch *f = calloc(1, sizeof(*f));

	(void)o;
	(void)err;
	f->base = base;
	return f;
}

void
nw_fetch_free(struct nw_fetch *f)
{
	free(f);
}

int
nw_fetch_configure(struct nw_fetch *f, const struct nw_fetch_options *o, struct nw_err *err)
{
	(void)f;
	(void)o;
	(void)err;
	return 0;
}

uint8_t *
nw_response_take_body(const struct nw_response *r)
{
	uint8_t *body = malloc(r->body.len + 1);

	memcpy(body, r->body.p, r->body.len);
	body[r->body.len] = '\0';
	return body;
}

void
nw_fetch_body_free(struct nw_fetch *f, uint8_t *body, size_t len)
{
	(void)f;
	(void)len;
	free(body);
}

uint32_t
nw_fetch_room(const struct nw_fetch *f)
{
	return f->stopped ? 0 : NW_FETCH_MAX - f->running;
}

uint32_t
nw_fetch_running(const struct nw_fetch *f)
{
	return f->running;
}

void
nw_fetch_stop(struct nw_fetch *f)
{
	f->stopped = 1;
}
