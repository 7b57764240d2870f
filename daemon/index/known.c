#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "index/known.h"

#define FIRST 4096u

static uint64_t *
find(const struct nw_known *k, uint64_t hash)
{
	uint32_t i = (uint32_t)(hash >> 32) & k->mask;

	while (k->slot[i] != 0 && k->slot[i] != hash)
		i = (i + 1) & k->mask;
	return &k->slot[i];
}

/* Twice the slots, or none of the words. */
static int
grow(struct nw_known *k)
{
	uint32_t size = k->slot == NULL ? FIRST : 2 * (k->mask + 1);
	struct nw_known wider = {.mask = size - 1, .n = k->n};

	if (size > NW_INDEX_KNOWN_MAX) {
		nw_known_forget(k);
		return 0;
	}
	if ((wider.slot = calloc(size, sizeof(*wider.slot))) == NULL)
		return -1;
	for (uint32_t i = 0; k->slot != NULL && i <= k->mask; i++)
		if (k->slot[i] != 0)
			*find(&wider, k->slot[i]) = k->slot[i];
	free(k->slot);
	*k = wider;
	return 0;
}

int
nw_known_add(struct nw_known *k, uint64_t hash)
{
	uint64_t *at;

	if ((k->slot == NULL || 4 * (uint64_t)k->n >= 3 * ((uint64_t)k->mask + 1)) && grow(k) == -1)
		return 1;
	at = find(k, hash);
	if (*at == hash)
		return 0;
	*at = hash;
	k->n++;
	return 1;
}

void
nw_known_forget(struct nw_known *k)
{
	if (k->slot != NULL)
		memset(k->slot, 0, ((size_t)k->mask + 1) * sizeof(*k->slot));
	k->n = 0;
}

int
nw_known_shrink(struct nw_known *k)
{
	if (k->slot == NULL || k->mask < FIRST)
		return 0;
	nw_known_done(k);
	return 1;
}

void
nw_known_done(struct nw_known *k)
{
	free(k->slot);
	*k = (struct nw_known){0};
}
