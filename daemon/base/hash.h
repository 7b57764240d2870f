/*
 * hash.h - fast 64-bit hashes (XXH3) for tables and change detection; never for identity that outlives a release
 * (see core/digest.h for SHA-256).
 * Floor 0.
 */
#ifndef NW_BASE_HASH_H
#define NW_BASE_HASH_H

#include <newswatch/plugin.h>

uint64_t nw_hash64(const void *p, size_t len);
uint64_t nw_hash64_seed(const void *p, size_t len, uint64_t seed);
static inline uint64_t
nw_hash_str(struct nw_str s)
{
	return nw_hash64(s.p, s.len);
}
#endif
