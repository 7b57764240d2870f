/* The evaluator against a second one that goes by definition alone, on random expressions and texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "query_brute_check.h"

static void
run(uint64_t seed, int place, int rounds)
{
	struct nw_brute_dice dice = {.seed = seed};
	int told = 0;

	for (int i = 0; i < rounds; i++)
		told += nw_brute_check(&dice, place);
	assert_true(told > rounds / 2);
}

static void
places_yield_the_spans_of_the_definition(void **state)
{
	(void)state;
	run(1, 1, 20000);
}

static void
truths_and_near_misses_are_those_of_the_definition(void **state)
{
	(void)state;
	run(2, 0, 20000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(places_yield_the_spans_of_the_definition),
	    cmocka_unit_test(truths_and_near_misses_are_those_of_the_definition)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
