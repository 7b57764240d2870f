#include <string.h>

#include "page_line.h"
#include "page_order.h"
#include "page_text.h"
#include "page_when.h"

#define COARSE_MAX 20 /* letters of a text that is a month or a year: "Published: March 2024" */
#define ALONE_MAX  80 /* bytes of a text that is a date and little else, in letters of any script */

int
nw_page_when_parse(
    struct nw_page *pg, struct nw_str text, uint32_t flags, uint32_t origin, struct nw_time *when)
{
	struct nw_time t = {.at_ms = NW_TIME_NONE};

	if (text.len == 0 || !nw_page_spend(pg, NW_PAGE_WORK_DATES, 1))
		return 0;
	text = nw_page_order_apply(pg, text);
	if (pg->host->date_parse(pg->out, text, flags, pg->doc, &t) != NW_OK ||
	    !nw_page_when_known(&t))
		return 0;
	*when = t;
	when->origin = origin;
	return 1;
}

/* A year or a month is the date of a text only where little else stands: "关于2024年工作要点的通知" is a
 * title. */
static int
is_all(const struct nw_time *t, struct nw_str text)
{
	return t->precision >= NW_PREC_DAY || nw_page_text_weight(text) <= COARSE_MAX;
}

int
nw_page_when_alone(struct nw_page *pg, struct nw_str text, struct nw_time *when)
{
	struct nw_time t;
	int digits = 0;

	for (size_t i = 0; i < text.len; i++)
		digits += (text.p[i] >= '0' && text.p[i] <= '9') || (unsigned char)text.p[i] >= 0x80;
	if (digits == 0 || text.len > ALONE_MAX)
		return 0;
	return (nw_page_when_parse(pg, text, NW_DATE_VISIBLE, NW_ORIGIN_VISIBLE, &t) && is_all(&t, text) &&
		   (*when = t, 1)) ||
	       nw_page_when_parse(pg, text, NW_DATE_VISIBLE | NW_DATE_SEARCH, NW_ORIGIN_VISIBLE, when);
}

int
nw_page_when_in(struct nw_page *pg, const xmlNode *n, struct nw_time *when)
{
	char line[NW_PAGE_BRIEF_BYTES];

	return nw_page_when_alone(pg, nw_page_line_brief(pg, n, line), when);
}

/* Days from 1970-01-01 of a Gregorian date. */
static int64_t
days_of(int y, int m, int d)
{
	int64_t era, yoe, doy, doe;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

static int
number(const char *p, const char *end, int digits)
{
	int n = 0;

	if (end - p < digits)
		return -1;
	for (int i = 0; i < digits; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		n = n * 10 + (p[i] - '0');
	}
	return n;
}

static int
is_digit(const char *p, const char *start, const char *end)
{
	return p >= start && p < end && *p >= '0' && *p <= '9';
}

/* A date that begins at p: YYYY?MM?DD with the same '-', '/', '_', '.' or nothing between. */
static int
date_at(const char *p, const char *start, const char *end, struct nw_time *when)
{
	int y = number(p, end, 4), m, d;
	const char *q = p + 4;
	char sep = 0;

	if (y < 1990 || y > 2100 || is_digit(p - 1, start, end))
		return 0;
	if (q < end && strchr("-/_.", *q) != NULL && *q != '\0')
		sep = *q++;
	if ((m = number(q, end, 2)) < 1 || m > 12)
		return 0;
	q += 2;
	if (sep != 0 && (q == end || *q++ != sep))
		return 0;
	if ((d = number(q, end, 2)) < 1 || d > 31)
		return 0;
	q += 2;
	if (is_digit(q, start, end) &&
	    (sep != 0 || !is_digit(q + 5, start, end) || is_digit(q + 6, start, end)))
		return 0; /* a longer number; only YYYYMMDDhhmmss goes on with digits */
	when->at_ms = days_of(y, m, d) * 86400000;
	when->precision = NW_PREC_DAY;
	when->origin = NW_ORIGIN_URL;
	return 1;
}

int
nw_page_when_url(struct nw_str url, struct nw_time *when)
{
	const char *end = url.p + url.len, *p = strstr(url.p, "://");

	for (p = p != NULL ? p + 3 : url.p; p < end; p++)
		if ((*p == '1' || *p == '2') && date_at(p, url.p, end, when))
			return 1;
	return 0;
}
