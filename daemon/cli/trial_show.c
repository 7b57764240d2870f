#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/frame.h"
#include "core/time.h"
#include "cli/out.h"
#include "cli/show.h"
#include "cli/trial.h"

#define ITEMS_SHOWN 10
#define TEXT_SHOWN  400 /* bytes of an article's beginning */

static const char *const kinds[] = {"a document", "a feed", "a list page", "an article page"};

static const char *
day_of(const Nw__Time *t, char buf[32])
{
	if (t == NULL)
		return "no date   ";
	nw_time_rfc3339(t->at_ms, buf);
	buf[10] = '\0';
	return buf;
}

/* What a server wrote, its lines on one line. */
static void
print_text(struct nw_str s)
{
	const char *end = s.p + s.len, *nl;

	while ((nl = memchr(s.p, '\n', (size_t)(end - s.p))) != NULL) {
		nw_out_text((struct nw_str){s.p, (size_t)(nl - s.p)}, 0);
		(void)putchar(' ');
		s.p = nl + 1;
	}
	nw_out_text((struct nw_str){s.p, (size_t)(end - s.p)}, 0);
}

/* One word for a shell. */
static void
print_quoted(struct nw_str s)
{
	(void)putchar('\'');
	for (const char *quote; (quote = memchr(s.p, '\'', s.len)) != NULL; s.p = quote + 1) {
		nw_out_text((struct nw_str){s.p, (size_t)(quote - s.p)}, 0);
		(void)fputs("'\\''", stdout);
		s.len -= (size_t)(quote + 1 - s.p);
	}
	nw_out_text(s, 0);
	(void)putchar('\'');
}

static void
print_items(const Nw__Batch *b)
{
	size_t dated = 0;
	char day[32];

	for (size_t i = 0; i < b->n_articles; i++)
		dated += b->articles[i]->published != NULL;
	printf("%zu item%s, %zu with a date:\n", b->n_articles, b->n_articles == 1 ? "" : "s", dated);
	for (size_t i = 0; i < b->n_articles && i < ITEMS_SHOWN; i++) {
		const Nw__Article *a = b->articles[i];

		printf("  %s  ", day_of(a->published, day));
		print_text(nw_pb_str(a->title));
		printf("\n              ");
		print_text(nw_pb_str(a->url));
		(void)putchar('\n');
	}
	if (b->n_articles > ITEMS_SHOWN)
		printf("  and %zu more\n", b->n_articles - ITEMS_SHOWN);
}

static void
print_feeds(const Nw__Batch *b)
{
	struct nw_str feed;
	size_t i = 0;
	int n = 0;

	while ((feed = nw_trial_hint(b, "feed", &i)).len != 0) {
		if (n++ == 0)
			printf("It names feeds, which are steadier than pages; try one of them first:\n");
		printf("  newswatch source try ");
		print_quoted(feed);
		(void)putchar('\n');
	}
}

static void
print_article(const Nw__Article *a)
{
	static const char *const origin[] = {"", "from the feed", "from meta", "as shown", "from the title",
	    "from the address", "from the text"};
	struct nw_str body = nw_pb_str(a->body);
	uint32_t from = a->published != NULL ? a->published->origin : 0;
	char day[32];

	printf("  title     ");
	print_text(nw_pb_str(a->title));
	printf("\n  date      %s %s\n", day_of(a->published, day),
	    from < sizeof(origin) / sizeof(origin[0]) ? origin[from] : "");
	if (a->author.len != 0) {
		printf("  author    ");
		print_text(nw_pb_str(a->author));
		(void)putchar('\n');
	}
	printf("  language  %s\n  text      %zu bytes: ", a->lang.len != 0 ? nw_pb_str(a->lang).p : "unknown",
	    body.len);
	if (body.len > TEXT_SHOWN)
		body.len = nw_utf8_cut(body, TEXT_SHOWN);
	print_text(body);
	printf("%s\n", a->body.len > body.len ? " ..." : "");
}

static void
print_page(const struct nw_trial *t)
{
	if (t->page_url.len == 0)
		return;
	printf("Its first article, ");
	print_text(t->page_url);
	printf(":\n");
	if (t->page == NULL || t->page->n_articles == 0) {
		printf("  could not be read: ");
		print_text(t->page_error.len != 0 ? t->page_error : NW_STR("it leads elsewhere"));
		(void)putchar('\n');
	} else {
		print_article(t->page->articles[0]);
	}
}

