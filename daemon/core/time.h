/*
 * time.h - machine dates: RFC 3339, ISO 8601 calendar forms, HTTP dates (RFC 9110), RFC 822; durations.
 * Floor 1.  No locale, no time zone database (text/dates has both).  Years 1900 to 2200.
 */
#ifndef NW_CORE_TIME_H
#define NW_CORE_TIME_H

#include <newswatch/plugin.h>

/* Days since 1970-01-01 in the proleptic Gregorian calendar, and back. */
int64_t nw_time_days(int year, int month, int day);
void nw_time_civil(int64_t days, int *year_r, int *month_r, int *day_r);
/* 1 if the date exists. */
int nw_time_date_ok(int year, int month, int day);

/* "Jan".."Dec", "Sun".."Sat": the English of mail and HTTP. */
extern const char *const nw_time_month[12], *const nw_time_weekday[7];

/* RFC 3339 in UTC: "2021-03-23T00:00:00Z"; milliseconds are cut.  buf holds at least 32 bytes. */
const char *nw_time_rfc3339(int64_t at_ms, char buf[32]);
const char *nw_time_http(int64_t at_ms, char buf[40]);	/* "Tue, 23 Mar 2021 00:00:00 GMT" */
const char *nw_time_rfc5322(int64_t at_ms, char buf[40]); /* "Tue, 23 Mar 2021 00:00:00 +0000" */

/* 0 or -1.  The three forms of an HTTP-date (Retry-After, Last-Modified, Expires). */
int nw_time_parse_http(struct nw_str, int64_t *at_ms_r);
/*
 * nw_time_parse_retry_after(value, now_ms):
 * Retry-After (RFC 9110, 10.2.3) as milliseconds from now: seconds or an HTTP-date; 0 for what is neither or is past.
 * limits  NW_RETRY_AFTER_MAX_S.
 */
int64_t nw_time_parse_retry_after(struct nw_str, int64_t now_ms);
/* RFC 3339 with the liberties of W3CDTF: date alone, no seconds, no zone (then UTC), blank for T. */
int nw_time_parse_rfc3339(struct nw_str, struct nw_time *time_r);
/* "90", "90s", "10m", "6h", "2d", "1w" in seconds. */
int nw_time_parse_duration(struct nw_str, int64_t *seconds_r);
const char *nw_time_duration(int64_t seconds, char buf[24]); /* "10m" */
#endif
