/*
 * mk_fold_tables.c - prints fold_tables.c: class and folded form of every character, out of ICU's data (R3 to R6).
 * Runs at build time.  At run time no transliterator is opened, and the normaliser only for rare sequences.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "query/fold.h"

#define NCP   0x110000u
#define MULTI_MAX 65536u

static uint32_t entry[NCP];
static unsigned char multi[MULTI_MAX];
static size_t nmulti;
static const UNormalizer2 *casefold, *nfd, *nfc;
static UTransliterator *hans;

static void
check(UErrorCode code, const char *what)
{
	if (U_FAILURE(code)) {
		fprintf(stderr, "mk_fold_tables: %s: %s\n", what, u_errorName(code));
		exit(1);
	}
}

static int
in(UChar32 c, const UChar32 *set, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (set[i] == c)
			return 1;
	return 0;
}
#define IN(c, ...) in((c), (const UChar32[]){__VA_ARGS__}, sizeof((const UChar32[]){__VA_ARGS__}) / sizeof(UChar32))

static UScriptCode
script(UChar32 c)
{
	UErrorCode code = U_ZERO_ERROR;

	return uscript_getScript(c, &code);
}

/* Scripts whose marks are dropped. */
static int
drops_marks(UChar32 c)
{
	UScriptCode s = script(c);

	return s == USCRIPT_LATIN || s == USCRIPT_GREEK || s == USCRIPT_CYRILLIC || s == USCRIPT_HEBREW ||
	    s == USCRIPT_ARABIC;
}

static int
is_han(UChar32 c)
{
	UScriptCode s = script(c);

	return s == USCRIPT_HAN || s == USCRIPT_HIRAGANA || s == USCRIPT_KATAKANA || IN(c, 0x3005, 0x3007, 0x30fc, 0xff70);
}

static int
is_segmented(UChar32 c)
{
	UScriptCode s = script(c);

	return s == USCRIPT_THAI || s == USCRIPT_LAO || s == USCRIPT_KHMER;
}

static enum nw_fold_class
punctuation(UChar32 c)
{
	if (IN(c, 0x3002, 0xff01, 0xff1f, 0xff0e, 0x061f, 0x06d4, 0x0964))
		return NW_FOLD_STOP;
	if (IN(c, '!', '?', 0x2026))
		return NW_FOLD_MAYSTOP;
	if (c == '.')
		return NW_FOLD_DOT;
	if (IN(c, 0xb7, 0x2022, 0x2027, 0x30fb))
		return NW_FOLD_MIDDOT;
	switch (u_charType(c)) {
	case U_END_PUNCTUATION:
	case U_FINAL_PUNCTUATION:
		return NW_FOLD_CLOSE;
	case U_START_PUNCTUATION:
	case U_INITIAL_PUNCTUATION:
		return NW_FOLD_QUOTE;
	default:
		return IN(c, '"', '\'', 0xff02, 0xff07) ? NW_FOLD_QUOTE : NW_FOLD_SEP;
	}
}

