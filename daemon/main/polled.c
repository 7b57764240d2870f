#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/limits.h"
#include "main/polled.h"

struct nw_polled_cache {
	struct nw_polled *often[NW_POLLED_MAX], *rare[NW_POLLED_RARE]; /* by the source's id */
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

static int
is_of(const struct nw_polled *p, struct nw_bytes options)
{
	return p != NULL && p->options.len == options.len && memcmp(p->options.p, options.p, options.len) == 0;
}

int
nw_polled_get(struct nw_polled_cache *c, int64_t source, struct nw_bytes options,
    const struct nw_conf_daemon *d, struct nw_polled **polled_r, struct nw_err *err)
{
	struct nw_polled **often = &c->often[(uint64_t)source % NW_POLLED_MAX],
			 **rare = &c->rare[(uint64_t)source % NW_POLLED_RARE], *p;

	if (is_of(*often, options)) {
		p = *often;
	} else if (is_of(*rare, options)) {
		p = *rare;
	} else {
		if ((p = unpack(options, d, err)) == NULL)
			return -1;
		if (p->source->every_s > NW_POLLED_OFTEN_S)
			often = rare;
		nw_polled_put(*often);
		*often = p;
	}
	p->holders++;
	p->tidied = 0;
	*polled_r = p;
	return 0;
}

static void
forget(struct nw_polled **slot)
{
	nw_polled_put(*slot);
	*slot = NULL;
}

static void
tidy(struct nw_polled **slot, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (slot[i] != NULL && slot[i]->tidied++ > 0)
			forget(&slot[i]);
}

void
nw_polled_tidy(struct nw_polled_cache *c)
{
	tidy(c->often, NW_POLLED_MAX);
	tidy(c->rare, NW_POLLED_RARE);
}

void
nw_polled_forget(struct nw_polled_cache *c)
{
	for (uint32_t i = 0; i < NW_POLLED_MAX; i++)
		forget(&c->often[i]);
	for (uint32_t i = 0; i < NW_POLLED_RARE; i++)
		forget(&c->rare[i]);
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
