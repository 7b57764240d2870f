#include "text/date_scan.h"

/* Years of three digits: Taiwan's, without the era's name. */
#define ROC_ERA 1911
#define ROC_MIN 100
#define ROC_MAX 200

static int
is(const struct nw_date_scan *s, size_t i, enum nw_date_class cls)
{
	return nw_date_scan_is(s, i, cls, NULL);
}

/* "元" counts as 1 where a number is expected. */
static int
number_at(const struct nw_date_scan *s, size_t i, int ndigits, int64_t *v_r)
{
	if (nw_date_scan_number(s, i, ndigits)) {
		*v_r = s->t[i].value;
		return 1;
	}
	*v_r = 1;
	return is(s, i, NW_DATE_ONE);
}

/* Behind the year by another count: "2024(令和6)年", "令和6年（2024年）". */
static size_t
skip_other_year(const struct nw_date_scan *s, size_t i)
{
	size_t k = i + 1;

	if (!nw_date_scan_mark(s, i, '('))
		return i;
	k += (size_t)is(s, k, NW_DATE_ERA);
	if (s->t[k].type != NW_DATE_TOK_NUMBER && !is(s, k, NW_DATE_ONE))
		return i;
	k++;
	k += (size_t)is(s, k, NW_DATE_YEAR_MARK);
	return nw_date_scan_mark(s, k, ')') ? k + 1 : i;
}

/* [era] year 年; behind it, 0 if there is none. */
static size_t
year_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	int era = 0, has_era = nw_date_scan_is(s, i, NW_DATE_ERA, &era);
	size_t mark;
	int64_t v;

	i += (size_t)has_era;
	if (!number_at(s, i, has_era ? 3 : 4, &v))
		return 0;
	mark = skip_other_year(s, i + 1);
	if (!is(s, mark, NW_DATE_YEAR_MARK))
		return 0;
	if (has_era)
		f->year = era + (int)v;
	else if (s->t[i].ndigits == 2)
		f->year = nw_date_scan_short_year(v);
	else if (s->t[i].ndigits == 4)
		f->year = (int)v;
	else if (s->t[i].ndigits == 3 && v >= ROC_MIN && v <= ROC_MAX)
		f->year = ROC_ERA + (int)v;
	else
		return 0;
	return skip_other_year(s, mark + 1);
}

/* month 月 day 日; the day's mark may be missing where nothing else can follow. */
static size_t
month_day_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	if (!nw_date_scan_number(s, i, 2) || !is(s, i + 1, NW_DATE_MONTH_MARK) || s->t[i].value < 1 ||
	    s->t[i].value > 12)
		return 0;
	f->month = (int)s->t[i].value;
	i += 2;
	if (!nw_date_scan_number(s, i, 2) || s->t[i].value < 1 || s->t[i].value > 31)
		return i;
	if (is(s, i + 1, NW_DATE_DAY_MARK)) {
		f->day = (int)s->t[i].value;
		return i + 2;
	}
	if (f->year >= 0 && !s->t[i].gap && !is(s, i + 1, NW_DATE_MONTH_MARK) &&
	    !nw_date_scan_mark(s, i + 1, ':')) {
		f->day = (int)s->t[i].value;
		return i + 1;
	}
	return i;
}

/* R6.3.15, 令和6.3.15 */
static size_t
era_numbers_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	int era;

	if (!nw_date_scan_is(s, i, NW_DATE_ERA, &era) || !nw_date_scan_number(s, i + 1, 3) ||
	    s->t[i + 2].type != NW_DATE_TOK_MARK || !nw_date_scan_number(s, i + 3, 2) ||
	    s->t[i + 4].value != s->t[i + 2].value || !nw_date_scan_number(s, i + 5, 2))
		return 0;
	f->year = era + (int)s->t[i + 1].value;
	f->month = (int)s->t[i + 3].value;
	f->day = (int)s->t[i + 5].value;
	return f->month >= 1 && f->month <= 12 && f->day >= 1 && f->day <= 31 ? i + 6 : 0;
}

size_t
nw_date_marks_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *fields)
{
	struct nw_date_fields f = *fields;
	size_t end = year_at(s, i, &f), day;

	if (end == 0 && (end = era_numbers_at(s, i, &f)) == 0) {
		end = month_day_at(s, i, &f);
		if (end == 0 || f.day < 1)
			return 0; /* a month alone says nothing */
	} else if (f.day < 1) {
		day = month_day_at(s, end + (size_t)nw_date_scan_mark(s, end, ','), &f);
		end = day != 0 ? day : end;
	}
	if (f.day >= 1)
		end = nw_date_clock_after(s, end, &f);
	*fields = f;
	return end;
}
