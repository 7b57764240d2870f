/* notifier-webhook: one JSON object, whole, under the size a receiver must take. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_host.h"

extern const struct nw_plugin nw_plugin_notifier_webhook;

#define BODY "\xe5\x8f\x8c\xe6\x96\xb9\xe7\xad\xbe\xe7\xbd\xb2\xe4\xba\x86\xe6\x9d\xa1\xe7\xba\xa6\xe3\x80\x82 \"Quoted\" \xe2\x80\xa8 text."

static struct nw_hit hit;
static struct nw_article article;
static struct nw_notice notice;
static char long_title[100001];

static int
set_up(void **state)
{
	hit = (struct nw_hit){.field = NW_FIELD_BODY, .off = 6, .len = 6, .passage_off = 0, .passage_len = 24};
	article = (struct nw_article){.size = sizeof(article), .title = NW_STR("Talks"), .body = NW_STR(BODY),
	    .url = NW_STR("https://mfa.example/a"), .source = NW_STR("mfa"), .revision = 2, .guid = NW_STR(""),
	    .key = NW_STR(""), .author = NW_STR(""), .summary = NW_STR(""), .lang = NW_STR("zh"), .number = NW_STR(""),
	    .published = {NW_TIME_NONE, NW_PREC_NONE, NW_ORIGIN_NONE}, .first_seen_ms = 1616457600000};
	notice = (struct nw_notice){.size = sizeof(notice), .severity = NW_SEV_CRITICAL, .id = NW_STR("abc123"),
	    .watch = NW_STR("cn-list"), .owner = NW_STR(""), .article = &article, .nhits = 1, .hits = &hit,
	    .alerted_at_ms = 1616457600000, .source_title = NW_STR("Ministry"), .document_sha256 = NW_STR("")};
	*state = fake_host_new(&nw_plugin_notifier_webhook);
	return 0;
}

static int
tear_down(void **state)
{
	fake_host_free(*state);
	return 0;
}

static json_t *
render(struct fake_host *fh, const struct nw_notice *const *list, uint32_t n)
{
	json_t *o;

	assert_int_equal(fake_host_render(fh, "webhook", list, n), NW_OK);
	assert_int_equal(fh->nmessages, 1);
	assert_true(fh->message[0].json.len < 20 * 1024);
	o = json_loadb(fh->message[0].json.p, fh->message[0].json.len, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(o);
	return o;
}

static void
the_evidence_is_quoted_with_its_bytes(void **state)
{
	const struct nw_notice *list[] = {&notice};
	json_t *o = render(*state, list, 1), *a = json_array_get(json_object_get(o, "alerts"), 0);
	json_t *e = json_array_get(json_object_get(a, "evidence"), 0);

	assert_string_equal(json_string_value(json_object_get(a, "severity")), "critical");
	assert_string_equal(json_string_value(json_object_get(e, "text")), "\xe7\xad\xbe\xe7\xbd\xb2");
	assert_int_equal(json_integer_value(json_object_get(e, "start")), 6);
	assert_int_equal(json_integer_value(json_object_get(e, "end")), 12);
	assert_string_equal(json_string_value(json_object_get(e, "passage")),
	    "\xe5\x8f\x8c\xe6\x96\xb9\xe7\xad\xbe\xe7\xbd\xb2\xe4\xba\x86\xe6\x9d\xa1\xe7\xba\xa6\xe3\x80\x82");
	assert_true(json_is_null(json_object_get(json_object_get(a, "article"), "published")));
	assert_int_equal(json_integer_value(json_object_get(json_object_get(a, "article"), "revision")), 2);
	json_decref(o);
}

static void
what_is_too_long_is_cut_on_a_character_and_no_field_is_missing(void **state)
{
	const struct nw_notice *list[200];
	json_t *o, *a;

	for (size_t i = 0; i + 2 < sizeof(long_title); i += 3)
		memcpy(long_title + i, "\xe6\x9d\xa1", 3);
	article.title = (struct nw_str){long_title, 99999};
	for (size_t i = 0; i < 200; i++)
		list[i] = &notice;
	o = render(*state, list, 200);
	a = json_array_get(json_object_get(o, "alerts"), 0);
	assert_int_equal(json_array_size(json_object_get(o, "alerts")) + (size_t)json_integer_value(json_object_get(o, "omitted")), 200);
	assert_non_null(json_object_get(json_object_get(a, "article"), "title"));
	assert_non_null(json_object_get(json_object_get(a, "article"), "url"));
	assert_non_null(json_object_get(a, "evidence"));
	json_decref(o);
}

static void
a_hit_outside_its_field_is_left_out(void **state)
{
	const struct nw_notice *list[] = {&notice};
	json_t *o, *a;

	hit.len = 4000000000u;
	o = render(*state, list, 1);
	a = json_array_get(json_object_get(o, "alerts"), 0);
	assert_int_equal(json_array_size(json_object_get(a, "evidence")), 0);
	json_decref(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_evidence_is_quoted_with_its_bytes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_is_too_long_is_cut_on_a_character_and_no_field_is_missing, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_hit_outside_its_field_is_left_out, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
