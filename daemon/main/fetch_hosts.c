/* Each host's slots: so many transfers at once, so long between two starts; and who waits for them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "core/limits.h"
#include "core/url.h"
#include "main/fetch_own.h"

#define SWEEP_MS 1000

static struct nw_host_slot *
slot_of(struct nw_fetch *f, const char *url)
{
	struct nw_host_slot *s;
	struct nw_url u;
	char name[300];

	if (nw_url_parse(nw_str(url), &u, NULL) == -1)
		u = (struct nw_url){.scheme = NW_STR(""), .host = NW_STR("?"), .port = NW_STR("")};
	(void)snprintf(name, sizeof(name), "%.*s:%.*s%.*s", (int)(u.host.len < 260 ? u.host.len : 260),
	    u.host.p, (int)(u.port.len < 8 ? u.port.len : 8), u.port.p,
	    u.port.len == 0 ? (int)u.scheme.len : 0, u.scheme.p);
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

/* Slots with somebody waiting stand in a list, so that a turn does not look at all hosts. */
static void
list(struct nw_fetch *f, struct nw_host_slot *s)
{
	s->prev = NULL;
	s->next = f->waiting;
	if (f->waiting != NULL)
		f->waiting->prev = s;
	f->waiting = s;
}

static void
unlist(struct nw_fetch *f, struct nw_host_slot *s)
{
	if (s->prev != NULL)
		s->prev->next = s->next;
	else
		f->waiting = s->next;
	if (s->next != NULL)
		s->next->prev = s->prev;
	s->next = s->prev = NULL;
}

int
nw_fetch_wait(struct nw_transfer *t)
{
	struct nw_host_slot *s = slot_of(t->fetch, t->url);

	if (s == NULL)
		return -1;
	t->slot = s;
	t->next = NULL;
	if (s->last != NULL)
		s->last->next = t;
	else
		s->first = t;
	if (s->first == t)
		list(t->fetch, s);
	s->last = t;
	t->fetch->nwaiting++;
	return 0;
}

static struct nw_transfer *
pop(struct nw_fetch *f, struct nw_host_slot *s)
{
	struct nw_transfer *t = s->first;

	if ((s->first = t->next) == NULL) {
		s->last = NULL;
		unlist(f, s);
	}
	t->next = NULL;
	f->nwaiting--;
	return t;
}

/* The moment before which nothing starts: the longest of the gaps that the host, the last and the next one
 * ask for. */
static int64_t
may_start_ms(const struct nw_fetch *f, const struct nw_host_slot *s)
{
	uint32_t gap = f->opt.host_gap_ms;

	if (s->gap_ms > gap)
		gap = s->gap_ms;
	if (s->first != NULL && s->first->gap_ms > gap)
		gap = s->first->gap_ms;
	return s->last_ms == 0 ? 0 : s->last_ms + gap;
}

static void
sweep(struct nw_fetch *f, int64_t now_ms)
{
	struct nw_host_slot *s, *tmp;

	if (now_ms - f->swept_ms < SWEEP_MS)
		return;
	f->swept_ms = now_ms;
	HASH_ITER (hh, f->hosts, s, tmp) {
		if (s->first != NULL || s->running > 0 || may_start_ms(f, s) > now_ms)
			continue;
		HASH_DEL(f->hosts, s);
		free(s->name);
		free(s);
	}
}

int64_t
nw_fetch_start_ready(struct nw_fetch *f, int64_t now_ms)
{
	struct nw_host_slot *s, *next_slot;
	int64_t next = -1, at;

	for (s = f->waiting; s != NULL && f->nrunning < f->opt.max; s = next_slot) {
		next_slot = s->next;
		while (s->first != NULL && s->running < f->opt.host_max && f->nrunning < f->opt.max &&
		       (at = may_start_ms(f, s)) <= now_ms) {
			struct nw_transfer *t = pop(f, s);

			s->gap_ms = t->gap_ms;
			if (nw_fetch_begin(t, now_ms) == -1)
				nw_fetch_fail_to_begin(t);
		}
		if (s->first != NULL && s->running < f->opt.host_max && (at = may_start_ms(f, s)) > now_ms &&
		    (next == -1 || at < next))
			next = at;
	}
	sweep(f, now_ms);
	return next;
}

void
nw_fetch_drop_waiting(struct nw_fetch *f)
{
	struct nw_host_slot *s, *tmp;

	HASH_ITER (hh, f->hosts, s, tmp) {
		while (s->first != NULL)
			nw_transfer_free(pop(f, s));
		HASH_DEL(f->hosts, s);
		free(s->name);
		free(s);
	}
}
