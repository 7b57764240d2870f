#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "html_check.h"
#include "text/html.h"

/* Whatever comes in, only harmless and balanced HTML comes out. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_buf b = {0};
	struct nw_str text, html;
	struct nw_err err;
	const char *why;

	nw_utf8_repair(&b, data, size);
	if (arena == NULL ||
	    nw_html_text(arena, nw_buf_str(&b), NW_STR("https://example.org/"), &text, &html, &err) != 0)
		abort();
	if ((why = html_check(html)) != NULL) {
		fprintf(stderr, "%s: %s\n", why, html.p);
		abort();
	}
	nw_buf_done(&b);
	nw_arena_free(arena);
	return 0;
}
