/* A configuration file of any bytes: it loads or is told, and what loads can be handed to a worker and
 * stored. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/conf.h"
#include "core/conf_files.h"
#include "core/conf_load.h"
#include "core/frame.h"

static void
pack(const struct nw_config *c, int clean)
{
	struct nw_arena *a = nw_arena_new(0), *b = nw_arena_new(0);
	struct nw_conf_run run = {.check = 1};
	Nw__Frame frame = NW__FRAME__INIT;
	struct nw_conf_source *s;
	struct nw_buf out = {0};
	struct nw_err err;
	uint32_t i;

	frame.kind_case = NW__FRAME__KIND_CONFIG;
	if (nw_conf_worker(c, &run, a, &frame.config, &err) == -1 || nw_frame_pack(&out, &frame) == -1)
		abort();
	for (i = 0; i < c->nsource; i++) {
		nw_buf_reset(&out);
		if (nw_conf_source_pack(c, c->source[i], &out) == -1)
			abort();
		if (nw_conf_source_unpack(
			b, (struct nw_bytes){(uint8_t *)out.p, out.len}, &c->daemon, &s, &err) == -1 &&
		    clean)
			abort();
	}
	nw_buf_done(&out);
	nw_arena_free(a);
	nw_arena_free(b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nw_conf_files *files = nw_conf_files_new();
	struct nw_conf_diags d = {0};
	struct nw_config *c;
	uint32_t i;

	if (files == NULL || nw_conf_files_put(files, nw_str("/fuzz/n.yaml"),
				 (struct nw_str){(const char *)data, size}, 1) == -1)
		abort();
	files->bundled = 1; /* a `file:` in it reads nothing */
	if (nw_conf_load_files(files, NW_CONF_ALONE, &c, &d, NULL) == -1)
		abort();
	for (i = 0; i < d.n; i++) {
		if (d.item[i]->text.len == 0 || d.item[i]->at.file.len == 0)
			abort();
	}
	pack(c, d.nerror == 0);
	nw_conf_shrink(c);
	nw_conf_free(c);
	nw_conf_diags_done(&d);
	return 0;
}
