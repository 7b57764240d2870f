#include <strings.h>

#include "base/str.h"
#include "core/time.h"
#include "text/date_scan.h"

#define YEAR_WESTERN 1600 /* smaller years of four digits are of another calendar */

/* Three numbers a, b, c with the mark between them. */
struct triple {
	int64_t v[3];
	uint8_t ndigits[3];
	char mark;  /* ' ' for none */
	int digits; /* enum nw_date_digits of the first */
};

static int
is_search(const struct nw_date_scan *s)
{
	return (s->flags & NW_DATE_SEARCH) != 0;
}

static int
is_mark(const struct nw_date_scan *s, size_t i)
{
	return nw_date_scan_mark(s, i, '-') || nw_date_scan_mark(s, i, '/') || nw_date_scan_mark(s, i, '.') ||
	       (nw_date_scan_mark(s, i, ':') && s->flags & NW_DATE_MACHINE);
}

/* A number that belongs to a longer chain ("1.2.3.4", "+1-202-555") is no date. */
static int
chained_before(const struct nw_date_scan *s, size_t i)
{
	return i >= 2 && is_mark(s, i - 1) && !s->t[i].gap && !s->t[i - 1].gap &&
	       s->t[i - 2].type == NW_DATE_TOK_NUMBER;
}

static int
chained_after(const struct nw_date_scan *s, size_t end, char mark)
{
	return nw_date_scan_mark(s, end, mark) && !s->t[end].gap && !s->t[end + 1].gap &&
	       s->t[end + 1].type == NW_DATE_TOK_NUMBER &&
	       !(nw_date_scan_mark(s, end + 2, ':') && mark != ':'); /* a time: "2022-07-04-10:15" */
}

/* Blanks around "." are Korean and Czech; around other marks a search does not take them. */
static int
gap_ok(const struct nw_date_scan *s, size_t mark)
{
	return (!s->t[mark].gap && !s->t[mark + 1].gap) ||
	       (nw_date_scan_mark(s, mark, '.') && !s->t[mark].gap) || !is_search(s);
}

static int
read_triple(const struct nw_date_scan *s, size_t i, struct triple *t)
{
	size_t step = is_mark(s, i + 1) ? 2 : 1;

	if (step == 1 && (is_search(s) || !s->t[i + 1].gap))
		return 0;
	for (size_t k = 0; k < 3; k++) {
		const struct nw_date_tok *n = &s->t[i + k * step];

		if (n->type != NW_DATE_TOK_NUMBER || n->ndigits > 4 || n->digits == NW_DATE_HAN)
			return 0;
		if (k > 0 && step == 2 &&
		    (s->t[i + k * 2 - 1].value != s->t[i + 1].value || !is_mark(s, i + k * 2 - 1) ||
			!gap_ok(s, i + k * 2 - 1)))
			return 0;
		t->v[k] = n->value;
		t->ndigits[k] = n->ndigits;
	}
	t->mark = step == 2 ? (char)s->t[i + 1].value : ' ';
	t->digits = s->t[i].digits;
	return t->mark != ':' || t->ndigits[0] == 4 || t->ndigits[2] == 4; /* cameras write "2012:08:03" */
}

static int
set(struct nw_date_fields *f, int64_t y, int64_t m, int64_t d)
{
	if (m < 1 || m > 12 || d < 1 || d > 31)
		return 0;
	f->year = (int)y;
	f->month = (int)m;
	f->day = (int)d;
	return 1;
}

/* Years of other calendars, told by their size and by who writes them. */
static void
set_calendar(const struct nw_date_scan *s, struct nw_date_fields *f, int digits)
{
	if (f->year < 1300 || f->year > 1500)
		return;
	if (digits == NW_DATE_PERSIAN || nw_date_scan_lang(s, "fa") ||
	    nw_str_is(s->hint->timezone, "Asia/Tehran"))
		f->calendar = NW_DATE_CAL_JALALI;
	else if (nw_date_scan_lang(s, "ar") || digits == NW_DATE_ARABIC)
		f->calendar = NW_DATE_CAL_HIJRI;
}

