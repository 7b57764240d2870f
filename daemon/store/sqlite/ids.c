#include <stdlib.h>

#include "store/sqlite/ids.h"

int
nw_ids_add(struct nw_ids *s, int64_t id)
{
	if (s->n == s->cap) {
		size_t cap = s->cap != 0 ? 2 * s->cap : 64;
		int64_t *p = reallocarray(s->id, cap, sizeof(*p));

		if (p == NULL)
			return -1;
		s->id = p;
		s->cap = cap;
	}
	s->id[s->n++] = id;
	return 0;
}

static int
compare(const void *va, const void *vb)
{
	int64_t a = *(const int64_t *)va, b = *(const int64_t *)vb;

	return (a > b) - (a < b);
}

void
nw_ids_sort(struct nw_ids *s)
{
	if (s->n > 1)
		qsort(s->id, s->n, sizeof(*s->id), compare);
}

int
nw_ids_has(const struct nw_ids *s, int64_t id)
{
	return s->n > 0 && bsearch(&id, s->id, s->n, sizeof(*s->id), compare) != NULL;
}

void
nw_ids_done(struct nw_ids *s)
{
	free(s->id);
	*s = (struct nw_ids){0};
}
