#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "worker/deflate.h"
#include "worker/huffman.h"

static uint32_t seed;

static uint32_t
next(void)
{
	seed = seed * 1103515245u + 12345u;
	return seed >> 8;
}

/* The stream's length; its bytes come back, and it stays within its bound. */
static size_t
round_trip(const uint8_t *p, size_t n)
{
	struct nw_deflate *d = nw_deflate_new();
	uint8_t *z = malloc(nw_deflate_bound(n)), *back = malloc(n + 1);
	uLongf got = n + 1;
	size_t len;

	assert_true(d != NULL && z != NULL && back != NULL);
	(void)nw_deflate(d, (struct nw_bytes){(const uint8_t *)"what was before", 15}, z);
	len = nw_deflate(d, (struct nw_bytes){p, n}, z);
	assert_true(len <= nw_deflate_bound(n));
	assert_int_equal(uncompress(back, &got, z, len), Z_OK);
	assert_int_equal(got, n);
	if (n > 0)
		assert_memory_equal(back, p, n);
	free(back);
	free(z);
	free(d);
	return len;
}

static void
every_short_length_comes_back(void **state)
{
	static const char text[] = "abcabcabcabcabcdabcdabcdabcdaaaaaaaaaaaaaaaaaabcabcabcabcabcabcabca";

	(void)state;
	for (size_t n = 0; n < sizeof(text); n++)
		round_trip((const uint8_t *)text, n);
}

static void
every_length_of_a_repetition_comes_back(void **state)
{
	uint8_t p[800];

	(void)state;
	for (size_t len = 3; len < 300; len++) {
		seed = (uint32_t)len;
		for (size_t i = 0; i < len; i++)
			p[i] = (uint8_t)next();
		memcpy(p + len + 1, p, len);
		p[len] = '!';
		p[2 * len + 1] = '?';
		round_trip(p, 2 * len + 2);
	}
}

/* Up to the window of 32 KiB a repetition is found; beyond, no stream may name it. */
static void
distances_end_at_the_window(void **state)
{
	static const size_t distance[] = {1, 2, 3, 4, 5, 255, 256, 257, 4097, 24577, 32767, 32768, 32769, 40000, 60000};
	uint8_t *p = malloc(70000);
	size_t near = 0, far = 0;

	(void)state;
	assert_non_null(p);
	for (size_t i = 0; i < sizeof(distance) / sizeof(distance[0]); i++) {
		seed = 7;
		for (size_t k = 0; k < distance[i]; k++) /* nothing else is remembered in between */
			p[k] = (uint8_t)(k < 258 ? next() : 0);
		for (size_t k = 0; k < 258; k++)
			p[distance[i] + k] = p[k];
		near = distance[i] == 32768 ? round_trip(p, 32768 + 258) : near;
		far = distance[i] == 32769 ? round_trip(p, 32769 + 258) : far;
		round_trip(p, distance[i] + 258);
	}
	assert_true(far > near + 200); /* told twice */
	free(p);
}

static void
what_cannot_be_made_smaller_grows_by_little(void **state)
{
	size_t n = 200000;
	uint8_t *p = malloc(n);

	(void)state;
	assert_non_null(p);
	seed = 3;
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(next() >> 4);
	assert_true(round_trip(p, n) < n + 120);
	assert_true(round_trip(p, 16384) < 16384 + 20);
	assert_true(round_trip(p, 65536) < 65536 + 60);
	free(p);
}

static void
long_and_changing_texts_come_back(void **state)
{
	size_t n = 400000;
	uint8_t *p = malloc(n);

	(void)state;
	assert_non_null(p);
	seed = 5;
	memset(p, 'x', n);
	for (size_t i = 0; i < 150000; i++) /* a few letters, then others, then one alone */
		p[i] = (uint8_t)"etaoin shrdlu"[next() % 13];
	for (size_t i = 150000; i < 300000; i++)
		p[i] = (uint8_t)(0x80 + next() % 40);
	assert_true(round_trip(p, n) < n * 2 / 3);
	assert_true(round_trip(p + 300000, 100000) < 500);
	free(p);
}

/* --- codes */

/* The codes of n symbols fill all there are, none is the beginning of another, and none is too long. */
static void
check_code(const struct nw_huffman *h, uint32_t n, uint32_t max)
{
	uint32_t taken = 0;

	for (uint32_t i = 0; i < n; i++) {
		assert_true(h->len[i] <= max);
		assert_true(h->count[i] == 0 || h->len[i] > 0);
		taken += h->len[i] > 0 ? 1u << (max - h->len[i]) : 0;
		for (uint32_t k = 0; h->len[i] > 0 && k < n; k++)
			assert_false(k != i && h->len[k] >= h->len[i] &&
			    (h->code[k] & ((1u << h->len[i]) - 1)) == h->code[i]);
	}
	assert_int_equal(taken, 1u << max);
}

static void
rare_symbols_get_no_code_that_is_too_long(void **state)
{
	struct nw_huffman h = {0};
	uint32_t a = 1, b = 1, c;

	(void)state;
	for (uint32_t i = 0; i < 30; i++) { /* each as often as the two before together: the deepest tree */
		h.count[i] = a;
		c = a + b;
		a = b;
		b = c;
	}
	nw_huffman_make(&h, 30, 15);
	check_code(&h, 30, 15);
	assert_int_equal(h.len[29], 1);
	memset(h.count + 19, 0, 11 * sizeof(h.count[0]));
	nw_huffman_make(&h, 19, 7);
	check_code(&h, 19, 7);
}

static void
few_symbols_still_make_a_whole_code(void **state)
{
	struct nw_huffman h = {0};

	(void)state;
	nw_huffman_make(&h, 30, 15);
	check_code(&h, 30, 15);
	h.count[0] = 9;
	nw_huffman_make(&h, 30, 15);
	check_code(&h, 30, 15);
	h.count[0] = 0;
	h.count[29] = 9;
	nw_huffman_make(&h, 30, 15);
	check_code(&h, 30, 15);
}

static void
equal_symbols_get_equal_codes(void **state)
{
	struct nw_huffman h = {0};

	(void)state;
	for (uint32_t i = 0; i < 256; i++)
		h.count[i] = 7;
	nw_huffman_make(&h, 286, 15);
	for (uint32_t i = 0; i < 256; i++)
		assert_int_equal(h.len[i], 8);
	check_code(&h, 286, 15);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_short_length_comes_back),
	    cmocka_unit_test(every_length_of_a_repetition_comes_back),
	    cmocka_unit_test(distances_end_at_the_window),
	    cmocka_unit_test(what_cannot_be_made_smaller_grows_by_little),
	    cmocka_unit_test(long_and_changing_texts_come_back),
	    cmocka_unit_test(rare_symbols_get_no_code_that_is_too_long),
	    cmocka_unit_test(few_symbols_still_make_a_whole_code),
	    cmocka_unit_test(equal_symbols_get_equal_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
