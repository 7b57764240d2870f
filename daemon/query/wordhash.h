/*
 * wordhash.h - the hash of a folded word: one multiplication for most words.
 * Floor 2.  Fixed for a release, not for ever: what is stored beside it carries NW_QUERY_ENGINE_VERSION.
 */
#ifndef NW_QUERY_WORDHASH_H
#define NW_QUERY_WORDHASH_H

#include <stdint.h>
#include <string.h>

#define NW_WORDHASH_A 0x9e3779b97f4a7c15ull
#define NW_WORDHASH_B 0xd6e8feb86659fd93ull

static inline uint64_t
nw_wordhash_mix(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 wide;
	wide m = (wide)(a ^ NW_WORDHASH_A) * (b ^ NW_WORDHASH_B);

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/* Of a word of at most 16 bytes: a its first 8, b the next 8, little endian, padded with zeros (which no word holds, so
 * that the length needs no place).  Never 0. */
static inline uint64_t
nw_wordhash_short(uint64_t a, uint64_t b)
{
	uint64_t h = nw_wordhash_mix(a, b);

	return h != 0 ? h : 1;
}

static inline uint64_t
nw_wordhash(const void *p, size_t len)
{
	const unsigned char *s = p;
	uint64_t a = 0, b = 0, h = 0;
	size_t left = len;

	while (left > 16) {
		memcpy(&a, s, 8);
		memcpy(&b, s + 8, 8);
		h = nw_wordhash_mix(a ^ h, b);
		s += 16;
		left -= 16;
	}
	a = b = 0;
	memcpy(&a, s, left < 8 ? left : 8);
	if (left > 8)
		memcpy(&b, s + 8, left - 8);
	return nw_wordhash_short(a ^ h, b);
}
#endif
