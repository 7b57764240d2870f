#include <string.h>
#include <strings.h>

#include "core/limits.h"
#include "core/time.h"

/* A calendar instant as text says it; fields that were not said are as in 1970-01-01T00:00:00. */
struct civil {
	int year, month, day, hour, minute, second, ms, offset_min;
};

/* Text being read, from the left. */
struct scan {
	const char *p, *end;
};

static int
at_end(const struct scan *s)
{
	return s->p == s->end;
}

static int
skip_char(struct scan *s, char c)
{
	if (at_end(s) || *s->p != c)
		return 0;
	s->p++;
	return 1;
}

static size_t
digits_ahead(const struct scan *s)
{
	size_t n = 0;

	while (s->p + n < s->end && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	return n;
}

/* Exactly n digits, of which more may follow. */
static int
read_digits(struct scan *s, size_t n, int *value_r)
{
	size_t i;
	int v = 0;

	if (digits_ahead(s) < n)
		return -1;
	for (i = 0; i < n; i++)
		v = v * 10 + (*s->p++ - '0');
	*value_r = v;
	return 0;
}

static int
civil_ms(const struct civil *c, int64_t *at_ms_r)
{
	int64_t seconds;
	int full_day = c->hour == 24 && c->minute == 0 && c->second == 0;

	if (c->year < 1900 || c->year > 2200 || !nw_time_date_ok(c->year, c->month, c->day))
		return -1;
	if ((c->hour > 23 && !full_day) || c->minute > 59 || c->second > 60)
		return -1;
	seconds = nw_time_days(c->year, c->month, c->day) * 86400 + c->hour * 3600 + c->minute * 60;
	seconds += c->second < 60 ? c->second : 59; /* a leap second is the one before it */
	*at_ms_r = (seconds - c->offset_min * 60) * 1000 + c->ms;
	return 0;
}

static struct scan
scan_trimmed(struct nw_str s)
{
	struct scan r = {s.p, s.p + s.len};

	while (r.p < r.end && (unsigned char)*r.p <= ' ')
		r.p++;
	while (r.p < r.end && (unsigned char)r.end[-1] <= ' ')
		r.end--;
	return r;
}

/* "Z", "+08:00", "+0800", "+08", or nothing (UTC). */
static int
read_zone(struct scan *s, int *offset_r)
{
	int sign, hours, minutes = 0;

	(void)skip_char(s, ' ');
	*offset_r = 0;
	if (at_end(s) || skip_char(s, 'Z') || skip_char(s, 'z'))
		return 0;
	sign = *s->p == '-' ? -1 : 1;
	if (!skip_char(s, '+') && !skip_char(s, '-'))
		return -1;
	if (read_digits(s, 2, &hours) == -1)
		return -1;
	(void)skip_char(s, ':');
	if (!at_end(s) && read_digits(s, 2, &minutes) == -1)
		return -1;
	if (hours > 23 || minutes > 59)
		return -1;
	*offset_r = sign * (hours * 60 + minutes);
	return 0;
}

static int
read_fraction(struct scan *s, int *ms_r)
{
	int i;

	if (!skip_char(s, '.') && !skip_char(s, ','))
		return 0;
	if (digits_ahead(s) == 0)
		return -1;
	*ms_r = 0;
	for (i = 0; digits_ahead(s) > 0; i++, s->p++) {
		if (i < 3)
			*ms_r += (*s->p - '0') * (i == 0 ? 100 : i == 1 ? 10 : 1);
	}
	return 0;
}

/* hh:mm[:ss[.fff]] or hhmm[ss], and the zone. */
static int
read_clock(struct scan *s, struct civil *c)
{
	int colon;

	if (read_digits(s, 2, &c->hour) == -1)
		return -1;
	colon = skip_char(s, ':');
	if (read_digits(s, 2, &c->minute) == -1)
		return -1;
	if (colon ? skip_char(s, ':') : digits_ahead(s) == 2) {
		if (read_digits(s, 2, &c->second) == -1 || read_fraction(s, &c->ms) == -1)
			return -1;
	}
	return read_zone(s, &c->offset_min);
}

/* YYYY[-MM[-DD]] or YYYYMMDD; sets what it found. */
static int
read_date(struct scan *s, struct civil *c, uint32_t *precision_r)
{
	size_t ahead = digits_ahead(s);

	if ((ahead != 4 && ahead != 8) || read_digits(s, 4, &c->year) == -1)
		return -1;
	*precision_r = NW_PREC_YEAR;
	if (ahead == 4 && !skip_char(s, '-'))
		return 0;
	if (read_digits(s, 2, &c->month) == -1)
		return -1;
	*precision_r = NW_PREC_MONTH;
	if (ahead == 4 && !skip_char(s, '-'))
		return 0;
	if (read_digits(s, 2, &c->day) == -1)
		return -1;
	*precision_r = NW_PREC_DAY;
	return 0;
}

int
nw_time_parse_rfc3339(struct nw_str text, struct nw_time *time_r)
{
	struct scan s = scan_trimmed(text);
	struct civil c = {.month = 1, .day = 1};
	struct nw_time t = {0};
	int zone;

	if (read_date(&s, &c, &t.precision) == -1)
		return -1;
	if (t.precision == NW_PREC_DAY && !at_end(&s) && strchr("Tt ", *s.p) != NULL && *s.p != '\0') {
		while (!at_end(&s) && strchr("Tt ", *s.p) != NULL && *s.p != '\0')
			s.p++;
		t.precision = NW_PREC_MINUTE;
		if (read_clock(&s, &c) == -1)
			return -1;
	} else if (read_zone(&s, &zone) == -1) { /* a day is not shifted by its zone */
		return -1;
	}
	if (!at_end(&s) || civil_ms(&c, &t.at_ms) == -1)
		return -1;
	*time_r = t;
	return 0;
}

static int
read_name(struct scan *s, const char *const *name, int n)
{
	int i;

	for (i = 0; i < n && s->end - s->p >= 3; i++) {
		if (strncasecmp(s->p, name[i], 3) == 0) {
			s->p += 3;
			return i;
		}
	}
	return -1;
}

static void
skip_blanks(struct scan *s)
{
	while (skip_char(s, ' '))
		;
}

static int
read_hms(struct scan *s, struct civil *c)
{
	return read_digits(s, 2, &c->hour) == 0 && skip_char(s, ':') && read_digits(s, 2, &c->minute) == 0 &&
		       skip_char(s, ':') && read_digits(s, 2, &c->second) == 0
		   ? 0
		   : -1;
}

static int
read_month(struct scan *s, struct civil *c)
{
	int m = read_name(s, nw_time_month, 12);

	c->month = m + 1;
	return m;
}

static int
read_day(struct scan *s, struct civil *c)
{
	return read_digits(s, digits_ahead(s) >= 2 ? 2 : 1, &c->day);
}

/* "Nov  6 08:49:37 1994", the weekday is behind us */
static int
read_asctime(struct scan *s, struct civil *c)
{
	if (read_month(s, c) == -1)
		return -1;
	skip_blanks(s);
	if (read_day(s, c) == -1)
		return -1;
	skip_blanks(s);
	if (read_hms(s, c) == -1)
		return -1;
	skip_blanks(s);
	return read_digits(s, 4, &c->year);
}

/* "06 Nov 1994 08:49:37 GMT" and "06-Nov-94 08:49:37 GMT"; two digits are the nearest century: 70 is 1970 */
static int
read_day_first(struct scan *s, struct civil *c)
{
	size_t n;

	if (read_day(s, c) == -1 || (!skip_char(s, '-') && !skip_char(s, ' ')) || read_month(s, c) == -1 ||
	    (!skip_char(s, '-') && !skip_char(s, ' ')))
		return -1;
	n = digits_ahead(s);
	if ((n != 2 && n != 4) || read_digits(s, n, &c->year) == -1)
		return -1;
	if (n == 2)
		c->year += c->year < 70 ? 2000 : 1900;
	skip_blanks(s);
	if (read_hms(s, c) == -1)
		return -1;
	skip_blanks(s);
	if (s->end - s->p == 3 && (strncasecmp(s->p, "GMT", 3) == 0 || strncasecmp(s->p, "UTC", 3) == 0)) {
		s->p = s->end;
		return 0;
	}
	return read_zone(s, &c->offset_min);
}

int
nw_time_parse_http(struct nw_str text, int64_t *at_ms_r)
{
	struct scan s = scan_trimmed(text);
	struct civil c = {0};

	if (read_name(&s, nw_time_weekday, 7) >= 0) {
		while (!at_end(&s) && *s.p >= 'a' && *s.p <= 'z') /* RFC 850 writes the weekday out */
			s.p++;
		(void)skip_char(&s, ',');
	}
	skip_blanks(&s);
	if ((digits_ahead(&s) > 0 ? read_day_first(&s, &c) : read_asctime(&s, &c)) == -1 || !at_end(&s))
		return -1;
	return civil_ms(&c, at_ms_r);
}

int64_t
nw_time_parse_retry_after(struct nw_str v, int64_t now_ms)
{
	const int64_t most = NW_RETRY_AFTER_MAX_S * INT64_C(1000);
	int64_t at_ms, ms = 0;
	size_t n = 0;

	for (; n < v.len && v.p[n] >= '0' && v.p[n] <= '9'; n++)
		ms = ms >= most ? most : ms * 10 + (v.p[n] - '0') * INT64_C(1000);
	if (n < v.len || n == 0)
		ms = nw_time_parse_http(v, &at_ms) == 0 ? at_ms - now_ms : 0;
	return ms < 0 ? 0 : ms > most ? most : ms;
}

int
nw_time_parse_duration(struct nw_str s, int64_t *seconds_r)
{
	static const struct {
		char letter;
		int seconds;
	} unit[] = {{'w', 604800}, {'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
	struct scan in = {s.p, s.p + s.len};
	size_t i, n = digits_ahead(&in);
	int64_t v = 0;

	if (n == 0 || n > 10) /* ten digits of weeks do not overflow */
		return -1;
	for (i = 0; i < n; i++)
		v = v * 10 + (*in.p++ - '0');
	if (at_end(&in)) {
		*seconds_r = v;
		return 0;
	}
	for (i = 0; i < sizeof(unit) / sizeof(unit[0]); i++) {
		if (skip_char(&in, unit[i].letter) && at_end(&in)) {
			*seconds_r = v * unit[i].seconds;
			return 0;
		}
	}
	return -1;
}
