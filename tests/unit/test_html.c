#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/limits.h"
#include "text/html.h"
#include "text/idna.h"

static struct nw_arena *arena;

static int
set_up(void **state)
{
	(void)state;
	arena = nw_arena_new(64u << 20);
	return arena != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	nw_arena_free(arena);
	return 0;
}

static void
assert_text(const char *html, const char *want)
{
	struct nw_str text;
	struct nw_err err;

	assert_int_equal(
	    nw_html_text(arena, nw_str(html), NW_STR("http://example.org/"), &text, NULL, &err), 0);
	assert_int_equal(err.code, NW_OK);
	assert_string_equal(text.p, want);
	assert_int_equal(text.len, strlen(want));
}

static void
assert_title(const char *html, const char *want)
{
	struct nw_str text;
	struct nw_err err;

	assert_int_equal(nw_html_title(arena, nw_str(html), &text, &err), 0);
	assert_string_equal(text.p, want);
}

static void
blocks_become_paragraphs_and_blanks_fold(void **state)
{
	(void)state;
	assert_text("<h2>Head</h2><p>One  <b>bold</b>\n text.</p>\n<div>Two<p>Three</div>tail",
	    "Head\n\nOne bold text.\n\nTwo\n\nThree\n\ntail");
	assert_text("a<br>b<br/><br>c<hr>d", "a\nb\n\nc\n\nd");
	assert_text("<p>&nbsp;</p><p>x&nbsp;&nbsp;y</p><p></p>", "x y");
	assert_text("", "");
	assert_text("<p></p>", "");
}

static void
lists_tables_and_quotes_stay_readable(void **state)
{
	(void)state;
	assert_text("<ul><li>one<li><p>two</p><ol start=3><li>three<li>four</ol></ul>",
	    "- one\n\n- two\n\n3. three\n\n4. four");
	assert_text("<table><tr><th>Name<th>Value</tr><tr><td><p>a</p></td><td>1</td></"
		    "tr><tr><td>b<td><td>2</table>end",
	    "Name\tValue\n\na\t1\n\nb\t\t2\n\nend");
	assert_text("<table><tr><td><p>A</p><p>B</p></td><td>C</td></tr></table>",
	    "A\n\nB\n\nC"); /* a table for layout */
	assert_text("<blockquote>He said <q>no</q>.</blockquote>x", "He said “no”.\n\nx");
	assert_text("<dl><dt>Term<dd>Meaning</dl>", "Term\n\nMeaning");
	assert_text("<pre>a  b\nc\n\n\nd</pre>", "a b\nc\n\nd");
}

static void
what_a_reader_does_not_see_is_left_out(void **state)
{
	(void)state;
	assert_text(
	    "<html><head><title>t</title><style>p{}</style></head><body><script>x()</script><p>seen</p>"
	    "<noscript>no</noscript><p hidden>no</p><div style='color:red; display: none'>no "
	    "<b>no</b></div><svg><text>no</text></svg>"
	    "<template>no</template><select><option>no</select><iframe>no</iframe><!-- no "
	    "--><textarea>no</textarea>end",
	    "seen\n\nend");
}

static void
invisible_characters_go_and_han_lines_join(void **state)
{
	(void)state;
	assert_text("<p>sanc\u00adtions \u200b\ufeffx\u2003y\u3000z</p>", "sanctions x y z");
	assert_text("<p>外交部\n发言人\n</p><p>　　今天 说</p>", "外交部发言人\n\n今天 说");
	assert_text("<p>외교부\n대변인</p>", "외교부 대변인");
	assert_text("<p>&#147;quoted&#148; \xc2\x96 dash</p>", "“quoted” – dash");
}

static void
entities_are_decoded_with_the_mistakes_of_real_pages(void **state)
{
	(void)state;
	assert_text("<p>&lt;b&gt; &amp;amp; &copy; &hellip; &#x4e2d; &#20013;</p>", "<b> &amp; © … 中 中");
	assert_text("<p>&ccaron;&comma;&nbsp&copy 5 &lt;b&LT;i&bogus;</p>", "č, © 5 <b<i&bogus;");
	assert_text("AT&amp;T &ccaron; &comma; &bogus; &nbsp x", "AT&T č , &bogus; x");
}

static void
text_without_markup_keeps_its_lines(void **state)
{
	(void)state;
	assert_text("One line.\nNext line.\n\n\nA  paragraph < 5 & more",
	    "One line.\nNext line.\n\nA paragraph < 5 & more");
	assert_text("a <2021> b <x y> c", "a <2021> b <x y> c");
}

