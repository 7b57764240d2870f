#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/frame.h"
#include "core/limits.h"
#include "main/senders.h"
#include "pool/child.h"

#define ENDING_MAX 4 /* senders that were told to end, before another idle one is */
#define READY_MS 30000 /* from start to READY */
#define END_MS	 5000  /* from the end of its work to its own end */

struct sender {
	struct nw_senders *all;
	struct sender *next;
	struct nw_child *child;
	struct event *deadline; /* of the delivery in hand, or of idleness */
	char *channel;
	char delivery[80];	/* id in hand, "" when idle */
	uint64_t request;
	uint32_t jobs;
	int ready, ending;
	int waits; /* for the place of one that is about to end; it does nothing until then */
};

struct nw_senders {
	struct event_base *base;
	char *program;
	struct nw_senders_ops ops;
	struct sender *first;
	uint32_t n, busy;
};

static void feed(struct sender *);
static void start(struct nw_senders *, struct nw_str channel, int waits);

static void
set_deadline(struct sender *s, int64_t ms)
{
	struct timeval tv = {ms / 1000, (ms % 1000) * 1000};

	(void)event_add(s->deadline, &tv); /* fails only without memory: then the child ends with its connection */
}

static struct sender *
waiting(const struct nw_senders *all, const char *channel)
{
	struct sender *s = all->first;

	while (s != NULL && !(s->waits && !s->ending && strcmp(s->channel, channel) == 0))
		s = s->next;
	return s;
}

/* One of the channel has gone, or is going: who waits for its place has it. */
static void
succeed(const struct nw_senders *all, const char *channel)
{
	struct sender *heir = waiting(all, channel);

	if (heir == NULL)
		return;
	heir->waits = 0;
	feed(heir);
}

/* It says QUIT and goes; it has 5 s for that. */
static void
end_sender(struct sender *s)
{
	s->ending = 1;
	nw_child_close(s->child);
	set_deadline(s, END_MS);
	if (!s->waits)
		succeed(s->all, s->channel);
}

static void
unlink_sender(struct sender *s)
{
	struct sender **at = &s->all->first;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	s->all->n--;
}

static void
destroy(struct sender *s)
{
	event_free(s->deadline);
	free(s->channel);
	free(s);
}

/* What is no text, or would end one, is told nowhere: the answers of a helper are as foreign as those of its server. */
static void
clean(ProtobufCBinaryData *text)
{
	if (!nw_utf8_valid(text->data, text->len))
		*text = nw_pb(NW_STR("(what it says is no text)"));
}

/* --- what a sender says ---------------------------------------------------------------------------------------- */

static void
on_outcome(struct sender *s, const Nw__Frame *f)
{
	struct nw_senders *all = s->all;

	if (s->delivery[0] == '\0' || f->id != s->request) {
		nw_child_kill(s->child, "it answered what nobody asked");
		return;
	}
	clean(&f->outcome->text);
	all->ops.done(all->ops.cookie, nw_str(s->channel), nw_str(s->delivery), f->outcome, NULL, 1);
	s->delivery[0] = '\0';
	all->busy--;
	if (s->jobs == NW_SENDER_JOBS - NW_SENDER_HEIR && all->n < NW_SENDERS_MAX && waiting(all, s->channel) == NULL)
		start(all, nw_str(s->channel), 1);
	feed(s);
}

static void
on_frame(void *cookie, struct nw_arena *arena, Nw__Frame *f)
{
	struct sender *s = cookie;
	struct nw_err err;

	if (f->kind_case == NW__FRAME__KIND_READY && !s->ready) {
		s->ready = 1;
		feed(s);
	} else if (f->kind_case == NW__FRAME__KIND_OUTCOME && s->ready) {
		on_outcome(s, f);
	} else if (f->kind_case == NW__FRAME__KIND_FAILED && !s->ready) {
		struct nw_str text;

		clean(&f->failed->text);
		text = nw_pb_str(f->failed->text);
		nw_fail(&err, NW_ECONF, "%.*s", (int)nw_utf8_cut(text, NW_ERR_MAX - 1), text.p);
		s->all->ops.unusable(s->all->ops.cookie, nw_str(s->channel), &err);
		nw_child_kill(s->child, "it refused its channel");
	} else {
		nw_child_kill(s->child, "it sent an unexpected frame");
	}
	nw_arena_free(arena);
}

