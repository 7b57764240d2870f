/* err: one sentence of what went wrong, never cut within a character. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/utf8.h"

static void
a_long_sentence_is_cut_between_characters(void **state)
{
	char text[NW_ERR_MAX * 2];
	struct nw_err err;

	(void)state;
	for (size_t shift = 0; shift < 3; shift++) {
		memset(text, 'x', shift);
		for (size_t i = shift; i + 3 < sizeof(text); i += 3)
			memcpy(text + i, "\xe6\x9d\xa1", 4);
		assert_int_equal(nw_fail(&err, NW_EINPUT, "%s", text), -1);
		assert_int_equal(err.code, NW_EINPUT);
		assert_true(nw_utf8_valid(err.msg, strlen(err.msg)));
		assert_string_equal(err.msg + strlen(err.msg) - 3, "...");
		assert_true(strlen(err.msg) > NW_ERR_MAX - 8);
	}
}

static void
a_short_sentence_is_whole(void **state)
{
	struct nw_err err;

	(void)state;
	assert_int_equal(nw_fail(&err, NW_ERES, "%d of %s", 2, "条"), -1);
	assert_string_equal(err.msg, "2 of 条");
	assert_int_equal(nw_fail(NULL, NW_ERES, "nobody asks"), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_long_sentence_is_cut_between_characters),
	    cmocka_unit_test(a_short_sentence_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
