#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/str.h"
#include "fake_host.h"
#include "fake_query.h"

extern const struct nw_plugin nw_plugin_tagger_places;

static int
set_up(void **state)
{
	struct fake_host *fh = fake_host_new(&nw_plugin_tagger_places);

	fake_query_attach(fh);
	fake_host_entry(fh, "RU", NW_SEV_NORMAL, "match", "(russia OR lavrov) NOTIN \"little russia\"", NULL);
	fake_host_entry(fh, "lavrov", NW_SEV_NORMAL, "match", "lavrov", "kind", "person", NULL);
	assert_int_equal(fake_host_open(fh), NW_OK);
	*state = fh;
	return 0;
}

static int
tear_down(void **state)
{
	fake_host_free(*state);
	return 0;
}

static void
tag(struct fake_host *fh, const char *body)
{
	struct nw_article a = {.size = sizeof(a), .title = NW_STR(""), .body = nw_str(body), .lang = NW_STR("en")};

	assert_int_equal(fake_host_tag(fh, &a), NW_OK);
}

static void
a_country_is_a_place_and_a_person_a_person(void **state)
{
	static const char body[] = "Mr Lavrov returned to Russia.";
	struct fake_host *fh = *state;

	tag(fh, body);
	assert_int_equal(fh->ntags, 2);
	assert_string_equal(fh->tag[0].kind.p, "place");
	assert_string_equal(fh->tag[0].name.p, "RU");
	assert_int_equal(fh->tag[0].nhits, 2);
	assert_string_equal(fh->tag[1].kind.p, "person");
	assert_string_equal(fh->tag[1].name.p, "lavrov");
	assert_int_equal(fh->tag[1].hits[0].off, (uint32_t)(strstr(body, "Lavrov") - body));
}

static void
what_only_a_negative_clause_silences_is_no_tag(void **state)
{
	tag(*state, "A quarter called Little Russia.");
	assert_int_equal(((struct fake_host *)*state)->ntags, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_country_is_a_place_and_a_person_a_person, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_only_a_negative_clause_silences_is_no_tag, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
