/* notifier-email: the sentence that fired is shown, marked, with its neighbours, and nothing of it is markup. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_host.h"

extern const struct nw_plugin nw_plugin_notifier_email;

#define BODY "The ministers met. They signed the <b>treaty</b> & left. Nobody spoke afterwards.\n\nA second paragraph stands here."

static struct nw_hit hit;
static struct nw_article article;
static struct nw_notice notice;

static void
hit_at(const char *text, const char *passage)
{
	hit = (struct nw_hit){.field = NW_FIELD_BODY};
	hit.off = (uint32_t)(strstr(BODY, text) - BODY);
	hit.len = (uint32_t)strlen(text);
	hit.passage_off = (uint32_t)(strstr(BODY, passage) - BODY);
	hit.passage_len = (uint32_t)strlen(passage);
}

static int
set_up(void **state)
{
	article = (struct nw_article){.size = sizeof(article), .title = NW_STR("Talks <i>end</i>"), .body = NW_STR(BODY),
	    .url = NW_STR("https://mfa.example/a?x=1&y=2"), .source = NW_STR("mfa"), .revision = 1,
	    .guid = NW_STR(""), .key = NW_STR(""), .author = NW_STR(""), .summary = NW_STR(""), .lang = NW_STR("en"),
	    .published = {1616457600000, NW_PREC_DAY, NW_ORIGIN_META}};
	notice = (struct nw_notice){.size = sizeof(notice), .severity = NW_SEV_HIGH, .id = NW_STR("abc123"),
	    .watch = NW_STR("treaty-news"), .owner = NW_STR(""), .article = &article, .nhits = 1, .hits = &hit,
	    .source_title = NW_STR("Ministry"), .document_sha256 = NW_STR("")};
	hit_at("signed", "They signed the <b>treaty</b> & left.");
	*state = fake_host_new(&nw_plugin_notifier_email);
	return 0;
}

static int
tear_down(void **state)
{
	fake_host_free(*state);
	return 0;
}

static const struct nw_message *
render(struct fake_host *fh, const struct nw_notice *const *list, uint32_t n)
{
	assert_int_equal(fake_host_render(fh, "email", list, n), NW_OK);
	assert_int_equal(fh->nmessages, 1);
	return &fh->message[0];
}

static void
the_sentence_stands_marked_between_its_neighbours(void **state)
{
	const struct nw_notice *list[] = {&notice};
	const struct nw_message *m = render(*state, list, 1);

	assert_non_null(strstr(m->text.p, "The ministers met. They >>signed<< the <b>treaty</b> & left. Nobody spoke afterwards."));
	assert_null(strstr(m->text.p, "second paragraph"));
	assert_string_equal(m->subject.p, "[high] treaty-news: Talks <i>end</i>");
	assert_non_null(strstr(m->text.p, "Published: 2021-03-23\n"));
}

static void
a_word_of_the_daemon_itself_is_its_body_and_no_alert(void **state)
{
	const struct nw_notice *list[] = {&notice};
	const struct nw_message *m;

	notice.watch = NW_STR("operator");
	notice.severity = NW_SEV_INFO;
	notice.nhits = 0;
	article.url = NW_STR("");
	article.title = NW_STR("Daily statement: 0 alerts");
	article.body = NW_STR("Read: 3 new articles.\nEverything is <in> order.");
	m = render(*state, list, 1);
	assert_string_equal(m->subject.p, "newswatchd: Daily statement: 0 alerts");
	assert_non_null(strstr(m->text.p, "Read: 3 new articles.\nEverything is <in> order.\n"));
	assert_null(strstr(m->text.p, "Why this came"));
	assert_non_null(strstr(m->html.p, "Everything is &lt;in&gt; order."));
}

static void
who_answers_for_a_watch_stands_in_its_alert(void **state)
{
	const struct nw_notice *list[] = {&notice};

	notice.owner = NW_STR("compliance <desk>");
	assert_non_null(strstr(render(*state, list, 1)->text.p, "Owner:     compliance <desk>\n"));
	assert_non_null(strstr(((struct fake_host *)*state)->message[0].html.p, "compliance &lt;desk&gt;"));
}

static void
the_html_escapes_the_article_and_marks_the_hit(void **state)
{
	const struct nw_notice *list[] = {&notice};
	const struct nw_message *m = render(*state, list, 1);

	assert_non_null(strstr(m->html.p, ">signed</mark> the &lt;b&gt;treaty&lt;/b&gt; &amp; left."));
	assert_non_null(strstr(m->html.p, "href=\"https://mfa.example/a?x=1&amp;y=2\""));
	assert_null(strstr(m->html.p, "<i>"));
	assert_null(strstr(m->html.p, "<script"));
}

static void
a_url_that_is_no_web_address_is_no_link(void **state)
{
	const struct nw_notice *list[] = {&notice};

	article.url = NW_STR("javascript:alert(1)");
	assert_null(strstr(render(*state, list, 1)->html.p, "href"));
}

static void
a_hit_outside_its_field_is_left_out(void **state)
{
	const struct nw_notice *list[] = {&notice};

	hit.off = 4000000000u;
	hit.passage_off = 4000000000u;
	assert_null(strstr(render(*state, list, 1)->text.p, ">>"));
}

static void
sixty_alerts_show_fifty_whole_and_ten_by_title(void **state)
{
	const struct nw_notice *list[60];
	const struct nw_message *m;
	uint32_t whole = 0;

	for (size_t i = 0; i < 60; i++)
		list[i] = &notice;
	m = render(*state, list, 60);
	for (const char *p = m->text.p; (p = strstr(p, "Alert:     ")) != NULL; p++)
		whole++;
	assert_int_equal(whole, 50);
	assert_non_null(strstr(m->text.p, "And also:\n- Talks"));
	assert_non_null(strstr(m->subject.p, "60 alerts: "));
}

static void
another_channel_is_not_its_business(void **state)
{
	const struct nw_notice *list[] = {&notice};

	assert_int_equal(fake_host_render(*state, "webhook", list, 1), NW_DONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_sentence_stands_marked_between_its_neighbours, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_html_escapes_the_article_and_marks_the_hit, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_word_of_the_daemon_itself_is_its_body_and_no_alert, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(who_answers_for_a_watch_stands_in_its_alert, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_url_that_is_no_web_address_is_no_link, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_hit_outside_its_field_is_left_out, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(sixty_alerts_show_fifty_whole_and_ten_by_title, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(another_channel_is_not_its_business, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
