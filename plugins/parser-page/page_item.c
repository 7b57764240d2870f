#include <string.h>

#include "page_dom.h"
#include "page_item.h"
#include "page_label.h"
#include "page_line.h"
#include "page_options.h"
#include "page_select.h"
#include "page_text.h"
#include "page_when.h"

#define BESIDE_MAX   400  /* nodes looked at on one side of a row */
#define SAMPLE_MAX   20	  /* rows that are asked on which side their dates stand */
#define REPEATS_MIN  2	  /* times a category stands in further rows, at the least */
#define CATEGORY_MAX 24	  /* letters of its name */
#define LABEL_MAX    12	  /* letters of a link that may only say "read more" */
#define ROW_TEXT_MAX 2000 /* bytes of a row's text that may hold a date: longer is an article, not a row */

/* Whose an element is: node->_private points at the item that owns it, or at `many`. */
static struct nw_page_item many;

static int
in_heading(const xmlNode *link)
{
	return nw_page_dom_up(link, " h1 h2 h3 h4 h5 h6 ") != NULL;
}

/* Of two links to one article the heading's, else the longer: "Read more about ..." only repeats it. */
static void
choose_link(struct nw_page *pg, struct nw_page_item *it, xmlNode *link)
{
	uint32_t weight = nw_page_line_weight(pg, link);
	int heads = in_heading(link), better;

	if (it->weight == 0)
		it->weight = nw_page_line_weight(pg, it->link);
	better =
	    heads != in_heading(it->link) && (heads ? weight : it->weight) > 0 ? heads : it->weight < weight;
	if (better) {
		it->link = link;
		it->weight = weight;
	}
}

int
nw_page_item_add(struct nw_page *pg, struct nw_page_items *items, xmlNode *link, struct nw_str url)
{
	struct nw_page_item *v;
	uint32_t cap;

	for (uint32_t i = items->n; i > 0 && items->n - i < 32; i--) /* links to one article stand together */
		if (nw_page_text_same(items->v[i - 1].url, url)) {
			choose_link(pg, &items->v[i - 1], link);
			items->v[i - 1].repeats += i < items->n;
			return 0;
		}
	if (items->n == NW_PAGE_ITEMS_MAX)
		return -1;
	if (items->n == items->cap) {
		cap = items->cap == 0 ? 64 : items->cap * 2;
		if ((v = nw_page_alloc(pg, cap * sizeof(*v))) == NULL)
			return -1;
		if (items->n > 0)
			memcpy(v, items->v, items->n * sizeof(*v));
		items->v = v;
		items->cap = cap;
	}
	items->v[items->n++] = (struct nw_page_item){.link = link, .url = url, .when.at_ms = NW_TIME_NONE};
	return 0;
}

static void
own(struct nw_page_item *it)
{
	for (xmlNode *n = it->link; n != NULL && n->type == XML_ELEMENT_NODE && n->_private != &many;
	     n = n->parent)
		if (n->_private == NULL)
			n->_private = it;
		else if (n->_private != it)
			n->_private = &many;
}

static int
is_others(const xmlNode *n, const struct nw_page_item *it)
{
	return n->type == XML_ELEMENT_NODE && n->_private != NULL && n->_private != it;
}

/* The next node of an entry's row, or of its link, without what belongs to other entries. */
static const xmlNode *
next_own(const xmlNode *n, const xmlNode *top, const struct nw_page_item *it)
{
	n = nw_page_dom_next(n, top);
	while (n != NULL && is_others(n, it))
		n = nw_page_dom_skip(n, top);
	return n;
}

/* A date in the elements or text beside ${n}, on one side, up to another entry. */
static int
beside(struct nw_page *pg, const struct nw_page_item *it, const xmlNode *n, int before, struct nw_time *when)
{
	int steps = 0;

	for (n = before ? n->prev : n->next; n != NULL && steps++ < BESIDE_MAX;
	     n = before ? n->prev : n->next) {
		if (is_others(n, it))
			return 0;
		if (nw_page_when_in(pg, n, when))
			return 1;
	}
	return 0;
}

