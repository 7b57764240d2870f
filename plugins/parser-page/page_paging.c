#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page_dom.h"
#include "page_options.h"
#include "page_paging.h"
#include "page_select.h"
#include "page_text.h"

/*
 * The number in an address that counts pages: page=3, /page/3/, index_3.html, page_3, PAGEN_1=3.
 * -1 if there is none, which is what a first page looks like.
 */
static long
page_number(struct nw_str url)
{
	static const char *const marks[] = {"page=", "page/", "index_", "page_", "page-",
	    "pag=", "PAGEN_1=", "p=", "pageNo=", "start=", "offset=", "paged=", "b_start:int="};
	const char *at;

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if ((at = nw_page_text_ifind(url, marks[i])) != NULL && at > url.p &&
		    (at[-1] == '/' || at[-1] == '?' || at[-1] == '&' || at[-1] == '_' || at[-1] == '-')) {
			at += strlen(marks[i]);
			if (*at >= '0' && *at <= '9')
				return strtol(at, NULL, 10);
		}
	return -1;
}

/* `countPage = 7` or `createPageHTML(7, 0, "index", "html")`, in a script; 0 if neither stands there. */
static long
trs_pages(struct nw_page *pg, struct nw_str *suffix_r)
{
	const char *at = nw_page_text_ifind(pg->html, "createPageHTML("), *quote;
	char *end = NULL;
	long n = 0;

	*suffix_r = (struct nw_str){"html", 4};
	if (at != NULL && (n = strtol(at + strlen("createPageHTML("), &end, 10)) > 0) {
		for (int i = 0; i < 3 && end != NULL; i++) /* the last of two quoted arguments */
			end =
			    (quote = strchr(end + 1, '"')) != NULL && quote - at < 120 ? (char *)quote : NULL;
		if (end != NULL && (quote = strchr(end + 1, '"')) != NULL && quote - end < 8)
			*suffix_r = nw_page_text_dup(pg, end + 1, (size_t)(quote - end - 1));
		return n;
	}
	if ((at = nw_page_text_ifind(pg->html, "countPage")) == NULL)
		return 0;
	for (at += strlen("countPage"); *at == ' ' || *at == '='; at++)
		;
	return strtol(at, NULL, 10);
}

static int
follow(struct nw_page *pg, struct nw_str ref)
{
	struct nw_str url = nw_page_dom_url(pg, ref);

	if (url.len == 0 || nw_page_text_same(url, pg->doc->url))
		return NW_OK;
	return pg->host->add_follow(pg->out, url, NW_ROLE_LISTING);
}

static int
follow_trs(struct nw_page *pg, long count, long most, struct nw_str suffix)
{
	char ref[64];
	int rc = NW_OK;

	for (long i = 1; rc == NW_OK && i < count && i < most; i++) {
		snprintf(ref, sizeof(ref), "index_%ld.%.*s", i, (int)suffix.len, suffix.p);
		rc = follow(pg, nw_page_text_of(ref));
	}
	return rc;
}

static struct nw_str
next_link(struct nw_page *pg)
{
	const struct nw_page_source *s = pg->source;
	xmlNode *n;

	if (s->next != NULL) {
		n = nw_page_select_first(s->next, pg, pg->root);
		return n == NULL		       ? (struct nw_str){"", 0}
		       : n->type == XML_ATTRIBUTE_NODE ? nw_page_select_value(pg, n)
						       : nw_page_dom_attr(n, "href");
	}
	for (n = pg->root; n != NULL; n = nw_page_dom_next(n, pg->root))
		if (nw_page_dom_in(n, " a link ") && nw_page_text_ieq(nw_page_dom_attr(n, "rel"), "next"))
			return nw_page_dom_attr(n, "href");
	return (struct nw_str){"", 0};
}

/*
 * Which page ${there} is, counted from 1, when ${here} links to it; some count pages, others items (30, 60,
 * ...). A system that counts from 0 looks one page shorter than it is, which costs one page more.
 */
static long
page_index(long here, long there)
{
	long step = there - (here > 0 ? here : 0);

	return step > 1 ? there / step + 1 : there;
}

int
nw_page_paging_follow(struct nw_page *pg)
{
	long most = pg->source != NULL ? pg->source->pages : 1, count, here = page_number(pg->doc->url),
	     there;
	struct nw_str suffix, ref;

	if (most <= 1)
		return NW_OK;
	if (pg->source->next == NULL && (count = trs_pages(pg, &suffix)) > 0)
		return here > 0 ? NW_OK : follow_trs(pg, count, most, suffix);
	if ((ref = next_link(pg)).len == 0)
		return NW_OK;
	if ((there = page_number(nw_page_dom_url(pg, ref))) < 0)
		return pg->host->note(
		    pg->out, "the next list page has no number in its address and was not followed");
	return there > here && page_index(here, there) <= most ? follow(pg, ref) : NW_OK;
}
