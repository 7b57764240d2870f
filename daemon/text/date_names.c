#include <string.h>

#include "base/str.h"
#include "text/date_scan.h"

#define FILLERS_MAX 4 /* words and marks between the parts of a date */

static int
is(const struct nw_date_scan *s, size_t i, enum nw_date_class cls)
{
	return nw_date_scan_is(s, i, cls, NULL);
}

/* A month by its number: "tháng 3", "tháng ba", and "7月" where programs write "04 7月 2022". */
static size_t
numbered_month_at(const struct nw_date_scan *s, size_t i, int *month_r)
{
	int machine = s->flags & NW_DATE_MACHINE && i > 0 && is(s, i + 1, NW_DATE_MONTH_MARK) &&
		      s->t[i - 1].type == NW_DATE_TOK_NUMBER && nw_date_scan_number(s, i, 2);
	size_t at = machine ? i : i + 1;
	int n = 0;

	if (!machine && !is(s, i, NW_DATE_MONTH_MARK))
		return 0;
	if (nw_date_scan_number(s, at, 2))
		n = (int)s->t[at].value;
	else
		(void)nw_date_scan_is(s, at, NW_DATE_ONE, &n);
	if (n < 1 || n > 12)
		return 0;
	*month_r = n;
	return 2;
}

/* A month by name or number; how many tokens it takes. */
static size_t
month_at(const struct nw_date_scan *s, size_t i, int *month_r, int *calendar_r)
{
	int again;
	size_t n = numbered_month_at(s, i, month_r);

	*calendar_r = NW_DATE_GREGORIAN;
	if (n != 0)
		return n;
	if (nw_date_scan_is(s, i, NW_DATE_MONTH, month_r)) {
		/* "آذار/مارس": the month by two names */
		if (s->t[i + 1].type == NW_DATE_TOK_MARK &&
		    nw_date_scan_is(s, i + 2, NW_DATE_MONTH, &again) && again == *month_r)
			return nw_date_scan_mark(s, i + 3, ')') ? 4 : 3;
		return 1;
	}
	*calendar_r = NW_DATE_CAL_JALALI;
	if (nw_date_scan_is(s, i, NW_DATE_JALALI, month_r))
		return 1;
	*calendar_r = NW_DATE_CAL_HIJRI;
	return (size_t)nw_date_scan_is(s, i, NW_DATE_HIJRI, month_r);
}

/* Behind words like "of" and marks out of ${marks}. */
static size_t
skip(const struct nw_date_scan *s, size_t i, const char *marks)
{
	for (size_t n = 0; n < FILLERS_MAX; n++, i++) {
		const struct nw_date_tok *t = &s->t[i];

		if (t->type == NW_DATE_TOK_MARK
			? t->value >= 0x80 || strchr(marks, (int)t->value) == NULL
			: (!is(s, i, NW_DATE_FILLER) && !is(s, i, NW_DATE_YEAR_MARK)) ||
			      is(s, i, NW_DATE_MONTH))
			break;
	}
	return i;
}

/* "premier", "بیست و سوم": a day in letters. */
static size_t
day_word_at(const struct nw_date_scan *s, size_t i, int *day_r)
{
	int n, more;

	if (!nw_date_scan_is(s, i, NW_DATE_DAY_WORD, &n))
		return 0;
	i++;
	if (n % 10 == 0 && is(s, i, NW_DATE_FILLER) && nw_date_scan_is(s, i + 1, NW_DATE_DAY_WORD, &more) &&
	    more < 10 && n + more <= 31) {
		n += more;
		i += 2;
	}
	*day_r = n;
	return i;
}