static void
on_line(void *cookie, const char *line, size_t len)
{
	struct sender *s = cookie;

	s->all->ops.line(s->all->ops.cookie, line, len);
}

static void
on_end(void *cookie, const char *why)
{
	struct sender *s = cookie;
	struct nw_senders *all = s->all;

	unlink_sender(s);
	if (s->delivery[0] != '\0') {
		all->busy--;
		all->ops.done(all->ops.cookie, nw_str(s->channel), nw_str(s->delivery), NULL, why, s->ready);
	}
	all->ops.ended(all->ops.cookie, nw_str(s->channel), s->ready);
	if (!s->waits && !s->ending)
		succeed(all, s->channel);
	destroy(s);
}

static void
on_deadline(evutil_socket_t fd, short what, void *cookie)
{
	struct sender *s = cookie;

	(void)fd;
	(void)what;
	if (s->delivery[0] != '\0' || s->ending || !s->ready) {
		nw_child_kill(s->child, "no outcome within its deadline");
		return;
	}
	end_sender(s); /* idle */
}

/* --- giving it work ---------------------------------------------------------------------------------------------- */

static int
give(struct sender *s, Nw__Deliver *d)
{
	Nw__Frame f = NW__FRAME__INIT;
	struct nw_str id = nw_pb_str(d->id);

	f.id = ++s->request;
	f.kind_case = NW__FRAME__KIND_DELIVER;
	f.deliver = d;
	memcpy(s->delivery, id.p, id.len < sizeof(s->delivery) ? id.len : 0);
	s->delivery[id.len < sizeof(s->delivery) ? id.len : 0] = '\0';
	s->all->busy++;
	s->jobs++;
	set_deadline(s, NW_SENDER_MS);
	return nw_child_send(s->child, &f, NULL);
}

static void
feed(struct sender *s)
{
	struct nw_senders *all = s->all;
	struct nw_arena *arena;
	Nw__Deliver *d;
	int got = 0;

	if (!s->ready || s->delivery[0] != '\0' || s->ending)
		return;
	if (s->waits) {
		set_deadline(s, NW_SENDER_IDLE_MS);
		return;
	}
	if (s->jobs >= NW_SENDER_JOBS) {
		end_sender(s);
		return;
	}
	if ((arena = nw_arena_new(2u * NW_FRAME_SENDER_MAX)) == NULL)
		return;
	got = all->ops.next(all->ops.cookie, nw_str(s->channel), arena, &d);
	if (got == 1 && give(s, d) == -1)
		nw_child_kill(s->child, "no memory for a delivery");
	else if (got != 1)
		set_deadline(s, NW_SENDER_IDLE_MS);
	nw_arena_free(arena);
}

static int
send_channel(struct sender *s, struct nw_err *err)
{
	struct nw_senders_ops *ops = &s->all->ops;
	struct nw_arena *arena = nw_arena_new(NW_FRAME_SENDER_MAX);
	Nw__Frame f = NW__FRAME__INIT;
	Nw__Channel *c;
	int rc = -1;

	if (arena == NULL)
		return nw_fail(err, NW_ERES, "out of memory");
	if (ops->channel(ops->cookie, nw_str(s->channel), arena, &c, err) == 0) {
		f.kind_case = NW__FRAME__KIND_CHANNEL;
		f.channel = c;
		nw_child_wipe_after_send(s->child);
		rc = nw_child_send(s->child, &f, err);
		ops->wipe(ops->cookie, c);
	}
	nw_arena_free(arena);
	return rc;
}

