/* parser-page: the list of a newsroom is found unasked, whatever system printed it, among menus and sidebars.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "page_host.h"

#define ROWS 8

static const char *const titles[ROWS] = {"Minister receives new ambassadors in the capital",
    "Talks on rail transport held with Norland", "Consular service hours in December announced",
    "Exhibition of traditional music opens downtown", "Statement on the flood in the northern province",
    "Deputy Minister visits the new harbour", "Press briefing of the spokesperson",
    "Agreement on fisheries enters into force"};
static const int days[ROWS] = {20, 19, 18, 17, 16, 14, 12, 11};

#define TEASER                                                                                               \
	"The two sides discussed trade, transport and culture, and agreed to meet again in spring of next "  \
	"year."
#define HEAD                                                                                                 \
	"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>News | Ministry</title></head><body>" \
	"<header><nav><ul><li><a href=/>Home</a><li><a href=/about/>About the Ministry</a><li><a "           \
	"href=/policy/>Foreign Policy "                                                                      \
	"Priorities</a><li><a href=/news/>News and Events</a><li><a href=/consular/>Consular Services "      \
	"Abroad</a><li>"                                                                                     \
	"<a href=/visa/>Visa Information Centre</a><li><a href=/embassies/>Embassies and "                   \
	"Consulates</a></ul></nav></header>"
#define FOOT                                                                                                 \
	"<aside class=sidebar><h3>Most read</h3><ul><li><a href=/news/old-1>How to apply for a passport "    \
	"abroad</a><li>"                                                                                     \
	"<a href=/news/old-2>Travel advice for the summer</a><li><a href=/news/old-3>List of honorary "      \
	"consuls today</a></ul></aside>"                                                                     \
	"<footer><ul><li><a href=https://a.example/>Office of the President of Sampleland</a><li><a "        \
	"href=https://b.example/>"                                                                           \
	"Parliament of Sampleland online</a><li><a href=https://c.example/>Government Portal of "            \
	"Sampleland</a></ul></footer></body></html>"

/* ${row} takes %1$d the number, %2$s the title, %3$s the date as the page shows it, which is strftime-like in
 * ${date}. */
struct newsroom {
	const char *system, *before, *row, *after, *date, *selector;
};

static const struct newsroom newsrooms[] = {
    {"a blog", "<main>",
	"<article class='post-%1$d post'><h2 class=entry-title><a href=/2026/11/n%1$d/>%2$s</a></h2><div "
	"class=meta><time datetime='%3$sT09:00:00Z'>on a day</time> by <a "
	"href=/author/press>press</a></div><p>" TEASER
	" <a class=more href=/2026/11/n%1$d/>Continue reading</a></p></article>",
	"</main>", "2026-11-%02d", "h2.entry-title > a"},
    {"cards that are links", "<main><div class=grid>",
	"<a class=card href=/news/item-%1$d><img src=x.jpg alt=''><div><span>%3$s"
	"</span><h3>%2$s</h3><p>" TEASER "</p></div></a>",
	"</div></main>", "%d November 2026", "div.grid > a.card"},
    {"a table", "<table class=list><tr><th>Date<th>Title</tr>",
	"<tr class=odd><td>%3$s</td><td><a href=news.php?id=%1$d>%2$s</a>"
	"</td></tr>",
	"</table>", "%d.11.2026", "table.list > tr > td > a"},
    {"terms and definitions", "<dl class=press>", "<dt>%3$s</dt><dd><a href=/press/%1$d.html>%2$s</a></dd>",
	"</dl>", "%d November 2026", "dl.press > dd > a"},
    {"numbered rows", "<div class=view-content>",
	"<div class='views-row views-row-%1$d'><div class=created>%3$s</div><div "
	"class=name><a href=/en/node/%1$d>%2$s</a></div><p>" TEASER "</p></div>",
	"</div>", "%d/11/2026", "div.name > a"},
    {"rows with lists in them", "<ul class=documents>",
	"<li class=document><div class=title><a href=/news/n-%1$d>%2$s</a></div><ul>"
	"<li>From: <a href=/org>Ministry</a><li>Updated: <time datetime=%3$s>a day</time></ul></li>",
	"</ul>", "2026-11-%02d", "div.title > a"},
    {"pictures linked too", "<div class=newsbox>",
	"<div class=one><a href=/n/%1$d><img src=t.jpg alt='%2$s'></a><div class=txt><h4>"
	"<a href=/n/%1$d>%2$s</a></h4><span>%3$s</span><p>" TEASER
	"</p><a href=/n/%1$d>Read more</a></div></div>",
	"</div>", "%d Nov 2026", "div.txt > h4 > a"},
    {"lines and breaks", "<div id=c><h2>Latest news</h2><p>", "%3$s - <a href=n%1$d.htm>%2$s</a><br>",
	"</p></div>", "%d/11/2026", "#c > p > a"},
    {"dates in brackets before", "<ul class=newslist>",
	"<li><span>[%3$s]</span> <a href=./202611/t_%1$d.html>%2$s</a></li>", "</ul>", "2026-11-%02d",
	"ul.newslist > li > a"},
    {"bold links with a line of text", "<div class=news-list>",
	"<p class=news-item id=bx_%1$d><span>%3$s</span> <a "
	"href=/press/news/%1$d/><b>%2$s</b></a><br>The parties discussed matters of cooperation.<br></p>",
	"</div>", "%d.11.2026", "p.news-item > a"},
    {"headings over read more", "<div class=entries>",
	"<div class=entry><h3>%2$s</h3><em>%3$s</em><p>" TEASER
	"</p><a class=go href=/entry/%1$d>Read the whole text</a></div>",
	"</div>", "%d November 2026", "div.entry > a.go"},
    {"heads and feet of entries", "<div class=news-list-view>",
	"<div class=news-list-item><div class=header><h3><a href=/detail/%1$d/><span>%2$s</span></a></h3></div><p>" TEASER
	" <a class=more href=/detail/%1$d/>More</a></p><div class=footer><span>%3$s</span></div></div>",
	"</div>", "%02d.11.2026", "div.header > h3 > a"},
    {"longer links below headings", "<div>",
	"<article class=node><h2><a href=/node/%1$d>%2$s</a></h2><time>%3$s</time><p>" TEASER
	"</p><ul class=links><li><a href=/node/%1$d>Read more<i> about %2$s</i></a></ul></article>",
	"</div>", "%d November 2026", "ul.links > li > a"},
    {"days beside months", "<div class=list>",
	"<div class=item><div class=when><span>%3$s</span><em>2026-11</em></div><a href=/n/%1$d>%2$s</a></div>", "</div>",
	"%02d", "div.item > a"},
    {"titles that begin a link", "<ul class=board>",
	"<li><a href=/b/%1$d><strong>%2$s</strong><span>" TEASER "</span><i>%3$s</i></a></li>", "</ul>", "2026.11.%02d.",
	"ul.board > li > a"},
    {"years of two digits", "<ul class=brief>", "<li><a href=/b/%1$d>%2$s</a> <b>%3$s</b></li>", "</ul>", "%02d/11/26",
	"ul.brief > li > a"},
    {"years that are no dates", "<table class=acts>",
	"<tr><td><a href=/a/%1$d>%2$s</a></td><td>2024年工作要点汇编目录</td><td>%3$s</td></tr>", "</table>", "2026/11/%02d",
	"table.acts > tr > td > a"},
    {"dates for machines alone", "<ul class=quiet>", "<li data-date=%3$s><a href=/q/%1$d>%2$s</a></li>", "</ul>",
	"2026-11-%02d", "ul.quiet > li > a"},
};

