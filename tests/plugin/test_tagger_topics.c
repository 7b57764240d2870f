#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/str.h"
#include "fake_host.h"
#include "fake_query.h"

extern const struct nw_plugin nw_plugin_tagger_topics;

static int
set_up(void **state)
{
	struct fake_host *fh = fake_host_new(&nw_plugin_tagger_topics);

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
tag(struct fake_host *fh, const char *body)
{
	struct nw_article a = {.size = sizeof(a), .title = NW_STR(""), .body = nw_str(body), .lang = NW_STR("en")};

	assert_int_equal(fake_host_tag(fh, &a), NW_OK);
}

static void
open_sanctions(struct fake_host *fh)
{
	fake_host_entry(fh, "sanctions", NW_SEV_NORMAL, "match", "sanctions", "news", "sanctions NEAR/5 impose*", "stance",
	    "sanctions SENT oppose*", NULL);
	assert_int_equal(fake_host_open(fh), NW_OK);
}

static void
a_topic_that_does_not_hold_gives_no_tag(void **state)
{
	open_sanctions(*state);
	tag(*state, "They imposed a fee.");
	assert_int_equal(((struct fake_host *)*state)->ntags, 0);
}

static void
news_comes_before_stance_and_stance_before_mention(void **state)
{
	static const struct {
		const char *body, *cls;
	} want[] = {
	    {"The ministry imposed sanctions. Others oppose sanctions.", "news"},
	    {"Both oppose unilateral sanctions.", "stance"},
	    {"The sanctions committee met.", "mention"},
	};
	struct fake_host *fh = *state;

	open_sanctions(fh);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		tag(fh, want[i].body);
		assert_int_equal(fh->ntags, 1);
		assert_string_equal(fh->tag[0].name.p, "sanctions");
		assert_string_equal(fh->tag[0].cls.p, want[i].cls);
		assert_true(fh->tag[0].nhits > 0);
	}
}

static void
news_is_news_only_in_its_setting_whose_words_are_no_evidence(void **state)
{
	struct fake_host *fh = *state;

	fake_host_entry(fh, "sanctions", NW_SEV_NORMAL, "match", "sanctions", "news", "sanctions NEAR/5 impose*", "stance",
	    "sanctions SENT oppose*", "setting", "NOT museum AND ministry", NULL);
	assert_int_equal(fake_host_open(fh), NW_OK);
	tag(fh, "The ministry imposed sanctions.");
	assert_string_equal(fh->tag[0].cls.p, "news");
	for (uint32_t i = 0; i < fh->tag[0].nhits; i++)
		assert_true(fh->tag[0].hits[i].off >= sizeof("The ministry ") - 1);
	tag(fh, "The ministry's museum shows how one imposed sanctions.");
	assert_string_equal(fh->tag[fh->ntags - 1].cls.p, "mention");
	tag(fh, "The school imposed sanctions. Parents oppose sanctions.");
	assert_string_equal(fh->tag[fh->ntags - 1].cls.p, "stance");
}

static void
the_class_shows_its_evidence_first_and_no_place_twice(void **state)
{
	static const char body[] = "Sanctions exist. Yesterday the foreign ministry of that country imposed sanctions.";
	struct fake_host *fh = *state;
	const struct nw_tag *t;

	open_sanctions(fh);
	tag(fh, body);
	t = &fh->tag[0];
	assert_int_equal(t->nhits, 3); /* "imposed sanctions", then both words, the second inside the first */
	assert_int_equal(t->hits[0].off, (uint32_t)(strstr(body, "imposed") - body));
	assert_true(t->hits[0].clause < t->nclause);
	assert_string_equal(t->clause[t->hits[0].clause].p, "sanctions NEAR/5 impose*");
	assert_string_equal(t->clause[t->hits[1].clause].p, "sanctions");
	for (uint32_t i = 0; i < t->nhits; i++)
		for (uint32_t j = 0; j < i; j++)
			assert_false(t->hits[i].off == t->hits[j].off && t->hits[i].len == t->hits[j].len);
}

static void
a_score_block_is_enough_and_its_score_is_told(void **state)
{
	struct fake_host *fh = *state;

	fake_host_entry(fh, "exports", NW_SEV_NORMAL, "score", "30: export cap 30\n20: control cap 20\n>= 40\n", NULL);
	assert_int_equal(fake_host_open(fh), NW_OK);
	tag(fh, "export control");
	assert_int_equal(fh->ntags, 1);
	assert_int_equal(fh->tag[0].has_score, 1);
	assert_int_equal(fh->tag[0].score, 50);
	assert_string_equal(fh->tag[0].cls.p, "mention");
	tag(fh, "export only");
	assert_int_equal(fh->ntags, 0);
}

static void
several_topics_hold_at_once(void **state)
{
	struct fake_host *fh = *state;

	fake_host_entry(fh, "a", NW_SEV_NORMAL, "match", "alpha", NULL);
	fake_host_entry(fh, "b", NW_SEV_NORMAL, "match", "beta", "news", "gamma", NULL);
	assert_int_equal(fake_host_open(fh), NW_OK);
	tag(fh, "alpha beta gamma");
	assert_int_equal(fh->ntags, 2);
	assert_string_equal(fh->tag[0].cls.p, "mention");
	assert_string_equal(fh->tag[1].cls.p, "news");
}

static void
a_topic_of_nothing_is_refused_and_so_is_every_wrong_one(void **state)
{
	struct fake_host *fh = *state;

	fake_host_entry(fh, "empty", NW_SEV_NORMAL, "lang", "en", NULL);
	fake_host_entry(fh, "wrong", NW_SEV_NORMAL, "match", "two words", NULL);
	fake_host_entry(fh, "also", NW_SEV_NORMAL, "match", "fine", "stance", "(", NULL);
	assert_int_equal(fake_host_open(fh), NW_OK);
	assert_true(fh->nrefusals >= 3);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_topic_that_does_not_hold_gives_no_tag),
	    T(news_comes_before_stance_and_stance_before_mention),
	    T(news_is_news_only_in_its_setting_whose_words_are_no_evidence),
	    T(the_class_shows_its_evidence_first_and_no_place_twice),
	    T(a_score_block_is_enough_and_its_score_is_told),
	    T(several_topics_hold_at_once),
	    T(a_topic_of_nothing_is_refused_and_so_is_every_wrong_one),
	};

	return cmocka_run_group_tests_name("tagger-topics", tests, NULL, NULL);
}
