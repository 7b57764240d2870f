#include <math.h>
#include <string.h>

#include "page_dom.h"
#include "page_finder.h"
#include "page_furniture.h"
#include "page_item.h"
#include "page_line.h"
#include "page_path.h"
#include "page_suggest.h"
#include "page_text.h"
#include "page_when.h"

#define LINKS_MAX  8000 /* links of a page that are looked at */
#define GROUPS_MAX 512
#define ANCESTORS  5	 /* levels above a link that make its signature */
#define TITLE_MIN  9	 /* letters of a link that may be a title; a Han character counts as three */
#define TITLE_LONG 60	 /* letters beyond which a title gains nothing */
#define GROUP_MIN  3	 /* links that make a list */
#define SCORE_SURE 250.0 /* ten dated links of 40 letters score about so much */

struct link {
	xmlNode *a;
	struct nw_str url;
	uint64_t signature;
	uint32_t weight; /* of its text */
	int dated;	 /* in the address */
};
struct group {
	uint64_t signature;
	uint32_t n, weight, dated, deeper, furniture;
	const struct link *first, *last;
};
struct finder {
	struct nw_page *pg;
	struct link *link;
	uint32_t nlink, ngroup;
	struct group group[GROUPS_MAX];
	struct nw_str here; /* the page's address up to its last '/' */
};

static uint64_t
mix(uint64_t h, const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)p[i]) * 0x100000001b3u;
	return (h ^ 0xff) * 0x100000001b3u;
}

static uint64_t
signature_of(const xmlNode *a)
{
	uint64_t h = 0xcbf29ce484222325u;
	struct nw_str c;
	int level = 0;

	for (const xmlNode *n = a; n != NULL && n->type == XML_ELEMENT_NODE && level <= ANCESTORS;
	     n = n->parent) {
		const char *p = nw_page_dom_attr(n, "class").p;

		h = mix(h, (const char *)n->name, strlen((const char *)n->name));
		while (level > 0 &&
		       (c = nw_page_path_class(&p)).len > 0) /* classes of the link itself say too little */
			if (!nw_page_path_is_positional(c))
				h = mix(h, c.p, c.len);
		level++;
	}
	return h;
}

static int
starts_with(struct nw_str s, struct nw_str prefix)
{
	return s.len > prefix.len && memcmp(s.p, prefix.p, prefix.len) == 0;
}

static int
same_page(struct nw_str url, struct nw_str page)
{
	return url.len >= page.len && memcmp(url.p, page.p, page.len) == 0 &&
	       (url.len == page.len || url.p[page.len] == '#');
}

static void
add_link(struct finder *f, xmlNode *a)
{
	struct link l = {.a = a, .weight = nw_page_line_weight(f->pg, a)};
	struct nw_time when;

	if (l.weight < TITLE_MIN)
		l.weight = nw_page_text_weight(nw_page_dom_attr(a, "title"));
	if (l.weight < TITLE_MIN || l.weight > 400)
		return;
	if ((l.url = nw_page_dom_url(f->pg, nw_page_dom_attr(a, "href"))).len == 0 ||
	    same_page(l.url, f->pg->doc->url))
		return;
	l.dated = nw_page_when_url(l.url, &when);
	l.signature = signature_of(a);
	f->link[f->nlink++] = l;
}

static struct group *
group_of(struct finder *f, uint64_t signature)
{
	for (uint32_t i = 0; i < f->ngroup; i++)
		if (f->group[i].signature == signature)
			return &f->group[i];
	if (f->ngroup == GROUPS_MAX)
		return NULL;
	f->group[f->ngroup] = (struct group){.signature = signature};
	return &f->group[f->ngroup++];
}

static void
group_links(struct finder *f)
{
	struct group *g;

	for (uint32_t i = 0; i < f->nlink; i++) {
		const struct link *l = &f->link[i];

		if ((g = group_of(f, l->signature)) == NULL)
			continue;
		if (g->last != NULL && nw_page_text_same(g->last->url, l->url))
			continue;
		if (g->first == NULL) {
			g->first = l;
			g->furniture = (uint32_t)nw_page_furniture_around(f->pg, l->a);
		}
		g->last = l;
		g->n++;
		g->weight += l->weight < TITLE_LONG ? l->weight : TITLE_LONG;
		g->dated += (uint32_t)l->dated;
		g->deeper += (uint32_t)starts_with(l->url, f->here);
	}
}

/* Of one link: does a date stand in its row?  The first of a group answers for all. */
static int
row_is_dated(struct finder *f, const struct group *g)
{
	const xmlNode *row = g->first->a, *both = nw_page_dom_around(row, g->last->a);
	uint32_t left = NW_PAGE_LINE_NODES;
	struct nw_time when;

	while (row != both && row->parent != both)
		row = row->parent;
	for (const xmlNode *n = row; n != NULL && left-- > 0; n = nw_page_dom_next(n, row))
		if (n->type == XML_TEXT_NODE && nw_page_when_in(f->pg, n, &when))
			return 1;
	return 0;
}

static double
score(struct finder *f, const struct group *g)
{
	double s;

	if (g->n < GROUP_MIN)
		return 0;
	s = sqrt(g->n < 40 ? g->n : 40) * g->weight / g->n;
	s *= 1 + 0.5 * g->dated / g->n + 0.3 * g->deeper / g->n;
	if (!g->furniture && row_is_dated(f, g))
		s *= 1.6;
	return g->furniture ? s * 0.15 : s;
}

int
nw_page_finder_find(struct nw_page *pg, struct nw_page_items *items, int tell)
{
	struct finder *f = nw_page_alloc(pg, sizeof(*f));
	const struct group *best = NULL;
	double s, most = 0;
	const char *slash;

	if (f == NULL || (f->link = nw_page_alloc(pg, LINKS_MAX * sizeof(*f->link))) == NULL)
		return 0;
	f->pg = pg;
	slash = strrchr(pg->doc->url.p, '/');
	f->here = (struct nw_str){pg->doc->url.p, slash != NULL ? (size_t)(slash - pg->doc->url.p) + 1 : 0};
	for (xmlNode *n = pg->body; n != NULL && f->nlink < LINKS_MAX; n = nw_page_dom_next(n, pg->body))
		if (nw_page_dom_is(n, "a"))
			add_link(f, n);
	group_links(f);
	for (uint32_t i = 0; i < f->ngroup; i++)
		if ((s = score(f, &f->group[i])) > most) {
			most = s;
			best = &f->group[i];
		}
	if (best == NULL)
		return 0;
	for (uint32_t i = 0; i < f->nlink; i++)
		if (f->link[i].signature == best->signature)
			nw_page_item_add(pg, items, f->link[i].a, f->link[i].url);
	nw_page_item_drop_categories(pg, items);
	nw_page_item_rows(pg, items);
	if (tell == NW_PAGE_FINDER_TELL)
		nw_page_suggest_list(pg, items);
	return most >= SCORE_SURE ? 100 : (int)(most / SCORE_SURE * 100);
}

uint32_t
nw_page_finder_letters(struct nw_page *pg, const struct nw_page_items *items)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < items->n; i++)
		n += nw_page_line_weight(pg, items->v[i].link);
	return n;
}
