#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "core/limits.h"
#include "worker/seen.h"

struct pair {
	uint64_t key, raw;
};

struct nw_seen {
	struct nw_arena *arena;
	const uint8_t *old; /* sorted pairs, little-endian */
	size_t nold;
	struct pair now[NW_SEEN_MAX];
	size_t nnow;
};

static uint64_t
get64(const uint8_t *p)
{
	uint64_t v = 0;

	for (int i = 7; i >= 0; i--)
		v = v << 8 | p[i];
	return v;
}

static void
put64(uint8_t *p, uint64_t v)
{
	for (int i = 0; i < 8; i++, v >>= 8)
		p[i] = (uint8_t)v;
}

static struct pair
old_at(const struct nw_seen *s, size_t i)
{
	return (struct pair){get64(s->old + i * NW_SEEN_PAIR), get64(s->old + i * NW_SEEN_PAIR + 8)};
}

struct nw_seen *
nw_seen_new(struct nw_arena *a, struct nw_bytes blob)
{
	struct nw_seen *s = nw_arena_alloc(a, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->arena = a;
	s->old = blob.p;
	s->nold = blob.len % NW_SEEN_PAIR == 0 && blob.len / NW_SEEN_PAIR <= NW_SEEN_MAX ? blob.len / NW_SEEN_PAIR : 0;
	s->nnow = 0;
	return s;
}

/* The first old pair whose key is not below ${key}.  In an unsorted, forged blob just some place. */
static size_t
lower_bound(const struct nw_seen *s, uint64_t key)
{
	size_t from = 0, to = s->nold, mid;

	while (from < to) {
		mid = from + (to - from) / 2;
		if (old_at(s, mid).key < key)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

int
nw_seen_look(struct nw_seen *s, uint64_t key, uint64_t raw)
{
	int is = NW_SEEN_NEW;

	for (size_t i = lower_bound(s, key); i < s->nold && old_at(s, i).key == key; i++) {
		is = old_at(s, i).raw == raw ? NW_SEEN_SAME : NW_SEEN_CHANGED;
		if (is == NW_SEEN_SAME)
			break;
	}
	if (s->nnow < NW_SEEN_MAX)
		s->now[s->nnow++] = (struct pair){key, raw};
	return is;
}

static int
compare(const void *left, const void *right)
{
	const struct pair *a = left, *b = right;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->raw < b->raw ? -1 : a->raw > b->raw;
}

static int
has_key(const struct pair *p, size_t n, uint64_t key)
{
	size_t from = 0, to = n, mid;

	while (from < to) {
		mid = from + (to - from) / 2;
		if (p[mid].key < key)
			from = mid + 1;
		else
			to = mid;
	}
	return from < n && p[from].key == key;
}

struct nw_bytes
nw_seen_blob(struct nw_seen *s)
{
	size_t present = s->nnow, n;
	uint8_t *blob;

	qsort(s->now, present, sizeof(s->now[0]), compare);
	for (size_t i = 0; i < s->nold && s->nnow < NW_SEEN_MAX; i++)
		if (!has_key(s->now, present, old_at(s, i).key))
			s->now[s->nnow++] = old_at(s, i);
	qsort(s->now, s->nnow, sizeof(s->now[0]), compare);
	if ((blob = nw_arena_alloc(s->arena, s->nnow * NW_SEEN_PAIR)) == NULL)
		return (struct nw_bytes){NULL, 0};
	n = 0;
	for (size_t i = 0; i < s->nnow; i++) {
		if (i > 0 && compare(&s->now[i], &s->now[i - 1]) == 0)
			continue;
		put64(blob + n * NW_SEEN_PAIR, s->now[i].key);
		put64(blob + n * NW_SEEN_PAIR + 8, s->now[i].raw);
		n++;
	}
	return (struct nw_bytes){blob, n * NW_SEEN_PAIR};
}