static void
markup_escaped_once_too_often_is_markup(void **state)
{
	(void)state;
	assert_text("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two &amp;amp; three&lt;/p&gt;", "One\n\nTwo & three");
	assert_text("&lt;p&gt;One &lt;p&gt;Two", "One\n\nTwo");
	assert_text("One&lt;br&gt;Two", "One\nTwo");
	assert_text("<![CDATA[<p>One</p>]]>", "One");
}

static void
a_tag_that_a_text_speaks_of_is_text(void **state)
{
	(void)state;
	assert_text("History of the &lt;blink&gt; tag &amp; others", "History of the <blink> tag & others");
}

static void
unclosed_and_misnested_markup_loses_no_text(void **state)
{
	(void)state;
	assert_text("<p>a<b>b<i>c</b>d</i><p>e</div></p>f", "abcd\n\ne\n\nf");
	assert_text("<p>cut in a tag <a href=\"http://exam", "cut in a tag");
}

static void
four_hundred_open_elements_lose_nothing(void **state)
{
	struct nw_buf b = {0}, want = {0};

	(void)state;
	for (int i = 0; i < 400; i++) {
		nw_buf_addf(&b, "<div>%d", i);
		nw_buf_addf(&want, "%s%d", i > 0 ? "\n\n" : "", i);
	}
	assert_text(nw_buf_str(&b).p, nw_buf_str(&want).p);
	nw_buf_done(&b);
	nw_buf_done(&want);
}

static void
a_long_text_stands_once(void **state)
{
	struct nw_buf b = {0}, want = {0};

	(void)state;
	for (int i = 0; i < 2000; i++) {
		nw_buf_addf(&b, "<p>paragraph %d</p>\n", i);
		nw_buf_addf(&want, "%sparagraph %d", i > 0 ? "\n\n" : "", i);
	}
	assert_text(nw_buf_str(&b).p, nw_buf_str(&want).p);
	nw_buf_done(&b);
	nw_buf_done(&want);
}

/* Repeats ${piece} to ${size} bytes, with ${tail} behind it. */
static struct nw_str
repeat(struct nw_buf *b, const char *piece, size_t size, const char *tail)
{
	while (b->len < size)
		nw_buf_adds(b, piece);
	nw_buf_adds(b, tail);
	return nw_buf_str(b);
}

static void
hostile_documents_end_soon_with_a_reason(void **state)
{
	struct nw_str text, html;
	struct nw_buf b = {0};
	struct nw_err err;

	(void)state;
	assert_int_equal(
	    nw_html_text(arena, repeat(&b, "<div>", 1000000, "deep"), NW_STR(""), &text, &html, &err), 0);
	assert_int_equal(err.code, NW_ELIMIT);
	nw_buf_reset(&b);
	nw_buf_adds(&b, "<p>before<a");
	assert_int_equal(nw_html_text(arena, repeat(&b, " a=1", 1000000, ">link</a> after"), NW_STR(""),
			     &text, &html, &err),
	    0);
	assert_string_equal(text.p, "beforelink after");
	nw_buf_reset(&b);
	assert_int_equal(
	    nw_html_text(arena, repeat(&b, "<a x='", 1000000, ""), NW_STR(""), &text, &html, &err), 0);
	nw_buf_reset(&b);
	assert_int_equal(
	    nw_html_text(arena, repeat(&b, "</b></div>", 1000000, "x"), NW_STR(""), &text, &html, &err), 0);
	assert_string_equal(text.p, "x");
	nw_buf_done(&b);
}

static void
a_text_past_its_bound_is_cut_at_a_character_and_says_so(void **state)
{
	struct nw_str text, html;
	struct nw_buf b = {0};
	struct nw_err err;

	(void)state;
	assert_int_equal(
	    nw_html_text(arena, repeat(&b, "外交部", NW_TEXT_MAX + 100, ""), NW_STR(""), &text, &html, &err),
	    0);
	assert_int_equal(err.code, NW_ELIMIT);
	assert_true(text.len <= NW_TEXT_MAX && text.len > NW_TEXT_MAX - 4);
	assert_int_equal(nw_utf8_valid(text.p, text.len), 1);
	nw_buf_done(&b);
}