/* Dates between the rows belong to the one above or the one below: the side on which more rows have one. */
static uint32_t
side_of(struct nw_page *pg, const struct nw_page_items *items)
{
	uint32_t before = 0, after = 0, n = items->n < SAMPLE_MAX ? items->n : SAMPLE_MAX;
	struct nw_time when;

	if (pg->source != NULL && pg->source->date_side != NW_PAGE_SIDE_ANY)
		return pg->source->date_side;
	for (uint32_t i = 0; i < n; i++) {
		before += (uint32_t)beside(pg, &items->v[i], items->v[i].row, 1, &when);
		after += (uint32_t)beside(pg, &items->v[i], items->v[i].row, 0, &when);
	}
	return before > after ? NW_PAGE_SIDE_BEFORE : NW_PAGE_SIDE_AFTER;
}

/* "[Speeches] Title" in row after row: the same short link beside several titles is their category. */
void
nw_page_item_drop_categories(struct nw_page *pg, struct nw_page_items *items)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < items->n; i++)
		if (items->v[i].repeats < REPEATS_MIN ||
		    nw_page_line_weight(pg, items->v[i].link) > CATEGORY_MAX)
			items->v[n++] = items->v[i];
	if (n > 0)
		items->n = n;
}

void
nw_page_item_rows(struct nw_page *pg, struct nw_page_items *items)
{
	struct nw_page_item *it;
	xmlNode *n;

	for (n = pg->root; n != NULL; n = nw_page_dom_next(n, pg->root))
		n->_private = NULL;
	for (uint32_t i = 0; i < items->n; i++)
		own(&items->v[i]);
	items->top = pg->body;
	for (uint32_t i = 0; i < items->n; i++) {
		it = &items->v[i];
		for (n = it->link; n->parent != NULL && n->parent->_private == it; n = n->parent)
			;
		it->row = items->n > 1 ? n : it->link->parent;
	}
	if (items->n > 1)
		items->top = nw_page_dom_around(items->v[0].row->parent, items->v[items->n - 1].link);
	items->side = side_of(pg, items);
}

/* The text of a row outside of the link. */
static struct nw_str
rest_of_row(struct nw_page *pg, const struct nw_page_item *it, int before)
{
	struct nw_page_buf b = {.pg = pg};
	int past = 0;

	for (const xmlNode *n = it->row; n != NULL && b.len < ROW_TEXT_MAX;) {
		if (n == it->link) {
			past = 1;
			n = nw_page_dom_skip(n, it->row);
			continue;
		}
		if (n->type == XML_TEXT_NODE && past != before)
			nw_page_text_fold(&b, (const char *)n->content, strlen((const char *)n->content));
		else if (n->type == XML_ELEMENT_NODE)
			nw_page_text_fold(&b, " ", 1);
		n = next_own(n, it->row, it);
	}
	return nw_page_text_str(&b);
}

/* The day beside a month, in an element of its own: <b>20</b><i>2026-11</i>. */
static void
add_day(struct nw_page *pg, const xmlNode *month, struct nw_time *when)
{
	struct nw_str all = nw_page_label_spaced(pg, month->parent), own = nw_page_label_spaced(pg, month),
		      rest;
	int day = 0;

	if (all.len <= own.len)
		return;
	rest = (struct nw_str){all.p, all.len - own.len};
	if (memcmp(all.p, own.p, own.len) == 0)
		rest.p += own.len;
	else if (memcmp(all.p + rest.len, own.p, own.len) != 0)
		return;
	rest = nw_page_text_trim(rest);
	for (size_t i = 0; i < rest.len; i++) {
		if (rest.p[i] < '0' || rest.p[i] > '9' || i > 1)
			return;
		day = day * 10 + (rest.p[i] - '0');
	}
	if (day < 1 || day > 31)
		return;
	when->at_ms += (day - 1) * 86400000ll;
	when->precision = NW_PREC_DAY;
}

static int
may_hold_date(const struct nw_page_item *it, const xmlNode *n)
{
	return n != it->row && nw_page_dom_in(n, " time span em i small b p div dt dd td label li ");
}

/* <time datetime> or an element beside the link that is a date and little else. */
static int
date_element(struct nw_page *pg, const struct nw_page_item *it, struct nw_time *when, const xmlNode **where)
{
	for (const xmlNode *n = it->row; n != NULL; n = next_own(n, it->row, it)) {
		if (n->type != XML_ELEMENT_NODE)
			continue;
		*where = n;
		if (nw_page_when_parse(pg,
			nw_page_dom_attr(n, nw_page_dom_is(n, "time") ? "datetime" : "data-date"),
			NW_DATE_MACHINE | NW_DATE_VISIBLE, NW_ORIGIN_VISIBLE, when))
			return 1;
		if (may_hold_date(it, n) && !nw_page_dom_within(it->link, n) && !nw_page_dom_within(n, it->link) &&
		    nw_page_when_in(pg, n, when)) {
			if (when->precision == NW_PREC_MONTH)
				add_day(pg, n, when);
			return 1;
		}
	}
	return 0;
}

