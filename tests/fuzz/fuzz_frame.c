/*
 * Any bytes as a frame from a worker: refused, or a batch that passes every check and packs to a frame again.  Articles
 * put aside as parts of an answer come back as they were.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "core/batch.h"
#include "core/frame.h"
#include "core/limits.h"
#include "core/parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Packed, to be compared. */
static struct nw_str
packed(struct nw_arena *a, const Nw__Article *article)
{
	size_t n = nw__article__get_packed_size(article);
	uint8_t *p = nw_arena_alloc(a, n);

	if (p == NULL)
		abort();
	(void)nw__article__pack(article, p); /* as long as measured */
	return (struct nw_str){(const char *)p, n};
}

static void
put_aside(const Nw__Batch *m)
{
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_err err;
	struct nw_parts *parts = nw_parts_new(&err);
	Nw__Batch all = *m;
	struct nw_str was, is;
	const Nw__Article *a;

	if (arena == NULL || parts == NULL)
		abort();
	for (int twice = 0; twice < 2; twice++)
		if (nw_parts_add(parts, m, &err) == -1)
			abort();
	nw_parts_heads(parts, &all);
	for (size_t i = 0; i < all.n_articles; i++) {
		if ((a = nw_parts_article(parts, i, &err)) == NULL)
			abort();
		was = packed(arena, m->articles[i % m->n_articles]);
		is = packed(arena, a);
		if (was.len != is.len || memcmp(was.p, is.p, is.len) != 0)
			abort();
	}
	nw_parts_free(parts);
	nw_arena_free(arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct nw_arena *arena = nw_arena_new(8u << 20), *again = nw_arena_new(16u << 20);
	struct nw_buf b = {0};
	struct nw_err err;
	Nw__Frame *f, *g;

	if (arena == NULL || again == NULL)
		abort();
	if (nw_frame_unpack(arena, (struct nw_bytes){p, n}, &f, &err) == 0) {
		if (f->kind_case == NW__FRAME__KIND_DONE)
			(void)nw_batch_check(f->done, &err); /* whether it passes is the input's matter */
		if (f->kind_case == NW__FRAME__KIND_MORE && nw_batch_check_part(f->more, &err) == 0 &&
		    f->more->n_articles <= NW_ITEMS_MAX / 2)
			put_aside(f->more);
		if (nw_frame_pack(&b, f) == -1 ||
		    nw_frame_unpack(again, (struct nw_bytes){(const uint8_t *)b.p + NW_FRAME_HEAD, b.len - NW_FRAME_HEAD}, &g,
			&err) == -1 ||
		    g->kind_case != f->kind_case)
			abort();
	}
	nw_buf_done(&b);
	nw_arena_free(arena);
	nw_arena_free(again);
	return 0;
}
