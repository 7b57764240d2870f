/*
 * huffman.h - the shortest prefix code for symbols that occur so often, of bounded length (RFC 1951, 3.2.2).
 * Floor 4, of the worker.
 */
#ifndef NW_WORKER_HUFFMAN_H
#define NW_WORKER_HUFFMAN_H

#include <stdint.h>

#define NW_HUFFMAN_SYMBOLS 288
#define NW_HUFFMAN_BITS	   15

struct nw_huffman {
	uint32_t count[NW_HUFFMAN_SYMBOLS]; /* how often each symbol occurs; below 2^23 all together */
	uint16_t code[NW_HUFFMAN_SYMBOLS];  /* its first bit is the lowest */
	uint8_t len[NW_HUFFMAN_SYMBOLS];    /* bits; 0 where the symbol does not occur */
};

/*
 * nw_huffman_make(h, n, max):
 * does    fills code and len of the first ${n} symbols from their counts.  A symbol alone has one bit, and so has
 *         symbol 0 or 1 beside it: readers need not understand half a code.
 * limits  no code is longer than ${max} bits, NW_HUFFMAN_BITS at most; 2^max >= n.
 */
void nw_huffman_make(struct nw_huffman *, uint32_t n, uint32_t max);
#endif
