#include <stdio.h>
#include <string.h>

#include "page_dom.h"
#include "page_order.h"
#include "page_text.h"

#define TEXTS_MAX 4000 /* of a list that are looked at */

/* "12/11/2026" or "12-11-2026" */
struct numeric {
	int a, b, year;
	int is_short; /* the year has two digits */
	const char *from, *past;
};

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A number of one to ${most} digits; -1 if there is none. */
static int
number(const char **p, const char *end, int most)
{
	int n = 0, digits = 0;

	while (*p < end && is_digit(**p) && digits < most) {
		n = n * 10 + (*(*p)++ - '0');
		digits++;
	}
	return digits == 0 || (*p < end && is_digit(**p)) ? -1 : n;
}

static int
numeric_at(const char *p, const char *end, struct numeric *d)
{
	char sep;

	d->from = p;
	if ((d->a = number(&p, end, 2)) < 1 || p == end || (*p != '/' && *p != '-'))
		return 0;
	sep = *p++;
	if ((d->b = number(&p, end, 2)) < 1 || p == end || *p++ != sep)
		return 0;
	d->past = p;
	d->year = number(&p, end, 4);
	d->is_short = sep == '/' && d->year >= 0 && p - d->past == 2;
	if (d->is_short)
		d->year += 2000;
	d->past = p;
	return d->year >= 1900 && d->year <= 2200 && d->a <= 31 && d->b <= 31;
}

static int
find(struct nw_str text, struct numeric *d)
{
	const char *end = text.p + text.len;

	for (const char *p = text.p; p < end; p++)
		if (is_digit(*p) && (p == text.p || !is_digit(p[-1])) && numeric_at(p, end, d))
			return 1;
	return 0;
}

void
nw_page_order_learn(struct nw_page *pg, const xmlNode *top)
{
	uint32_t day = 0, month = 0, looked = 0;
	int first = 9999, last = 0; /* of the short years */
	struct numeric d;

	for (const xmlNode *n = top; n != NULL && looked < TEXTS_MAX; n = nw_page_dom_next(n, top)) {
		if (n->type != XML_TEXT_NODE)
			continue;
		looked++;
		if (!find(nw_page_text_of((const char *)n->content), &d))
			continue;
		if (d.is_short && d.year < first)
			first = d.year;
		if (d.is_short && d.year > last)
			last = d.year;
		day += d.a > 12;
		month += d.b > 12;
	}
	if (last > first + 1) /* "26/11/20": the last number is the day */
		return;
	pg->order = day > 0 && month == 0   ? NW_PAGE_ORDER_DAY_FIRST
		    : month > 0 && day == 0 ? NW_PAGE_ORDER_MONTH_FIRST
					    : NW_PAGE_ORDER_UNKNOWN;
}

struct nw_str
nw_page_order_apply(struct nw_page *pg, struct nw_str text)
{
	struct nw_page_buf b = {.pg = pg};
	struct numeric d;
	char iso[16];
	int first = pg->order == NW_PAGE_ORDER_DAY_FIRST;

	if (pg->order == NW_PAGE_ORDER_UNKNOWN || !find(text, &d) || (first ? d.b : d.a) > 12)
		return text;
	snprintf(iso, sizeof(iso), "%04d-%02d-%02d", d.year % 10000, (first ? d.b : d.a) % 100,
	    (first ? d.a : d.b) % 100);
	nw_page_text_add(&b, text.p, (size_t)(d.from - text.p));
	nw_page_text_adds(&b, iso);
	nw_page_text_add(&b, d.past, (size_t)(text.p + text.len - d.past));
	return nw_page_text_str(&b);
}
