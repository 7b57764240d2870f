#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "core/batch.h"
#include "core/frame.h"
#include "core/limits.h"

/* A batch as a good worker sends it; each test spoils one thing. */
static struct {
	Nw__Batch batch;
	Nw__Document document;
	Nw__Article article, *articles[1];
	Nw__Time published;
	Nw__Enclosure enclosure, *enclosures[1];
	Nw__Tag tag, *tags[1];
	Nw__Alert alert, *alerts[1];
	Nw__Hit hit, *hits[1];
	Nw__Hit tag_hit, *tag_hits[1];
	Nw__Follow follow, *follows[1];
	Nw__Message message, *messages[1];
	ProtobufCBinaryData clause[1], notes[1];
} g;

#define TEXT(literal) nw_pb(NW_STR(literal))

static void
make_evidence(void)
{
	nw__hit__init(&g.hit);
	g.hit.field = NW_FIELD_BODY;
	g.hit.off = 6; /* 制裁 */
	g.hit.len = 6;
	g.hit.passage_off = 0;
	g.hit.passage_len = 15;
	g.hits[0] = &g.hit;
	g.clause[0] = TEXT("制裁");
	nw__hit__init(&g.tag_hit);
	g.tag_hit.field = NW_FIELD_TITLE;
	g.tag_hit.len = g.tag_hit.passage_len = 5;
	g.tag_hits[0] = &g.tag_hit;
	nw__tag__init(&g.tag);
	g.tag.kind = TEXT("topic");
	g.tag.name = TEXT("sanctions");
	g.tag.cls = TEXT("news");
	g.tag.hits = g.tag_hits;
	g.tag.n_hits = 1;
	g.tag.clause = g.clause;
	g.tag.n_clause = 1;
	g.tags[0] = &g.tag;
	nw__alert__init(&g.alert);
	g.alert.severity = NW_SEV_HIGH;
	g.alert.hits = g.hits;
	g.alert.n_hits = 1;
	g.alert.clause = g.clause;
	g.alert.n_clause = 1;
	g.alerts[0] = &g.alert;
}

static void
make_article(void)
{
	nw__time__init(&g.published);
	g.published.at_ms = 1616457600000;
	g.published.precision = NW_PREC_DAY;
	g.published.origin = NW_ORIGIN_META;
	nw__enclosure__init(&g.enclosure);
	g.enclosure.url = TEXT("https://example.org/a.pdf");
	g.enclosure.length = -1;
	g.enclosures[0] = &g.enclosure;
	nw__article__init(&g.article);
	g.article.url = TEXT("https://example.org/1");
	g.article.title = TEXT("Talks");
	g.article.body = TEXT("实施制裁。");
	g.article.lang = TEXT("zh");
	g.article.published = &g.published;
	g.article.enclosures = g.enclosures;
	g.article.n_enclosures = 1;
	g.article.tags = g.tags;
	g.article.n_tags = 1;
	g.article.alerts = g.alerts;
	g.article.n_alerts = 1;
	g.articles[0] = &g.article;
}

static int
setup(void **state)
{
	(void)state;
	memset(&g, 0, sizeof(g));
	make_evidence();
	make_article();
	nw__document__init(&g.document);
	g.document.role = NW_ROLE_FEED;
	g.document.items = 1;
	nw__follow__init(&g.follow);
	g.follow.url = TEXT("https://example.org/2");
	g.follows[0] = &g.follow;
	nw__message__init(&g.message);
	g.message.subject = TEXT("s");
	g.messages[0] = &g.message;
	g.notes[0] = TEXT("a note");
	nw__batch__init(&g.batch);
	g.batch.document = &g.document;
	g.batch.articles = g.articles;
	g.batch.follow = g.follows;
	g.batch.messages = g.messages;
	g.batch.notes = g.notes;
	g.batch.n_articles = g.batch.n_follow = g.batch.n_messages = g.batch.n_notes = 1;
	return 0;
}

static void
refused(const char *word)
{
	struct nw_err err = {0};

	assert_int_equal(nw_batch_check(&g.batch, &err), -1);
	assert_int_equal(err.code, NW_EPLUGIN);
	if (strstr(err.msg, word) == NULL)
		fail_msg("'%s' does not say '%s'", err.msg, word);
}