/* A day of the month with what may hang on it: "23rd", "1er", "15.", "15º". */
static size_t
day_at(const struct nw_date_scan *s, size_t i, int *day_r)
{
	size_t word = day_word_at(s, i, day_r);

	if (word != 0)
		return word;
	if (!nw_date_scan_number(s, i, 2) || s->t[i].value < 1 || s->t[i].value > 31)
		return 0;
	*day_r = (int)s->t[i].value;
	i++;
	if (nw_date_scan_mark(s, i, '-') && !s->t[i].gap && s->t[i + 1].type == NW_DATE_TOK_WORD &&
	    !s->t[i + 1].gap && is(s, i + 1, NW_DATE_ORDINAL) && !is(s, i + 1, NW_DATE_MONTH))
		return i + 2; /* "15-го" */
	if (is(s, i, NW_DATE_ORDINAL) && !is(s, i, NW_DATE_MONTH) &&
	    (!s->t[i].gap || is(s, i, NW_DATE_FILLER)))
		i++;
	else if (s->t[i].type == NW_DATE_TOK_MARK && s->t[i].value == 0xb0 && !s->t[i].gap) /* 1° */
		i++;
	return i;
}

/* The second day of a span ("22-23 March"): the first is the date. */
static size_t
skip_span(const struct nw_date_scan *s, size_t i)
{
	size_t k = i;
	int day;

	if (nw_date_scan_mark(s, k, '.'))
		k++;
	if (nw_date_scan_mark(s, k, '-') || nw_date_scan_mark(s, k, '/') || nw_date_scan_mark(s, k, '&'))
		k++;
	else if (s->t[k].type == NW_DATE_TOK_WORD && s->t[k].gap &&
		 (is(s, k, NW_DATE_FILLER) || s->t[k].to - s->t[k].from == 2))
		k++; /* "and", "to", "et", "bis" */
	else
		return i;
	if (s->t[k].type == NW_DATE_TOK_NUMBER && nw_date_scan_mark(s, k + 1, ':'))
		return i; /* a time */
	k = day_at(s, k, &day);
	return k != 0 ? k : i;
}

/* A year of four digits, or of two where that is meant: "'24", or directly behind the month. */
static size_t
year_at(const struct nw_date_scan *s, size_t i, int two_ok, int *year_r)
{
	const struct nw_date_tok *t = &s->t[i];
	int quoted = nw_date_scan_mark(s, i, '\'');

	if (quoted)
		t = &s->t[++i];
	if (t->type != NW_DATE_TOK_NUMBER)
		return 0;
	if (t->ndigits == 4 && t->value >= 1300 && t->value <= 2700) {
		*year_r = (int)t->value;
		return i + 1;
	}
	if (t->ndigits != 2 || !(quoted || two_ok) || nw_date_scan_mark(s, i + 1, ':') ||
	    is(s, i + 1, NW_DATE_HOUR_MARK) ||
	    (nw_date_scan_mark(s, i + 1, '.') && nw_date_scan_number(s, i + 2, 2) && !s->t[i + 2].gap) ||
	    is(s, i + 1, NW_DATE_PM))
		return 0;
	*year_r = nw_date_scan_short_year(t->value);
	return i + 1;
}

/* The year at the end of asctime(): "Jan 4 16:29:06 PST 2004". */
static size_t
clock_and_year(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	size_t end = nw_date_clock_after(s, i, f), y;

	if (end == i)
		return i;
	y = year_at(s, end, 0, &f->year);
	if (y == 0 && s->t[end].type == NW_DATE_TOK_WORD) /* a zone nobody knows */
		y = year_at(s, end + 1, 0, &f->year);
	return y != 0 ? nw_date_zone_at(s, y, 1, f) : end;
}

/* A field says a year, but none there can be: programs without a date write year 1 or 9999, or -1 for 0. */
static size_t
no_year_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	size_t year = i + (size_t)(nw_date_scan_mark(s, i, '-') && !s->t[i + 1].gap);

	if (!(s->flags & NW_DATE_MACHINE) || s->t[year].type != NW_DATE_TOK_NUMBER ||
	    (s->t[year].ndigits < 3 && year == i))
		return 0;
	f->year = 0;
	return year + 1;
}

