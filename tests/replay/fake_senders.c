/* main/senders.h without processes: each channel answers as a scenario says, one delivery a turn of the loop. */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/frame.h"
#include "main/senders.h"
#include "play.h"

enum { DELIVERED, DEFERRED, FAILED, AMBIGUOUS }; /* Outcome.result */

struct nw_senders {
	struct event_base *base;
	struct nw_senders_ops ops;
	uint32_t busy;
};

struct hand {
	struct nw_senders *all;
	struct play_channel *channel;
};

static struct play_channel channels[PLAY_CHANNELS];
static uint32_t waiting;

struct play_channel *
play_channel(const char *name)
{
	for (size_t i = 0; i < PLAY_CHANNELS; i++) {
		struct play_channel *c = &channels[i];

		if (c->name[0] == '\0') {
			(void)snprintf(c->name, sizeof(c->name), "%s", name); /* a scenario's own */
			c->code = 250;
		}
		if (strcmp(c->name, name) == 0)
			return c;
	}
	abort(); /* a scenario of more channels than PLAY_CHANNELS */
}

void
play_senders_mark(void)
{
	for (size_t i = 0; i < PLAY_CHANNELS; i++)
		channels[i].tried = channels[i].sent = 0;
}

void
play_senders_reset(void)
{
	for (size_t i = 0; i < PLAY_CHANNELS; i++)
		free(channels[i].text);
	memset(channels, 0, sizeof(channels));
	waiting = 0;
}

uint32_t
play_senders_waiting(void)
{
	return waiting;
}

static void
remember(struct play_channel *c, const Nw__Deliver *d)
{
	struct nw_buf b = {0};
	const Nw__Message *m = d->message;

	c->tried++;
	memcpy(c->id[1], c->id[0], sizeof(c->id[1]));
	(void)snprintf(c->id[0], sizeof(c->id[0]), "%.*s", (int)d->id.len, (const char *)d->id.data);
	(void)snprintf(c->recipient, sizeof(c->recipient), "%.*s", (int)d->recipient.len, (const char *)d->recipient.data);
	nw_buf_addstr(&b, nw_pb_str(m->subject));
	nw_buf_addc(&b, '\n');
	nw_buf_addstr(&b, nw_pb_str(m->text));
	nw_buf_addstr(&b, nw_pb_str(m->html));
	nw_buf_addstr(&b, nw_pb_str(m->json));
	free(c->text);
	c->text = nw_buf_take(&b, NULL);
}

/* What the sender makes of a code: a mail server's 5xx is final, a web server's is not. */
static uint32_t
result_of(const struct play_channel *c)
{
	int is_mail = c->recipient[0] != '\0';

	if (c->ambiguous)
		return AMBIGUOUS;
	if (c->code >= 200 && c->code < 300)
		return DELIVERED;
	return (is_mail && c->code >= 500) || c->code == 410 ? FAILED : DEFERRED;
}

static void
deliver(struct nw_senders *all, struct play_channel *c, const Nw__Deliver *d)
{
	Nw__Outcome out = NW__OUTCOME__INIT;
	char text[64];

	remember(c, d);
	out.result = result_of(c);
	out.code = (uint32_t)c->code;
	out.disable = c->code == 410;
	out.retry_after_ms = c->retry_after_ms;
	(void)snprintf(text, sizeof(text), "%d as the scenario says", c->code);
	out.text = nw_pb(nw_str(text));
	c->sent += out.result == DELIVERED;
	/* what was lost after the last byte has arrived all the same */
	if (c->accepted != NULL && (out.result == DELIVERED || out.result == AMBIGUOUS))
		c->accepted(c->cookie, c->id[0], c->text);
	all->ops.done(all->ops.cookie, nw_str(c->name), nw_pb_str(d->id), c->code != 0 ? &out : NULL,
	    c->code != 0 ? NULL : "killed by signal 9", 1);
}

static void
on_turn(evutil_socket_t fd, short what, void *cookie)
{
	struct hand *h = cookie;
	struct nw_senders *all = h->all;
	struct play_channel *c = h->channel;
	struct nw_arena *arena = nw_arena_new(0);
	Nw__Channel *channel;
	Nw__Deliver *d = NULL;
	struct nw_err err;

	(void)fd;
	(void)what;
	free(h);
	waiting--;
	all->busy--;
	if (all->ops.channel(all->ops.cookie, nw_str(c->name), arena, &channel, &err) == -1) {
		all->ops.unusable(all->ops.cookie, nw_str(c->name), &err);
	} else {
		all->ops.wipe(all->ops.cookie, channel);
		if (all->ops.next(all->ops.cookie, nw_str(c->name), arena, &d) == 1) {
			deliver(all, c, d);
			nw_senders_wake(all, nw_str(c->name), 1);
		}
	}
	nw_arena_free(arena);
}

void
nw_senders_wake(struct nw_senders *all, struct nw_str name, uint32_t parallel)
{
	struct hand *h = calloc(1, sizeof(*h));
	struct timeval now = {0, 0};
	char text[PLAY_NAME];

	(void)parallel; /* one turn after another */
	(void)snprintf(text, sizeof(text), "%.*s", (int)name.len, name.p);
	*h = (struct hand){all, play_channel(text)};
	waiting++;
	all->busy++;
	if (event_base_once(all->base, -1, EV_TIMEOUT, on_turn, h, &now) == -1)
		abort();
}

struct nw_senders *
nw_senders_new(struct event_base *base, const char *program, const struct nw_senders_ops *ops, struct nw_err *err)
{
	struct nw_senders *all = calloc(1, sizeof(*all));

	(void)program;
	(void)err;
	all->base = base;
	all->ops = *ops;
	return all;
}

void
nw_senders_free(struct nw_senders *all)
{
	free(all);
}

void
nw_senders_renew(struct nw_senders *all)
{
	(void)all;
}

uint32_t
nw_senders_busy(const struct nw_senders *all)
{
	return all->busy;
}

uint32_t
nw_senders_pids(const struct nw_senders *all, int *pids_r, uint32_t n)
{
	(void)all;
	(void)pids_r;
	(void)n;
	return 0;
}
