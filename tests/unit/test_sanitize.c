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
#include "core/limits.h"
#include "html_check.h"
#include "text/html.h"

#define BASE "https://example.org/news/a.html"

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

static struct nw_str
clean(struct nw_str html)
{
	struct nw_str text, out;
	struct nw_err err;
	const char *why;

	assert_int_equal(nw_html_text(arena, html, NW_STR(BASE), &text, &out, &err), 0);
	if ((why = html_check(out)) != NULL)
		fail_msg("%s: '%s'", why, out.p);
	return out;
}

static void
assert_clean(const char *html, const char *want)
{
	assert_string_equal(clean(nw_str(html)).p, want);
}

static void
allowed_markup_passes_and_is_written_anew(void **state)
{
	(void)state;
	assert_clean("<P CLASS=x id=y>One <B>two</B><br/>three &amp; &lt;</P>",
	    "<p>One <b>two</b><br>three &amp; &lt;</p>");
	assert_clean("<table><tr><td colspan=2 style='x' bgcolor=red>a</table>",
	    "<table><tr><td colspan=\"2\">a</td></tr></table>");
	assert_clean("<ol start=3><li value=4>x</ol>", "<ol start=\"3\"><li value=\"4\">x</li></ol>");
	assert_clean(
	    "<p lang=en dir=RTL title='a\"b'>x</p>", "<p title=\"a&quot;b\" lang=\"en\" dir=\"RTL\">x</p>");
	assert_clean(
	    "<time datetime='2024-03-15T10:00Z'>x</time>", "<time datetime=\"2024-03-15T10:00Z\">x</time>");
}

static void
addresses_become_absolute_http(void **state)
{
	(void)state;
	assert_clean("<p><a href='../b?x=1&y=2#z'>x</a></p>",
	    "<p><a href=\"https://example.org/b?x=1&amp;y=2#z\">x</a></p>");
	assert_clean("<p><img src='/i.png' alt='A' width=10 height=99999></p>",
	    "<p><img src=\"https://example.org/i.png\" alt=\"A\" width=\"10\"></p>");
	assert_clean(
	    "<p><a href='http://МИД.рф/'>x</a></p>", "<p><a href=\"http://xn--d1ahl.xn--p1ai/\">x</a></p>");
	assert_clean("<p><img src='data:image/gif;base64,R0' data-src=//cdn.example/i.jpg></p>",
	    "<p><img src=\"https://cdn.example/i.jpg\"></p>");
	assert_clean("<blockquote cite=q.html>x</blockquote>",
	    "<blockquote cite=\"https://example.org/news/q.html\">x</blockquote>");
}

static void
addresses_that_do_something_else_vanish(void **state)
{
	static const char *const urls[] = {"javascript:alert(1)", "JaVaScRiPt:alert(1)",
	    "java\nscript:alert(1)", " javascript:x", "&#106;avascript:x", "data:text/html,x", "vbscript:x",
	    "file:///etc/passwd", "ftp://x/", "mailto:a@b", "//", "http://[", ""};
	struct nw_buf b = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		nw_buf_reset(&b);
		nw_buf_addf(&b, "<p><a href=\"%s\">x</a><img src=\"%s\"></p>", urls[i], urls[i]);
		assert_clean(nw_buf_str(&b).p,
		    i + 1 == sizeof(urls) / sizeof(urls[0]) ? "<p><a>x</a></p>" : "<p><a>x</a></p>");
	}
	nw_buf_done(&b);
}

static void
what_runs_or_frames_or_sends_is_dropped(void **state)
{
	(void)state;
	assert_clean("<p onclick=x() onmouseover='y'>a</p>", "<p>a</p>");
	assert_clean("<p>a<script>alert('</p>')</script><style>*{}</style>b</p>", "<p>ab</p>");
	assert_clean("<p>a<iframe src=http://e/>x</iframe>b</p>", "<p>ab</p>");
	assert_clean(
	    "<form action=http://e/><p>kept <input value=x><button>no</button></p></form>", "<p>kept </p>");
	assert_clean("<p>a<svg><script>x</script><a>y</a></svg><math><mi>z</mi></math>b</p>", "<p>ab</p>");
	assert_clean("<p>a<object data=x><embed src=y></object><link rel=x><meta http-equiv=refresh><base "
		     "href=http://e/>b</p>",
	    "<p>ab</p>");
	assert_clean("<p style='expression(x)' background=x>a</p>", "<p>a</p>");
}

