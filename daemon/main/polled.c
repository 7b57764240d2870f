#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/limits.h"
#include "main/polled.h"

struct nw_polled_cache {
	struct nw_polled *slot[NW_POLLED_MAX]; /* by the source's id */
};

void
nw_polled_put(struct nw_polled *p)
{
	if (p == NULL || --p->holders > 0)
		return;
	nw_arena_free(p->arena);
	free(p);
}

static struct nw_polled *
unpack(struct nw_bytes options, const struct nw_conf_daemon *d, struct nw_err *err)
{
	struct nw_polled *p = calloc(1, sizeof(*p));
	uint8_t *copy;

	if (p == NULL || (p->arena = nw_arena_new_small(NW_POLLED_BYTES)) == NULL ||
	    (copy = nw_arena_alloc(p->arena, options.len + 1)) == NULL) {
		nw_fail(err, NW_ERES, "out of memory");
		goto fail;
	}
	memcpy(copy, options.p, options.len);
	p->options = (struct nw_bytes){copy, options.len};
	p->holders = 1;
	if (nw_conf_source_unpack(p->arena, p->options, d, &p->source, err) == 0)
		return p;
fail:
	if (p != NULL)
		nw_arena_free(p->arena);
	free(p);
	return NULL;
}

int
nw_polled_get(struct nw_polled_cache *c, int64_t source, struct nw_bytes options,
    const struct nw_conf_daemon *d, struct nw_polled **polled_r, struct nw_err *err)
{
	struct nw_polled **slot = &c->slot[(uint64_t)source % NW_POLLED_MAX], *p = *slot;

	if (p == NULL || p->options.len != options.len || memcmp(p->options.p, options.p, options.len) != 0) {
		if ((p = unpack(options, d, err)) == NULL)
			return -1;
		nw_polled_put(*slot);
		*slot = p;
	}
	p->holders++;
	*polled_r = p;
	return 0;
}

void
nw_polled_forget(struct nw_polled_cache *c)
{
	for (uint32_t i = 0; i < NW_POLLED_MAX; i++) {
		nw_polled_put(c->slot[i]);
		c->slot[i] = NULL;
	}
}

struct nw_polled_cache *
nw_polled_new(void)
{
	return calloc(1, sizeof(struct nw_polled_cache));
}

void
nw_polled_free(struct nw_polled_cache *c)
{
	if (c == NULL)
		return;
	nw_polled_forget(c);
	free(c);
}
