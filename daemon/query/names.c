#include <stdlib.h>

#include "base/hash.h"
#include "base/str.h"
#include "query/names.h"

/* The slot where a name stands or would stand; cap is a power of two and never full. */
static struct nw_names_slot *
find(const struct nw_names *t, struct nw_str name)
{
	size_t i = nw_hash_str(name) & (t->cap - 1);

	while (t->slot[i].name.p != NULL && !nw_str_eq(t->slot[i].name, name))
		i = (i + 1) & (t->cap - 1);
	return &t->slot[i];
}

static int
grow(struct nw_names *t)
{
	struct nw_names bigger = {.cap = t->cap != 0 ? t->cap * 2 : 64, .n = t->n};

	if ((bigger.slot = calloc(bigger.cap, sizeof(*bigger.slot))) == NULL)
		return -1;
	for (size_t i = 0; i < t->cap; i++)
		if (t->slot[i].name.p != NULL)
			*find(&bigger, t->slot[i].name) = t->slot[i];
	free(t->slot);
	*t = bigger;
	return 0;
}

int
nw_names_put(struct nw_names *t, struct nw_str name, void *value)
{
	struct nw_names_slot *s;

	if (t->n * 2 >= t->cap && grow(t) == -1)
		return -1;
	s = find(t, name);
	if (s->name.p != NULL)
		return 0;
	*s = (struct nw_names_slot){name, value};
	t->n++;
	return 1;
}

const struct nw_names_slot *
nw_names_get(const struct nw_names *t, struct nw_str name)
{
	const struct nw_names_slot *s = t->cap != 0 ? find(t, name) : NULL;

	return s != NULL && s->name.p != NULL ? s : NULL;
}

void
nw_names_done(struct nw_names *t)
{
	free(t->slot);
	*t = (struct nw_names){0};
}