static void
markup_hidden_in_text_and_attributes_stays_text(void **state)
{
	(void)state;
	assert_clean("<p>&lt;script&gt;x&lt;/script&gt;</p>", "<p>&lt;script&gt;x&lt;/script&gt;</p>");
	assert_clean("<p title='\"><script>x</script>'>a</p>",
	    "<p title=\"&quot;&gt;&lt;script&gt;x&lt;/script&gt;\">a</p>");
	assert_clean("<p><!-- <script>x</script> -->a<![CDATA[<script>]]></p>",
	    clean(NW_STR("<p><!-- <script>x</script> -->a<![CDATA[<script>]]></p>")).p);
}

static void
unbalanced_markup_comes_out_balanced(void **state)
{
	(void)state;
	assert_clean("<p><b>a<i>b", "<p><b>a<i>b</i></b></p>");
	assert_clean("</div></b>a<p>b</p></p></table>", clean(NW_STR("</div></b>a<p>b</p></p></table>")).p);
	assert_clean("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>");
}

static void
text_without_markup_becomes_paragraphs(void **state)
{
	(void)state;
	assert_clean("a < b & c", "a &lt; b &amp; c");
	assert_clean("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>");
}

static void
pictures_that_only_count_readers_are_dropped(void **state)
{
	(void)state;
	assert_clean("<p>a<img src=http://e.example/p.gif width=1 height=1></p>", "<p>a</p>");
}

static void
a_cut_output_is_still_balanced(void **state)
{
	struct nw_buf b = {0};

	(void)state;
	nw_buf_adds(&b, "<div><ul>");
	while (b.len < 3 * NW_TEXT_MAX)
		nw_buf_adds(&b, "<li><a href='http://example.org/a/long/enough/address'>x</a>");
	(void)clean(nw_buf_str(&b));
	nw_buf_reset(&b);
	nw_buf_adds(&b, "<p><b>");
	while (b.len < 5 * NW_TEXT_MAX)
		nw_buf_adds(&b, "<i>外交部</i>&amp;");
	(void)clean(nw_buf_str(&b));
	nw_buf_done(&b);
}

/* Random soup of tags, attributes and text, the same each run. */
static void
any_soup_of_tags_comes_out_clean(void **state)
{
	static const char *const bits[] = {"<p>", "</p>", "<b", ">", "\"", "'", "<a href=", "javascript:x",
	    "http://e.org/?a=1&b", "<!--", "-->", "<script>", "</script>", "<table>", "<td colspan=2>",
	    "</table>", "<li>", "<svg>", "</svg>", "<img src=x onerror=y>", "&lt;", "&#60;", "&#0;", "&",
	    "text ", "\n", "<style>", "</style>", "<![CDATA[", "]]>", "<?php x ?>", "</", "<", "=", "<q>",
	    "<form>", "<textarea>", "</textarea>", "<title>", "</title>", "<br/>", "\xe2\x80\xa8",
	    "title=", "<x:y>", "<template>", "</template>"};
	uint64_t seed = 0x9e3779b97f4a7c15;
	struct nw_buf b = {0};

	(void)state;
	for (int round = 0; round < 3000; round++) {
		nw_buf_reset(&b);
		for (int i = 0; i < 40; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			nw_buf_adds(&b, bits[(seed >> 33) % (sizeof(bits) / sizeof(bits[0]))]);
		}
		(void)clean(nw_buf_str(&b));
		nw_arena_reset(arena);
	}
	nw_buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(allowed_markup_passes_and_is_written_anew),
	    cmocka_unit_test(addresses_become_absolute_http),
	    cmocka_unit_test(addresses_that_do_something_else_vanish),
	    cmocka_unit_test(what_runs_or_frames_or_sends_is_dropped),
	    cmocka_unit_test(markup_hidden_in_text_and_attributes_stays_text),
	    cmocka_unit_test(unbalanced_markup_comes_out_balanced),
	    cmocka_unit_test(text_without_markup_becomes_paragraphs),
	    cmocka_unit_test(pictures_that_only_count_readers_are_dropped),
	    cmocka_unit_test(a_cut_output_is_still_balanced),
	    cmocka_unit_test(any_soup_of_tags_comes_out_clean),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
