#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/str.h"
#include "fake_host.h"
#include "fake_query.h"

extern const struct nw_plugin nw_plugin_rule_watch;

static int
set_up(void **state)
{
	struct fake_host *fh = fake_host_new(&nw_plugin_rule_watch);

	fake_query_attach(fh);
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
match(struct fake_host *fh, const char *title, const char *body)
{
	struct nw_article a = {.size = sizeof(a), .title = nw_str(title), .body = nw_str(body), .lang = NW_STR("en"), .revision = 1};

	assert_int_equal(fake_host_match(fh, &a), NW_OK);
}

static void
each_watch_that_holds_raises_one_alert_of_its_severity(void **state)
{
	struct fake_host *fh = *state;

	fake_host_entry(fh, "a", NW_SEV_CRITICAL, "match", "treaty", NULL);
	fake_host_entry(fh, "b", NW_SEV_INFO, "match", "nothing", NULL);
	fake_host_entry(fh, "c", NW_SEV_HIGH, "match", "treaty SENT renew*", NULL);
	assert_int_equal(fake_host_open(fh), NW_OK);
	match(fh, "Talks", "They renew the treaty. The treaty stands.");
	assert_int_equal(fh->nalerts, 2);
	assert_int_equal(fh->alert[0].entry, 0);
	assert_int_equal(fh->alert[0].severity, NW_SEV_CRITICAL);
	assert_int_equal(fh->alert[0].nhits, 2);
	assert_int_equal(fh->alert[1].entry, 2);
	assert_int_equal(fh->alert[1].severity, NW_SEV_HIGH);
	assert_int_equal(fh->alert[1].near, 0);
}

static void
evidence_lies_where_it_says(void **state)
{
	static const char body[] = "They renew the treaty.";
	struct fake_host *fh = *state;
	const struct nw_hit *h;

	fake_host_entry(fh, "a", NW_SEV_NORMAL, "match", "renew PRE/2 treaty", NULL);
	assert_int_equal(fake_host_open(fh), NW_OK);
	match(fh, "", body);
	assert_int_equal(fh->nalerts, 1);
	h = &fh->alert[0].hits[0];
	assert_int_equal(h->field, NW_FIELD_BODY);
	assert_int_equal(h->len, strlen("renew the treaty"));
	assert_memory_equal(body + h->off, "renew the treaty", h->len);
	assert_int_equal(h->passage_len, sizeof(body) - 1);
}

static void
what_only_a_negative_clause_silenced_is_a_near_miss_with_its_blocker(void **state)
{
	struct fake_host *fh = *state;

	fake_host_entry(fh, "a", NW_SEV_HIGH, "match", "sanctions AND NOT football", NULL);
	assert_int_equal(fake_host_open(fh), NW_OK);
	match(fh, "", "Sanctions on a football club.");
	assert_int_equal(fh->nalerts, 1);
	assert_int_equal(fh->alert[0].near, 1);
	assert_int_equal(fh->alert[0].nhits, 1);
	assert_int_equal(fh->alert[0].nblocked, 1);
}

static void
scope_title_looks_at_the_title_alone(void **state)
{
	struct fake_host *fh = *state;

	fake_host_entry(fh, "a", NW_SEV_NORMAL, "match", "treaty", "scope", "title", NULL);
	assert_int_equal(fake_host_open(fh), NW_OK);
	match(fh, "Talks", "treaty");
	assert_int_equal(fh->nalerts, 0);
	match(fh, "Treaty", "talks");
	assert_int_equal(fh->nalerts, 1);
}

static void
a_score_is_told(void **state)
{
	struct fake_host *fh = *state;

	fake_host_entry(fh, "a", NW_SEV_NORMAL, "match", "treaty", "score", "10: renew* cap 20\n>= 10\n", NULL);
	assert_int_equal(fake_host_open(fh), NW_OK);
	match(fh, "", "They renewed the treaty.");
	assert_int_equal(fh->nalerts, 1);
	assert_int_equal(fh->alert[0].has_score, 1);
	assert_int_equal(fh->alert[0].score, 10);
	match(fh, "", "The treaty stands.");
	assert_int_equal(fh->nalerts, 0);
}

static void
all_watches_that_are_wrong_are_refused_in_one_run(void **state)
{
	struct fake_host *fh = *state;

	fake_host_entry(fh, "a", NW_SEV_NORMAL, "match", "a AND b OR c", NULL);
	fake_host_entry(fh, "b", NW_SEV_NORMAL, "match", "fine", NULL);
	fake_host_entry(fh, "c", NW_SEV_NORMAL, "lang", "en", NULL);
	assert_int_equal(fake_host_open(fh), NW_OK);
	assert_int_equal(fh->nrefusals, 2);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(each_watch_that_holds_raises_one_alert_of_its_severity),
	    T(evidence_lies_where_it_says),
	    T(what_only_a_negative_clause_silenced_is_a_near_miss_with_its_blocker),
	    T(scope_title_looks_at_the_title_alone),
	    T(a_score_is_told),
	    T(all_watches_that_are_wrong_are_refused_in_one_run),
	};

	return cmocka_run_group_tests_name("rule-watch", tests, NULL, NULL);
}
