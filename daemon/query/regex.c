#include <stdlib.h>
#include <string.h>

#include <unicode/uregex.h>
#include <unicode/utext.h>

#include "base/arena.h"
#include "core/limits.h"
#include "query/phrase.h"
#include "query/regex.h"

struct nw_regex *
nw_regex_new(struct nw_str pattern, int icase)
{
	UErrorCode code = U_ZERO_ERROR;
	UParseError where;
	UText text = UTEXT_INITIALIZER;
	struct nw_regex *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->phrase = NW_PHRASE_NONE;
	utext_openUTF8(&text, pattern.p, (int64_t)pattern.len, &code);
	r->re = uregex_openUText(&text, icase ? UREGEX_CASE_INSENSITIVE : 0, &where, &code);
	utext_close(&text);
	if (U_SUCCESS(code)) {
		uregex_setTimeLimit(r->re, NW_REGEX_MS, &code); /* ICU's units are about milliseconds */
		uregex_setStackLimit(r->re, NW_REGEX_STACK, &code);
	}
	if (U_FAILURE(code)) {
		nw_regex_free(r);
		return NULL;
	}
	return r;
}

void
nw_regex_free(struct nw_regex *r)
{
	if (r == NULL)
		return;
	if (r->re != NULL)
		uregex_close(r->re);
	free(r);
}

/* The first position that ends behind byte ${at}. */
static uint32_t
position_behind(const struct nw_text *t, uint32_t at)
{
	uint32_t lo = 0, hi = t->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (t->pos[mid].off + t->pos[mid].len > at)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

static int
add(struct nw_arena *arena, struct nw_regex_out *out, uint32_t from, uint32_t to)
{
	if (out->n == out->cap) {
		uint32_t cap = out->cap == 0 ? 8 : 4 * out->cap;
		struct nw_span *v = nw_arena_alloc(arena, cap * sizeof(*v));

		if (v == NULL)
			return -1;
		if (out->n != 0)
			memcpy(v, out->v, out->n * sizeof(*v));
		out->v = v;
		out->cap = cap;
	}
	out->v[out->n++] = (struct nw_span){from, to};
	return 0;
}

/* The positions that bytes [start, end) touch; none: the match does not exist. */
static int
add_match(const struct nw_text *t, uint32_t base, struct nw_arena *arena, struct nw_regex_out *out, uint32_t start,
    uint32_t end)
{
	uint32_t from = position_behind(t, start), to;

	while (from < t->n && (t->pos[from].flags & NW_POS_PARA))
		from++;
	if (start >= end || from >= t->n || t->pos[from].off >= end)
		return 0;
	for (to = position_behind(t, end - 1); to >= t->n || t->pos[to].off >= end || (t->pos[to].flags & NW_POS_PARA);)
		to--;
	return add(arena, out, base + from, base + to);
}

int
nw_regex_find(struct nw_regex *r, const struct nw_text *t, uint32_t base, struct nw_arena *arena, struct nw_regex_out *out)
{
	UErrorCode code = U_ZERO_ERROR;
	UText text = UTEXT_INITIALIZER;
	int rc = 0;

	utext_openUTF8(&text, t->s.p, (int64_t)t->s.len, &code);
	uregex_setUText(r->re, &text, &code);
	while (U_SUCCESS(code) && rc == 0 && uregex_findNext(r->re, &code) && U_SUCCESS(code)) {
		int64_t start = uregex_start64(r->re, 0, &code), end = uregex_end64(r->re, 0, &code);

		if (U_SUCCESS(code))
			rc = add_match(t, base, arena, out, (uint32_t)start, (uint32_t)end);
	}
	code = U_ZERO_ERROR;
	uregex_setText(r->re, u"", 0, &code); /* the article goes, the regex stays */
	utext_close(&text);
	return rc;
}
