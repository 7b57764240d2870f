/* parser-page takes as many steps as a page has bytes, whatever stands inside what.  A step is a block of its
 * code, which the compiler counts; work of the host and of libxml2 counts by what they are asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "page_host.h"

#define SMALL	   (8u << 10) /* bytes of the smaller page; the larger has four times as many */
#define GROWTH	   5	      /* times the steps it may take: a page that grows faster is told from noise */
#define SMALLEST   500000     /* steps below which growth says nothing: bounds are reached later */
#define A_DATE	   300	      /* steps that reading a date is worth, an address, selecting */
#define AN_ADDRESS 100

void __sanitizer_cov_trace_pc(void);

static uint64_t steps;
static struct nw_host real;

void
__sanitizer_cov_trace_pc(void)
{
	steps++;
}

static void *
count_alloc(struct nw_sink *out, size_t n)
{
	steps += n / 16;
	return real.alloc(out, n);
}

static int
count_date(
    struct nw_sink *out, struct nw_str text, uint32_t flags, const struct nw_doc *doc, struct nw_time *t)
{
	steps += A_DATE + text.len;
	return real.date_parse(out, text, flags, doc, t);
}

static int
count_url(struct nw_sink *out, struct nw_str base, struct nw_str ref, struct nw_str *url_r)
{
	steps += AN_ADDRESS + ref.len;
	return real.url_resolve(out, base, ref, url_r);
}

struct shape {
	const char *name, *before;
	uint32_t most; /* times that `before` stands there */
	const char *unit;
};

static const struct shape shapes[] = {
    {"divisions", "", 0, "<div>Some text it has. "},
    {"tables", "", 0, "<table><tr><td>cell %u"},
    {"lists", "", 0, "<ul><li>entry %u with some words, indeed."},
    {"lists of links", "", 0, "<ul><li><a href=/a/%u>entry %u with some words, indeed.</a>"},
    {"asides", "", 0,
	"<footer><aside><p>A long text of much worth, which is here to be read by all who come by.</p>"},
    {"bodies", "", 0, "<div class=article-body>A sentence, of some length. "},
    {"contents", "", 0, "<div class=content>A sentence, of some length. "},
    {"inline", "<p>", 1, "<span>x"},
    {"inline above breaks", "<span>", 4000, "<br><br>text"},
    {"links", "", 0, "<div><a href=x>y"},
    {"links with titles", "", 0, "<div><a href=/art/%u>The title of a thing, %u"},
    {"links with dates", "", 0, "<div><a href=/art/t2026_%u>The title of a thing</a><span>2026-05-01</span>"},
    {"rows", "", 0, "<li class=row><div><a href=/art/%u>The title of a thing</a>"},
    {"rows deep down", "<div>", 4000, "<li class=row><a href=/art/%u>The title of a thing</a>"},
    {"entries beside", "", 0, "<li><a href=/art/%u>The title of a thing</a> 2026-05-01</li>"},
    {"teasers", "", 0, "<div class=card><h3><a href=/a/%u>The title of some thing</a></h3>"},
    {"teasers beside", "", 0,
	"<div class=card><h3><a href=/a/%u>The title of some thing</a></h3>Words.</div>"},
    {"links of many kinds", "<div>", 4000, "<div class=c%u><a href=/a/%u>The title of some thing</a></div>"},
    {"headings", "<title>A title</title>", 1, "<div><h1>A title %u"},
    {"times", "<div class=c>", 4000, "<time>none</time>"},
    {"times inside", "", 0, "<div class=date><time>not %u"},
    {"days", "", 0, "<p class=date>12 of %u</p>"},
    {"authors", "", 0, "<div class=author>by Nobody of Nowhere"},
    {"styles without end", "", 0, "<style>x<svg>x<iframe>x"},
    {"pictures", "<div>a", 1, "<img alt=a><i></i>"},
    {"paragraphs", "", 0, "<p>x</p>"},
    {"breaks", "", 0, "text<br><br>"},
    {"data", "<script type='application/ld+json'>[", 1, "{\"@type\":\"x\"},"},
    {"data without end", "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",,\"headline\":\"", 1,
	"<a &am"},
    {"one text", "<p>", 1, "word. "},
    {"one name", "<p class='", 1, "nav-x "},
};

static const char *const names[] = {
    [NW_ROLE_AUTO] = "auto", [NW_ROLE_LISTING] = "listing", [NW_ROLE_ARTICLE] = "article"};
static const uint32_t roles[] = {NW_ROLE_AUTO, NW_ROLE_LISTING, NW_ROLE_ARTICLE};

static struct nw_buf
page_of(const struct shape *s, size_t size)
{
	struct nw_buf b = {0};
	char unit[256];
	uint32_t n = 0;

	nw_buf_adds(&b, "<html><body>");
	while (n++ < s->most)
		nw_buf_adds(&b, s->before);
	size += b.len;
	for (n = 0; b.len < size; n++) {
		snprintf(unit, sizeof(unit), s->unit, n, n);
		nw_buf_adds(&b, unit);
	}
	return b;
}

static uint64_t
cost(const struct shape *s, size_t size, uint32_t role)
{
	struct nw_buf b = page_of(s, size);

	steps = 0;
	(void)fake_host_parse(
	    fh, (struct nw_bytes){(const uint8_t *)b.p, b.len}, "https://m.example/a/", "text/html", role);
	nw_buf_done(&b);
	return steps;
}

static int
grows_too_fast(const struct shape *s, uint32_t role, const char *whose)
{
	uint64_t small = cost(s, SMALL, role), large = cost(s, 4 * SMALL, role);

	if (large <= SMALLEST || large <= GROWTH * small)
		return 0;
	print_error("%s (%s, %s): %llu steps, then %llu\n", s->name, names[role], whose,
	    (unsigned long long)small, (unsigned long long)large);
	return 1;
}

static void
count_all(const char *whose)
{
	int bad = 0;

	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++)
		for (size_t k = 0; k < sizeof(roles) / sizeof(*roles); k++)
			bad += grows_too_fast(&shapes[i], roles[k], whose);
	assert_int_equal(bad, 0);
}

static void
watch_host(void)
{
	real = fh->host;
	fh->host.alloc = count_alloc;
	fh->host.date_parse = count_date;
	fh->host.url_resolve = count_url;
}

static void
steps_are_counted(void **state)
{
	(void)state;
	watch_host();
	assert_true(cost(&shapes[0], SMALL, NW_ROLE_AUTO) > SMALL);
}

static void
steps_grow_with_the_page_alone(void **state)
{
	(void)state;
	watch_host();
	count_all("no source");
}

static void
steps_of_a_configured_page_grow_with_it_alone(void **state)
{
	(void)state;
	watch_host();
	assert_int_equal(fake_host_source(fh, "listing.link", "/art?/", "listing.item", "li\n.row\ndiv",
			     "listing.title", "h3\na@title", "listing.date", ".date\nspan", "article.title",
			     "h1", "article.body", ".content\narticle\ndiv", "article.date", "time",
			     "article.author", ".author", "article.remove", ".share\nnav", NULL),
	    NW_OK);
	count_all("a source");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PAGE_TEST(steps_are_counted),
	    PAGE_TEST(steps_grow_with_the_page_alone),
	    PAGE_TEST(steps_of_a_configured_page_grow_with_it_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
