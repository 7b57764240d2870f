#include "core/time.h"
#include "text/date_scan.h"

#define UNIX_MIN 100000000ll  /* 1973; smaller numbers are no seconds since 1970 */
#define UNIX_MAX 5000000000ll /* 2128 */

static int
set_day(struct nw_date_fields *f, int64_t y, int64_t m, int64_t d)
{
	if (!nw_time_date_ok((int)y, (int)m, (int)d))
		return 0;
	f->year = (int)y;
	f->month = (int)m;
	f->day = (int)d;
	return 1;
}

static int
set_ordinal(struct nw_date_fields *f, int64_t y, int64_t day)
{
	int year, month, d;

	if (day < 1 || day > 366 || y < 1900 || y > 2200)
		return 0;
	nw_time_civil(nw_time_days((int)y, 1, 1) + day - 1, &year, &month, &d);
	return year == y && set_day(f, year, month, d);
}

static int
set_clock(struct nw_date_fields *f, int64_t hhmmss)
{
	f->hour = (int)(hhmmss / 10000);
	f->minute = (int)(hhmmss / 100 % 100);
	f->second = (int)(hhmmss % 100);
	return f->hour < 24 && f->minute < 60 && f->second <= 60;
}

static int
set_unix(struct nw_date_fields *f, int64_t ms)
{
	int64_t days = ms / 86400000, rest = ms % 86400000;

	nw_time_civil(days, &f->year, &f->month, &f->day);
	f->hour = (int)(rest / 3600000);
	f->minute = (int)(rest / 60000 % 60);
	f->second = (int)(rest / 1000 % 60);
	f->ms = (int)(rest % 1000);
	f->has_zone = 1;
	f->zone_minutes = 0;
	return 1;
}

/* The whole field is one number: what programs write. */
static int
machine_number(const struct nw_date_tok *t, struct nw_date_fields *f)
{
	int64_t v = t->value;

	switch (t->ndigits) {
	case 4:
		f->year = (int)v;
		return v >= 1900 && v <= 2200;
	case 16: /* microseconds, nanoseconds */
		return v / 1000000 >= UNIX_MIN && v / 1000000 <= UNIX_MAX && set_unix(f, v / 1000);
	case 19:
		return v / 1000000000 >= UNIX_MIN && v / 1000000000 <= UNIX_MAX && set_unix(f, v / 1000000);
	case 5: /* yyddd */
		return set_ordinal(f, nw_date_scan_short_year(v / 1000), v % 1000);
	case 6: /* yyyymm or yymmdd */
		if (v / 100 >= 1900 && v / 100 <= 2100 && v % 100 >= 1 && v % 100 <= 12) {
			f->year = (int)(v / 100);
			f->month = (int)(v % 100);
			return 1;
		}
		return set_day(f, nw_date_scan_short_year(v / 10000), v / 100 % 100, v % 100);
	case 7:
		return set_ordinal(f, v / 1000, v % 1000);
	case 9:
	case 10:
		return v >= UNIX_MIN && v <= UNIX_MAX && set_unix(f, v * 1000);
	case 13:
		return v >= UNIX_MIN * 1000 && v <= UNIX_MAX * 1000 && set_unix(f, v);
	default:
		return 0;
	}
}

static int
is_week(const struct nw_date_scan *s, size_t i)
{
	const struct nw_date_tok *t = &s->t[i];

	return t->type == NW_DATE_TOK_WORD && t->to - t->from == 1 && (s->text.p[t->from] | 0x20) == 'w';
}

/* The week's number at ${at} and perhaps its day: "W01-4", "W014". */
static size_t
week_at(const struct nw_date_scan *s, size_t i, size_t at, struct nw_date_fields *f)
{
	int64_t year = s->t[i].value, week = s->t[at].value, monday, weekday = 1;
	int y, month, day;

	if (!nw_date_scan_number(s, at, 3) || s->t[at].ndigits < 2 || s->t[at].gap || year < 1900 ||
	    year > 2200)
		return 0;
	if (s->t[at].ndigits == 3) {
		weekday = week % 10;
		week /= 10;
	} else if (nw_date_scan_mark(s, at + 1, '-') && nw_date_scan_number(s, at + 2, 1)) {
		weekday = s->t[at += 2].value;
	}
	if (week < 1 || week > 53 || weekday < 1 || weekday > 7)
		return 0;
	monday = nw_time_days((int)year, 1, 4); /* week 1 holds 4 January */
	monday -= (monday % 7 + 10) % 7;
	nw_time_civil(monday + 7 * (week - 1) + weekday - 1, &y, &month, &day);
	return set_day(f, y, month, day) ? at + 1 : 0;
}

/* "2003-335", and "2003-W01-4" by ISO 8601. */
static size_t
iso_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	const struct nw_date_tok *y = &s->t[i], *d = &s->t[i + 2];

	if (y->ndigits == 4 && !s->t[i + 1].gap && is_week(s, i + 1))
		return week_at(s, i, i + 2, f);
	if (y->ndigits != 4 || !nw_date_scan_mark(s, i + 1, '-') || s->t[i + 1].gap || d->gap)
		return 0;
	if (d->type == NW_DATE_TOK_NUMBER && d->ndigits == 3)
		return set_ordinal(f, y->value, d->value) ? i + 3 : 0;
	return is_week(s, i + 2) ? week_at(s, i, i + 3, f) : 0;
}

static int
alone(const struct nw_date_scan *s, size_t i)
{
	size_t end = i + 1;

	if (nw_date_scan_mark(s, end, '.') &&
	    s->t[end + 1].type == NW_DATE_TOK_NUMBER) /* seconds with a fraction */
		end += 2;
	return s->t[end].type == NW_DATE_TOK_END && (i == 0 || (i == 1 && s->t[0].type == NW_DATE_TOK_MARK));
}

size_t
nw_date_compact_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *fields)
{
	const struct nw_date_tok *t = &s->t[i];
	struct nw_date_fields f = *fields;
	size_t end = i + 1;
	int ok = 0;

	if (t->type != NW_DATE_TOK_NUMBER || t->digits == NW_DATE_HAN)
		return 0;
	if (t->ndigits == 8 && s->flags & NW_DATE_MACHINE && s->t[i + 1].type == NW_DATE_TOK_NUMBER &&
	    s->t[i + 1].ndigits == 6) /* "20240315 143005" */
		ok = set_day(&f, t->value / 10000, t->value / 100 % 100, t->value % 100) &&
		     set_clock(&f, s->t[++end - 1].value);
	else if (t->ndigits == 8)
		ok = set_day(&f, t->value / 10000, t->value / 100 % 100, t->value % 100);
	else if (t->ndigits == 14)
		ok = set_day(
			 &f, t->value / 10000000000, t->value / 100000000 % 100, t->value / 1000000 % 100) &&
		     set_clock(&f, t->value % 1000000);
	else if (t->ndigits == 12)
		ok = set_day(&f, t->value / 100000000, t->value / 1000000 % 100, t->value / 10000 % 100) &&
		     set_clock(&f, t->value % 10000 * 100);
	else if ((end = iso_at(s, i, &f)) != 0)
		ok = 1;
	else if (s->flags & NW_DATE_MACHINE && !(s->flags & NW_DATE_SEARCH) && alone(s, i))
		ok = machine_number(t, &f), end = i + 1;
	if (!ok)
		return 0;
	end = f.hour < 0 ? nw_date_clock_after(s, end, &f) : nw_date_zone_at(s, end, 1, &f);
	*fields = f;
	return end;
}
