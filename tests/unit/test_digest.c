#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "core/digest.h"

static const char *
hex(const uint8_t d[NW_SHA256_LEN])
{
	static char out[2 * NW_SHA256_LEN + 1];

	return nw_hex(d, NW_SHA256_LEN, out);
}

static void
digest_sha256_gives_the_published_values(void **state)
{
	uint8_t d[NW_SHA256_LEN];

	(void)state;
	nw_sha256("abc", 3, d);
	assert_string_equal(hex(d), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	nw_sha256("", 0, d);
	assert_string_equal(hex(d), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void
digest_of_parts_depends_on_where_they_are_cut(void **state)
{
	struct nw_str a[] = {NW_STR("ab"), NW_STR("c")}, b[] = {NW_STR("a"), NW_STR("bc")};
	uint8_t x[NW_SHA256_LEN], y[NW_SHA256_LEN];

	(void)state;
	nw_sha256_parts(a, 2, x);
	nw_sha256_parts(b, 2, y);
	assert_memory_not_equal(x, y, NW_SHA256_LEN);
	nw_sha256("\0\0\0\0\0\0\0\2ab\0\0\0\0\0\0\0\1c", 19, y);
	assert_memory_equal(x, y, NW_SHA256_LEN);
}

/* RFC 4231, cases 1, 2 and 6 */
static void
digest_hmac_gives_the_published_values(void **state)
{
	uint8_t d[NW_SHA256_LEN], key[131];

	(void)state;
	memset(key, 0x0b, 20);
	nw_hmac_sha256((struct nw_bytes){key, 20}, (struct nw_bytes){(const uint8_t *)"Hi There", 8}, d);
	assert_string_equal(hex(d), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	nw_hmac_sha256((struct nw_bytes){(const uint8_t *)"Jefe", 4},
	    (struct nw_bytes){(const uint8_t *)"what do ya want for nothing?", 28}, d);
	assert_string_equal(hex(d), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	nw_hmac_sha256((struct nw_bytes){key, sizeof(key)},
	    (struct nw_bytes){(const uint8_t *)"Test Using Larger Than Block-Size Key - Hash Key First", 54},
	    d);
	assert_string_equal(hex(d), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	nw_hmac_sha256((struct nw_bytes){NULL, 0}, (struct nw_bytes){(const uint8_t *)"", 0}, d);
	assert_string_equal(hex(d), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void
digest_base64_goes_there_and_back(void **state)
{
	static const char *const t[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
	    {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
	struct nw_buf b = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		nw_buf_reset(&b);
		nw_base64_add(&b, t[i][0], strlen(t[i][0]));
		assert_string_equal(nw_buf_str(&b).p, t[i][1]);
		nw_buf_reset(&b);
		assert_int_equal(nw_base64_decode(nw_str(t[i][1]), &b), 0);
		assert_string_equal(nw_buf_str(&b).p, t[i][0]);
	}
	nw_buf_done(&b);
}

static void
digest_base64_of_many_bytes_has_no_seams(void **state)
{
	size_t n = (7u << 20) + 1;
	struct nw_buf text = {0}, back = {0}, raw = {0};

	(void)state;
	assert_non_null(nw_buf_room(&raw, n));
	nw_random(raw.p, n);
	nw_base64_add(&text, raw.p, n);
	assert_int_equal(text.len, (n + 2) / 3 * 4);
	assert_int_equal(nw_base64_decode(nw_buf_str(&text), &back), 0);
	assert_int_equal(back.len, n);
	assert_memory_equal(back.p, raw.p, n);
	nw_buf_done(&raw);
	nw_buf_done(&text);
	nw_buf_done(&back);
}

static void
digest_base64_that_is_not_strict_is_refused(void **state)
{
	static const char *const bad[] = {
	    "Z", "Zg", "Zg=", "Zg==Zg==", "Zh==", "Zm9=", " Zm9v", "Zm9v\n", "Zm-v", "====", "Z===", "Zg=a"};
	struct nw_buf b = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (nw_base64_decode(nw_str(bad[i]), &b) == 0)
			fail_msg("'%s' was accepted", bad[i]);
		assert_int_equal(b.len, 0);
	}
	nw_buf_done(&b);
}

static void
digest_hex_goes_there_and_back(void **state)
{
	uint8_t raw[3] = {0, 0xab, 0xff}, back[3] = {1, 2, 3};
	char out[7];

	(void)state;
	assert_string_equal(nw_hex(raw, 3, out), "00abff");
	assert_int_equal(nw_unhex(nw_str("00aBfF"), back, 3), 0);
	assert_memory_equal(raw, back, 3);
	assert_int_equal(nw_unhex(nw_str("00ab"), back, 3), -1);
	assert_int_equal(nw_unhex(nw_str("00abfg"), back, 3), -1);
	assert_memory_equal(raw, back, 3);
}

static void
digest_random_bytes_differ(void **state)
{
	uint8_t a[16] = {0}, b[16] = {0};

	(void)state;
	nw_random(a, sizeof(a));
	nw_random(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(digest_sha256_gives_the_published_values),
	    cmocka_unit_test(digest_of_parts_depends_on_where_they_are_cut),
	    cmocka_unit_test(digest_hmac_gives_the_published_values),
	    cmocka_unit_test(digest_base64_goes_there_and_back),
	    cmocka_unit_test(digest_base64_of_many_bytes_has_no_seams),
	    cmocka_unit_test(digest_base64_that_is_not_strict_is_refused),
	    cmocka_unit_test(digest_hex_goes_there_and_back),
	    cmocka_unit_test(digest_random_bytes_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
