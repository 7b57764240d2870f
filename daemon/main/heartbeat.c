#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/conf.h"
#include "core/frame.h"
#include "core/limits.h"
#include "main/heartbeat.h"
#include "main/senders.h"

#define NAME	   "heartbeat"
#define FAILS_TOLD 3 /* in a row: one lost beat is no news */

struct nw_heartbeat {
	struct nw_senders *senders;
	struct event *timer;
	struct nw_heartbeat_ops ops;
	uint32_t due, fails;
};

static const struct nw_conf_daemon *
config_of(const struct nw_heartbeat *h)
{
	return h->ops.config(h->ops.cookie);
}

/* --- what its sender asks ------------------------------------------------------------------------------------------- */

static int
give_channel(void *cookie, struct nw_str name, struct nw_arena *arena, Nw__Channel **channel_r, struct nw_err *err)
{
	const struct nw_conf_daemon *c = config_of(cookie);
	Nw__Channel *m = nw_arena_zalloc(arena, sizeof(*m));
	ProtobufCBinaryData *allow = nw_arena_array(arena, (size_t)c->fetch.nallow_private + 1, sizeof(*allow));

	(void)name; /* there is one */
	if (m == NULL || allow == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	nw__channel__init(m);
	m->version = NW_WIRE_VERSION;
	m->name = m->type = nw_pb(NW_STR(NAME));
	m->url = nw_pb(c->operator.heartbeat_url);
	m->user_agent = nw_pb(c->fetch.user_agent);
	m->ca_file = nw_pb(c->fetch.ca_file);
	m->proxy = nw_pb(c->fetch.proxy);
	for (uint32_t i = 0; i < c->fetch.nallow_private; i++)
		allow[i] = nw_pb(c->fetch.allow_private[i]);
	m->allow_private = allow;
	m->n_allow_private = c->fetch.nallow_private;
	*channel_r = m;
	return 0;
}

static void
wipe(void *cookie, Nw__Channel *c)
{
	(void)cookie;
	(void)c; /* it holds no secret but the address, which main has anyway */
}

static int
give_next(void *cookie, struct nw_str name, struct nw_arena *arena, Nw__Deliver **deliver_r)
{
	struct nw_heartbeat *h = cookie;
	Nw__Deliver *d;
	Nw__Message *m;

	(void)name;
	if (!h->due)
		return 0;
	if ((d = nw_arena_zalloc(arena, sizeof(*d))) == NULL || (m = nw_arena_zalloc(arena, sizeof(*m))) == NULL)
		return -1;
	nw__deliver__init(d);
	nw__message__init(m);
	d->id = nw_pb(NW_STR(NAME));
	d->message = m;
	h->due = 0;
	*deliver_r = d;
	return 1;
}

static void
missed(struct nw_heartbeat *h, struct nw_str why)
{
	char text[512];

	if (h->ops.beaten != NULL) {
		(void)snprintf(text, sizeof(text), "%.*s", (int)nw_utf8_cut(why, 300), why.p);
		h->ops.beaten(h->ops.cookie, text);
	}
	if (++h->fails != FAILS_TOLD)
		return;
	(void)snprintf(text, sizeof(text), "the heartbeat URL cannot be reached: %.*s; whoever watches it will think that "
	    "newswatchd is dead", (int)nw_utf8_cut(why, 300), why.p); /* cut is fine */
	h->ops.condition(h->ops.cookie, 1, text);
}

static void
on_done(void *cookie, struct nw_str name, struct nw_str id, const Nw__Outcome *m, const char *why, int started)
{
	struct nw_heartbeat *h = cookie;

	(void)name;
	(void)id;
	(void)started;
	if (m == NULL || m->result != 0) {
		missed(h, m != NULL ? nw_pb_str(m->text) : nw_str(why));
		return;
	}
	h->fails = 0;
	h->ops.condition(h->ops.cookie, 0, "the heartbeat URL is reached again");
	if (h->ops.beaten != NULL)
		h->ops.beaten(h->ops.cookie, "");
}

static void
on_unusable(void *cookie, struct nw_str name, const struct nw_err *why)
{
	(void)name;
	missed(cookie, nw_str(why->msg));
}

static void
on_ended(void *cookie, struct nw_str name, int ready)
{
	(void)cookie; /* the next beat starts another */
	(void)name;
	(void)ready;
}

static void
on_line(void *cookie, const char *line, size_t len)
{
	(void)cookie;
	nw_log_line(NW_LOG_WARNING, NAME, line, len);
}

/* --- the rhythm -------------------------------------------------------------------------------------------------------- */

static void
on_timer(evutil_socket_t fd, short what, void *cookie)
{
	struct nw_heartbeat *h = cookie;
	const struct nw_conf_daemon *c = config_of(h);
	struct timeval tv = {c->operator.heartbeat_every_s, 0};

	(void)fd;
	(void)what;
	if (c->operator.heartbeat_url.len == 0)
		return; /* until a configuration has one */
	(void)event_add(h->timer, &tv); /* fails only without memory: then the silence is noticed */
	if (!h->ops.well(h->ops.cookie))
		return;
	h->due = 1;
	nw_senders_wake(h->senders, NW_STR(NAME), 1);
}

void
nw_heartbeat_renew(struct nw_heartbeat *h)
{
	struct timeval now = {0, 0};

	nw_senders_renew(h->senders);
	(void)event_add(h->timer, &now); /* as above */
}

struct nw_heartbeat *
nw_heartbeat_new(struct event_base *base, const char *sender_program, const struct nw_heartbeat_ops *ops,
    struct nw_err *err)
{
	struct nw_heartbeat *h = calloc(1, sizeof(*h));
	struct nw_senders_ops s = {give_channel, wipe, give_next, on_done, on_unusable, on_ended, on_line, h};

	if (h == NULL || (h->timer = evtimer_new(base, on_timer, h)) == NULL) {
		free(h);
		nw_fail(err, NW_ERES, "out of memory");
		return NULL;
	}
	h->ops = *ops;
	if ((h->senders = nw_senders_new(base, sender_program, &s, err)) != NULL)
		return h;
	nw_heartbeat_free(h);
	return NULL;
}

void
nw_heartbeat_free(struct nw_heartbeat *h)
{
	if (h == NULL)
		return;
	nw_senders_free(h->senders);
	event_free(h->timer);
	free(h);
}
