/* What an edit took out and put in, as sentences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/str.h"
#include "query/delta.h"

static int
write_change(void *cookie, const struct nw_delta_change *c)
{
	nw_buf_addf(cookie, "%c%s%.*s\n", c->removed ? '-' : '+', c->title ? "title: " : "", (int)c->text.len, c->text.p);
	return 0;
}

static void
assert_changes(const char *lang, struct nw_delta_side old, struct nw_delta_side new, const char *want)
{
	struct nw_analyse *an = nw_analyse_new();
	struct nw_buf said = {0};

	old.lang = new.lang = nw_str(lang);
	nw_buf_adds(&said, "");
	assert_non_null(an);
	assert_int_equal(nw_delta(an, &old, &new, write_change, &said), 0);
	assert_string_equal(nw_buf_str(&said).p, want);
	nw_buf_done(&said);
	nw_analyse_free(an);
}

static struct nw_delta_side
side(const char *title, const char *body)
{
	return (struct nw_delta_side){.title = nw_str(title), .body = nw_str(body)};
}

static void
a_changed_sentence_is_told_before_what_stands_in_its_place(void **state)
{
	(void)state;
	assert_changes("en", side("Treaty", "They met. It enters into force on 1 May. Both thanked the hosts."),
	    side("Treaty", "They met. It enters into force on 1 June. Both thanked the hosts. Corrected."),
	    "-It enters into force on 1 May.\n+It enters into force on 1 June.\n+Corrected.\n");
	assert_changes("zh", side("外交部发言人", "双方签署条约。会谈友好。"), side("外交部发言人答问", "双方签署协定。会谈友好。"),
	    "-title: 外交部发言人\n+title: 外交部发言人答问\n-双方签署条约。\n+双方签署协定。\n");
}

static void
capitals_spaces_and_moves_are_no_change(void **state)
{
	(void)state;
	assert_changes("en", side("Treaty", "One stays. Two moves.\n\nThree stays."),
	    side("TREATY", "two  moves.\n\nThree stays.\n\nOne stays."), "");
}

static void
a_whole_text_may_come_or_go(void **state)
{
	(void)state;
	assert_changes("en", side("", ""), side("", "All is new. Every word."), "+All is new.\n+Every word.\n");
	assert_changes("en", side("Gone", "Nothing is left."), side("", ""), "-title: Gone\n-Nothing is left.\n");
}

static int
refuse(void *cookie, const struct nw_delta_change *c)
{
	(void)c;
	return ++*(int *)cookie == 2;
}

static void
telling_ends_where_the_listener_wants_no_more(void **state)
{
	struct nw_analyse *an = nw_analyse_new();
	struct nw_delta_side old = side("", ""), new = side("", "One. Two. Three.");
	int n = 0;

	(void)state;
	assert_int_equal(nw_delta(an, &old, &new, refuse, &n), -1);
	assert_int_equal(n, 2);
	nw_analyse_free(an);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_changed_sentence_is_told_before_what_stands_in_its_place),
	    cmocka_unit_test(capitals_spaces_and_moves_are_no_change),
	    cmocka_unit_test(a_whole_text_may_come_or_go),
	    cmocka_unit_test(telling_ends_where_the_listener_wants_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
