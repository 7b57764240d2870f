/* The words that are surely in the index's dictionary. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "index/known.h"

#define GOLDEN UINT64_C(0x9e3779b97f4a7c15)

static void
add_many(struct nw_known *k, uint64_t n, int expected)
{
	for (uint64_t i = 1; i <= n; i++)
		assert_int_equal(nw_known_add(k, i * GOLDEN), expected);
}

static void
known_words_are_told_from_new_ones(void **state)
{
	struct nw_known k = {0};

	(void)state;
	add_many(&k, 20000, 1);
	add_many(&k, 20000, 0);
	nw_known_forget(&k);
	add_many(&k, 20000, 1);
	nw_known_done(&k);
}

static void
known_words_of_few_articles_stay_when_idle(void **state)
{
	struct nw_known k = {0};

	(void)state;
	add_many(&k, 2000, 1);
	assert_int_equal(nw_known_shrink(&k), 0);
	add_many(&k, 2000, 0);
	nw_known_done(&k);
}

static void
known_words_of_many_articles_are_given_back_when_idle_and_may_come_again(void **state)
{
	struct nw_known k = {0};

	(void)state;
	assert_int_equal(nw_known_shrink(&k), 0);
	add_many(&k, 20000, 1);
	assert_int_equal(nw_known_shrink(&k), 1);
	assert_null(k.slot);
	assert_int_equal(nw_known_shrink(&k), 0);
	add_many(&k, 20000, 1);
	add_many(&k, 20000, 0);
	nw_known_done(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_words_are_told_from_new_ones),
	    cmocka_unit_test(known_words_of_few_articles_stay_when_idle),
	    cmocka_unit_test(known_words_of_many_articles_are_given_back_when_idle_and_may_come_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