static void
print_page(const struct newsroom *r, struct nw_buf *b)
{
	char date[32];

	nw_buf_adds(b, HEAD);
	nw_buf_adds(b, r->before);
	for (int i = 0; i < ROWS; i++) {
		snprintf(date, sizeof(date), r->date, days[i]);
		nw_buf_addf(b, r->row, i, titles[i], date);
	}
	nw_buf_adds(b, r->after);
	nw_buf_adds(b, FOOT);
}

static void
check_items(const struct newsroom *r)
{
	const int64_t november = INT64_C(1793491200000), day = 86400000; /* 2026-11-01 */

	for (uint32_t i = 0; i < ROWS; i++) {
		const struct nw_article *a = &fh->article[i];

		if (strcmp(a->title.p, titles[i]) != 0)
			fail_msg("%s: item %u is '%s'", r->system, i, a->title.p);
		if (a->published.at_ms / day != november / day + days[i] - 1)
			fail_msg("%s: item %u, %d November, is of day %lld", r->system, i, days[i],
			    (long long)((a->published.at_ms - november) / day + 1));
	}
}

static void
the_list_is_found_with_titles_and_dates(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof(newsrooms) / sizeof(*newsrooms); k++) {
		const struct newsroom *r = &newsrooms[k];
		struct nw_buf b = {0};
		struct nw_str page;
		int rc;

		print_page(r, &b);
		page = nw_buf_str(&b);
		rc = fake_host_parse(fh, (struct nw_bytes){(const uint8_t *)page.p, page.len},
		    "https://www.ministry.example/news/", "text/html", NW_ROLE_AUTO);
		nw_buf_done(&b);
		if (rc != NW_OK || fh->feed.role != NW_ROLE_LISTING || fh->narticles != ROWS)
			fail_msg("%s: %d, %u items, %s", r->system, rc, fh->narticles,
			    rc != NW_OK ? fh->fail.p : "");
		check_items(r);
		if (strcmp(fake_host_hint(fh, "listing.link_css").p, r->selector) != 0)
			fail_msg("%s: selector '%s'", r->system, fake_host_hint(fh, "listing.link_css").p);
	}
}

static void
the_selector_found_finds_the_same_list(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof(newsrooms) / sizeof(*newsrooms); k++) {
		const struct newsroom *r = &newsrooms[k];
		struct fake_host *plain = fh;
		struct nw_buf b = {0};
		struct nw_str page;

		print_page(r, &b);
		page = nw_buf_str(&b);
		fh = fake_host_new(&nw_plugin_parser_page);
		assert_int_equal(
		    fake_host_source(fh, "listing.link_css", r->selector, "listing.min_items", "8", NULL),
		    NW_OK);
		if (fake_host_parse(fh, (struct nw_bytes){(const uint8_t *)page.p, page.len},
			"https://www.ministry.example/news/", "text/html", NW_ROLE_LISTING) != NW_OK)
			fail_msg("%s: %s", r->system, fh->fail.p);
		assert_int_equal(fh->narticles, ROWS);
		check_items(r);
		fake_host_free(fh);
		fh = plain;
		nw_buf_done(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(the_list_is_found_with_titles_and_dates),
	    PAGE_TEST(the_selector_found_finds_the_same_list),
	};

	return cmocka_run_group_tests_name("parser-page: newsrooms", tests, NULL, NULL);
}