/* Of a link's elements that have a date the one that says least else: its title may speak of another day. */
static int
date_in_link(struct nw_page *pg, const struct nw_page_item *it, struct nw_time *when, const xmlNode **where)
{
	struct nw_time t;
	size_t len, least = SIZE_MAX;

	for (const xmlNode *n = it->link; n != NULL; n = next_own(n, it->link, it)) {
		if (n->type != XML_ELEMENT_NODE || n == it->link || !may_hold_date(it, n) || !nw_page_when_in(pg, n, &t))
			continue;
		if ((len = nw_page_label_spaced(pg, n).len) >= least)
			continue;
		least = len;
		if (t.precision == NW_PREC_MONTH)
			add_day(pg, n, &t);
		*when = t;
		*where = n;
	}
	return least < SIZE_MAX;
}

/* Lists under one date each: the date stands before this row, past entries that share it. */
static int
date_above(struct nw_page *pg, const struct nw_page_items *items, const struct nw_page_item *it,
    struct nw_time *when)
{
	int steps = 0;

	for (const xmlNode *n = it->row; n != NULL && n != items->top && steps++ < BESIDE_MAX; n = n->parent)
		for (const xmlNode *p = n->prev; p != NULL && steps++ < BESIDE_MAX; p = p->prev)
			if (!is_others(p, it) && p->type == XML_ELEMENT_NODE && nw_page_when_in(pg, p, when))
				return 1;
	return 0;
}

/* A date in the text of the row itself, on either side of the link. */
static int
in_row(struct nw_page *pg, const struct nw_page_item *it, struct nw_time *when)
{
	for (int before = 0; before <= 1; before++) {
		struct nw_str rest = rest_of_row(pg, it, before);

		if (rest.len < ROW_TEXT_MAX &&
		    nw_page_when_parse(pg, rest, NW_DATE_VISIBLE | NW_DATE_SEARCH, NW_ORIGIN_VISIBLE, when))
			return 1;
	}
	return 0;
}

/* ${inside} is set to the element inside the link that was read as its date: no part of the title. */
static void
read_date(struct nw_page *pg, struct nw_page_items *items, struct nw_page_item *it, const xmlNode **inside)
{
	const struct nw_page_source *s = pg->source;
	const xmlNode *where;

	*inside = NULL;
	if (s != NULL && s->list_date != NULL &&
	    nw_page_when_parse(pg, nw_page_select_text(s->list_date, pg, it->row),
		NW_DATE_VISIBLE | NW_DATE_SEARCH, NW_ORIGIN_VISIBLE, &it->when))
		return;
	if (date_element(pg, it, &it->when, &where) || date_in_link(pg, it, &it->when, &where)) {
		if (nw_page_dom_within(where, it->link))
			*inside = where;
		return;
	}
	if (in_row(pg, it, &it->when) ||
	    beside(pg, it, it->row, items->side == NW_PAGE_SIDE_BEFORE, &it->when) ||
	    date_above(pg, items, it, &it->when))
		return;
	if (nw_page_when_parse(pg, it->title, NW_DATE_VISIBLE | NW_DATE_SEARCH, NW_ORIGIN_TITLE, &it->when))
		return;
	nw_page_when_url(it->url, &it->when);
}

/* The link's text without an element that is its date. */
static struct nw_str
link_text(struct nw_page *pg, const struct nw_page_item *it, const xmlNode *without)
{
	struct nw_page_buf b = {.pg = pg};

	for (const xmlNode *n = it->link; n != NULL && b.len < NW_PAGE_LINE_BYTES;) {
		if (n == without) {
			n = nw_page_dom_skip(n, it->link);
			continue;
		}
		if (n->type == XML_TEXT_NODE)
			nw_page_text_fold(&b, (const char *)n->content, strlen((const char *)n->content));
		else if (!nw_page_dom_in(n, " a b i em strong font span u sub sup "))
			nw_page_text_fold(&b, " ", 1);
		n = next_own(n, it->link, it);
	}
	return nw_page_text_str(&b);
}

