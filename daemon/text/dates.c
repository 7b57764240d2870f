#include <string.h>

#include "base/str.h"
#include "core/limits.h"
#include "core/time.h"
#include "text/date_scan.h"
#include "text/dates.h"

#define WINDOW	   256	/* tokens looked at together */
#define OVERLAP	   48	/* of them seen again in the next window: no date is longer */
#define PAD	   16	/* ends behind the last token, so that looking ahead is safe */
#define SHORT_TEXT 120	/* bytes; in a short text a date may lack its year even when searched */
#define SHORT_LINE 40	/* bytes; in a longer searched text "yesterday" is what the text tells of */
#define SEARCH_OLD 1980 /* a searched date before is history, not news */
#define AHEAD_MS   (400ll * 86400000) /* nor is one further ahead */

/* What was found that is not good enough to stop at. */
struct found {
	struct nw_time lesser; /* no year, or only a month */
	int has_lesser;
};

/* A time before its date: "14:30, 15 March 2024". */
static size_t
clock_first(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f,
    size_t (*date)(const struct nw_date_scan *, size_t, struct nw_date_fields *))
{
	struct nw_date_fields clock = *f, day;
	size_t end = nw_date_clock_at(s, i, 0, &clock), k;

	for (k = end; end != 0 && k < end + 4; k++) {
		day = *f;
		if ((i = date(s, k, &day)) != 0) {
			if (day.hour < 0) {
				clock.year = day.year;
				clock.month = day.month;
				clock.day = day.day;
				clock.calendar = day.calendar;
				day = clock;
			}
			*f = day;
			return i;
		}
		if (s->t[k].type == NW_DATE_TOK_NUMBER || s->t[k].type == NW_DATE_TOK_END)
			break;
	}
	return 0;
}

static size_t
day_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	size_t end;

	if ((end = nw_date_marks_at(s, i, f)) != 0 || (end = nw_date_names_at(s, i, f)) != 0 ||
	    (end = nw_date_number_at(s, i, f)) != 0)
		return end;
	return nw_date_compact_at(s, i, f);
}

static size_t
date_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	size_t end, k = i;

	nw_date_fields_clear(f);
	if (nw_date_scan_is(s, i, NW_DATE_WEEKDAY, &f->weekday)) {
		for (k = i + 1; k < i + 4 && (s->t[k].type == NW_DATE_TOK_MARK ||
						 nw_date_scan_is(s, k, NW_DATE_FILLER, NULL));
		     k++)
			;
		if ((end = day_at(s, k, f)) != 0 || (end = clock_first(s, k, f, day_at)) != 0)
			return end;
		nw_date_fields_clear(f);
	}
	if ((end = day_at(s, i, f)) != 0)
		return end;
	return clock_first(s, i, f, day_at);
}

static int
plausible(const struct nw_date_scan *s, const struct nw_time *t)
{
	if (!(s->flags & NW_DATE_SEARCH))
		return 1;
	return t->at_ms >= nw_time_days(SEARCH_OLD, 1, 1) * 86400000 &&
	       (s->hint->now_ms == NW_TIME_NONE || t->at_ms <= s->hint->now_ms + AHEAD_MS);
}

/* 1 if a date with year and day was found among the first ${n} tokens. */
static int
scan_window(const struct nw_date_scan *s, size_t n, struct found *found, struct nw_time *time_r)
{
	struct nw_date_fields f;
	struct nw_time t;
	size_t end;

	for (size_t i = 0; i < n; i = end) {
		end = date_at(s, i, &f);
		if (end == 0) {
			end = i + 1;
			continue;
		}
		if (nw_date_fields_time(&f, s->hint, &t) != 0 || !plausible(s, &t))
			continue; /* nor is a part of it a date */
		if (f.year >= 0 && f.day >= 1) {
			*time_r = t;
			return 1;
		}
		if (!found->has_lesser && (f.day >= 1 || !(s->flags & NW_DATE_SEARCH))) {
			found->lesser = t;
			found->has_lesser = 1;
		}
	}
	return 0;
}

int
nw_date_parse(struct nw_str text, uint32_t flags, const struct nw_date_hint *hint_in, struct nw_time *time_r)
{
	struct nw_date_tok tok[WINDOW + PAD];
	struct nw_date_hint hint = *hint_in;
	struct nw_date_scan s = {tok, text, &hint, flags};
	struct found found = {.has_lesser = 0};
	size_t from = 0, n;
	int lesser_ok, last;

	hint.timezone = nw_str_or_empty(hint.timezone);
	hint.lang = nw_str_or_empty(hint.lang);
	if (text.p == NULL || text.len == 0)
		return -1;
	lesser_ok = !(flags & NW_DATE_SEARCH) || text.len <= SHORT_TEXT;
	s.text.len = text.len < NW_DATE_TEXT_MAX ? text.len : NW_DATE_TEXT_MAX;
	do {
		memset(tok, 0, sizeof(tok));
		n = nw_date_tok_read(s.text, from, tok, WINDOW);
		last = n + 2 < WINDOW;
		if (scan_window(&s, last ? n : n - OVERLAP, &found, time_r))
			return 0;
		from = last ? 0 : tok[n - OVERLAP].from;
		if (last && text.len <= (flags & NW_DATE_SEARCH ? SHORT_LINE : NW_DATE_TEXT_MAX) &&
		    nw_date_relative(&s, time_r) == 0)
			return 0;
	} while (!last);
	if (!lesser_ok || !found.has_lesser)
		return -1;
	*time_r = found.lesser;
	return 0;
}

void
nw_date_warm(void)
{
	static const struct nw_date_hint hint = {{"Asia/Shanghai", 13}, {"zh", 2}, NW_TIME_NONE};
	struct nw_time t;

	nw_date_fields_warm();
	(void)nw_date_parse(
	    NW_STR("2024-03-15 12:00"), NW_DATE_MACHINE, &hint, &t); /* loads zones and folding data */
	(void)nw_date_parse(NW_STR("15 août 2024"), NW_DATE_VISIBLE, &hint, &t);
}
