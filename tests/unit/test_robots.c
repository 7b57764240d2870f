/* robots: RFC 9309 as far as it decides whether a path may be asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "core/limits.h"
#include "core/robots.h"

static int
allows(const char *file, const char *path)
{
	const struct nw_robots_rule *rule;
	struct nw_robots r;
	int yes;

	assert_int_equal(
	    nw_robots_parse((struct nw_bytes){(const uint8_t *)file, strlen(file)}, nw_str("newswatchd"), &r),
	    0);
	yes = nw_robots_allows(&r, nw_str(path), &rule);
	nw_robots_done(&r);
	return yes;
}

static void
an_empty_file_and_a_file_of_html_allow_everything(void **state)
{
	(void)state;
	assert_true(allows("", "/a"));
	assert_true(allows("<!DOCTYPE html><html><body>Disallowed</body></html>", "/a"));
}

static void
the_star_group_counts_where_no_group_names_us(void **state)
{
	(void)state;
	assert_false(allows("User-agent: *\nDisallow: /\n", "/a"));
	assert_true(allows("User-agent: other\nDisallow: /\n", "/a"));
	assert_true(allows("User-agent: *\nDisallow: /\n\nUser-agent: NewsWatchD\nDisallow: /x\n", "/a"));
	assert_false(
	    allows("User-agent: *\nDisallow: /\n\nUser-agent: newswatchd/2.0\nDisallow: /x\n", "/x/1"));
}

static void
groups_that_name_us_are_one_and_agents_share_a_group(void **state)
{
	static const char file[] = "User-agent: newswatchd\nDisallow: /a\n\nUser-agent: b\nDisallow: /c\n\n"
				   "User-agent: b\nUser-agent: newswatchd\nDisallow: /d\n";

	(void)state;
	assert_false(allows(file, "/a1"));
	assert_true(allows(file, "/c1"));
	assert_false(allows(file, "/d1"));
}

static void
the_longest_rule_decides_and_an_equal_allow_wins(void **state)
{
	static const char file[] =
	    "User-agent: *\nAllow: /example/page/\nDisallow: /example/\nDisallow: /same\nAllow: /same\n";

	(void)state;
	assert_true(allows(file, "/example/page/1"));
	assert_false(allows(file, "/example/other"));
	assert_true(allows(file, "/same/1"));
}

static void
stars_and_the_end_mark(void **state)
{
	static const char file[] =
	    "user-agent:*\ndisallow:/*?PAGEN\ndisallow: *.gif$\ndisallow: /fish*.php\ndisallow: /*/a*b$\n";

	(void)state;
	assert_false(allows(file, "/news/list?PAGEN_1=2"));
	assert_true(allows(file, "/news/list?page=2"));
	assert_false(allows(file, "/x/y.gif"));
	assert_true(allows(file, "/x/y.gif?1"));
	assert_false(allows(file, "/fishheads/catfish.php?id=1"));
	assert_true(allows(file, "/Fish.PHP"));
	assert_false(allows(file, "/q/a-ab"));
	assert_true(allows(file, "/q/a-abc"));
}

static void
octets_are_compared_in_one_spelling(void **state)
{
	(void)state;
	assert_false(allows("User-agent: *\nDisallow: /a%7Eb\n", "/a~b"));
	assert_false(allows("User-agent: *\nDisallow: /\xe6\x9d\xa1\n", "/%e6%9d%a1/1"));
	assert_true(allows("User-agent: *\nDisallow: /a%2Fb\n", "/a/b"));
}

static void
comments_blanks_marks_and_old_line_ends_are_read(void **state)
{
	(void)state;
	assert_false(allows("\xef\xbb\xbfUser-Agent : * # all\r Disallow : /a # not this\r", "/a"));
	assert_true(allows("User-agent: *\nDisallow:\n", "/a"));
	assert_true(allows("User-agent: *\nDisallow: /\n", "/robots.txt"));
	assert_true(allows("Disallow: /\n", "/a"));
}

static void
a_rule_beyond_its_bounds_is_cut_to_reach_further(void **state)
{
	char file[4 * NW_ROBOTS_PATTERN] = "User-agent: *\nDisallow: /", path[3 * NW_ROBOTS_PATTERN] = "/";

	(void)state;
	memset(file + strlen(file), 'a', 2 * NW_ROBOTS_PATTERN);
	memset(path + 1, 'a', NW_ROBOTS_PATTERN + 10);
	assert_false(allows(file, path));
	assert_false(allows("User-agent: *\nDisallow: /*a*a*a*a*a*a*a*a*never\n", "/aaaaaaaaaaaa"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_empty_file_and_a_file_of_html_allow_everything),
	    cmocka_unit_test(the_star_group_counts_where_no_group_names_us),
	    cmocka_unit_test(groups_that_name_us_are_one_and_agents_share_a_group),
	    cmocka_unit_test(the_longest_rule_decides_and_an_equal_allow_wins),
	    cmocka_unit_test(stars_and_the_end_mark),
	    cmocka_unit_test(octets_are_compared_in_one_spelling),
	    cmocka_unit_test(comments_blanks_marks_and_old_line_ends_are_read),
	    cmocka_unit_test(a_rule_beyond_its_bounds_is_cut_to_reach_further),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
