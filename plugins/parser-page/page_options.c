#include <stdlib.h>
#include <string.h>

#include "page_options.h"
#include "page_regex.h"
#include "page_select.h"
#include "page_text.h"

#define LIST(name_, help_)                                                                                   \
	{                                                                                                    \
		.name = name_, .type = NW_OPT_LIST, .max = 64, .help = help_                                 \
	}
#define TEXT(name_, help_)                                                                                   \
	{                                                                                                    \
		.name = name_, .type = NW_OPT_STR, .max = 4096, .help = help_                                \
	}

const struct nw_option nw_page_options[NW_PAGE_OPT_N + 1] = {
    [NW_PAGE_OPT_LINK] =
	TEXT("listing.link", "Regular expression that the address of an article, as written in the "
			     "page or absolute, must contain."),
    [NW_PAGE_OPT_LINK_CSS] =
	LIST("listing.link_css", "CSS selectors of the links to articles; the first that finds any."),
    [NW_PAGE_OPT_LINK_XPATH] = LIST("listing.link_xpath", "The same as XPath."),
    [NW_PAGE_OPT_ITEM] =
	LIST("listing.item", "Selectors of a row that holds one article's link, title and date."),
    [NW_PAGE_OPT_LIST_TITLE] =
	LIST("listing.title", "Selectors of the title inside the row or the link; absent: the "
			      "link's text."),
    [NW_PAGE_OPT_LIST_DATE] =
	LIST("listing.date", "Selectors of the date inside the row; absent: the date beside the "
			     "link."),
    [NW_PAGE_OPT_DATE_SIDE] = {.name = "listing.date_side",
	.type = NW_OPT_ENUM,
	.choices = "any|before|after",
	.defval = "any",
	.help = "Where a date beside the link stands; `before` for lists that print it above."},
    [NW_PAGE_OPT_SKIP_TITLE] = TEXT("listing.skip_title", "Regular expression of titles that are left out."),
    [NW_PAGE_OPT_MIN_ITEMS] = {.name = "listing.min_items",
	.type = NW_OPT_INT,
	.min = 0,
	.max = 2000,
	.defval = "1",
	.help = "Links a list page has at least; fewer are an error, for the layout has changed."},
    [NW_PAGE_OPT_KEY] =
	TEXT("listing.key", "Regular expression with one group on an article's address: what names it "
			    "whatever host or path it stands under."),
    [NW_PAGE_OPT_NEXT] =
	LIST("listing.next", "Selectors of the link to the next list page; absent: rel=next and the "
			     "page counts of common systems."),
    [NW_PAGE_OPT_PAGES] = {.name = "listing.pages",
	.type = NW_OPT_INT,
	.min = 1,
	.max = 1000,
	.defval = "1",
	.help = "List pages that are read, the first included."},
    [NW_PAGE_OPT_JSON] =
	TEXT("listing.json", "Dotted path of the member that holds the list's HTML, where the address "
			     "answers with JSON."),
    [NW_PAGE_OPT_REWRITE] =
	LIST("listing.rewrite", "Rules `REGEX => TEXT` that make one address of an article's "
				"aliases; $1 is a group."),
    [NW_PAGE_OPT_TITLE] = LIST("article.title", "Selectors of the title; the first that gives text."),
    [NW_PAGE_OPT_BODY] =
	LIST("article.body", "Selectors of the text; the first that finds any, all its matches joined."),
    [NW_PAGE_OPT_DATE] = LIST("article.date", "Selectors of the date of publication."),
    [NW_PAGE_OPT_AUTHOR] = LIST("article.author", "Selectors of the author or issuing office."),
    [NW_PAGE_OPT_REMOVE] =
	LIST("article.remove", "Selectors of what is no text: tables of contents, tooltips, buttons."),
    [NW_PAGE_OPT_NUMBER] =
	TEXT("article.number", "Regular expression of the announcement number in title or text; its "
			       "first group, if it has one."),
    [NW_PAGE_OPT_TITLE_STRIP] = TEXT("article.title_strip", "Regular expression of what is cut from titles."),
    [NW_PAGE_OPT_N] = {.name = NULL},
};

struct opening {
	struct nw_page *pg;
	const struct nw_value *values;
	int rc;
};

static const struct nw_value *
value(const struct opening *o, int i)
{
	return &o->values[i];
}

static struct nw_page_regex *
regex(struct opening *o, int i)
{
	const struct nw_value *v = value(o, i);
	struct nw_page_regex *re;
	char why[512] = "";

	if (o->rc != NW_OK || v->str.p == NULL || v->str.len == 0)
		return NULL;
	if ((re = nw_page_regex_new(v->str, why, sizeof(why))) == NULL)
		o->rc = o->pg->host->fail(o->pg->out, NW_ECONF, "%s: %s", nw_page_options[i].name, why);
	return re;
}

static struct nw_page_select *
selectors(struct opening *o, int i)
{
	const struct nw_value *v = value(o, i);
	struct nw_page_select *s;
	char why[512] = "";

	if (o->rc != NW_OK || v->nlist == 0)
		return NULL;
	if ((s = nw_page_select_new(o->pg, v->list, v->nlist, why, sizeof(why))) == NULL)
		o->rc = o->pg->host->fail(o->pg->out, NW_ECONF, "%s: %s", nw_page_options[i].name, why);
	return s;
}

