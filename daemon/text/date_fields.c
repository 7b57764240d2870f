#include <string.h>

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "base/str.h"
#include "core/time.h"
#include "text/date_fields.h"

#define DAY_MS	   86400000ll
#define MINUTE_MS  60000ll
#define YEAR_MIN   1900
#define YEAR_MAX   2200
#define AHEAD_DAYS 45 /* a date without its year may lie this far ahead: announcements of meetings */

/* One open calendar a kind; the Gregorian one is set to the zone asked last. */
static struct {
	UCalendar *cal;
	char zone[NW_DATE_ZONE_MAX];
} gregorian, jalali, hijri;

void
nw_date_fields_clear(struct nw_date_fields *f)
{
	*f = (struct nw_date_fields){.year = -1, .month = -1, .day = -1, .hour = -1};
}

static UCalendar *
open_calendar(const char *locale)
{
	static const UChar utc[] = u"UTC";
	UErrorCode ec = U_ZERO_ERROR;
	UCalendar *cal = ucal_open(utc, -1, locale, UCAL_TRADITIONAL, &ec);

	return U_SUCCESS(ec) ? cal : NULL;
}

void
nw_date_fields_warm(void)
{
	if (gregorian.cal == NULL)
		gregorian.cal = open_calendar("en_US@calendar=gregorian");
	if (jalali.cal == NULL)
		jalali.cal = open_calendar("fa_IR@calendar=persian");
	if (hijri.cal == NULL)
		hijri.cal = open_calendar("ar_SA@calendar=islamic-umalqura");
}

/* The Gregorian calendar in a zone; NULL if there is no such zone. */
static UCalendar *
calendar_in(const char *zone)
{
	UErrorCode ec = U_ZERO_ERROR;
	UChar id[NW_DATE_ZONE_MAX];

	nw_date_fields_warm();
	if (gregorian.cal == NULL || strcmp(gregorian.zone, zone) == 0)
		return gregorian.cal;
	if (!nw_date_fields_zone_ok(zone))
		return NULL;
	u_uastrcpy(id, zone);
	ucal_setTimeZone(gregorian.cal, id, -1, &ec);
	if (U_FAILURE(ec))
		return NULL;
	strcpy(gregorian.zone, zone);
	return gregorian.cal;
}

int
nw_date_fields_zone_ok(const char *id)
{
	UChar in[NW_DATE_ZONE_MAX], out[NW_DATE_ZONE_MAX];
	UErrorCode ec = U_ZERO_ERROR;
	size_t n = strlen(id);

	if (n == 0 || n >= NW_DATE_ZONE_MAX)
		return 0;
	u_uastrcpy(in, id);
	return ucal_getCanonicalTimeZoneID(in, -1, out, NW_DATE_ZONE_MAX, NULL, &ec) > 0 && U_SUCCESS(ec);
}

int
nw_date_fields_weekday(int year, int month, int day)
{
	return (int)((nw_time_days(year, month, day) % 7 + 11) % 7); /* 1970-01-01 was a Thursday */
}

int
nw_date_fields_readable(int64_t days)
{
	return days >= nw_time_days(YEAR_MIN, 1, 1) && days <= nw_time_days(YEAR_MAX, 12, 31);
}

/* Days since 1970 of a date in another calendar; -1 if it does not exist. */
static int
days_by(UCalendar *cal, int year, int month, int day, int64_t *days_r)
{
	UErrorCode ec = U_ZERO_ERROR;
	UDate at;

	if (cal == NULL)
		return -1;
	ucal_clear(cal);
	ucal_setAttribute(cal, UCAL_LENIENT, 0);
	ucal_set(cal, UCAL_EXTENDED_YEAR, year);
	ucal_set(cal, UCAL_MONTH, month - 1);
	ucal_set(cal, UCAL_DATE, day);
	at = ucal_getMillis(cal, &ec);
	if (U_FAILURE(ec))
		return -1;
	*days_r = (int64_t)(at / (double)DAY_MS);
	return 0;
}

/* A day past the month's end rolls over, as in every reader of RFC 822. */
static int
days_of(const struct nw_date_fields *f, int year, int64_t *days_r)
{
	int month = f->month > 0 ? f->month : 1, day = f->day > 0 ? f->day : 1;

	if (month > 12 || day > 31)
		return -1;
	if (f->calendar == NW_DATE_CAL_JALALI)
		return days_by(jalali.cal, year, month, day, days_r);
	if (f->calendar == NW_DATE_CAL_HIJRI)
		return days_by(hijri.cal, year, month, day, days_r);
	if (year < YEAR_MIN || year > YEAR_MAX)
		return -1;
	*days_r = nw_time_days(year, month, 1) + day - 1;
	return 0;
}

