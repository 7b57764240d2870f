/*
 * One probe for each place: what has the same four bytes and was seen last.  zlib looks further, at several places, and
 * spends most of its time there.
 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "worker/deflate.h"
#include "worker/huffman.h"

#define HASH_BITS   13
#define MATCH_MIN   4
#define MATCH_MAX   258
#define WINDOW	    32768
#define TOKENS_MAX  16384 /* of a block: then texts may have changed */
#define STORED_MAX  65535 /* bytes of a stored block */
#define BLOCK_EXTRA 8	  /* bytes that a stored block has beside those it stores, and some */
#define SLACK	    16	  /* bits are written eight bytes at a time */
#define END	    256	  /* symbol behind the last of a block */
#define LITERALS    286
#define DISTANCES   30
#define REPEATS	    19

/* A literal as it is, a match as its length and its distance. */
#define TOKEN(len, dist) ((uint32_t)(len) << 16 | (uint32_t)(dist))

struct nw_deflate {
	uint32_t last[1u << HASH_BITS]; /* place behind the byte where a hash was seen; 0 never */
	uint32_t token[TOKENS_MAX];
	uint32_t ntoken;
	struct nw_huffman literal, distance;
};

/* Bits on their way, the first in the lowest place. */
struct bits {
	uint64_t acc;
	uint32_t n;
	uint8_t *to;
};

static inline void
put(struct bits *b, uint64_t v, uint32_t n)
{
	b->acc |= v << b->n;
	b->n += n;
}

/* At most 7 bits stay. */
static inline void
flush(struct bits *b)
{
	uint64_t w = htole64(b->acc);

	memcpy(b->to, &w, sizeof(w));
	b->to += b->n >> 3;
	b->acc >>= b->n & ~7u;
	b->n &= 7;
}

/* --- lengths and distances as symbols (RFC 1951, 3.2.5) ------------------------------------------------------------- */

/* A value from 0 on, in ranges that double every so many symbols: its symbol, and how many bits tell the rest. */
static inline uint32_t
range_of(uint32_t v, uint32_t log2_each, uint32_t *extra_r)
{
	uint32_t high;

	if (v < (2u << log2_each)) {
		*extra_r = 0;
		return v;
	}
	high = 31 - (uint32_t)__builtin_clz(v);
	*extra_r = high - log2_each;
	return (*extra_r << log2_each) + (v >> *extra_r);
}

static inline uint32_t
length_symbol(uint32_t len, uint32_t *extra_r)
{
	if (len == MATCH_MAX) { /* has a symbol of its own */
		*extra_r = 0;
		return 285;
	}
	return 257 + range_of(len - 3, 2, extra_r);
}

static inline uint32_t
distance_symbol(uint32_t dist, uint32_t *extra_r)
{
	return range_of(dist - 1, 1, extra_r);
}

/* --- what repeats ----------------------------------------------------------------------------------------------------- */

static inline uint32_t
load32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint32_t *
slot(struct nw_deflate *d, uint32_t four)
{
	return &d->last[four * 2654435761u >> (32 - HASH_BITS)];
}

/* How many bytes from p on, max at most, are those from q on; the first four are. */
static inline uint32_t
match_length(const uint8_t *p, const uint8_t *q, uint32_t max)
{
	uint32_t n = MATCH_MIN;
	uint64_t a, b;

	for (; n + 8 <= max; n += 8) {
		memcpy(&a, p + n, 8);
		memcpy(&b, q + n, 8);
		if (a != b)
			return n + ((uint32_t)__builtin_ctzll(le64toh(a ^ b)) >> 3);
	}
	while (n < max && p[n] == q[n])
		n++;
	return n;
}

static inline void
take_literal(struct nw_deflate *d, uint8_t c)
{
	d->token[d->ntoken++] = c;
	d->literal.count[c]++;
}

static inline void
take_match(struct nw_deflate *d, uint32_t len, uint32_t dist)
{
	uint32_t extra;

	d->token[d->ntoken++] = TOKEN(len, dist);
	d->literal.count[length_symbol(len, &extra)]++;
	d->distance.count[distance_symbol(dist, &extra)]++;
}