int
nw_trial_show(const struct nw_trial *t)
{
	const Nw__Document *d = t->batch->document;
	struct nw_buf entry = {0};
	int rc = nw_trial_entry(t, &entry);

	print_text(t->url);
	if (t->status != 0)
		printf(" (status %" PRIu32 ")", t->status);
	printf(": %s, read by %s, charset %s, language %s\n", kinds[d->role <= NW_ROLE_ARTICLE ? d->role : 0],
	    nw_pb_str(d->parser).p, d->charset.len != 0 ? nw_pb_str(d->charset).p : "unknown",
	    nw_trial_lang(t).len != 0 ? nw_trial_lang(t).p : "unknown");
	print_feeds(t->batch);
	if (d->role == NW_ROLE_ARTICLE) {
		if (t->batch->n_articles > 0)
			print_article(t->batch->articles[0]);
		printf("It is no list of articles: a source needs the address of one, or of a feed (--as "
		       "listing insists).\n");
	} else {
		print_items(t->batch);
		print_page(t);
	}
	for (size_t i = 0; i < t->batch->n_notes; i++) {
		printf("note: ");
		print_text(nw_pb_str(t->batch->notes[i]));
		(void)putchar('\n');
	}
	if (d->role != NW_ROLE_ARTICLE)
		printf("\n# into sources.d/NAME.yaml; then: newswatch check\n%s", nw_buf_str(&entry).p);
	nw_buf_done(&entry);
	return rc == 0 && fflush(stdout) == 0 && !ferror(stdout) ? 0 : -1;
}

/* --- JSON */

static json_t *
feeds_of(const Nw__Batch *b)
{
	json_t *list = json_array();
	struct nw_str feed;
	size_t i = 0;

	while ((feed = nw_trial_hint(b, "feed", &i)).len != 0)
		(void)json_array_append_new(
		    list, nw_show_text(feed)); /* short of memory the object below fails too */
	return list;
}

/* {"listing.link_css":"...",...} */
static json_t *
selectors_of(const struct nw_trial *t)
{
	static const char *const name[] = {
	    "listing.link_css", "listing.min_items", "article.title", "article.date", "article.body"};
	json_t *o = json_object();

	for (size_t k = 0; k < sizeof(name) / sizeof(name[0]); k++) {
		size_t i = 0, j = 0;
		struct nw_str value = nw_trial_hint(t->batch, name[k], &i);

		if (value.len == 0)
			value = nw_trial_hint(t->page, name[k], &j);
		if (value.len != 0)
			(void)nw_show_set(o, name[k], nw_show_text(value));
	}
	return o;
}

int
nw_trial_show_json(const struct nw_trial *t)
{
	json_t *o = nw_show_document(t->batch, 0), *article = NULL;
	struct nw_buf entry = {0};
	struct nw_trial_guess g;
	int rc = nw_trial_entry(t, &entry);

	nw_trial_guess(t->url, &g);
	if (t->page != NULL && t->page->n_articles > 0)
		article = nw_show_article(t->page->articles[0], 0);
	rc |=
	    nw_show_set(o, "url", nw_show_text(t->url)) | nw_show_set(o, "status", json_integer(t->status)) |
	    nw_show_set(o, "parser", nw_show_bytes(t->batch->document->parser)) |
	    nw_show_set(o, "feeds", feeds_of(t->batch)) | nw_show_set(o, "selectors", selectors_of(t)) |
	    nw_show_set(o, "guids_unique", json_boolean(t->batch->document->guids_unique)) |
	    nw_show_set(o, "timezone", json_string(g.zone)) |
	    nw_show_set(o, "country", json_string(g.country)) |
	    nw_show_set(o, "article", article != NULL ? article : json_null()) |
	    nw_show_set(o, "article_error", nw_show_text(t->page_error)) |
	    nw_show_set(o, "entry",
		nw_show_text(t->batch->document->role != NW_ROLE_ARTICLE ? nw_buf_str(&entry) : nw_str("")));
	nw_buf_done(&entry);
	if (rc != 0) {
		json_decref(o);
		return -1;
	}
	return nw_show_line(o);
}
