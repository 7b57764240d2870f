#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "core/limits.h"
#include "query/fold.h"

#define UNITS (4 * NW_QUERY_WORD_MAX) /* NFKC and case folding rarely make a word longer; never four times */

static void
add_mapped(struct nw_buf *b, uint32_t e, uint32_t cp)
{
	if (e & NW_FOLD_MULTI) {
		const unsigned char *m = nw_fold_multi + NW_FOLD_OFFSET(e);

		nw_buf_add(b, m + 1, m[0]);
	} else {
		nw_utf8_add(b, NW_FOLD_CHAR(e, cp));
	}
}

/* Whether the tables alone know what this character folds to after ${base} and, if it is a mark, after mark ${prev}. */
static int
is_simple(uint32_t e, uint32_t cp, uint32_t base, uint32_t base_cp, uint32_t prev)
{
	if (NW_FOLD_CLASS(e) != NW_FOLD_MARK)
		return !(e & NW_FOLD_MAYBE);
	if (e & NW_FOLD_DROPS) /* a breve makes й of и, an iota subscript is a letter */
		return cp == 0x306 && (base & NW_FOLD_DROPS) && base_cp != 0x438 && base_cp != 0x418;
	if (base & NW_FOLD_DROPS)
		return 1;
	return !(e & NW_FOLD_MAYBE) && base != 0 && !((e & prev) & NW_FOLD_HANGUL);
}

/* The table way; 0 when the word needs the normaliser (what was added is taken back). */
static int
fold_simple(struct nw_buf *out, const char *p, const char *end)
{
	size_t len0 = out->len, n;
	uint32_t base = 0, base_cp = 0, prev = 0;

	for (; p < end; p += n) {
		int32_t cp = nw_utf8_next(p, end, &n);
		uint32_t e = cp < 0 ? 0 : nw_fold_entry((uint32_t)cp);

		switch (NW_FOLD_CLASS(e)) {
		case NW_FOLD_IGN:
		case NW_FOLD_DOT:
			continue;
		case NW_FOLD_MARK:
			if (!is_simple(e, (uint32_t)cp, base, base_cp, prev))
				goto hard;
			prev = e;
			if (!(base & NW_FOLD_DROPS))
				add_mapped(out, e, (uint32_t)cp);
			continue;
		default:
			if (!is_simple(e, (uint32_t)cp, base, base_cp, prev))
				goto hard;
			base = e;
			base_cp = (uint32_t)cp;
			prev = 0;
			add_mapped(out, e, (uint32_t)cp);
		}
	}
	return 1;
hard:
	out->len = len0;
	return 0;
}

/* The word in UTF-16 without ignorables and dots; its length in units. */
static int32_t
gather(const char *p, const char *end, UChar *out, int32_t cap)
{
	int32_t n = 0;
	size_t len;

	for (; p < end; p += len) {
		int32_t cp = nw_utf8_next(p, end, &len);
		uint32_t k = cp < 0 ? NW_FOLD_IGN : NW_FOLD_CLASS(nw_fold_entry((uint32_t)cp));

		if (k == NW_FOLD_IGN || k == NW_FOLD_DOT || n + 2 > cap)
			continue;
		U16_APPEND_UNSAFE(out, n, cp);
	}
	return n;
}

/* Leave out the marks of scripts that drop them; й keeps its breve. */
static int32_t
drop_marks(UChar *s, int32_t len)
{
	int32_t i = 0, k = 0;
	UChar32 last = 0;
	int drop = 0;

	while (i < len) {
		UChar32 c;
		uint32_t e;

		U16_NEXT(s, i, len, c);
		e = nw_fold_entry((uint32_t)c);
		if (!(U_GET_GC_MASK(c) & U_GC_M_MASK))
			drop = (e & NW_FOLD_DROPS) != 0;
		else if (drop && !(c == 0x306 && last == 0x438))
			continue;
		U16_APPEND_UNSAFE(s, k, c);
		last = c;
	}
	return k;
}

/* The normaliser's way, for sequences that compose or change their order. */
static int
fold_normal(struct nw_buf *out, const char *p, const char *end)
{
	UChar a[UNITS], b[UNITS];
	UErrorCode code = U_ZERO_ERROR;
	int32_t n, i = 0;

	n = gather(p, end, a, NW_QUERY_WORD_MAX);
	n = unorm2_normalize(unorm2_getNFKCCasefoldInstance(&code), a, n, b, UNITS, &code);
	n = unorm2_normalize(unorm2_getNFDInstance(&code), b, n, a, UNITS, &code);
	if (U_FAILURE(code))
		return 0;
	n = drop_marks(a, n);
	n = unorm2_normalize(unorm2_getNFCInstance(&code), a, n, b, UNITS, &code);
	if (U_FAILURE(code))
		return 0;
	while (i < n) {
		UChar32 c;

		U16_NEXT(b, i, n, c);
		if (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_N_MASK)) /* strokes, ligatures, digits, Han */
			add_mapped(out, nw_fold_entry((uint32_t)c), (uint32_t)c);
		else
			nw_utf8_add(out, (uint32_t)c);
	}
	return 1;
}

/* A word too long for the normaliser: each character by the tables. */
static void
fold_each(struct nw_buf *out, const char *p, const char *end)
{
	uint32_t base = 0;
	size_t n;

	for (; p < end; p += n) {
		int32_t cp = nw_utf8_next(p, end, &n);
		uint32_t e = cp < 0 ? 0 : nw_fold_entry((uint32_t)cp), k = NW_FOLD_CLASS(e);

		if (k == NW_FOLD_IGN || k == NW_FOLD_DOT || (k == NW_FOLD_MARK && (base & NW_FOLD_DROPS)))
			continue;
		if (k != NW_FOLD_MARK)
			base = e;
		add_mapped(out, e, (uint32_t)cp);
	}
}

void
nw_fold_word(struct nw_buf *out, const char *p, size_t n)
{
	if (fold_simple(out, p, p + n))
		return;
	if (n > NW_QUERY_WORD_MAX || !fold_normal(out, p, p + n))
		fold_each(out, p, p + n);
}

void
nw_fold_exact(struct nw_buf *out, const char *p, size_t n, int lower)
{
	UChar a[UNITS], b[UNITS];
	UErrorCode code = U_ZERO_ERROR;
	int32_t len, i = 0;

	len = gather(p, p + (n < NW_QUERY_WORD_MAX ? n : NW_QUERY_WORD_MAX), a, UNITS);
	if (lower) {
		len = u_strToLower(b, UNITS, a, len, "", &code);
		memcpy(a, b, U_SUCCESS(code) ? (size_t)len * sizeof(a[0]) : 0);
	}
	len = unorm2_normalize(unorm2_getNFCInstance(&code), a, len, b, UNITS, &code);
	while (U_SUCCESS(code) && i < len) {
		UChar32 c;

		U16_NEXT(b, i, len, c);
		nw_utf8_add(out, (uint32_t)c);
	}
}
