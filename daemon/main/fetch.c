/* The station: libcurl's multi interface on libevent. */
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "core/limits.h"
#include "main/fetch_own.h"

static void start_ready(struct nw_fetch *);

/* --- driving libcurl ------------------------------------------------------------------------------------ */

static void
release_slot(struct nw_transfer *t)
{
	t->listed = 0;
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
give_back(struct nw_fetch *f, struct nw_idle handle)
{
	if (f->nidle < sizeof(f->idle) / sizeof(f->idle[0]))
		f->idle[f->nidle++] = handle;
	else
		curl_easy_cleanup(handle.easy);
}

int
nw_fetch_why_not(const struct nw_transfer *t, struct nw_err *err)
{
	if (t->refused[0] != '\0')
		return nw_fail(err, NW_EINPUT, "address %s is private: the source may allow it with allow_private", t->refused);
	return nw_fail(err, NW_ERES, "a transfer could not be started: out of memory");
}

int
nw_fetch_begin(struct nw_transfer *t, int64_t now_ms)
{
	struct nw_fetch *f = t->fetch;

	if (nw_fetch_is_refused(t))
		return -1;
	if (t->easy != NULL)
		nw_fetch_setup_hop(t);
	else if (nw_fetch_setup(t) == -1)
		return -1;
	if (curl_multi_add_handle(f->multi, t->easy) != CURLM_OK)
		return -1;
	t->slot->running++;
	t->slot->last_ms = now_ms;
	t->listed = 1;
	f->nrunning++;
	t->run_prev = NULL;
	t->run_next = f->running;
	if (f->running != NULL)
		f->running->run_prev = t;
	f->running = t;
	return 0;
}

void
nw_fetch_fail_to_begin(struct nw_transfer *t)
{
	struct nw_err err;

	(void)nw_fetch_why_not(t, &err);
	t->fn(t->cookie, NULL, &err);
	nw_transfer_free(t);
}

static void
end(struct nw_transfer *t, const struct nw_err *err)
{
	nw_fetch_report(t, err);
	if (!t->cookies) { /* a handle keeps them whatever is reset: it goes with its transfer */
		give_back(t->fetch, (struct nw_idle){t->easy, t->made});
		t->easy = NULL;
	}
	nw_transfer_free(t);
}

/* The next hop: at once where the host stays the same, else behind those who wait for the other one. */
static int
hop(struct nw_transfer *t, struct nw_err *err)
{
	struct nw_host_slot *slot = t->slot;
	double spent = 0;

	(void)curl_easy_getinfo(t->easy, CURLINFO_TOTAL_TIME, &spent); /* stays 0 */
	t->left_ms -= (int64_t)(spent * 1000);
	if (t->left_ms <= 0)
		return nw_fail(err, NW_EINPUT, "no answer in time: redirects took it all");
	nw_fetch_forget_answer(t);
	if (!t->foreign) {
		t->slot = slot;
		return nw_fetch_begin(t, nw_clock_mono_ms()) == 0 ? 0 : nw_fetch_why_not(t, err);
	}
	return nw_fetch_wait(t) == 0 ? 0 : nw_fail(err, NW_ERES, "out of memory");
}

static void
finished(struct nw_transfer *t, CURLcode result)
{
	struct nw_err err;
	int rc = nw_fetch_verdict(t, result, &err);

	curl_multi_remove_handle(t->fetch->multi, t->easy);
	release_slot(t);
	if (rc == 0 && (rc = nw_fetch_redirect(t, &err)) == 1 && (rc = hop(t, &err)) == 0)
		return;
	end(t, rc == -1 ? &err : NULL);
}

/* The messages of finished transfers; each callback may start others. */
static void
collect(struct nw_fetch *f)
{
	struct nw_transfer *t;
	CURLMsg *m;
	int left;

	while (!f->stopped && (m = curl_multi_info_read(f->multi, &left)) != NULL) {
		if (m->msg != CURLMSG_DONE)
			continue;
		(void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&t); /* set at the start */
		finished(t, m->data.result);
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

/* libcurl tells which descriptors it waits for: one persistent event each, made anew only when the direction
 * changes. */
static int
watch_socket(CURL *easy, curl_socket_t fd, int what, void *cookie, void *kept)
{
	struct nw_fetch *f = cookie;
	struct event *ev = kept;
	short want =
	    (short)((what & CURL_POLL_IN ? EV_READ : 0) | (what & CURL_POLL_OUT ? EV_WRITE : 0) | EV_PERSIST);

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

static void
start_ready(struct nw_fetch *f)
{
	int64_t now = nw_clock_mono_ms(), next;
	struct timeval tv;

	if (f->nwaiting == 0 || f->stopped || (next = nw_fetch_start_ready(f, now)) == -1)
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

/* --- the station's calls -------------------------------------------------------------------------------- */

int
nw_fetch_start(
    struct nw_fetch *f, const struct nw_request *q, nw_fetch_fn *fn, void *cookie, struct nw_err *err)
{
	struct nw_transfer *t = calloc(1, sizeof(*t));
	struct timeval soon = {0, 0};

	if (t == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	t->fetch = f;
	t->fn = fn;
	t->cookie = cookie;
	if (nw_fetch_copy_request(t, q) == -1 || nw_fetch_wait(t) == -1) {
		nw_transfer_free(t);
		return nw_fail(err, NW_ERES, "out of memory");
	}
	event_add(f->host_timer, &soon); /* not before this returns */
	return 0;
}

static void
unpause(struct nw_fetch *f)
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
		unpause(f);
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
	f->made++;
	curl_multi_setopt(f->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)o->max);
	curl_multi_setopt(f->multi, CURLMOPT_MAXCONNECTS, (long)o->max);
	return 0;
}

struct nw_fetch *
nw_fetch_new(struct event_base *base, const struct nw_fetch_options *o, struct nw_err *err)
{
	struct nw_fetch *f = calloc(1, sizeof(*f));

	if (f == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (f->multi = curl_multi_init()) == NULL || (f->timer = evtimer_new(base, on_timer, f)) == NULL ||
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
	struct nw_transfer *t;

	f->stopped = 1;
	while ((t = f->running) != NULL) {
		curl_multi_remove_handle(f->multi, t->easy);
		release_slot(t);
		nw_transfer_free(t);
	}
	nw_fetch_drop_waiting(f);
}

void
nw_fetch_free(struct nw_fetch *f)
{
	if (f == NULL)
		return;
	if (f->multi != NULL)
		nw_fetch_stop(f);
	while (f->nidle > 0)
		curl_easy_cleanup(f->idle[--f->nidle].easy);
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
