#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "base/suggest.h"

static const char *
nearest(const char *word)
{
	static const char *const names[] = {"treaty-en", "treaty-zh", "sanction-en", "title", "lead"};
	struct nw_suggest s = nw_suggest_init(nw_str(word));

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		nw_suggest_offer(&s, nw_str(names[i]));
	return s.best.p;
}

static void
one_edit_and_a_swap_are_found(void **state)
{
	(void)state;
	assert_string_equal(nearest("treaty_en"), "treaty-en");
	assert_string_equal(nearest("tilte"), "title");
	assert_string_equal(nearest("headline"), "");
	assert_string_equal(nearest("TITLE"), "title");
	assert_string_equal(nearest("led"), "lead");
}

static void
the_first_of_equally_near_names_stays(void **state)
{
	(void)state;
	assert_string_equal(nearest("treaty-xx"), "treaty-en");
}

static void
a_word_without_likeness_gets_nothing(void **state)
{
	(void)state;
	assert_string_equal(nearest("zzzzzz"), "");
	assert_string_equal(nearest(""), "");
	assert_string_equal(nearest("treaty-en-treaty-en-treaty-en-treaty-en-treaty-en-treaty-en-treaty-en-"), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_edit_and_a_swap_are_found),
	    cmocka_unit_test(the_first_of_equally_near_names_stays),
	    cmocka_unit_test(a_word_without_likeness_gets_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
