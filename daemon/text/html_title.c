#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/limits.h"
#include "text/entity.h"
#include "text/flow.h"
#include "text/html.h"
#include "text/html_scan.h"
#include "text/html_tags.h"

#define ROUNDS	   3	       /* of unescaping: once by right, twice by mistake */
#define TITLE_LOOK (64u << 10) /* bytes of a title that are looked at */

/* The end of an element whose content is no text: behind its end tag, NULL if that is missing. */
static const char *
skip_element(const struct nw_html_scan *open, const char *end)
{
	struct nw_html_scan tag;
	const char *p = open->end;

	while (nw_html_scan_tag(p, end, &tag)) {
		p = tag.end;
		if (tag.closing && tag.info == open->info)
			return p;
	}
	return NULL;
}

/* Tags go, blocks and line breaks become a blank, references become characters.  Returns how much there was.
 */
static size_t
unescape(struct nw_buf *b, struct nw_str s)
{
	const char *p = s.p, *end = s.p + s.len, *behind;
	struct nw_html_scan tag;
	size_t found = 0;
	int may_skip = 1; /* an element that never ends is not searched for its end again */

	while (nw_html_scan_tag(p, end, &tag)) {
		found += 1 + nw_entity_add(b, p, tag.start);
		if (tag.info != NULL && tag.info->flags & (NW_TAG_BLOCK | NW_TAG_LINE | NW_TAG_CELL))
			nw_buf_addc(b, ' ');
		p = tag.end;
		if (!may_skip || tag.info == NULL || !(tag.info->flags & NW_TAG_SKIP) || tag.closing)
			continue;
		behind = skip_element(&tag, end);
		may_skip = behind != NULL;
		if (behind != NULL)
			p = behind;
	}
	return found + nw_entity_add(b, p, end);
}

static int
is_arabic(int32_t c)
{
	return (c >= 0x600 && c <= 0x6ff) || (c >= 0x750 && c <= 0x77f) || (c >= 0x900 && c <= 0xdff);
}

/* Joiners mean something between letters of Persian or Hindi; elsewhere content systems leave them behind. */
static void
add_without_joiners(struct nw_buf *b, struct nw_str s)
{
	static const char joiner[] = "\xe2\x80"; /* U+200C to U+200F */
	const char *p = s.p, *end = p + s.len, *at;
	size_t len;

	while ((at = memmem(p, (size_t)(end - p), joiner, 2)) != NULL) {
		int drop = end - at >= 3 && (unsigned char)at[2] >= 0x8c && (unsigned char)at[2] <= 0x8f;

		if (drop && at > s.p && at + 3 < end && is_arabic(nw_utf8_prev(s.p, at, &len)) &&
		    is_arabic(nw_utf8_next(at + 3, end, &len)))
			drop = 0;
		nw_buf_add(b, p, (size_t)(at - p) + (drop ? 0 : 2));
		p = at + (drop ? 3 : 2);
	}
	nw_buf_add(b, p, (size_t)(end - p));
}

static int
one_line(struct nw_arena *arena, struct nw_str s, struct nw_str *text_r)
{
	struct nw_flow flow;
	struct nw_buf b = {0};
	int rc = -1;

	nw_flow_init(&flow, NW_TEXT_MAX);
	nw_flow_text(&flow, s.p, s.len);
	add_without_joiners(&b, nw_buf_str(&flow.out));
	if (!b.failed && !flow.out.failed) {
		struct nw_str copy = nw_arena_dup(arena, nw_buf_str(&b));

		if (copy.p != NULL) {
			*text_r = copy;
			rc = 0;
		}
	}
	nw_buf_done(&b);
	nw_flow_done(&flow);
	return rc;
}

int
nw_html_title(struct nw_arena *arena, struct nw_str html, struct nw_str *text_r, struct nw_err *err)
{
	struct nw_buf b[2] = {{0}, {0}};
	struct nw_str s = nw_html_scan_unwrap(nw_str_or_empty(html));
	int rc;

	s.len = nw_utf8_cut(s, TITLE_LOOK);
	for (int round = 0; round < ROUNDS && (round == 0 || nw_html_scan_markup(s)); round++) {
		struct nw_buf *to = &b[round & 1];

		nw_buf_reset(to);
		if (unescape(to, s) == 0)
			break;
		s = nw_buf_str(to);
	}
	rc = one_line(arena, s, text_r);
	nw_buf_done(&b[0]);
	nw_buf_done(&b[1]);
	return rc == 0 ? 0
		       : nw_fail(err, NW_ELIMIT, "html: the title does not fit into the memory of its job");
}
