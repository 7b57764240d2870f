/* parser-sitemap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include "base/buf.h"
#include "core/time.h"
#include "fake_host.h"

#define URL  "https://www.ministry.example/sitemap.xml"
#define HEAD "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"

extern const struct nw_plugin nw_plugin_parser_sitemap;

static struct fake_host *fh;

static int
setup(void **state)
{
	(void)state;
	fh = fake_host_new(&nw_plugin_parser_sitemap);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fake_host_free(fh);
	return 0;
}

static void
read_text(const char *text, uint32_t incomplete)
{
	assert_int_equal(fake_host_parse_text(fh, text, URL, "text/xml"), NW_OK);
	assert_true(fh->has_feed);
	assert_int_equal(fh->feed.role, NW_ROLE_LISTING);
	assert_int_equal(fh->feed.incomplete, incomplete);
}

static void
read_file(void)
{
	assert_int_equal(fake_host_parse_file(fh, NW_TOP "/tests/data/feed/sitemap-news.xml", URL, ""), NW_OK);
}

static void
assert_refused(const char *text, int code, const char *part)
{
	assert_int_equal(fake_host_parse_text(fh, text, URL, ""), code);
	if (strstr(fh->fail.p, part) == NULL)
		fail_msg("'%s' does not hold '%s'", fh->fail.p, part);
}

static void
the_newest_entry_comes_first_with_its_news(void **state)
{
	const struct nw_article *a;
	char buf[32];

	(void)state;
	read_file();
	assert_int_equal(fh->narticles, 3);
	a = &fh->article[0];
	assert_string_equal(a->url.p, "https://www.ministry.example/news/new");
	assert_string_equal(fake_host_title(fh, a).p, "Trait\u00e9 & accord");
	assert_string_equal(nw_time_rfc3339(a->published.at_ms, buf), "2023-10-02T08:00:00Z");
	assert_string_equal(nw_time_rfc3339(a->updated.at_ms, buf), "2023-10-03T10:00:00Z");
	assert_string_equal(a->lang.p, "fr");
	assert_int_equal(a->ncategories, 2);
	assert_string_equal(a->categories[1].p, "droit");
	assert_int_equal(a->flags, NW_ARTICLE_TEASER);
	assert_string_equal(fh->article[1].url.p, "https://www.ministry.example/news/old?a=1&b=2");
	assert_int_equal(fh->article[1].updated.precision, NW_PREC_DAY);
	assert_string_equal(fh->article[2].url.p, "https://www.ministry.example/about");
}

static void
an_index_names_what_to_read_next(void **state)
{
	(void)state;
	read_text("<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2023-01-01</lastmod></sitemap>"
		  "<sitemap><loc>https://x.example/b.xml.gz</loc><lastmod>2023-10-01</lastmod></sitemap></sitemapindex>", 0);
	assert_int_equal(fh->narticles, 0);
	assert_int_equal(fh->nfollow, 2);
	assert_string_equal(fh->follow[0].url.p, "https://x.example/b.xml.gz");
	assert_string_equal(fh->follow[1].url.p, "https://www.ministry.example/a.xml");
	assert_int_equal(fh->follow[0].role, NW_ROLE_LISTING);
}

static void
a_source_chooses_its_addresses(void **state)
{
	(void)state;
	fh->now_ms = nw_time_days(2023, 10, 5) * 86400000;
	assert_int_equal(fake_host_source(fh, "sitemap.include", "/news/\n/press/", "sitemap.exclude", "/new", NULL), NW_OK);
	read_file();
	assert_int_equal(fh->narticles, 0);
	assert_int_equal(fake_host_source(fh, "sitemap.include", "/news/", NULL), NW_OK);
	read_file();
	assert_int_equal(fh->narticles, 2);
	assert_int_equal(fake_host_source(fh, "sitemap.days", "4", NULL), NW_OK);
	read_file();
	assert_int_equal(fh->narticles, 2); /* the old one is gone, the undated one stays */
	assert_true(fake_host_noted(fh, "2 entries are left out"));
	assert_int_equal(fake_host_source(fh, NULL), NW_OK);
}

static void
a_limit_leaves_out_the_oldest(void **state)
{
	(void)state;
	fh->items_max = 1;
	read_file();
	fh->items_max = 2000;
	assert_int_equal(fh->narticles, 1);
	assert_string_equal(fh->article[0].url.p, "https://www.ministry.example/news/new");
	assert_true(fake_host_noted(fh, "the oldest ones"));
}

static void
a_broken_sitemap_keeps_what_is_whole(void **state)
{
	(void)state;
	read_text(HEAD "<url><loc>https://x.example/?a=1&b=2&amp;c=3</loc></url>"
		       "<url><loc>https://x.example/2</loc></url><url><loc>https://x.exam", 1);
	assert_int_equal(fh->narticles, 2);
	assert_string_equal(fh->article[0].url.p, "https://x.example/?a=1&b=2&c=3");
	assert_true(fake_host_noted(fh, "not well-formed"));
}

