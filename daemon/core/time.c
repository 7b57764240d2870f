#include <inttypes.h>
#include <stdio.h>

#include "core/time.h"

#define DAY_MS 86400000ll

const char *const nw_time_month[12] = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
const char *const nw_time_weekday[7] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/* An instant in UTC, in parts. */
struct civil {
	int year, month, day, hour, minute, second, weekday;
};

/* Counts from 1 March, so that the leap day ends a year; 146,097 days are 400 years. */
int64_t
nw_time_days(int year, int month, int day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

void
nw_time_civil(int64_t days, int *year_r, int *month_r, int *day_r)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day_r = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month_r = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year_r = (int)(yoe + era * 400 + (*month_r <= 2));
}

int
nw_time_date_ok(int year, int month, int day)
{
	static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	if (month < 1 || month > 12 || day < 1)
		return 0;
	return day <= length[month - 1] + (month == 2 && leap);
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static void
split_ms(int64_t at_ms, struct civil *c)
{
	int64_t days = floor_div(at_ms, DAY_MS), rest = at_ms - days * DAY_MS;

	nw_time_civil(days, &c->year, &c->month, &c->day);
	c->hour = (int)(rest / 3600000);
	c->minute = (int)(rest / 60000 % 60);
	c->second = (int)(rest / 1000 % 60);
	c->weekday = (int)((days % 7 + 11) % 7); /* 1970-01-01 was a Thursday */
}

const char *
nw_time_rfc3339(int64_t at_ms, char buf[32])
{
	struct civil c;

	split_ms(at_ms, &c);
	(void)snprintf(
	    buf, 32, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day, c.hour, c.minute, c.second);
	return buf;
}

static const char *
mail_form(int64_t at_ms, char buf[40], const char *zone)
{
	struct civil c;

	split_ms(at_ms, &c);
	(void)snprintf(buf, 40, "%s, %02d %s %04d %02d:%02d:%02d %s", nw_time_weekday[c.weekday], c.day,
	    nw_time_month[c.month - 1], c.year, c.hour, c.minute, c.second, zone);
	return buf;
}

const char *
nw_time_http(int64_t at_ms, char buf[40])
{
	return mail_form(at_ms, buf, "GMT");
}

const char *
nw_time_rfc5322(int64_t at_ms, char buf[40])
{
	return mail_form(at_ms, buf, "+0000");
}

const char *
nw_time_duration(int64_t seconds, char buf[24])
{
	/* weeks are read but not written: "14d" says more than "2w" */
	static const struct {
		char letter;
		int seconds;
	} unit[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
	size_t u = 0;

	while (u < 3 && (seconds == 0 || seconds % unit[u].seconds != 0))
		u++;
	(void)snprintf(buf, 24, "%" PRId64 "%c", seconds / unit[u].seconds, unit[u].letter);
	return buf;
}