/* Behind the word that names the calendar: "14-09-1432 هـ". */
static size_t
calendar_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	int calendar;

	if (f->year < 1300 || f->year > 1500 || !nw_date_scan_is(s, i, NW_DATE_CALENDAR, &calendar))
		return i;
	f->calendar = calendar;
	return i + 1;
}

static int
is_roc(const struct nw_date_scan *s)
{
	struct nw_str l = s->hint->lang;

	return nw_str_is(s->hint->timezone, "Asia/Taipei") ||
	       (l.len >= 5 && (strncasecmp(l.p, "zh-TW", 5) == 0 || strncasecmp(l.p, "zh-Hant", 7) == 0));
}

/* Two digits of a year; Thailand's 67 is 2567 of the Buddhist era. */
static int
short_year(const struct nw_date_scan *s, int64_t y)
{
	return nw_date_scan_lang(s, "th") && y >= 43 ? (int)y + 2500 - 543 : nw_date_scan_short_year(y);
}

/* The month comes first: America's habit, and that of programs. */
static int
month_first(const struct nw_date_scan *s, const struct triple *t, const struct nw_date_fields *f)
{
	struct nw_str l = s->hint->lang, tz = s->hint->timezone;
	int64_t y = t->ndigits[2] == 4 ? t->v[2] : short_year(s, t->v[2]);

	if (t->mark == '.' || t->mark == '-' || t->mark == ' ' || (t->ndigits[2] == 4 && y < YEAR_WESTERN))
		return 0;
	if (f->weekday > 0 && t->v[0] <= 12 &&
	    t->v[1] <= 12) { /* the weekday may tell which of the two it is */
		int us = nw_date_fields_weekday((int)y, (int)t->v[0], (int)t->v[1]) == f->weekday - 1;

		if (us != (nw_date_fields_weekday((int)y, (int)t->v[1], (int)t->v[0]) == f->weekday - 1))
			return us;
	}
	if (l.len == 0)
		return tz.len == 0 || nw_str_is(tz, "UTC") || nw_str_starts(tz, "America/");
	if (!nw_date_scan_lang(s, "en"))
		return 0;
	if (l.len > 2)
		return strncasecmp(l.p + 3, "US", 2) == 0;
	return tz.len == 0 || nw_str_is(tz, "UTC") || nw_str_starts(tz, "America/");
}

/* a is a year of four digits, or of three in Taiwan. */
static int
year_first(const struct nw_date_scan *s, const struct triple *t, struct nw_date_fields *f)
{
	if (t->ndigits[1] > 3 || t->ndigits[2] > 2) /* some wrote "2003-012-31" */
		return 0;
	if (t->ndigits[0] == 3)
		return is_roc(s) && t->v[0] >= 60 && set(f, t->v[0] + 1911, t->v[1], t->v[2]);
	if (!set(f, t->v[0], t->v[1], t->v[2]) && !set(f, t->v[0], t->v[2], t->v[1]))
		return 0;
	set_calendar(s, f, t->digits);
	return 1;
}

/* c is the year. */
static int
year_last(const struct nw_date_scan *s, const struct triple *t, struct nw_date_fields *f)
{
	int64_t y = t->ndigits[2] == 4 ? t->v[2] : short_year(s, t->v[2]);
	int us = month_first(s, t, f);

	if (t->ndigits[0] > 2 || t->ndigits[1] > 2)
		return 0;
	if (!set(f, y, t->v[us ? 0 : 1], t->v[us ? 1 : 0]) && !set(f, y, t->v[us ? 1 : 0], t->v[us ? 0 : 1]))
		return 0;
	if (t->ndigits[2] == 4)
		set_calendar(s, f, t->digits);
	return 1;
}