static void
a_good_batch_passes(void **state)
{
	struct nw_err err = {0};

	(void)state;
	if (nw_batch_check(&g.batch, &err) == -1)
		fail_msg("%s", err.msg);
}

static void
text_that_is_not_utf8_is_refused(void **state)
{
	(void)state;
	g.article.title = TEXT("a\xff");
	refused("title");
}

static void
text_with_a_nul_inside_is_refused(void **state)
{
	(void)state;
	g.article.body = TEXT("a\0b");
	refused("body");
}

static void
each_text_of_an_article_has_its_limit(void **state)
{
	ProtobufCBinaryData *text[] = {&g.article.guid, &g.article.key, &g.article.title, &g.article.author,
	    &g.article.summary, &g.article.lang, &g.article.number, &g.article.prev_title, &g.article.source};
	char *big = malloc(NW_SUMMARY_MAX + 1);

	(void)state;
	assert_non_null(big);
	memset(big, 'x', NW_SUMMARY_MAX + 1);
	g.article.n_tags = g.article.n_alerts = 0;
	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
		ProtobufCBinaryData was = *text[i];

		*text[i] = (ProtobufCBinaryData){NW_SUMMARY_MAX + 1, (uint8_t *)big};
		refused("too long");
		*text[i] = was;
	}
	free(big);
}

static void
only_http_urls_in_visible_ascii_pass(void **state)
{
	static const char *const bad[] = {"javascript:alert(1)", "ftp://example.org/", "http://", "//example.org/",
	    "https://example.org/a b", "https://example.org/\n", "https://ex\xc3\xa4mple.org/", "data:text/html,x"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		g.article.url = nw_pb((struct nw_str){bad[i], strlen(bad[i])});
		refused("url");
	}
}

static void
urls_of_links_enclosures_and_follow_ups_are_checked_too(void **state)
{
	(void)state;
	g.enclosure.url = TEXT("file:///etc/passwd");
	refused("enclosure");
	g.enclosure.url = TEXT("https://example.org/a.pdf");
	g.document.link = TEXT("gopher://example.org/");
	refused("link");
	g.document.link = TEXT("");
	g.follow.url = TEXT("file:///etc/passwd");
	refused("url");
	g.follow.url = TEXT("");
	refused("target");
}

static void
what_a_parser_suggests_is_text_and_bounded(void **state)
{
	static char big[NW_URL_MAX + 2];
	Nw__Hint hint = NW__HINT__INIT, *hints[1] = {&hint};
	struct nw_err err;

	(void)state;
	g.document.hints = hints;
	g.document.n_hints = 1;
	hint.name = TEXT("listing.link_css");
	hint.value = TEXT("ul.news > li > a");
	assert_int_equal(nw_batch_check(&g.batch, &err), 0);
	hint.value = TEXT("\xff");
	refused("hint");
	memset(big, 'x', sizeof(big) - 1);
	hint.value = (ProtobufCBinaryData){sizeof(big) - 1, (uint8_t *)big};
	refused("hint");
	hint.value = TEXT("");
	g.document.n_hints = NW_HINTS_MAX + 1;
	refused("hints");
}

static void
counts_have_their_limits(void **state)
{
	(void)state;
	g.batch.n_articles = NW_ITEMS_MAX + 1; /* refused before one is looked at */
	refused("articles");
	g.batch.n_articles = 1;
	g.batch.n_notes = NW_NOTES_MAX + 1;
	refused("notes");
	g.batch.n_notes = 1;
	g.batch.n_follow = NW_FOLLOW_MAX + 1;
	refused("follow");
	g.batch.n_follow = 1;
	g.article.n_tags = NW_TAGS_MAX + 1;
	refused("tags");
	g.article.n_tags = 1;
	g.article.n_alerts = NW_ALERTS_MAX + 1;
	refused("alerts");
	g.article.n_alerts = 1;
	g.alert.n_hits = NW_HITS_MAX + 1;
	refused("evidence");
}

