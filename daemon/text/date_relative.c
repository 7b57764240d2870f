#include "core/time.h"
#include "text/date_scan.h"

#define DAY_MS	   86400000ll
#define COUNT_MAX  10000 /* "3 hours", never more */
#define MONTHS_MAX 3600	 /* no date lies further back */
#define ABOUT_MAX  6	 /* words between "ago" and how long */

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

/* How long ago, in the calendar's steps: "1 year, 2 months and 3 days". */
struct span {
	int64_t months, days, ms;
	int finest; /* enum nw_date_unit */
};

static void
add(struct span *sp, int64_t n, int unit)
{
	static const int64_t ms[] = {0, 1000, 60000, 3600000};

	if (unit <= NW_DATE_HOUR)
		sp->ms += n * ms[unit];
	else if (unit <= NW_DATE_WEEK)
		sp->days += n * (unit == NW_DATE_WEEK ? 7 : 1);
	else
		sp->months += n * (unit == NW_DATE_YEARS ? 12 : 1);
	if (sp->finest == 0 || unit < sp->finest)
		sp->finest = unit;
}

/* The day that lies ${months} before; the 31st becomes the last of a shorter month. */
static int64_t
months_before(int64_t day, int64_t months)
{
	int year, month, of_month;
	int64_t m;

	nw_time_civil(day, &year, &month, &of_month);
	m = year * 12ll + month - 1 - months;
	while (!nw_time_date_ok((int)(m / 12), (int)(m % 12) + 1, of_month) && of_month > 28)
		of_month--;
	return nw_time_days((int)(m / 12), (int)(m % 12) + 1, of_month);
}

/* The time a span before now; coarse units give coarse dates.  -1 if no date is read so far back. */
static int
back(const struct nw_date_hint *hint, const struct span *sp, struct nw_time *t)
{
	int64_t today = nw_date_fields_local_day(hint->now_ms, hint), day;
	int year, month, of_month;

	if (sp->months > MONTHS_MAX)
		return -1;
	day = months_before(today, sp->months) - sp->days;
	if (!nw_date_fields_readable(day))
		return -1;
	set_day(t, day);
	if (sp->finest <= NW_DATE_HOUR)
		*t = (struct nw_time){
		    .at_ms = hint->now_ms + (day - today) * DAY_MS - sp->ms, .precision = NW_PREC_MINUTE};
	nw_time_civil(day, &year, &month, &of_month);
	if (sp->finest == NW_DATE_MONTHS || sp->finest == NW_DATE_YEARS) {
		set_day(t, nw_time_days(year, sp->finest == NW_DATE_YEARS ? 1 : month, 1));
		t->precision = sp->finest == NW_DATE_YEARS ? NW_PREC_YEAR : NW_PREC_MONTH;
	}
	return nw_date_fields_readable(t->at_ms / DAY_MS) ? 0 : -1;
}

/* "半小时", "half an hour", "полчаса"; behind it, 0 if there is none. */
static size_t
half_hour_at(const struct nw_date_scan *s, size_t i)
{
	int whole, unit;

	if (!is(s, i, NW_DATE_HALF, &whole))
		return 0;
	i++;
	if (whole)
		return i;
	i += (size_t)is(s, i, NW_DATE_ONE, NULL);
	return is(s, i, NW_DATE_UNIT, &unit) && unit == NW_DATE_HOUR ? i + 1 : 0;
}

/* "3 hours", "an hour", "ساعتين", "час"; behind it, 0 if there is none. */
static size_t
amount_at(const struct nw_date_scan *s, size_t i, int64_t *n_r, int *unit_r)
{
	size_t end = half_hour_at(s, i);
	int n;

	*n_r = 1;
	if (end != 0) {
		*n_r = 30;
		*unit_r = NW_DATE_MINUTE;
		return end;
	}
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
	} else if (is(s, i, NW_DATE_ONE, &n) && is(s, i + 1, NW_DATE_UNIT, NULL)) {
		*n_r = n;
		i++;
	}
	return *n_r <= COUNT_MAX && is(s, i, NW_DATE_UNIT, unit_r) ? i + 1 : 0;
}

