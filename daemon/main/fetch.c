/* The station: libcurl's multi interface on libevent, and each host's slots. */
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "core/limits.h"
#include "core/url.h"
#include "main/fetch_own.h"

static void start_ready(struct nw_fetch *);

/* --- driving libcurl ------------------------------------------------------------------------------------------ */

static void
release_slot(struct nw_transfer *t)
{
	t->slot->running--;
	t->fetch->nrunning--;
	if (t->run_prev != NULL)
		t->run_prev->run_next = t->run_next;
	else
		t->fetch->running = t->run_next;
	if (t->run_next != NULL)
		t->run_next->run_prev = t->run_prev;
}

static void
give_back(struct nw_fetch *f, CURL *easy)
{
	if (f->nidle < sizeof(f->idle) / sizeof(f->idle[0]))
		f->idle[f->nidle++] = easy;
	else
		curl_easy_cleanup(easy);
}

/* The messages of finished transfers; each callback may start others. */
static void
collect(struct nw_fetch *f)
{
	struct nw_transfer *t;
	CURLMsg *m;
	CURLcode rc;
	int left;

	while (!f->stopped && (m = curl_multi_info_read(f->multi, &left)) != NULL) {
		if (m->msg != CURLMSG_DONE)
			continue;
		rc = m->data.result;
		(void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&t); /* set at the start */
		curl_multi_remove_handle(f->multi, t->easy);
		release_slot(t);
		nw_fetch_report(t, rc);
		give_back(f, t->easy);
		nw_transfer_free(t);
	}
	start_ready(f);
}

static void
on_socket_event(evutil_socket_t fd, short what, void *cookie)
{
	struct nw_fetch *f = cookie;
	int n, bits = (what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0);

	curl_multi_socket_action(f->multi, fd, bits, &n);
	collect(f);
}

static void
on_timer(evutil_socket_t fd, short what, void *cookie)
{
	struct nw_fetch *f = cookie;
	int n;

	(void)fd;
	(void)what;
	curl_multi_socket_action(f->multi, CURL_SOCKET_TIMEOUT, 0, &n);
	collect(f);
}

/* libcurl tells which descriptors it waits for: one persistent event each, made anew only when the direction changes. */
static int
watch_socket(CURL *easy, curl_socket_t fd, int what, void *cookie, void *kept)
{
	struct nw_fetch *f = cookie;
	struct event *ev = kept;
	short want = (short)((what & CURL_POLL_IN ? EV_READ : 0) | (what & CURL_POLL_OUT ? EV_WRITE : 0) | EV_PERSIST);

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (ev != NULL)
			event_free(ev);
		curl_multi_assign(f->multi, fd, NULL);
		return 0;
	}
	if (ev != NULL && (event_get_events(ev) & (EV_READ | EV_WRITE)) == (want & (EV_READ | EV_WRITE)))
		return 0;
	if (ev != NULL)
		event_free(ev);
	ev = event_new(f->base, fd, want, on_socket_event, f);
	if (ev != NULL)
		(void)event_add(ev, NULL); /* fails only without memory, then the transfer times out */
	curl_multi_assign(f->multi, fd, ev);
	return 0;
}

static int
watch_timer(CURLM *multi, long ms, void *cookie)
{
	struct nw_fetch *f = cookie;
	struct timeval tv = {ms / 1000, (ms % 1000) * 1000};

	(void)multi;
	if (ms < 0)
		event_del(f->timer);
	else
		event_add(f->timer, &tv);
	return 0;
}

/* --- hosts ---------------------------------------------------------------------------------------------------- */

static struct nw_host_slot *
slot_of(struct nw_fetch *f, const char *url)
{
	struct nw_host_slot *s;
	struct nw_url u;
	char name[300];

	if (nw_url_parse(nw_str(url), &u, NULL) == -1)
		u = (struct nw_url){.scheme = NW_STR(""), .host = NW_STR("?"), .port = NW_STR("")};
	(void)snprintf(name, sizeof(name), "%.*s:%.*s%.*s", (int)(u.host.len < 260 ? u.host.len : 260), u.host.p,
	    (int)(u.port.len < 8 ? u.port.len : 8), u.port.p, u.port.len == 0 ? (int)u.scheme.len : 0, u.scheme.p);
	HASH_FIND_STR(f->hosts, name, s);
	if (s != NULL || (s = calloc(1, sizeof(*s))) == NULL)
		return s;
	if ((s->name = strdup(name)) == NULL) {
		free(s);
		return NULL;
	}
	HASH_ADD_KEYPTR(hh, f->hosts, s->name, strlen(s->name), s);
	return s;
}