/* What stands behind day and month: a year and a clock, in this order or the other. */
static size_t
year_and_clock(const struct nw_date_scan *s, size_t i, int two_ok, struct nw_date_fields *f)
{
	size_t year = skip(s, i, ".,-/"), end = year_at(s, year, two_ok, &f->year);

	if (end != 0)
		return end;
	end = clock_and_year(s, i, f);
	if (end == i && (year = no_year_at(s, skip(s, i, ".,/"), f)) != 0)
		return year;
	return end;
}

/* "15 March 2024", "15. März 2024", "22-23 March 2021", "15 de marzo del 2024", "ngày 15 tháng 3 năm 2024" */
static size_t
day_first(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	size_t end = day_at(s, i, &f->day), n;

	if (end == 0)
		return 0;
	end = skip(s, skip_span(s, end), ".,-/'\"");
	n = month_at(s, end, &f->month, &f->calendar);
	return n != 0 ? year_and_clock(s, end + n, 1, f) : 0;
}

/* "March 23rd, 2021", "Nov. 2020", "Jan 4 16:29:06 2004" */
static size_t
month_first(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	size_t end = i, n = month_at(s, i, &f->month, &f->calendar), y, d;

	if (n == 0 || (i > 0 && nw_date_scan_number(s, i - 1, 2)))
		return 0; /* nor is "99 Jun 2009" the month alone */
	end = skip(s, i + n, ".-/,");
	if ((y = year_at(s, end, 0, &f->year)) != 0)
		return y;
	d = day_at(s, end, &f->day);
	if (d == 0)
		return 0;
	end = skip_span(s, d);
	return year_and_clock(s, end, nw_date_scan_mark(s, end, ',') || nw_date_scan_mark(s, end, '-'), f);
}

/* "2024. március 15.", "2024-Mar-15", "2024 m. kovo 15 d.", and with the day before the month "2024 ж. 15
 * наурыз" */
static size_t
year_first(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	size_t year = year_at(s, i, 0, &f->year), end, n, d;
	int again; /* "since 2021, 15 March 2024": that year is another's */

	if (year == 0)
		return 0;
	end = skip(s, year, ".,-/");
	n = month_at(s, end, &f->month, &f->calendar);
	if (n == 0) {
		d = end > year ? day_at(s, end, &f->day) : 0;
		n = d != 0 ? month_at(s, end = skip(s, d, "."), &f->month, &f->calendar) : 0;
		return n != 0 && year_at(s, skip(s, end + n, ".,"), 0, &again) == 0 ? end + n : 0;
	}
	end = skip(s, end + n, ".,-/");
	d = day_at(s, end, &f->day);
	return d != 0 && !nw_date_scan_mark(s, d, ':') ? d : end;
}

/* A Buddhist year of Thailand; a Gregorian year under a Persian or Islamic month is none. */
static void
mend_year(struct nw_date_fields *f)
{
	if (f->year >= 2443 && f->year <= 2700)
		f->year -= 543;
	if (f->calendar == NW_DATE_CAL_JALALI && f->year >= 1900 && f->year < 2100)
		f->year -= 600; /* "۰۳" was read as 2003, "۹۱" as 1991 */
}

size_t
nw_date_names_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *fields)
{
	static size_t (*const forms[])(const struct nw_date_scan *, size_t, struct nw_date_fields *) = {
	    year_first, day_first, month_first};
	struct nw_date_fields f;
	size_t end = 0;

	for (size_t k = 0; end == 0 && k < sizeof(forms) / sizeof(forms[0]); k++) {
		f = *fields;
		end = forms[k](s, i, &f);
	}
	if (end == 0)
		return 0;
	mend_year(&f);
	if (f.hour < 0 && f.day > 0)
		end = nw_date_clock_after(s, end, &f);
	*fields = f;
	return end;
}