static void
start(struct nw_senders *all, struct nw_str channel, int waits)
{
	struct nw_child_options o = {
	    .path = all->program,
	    .frame_max = NW_FRAME_SENDER_MAX,
	    .arena_max = NW_FRAME_SENDER_MAX,
	    .on_frame = on_frame,
	    .on_line = on_line,
	    .on_end = on_end,
	};
	struct sender *s = calloc(1, sizeof(*s));
	struct nw_err err;

	if (s == NULL || (s->channel = strndup(channel.p, channel.len)) == NULL ||
	    (s->deadline = evtimer_new(all->base, on_deadline, s)) == NULL) {
		if (s != NULL)
			free(s->channel);
		free(s);
		return; /* the next wake tries again */
	}
	s->all = all;
	s->waits = waits;
	o.cookie = s;
	if (nw_child_spawn(all->base, &o, &s->child, &err) == -1) {
		all->ops.unusable(all->ops.cookie, channel, &err);
		destroy(s);
		return;
	}
	s->next = all->first;
	all->first = s;
	all->n++;
	set_deadline(s, READY_MS);
	if (send_channel(s, &err) == -1) {
		all->ops.unusable(all->ops.cookie, channel, &err);
		nw_child_kill(s->child, "its channel cannot be used");
	}
}

static int
is_busy(const struct sender *s)
{
	return !s->ready || s->delivery[0] != '\0';
}

/* The senders of a channel that neither end nor wait, and how many of them are busy. */
static uint32_t
count(const struct nw_senders *all, struct nw_str channel, uint32_t *busy_r)
{
	uint32_t n = 0;

	*busy_r = 0;
	for (const struct sender *s = all->first; s != NULL; s = s->next)
		if (!s->ending && !s->waits && nw_str_is(channel, s->channel)) {
			n++;
			*busy_r += is_busy(s);
		}
	return n;
}

/* All places are taken: an idle sender gives up its own.  One that is on its way out may hang in its farewell, so a few may
 * be at once. */
static void
make_room(struct nw_senders *all)
{
	uint32_t ending = 0;

	for (struct sender *s = all->first; s != NULL; s = s->next)
		ending += s->ending != 0;
	if (ending >= ENDING_MAX)
		return;
	for (struct sender *s = all->first; s != NULL; s = s->next)
		if (!is_busy(s)) {
			end_sender(s);
			return;
		}
}

void
nw_senders_wake(struct nw_senders *all, struct nw_str channel, uint32_t parallel)
{
	uint32_t n, busy;

	for (struct sender *s = all->first, *next; s != NULL; s = next) {
		next = s->next;
		if (nw_str_is(channel, s->channel))
			feed(s);
	}
	n = count(all, channel, &busy);
	if (n >= parallel || busy < n)
		return; /* no more are allowed, or one has found nothing to do */
	if (all->n < NW_SENDERS_MAX)
		start(all, channel, 0);
	else
		make_room(all);
}

void
nw_senders_renew(struct nw_senders *all)
{
	for (struct sender *s = all->first; s != NULL; s = s->next) {
		s->jobs = NW_SENDER_JOBS;
		feed(s);
	}
}

uint32_t
nw_senders_busy(const struct nw_senders *all)
{
	uint32_t n = all->busy;

	for (const struct sender *s = all->first; s != NULL; s = s->next)
		n += !s->ready && !s->waits; /* it was started for a delivery that is due */
	return n;
}

uint32_t
nw_senders_pids(const struct nw_senders *all, int *pids_r, uint32_t n)
{
	uint32_t i = 0;

	for (const struct sender *s = all->first; s != NULL && i < n; s = s->next)
		pids_r[i++] = nw_child_pid(s->child);
	return i;
}

struct nw_senders *
nw_senders_new(struct event_base *base, const char *program, const struct nw_senders_ops *ops, struct nw_err *err)
{
	struct nw_senders *all = calloc(1, sizeof(*all));

	if (all == NULL || (all->program = strdup(program)) == NULL) {
		free(all);
		nw_fail(err, NW_ERES, "out of memory");
		return NULL;
	}
	all->base = base;
	all->ops = *ops;
	return all;
}

void
nw_senders_free(struct nw_senders *all)
{
	struct sender *s;

	if (all == NULL)
		return;
	while ((s = all->first) != NULL) {
		all->first = s->next;
		nw_child_free(s->child);
		destroy(s);
	}
	free(all->program);
	free(all);
}