static int
begin(struct nw_transfer *t, int64_t now)
{
	struct nw_fetch *f = t->fetch;

	if (nw_fetch_setup(t) == -1 || curl_multi_add_handle(f->multi, t->easy) != CURLM_OK)
		return -1;
	t->slot->running++;
	t->slot->next_ms = now + f->opt.host_gap_ms;
	f->nrunning++;
	t->run_prev = NULL;
	t->run_next = f->running;
	if (f->running != NULL)
		f->running->run_prev = t;
	f->running = t;
	return 0;
}

static struct nw_transfer *
pop(struct nw_host_slot *s)
{
	struct nw_transfer *t = s->first;

	if ((s->first = t->next) == NULL)
		s->last = NULL;
	s->waiting--;
	t->fetch->nwaiting--;
	return t;
}

static void
fail_to_begin(struct nw_transfer *t)
{
	struct nw_err err;

	nw_fail(&err, NW_ERES, "a transfer could not be started: out of memory");
	t->fn(t->cookie, NULL, &err);
	if (t->easy != NULL)
		curl_easy_cleanup(t->easy);
	nw_transfer_free(t);
}

/* Start what may start now; returns the earliest later moment at which a host's gap ends, or -1. */
static int64_t
start_from_hosts(struct nw_fetch *f, int64_t now)
{
	struct nw_host_slot *s, *tmp;
	int64_t next = -1;

	HASH_ITER(hh, f->hosts, s, tmp) {
		while (s->first != NULL && s->running < f->opt.host_max && f->nrunning < f->opt.max && s->next_ms <= now) {
			struct nw_transfer *t = pop(s);

			if (begin(t, now) == -1)
				fail_to_begin(t);
		}
		if (s->first != NULL && s->running < f->opt.host_max && s->next_ms > now && (next == -1 || s->next_ms < next))
			next = s->next_ms;
		if (s->first == NULL && s->running == 0 && s->next_ms <= now) {
			HASH_DEL(f->hosts, s);
			free(s->name);
			free(s);
		}
	}
	return next;
}

static void
start_ready(struct nw_fetch *f)
{
	int64_t now = nw_clock_mono_ms(), next;
	struct timeval tv;

	if (f->nwaiting == 0 || f->stopped)
		return;
	if ((next = start_from_hosts(f, now)) == -1)
		return;
	tv = (struct timeval){(next - now) / 1000, ((next - now) % 1000) * 1000 + 500};
	event_add(f->host_timer, &tv);
}

static void
on_host_timer(evutil_socket_t fd, short what, void *cookie)
{
	(void)fd;
	(void)what;
	start_ready(cookie);
}

/* --- the station's calls --------------------------------------------------------------------------------------- */

static char *
dup_str(struct nw_str s)
{
	return s.len != 0 ? strndup(s.p, s.len) : NULL;
}

static int
add_header(struct nw_transfer *t, const char *name, struct nw_str v)
{
	struct nw_buf line = {0};
	struct curl_slist *longer;

	nw_buf_addf(&line, "%s%s%.*s", name, *name != '\0' ? ": " : "", (int)v.len, v.p);
	longer = line.failed ? NULL : curl_slist_append(t->headers, nw_buf_str(&line).p);
	nw_buf_done(&line);
	if (longer == NULL)
		return -1;
	t->headers = longer;
	return 0;
}

static int
copy_request(struct nw_transfer *t, const struct nw_request *q)
{
	t->max_bytes = q->max_bytes;
	t->timeout_ms = q->timeout_ms;
	t->legacy_tls = q->legacy_tls;
	t->cookies = q->cookies;
	t->allow_http = q->allow_http;
	t->nallow = q->nallow < NW_FETCH_ALLOW_MAX ? q->nallow : NW_FETCH_ALLOW_MAX;
	if (t->nallow != 0)
		memcpy(t->allow, q->allow, t->nallow * sizeof(t->allow[0]));
	t->url = strndup(q->url.p, q->url.len);
	t->proxy = dup_str(q->proxy);
	t->ca_file = dup_str(q->ca_file);
	if (t->url == NULL || (q->proxy.len != 0 && t->proxy == NULL) || (q->ca_file.len != 0 && t->ca_file == NULL))
		return -1;
	if ((q->etag.len != 0 && add_header(t, "If-None-Match", q->etag) == -1) ||
	    (q->last_modified.len != 0 && add_header(t, "If-Modified-Since", q->last_modified) == -1))
		return -1;
	for (uint32_t i = 0; i < q->nheaders; i++)
		if (add_header(t, "", q->headers[i]) == -1)
			return -1;
	return 0;
}

