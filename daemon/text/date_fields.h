/*
 * date_fields.h - a date in its parts, and the instant they mean.
 * Floor 2.  Calendars and zones by ICU, never the process's own.
 */
#ifndef NW_TEXT_DATE_FIELDS_H
#define NW_TEXT_DATE_FIELDS_H

#include "text/date_words.h"
#include "text/dates.h"

#define NW_DATE_ZONE_MAX 48 /* bytes of an IANA name with its NUL; the longest has 32 */

struct nw_date_fields {
	int year, month, day; /* -1 where the text does not say */
	int hour, minute, second, ms; /* hour -1: no time of day; 24:00 and second 60 are fine */
	int calendar; /* enum nw_date_calendar */
	int weekday;	      /* 1 Sunday .. 7, 0 if not said or not known; only breaks ties */
	int has_zone, zone_minutes; /* east of UTC */
	char zone[NW_DATE_ZONE_MAX]; /* IANA, "" if none */
};

/* All unknown. */
void nw_date_fields_clear(struct nw_date_fields *);
/*
 * nw_date_fields_time(fields, hint, time_r):
 * A missing year is the one that puts the date nearest before now.
 * returns 0, or -1 if there is no such date or its year is none of 1900..2200.
 */
int nw_date_fields_time(const struct nw_date_fields *, const struct nw_date_hint *, struct nw_time *time_r);
/* Local midnight's day of an instant in the hint's zone, in days since 1970. */
int64_t nw_date_fields_local_day(int64_t at_ms, const struct nw_date_hint *);
/* 1 if the day since 1970 lies in 1900..2200, the years that dates are read in. */
int nw_date_fields_readable(int64_t days);
/* 1 if ICU knows the zone. */
int nw_date_fields_zone_ok(const char *id);
/* 0 Sunday .. 6 of a Gregorian date. */
int nw_date_fields_weekday(int year, int month, int day);
void nw_date_fields_warm(void);
#endif