static void
a_title_is_one_line_however_often_it_was_escaped(void **state)
{
	(void)state;
	assert_title("Wang Yi\n Holds  Talks", "Wang Yi Holds Talks");
	assert_title("AT&amp;T", "AT&T");
	assert_title("AT&amp;amp;T", "AT&T");
	assert_title("<b>Bold</b> &#8220;x&#8221;", "Bold “x”");
	assert_title("&lt;b&gt;Bold&lt;/b&gt;", "Bold");
	assert_title("&amp;lt;i&amp;gt;x&amp;lt;/i&amp;gt;", "x");
	assert_title("one<br/>two<script>x()</script>", "one two");
	assert_title("<![CDATA[Talks &amp; more]]>", "Talks & more");
	assert_title("", "");
}

static void
what_only_looks_like_markup_stays_in_a_title(void **state)
{
	(void)state;
	assert_title("Q&A <2021>: a < b & c > d", "Q&A <2021>: a < b & c > d");
	assert_title("Use of the &lt;b&gt; tag", "Use of the <b> tag");
	assert_title("R&D; S&P 500", "R&D; S&P 500");
}

static void
invisible_characters_leave_a_title_but_persian_keeps_its_joiner(void **state)
{
	(void)state;
	assert_title("\u200b\u200cTitle\u200c\ufeff", "Title");
	assert_title("گفت\u200cوگو", "گفت\u200cوگو");
}

static void
hosts_beyond_ascii_become_punycode(void **state)
{
	struct nw_str url;

	(void)state;
	assert_int_equal(nw_idna_resolve(arena, NW_STR("http://a.example/"),
			     NW_STR("http://МИД.рф:8080/путь?q#f"), &url, NULL),
	    0);
	assert_string_equal(url.p, "http://xn--d1ahl.xn--p1ai:8080/%D0%BF%D1%83%D1%82%D1%8C?q#f");
	assert_int_equal(
	    nw_idna_resolve(arena, NW_STR("https://a.example/"), NW_STR("//bücher.example"), &url, NULL), 0);
	assert_string_equal(url.p, "https://xn--bcher-kva.example/");
	assert_int_equal(nw_idna_resolve(arena, NW_STR("https://a.example/"),
			     NW_STR("/p?u=http://пример.рф/"), &url, NULL),
	    0);
	assert_string_equal(
	    url.p, "https://a.example/p?u=http://%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.%D1%80%D1%84/");
	assert_int_equal(
	    nw_idna_resolve(arena, NW_STR("https://a.example/"), NW_STR("http://\u00ad\u200b/"), &url, NULL),
	    -1);
}

static void
backslashes_of_references_are_slashes(void **state)
{
	static const struct {
		const char *ref, *url;
	} cases[] = {{"\\news\\7.htm", "https://a.example/news/7.htm"}, {"7.htm?p=a\\b", NULL},
	    {"http:\\\\b.example\\7", "http://b.example/7"}, {"\\\\b.example", "https://b.example/"},
	    {"http://b.example\\@a.example/", "http://b.example/@a.example/"}, {"javascript:\\x", NULL}};
	struct nw_str url;
	int rc;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rc = nw_idna_resolve(arena, NW_STR("https://a.example/list"), nw_str(cases[i].ref), &url, NULL);
		assert_int_equal(rc, cases[i].url != NULL ? 0 : -1);
		if (rc == 0)
			assert_string_equal(url.p, cases[i].url);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(blocks_become_paragraphs_and_blanks_fold),
	    cmocka_unit_test(lists_tables_and_quotes_stay_readable),
	    cmocka_unit_test(what_a_reader_does_not_see_is_left_out),
	    cmocka_unit_test(invisible_characters_go_and_han_lines_join),
	    cmocka_unit_test(entities_are_decoded_with_the_mistakes_of_real_pages),
	    cmocka_unit_test(text_without_markup_keeps_its_lines),
	    cmocka_unit_test(markup_escaped_once_too_often_is_markup),
	    cmocka_unit_test(a_tag_that_a_text_speaks_of_is_text),
	    cmocka_unit_test(unclosed_and_misnested_markup_loses_no_text),
	    cmocka_unit_test(four_hundred_open_elements_lose_nothing),
	    cmocka_unit_test(a_long_text_stands_once),
	    cmocka_unit_test(hostile_documents_end_soon_with_a_reason),
	    cmocka_unit_test(a_text_past_its_bound_is_cut_at_a_character_and_says_so),
	    cmocka_unit_test(backslashes_of_references_are_slashes),
	    cmocka_unit_test(a_title_is_one_line_however_often_it_was_escaped),
	    cmocka_unit_test(what_only_looks_like_markup_stays_in_a_title),
	    cmocka_unit_test(invisible_characters_leave_a_title_but_persian_keeps_its_joiner),
	    cmocka_unit_test(hosts_beyond_ascii_become_punycode),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