/* All have two digits at most. */
static int
all_short(const struct nw_date_scan *s, const struct triple *t, struct nw_date_fields *f)
{
	int east = nw_date_scan_lang(s, "zh") || nw_date_scan_lang(s, "ja") || nw_date_scan_lang(s, "ko") ||
		   nw_date_scan_lang(s, "hu");
	int iso = t->mark == '-' && s->flags & NW_DATE_MACHINE;

	if (t->mark == ' ' ||
	    (is_search(s) && (t->ndigits[0] != 2 || t->ndigits[1] != 2 || t->ndigits[2] != 2)))
		return 0;
	if (t->ndigits[0] == 2 && (t->v[0] > 31 || east || iso) &&
	    set(f, nw_date_scan_short_year(t->v[0]), t->v[1], t->v[2]))
		return 1;
	return t->ndigits[2] == 2 && year_last(s, t, f);
}

static size_t
triple_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	struct triple t;
	size_t end;
	int ok;

	if (!read_triple(s, i, &t))
		return 0;
	end = i + (t.mark == ' ' ? 3 : 5);
	if (t.mark != ' ' && !(t.mark == '/' && t.ndigits[0] == 4) &&
	    (chained_before(s, i) || chained_after(s, end, t.mark)))
		return 0;
	if (t.ndigits[0] >= 3)
		ok = year_first(s, &t, f);
	else if (t.ndigits[2] == 4)
		ok = year_last(s, &t, f);
	else
		ok = t.ndigits[2] <= 2 && all_short(s, &t, f);
	return ok ? end : 0;
}

/* "2003-12" and "03/2024" are months, "03-15" and "15.03." days of a year that is not said; all too weak for
 * a search. */
static size_t
pair_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	const struct nw_date_tok *a = &s->t[i], *b = &s->t[i + 2];
	char mark = (char)s->t[i + 1].value;
	struct triple t = {{a->value, b->value, 0}, {2, 2, 0}, mark, 0};
	int us = mark == '-' || nw_date_scan_lang(s, "zh") || nw_date_scan_lang(s, "ja") ||
		 nw_date_scan_lang(s, "ko") || month_first(s, &t, f);

	if (is_search(s) || !is_mark(s, i + 1) || mark == ':' || s->t[i + 1].gap || b->gap ||
	    b->type != NW_DATE_TOK_NUMBER || chained_before(s, i) || chained_after(s, i + 3, mark))
		return 0;
	if (a->ndigits == 4 && b->ndigits <= 2 && b->value >= 1 && b->value <= 12) {
		f->year = (int)a->value;
		f->month = (int)b->value;
		return i + 3;
	}
	if (a->ndigits <= 2 && b->ndigits == 4 && a->value >= 1 && a->value <= 12) {
		f->year = (int)b->value;
		f->month = (int)a->value;
		return i + 3;
	}
	if (a->ndigits > 2 || b->ndigits > 2)
		return 0;
	if (mark == '-' && nw_date_scan_mark(s, i - (i > 0), '-') &&
	    i == 1) { /* "-03-12": a year of the century, ISO 8601:1988 */
		f->year = nw_date_scan_short_year(a->value);
		f->month = (int)b->value;
		return f->month >= 1 && f->month <= 12 ? i + 3 : 0;
	}
	return set(f, -1, us ? a->value : b->value, us ? b->value : a->value) ||
		       set(f, -1, us ? b->value : a->value, us ? a->value : b->value)
		   ? i + 3
		   : 0;
}

size_t
nw_date_number_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *fields)
{
	struct nw_date_fields f = *fields;
	size_t end;

	if (!nw_date_scan_number(s, i, 4) || s->t[i].digits == NW_DATE_HAN)
		return 0;
	end = triple_at(s, i, &f);
	if (end == 0) {
		f = *fields;
		end = pair_at(s, i, &f);
	}
	if (end == 0)
		return 0;
	end = nw_date_clock_after(s, calendar_at(s, end, &f), &f);
	*fields = f;
	return end;
}