static void
prefixes_and_case_do_not_matter(void **state)
{
	(void)state;
	read_text("<sm:URLSET xmlns:sm='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:g='x-news'><sm:Url>"
		  "<image:image><image:loc>https://x.example/i.png</image:loc><image:title>i</image:title></image:image>"
		  "<sm:Loc> https://x.example/a b?c=1&amp;amp;d=2\n</sm:Loc><g:news><g:publication><g:name>P</g:name>"
		  "<g:language>de</g:language></g:publication><g:title><![CDATA[T & U]]></g:title>"
		  "<g:publication_date>2023-10-02</g:publication_date></g:news></sm:Url></sm:URLSET>", 0);
	assert_int_equal(fh->narticles, 1);
	assert_string_equal(fh->article[0].url.p, "https://x.example/a%20b?c=1&d=2");
	assert_string_equal(fake_host_title(fh, &fh->article[0]).p, "T & U");
	assert_string_equal(fh->article[0].lang.p, "de");
	assert_int_equal(fh->article[0].published.precision, NW_PREC_DAY);
}

static void
the_news_extension_may_be_the_default_namespace(void **state)
{
	(void)state;
	read_text(HEAD "<url><loc>/1</loc><news xmlns='x'><title>T</title></news><lastmod>2023-10-02</lastmod></url>"
		       "<url><loc><url><![CDATA[/2]]></url></loc><video:video><video:title>v</video:title></video:video>"
		       "</url></urlset>", 0);
	assert_int_equal(fh->narticles, 2);
	assert_string_equal(fake_host_title(fh, &fh->article[0]).p, "T");
	assert_int_equal(fh->article[0].updated.precision, NW_PREC_DAY);
	assert_string_equal(fh->article[1].url.p, "https://www.ministry.example/2");
	assert_int_equal(fh->article[1].title_html.len, 0);
}

static void
missing_ends_and_stray_ones_lose_no_entry(void **state)
{
	(void)state;
	read_text("Warning: x\n<?xml version='1.0'?>" HEAD "<url><loc>/1<lastmod>2023-10-03</lastmod></url></url>"
		  "<url><loc>/2</loc><news:title>1 < 2 &eacute;</news:title>"
		  "<url><loc>/3</loc><lastmod>2023-10-01</lastmod></url></urlset>", 1);
	assert_int_equal(fh->narticles, 3);
	assert_string_equal(fh->article[0].url.p, "https://www.ministry.example/1");
	assert_string_equal(fh->article[1].url.p, "https://www.ministry.example/3");
	assert_string_equal(fake_host_title(fh, &fh->article[2]).p, "1 < 2 \u00e9");
}

static void
an_index_and_a_sitemap_may_be_one_document(void **state)
{
	(void)state;
	read_text(HEAD "<sitemap><loc>/more.xml</loc></sitemap><url><loc>/1</loc></url></urlset>", 0);
	assert_int_equal(fh->narticles, 1);
	assert_int_equal(fh->nfollow, 1);
}

static void
a_list_of_addresses_is_a_sitemap(void **state)
{
	static const char list[] = "\xef\xbb\xbfhttps://x.example/1\r\n\r\n  https://x.example/2?a=1&b=2\nnothing\n";
	struct nw_bytes b = {(const uint8_t *)list, sizeof(list) - 1};

	(void)state;
	assert_int_equal(fake_host_probe(fh, b, "text/plain"), 60);
	read_text(list, 0);
	assert_int_equal(fh->narticles, 2);
	assert_string_equal(fh->article[1].url.p, "https://x.example/2?a=1&b=2");
	assert_true(fake_host_noted(fh, "1 lines are no addresses"));
	b = (struct nw_bytes){(const uint8_t *)"see https://x.example/", 22};
	assert_int_equal(fake_host_probe(fh, b, "text/plain"), 0);
}

/* --- gzip */

static struct nw_bytes
deflated(const char *text, size_t len, uint8_t *out, size_t max)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)text, .avail_in = (uInt)len, .next_out = out, .avail_out = (uInt)max};

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return (struct nw_bytes){out, z.total_out};
}

static void
a_gzip_file_is_inflated(void **state)
{
	static const char text[] = HEAD "<url><loc>https://x.example/1</loc></url></urlset>";
	uint8_t out[512];
	struct nw_bytes b = deflated(text, strlen(text), out, sizeof(out));

	(void)state;
	assert_in_range(fake_host_probe(fh, b, "application/x-gzip"), 50, 100);
	assert_int_equal(fake_host_parse(fh, b, URL ".gz", "application/x-gzip", NW_ROLE_AUTO), NW_OK);
	assert_int_equal(fh->narticles, 1);
	assert_int_equal(fh->feed.incomplete, 0);
	b.len -= 12; /* cut */
	assert_int_equal(fake_host_parse(fh, b, URL ".gz", "", NW_ROLE_AUTO), NW_OK);
	assert_int_equal(fh->feed.incomplete, 1);
	b.len = 12; /* nothing but the header */
	assert_int_equal(fake_host_parse(fh, b, URL ".gz", "", NW_ROLE_AUTO), NW_EINPUT);
}

