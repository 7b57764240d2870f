/* The CSS selectors of parser-page: what each finds in one small page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../plugins/parser-page/page_css.h"
#include "../../plugins/parser-page/page_dom.h"
#include "../../plugins/parser-page/page_select.h"
#include "../../plugins/parser-page/page_text.h"
#include "fake_host.h"

extern const struct nw_plugin nw_plugin_parser_page;

static const char html[] =
    "<html><head><meta name='PubDate' content='2026-08-04'></head><body id=b>"
    "<div id=main class='box wide'><p id=p1 class=lead>One <a id=a1 href='/news/1.html' "
    "rel=nofollow>first</a></p>"
    "<p id=p2>Two</p><ul id=u><li id=l1 class=odd>a</li><li id=l2>b</li><li id=l3 class='odd last'>c</li>"
    "<li id=l4>d</li></ul><span id=s1 lang=en-GB data-x='it&#39;s'></span><p id=p3 "
    "class=md:flex>Three</p></div>"
    "<div id=side class='Box'><a id=a2 href='http://other.example/x.PDF' title='Read More'>second</a></div>"
    "<time id=t datetime='2026-08-04T10:00:00Z'>yesterday</time></body></html>";

static struct fake_host *fh;
static struct nw_page pg;
static struct nw_doc doc;

static int
setup(void **state)
{
	(void)state;
	fh = fake_host_new(&nw_plugin_parser_page);
	assert_int_equal(fake_host_open(fh), NW_OK);
	doc = (struct nw_doc){.size = sizeof(doc),
	    .url = NW_STR("http://site.example/dir/page.html"),
	    .content_type = NW_STR("text/html"),
	    .body = {(const uint8_t *)html, sizeof(html) - 1},
	    .source = NW_STR(""),
	    .timezone = NW_STR(""),
	    .lang = NW_STR(""),
	    .charset = NW_STR("")};
	pg = (struct nw_page){.host = &fh->host, .out = fh->sink, .doc = &doc};
	assert_int_equal(nw_page_dom_open(&pg), NW_OK);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	nw_page_dom_close(&pg);
	fake_host_free(fh);
	return 0;
}

static int
add_id(void *cookie, xmlNode *n)
{
	char *ids = cookie;

	if (*ids != '\0')
		strcat(ids, " ");
	strcat(ids, nw_page_dom_attr(n, "id").p);
	return 0;
}

/* The ids of what a selector finds, in document order. */
static void
assert_finds(const char *selector, const char *want)
{
	struct nw_str list = {selector, strlen(selector)};
	char why[256] = "", ids[256] = "";
	struct nw_page_select *s = nw_page_select_new(&pg, &list, 1, why, sizeof(why));

	if (s == NULL)
		fail_msg("%s", why);
	nw_page_select_nodes(s, &pg, pg.root, add_id, ids);
	nw_page_select_free(s);
	if (strcmp(ids, want) != 0)
		fail_msg("%s finds '%s', not '%s'", selector, ids, want);
}

static void
assert_refused(const char *selector, const char *part)
{
	struct nw_str list = {selector, strlen(selector)};
	char why[256] = "";

	assert_null(nw_page_select_new(&pg, &list, 1, why, sizeof(why)));
	if (strstr(why, part) == NULL)
		fail_msg("'%s' does not say '%s'", why, part);
}

static void
tags_ids_and_classes_find_elements(void **state)
{
	(void)state;
	assert_finds("p", "p1 p2 p3");
	assert_finds("P", "p1 p2 p3");
	assert_finds("#u", "u");
	assert_finds(".odd", "l1 l3");
	assert_finds("li.odd.last", "l3");
	assert_finds("*#main.box", "main");
	assert_finds(".box", "main"); /* class names are compared by case, as browsers do */
	assert_finds(".nothing", "");
}

static void
attributes_are_tested_in_every_way(void **state)
{
	(void)state;
	assert_finds("[rel]", "a1");
	assert_finds("a[href='/news/1.html']", "a1");
	assert_finds("a[href^=http]", "a2");
	assert_finds("a[href$='.html']", "a1");
	assert_finds("a[href*='other.example']", "a2");
	assert_finds("[class~=wide]", "main");
	assert_finds("[lang|=en]", "s1");
	assert_finds("a[href$='.pdf' i]", "a2");
	assert_finds("a[href$='.pdf']", "");
	assert_finds("[data-x=\"it's\"]", "s1");
	assert_finds("a[href^='']", ""); /* an empty needle matches nothing */
}

static void
combinators_say_where_an_element_stands(void **state)
{
	(void)state;
	assert_finds("#main a", "a1");
	assert_finds("body > p", "");
	assert_finds("#main > p", "p1 p2 p3");
	assert_finds("#p1 + p", "p2");
	assert_finds("#p1 ~ p", "p2 p3");
	assert_finds("#p1+#u", "");
	assert_finds("ul>li:first-child , #side   a", "l1 a2");
}

