#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "core/time.h"
#include "query/import_int.h"

enum side { FROM, TO, AFTER, BEFORE, ON, NO_SIDE };

struct span { /* days since 1970, both included */
	int64_t first, last;
};

/* The next run of characters that are neither white space nor brackets; signs of comparison are a run of
 * their own. */
static struct nw_str
run(struct nw_import *im)
{
	const char *p = im->text.p, *signs = "<>=";
	size_t n = im->text.len, start;

	while (im->pos < n && ((unsigned char)p[im->pos] <= ' ' || p[im->pos] == '('))
		im->pos++;
	start = im->pos;
	if (start < n && strchr(signs, p[start]) != NULL)
		while (im->pos < n && strchr(signs, p[im->pos]) != NULL)
			im->pos++;
	else
		while (im->pos < n && (unsigned char)p[im->pos] > ' ' && p[im->pos] != '(' &&
		       p[im->pos] != ')' && strchr(signs, p[im->pos]) == NULL)
			im->pos++;
	return (struct nw_str){p + start, im->pos - start};
}

static enum side
side_of(struct nw_str s)
{
	static const struct {
		const char *word;
		enum side side;
	} words[] = {{"from", FROM}, {"geq", FROM}, {">=", FROM}, {"to", TO}, {"leq", TO}, {"<=", TO},
	    {"after", AFTER}, {"aft", AFTER}, {">", AFTER}, {"before", BEFORE}, {"bef", BEFORE},
	    {"<", BEFORE}, {"on", ON}, {"is", ON}, {"=", ON}};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (nw_import_is(s, words[i].word))
			return words[i].side;
	return NO_SIDE;
}

static int
numbers(struct nw_str s, int out[3])
{
	int n = 0, in = 0;

	for (size_t i = 0; i < s.len; i++) {
		int digit = isdigit((unsigned char)s.p[i]);

		if (!digit && strchr("/-.", s.p[i]) == NULL)
			return 0;
		if (digit && !in) {
			if (n == 3)
				return 0;
			out[n++] = 0;
		}
		if (digit && out[n - 1] > 99999999)
			return 0;
		if (digit)
			out[n - 1] = out[n - 1] * 10 + (s.p[i] - '0');
		in = digit;
	}
	return n;
}

/* 2020, 20200131, 2020-01-31, 1/31/2020; which of 1/2/2020 is the month is told once. */
static int
day(struct nw_import *im, struct nw_str s, struct span *r)
{
	int v[3], n = numbers(s, v), y, m, d;

	if (n == 1 && v[0] >= 1900 && v[0] <= 2200) {
		*r = (struct span){nw_time_days(v[0], 1, 1), nw_time_days(v[0], 12, 31)};
		return 0;
	}
	if (n == 1 && s.len == 8) {
		y = v[0] / 10000;
		m = v[0] / 100 % 100;
		d = v[0] % 100;
	} else if (n == 3 && v[0] > 31) {
		y = v[0];
		m = v[1];
		d = v[2];
	} else if (n == 3) {
		y = v[2];
		m = v[0] > 12 ? v[1] : v[0];
		d = v[0] > 12 ? v[0] : v[1];
		if ((im->told & NW_IMPORT_TOLD_DATE) == 0 && v[0] <= 12 && v[1] <= 12)
			nw_import_tell(im, NW_QDIAG_WARNING, (size_t)(s.p - im->text.p), s.len,
			    "%.*s is read as month/day/year: "
			    "confirm, or write %04d-%02d-%02d",
			    (int)s.len, s.p, y, d, m);
		im->told |= NW_IMPORT_TOLD_DATE;
	} else {
		return -1;
	}
	if (!nw_time_date_ok(y, m, d))
		return -1;
	r->first = r->last = nw_time_days(y, m, d);
	return 0;
}

/* "last 7 days" */
static struct nw_ast *
last_days(struct nw_import *im)
{
	struct nw_str n = run(im), unit = run(im);
	int64_t k = nw_import_number(n, "");
	char age[32];

	if (k < 1 || unit.len == 0)
		return NULL;
	k *= unit.p[0] == 'w' ? 7 : unit.p[0] == 'm' ? 30 : unit.p[0] == 'y' ? 365 : 1;
	snprintf(age, sizeof(age), "<%lldd", (long long)k);
	return nw_import_compare(im, NW_AST_AGE, age);
}

/* "-7", Factiva's days back from today. */
static struct nw_ast *
days_back(struct nw_import *im)
{
	int64_t k = nw_import_number(run(im), "-");
	char age[32];

	if (k < 1)
		return NULL;
	snprintf(age, sizeof(age), "<%lldd", (long long)k);
	return nw_import_compare(im, NW_AST_AGE, age);
}

/* One bound: the word or sign, and the date. */
static int
bound(struct nw_import *im, struct span *all)
{
	enum side side = side_of(run(im));
	struct span d;

	if (side == NO_SIDE || day(im, run(im), &d) == -1)
		return -1;
	if (side == FROM || side == ON)
		all->first = d.first;
	if (side == TO || side == ON)
		all->last = d.last;
	if (side == AFTER)
		all->first = d.last + 1;
	if (side == BEFORE)
		all->last = d.first - 1;
	return 0;
}

static void
write_day(char out[16], int64_t days)
{
	int y, m, d;

	nw_time_civil(days, &y, &m, &d);
	snprintf(out, 16, "%04d-%02d-%02d", y, m, d);
}

/* The closing brackets of those that were opened since ${start}. */
static void
close_brackets(struct nw_import *im, size_t start)
{
	struct nw_import_token t;
	int open = 0;

	for (size_t i = start; i < im->pos; i++)
		open += im->text.p[i] == '(' ? 1 : im->text.p[i] == ')' ? -1 : 0;
	for (nw_import_peek(im, &t); open > 0 && t.type == NW_IMPORT_CLOSE; nw_import_peek(im, &t), open--)
		nw_import_next(im, &t);
}

struct nw_ast *
nw_import_date(struct nw_import *im)
{
	struct span all = {INT64_MIN, INT64_MAX};
	char text[40], first[16] = "", last[16] = "";
	size_t start = im->pos, end;
	struct nw_ast *a;

	if (nw_import_is(run(im), "last")) {
		a = last_days(im);
		im->pos = a != NULL ? im->pos : start;
		return a;
	}
	im->pos = start;
	if ((a = days_back(im)) != NULL)
		return a;
	im->pos = start;
	if (bound(im, &all) == -1) {
		im->pos = start;
		return NULL;
	}
	close_brackets(im, start);
	end = im->pos;
	if (!nw_import_is(run(im), "and")) /* "from D to D", "geq D and leq D" */
		im->pos = end;
	if (bound(im, &all) == -1)
		im->pos = end;
	close_brackets(im, start);
	if (all.first != INT64_MIN)
		write_day(first, all.first);
	if (all.last != INT64_MAX)
		write_day(last, all.last);
	if (strcmp(first, last) == 0)
		snprintf(text, sizeof(text), "%s", first);
	else
		snprintf(text, sizeof(text), "%s..%s", first, last);
	nw_import_tell(im, NW_QDIAG_NOTE, start, im->pos - start, "becomes date:%s", text);
	return nw_import_compare(im, NW_AST_DATE, text);
}