int
nw_fetch_start(struct nw_fetch *f, const struct nw_request *q, nw_fetch_fn *fn, void *cookie, struct nw_err *err)
{
	struct nw_transfer *t = calloc(1, sizeof(*t));
	struct timeval soon = {0, 0};

	if (t == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	t->fetch = f;
	t->fn = fn;
	t->cookie = cookie;
	if (copy_request(t, q) == -1 || (t->slot = slot_of(f, t->url)) == NULL) {
		nw_transfer_free(t);
		return nw_fail(err, NW_ERES, "out of memory");
	}
	if (t->slot->last != NULL)
		t->slot->last->next = t;
	else
		t->slot->first = t;
	t->slot->last = t;
	t->slot->waiting++;
	f->nwaiting++;
	event_add(f->host_timer, &soon); /* not before this returns */
	return 0;
}

void
nw_fetch_unpause(struct nw_fetch *f)
{
	f->any_paused = 0;
	for (struct nw_transfer *t = f->running, *next; t != NULL; t = next) {
		next = t->run_next;
		if (t->paused) {
			t->paused = 0;
			curl_easy_pause(t->easy, CURLPAUSE_CONT);
		}
	}
}

void
nw_fetch_body_free(struct nw_fetch *f, uint8_t *body, size_t len)
{
	free(body);
	f->bodies -= len;
	if (f->any_paused && f->bodies < NW_BODIES_MAX / 2)
		nw_fetch_unpause(f);
}

uint32_t
nw_fetch_room(const struct nw_fetch *f)
{
	uint32_t busy = f->nrunning + f->nwaiting;

	return f->stopped || f->bodies >= NW_BODIES_MAX || busy >= f->opt.max ? 0 : f->opt.max - busy;
}

uint32_t
nw_fetch_running(const struct nw_fetch *f)
{
	return f->nrunning + f->nwaiting;
}

int
nw_fetch_configure(struct nw_fetch *f, const struct nw_fetch_options *o, struct nw_err *err)
{
	char *agent = strdup(o->user_agent), *ca = o->ca_file != NULL ? strdup(o->ca_file) : NULL;
	char *proxy = o->proxy != NULL ? strdup(o->proxy) : NULL;

	if (agent == NULL || (o->ca_file != NULL && ca == NULL) || (o->proxy != NULL && proxy == NULL)) {
		free(agent);
		free(ca);
		free(proxy);
		return nw_fail(err, NW_ERES, "out of memory");
	}
	free(f->user_agent);
	free(f->ca_file);
	free(f->proxy);
	f->user_agent = agent;
	f->ca_file = ca;
	f->proxy = proxy;
	f->opt = *o;
	curl_multi_setopt(f->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)o->max);
	curl_multi_setopt(f->multi, CURLMOPT_MAXCONNECTS, (long)o->max);
	return 0;
}

struct nw_fetch *
nw_fetch_new(struct event_base *base, const struct nw_fetch_options *o, struct nw_err *err)
{
	struct nw_fetch *f = calloc(1, sizeof(*f));

	if (f == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || (f->multi = curl_multi_init()) == NULL ||
	    (f->timer = evtimer_new(base, on_timer, f)) == NULL ||
	    (f->host_timer = evtimer_new(base, on_host_timer, f)) == NULL) {
		nw_fetch_free(f);
		nw_fail(err, NW_ERES, "the fetch station does not start: out of memory");
		return NULL;
	}
	f->base = base;
	curl_multi_setopt(f->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl_multi_setopt(f->multi, CURLMOPT_SOCKETDATA, f);
	curl_multi_setopt(f->multi, CURLMOPT_TIMERFUNCTION, watch_timer);
	curl_multi_setopt(f->multi, CURLMOPT_TIMERDATA, f);
	if (nw_fetch_configure(f, o, err) == -1) {
		nw_fetch_free(f);
		return NULL;
	}
	return f;
}

void
nw_fetch_stop(struct nw_fetch *f)
{
	struct nw_host_slot *s, *tmp;
	struct nw_transfer *t;

	f->stopped = 1;
	while ((t = f->running) != NULL) {
		curl_multi_remove_handle(f->multi, t->easy);
		release_slot(t);
		curl_easy_cleanup(t->easy);
		nw_transfer_free(t);
	}
	HASH_ITER(hh, f->hosts, s, tmp) {
		while (s->first != NULL)
			nw_transfer_free(pop(s));
		HASH_DEL(f->hosts, s);
		free(s->name);
		free(s);
	}
}

void
nw_fetch_free(struct nw_fetch *f)
{
	if (f == NULL)
		return;
	if (f->multi != NULL)
		nw_fetch_stop(f);
	while (f->nidle > 0)
		curl_easy_cleanup(f->idle[--f->nidle]);
	if (f->multi != NULL)
		curl_multi_cleanup(f->multi);
	if (f->timer != NULL)
		event_free(f->timer);
	if (f->host_timer != NULL)
		event_free(f->host_timer);
	free(f->user_agent);
	free(f->ca_file);
	free(f->proxy);
	free(f);
}
