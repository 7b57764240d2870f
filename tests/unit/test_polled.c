/* The options of sources polled lately: unpacked once, and forgotten when nobody asks for them any more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "main/polled.h"

#define DATA NW_TOP "/tests/data/conf"

struct fixture {
	struct nw_config *config;
	struct nw_buf packed;
	struct nw_polled_cache *cache;
};

static struct fixture f;

static int
setup(void **state)
{
	struct nw_conf_from from = {.path = DATA "/good.yaml", .flags = NW_CONF_ALONE};
	struct nw_conf_diags diags = {0};
	struct nw_err err;

	(void)state;
	f = (struct fixture){.cache = nw_polled_new()};
	assert_non_null(f.cache);
	assert_int_equal(nw_conf_load(&from, &f.config, &diags, &err), 0);
	nw_conf_diags_done(&diags);
	assert_int_equal(nw_conf_source_pack(f.config, nw_conf_source_find(f.config, NW_STR("a")), &f.packed), 0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	nw_polled_free(f.cache);
	nw_buf_done(&f.packed);
	nw_conf_free(f.config);
	return 0;
}

static struct nw_polled *
get(int64_t source)
{
	struct nw_bytes options = {(const uint8_t *)f.packed.p, f.packed.len};
	struct nw_polled *p;
	struct nw_err err;

	assert_int_equal(nw_polled_get(f.cache, source, options, &f.config->daemon, &p, &err), 0);
	return p;
}

static void
polled_what_is_asked_for_stays(void **state)
{
	struct nw_polled *first = get(1), *again;

	(void)state;
	for (int i = 0; i < 5; i++) {
		nw_polled_tidy(f.cache);
		assert_ptr_equal(again = get(1), first);
		nw_polled_put(again);
	}
	nw_polled_put(first);
}

static void
polled_what_nobody_asks_for_is_forgotten_and_lives_on_where_it_is_held(void **state)
{
	struct nw_polled *held = get(1), *anew;

	(void)state;
	nw_polled_tidy(f.cache);
	nw_polled_tidy(f.cache);
	assert_int_equal(held->holders, 1);
	assert_string_equal(held->source->name.p, "a");
	anew = get(1);
	assert_ptr_not_equal(anew, held);
	assert_string_equal(anew->source->name.p, "a");
	nw_polled_put(anew);
	nw_polled_put(held);
}

static void
polled_other_options_take_the_place_of_the_old(void **state)
{
	struct nw_polled *held = get(1), *other;

	(void)state;
	nw_buf_reset(&f.packed);
	assert_int_equal(nw_conf_source_pack(f.config, nw_conf_source_find(f.config, NW_STR("b")), &f.packed), 0);
	other = get(1);
	assert_string_equal(other->source->name.p, "b");
	assert_int_equal(held->holders, 1);
	nw_polled_put(other);
	nw_polled_put(held);
}

/* Two ids that share a place among the rare ones: the one asked often does not take it. */
static void
polled_sources_asked_often_have_places_of_their_own(void **state)
{
	struct nw_polled *rare, *often, *again;
	struct nw_buf other = f.packed;

	(void)state;
	rare = get(1);
	nw_polled_put(again = get(1 + NW_POLLED_RARE)); /* the same bytes: it is the one that is there */
	assert_ptr_equal(again, rare);
	f.packed = (struct nw_buf){0};
	assert_int_equal(nw_conf_source_pack(f.config, nw_conf_source_find(f.config, NW_STR("b")), &f.packed), 0);
	f.config->daemon.fetch.every_s = NW_POLLED_OFTEN_S; /* which b inherits */
	often = get(1 + NW_POLLED_RARE);
	nw_buf_done(&f.packed);
	f.packed = other;
	assert_ptr_equal(again = get(1), rare);
	assert_ptr_not_equal(often, rare);
	nw_polled_put(again);
	nw_polled_put(rare);
	nw_polled_put(often);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(polled_what_is_asked_for_stays, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		polled_what_nobody_asks_for_is_forgotten_and_lives_on_where_it_is_held, setup, teardown),
	    cmocka_unit_test_setup_teardown(polled_sources_asked_often_have_places_of_their_own, setup, teardown),
	    cmocka_unit_test_setup_teardown(polled_other_options_take_the_place_of_the_old, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