static void
enums_have_their_range(void **state)
{
	(void)state;
	g.alert.severity = NW_SEV_CRITICAL + 1;
	refused("severity");
	g.alert.severity = NW_SEV_HIGH;
	g.published.precision = NW_PREC_MINUTE + 1;
	refused("published");
	g.published.precision = NW_PREC_DAY;
	g.published.origin = NW_ORIGIN_BODY + 1;
	refused("published");
	g.published.origin = NW_ORIGIN_META;
	g.document.role = NW_ROLE_ARTICLE + 1;
	refused("role");
	g.document.role = NW_ROLE_FEED;
	g.article.flags = 1u << 31;
	refused("flags");
	g.article.flags = 0;
	g.tag.cls = TEXT("gossip");
	refused("class");
}

static void
times_lie_between_1900_and_2200(void **state)
{
	(void)state;
	g.published.at_ms = -2208988800001; /* 1899-12-31T23:59:59.999 */
	refused("1900");
	g.published.at_ms = 7289654400000; /* 2201-01-01 */
	refused("2200");
	g.published.at_ms = INT64_MIN;
	refused("1900");
}

static void
evidence_outside_its_field_is_refused(void **state)
{
	(void)state;
	g.hit.field = NW_FIELD_N;
	refused("evidence");
	g.hit.field = NW_FIELD_BODY;
	g.hit.len = 10; /* one byte past the end */
	refused("evidence");
	g.hit.len = UINT32_MAX; /* off + len would wrap */
	refused("evidence");
	g.hit.len = 6;
	g.hit.passage_len = UINT32_MAX;
	refused("evidence");
	g.hit.passage_len = 15;
	g.hit.field = NW_FIELD_REMOVED_BODY; /* there is none */
	refused("evidence");
}

static void
evidence_that_cuts_a_character_is_refused(void **state)
{
	(void)state;
	g.hit.off = 7;
	refused("evidence");
	g.hit.off = 6;
	g.hit.len = 5;
	refused("evidence");
}

static void
evidence_outside_its_passage_or_of_no_clause_is_refused(void **state)
{
	(void)state;
	g.hit.passage_len = 9;
	refused("passage");
	g.hit.passage_len = 15;
	g.hit.passage_off = 9;
	g.hit.passage_len = 6;
	refused("passage");
	g.hit.passage_off = 0;
	g.hit.passage_len = 15;
	g.hit.clause = 1;
	refused("clause");
}

static void
blockers_of_a_near_miss_are_checked_as_evidence(void **state)
{
	(void)state;
	g.tag_hit.off = 5;
	g.article.n_tags = 0;
	g.alert.blocked = g.tag_hits;
	g.alert.n_blocked = 1;
	refused("evidence");
}

static void
the_document_s_own_facts_are_checked(void **state)
{
	uint8_t byte[17] = {0};

	(void)state;
	g.document.seen = (ProtobufCBinaryData){17, byte};
	refused("seen");
	g.document.seen.len = 0;
	g.document.unchanged = 2;
	refused("unchanged");
}

static void
a_message_s_parts_have_their_limit(void **state)
{
	(void)state;
	g.message.json = TEXT("{\"a\":\"\xff\"}");
	refused("json");
	g.message.json = TEXT("");
	g.message.subject.len = NW_TITLE_MAX + 1;
	refused("subject");
}

#define T(f) cmocka_unit_test_setup(f, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_good_batch_passes),
	    T(text_that_is_not_utf8_is_refused),
	    T(text_with_a_nul_inside_is_refused),
	    T(each_text_of_an_article_has_its_limit),
	    T(only_http_urls_in_visible_ascii_pass),
	    T(urls_of_links_enclosures_and_follow_ups_are_checked_too),
	    T(what_a_parser_suggests_is_text_and_bounded),
	    T(counts_have_their_limits),
	    T(enums_have_their_range),
	    T(times_lie_between_1900_and_2200),
	    T(evidence_outside_its_field_is_refused),
	    T(evidence_that_cuts_a_character_is_refused),
	    T(evidence_outside_its_passage_or_of_no_clause_is_refused),
	    T(blockers_of_a_near_miss_are_checked_as_evidence),
	    T(the_document_s_own_facts_are_checked),
	    T(a_message_s_parts_have_their_limit),
	};

	return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