static enum nw_fold_class
class_of(UChar32 c)
{
	int type = u_charType(c);
	uint32_t mask = U_MASK(type);

	if (IN(c, '\n', '\r', 0x85, 0x2028, 0x2029))
		return NW_FOLD_LINE;
	if (c == 0x200c || u_isUWhiteSpace(c))
		return NW_FOLD_SPACE;
	if (c == 0x640 || type == U_FORMAT_CHAR || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
		return NW_FOLD_IGN;
	if (IN(c, 0x2bc, 0x2bb)) /* apostrophes, although they count as letters */
		return NW_FOLD_SEP;
	if (IN(c, 0xff9e, 0xff9f)) /* half-width voicing marks compose with the Kana before */
		return NW_FOLD_MARK;
	if (mask & (U_GC_L_MASK | U_GC_NL_MASK | U_GC_ND_MASK | U_GC_M_MASK)) {
		if (is_segmented(c))
			return NW_FOLD_SEGMENT;
		if (mask & U_GC_M_MASK)
			return NW_FOLD_MARK;
		return is_han(c) && !(mask & U_GC_ND_MASK) ? NW_FOLD_HAN : NW_FOLD_WORD;
	}
	return punctuation(c);
}

/* NFKC and case fold, marks dropped where the script says so, composed again: to at most 64 units. */
static int32_t
normal(UChar32 c, UChar *out)
{
	UErrorCode code = U_ZERO_ERROR;
	UChar in16[2], a[64], b[64], kept[64];
	int32_t n = 0, len, i, k = 0, drop = 0;

	U16_APPEND_UNSAFE(in16, n, c);
	len = unorm2_normalize(casefold, in16, n, a, 64, &code);
	len = unorm2_normalize(nfd, a, len, b, 64, &code);
	check(code, "normalize");
	for (i = 0; i < len;) {
		UChar32 x;
		UChar32 base = k > 0 ? kept[k - 1] : 0;

		U16_NEXT(b, i, len, x);
		if (!(U_GET_GC_MASK(x) & U_GC_M_MASK))
			drop = drops_marks(x);
		else if (drop && !(x == 0x306 && base == 0x438))
			continue;
		U16_APPEND_UNSAFE(kept, k, x);
	}
	len = unorm2_normalize(nfc, kept, k, out, 64, &code);
	check(code, "compose");
	return len;
}

/* What normal forms leave apart: letters with strokes, ligatures, the Turkish i, Arabic variants, digits, Han. */
static const char *
special(UChar32 c)
{
	static const struct { UChar32 c; const char *to; } map[] = {{0xf8, "o"}, {0x142, "l"}, {0x111, "d"}, {0x127, "h"},
	    {0x153, "oe"}, {0xe6, "ae"}, {0x131, "i"}, {0x671, "ا"}, {0x649, "ي"}, {0x6cc, "ي"}, {0x6a9, "ك"}, {0x629, "ه"}};

	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (map[i].c == c)
			return map[i].to;
	return NULL;
}

static UChar32
simplified(UChar32 c)
{
	UErrorCode code = U_ZERO_ERROR;
	UChar buf[8] = {0};
	int32_t len = 0, limit, i = 0;
	UChar32 r;

	U16_APPEND_UNSAFE(buf, len, c);
	limit = len;
	utrans_transUChars(hans, buf, &len, 8, 0, &limit, &code);
	check(code, "Hant-Hans");
	U16_NEXT(buf, i, len, r);
	return i == len ? r : c;
}

static size_t
put(char *out, UChar32 c)
{
	size_t n = 0;

	U8_APPEND_UNSAFE(out, n, c);
	return n;
}

/* The folded form of c as UTF-8. */
static size_t
fold(UChar32 c, char *out)
{
	UChar u[64];
	int32_t len = normal(c, u), i = 0;
	size_t n = 0;

	while (i < len) {
		UChar32 x;
		const char *to;

		U16_NEXT(u, i, len, x);
		if ((to = special(x)) != NULL) {
			memcpy(out + n, to, strlen(to));
			n += strlen(to);
		} else if (u_charType(x) == U_DECIMAL_DIGIT_NUMBER) {
			out[n++] = (char)('0' + u_charDigitValue(x));
		} else {
			n += put(out + n, script(x) == USCRIPT_HAN ? simplified(x) : x);
		}
	}
	return n;
}

static uint32_t
mapping(UChar32 c)
{
	char out[256];
	size_t n = fold(c, out), i = 0;
	UChar32 first;

	U8_NEXT_UNSAFE(out, i, first);
	if (n != 0 && i == n)
		return ((uint32_t)first - (uint32_t)c) & 0x1fffffu;
	if (n > 255 || nmulti + n + 1 > MULTI_MAX) {
		fprintf(stderr, "mk_fold_tables: too much text\n");
		exit(1);
	}
	multi[nmulti] = (unsigned char)n;
	memcpy(multi + nmulti + 1, out, n);
	nmulti += n + 1;
	return (uint32_t)(nmulti - n - 1) | NW_FOLD_MULTI;
}

static uint32_t
mark_flags(UChar32 c)
{
	UNormalizationCheckResult qc = (UNormalizationCheckResult)u_getIntPropertyValue(c, UCHAR_NFC_QUICK_CHECK);

	return (qc != UNORM_YES || c == 0xff9e || c == 0xff9f ? NW_FOLD_MAYBE : 0) |
	    (u_getCombiningClass(c) != 0 ? NW_FOLD_HANGUL : 0) | (c == 0x345 || c == 0x306 ? NW_FOLD_DROPS : 0);
}

static uint32_t
letter_flags(UChar32 c)
{
	uint32_t e = 0;
	uint32_t mask = U_GET_GC_MASK(c);

	if (mask & (U_GC_L_MASK | U_GC_NL_MASK))
		e |= NW_FOLD_LETTER;
	if (mask & U_GC_M_MASK) /* of a segmented script */
		return mark_flags(c) & NW_FOLD_MAYBE;
	if (u_isUUppercase(c))
		e |= NW_FOLD_UPPER;
	if (u_isULowercase(c))
		e |= NW_FOLD_LOWER;
	if (drops_marks(c))
		e |= NW_FOLD_DROPS;
	if (u_getIntPropertyValue(c, UCHAR_NFC_QUICK_CHECK) == UNORM_MAYBE)
		e |= NW_FOLD_MAYBE;
	if (u_getIntPropertyValue(c, UCHAR_HANGUL_SYLLABLE_TYPE) != U_HST_NOT_APPLICABLE)
		e |= NW_FOLD_HANGUL;
	return e;
}

static uint32_t
make(UChar32 c)
{
	enum nw_fold_class k = class_of(c);
	uint32_t e = (uint32_t)k << 22;

	if (k == NW_FOLD_MARK)
		e |= mapping(c) | mark_flags(c);
	else if (k == NW_FOLD_WORD || k == NW_FOLD_HAN || k == NW_FOLD_SEGMENT)
		e |= mapping(c) | letter_flags(c);
	return e;
}

static void
print_tables(void)
{
	static uint16_t stage1[NCP >> 8];
	static uint32_t where[NCP >> 8];
	uint32_t nblock = 0;

	for (uint32_t b = 0; b < NCP >> 8; b++) {
		uint32_t k;

		for (k = 0; k < nblock && memcmp(&entry[where[k] << 8], &entry[b << 8], 256 * sizeof(entry[0])) != 0; k++)
			;
		if (k == nblock)
			where[nblock++] = b;
		stage1[b] = (uint16_t)k;
	}
	printf("#include \"query/fold.h\"\n\nconst uint16_t nw_fold_stage1[0x1100] = {");
	for (uint32_t b = 0; b < NCP >> 8; b++)
		printf("%s%u,", b % 16 == 0 ? "\n" : "", stage1[b]);
	printf("\n};\nconst uint32_t nw_fold_stage2[][256] = {\n");
	for (uint32_t k = 0; k < nblock; k++) {
		printf("{");
		for (uint32_t i = 0; i < 256; i++)
			printf("%s0x%x,", i % 12 == 0 ? "\n" : "", entry[(where[k] << 8) + i]);
		printf("},\n");
	}
	printf("};\nconst unsigned char nw_fold_multi[] = {");
	for (size_t i = 0; i < nmulti; i++)
		printf("%s%u,", i % 24 == 0 ? "\n" : "", multi[i]);
	printf("0};\n");
}

int
main(void)
{
	UErrorCode code = U_ZERO_ERROR;
	UChar id[16];

	u_uastrcpy(id, "Hant-Hans");
	hans = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
	casefold = unorm2_getNFKCCasefoldInstance(&code);
	nfd = unorm2_getNFDInstance(&code);
	nfc = unorm2_getNFCInstance(&code);
	check(code, "open");
	for (uint32_t c = 0; c < NCP; c++)
		entry[c] = c >= 0xd800 && c < 0xe000 ? (uint32_t)NW_FOLD_SEP << 22 : make((UChar32)c);
	print_tables();
	utrans_close(hans);
	return ferror(stdout) != 0 || fflush(stdout) != 0;
}
