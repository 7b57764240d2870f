/*
 * dates.h - dates as people and programs write them, in the languages of ministries.
 * Floor 2.  ICU calendars (Gregorian, Japanese, Jalali, ROC) and IANA zones; never the process's locale or zone.
 */
#ifndef NW_TEXT_DATES_H
#define NW_TEXT_DATES_H

#include <newswatch/plugin.h>

struct nw_date_hint {
	struct nw_str timezone; /* of a time without a zone; "" = UTC */
	struct nw_str lang;	/* order of ambiguous forms, month names first tried; "" = unknown */
	int64_t now_ms;		/* for relative dates and years that are not said; NW_TIME_NONE if unknown */
};

/*
 * nw_date_parse(text, flags, hint, time_r):
 * flags are NW_DATE_*.  origin is left 0.  A result of day precision or coarser is T00:00:00Z of that day.
 * returns 0, or -1 where no date is; years outside 1900..2200 are none.
 */
int nw_date_parse(struct nw_str, uint32_t flags, const struct nw_date_hint *, struct nw_time *time_r);
void nw_date_warm(void);
#endif
