/*
 * date_scan.h - reading a date off tokens: what the parts of the reader share.
 * Floor 2.  Each reader takes the token it begins at and returns the one behind what it read, 0 if it read nothing;
 * fields are changed only then.
 */
#ifndef NW_TEXT_DATE_SCAN_H
#define NW_TEXT_DATE_SCAN_H

#include "text/date_fields.h"
#include "text/date_tok.h"

struct nw_date_scan {
	const struct nw_date_tok *t; /* ends with an END */
	struct nw_str text;
	const struct nw_date_hint *hint;
	uint32_t flags; /* NW_DATE_* */
};

static inline int
nw_date_scan_is(const struct nw_date_scan *s, size_t i, enum nw_date_class cls, int *value_r)
{
	return nw_date_tok_is(&s->t[i], cls, s->hint->lang, value_r);
}
/* A number of at most ${ndigits} digits. */
static inline int
nw_date_scan_number(const struct nw_date_scan *s, size_t i, int ndigits)
{
	return s->t[i].type == NW_DATE_TOK_NUMBER && s->t[i].ndigits <= ndigits;
}
static inline int
nw_date_scan_mark(const struct nw_date_scan *s, size_t i, char c)
{
	return nw_date_tok_mark(&s->t[i], c);
}
/* 24 is 2024, 98 is 1998. */
int nw_date_scan_short_year(int64_t);
/* The hint's language is ${lang} (two letters). */
int nw_date_scan_lang(const struct nw_date_scan *, const char *lang);

/* date_clock.c: a time of day with its zone; ${after} is 1 where a word or the form said that a time follows. */
size_t nw_date_clock_at(const struct nw_date_scan *, size_t i, int after, struct nw_date_fields *);
/* Blanks, commas, weekdays and "at" between a date and its time, then the time; ${i} itself where there is none. */
size_t nw_date_clock_after(const struct nw_date_scan *, size_t i, struct nw_date_fields *);
/* date_zone.c: the zone of the time that ends before token i; ${i} itself where there is none.  ${exact}: the time is
 * written as machines do, so that "-05:00" is no span of time. */
size_t nw_date_zone_at(const struct nw_date_scan *, size_t i, int exact, struct nw_date_fields *);
/* date_number.c: dates of numbers alone. */
size_t nw_date_number_at(const struct nw_date_scan *, size_t i, struct nw_date_fields *);
/* date_compact.c: one number that is a whole date: 20240315, 1710489600; ISO weeks and ordinal days. */
size_t nw_date_compact_at(const struct nw_date_scan *, size_t i, struct nw_date_fields *);
/* date_names.c: dates with the name of a month. */
size_t nw_date_names_at(const struct nw_date_scan *, size_t i, struct nw_date_fields *);
/* date_marks.c: 2024年3月15日 and its kin, eras included. */
size_t nw_date_marks_at(const struct nw_date_scan *, size_t i, struct nw_date_fields *);
/* date_relative.c: "3 hours ago", "昨天 12:30"; 0 or -1. */
int nw_date_relative(const struct nw_date_scan *, struct nw_time *time_r);
#endif