int64_t
nw_date_fields_local_day(int64_t at_ms, const struct nw_date_hint *hint)
{
	char zone[NW_DATE_ZONE_MAX] = "UTC";
	UErrorCode ec = U_ZERO_ERROR;
	int64_t local = at_ms;
	UCalendar *cal;

	if (hint->timezone.len > 0 && hint->timezone.len < sizeof(zone)) {
		memcpy(zone, hint->timezone.p, hint->timezone.len);
		zone[hint->timezone.len] = '\0';
	}
	cal = calendar_in(zone);
	if (cal != NULL) {
		ucal_setMillis(cal, (UDate)at_ms, &ec);
		local += ucal_get(cal, UCAL_ZONE_OFFSET, &ec) + ucal_get(cal, UCAL_DST_OFFSET, &ec);
	}
	return local >= 0 ? local / DAY_MS : (local - DAY_MS + 1) / DAY_MS;
}

/* The year of a date that does not say it, in the fields' calendar: the latest that is not far ahead of now.
 */
static int
infer(const struct nw_date_fields *f, const struct nw_date_hint *hint, int64_t *days_r)
{
	int64_t today, days, start;
	int year, month, day;

	if (hint->now_ms == NW_TIME_NONE || f->month < 1 || f->day < 1)
		return -1;
	today = nw_date_fields_local_day(hint->now_ms, hint);
	nw_time_civil(today, &year, &month, &day);
	if (f->calendar != NW_DATE_GREGORIAN)
		year -= f->calendar == NW_DATE_CAL_JALALI ? 621 : 577;
	for (start = year + 1; year >= start - 4; year--)
		if (days_of(f, year + 1, &days) == 0 && days <= today + AHEAD_DAYS) {
			*days_r = days;
			return 0;
		}
	return -1;
}

/* The instant of a local time; what a change of the clock leaves out or doubles is as ICU has it. */
static int
in_zone(const char *zone, int64_t days, int64_t ms_of_day, int64_t *at_r)
{
	UCalendar *cal = calendar_in(zone);
	UErrorCode ec = U_ZERO_ERROR;
	int64_t local = days * DAY_MS + ms_of_day;
	int year, month, day;
	UDate at;

	if (cal == NULL)
		return -1;
	days = local / DAY_MS - (local % DAY_MS < 0);
	ms_of_day = local - days * DAY_MS;
	nw_time_civil(days, &year, &month, &day);
	ucal_clear(cal);
	ucal_setDateTime(cal, year, month - 1, day, (int32_t)(ms_of_day / 3600000),
	    (int32_t)(ms_of_day / MINUTE_MS % 60), (int32_t)(ms_of_day / 1000 % 60), &ec);
	at = ucal_getMillis(cal, &ec);
	if (U_FAILURE(ec))
		return -1;
	*at_r = (int64_t)at + ms_of_day % 1000;
	return 0;
}

static int
instant_of(const struct nw_date_fields *f, const struct nw_date_hint *hint, int64_t days, int64_t *at_r)
{
	int64_t ms = ((int64_t)f->hour * 60 + f->minute) * MINUTE_MS + (int64_t)f->second * 1000 + f->ms;
	char zone[NW_DATE_ZONE_MAX] = "";

	if (f->has_zone) {
		*at_r = days * DAY_MS + ms - f->zone_minutes * MINUTE_MS;
		return 0;
	}
	if (f->zone[0] != '\0' && in_zone(f->zone, days, ms, at_r) == 0)
		return 0;
	if (hint->timezone.len > 0 && hint->timezone.len < sizeof(zone)) {
		memcpy(zone, hint->timezone.p, hint->timezone.len);
		zone[hint->timezone.len] = '\0';
		if (strcmp(zone, "UTC") != 0 && in_zone(zone, days, ms, at_r) == 0)
			return 0;
	}
	*at_r = days * DAY_MS + ms;
	return 0;
}

int
nw_date_fields_time(const struct nw_date_fields *f, const struct nw_date_hint *hint, struct nw_time *time_r)
{
	int64_t days, at;

	nw_date_fields_warm();
	if (f->year >= 0 ? days_of(f, f->year, &days) == -1 : infer(f, hint, &days) == -1)
		return -1;
	if (!nw_date_fields_readable(days))
		return -1;
	*time_r = (struct nw_time){.at_ms = days * DAY_MS};
	if (f->month < 1) {
		time_r->precision = NW_PREC_YEAR;
	} else if (f->day < 1) {
		time_r->precision = NW_PREC_MONTH;
	} else if (f->hour < 0) {
		time_r->precision = NW_PREC_DAY;
	} else {
		if (instant_of(f, hint, days, &at) == -1)
			return -1;
		*time_r = (struct nw_time){.at_ms = at, .precision = NW_PREC_MINUTE};
	}
	return 0;
}
