#include <stdlib.h>

#include "base/hash.h"
#include "base/str.h"
#include "core/conf_names.h"

/* The slot of a name, or the free one where it belongs. */
static struct nw_conf_names_slot *
slot_of(const struct nw_conf_names *t, struct nw_str name)
{
	size_t i = (size_t)nw_hash_str(name) & (t->cap - 1);

	while (t->slot[i].used && !nw_str_eq(t->slot[i].name, name))
		i = (i + 1) & (t->cap - 1);
	return &t->slot[i];
}

static int
grow(struct nw_conf_names *t)
{
	struct nw_conf_names bigger = {.n = t->n, .cap = t->cap > 0 ? 2 * t->cap : 256};
	size_t i;

	bigger.slot = calloc(bigger.cap, sizeof(*bigger.slot));
	if (bigger.slot == NULL)
		return -1;
	for (i = 0; i < t->cap; i++) {
		if (t->slot[i].used)
			*slot_of(&bigger, t->slot[i].name) = t->slot[i];
	}
	free(t->slot);
	*t = bigger;
	return 0;
}

int
nw_conf_names_add(struct nw_conf_names *t, struct nw_str name, uint32_t index, uint32_t *index_r)
{
	struct nw_conf_names_slot *s;

	if (2 * t->n >= t->cap && grow(t) == -1)
		return -1;
	s = slot_of(t, name);
	if (s->used) {
		*index_r = s->index;
		return 0;
	}
	*s = (struct nw_conf_names_slot){name, index, 1};
	t->n++;
	return 1;
}

int64_t
nw_conf_names_find(const struct nw_conf_names *t, struct nw_str name)
{
	const struct nw_conf_names_slot *s;

	if (t->cap == 0)
		return -1;
	s = slot_of(t, name);
	return s->used ? (int64_t)s->index : -1;
}

void
nw_conf_names_done(struct nw_conf_names *t)
{
	free(t->slot);
	*t = (struct nw_conf_names){0};
}
