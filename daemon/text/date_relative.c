#include "core/time.h"
#include "text/date_scan.h"

#define DAY_MS	  86400000ll
#define COUNT_MAX 10000 /* "3 hours", never more */

static int
is(const struct nw_date_scan *s, size_t i, enum nw_date_class cls, int *value_r)
{
	return nw_date_scan_is(s, i, cls, value_r);
}

static void
set_day(struct nw_time *t, int64_t days)
{
	*t = (struct nw_time){.at_ms = days * DAY_MS, .precision = NW_PREC_DAY};
}

/* ${n} units before now; coarse units give coarse dates.  -1 if no date is read so far back. */
static int
back(const struct nw_date_hint *hint, int64_t n, int unit, struct nw_time *t)
{
	static const int64_t ms[] = {0, 1000, 60000, 3600000};
	int64_t today = nw_date_fields_local_day(hint->now_ms, hint), months;
	int year, month, day;

	if (unit <= NW_DATE_HOUR) {
		*t = (struct nw_time){.at_ms = hint->now_ms - n * ms[unit], .precision = NW_PREC_MINUTE};
	} else if (unit <= NW_DATE_WEEK) {
		set_day(t, today - n * (unit == NW_DATE_WEEK ? 7 : 1));
	} else {
		nw_time_civil(today, &year, &month, &day);
		months = year * 12ll + month - 1 - n * (unit == NW_DATE_YEARS ? 12 : 1);
		if (unit == NW_DATE_YEARS)
			months -= months % 12;
		set_day(t, nw_time_days((int)(months / 12), (int)(months % 12) + 1, 1));
		t->precision = unit == NW_DATE_YEARS ? NW_PREC_YEAR : NW_PREC_MONTH;
	}
	return nw_date_fields_readable(t->at_ms / DAY_MS) ? 0 : -1;
}

/* "3 hours", "an hour", "ساعتين", "час"; behind it, 0 if there is none. */
static size_t
amount_at(const struct nw_date_scan *s, size_t i, int64_t *n_r, int *unit_r)
{
	*n_r = 1;
	if (is(s, i, NW_DATE_TWO, unit_r)) {
		*n_r = 2;
		return i + 1;
	}
	if (s->t[i].type == NW_DATE_TOK_NUMBER) {
		*n_r = s->t[i++].value;
		if (nw_date_scan_mark(s, i, '+') ||
		    (is(s, i, NW_DATE_FILLER, NULL) && !is(s, i, NW_DATE_UNIT, NULL)))
			i++; /* "21 de minute" */
	} else if (i > 0 && s->t[i - 1].type == NW_DATE_TOK_NUMBER) {
		return 0; /* the unit of a number that was refused */
	} else if (is(s, i, NW_DATE_ONE, NULL) && is(s, i + 1, NW_DATE_UNIT, NULL)) {
		i++;
	}
	return *n_r <= COUNT_MAX && is(s, i, NW_DATE_UNIT, unit_r) ? i + 1 : 0;
}

/* "3 hours 20 minutes ago", "il y a 3 heures"; the word that says "ago" stands before or behind. */
static int
ago_at(const struct nw_date_scan *s, size_t i, struct nw_time *time_r)
{
	int before = is(s, i, NW_DATE_AGO, NULL), unit, minutes = 0;
	int64_t n, more;
	size_t end, next;

	if (before)
		i++;
	if (before && s->t[i].type == NW_DATE_TOK_WORD && amount_at(s, i, &n, &unit) == 0)
		i++; /* "πριν από 3 ώρες" */
	end = amount_at(s, i, &n, &unit);
	if (end == 0)
		return -1;
	next = amount_at(s, end, &more, &minutes);
	if (next != 0 && s->t[end].type == NW_DATE_TOK_NUMBER && unit == NW_DATE_HOUR &&
	    minutes == NW_DATE_MINUTE) {
		end = next;
		n = n * 60 + more;
		unit = NW_DATE_MINUTE;
	}
	if (is(s, end, NW_DATE_FILLER, NULL) && !is(s, end, NW_DATE_AGO, NULL))
		end++; /* "3 jam yang lalu" */
	if (!before && !is(s, end, NW_DATE_AGO, NULL) && !is(s, end - 1, NW_DATE_AGO, NULL))
		return -1;
	return back(s->hint, n, unit, time_r);
}

/* "yesterday at 5pm", "昨天 12:30" */
static int
days_back_at(const struct nw_date_scan *s, size_t i, struct nw_time *time_r)
{
	struct nw_date_fields f;
	int64_t day;
	int n;

	if (!is(s, i, NW_DATE_DAYS_BACK, &n))
		return -1;
	day = nw_date_fields_local_day(s->hint->now_ms, s->hint) - n;
	nw_date_fields_clear(&f);
	nw_time_civil(day, &f.year, &f.month, &f.day);
	(void)nw_date_clock_after(s, i + 1, &f); /* without a time it is the day */
	return nw_date_fields_time(&f, s->hint, time_r);
}

int
nw_date_relative(const struct nw_date_scan *s, struct nw_time *time_r)
{
	if (s->hint->now_ms == NW_TIME_NONE)
		return -1;
	for (size_t i = 0; s->t[i].type != NW_DATE_TOK_END; i++) {
		if (ago_at(s, i, time_r) == 0 || days_back_at(s, i, time_r) == 0)
			return 0;
		if (is(s, i, NW_DATE_NOW, NULL) && (i == 0 || s->t[i + 1].type == NW_DATE_TOK_END)) {
			*time_r = (struct nw_time){.at_ms = s->hint->now_ms, .precision = NW_PREC_MINUTE};
			return 0;
		}
	}
	return -1;
}
