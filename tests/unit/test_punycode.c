#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/str.h"
#include "core/punycode.h"

static void
punycode_of_known_hosts_is_as_registries_write_it(void **state)
{
	static const char *const t[][2] = {{"bücher.example", "xn--bcher-kva.example"},
	    {"www.München.de", "www.xn--mnchen-3ya.de"}, {"例え", "xn--r8jz45g"},
	    {"外交部.中国", "xn--tlq87w5j9b.xn--fiqs8s"}, {"россия.рф", "xn--h1alffa9f.xn--p1ai"},
	    {"مصر", "xn--wgbh1c"}, {"a中b国c", "xn--abc-v68dz61b"}, {"example.org", "example.org"}, {"", ""}};
	struct nw_buf b = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		nw_buf_reset(&b);
		assert_int_equal(nw_punycode_host(nw_str(t[i][0]), &b), 0);
		assert_string_equal(nw_buf_str(&b).p, t[i][1]);
	}
	nw_buf_done(&b);
}

static void
punycode_of_what_is_no_host_is_refused(void **state)
{
	struct nw_buf b = {0};
	char longest[200];

	(void)state;
	assert_int_equal(nw_punycode_host(nw_str("b\xff"), &b), -1);
	for (size_t i = 0; i + 3 < sizeof(longest); i += 3) {
		longest[i] = '\xe5';
		longest[i + 1] = '\xa4';
		longest[i + 2] = '\x96';
		longest[i + 3] = '\0';
	}
	assert_int_equal(nw_punycode_host(nw_str(longest), &b), -1);
	nw_buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(punycode_of_known_hosts_is_as_registries_write_it),
	    cmocka_unit_test(punycode_of_what_is_no_host_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
