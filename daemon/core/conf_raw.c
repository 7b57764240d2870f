#include <stdlib.h>

#include "core/conf_raw.h"

int
nw_conf_raw_add(struct nw_conf_raws *r, const struct nw_conf_raw *raw)
{
	if (r->n == r->cap) {
		size_t cap = r->cap > 0 ? 2 * r->cap : 64;
		struct nw_conf_raw *item = realloc(r->item, cap * sizeof(*item));

		if (item == NULL)
			return -1;
		r->item = item;
		r->cap = cap;
	}
	r->item[r->n++] = *raw;
	return 0;
}

void
nw_conf_raws_done(struct nw_conf_raws *r)
{
	free(r->item);
	*r = (struct nw_conf_raws){0};
}
