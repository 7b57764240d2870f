/*
 * ascii.h - ASCII text in blocks of 64 bytes: where its letters and digits are, and a word's hash, all at once.
 * Floor 2.  What cut.c does for most of the bytes of most texts; the results are those of the general way.
 */
#ifndef NW_QUERY_ASCII_H
#define NW_QUERY_ASCII_H

#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "query/wordhash.h"

#define NW_ASCII_BLOCK 64u

/* One bit a byte: letters and digits, bytes of other alphabets. */
struct nw_ascii_mask {
	uint64_t word, high;
};

#ifdef __SSE2__
static inline __m128i
nw_ascii_between(__m128i x, char lo, char hi)
{
	return _mm_and_si128(_mm_cmpgt_epi8(x, _mm_set1_epi8((char)(lo - 1))), _mm_cmplt_epi8(x, _mm_set1_epi8((char)(hi + 1))));
}

static inline struct nw_ascii_mask
nw_ascii_scan(const char *p)
{
	struct nw_ascii_mask m = {0, 0};

	for (int i = 0; i < 4; i++) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
		__m128i letter = nw_ascii_between(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 'z');
		__m128i word = _mm_or_si128(letter, nw_ascii_between(x, '0', '9'));

		/* a byte with its top bit set is a negative number, so it lies in neither range */
		m.word |= (uint64_t)(uint32_t)_mm_movemask_epi8(word) << (16 * i);
		m.high |= (uint64_t)(uint32_t)_mm_movemask_epi8(x) << (16 * i);
	}
	return m;
}
#else
static inline struct nw_ascii_mask
nw_ascii_scan(const char *p)
{
	struct nw_ascii_mask m = {0, 0};

	for (unsigned i = 0; i < NW_ASCII_BLOCK; i++) {
		unsigned char c = (unsigned char)p[i];

		m.high |= (uint64_t)(c >> 7) << i;
		m.word |= (uint64_t)((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z')) << i;
	}
	return m;
}
#endif

/* A word of letters and digits: its hash in lower case, whether it has letters, and whether one is small. */
struct nw_ascii_word {
	uint64_t hash;
	int letters, small;
};

static inline uint64_t
nw_ascii_load(const char *p, size_t n)
{
	uint64_t x = 0;

	memcpy(&x, p, n < 8 ? n : 8);
	return x;
}

/* ${room}: bytes that may be read from p on, at least len. */
static inline struct nw_ascii_word
nw_ascii_word(const char *p, size_t len, size_t room)
{
	const uint64_t case_bits = 0x2020202020202020ull, letter_bits = 0x4040404040404040ull;
	uint64_t h = 0, letters = 0, small = 0, a, b = 0;
	size_t left = len;

	for (; left > 16; left -= 16, room -= 16, p += 16) {
		memcpy(&a, p, 8);
		memcpy(&b, p + 8, 8);
		letters |= (a | b) & letter_bits;
		small |= ((a & (a << 1)) | (b & (b << 1))) & letter_bits;
		h = nw_wordhash_mix((a | case_bits) ^ h, b | case_bits);
	}
	b = 0;
	if (left <= 8) {
		uint64_t keep = UINT64_MAX >> (64 - 8 * left);

		if (room >= 8)
			memcpy(&a, p, 8);
		else
			a = nw_ascii_load(p, left);
		a &= keep;
		letters |= a & letter_bits;
		small |= a & (a << 1) & letter_bits;
		a |= case_bits & keep;
	} else {
		uint64_t keep = UINT64_MAX >> (64 - 8 * (left - 8));

		memcpy(&a, p, 8);
		if (room >= 16)
			memcpy(&b, p + 8, 8);
		else
			b = nw_ascii_load(p + 8, left - 8);
		b &= keep;
		letters |= (a | b) & letter_bits;
		small |= ((a & (a << 1)) | (b & (b << 1))) & letter_bits;
		a |= case_bits;
		b |= case_bits & keep;
	}
	return (struct nw_ascii_word){nw_wordhash_short(a ^ h, b), letters != 0, small != 0};
}
#endif
