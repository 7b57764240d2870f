#include <stdlib.h>

#include "query/sentence_set.h"
#include "query/wordhash.h"

#define ROOM_MORE 256 /* sentences: most articles are compared without growing twice */

static uint64_t
hash_of(const struct nw_text *t, uint32_t i)
{
	uint32_t end = i + 1 < t->nsentence ? t->sentence[i + 1].pos : t->n;
	uint64_t h = 1;

	for (uint32_t k = t->sentence[i].pos; k < end; k++)
		if (t->hash[k] != 0)
			h = nw_wordhash_mix(h, t->hash[k]) + 1;
	return h;
}

static int
by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void
nw_sentence_set_clear(struct nw_sentence_set *set)
{
	set->n = 0;
}

int
nw_sentence_set_add(struct nw_sentence_set *set, const struct nw_text *t)
{
	if (set->n + t->nsentence > set->cap) {
		uint32_t cap = set->n + t->nsentence + ROOM_MORE;
		uint64_t *seen = realloc(set->seen, cap * sizeof(*seen));

		if (seen == NULL)
			return -1;
		set->seen = seen;
		set->cap = cap;
	}
	for (uint32_t i = 0; i < t->nsentence; i++)
		set->seen[set->n++] = hash_of(t, i);
	return 0;
}

void
nw_sentence_set_seal(struct nw_sentence_set *set)
{
	if (set->n != 0)
		qsort(set->seen, set->n, sizeof(*set->seen), by_value);
}

int
nw_sentence_set_has(const struct nw_sentence_set *set, const struct nw_text *t, uint32_t i)
{
	uint64_t h = hash_of(t, i);

	return set->n != 0 && bsearch(&h, set->seen, set->n, sizeof(h), by_value) != NULL;
}

void
nw_sentence_set_done(struct nw_sentence_set *set)
{
	free(set->seen);
	*set = (struct nw_sentence_set){0};
}