/* "1 day, 2 hours and 20 min."; each unit finer than the one before.  Behind it, 0 if there is none. */
static size_t
span_at(const struct nw_date_scan *s, size_t i, struct span *sp)
{
	int unit;
	int64_t n;
	size_t end = amount_at(s, i, &n, &unit), next;

	*sp = (struct span){.finest = 0};
	if (end == 0)
		return 0;
	add(sp, n, unit);
	for (;;) {
		next = end;
		if (nw_date_scan_mark(s, next, ',') || nw_date_scan_mark(s, next, '.'))
			next++;
		if (is(s, next, NW_DATE_FILLER, NULL) && s->t[next + 1].type == NW_DATE_TOK_NUMBER)
			next++; /* "and" */
		if (s->t[next].type != NW_DATE_TOK_NUMBER || (next = amount_at(s, next, &n, &unit)) == 0 ||
		    unit >= sp->finest)
			return end;
		add(sp, n, unit);
		end = next;
	}
}

static int
says_number(const struct nw_date_scan *s, size_t i)
{
	return s->t[i].type == NW_DATE_TOK_NUMBER || is(s, i, NW_DATE_ONE, NULL) ||
	       is(s, i, NW_DATE_TWO, NULL) || is(s, i, NW_DATE_HALF, NULL);
}

/* Behind the words that stand between "il y a" and its amount: "πριν από", "hace cerca de", "il y a moins
 * d'". */
static size_t
skip_about(const struct nw_date_scan *s, size_t i)
{
	struct span sp;

	for (size_t k = i; k < i + ABOUT_MAX; k++) {
		if (span_at(s, k, &sp) != 0 && (k == i || says_number(s, k)))
			return k;
		if (s->t[k].type != NW_DATE_TOK_WORD && !nw_date_scan_mark(s, k, '\''))
			break;
	}
	return i;
}

/* "3 hours 20 minutes ago", "il y a 3 heures"; the word that says "ago" stands before or behind. */
static int
ago_at(const struct nw_date_scan *s, size_t i, struct nw_time *time_r)
{
	int before = is(s, i, NW_DATE_AGO, NULL);
	struct span sp;
	size_t end;

	if (before)
		i = skip_about(s, i + 1);
	end = span_at(s, i, &sp);
	if (end == 0)
		return -1;
	if (nw_date_scan_mark(s, end, '.') && !is(s, end - 1, NW_DATE_AGO, NULL))
		end++; /* "20 мин. назад" */
	if (is(s, end, NW_DATE_FILLER, NULL) && !is(s, end, NW_DATE_AGO, NULL))
		end++; /* "3 jam yang lalu" */
	if (!before && !is(s, end, NW_DATE_AGO, NULL) && !is(s, end - 1, NW_DATE_AGO, NULL))
		return -1;
	return back(s->hint, &sp, time_r);
}

/* "last week", where nothing else stands. */
static int
last_at(const struct nw_date_scan *s, struct nw_time *time_r)
{
	struct span sp = {.finest = 0};
	int unit;

	if (!is(s, 0, NW_DATE_LAST, &unit) || s->t[1].type != NW_DATE_TOK_END)
		return -1;
	add(&sp, 1, unit);
	return back(s->hint, &sp, time_r);
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
	if (last_at(s, time_r) == 0)
		return 0;
	for (size_t i = 0; s->t[i].type != NW_DATE_TOK_END; i++) {
		if (ago_at(s, i, time_r) == 0 || days_back_at(s, i, time_r) == 0)
			return 0;
		if (is(s, i, NW_DATE_NOW, NULL) &&
		    (s->flags & NW_DATE_SEARCH ? i == 0 && s->t[1].type == NW_DATE_TOK_END
					       : i == 0 || s->t[i + 1].type == NW_DATE_TOK_END)) {
			*time_r = (struct nw_time){.at_ms = s->hint->now_ms, .precision = NW_PREC_MINUTE};
			return 0;
		}
	}
	return -1;
}