/* The tokens of one block, from ${at} on; where it ends. */
static uint32_t
find_block(struct nw_deflate *d, struct nw_bytes in, uint32_t at)
{
	uint32_t n = (uint32_t)in.len, stop = n - at > STORED_MAX ? at + STORED_MAX : n, len, *seen, before, four;

	d->ntoken = 0;
	memset(d->literal.count, 0, sizeof(d->literal.count));
	memset(d->distance.count, 0, sizeof(d->distance.count));
	d->literal.count[END] = 1;
	while (d->ntoken < TOKENS_MAX && stop - at >= MATCH_MIN) {
		four = load32(in.p + at);
		seen = slot(d, four);
		before = *seen;
		*seen = at + 1;
		if (before == 0 || at + 1 - before > WINDOW || load32(in.p + before - 1) != four) {
			take_literal(d, in.p[at++]);
			continue;
		}
		len = match_length(in.p + at, in.p + before - 1, stop - at < MATCH_MAX ? stop - at : MATCH_MAX);
		take_match(d, len, at + 1 - before);
		at += len;
	}
	while (d->ntoken < TOKENS_MAX && at < stop)
		take_literal(d, in.p[at++]);
	return at;
}

/* --- a block ---------------------------------------------------------------------------------------------------------- */

/* The lengths of both codes, one after the other, as they are told: a length, or how often the last or 0 is repeated. */
struct told {
	uint8_t symbol[LITERALS + DISTANCES], more[LITERALS + DISTANCES];
	uint32_t n, nliteral, ndistance;
	struct nw_huffman code;
};

static void
tell(struct told *t, uint32_t symbol, uint32_t more)
{
	t->symbol[t->n] = (uint8_t)symbol;
	t->more[t->n++] = (uint8_t)more;
	t->code.count[symbol]++;
}

static void
tell_run(struct told *t, uint32_t len, uint32_t n)
{
	uint32_t k;

	for (; len == 0 && n >= 3; n -= k) {
		k = n < 138 ? n : 138;
		tell(t, k < 11 ? 17 : 18, k < 11 ? k - 3 : k - 11);
	}
	if (n == 0)
		return;
	if (len != 0) {
		tell(t, len, 0);
		n--;
	}
	for (; len != 0 && n >= 3; n -= k) {
		k = n < 6 ? n : 6;
		tell(t, 16, k - 3);
	}
	while (n-- > 0)
		tell(t, len, 0);
}

static uint32_t
used(const struct nw_huffman *h, uint32_t n, uint32_t least)
{
	while (n > least && h->len[n - 1] == 0)
		n--;
	return n;
}

static void
tell_codes(struct nw_deflate *d, struct told *t)
{
	uint8_t all[LITERALS + DISTANCES];
	uint32_t n, from, i;

	t->nliteral = used(&d->literal, LITERALS, 257);
	t->ndistance = used(&d->distance, DISTANCES, 1);
	memcpy(all, d->literal.len, t->nliteral);
	memcpy(all + t->nliteral, d->distance.len, t->ndistance);
	n = t->nliteral + t->ndistance;
	t->n = 0;
	memset(t->code.count, 0, sizeof(t->code.count));
	for (from = 0; from < n; from = i) {
		for (i = from + 1; i < n && all[i] == all[from]; i++)
			;
		tell_run(t, all[from], i - from);
	}
	nw_huffman_make(&t->code, REPEATS, 7);
}

static const uint8_t more_bits[REPEATS] = {[16] = 2, [17] = 3, [18] = 7};

