/* Announcements are numbered one after the other: a number that nobody saw may be an announcement that nobody
 * read. */
#include <stdio.h>

#include "store/sqlite/commit.h"
#include "store/sqlite/db.h"

#define NUMBERS_MAX    20  /* new announcements looked at */
#define NUMBER_LEN_MAX 100 /* bytes */
#define DIGITS_MAX     9   /* a longer run is no running number */

/* "2026年第12号": the text before the running number, the number, the text after. */
struct numbered {
	struct nw_str before, after;
	uint32_t value, width;
};

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
is_year(const char *p, size_t len)
{
	return len == 4 && ((p[0] == '1' && p[1] == '9') || (p[0] == '2' && p[1] == '0'));
}

/* The last run of digits that is no year. */
static int
split(struct nw_str number, struct numbered *out)
{
	size_t end, from = number.len;

	do {
		for (end = from; end > 0 && !is_digit(number.p[end - 1]); end--)
			continue;
		for (from = end; from > 0 && is_digit(number.p[from - 1]); from--)
			continue;
	} while (end > from && is_year(number.p + from, end - from));
	if (end == from || end - from > DIGITS_MAX || number.len > NUMBER_LEN_MAX)
		return 0;
	*out = (struct numbered){
	    {number.p, from}, {number.p + end, number.len - end}, 0, (uint32_t)(end - from)};
	for (size_t i = from; i < end; i++)
		out->value = out->value * 10 + (uint32_t)(number.p[i] - '0');
	return 1;
}

/* The same announcement series with another running number; a fixed width stays fixed. */
static struct nw_str
with_value(const struct numbered *n, uint32_t value, char buf[128])
{
	int fixed = n->width > 1 && n->after.p - n->width >= n->before.p && *(n->after.p - n->width) == '0';
	int len = snprintf(buf, 128, "%.*s%0*u%.*s", (int)n->before.len, n->before.p,
	    fixed ? (int)n->width : 1, value, (int)n->after.len, n->after.p);

	return (struct nw_str){buf, len > 0 && len < 128 ? (size_t)len : 0};
}

static int
is_known(struct nw_commit *c, struct nw_str number)
{
	sqlite3_stmt *row = NULL;
	int rc = nw_db_row(c->st, NW_SQL_NUMBER_KNOWN,
	    NW_ARGS(nw_db_str(number), nw_db_int(c->target.source)), &row, c->err);

	if (rc == 1)
		nw_db_done(row);
	return rc;
}

/* Back to the last known number; a series that is new has none near. */
static int
look_back(struct nw_commit *c, const struct numbered *n)
{
	char buf[128];
	int rc;

	for (uint32_t k = 1; k <= NW_STORE_GAP_MAX && k < n->value; k++) {
		if ((rc = is_known(c, with_value(n, n->value - k, buf))) == -1)
			return -1;
		if (rc == 0)
			continue;
		if (k > 1) {
			c->report->gap_n = k - 1;
			(void)with_value(n, n->value - k + 1, c->report->gap_from);
			(void)with_value(n, n->value - 1, c->report->gap_to);
		}
		return 0;
	}
	return 0;
}

/* Pages come in any order: as long as one is still to be read, its number may be the missing one. */
static int
any_page_waits(struct nw_commit *c)
{
	sqlite3_stmt *row = NULL;
	int rc = nw_db_row(c->st, NW_SQL_PAGES_WAIT,
	    NW_ARGS(nw_db_int(c->target.source), nw_db_int(c->target.id)), &row, c->err);

	if (rc == 1)
		nw_db_done(row);
	return rc;
}

int
nw_number_gap(struct nw_commit *c)
{
	struct nw_str number[NUMBERS_MAX];
	sqlite3_stmt *row = NULL;
	struct numbered n;
	uint32_t found = 0;
	int rc;

	if (c->first_contact || c->churn ||
	    (c->report->articles == 0 && c->target.kind == NW_STORE_LISTING) || (rc = any_page_waits(c)) == 1)
		return 0;
	if (rc == -1)
		return -1;
	for (rc = nw_db_row(c->st, NW_SQL_NUMBERS_NEW,
		 NW_ARGS(nw_db_int(c->target.source), nw_db_int(NUMBERS_MAX)), &row, c->err);
	     rc == 1; rc = nw_db_next(c->st, row, c->err))
		if (found < NUMBERS_MAX && (number[found] = nw_db_col_dup(row, 0, c->arena)).p != NULL)
			found++;
	for (uint32_t i = 0; rc == 0 && i < found && c->report->gap_n == 0; i++)
		if (split(number[i], &n))
			rc = look_back(c, &n);
	return rc;
}
