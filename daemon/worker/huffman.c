#include "worker/huffman.h"

#include <stdlib.h>
#include <string.h>

#define SYMBOL_BITS 9
#define SYMBOL_MASK ((1u << SYMBOL_BITS) - 1)

static int
by_count(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

	return a < b ? -1 : a > b;
}

/* Symbols that occur, the rarest first, as count << SYMBOL_BITS | symbol; at least two of them. */
static uint32_t
sorted(const struct nw_huffman *h, uint32_t n, uint32_t out[NW_HUFFMAN_SYMBOLS])
{
	uint32_t k = 0;

	for (uint32_t i = 0; i < n; i++)
		if (h->count[i] != 0)
			out[k++] = h->count[i] << SYMBOL_BITS | i;
	for (uint32_t i = 0; k < 2; i++)
		if (h->count[i] == 0)
			out[k++] = i;
	qsort(out, k, sizeof(*out), by_count);
	return k;
}

/*
 * How deep each of n leaves lies in the tree that always joins the two lightest: those of the leaves and those of the
 * joined, each already in order.  depth[i] is that of leaf i.
 */
static void
depths(const uint32_t *leaf, uint32_t n, uint16_t depth[NW_HUFFMAN_SYMBOLS])
{
	uint32_t weight[NW_HUFFMAN_SYMBOLS];
	uint16_t up[2 * NW_HUFFMAN_SYMBOLS], deep[NW_HUFFMAN_SYMBOLS];
	uint32_t at = 0, old = 0;

	for (uint32_t new = 0; new + 1 < n; new++) {
		weight[new] = 0;
		for (int two = 0; two < 2; two++) {
			if (at < n && (old == new || leaf[at] >> SYMBOL_BITS <= weight[old])) {
				weight[new] += leaf[at] >> SYMBOL_BITS;
				up[at++] = (uint16_t)new;
			} else {
				weight[new] += weight[old];
				up[n + old++] = (uint16_t)new;
			}
		}
	}
	deep[n - 2] = 0; /* the root */
	for (uint32_t i = n - 2; i-- > 0;)
		deep[i] = (uint16_t)(deep[up[n + i]] + 1);
	for (uint32_t i = 0; i < n; i++)
		depth[i] = (uint16_t)(deep[up[i]] + 1);
}

/* How many codes there are of each length, none longer than max: what is too deep is hung elsewhere. */
static void
bounded(const uint16_t *depth, uint32_t n, uint32_t max, uint32_t have[NW_HUFFMAN_BITS + 1])
{
	uint32_t room = 1u << max, taken = 0, k;

	memset(have, 0, (NW_HUFFMAN_BITS + 1) * sizeof(*have));
	for (uint32_t i = 0; i < n; i++) {
		k = depth[i] < max ? depth[i] : max;
		have[k]++;
		taken += 1u << (max - k);
	}
	while (taken > room) { /* one of the longest is made a sister of a shorter one, which is made a bit longer */
		for (k = max - 1; have[k] == 0; k--)
			;
		have[k]--;
		have[k + 1] += 2;
		have[max]--;
		taken--;
	}
}

static uint16_t
reversed(uint32_t code, uint32_t len)
{
	uint32_t r = 0;

	for (; len > 0; len--, code >>= 1)
		r = r << 1 | (code & 1);
	return (uint16_t)r;
}

void
nw_huffman_make(struct nw_huffman *h, uint32_t n, uint32_t max)
{
	uint32_t order[NW_HUFFMAN_SYMBOLS], have[NW_HUFFMAN_BITS + 1], next[NW_HUFFMAN_BITS + 1], k, at = 0, code = 0;
	uint16_t depth[NW_HUFFMAN_SYMBOLS];

	k = sorted(h, n, order);
	depths(order, k, depth);
	bounded(depth, k, max, have);
	memset(h->len, 0, n);
	for (uint32_t len = max; len > 0; len--) /* the rarest have the longest */
		for (uint32_t i = 0; i < have[len]; i++)
			h->len[order[at++] & SYMBOL_MASK] = (uint8_t)len;
	for (uint32_t len = 1; len <= max; len++) {
		next[len] = code;
		code = (code + have[len]) << 1;
	}
	for (uint32_t i = 0; i < n; i++)
		h->code[i] = h->len[i] != 0 ? reversed(next[h->len[i]]++, h->len[i]) : 0;
}