static void
put_codes(struct bits *b, const struct told *t)
{
	static const uint8_t order[REPEATS] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
	uint32_t n = REPEATS, s;

	while (n > 4 && t->code.len[order[n - 1]] == 0)
		n--;
	put(b, t->nliteral - 257, 5);
	put(b, t->ndistance - 1, 5);
	put(b, n - 4, 4);
	for (uint32_t i = 0; i < n; i++) {
		flush(b);
		put(b, t->code.len[order[i]], 3);
	}
	for (uint32_t i = 0; i < t->n; i++) {
		s = t->symbol[i];
		flush(b);
		put(b, t->code.code[s], t->code.len[s]);
		put(b, t->more[i], more_bits[s]);
	}
	flush(b);
}

static void
put_tokens(struct bits *b, const struct nw_deflate *d)
{
	uint32_t t, s, extra;

	for (uint32_t i = 0; i < d->ntoken; i++) {
		t = d->token[i];
		if (t < 256) {
			put(b, d->literal.code[t], d->literal.len[t]);
		} else {
			s = length_symbol(t >> 16, &extra);
			put(b, d->literal.code[s], d->literal.len[s]);
			put(b, ((t >> 16) - 3) & ((1u << extra) - 1), extra);
			t &= 0xffff;
			s = distance_symbol(t, &extra);
			put(b, d->distance.code[s], d->distance.len[s]);
			put(b, (t - 1) & ((1u << extra) - 1), extra);
		}
		flush(b);
	}
	put(b, d->literal.code[END], d->literal.len[END]);
	flush(b);
}

/* Bits of a block that has codes of its own; those of its header are counted generously. */
static uint64_t
block_bits(const struct nw_deflate *d, const struct told *t)
{
	uint64_t n = 17 + 3 * REPEATS + 14 * (uint64_t)t->n, extra;

	for (uint32_t i = 0; i < LITERALS; i++) {
		extra = i < 265 || i == 285 ? 0 : (i - 261) / 4;
		n += d->literal.count[i] * (d->literal.len[i] + extra);
	}
	for (uint32_t i = 0; i < DISTANCES; i++)
		n += d->distance.count[i] * (d->distance.len[i] + (uint64_t)(i < 4 ? 0 : i / 2 - 1));
	return n;
}

static void
put_stored(struct bits *b, const uint8_t *p, uint32_t n)
{
	put(b, 0, 2); /* stored */
	b->n = (b->n + 7) & ~7u;
	flush(b);
	put(b, n | (uint64_t)(~n & 0xffff) << 16, 32);
	flush(b);
	memcpy(b->to, p, n);
	b->to += n;
}

static void
put_block(struct nw_deflate *d, struct bits *b, const uint8_t *p, uint32_t n, int last)
{
	struct told t;

	nw_huffman_make(&d->literal, LITERALS, 15);
	nw_huffman_make(&d->distance, DISTANCES, 15);
	tell_codes(d, &t);
	put(b, (uint64_t)last, 1);
	if (block_bits(d, &t) >= 8 * (uint64_t)n) {
		put_stored(b, p, n);
		return;
	}
	put(b, 2, 2); /* with codes of its own */
	put_codes(b, &t);
	put_tokens(b, d);
}

/* --- a document ------------------------------------------------------------------------------------------------------- */

struct nw_deflate *
nw_deflate_new(void)
{
	return malloc(sizeof(struct nw_deflate));
}

size_t
nw_deflate_bound(size_t n)
{
	return n + (n / TOKENS_MAX + 1) * BLOCK_EXTRA + 2 + 4 + SLACK;
}

size_t
nw_deflate(struct nw_deflate *d, struct nw_bytes in, uint8_t *out)
{
	struct bits b = {.to = out + 2};
	uint32_t at = 0, from, sum = htobe32((uint32_t)adler32_z(1, in.p, in.len));

	out[0] = 0x78; /* deflate with a window of 32 KiB, made fast */
	out[1] = 0x01;
	memset(d->last, 0, sizeof(d->last));
	do {
		from = at;
		at = find_block(d, in, at);
		put_block(d, &b, in.p + from, at - from, at == in.len);
	} while (at < in.len);
	b.n = (b.n + 7) & ~7u;
	flush(&b);
	memcpy(b.to, &sum, sizeof(sum));
	return (size_t)(b.to - out) + sizeof(sum);
}
