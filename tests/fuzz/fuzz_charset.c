#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "text/charset.h"

/* Any bytes, with any declaration, become valid UTF-8 in a known encoding.  The first two bytes choose the
 * hints. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = {"", "text/html", "text/html; charset=gbk",
	    "text/xml; charset=\"utf-8\"", "text/html; charset=iso-2022-jp", "text/html; charset=big5",
	    "text/html; charset=shift_jis", "text/html; charset=utf-16"};
	static const char *const langs[] = {"", "zh", "ja", "ko", "ru", "th", "zh-TW", "fr"};
	struct nw_charset_hint hint = {.markup = 'h'};
	struct nw_arena *arena = nw_arena_new(0);
	struct nw_str text, name;
	struct nw_err err;

	if (size >= 2) {
		hint.content_type = nw_str(types[data[0] & 7]);
		hint.lang = nw_str(langs[data[1] & 7]);
		hint.markup = "hxj"[data[1] / 8 % 3];
		data += 2;
		size -= 2;
	}
	if (arena == NULL ||
	    nw_charset_decode(arena, (struct nw_bytes){data, size}, &hint, &text, &name, &err) != 0)
		abort();
	if (!nw_utf8_valid(text.p, text.len) || text.p[text.len] != '\0' ||
	    nw_charset_of_label(name) == NULL || strcmp(nw_charset_of_label(name), name.p) != 0)
		abort();
	nw_arena_free(arena);
	return 0;
}