static void
pseudo_classes_count_and_exclude(void **state)
{
	(void)state;
	assert_finds("li:first-child", "l1");
	assert_finds("li:last-child", "l4");
	assert_finds("li:nth-child(2)", "l2");
	assert_finds("li:nth-child(odd)", "l1 l3");
	assert_finds("li:nth-child(2n)", "l2 l4");
	assert_finds("li:nth-child( -n + 2 )", "l1 l2");
	assert_finds("li:nth-child(n+3)", "l3 l4");
	assert_finds("li:nth-last-child(2)", "l3");
	assert_finds("p:first-of-type", "p1");
	assert_finds("p:last-of-type", "p3");
	assert_finds("p:nth-of-type(2)", "p2");
	assert_finds("li:not(.odd)", "l2 l4");
	assert_finds("li:not(.odd, :last-child)", "l2");
	assert_finds(":is(ul, time)", "u t");
	assert_finds("p:has(a)", "p1");
	assert_finds("div:has(> ul)", "main");
	assert_finds("p:contains('Two')", "p2");
	assert_finds("span:empty", "s1");
	assert_finds("a:only-child", "a1 a2");
}

static void
escapes_name_what_css_cannot_write(void **state)
{
	(void)state;
	assert_finds(".md\\:flex", "p3");
	assert_finds(".md\\3a flex", "p3");
}

static void
xpath_passes_through(void **state)
{
	(void)state;
	assert_finds("//li[2]", "l2");
	assert_finds("(//p)[last()]", "p3");
	assert_finds(".//a[@title]", "a2");
}

static void
values_come_from_attributes_metas_times_and_text(void **state)
{
	static const struct {
		const char *selector, *want;
	} cases[] = {
	    {"meta[name=PubDate]", "2026-08-04"},
	    {"time", "2026-08-04T10:00:00Z"},
	    {"a[title]@title", "Read More"},
	    {"#side a@href", "http://other.example/x.PDF"},
	    {"#p1", "One first"},
	    {"//a/@rel", "nofollow"},
	    {"string(//p[2])", "Two"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct nw_str list = {cases[i].selector, strlen(cases[i].selector)};
		char why[256] = "";
		struct nw_page_select *s = nw_page_select_new(&pg, &list, 1, why, sizeof(why));

		if (s == NULL)
			fail_msg("%s", why);
		assert_string_equal(nw_page_select_text(s, &pg, pg.root).p, cases[i].want);
		nw_page_select_free(s);
	}
}

static void
the_first_selector_that_finds_any_counts(void **state)
{
	struct nw_str list[] = {NW_STR(".nothing"), NW_STR("#p2"), NW_STR("#p3")};
	char why[256] = "", ids[64] = "";
	struct nw_page_select *s = nw_page_select_new(&pg, list, 3, why, sizeof(why));

	(void)state;
	assert_non_null(s);
	assert_int_equal(nw_page_select_nodes(s, &pg, pg.root, add_id, ids), 1);
	assert_string_equal(ids, "p2");
	assert_int_equal(nw_page_select_all(s, &pg, pg.root, add_id, ids), 2);
	assert_string_equal(ids, "p2 p2 p3");
	nw_page_select_free(s);
}

static void
a_wrong_selector_is_refused_with_its_place(void **state)
{
	(void)state;
	assert_refused("", "a selector is missing at character 1");
	assert_refused("div >", "a selector is missing");
	assert_refused("p,", "a selector is missing at character 3");
	assert_refused("a[href", "one of ]");
	assert_refused("a[href=x", "']' is missing");
	assert_refused("p:not(.a", "')' is missing");
	assert_refused("p:hover", "not known at character 8");
	assert_refused("li:nth-child(x)", "an+b");
	assert_refused(":first-of-type", "a tag must stand before");
	assert_refused("p..a", "a name is missing");
	assert_refused("p!", "this character is not known at character 2");
	assert_refused("//p[", "no XPath 1.0");
	assert_refused(":not(:not(:not(:not(:not(:not(:not(:not(:not(a)))))))))", "nested too deeply");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tags_ids_and_classes_find_elements),
	    cmocka_unit_test(attributes_are_tested_in_every_way),
	    cmocka_unit_test(combinators_say_where_an_element_stands),
	    cmocka_unit_test(pseudo_classes_count_and_exclude),
	    cmocka_unit_test(escapes_name_what_css_cannot_write),
	    cmocka_unit_test(xpath_passes_through),
	    cmocka_unit_test(values_come_from_attributes_metas_times_and_text),
	    cmocka_unit_test(the_first_selector_that_finds_any_counts),
	    cmocka_unit_test(a_wrong_selector_is_refused_with_its_place),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
