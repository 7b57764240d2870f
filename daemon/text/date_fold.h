/*
 * date_fold.h - one spelling for the words of dates: lower case, no accents, one form of Arabic letters.
 * Floor 2.  Inline, because the generator of the word table and the reader of dates must agree to the letter.
 */
#ifndef NW_TEXT_DATE_FOLD_H
#define NW_TEXT_DATE_FOLD_H

#include <stddef.h>
#include <stdint.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#define NW_DATE_FOLD_MAX 16 /* bytes one character may fold to */

static inline int
nw_date_fold_is_mark(UChar32 c)
{
	return (c >= 0x300 && c <= 0x36f) || (c >= 0x64b && c <= 0x65f) || c == 0x670 || c == 0x640;
}

/* Signs of abbreviation that stand inside words: geresh, gershayim, Devanagari's. */
static inline int
nw_date_fold_is_sign(UChar32 c)
{
	return c == 0x5f3 || c == 0x5f4 || c == 0x970;
}

/* Letters without a decomposition that people write without their stroke, and Arabic letters that vary. */
static inline UChar32
nw_date_fold_letter(UChar32 c)
{
	if (c >= 'A' && c <= 'Z')
		return c | 0x20; /* what U+0130 decomposes to */
	switch (c) {
	case 0x131:
		return 'i';
	case 0x142:
		return 'l';
	case 0xf8:
		return 'o';
	case 0x111:
		return 'd';
	case 0x649:
	case 0x64a:
		return 0x6cc;
	case 0x643:
		return 0x6a9;
	case 0x629:
		return 0x647;
	default:
		return c;
	}
}

/* Writes the folded character; 0 bytes for a mark. */
static inline size_t
nw_date_fold_char(UChar32 c, char out[NW_DATE_FOLD_MAX])
{
	int alphabet = (c >= 0xc0 && c <= 0x52f) || (c >= 0x1e00 && c <= 0x1fff) || (c >= 0x600 && c <= 0x6ff) ||
	    (c >= 0xfb50 && c <= 0xfefc);
	UErrorCode ec = U_ZERO_ERROR;
	UChar parts[24];
	int32_t n = 0, i = 0, at = 0;
	UBool bad = 0;

	if (c < 0x80) {
		out[0] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
		return 1;
	}
	if (!alphabet) {
		U8_APPEND(out, at, NW_DATE_FOLD_MAX, c, bad);
		return bad ? 0 : (size_t)at;
	}
	c = u_foldCase(c, U_FOLD_CASE_DEFAULT);
	n = unorm2_getDecomposition(unorm2_getNFKDInstance(&ec), c, parts, 24, &ec);
	if (n < 0 || U_FAILURE(ec)) {
		n = 0;
		U16_APPEND(parts, n, 24, c, bad);
	}
	while (i < n) {
		U16_NEXT(parts, i, n, c);
		if (!nw_date_fold_is_mark(c) && at + 4 <= NW_DATE_FOLD_MAX)
			U8_APPEND(out, at, NW_DATE_FOLD_MAX, nw_date_fold_letter(c), bad);
	}
	return (size_t)at;
}
#endif