static const xmlNode *
heading_in(const xmlNode *top, const struct nw_page_item *it)
{
	for (const xmlNode *n = top; n != NULL; n = next_own(n, top, it))
		if (nw_page_dom_in(n, " h1 h2 h3 h4 h5 h6 "))
			return n;
	return NULL;
}

/* The part of a link that says it is the title, or a strong beginning with more behind it. */
static const xmlNode *
title_in(struct nw_page *pg, const struct nw_page_item *it)
{
	static const char *const words[] = {"title", "tit", "ttl", "subject", "headline"};
	const xmlNode *first = it->link->children;

	for (const xmlNode *n = first; n != NULL; n = next_own(n, it->link, it))
		for (size_t i = 0; n->type == XML_ELEMENT_NODE && i < sizeof(words) / sizeof(*words); i++)
			if (nw_page_text_has_word(nw_page_dom_attr(n, "class"), words[i]) &&
			    nw_page_line_weight(pg, n) >= LABEL_MAX)
				return n;
	while (first != NULL && first->type == XML_TEXT_NODE && nw_page_line_text(pg, first).len == 0)
		first = first->next;
	return nw_page_dom_in(first, " strong b ") && first->next != NULL &&
		       nw_page_line_weight(pg, first) >= LABEL_MAX
		   ? first
		   : NULL;
}

/* "Ministry announces new mea…": the whole may stand in the title attribute. */
static int
is_cut_short(struct nw_str s)
{
	return (s.len >= 3 && memcmp(s.p + s.len - 3, "...", 3) == 0) ||
	       (s.len >= 3 && memcmp(s.p + s.len - 3, "\xe2\x80\xa6", 3) == 0);
}

/* "Read more", "详细": what the neighbour's link says as well is no title. */
static int
is_label(
    struct nw_page *pg, const struct nw_page_items *items, const struct nw_page_item *it, struct nw_str text)
{
	const struct nw_page_item *other = it > items->v ? it - 1 : it + 1;

	return nw_page_text_weight(text) < LABEL_MAX ||
	       (items->n > 1 && nw_page_text_same(text, link_text(pg, other, NULL)));
}

/* The heading in the row that links to the same article as a "Read more about ..." does. */
static const xmlNode *
heading_of(const struct nw_page_item *it)
{
	struct nw_str href = nw_page_dom_attr(it->link, "href");
	const xmlNode *heading = heading_in(it->row, it);

	for (const xmlNode *n = heading; n != NULL; n = next_own(n, heading, it))
		if (n != it->link && nw_page_dom_is(n, "a") &&
		    nw_page_text_same(nw_page_dom_attr(n, "href"), href))
			return n;
	return NULL;
}

static void
read_title(
    struct nw_page *pg, const struct nw_page_items *items, struct nw_page_item *it, const xmlNode *inside)
{
	const struct nw_page_source *s = pg->source;
	struct nw_str attr = nw_page_text_line(pg, nw_page_dom_attr(it->link, "title"));
	const xmlNode *heading;

	it->title = (struct nw_str){"", 0};
	if (s != NULL && s->list_title != NULL &&
	    (it->title = nw_page_select_text(s->list_title, pg, it->row)).len > 0)
		return;
	if ((heading = heading_in(it->link, it)) != NULL || (heading = title_in(pg, it)) != NULL)
		it->title = nw_page_line_text(pg, heading);
	if (it->title.len == 0)
		it->title = link_text(pg, it, inside);
	if (attr.len > 0 && (it->title.len == 0 || (is_cut_short(it->title) && attr.len + 3 > it->title.len)))
		it->title = attr;
	if ((heading = heading_of(it)) != NULL && nw_page_line_text(pg, heading).len > 0)
		it->title = nw_page_line_text(pg, heading);
	else if (is_label(pg, items, it, it->title) && (heading = heading_in(it->row, it)) != NULL &&
		 nw_page_line_text(pg, heading).len > LABEL_MAX / 2)
		it->title = nw_page_line_text(pg, heading);
}

void
nw_page_item_read(struct nw_page *pg, struct nw_page_items *items, struct nw_page_item *it)
{
	const xmlNode *inside = NULL;

	it->title = link_text(pg, it, NULL);
	read_date(pg, items, it, &inside);
	read_title(pg, items, it, inside);
}