/* "REGEX => TEXT" */
static void
rewrites(struct opening *o, struct nw_page_source *s)
{
	const struct nw_value *v = value(o, NW_PAGE_OPT_REWRITE);
	const char *arrow;
	char why[512] = "";

	if (o->rc != NW_OK || v->nlist == 0)
		return;
	if ((s->rewrite = calloc(v->nlist, sizeof(*s->rewrite))) == NULL) {
		o->rc = o->pg->host->fail(o->pg->out, NW_ERES, "page: out of memory");
		return;
	}
	for (; s->nrewrite < v->nlist; s->nrewrite++) {
		struct nw_str rule = v->list[s->nrewrite], what = rule, with;
		struct nw_page_rewrite *r = &s->rewrite[s->nrewrite];

		if ((arrow = strstr(rule.p, "=>")) == NULL) {
			o->rc = o->pg->host->fail(o->pg->out, NW_ECONF,
			    "listing.rewrite: '%s' has no '=>': write REGEX => TEXT", rule.p);
			return;
		}
		what.len = (size_t)(arrow - rule.p);
		with = nw_page_text_trim((struct nw_str){arrow + 2, rule.len - what.len - 2});
		if ((r->what = nw_page_regex_new(nw_page_text_trim(what), why, sizeof(why))) == NULL ||
		    (r->with.p = strndup(with.p, with.len)) == NULL) {
			nw_page_regex_free(r->what);
			o->rc =
			    o->pg->host->fail(o->pg->out, NW_ECONF, "listing.rewrite: '%s': %s", rule.p, why);
			return;
		}
		r->with.len = with.len;
	}
}

static struct nw_page_select *
link_selectors(struct opening *o)
{
	struct nw_page_select *s = selectors(o, NW_PAGE_OPT_LINK_CSS);

	return s != NULL ? s : selectors(o, NW_PAGE_OPT_LINK_XPATH);
}

int
nw_page_options_open(struct nw_page *pg, const struct nw_value *values, struct nw_page_source **source_r)
{
	struct opening o = {.pg = pg, .values = values, .rc = NW_OK};
	struct nw_page_source *s = calloc(1, sizeof(*s));
	struct nw_str json = values[NW_PAGE_OPT_JSON].str;

	if (s == NULL)
		return pg->host->fail(pg->out, NW_ERES, "page: out of memory");
	s->link = regex(&o, NW_PAGE_OPT_LINK);
	s->link_at = link_selectors(&o);
	s->item = selectors(&o, NW_PAGE_OPT_ITEM);
	s->list_title = selectors(&o, NW_PAGE_OPT_LIST_TITLE);
	s->list_date = selectors(&o, NW_PAGE_OPT_LIST_DATE);
	s->date_side = (uint32_t)values[NW_PAGE_OPT_DATE_SIDE].num;
	s->skip_title = regex(&o, NW_PAGE_OPT_SKIP_TITLE);
	s->min_items = (uint32_t)values[NW_PAGE_OPT_MIN_ITEMS].num;
	s->key = regex(&o, NW_PAGE_OPT_KEY);
	s->next = selectors(&o, NW_PAGE_OPT_NEXT);
	s->pages = (uint32_t)values[NW_PAGE_OPT_PAGES].num;
	s->title = selectors(&o, NW_PAGE_OPT_TITLE);
	s->body = selectors(&o, NW_PAGE_OPT_BODY);
	s->date = selectors(&o, NW_PAGE_OPT_DATE);
	s->author = selectors(&o, NW_PAGE_OPT_AUTHOR);
	s->remove = selectors(&o, NW_PAGE_OPT_REMOVE);
	s->number = regex(&o, NW_PAGE_OPT_NUMBER);
	s->title_strip = regex(&o, NW_PAGE_OPT_TITLE_STRIP);
	rewrites(&o, s);
	if (o.rc == NW_OK && json.p != NULL && json.len > 0 && (s->json = strndup(json.p, json.len)) == NULL)
		o.rc = pg->host->fail(pg->out, NW_ERES, "page: out of memory");
	if (o.rc != NW_OK) {
		nw_page_options_close(s);
		return o.rc;
	}
	*source_r = s;
	return NW_OK;
}

void
nw_page_options_close(struct nw_page_source *s)
{
	if (s == NULL)
		return;
	nw_page_regex_free(s->link);
	nw_page_regex_free(s->skip_title);
	nw_page_regex_free(s->key);
	nw_page_regex_free(s->number);
	nw_page_regex_free(s->title_strip);
	nw_page_select_free(s->link_at);
	nw_page_select_free(s->item);
	nw_page_select_free(s->list_title);
	nw_page_select_free(s->list_date);
	nw_page_select_free(s->next);
	nw_page_select_free(s->title);
	nw_page_select_free(s->body);
	nw_page_select_free(s->date);
	nw_page_select_free(s->author);
	nw_page_select_free(s->remove);
	for (uint32_t i = 0; i < s->nrewrite; i++) {
		nw_page_regex_free(s->rewrite[i].what);
		free((char *)s->rewrite[i].with.p);
	}
	free(s->rewrite);
	free(s->json);
	free(s);
}
