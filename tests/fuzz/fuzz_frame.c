/* Any bytes as a frame from a worker: refused, or a batch that passes every check and packs to a frame again. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "core/batch.h"
#include "core/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

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
