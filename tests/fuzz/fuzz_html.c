#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "text/html.h"

/* Text and title of any HTML are valid UTF-8 without controls. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_buf b = {0};
	struct nw_str text, title;
	struct nw_err err;

	nw_utf8_repair(&b, data, size);
	if (arena == NULL ||
	    nw_html_text(arena, nw_buf_str(&b), NW_STR("http://example.org/a/"), &text, NULL, &err) != 0 ||
	    nw_html_title(arena, nw_buf_str(&b), &title, &err) != 0)
		abort();
	if (!nw_utf8_valid(text.p, text.len) || !nw_utf8_valid(title.p, title.len) ||
	    text.p[text.len] != '\0')
		abort();
	for (size_t i = 0; i < title.len; i++)
		if ((unsigned char)title.p[i] < ' ')
			abort();
	nw_buf_done(&b);
	nw_arena_free(arena);
	return 0;
}