static void
a_gzip_bomb_ends_at_the_cap(void **state)
{
	size_t n = 80u << 20, max = 1u << 20;
	char *zeros = malloc(n);
	uint8_t *out = malloc(max);
	clock_t start = clock();
	struct nw_bytes b;

	(void)state;
	assert_true(zeros != NULL && out != NULL);
	memset(zeros, ' ', n);
	memcpy(zeros, HEAD, sizeof(HEAD) - 1);
	b = deflated(zeros, n, out, max);
	free(zeros);
	assert_int_equal(fake_host_parse(fh, b, URL ".gz", "", NW_ROLE_AUTO), NW_EINPUT);
	assert_true(fake_host_noted(fh, "gzip"));
	assert_true((clock() - start) / CLOCKS_PER_SEC < 20); /* seconds, deflating included, sanitized */
	free(out);
}

/* --- refusals */

static void
what_is_no_sitemap_is_refused(void **state)
{
	(void)state;
	assert_refused("", NW_EINPUT, "empty");
	assert_refused("<rss/>", NW_EINPUT, "<rss>");
	assert_refused("x", NW_EINPUT, "no XML");
	assert_refused(HEAD "<url><loc>http", NW_EINPUT, "before its first entry");
}

static void
hostile_sitemaps_end_soon(void **state)
{
	struct nw_buf b = {0};
	clock_t start = clock();

	(void)state;
	nw_buf_adds(&b, HEAD "<url ");
	for (int i = 0; i < 100000; i++)
		nw_buf_addf(&b, "a%d='' ", i);
	nw_buf_adds(&b, "><loc>/a</loc></url></urlset>");
	read_text(nw_buf_str(&b).p, 0);
	assert_int_equal(fh->narticles, 1);
	nw_buf_reset(&b);
	nw_buf_adds(&b, HEAD);
	for (int i = 0; i < 200000; i++)
		nw_buf_adds(&b, "<x>");
	nw_buf_adds(&b, "<url><loc>/a</loc></url></urlset>");
	assert_refused(nw_buf_str(&b).p, NW_EINPUT, "before its first entry");
	nw_buf_reset(&b);
	nw_buf_adds(&b, HEAD "<url><loc>/");
	for (int i = 0; i < 100000; i++)
		nw_buf_adds(&b, "&amp;<b><");
	nw_buf_adds(&b, "</loc></url><url><loc>/a</loc></url></urlset>");
	read_text(nw_buf_str(&b).p, 1);
	assert_int_equal(fh->narticles, 1);
	nw_buf_reset(&b);
	nw_buf_adds(&b, HEAD);
	for (int i = 0; i < 100000; i++)
		nw_buf_adds(&b, "<url><loc>/a</loc></url>");
	nw_buf_adds(&b, "</urlset>");
	read_text(nw_buf_str(&b).p, 0);
	assert_int_equal(fh->narticles, 2000);
	assert_true(fake_host_noted(fh, "98000 entries"));
	nw_buf_done(&b);
	read_text("<!DOCTYPE u [<!ENTITY a 'x'><!ENTITY b SYSTEM 'file:///etc/passwd'>]>" HEAD
		  "<url><loc>/&a;&b;</loc></url></urlset>", 0);
	assert_null(strstr(fh->article[0].url.p, "root"));
	assert_true((clock() - start) / CLOCKS_PER_SEC < 10); /* seconds, sanitized */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_newest_entry_comes_first_with_its_news),
	    cmocka_unit_test(an_index_names_what_to_read_next),
	    cmocka_unit_test(a_source_chooses_its_addresses),
	    cmocka_unit_test(a_limit_leaves_out_the_oldest),
	    cmocka_unit_test(a_broken_sitemap_keeps_what_is_whole),
	    cmocka_unit_test(prefixes_and_case_do_not_matter),
	    cmocka_unit_test(the_news_extension_may_be_the_default_namespace),
	    cmocka_unit_test(missing_ends_and_stray_ones_lose_no_entry),
	    cmocka_unit_test(an_index_and_a_sitemap_may_be_one_document),
	    cmocka_unit_test(a_list_of_addresses_is_a_sitemap),
	    cmocka_unit_test(a_gzip_file_is_inflated),
	    cmocka_unit_test(a_gzip_bomb_ends_at_the_cap),
	    cmocka_unit_test(what_is_no_sitemap_is_refused),
	    cmocka_unit_test(hostile_sitemaps_end_soon),
	};

	return cmocka_run_group_tests_name("parser-sitemap", tests, setup, teardown);
}
