#include "base/str.h"
#include "core/time.h"
#include "core/zone_rule.h"

#define DAY_S	   86400
#define OFFSET_MAX (26 * 3600) /* seconds; RFC 8536 recommends -24:59:59 to 25:59:59 */
#define HOURS_MAX  167	       /* RFC 8536, 3.3.1: of a change's time */

struct scan {
	const char *p, *end;
};

static int
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int
take(struct scan *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return 0;
	s->p++;
	return 1;
}

static int
take_number(struct scan *s, int32_t most, int32_t *n_r)
{
	int32_t n = 0;
	const char *from = s->p;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9') {
		n = n * 10 + (*s->p++ - '0');
		if (n > most)
			return 0;
	}
	*n_r = n;
	return s->p > from;
}

/* "CET" or "<+0330>" */
static int
take_name(struct scan *s)
{
	const char *from = s->p;

	if (take(s, '<')) {
		while (s->p < s->end && *s->p != '>')
			s->p++;
		return take(s, '>');
	}
	while (s->p < s->end && is_alpha(*s->p))
		s->p++;
	return s->p - from >= 3;
}

/* [+-]hh[:mm[:ss]] in seconds */
static int
take_time(struct scan *s, int32_t hours_max, int32_t *seconds_r)
{
	int32_t h, m = 0, sec = 0, sign = 1;

	if (take(s, '-'))
		sign = -1;
	else
		(void)take(s, '+'); /* it may stand there */
	if (!take_number(s, hours_max, &h) || (take(s, ':') && !take_number(s, 59, &m)) ||
	    (take(s, ':') && !take_number(s, 59, &sec)))
		return 0;
	*seconds_r = sign * (h * 3600 + m * 60 + sec);
	return 1;
}

static int
take_change(struct scan *s, struct nw_zone_change *c)
{
	c->time_s = 2 * 3600;
	if (take(s, 'M')) {
		c->form = 'M';
		if (!take_number(s, 12, &c->a) || c->a == 0 || !take(s, '.') || !take_number(s, 5, &c->week) ||
		    c->week == 0 || !take(s, '.') || !take_number(s, 6, &c->day))
			return 0;
	} else {
		c->form = take(s, 'J') ? 'J' : '0';
		if (!take_number(s, 365, &c->a) || (c->form == 'J' && c->a == 0))
			return 0;
	}
	return !take(s, '/') || take_time(s, HOURS_MAX, &c->time_s);
}

int
nw_zone_rule_parse(struct nw_str text, struct nw_zone_rule *rule_r)
{
	struct scan s = {text.p, text.p + text.len};
	struct nw_zone_rule r = {0};

	if (!take_name(&s) || !take_time(&s, OFFSET_MAX / 3600, &r.std_s))
		return -1;
	r.std_s = -r.std_s; /* written as seconds west */
	r.dst_s = r.std_s;
	if (s.p < s.end) {
		r.has_dst = 1;
		r.dst_s = r.std_s + 3600;
		if (!take_name(&s))
			return -1;
		if (s.p < s.end && *s.p != ',') {
			if (!take_time(&s, OFFSET_MAX / 3600, &r.dst_s))
				return -1;
			r.dst_s = -r.dst_s;
		}
		if (!take(&s, ',') || !take_change(&s, &r.begin) || !take(&s, ',') || !take_change(&s, &r.end))
			return -1;
	}
	if (s.p != s.end)
		return -1;
	*rule_r = r;
	return 0;
}

/* The local day, in days since 1970, of a change in a year. */
static int64_t
change_day(const struct nw_zone_change *c, int year)
{
	int64_t first, day;

	if (c->form == '0')
		return nw_time_days(year, 1, 1) + c->a;
	if (c->form == 'J')
		return nw_time_days(year, 1, 1) + c->a - 1 + (c->a >= 60 && nw_time_date_ok(year, 2, 29));
	first = nw_time_days(year, c->a, 1);
	day = first + ((c->day - (first + 4) % 7) + 7) % 7; /* 1970-01-01 was a Thursday */
	day += 7 * (c->week - 1);
	while (!nw_time_date_ok(year, c->a, (int)(day - first) + 1)) /* week 5 is the last one */
		day -= 7;
	return day;
}

int32_t
nw_zone_rule_offset(const struct nw_zone_rule *r, int64_t at_s)
{
	int64_t begin, end, local = at_s + r->std_s;
	int year, month, day;

	if (!r->has_dst)
		return r->std_s;
	nw_time_civil(local >= 0 ? local / DAY_S : -((DAY_S - 1 - local) / DAY_S), &year, &month, &day);
	begin = change_day(&r->begin, year) * DAY_S + r->begin.time_s - r->std_s;
	end = change_day(&r->end, year) * DAY_S + r->end.time_s - r->dst_s;
	if (begin <= end)
		return at_s >= begin && at_s < end ? r->dst_s : r->std_s;
	return at_s >= begin || at_s < end ? r->dst_s : r->std_s; /* the southern summer spans new year */
}
