#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "text/date_scan.h"

#define BETWEEN_MAX 8 /* tokens between a date and its time */

enum { NO_HALF, AM, PM };

int
nw_date_scan_short_year(int64_t y)
{
	return (int)(y < 70 ? 2000 + y : 1900 + y);
}

int
nw_date_scan_lang(const struct nw_date_scan *s, const char *lang)
{
	struct nw_str l = s->hint->lang;

	return l.len >= 2 && strncasecmp(l.p, lang, 2) == 0 && (l.len == 2 || l.p[2] == '-' || l.p[2] == '_');
}

static int
letter_is(const struct nw_date_scan *s, size_t i, char c)
{
	return s->t[i].type == NW_DATE_TOK_WORD && s->t[i].to - s->t[i].from == 1 &&
	       (s->text.p[s->t[i].from] | 0x20) == c;
}

/* "pm", "p.m.", "p. m.", 下午; how many tokens it takes. */
static size_t
half_at(const struct nw_date_scan *s, size_t i, int *half_r)
{
	int a = letter_is(s, i, 'a'), p = letter_is(s, i, 'p');

	if ((a || p) && nw_date_scan_mark(s, i + 1, '.') && letter_is(s, i + 2, 'm')) {
		*half_r = a ? AM : PM;
		return nw_date_scan_mark(s, i + 3, '.') ? 4 : 3;
	}
	if (nw_date_scan_is(s, i, NW_DATE_AM, NULL))
		*half_r = AM;
	else if (nw_date_scan_is(s, i, NW_DATE_PM, NULL))
		*half_r = PM;
	else
		return 0;
	return nw_date_scan_mark(s, i + 1, '.') && !s->t[i + 1].gap ? 2 : 1;
}

/* "am", "pm", with dots or without, and no other word: "10.15 de" is none. */
static int
english_half(const struct nw_date_scan *s, size_t i)
{
	const struct nw_date_tok *t = &s->t[i];
	int half;

	if (half_at(s, i, &half) == 0 || (s->text.p[t->from] | 0x20) == 'd')
		return 0;
	return half_at(s, i, &half) > 2 || (t->to - t->from == 2 && (s->text.p[t->from + 1] | 0x20) == 'm');
}

/* ":ss" and ".mmm" or ",mmm" behind the minutes. */
static size_t
seconds_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	int64_t scale = 1;

	if (!nw_date_scan_mark(s, i, ':') || !nw_date_scan_number(s, i + 1, 2))
		return i;
	f->second = (int)s->t[i + 1].value;
	i += 2;
	if ((nw_date_scan_mark(s, i, '.') || nw_date_scan_mark(s, i, ',') ||
		(nw_date_scan_mark(s, i, ':') && s->t[i + 1].ndigits == 3)) &&
	    !s->t[i].gap && !s->t[i + 1].gap && nw_date_scan_number(s, i + 1, 9)) {
		for (int k = 0; k < s->t[i + 1].ndigits; k++)
			scale *= 10;
		f->ms = (int)(s->t[i + 1].value * 1000 / scale);
		i += 2;
	}
	return i;
}

/* 14時30分05秒, 12h30, 14 Uhr, 오후 2시 반; i is behind the hour's mark. */
static size_t
marked_minutes_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	int whole;

	f->minute = 0;
	if (nw_date_scan_is(s, i, NW_DATE_HALF, &whole) && !whole) {
		f->minute = 30;
		return i + 1;
	}
	if (!nw_date_scan_number(s, i, 2) ||
	    (!nw_date_scan_is(s, i + 1, NW_DATE_MINUTE_MARK, NULL) &&
		(s->t[i].ndigits != 2 || s->t[i].gap != s->t[i - 1].gap))) /* "10h30", "10 h 30" */
		return i;
	f->minute = (int)s->t[i].value;
	i++;
	if (nw_date_scan_is(s, i, NW_DATE_MINUTE_MARK, NULL))
		i++;
	if (nw_date_scan_is(s, i, NW_DATE_FILLER, NULL) &&
	    nw_date_scan_is(s, i + 2, NW_DATE_SECOND_MARK, NULL))
		i++; /* "and" */
	if (nw_date_scan_number(s, i, 2) && nw_date_scan_is(s, i + 1, NW_DATE_SECOND_MARK, NULL)) {
		f->second = (int)s->t[i].value;
		i += 2;
	}
	return i;
}

/* In a field of a program what follows a date's last number is its time: "02 Jan 2006 15.04.05 GMT". */
static int
behind_a_date(const struct nw_date_scan *s, size_t i)
{
	return s->flags & NW_DATE_MACHINE && !(s->flags & NW_DATE_SEARCH) && i >= 3 && s->t[i].gap &&
	       s->t[i - 1].type == NW_DATE_TOK_NUMBER;
}

/* "14.30" is a time in some languages, and in all where a word says so. */
static int
dotted_ok(const struct nw_date_scan *s, size_t i, int after)
{
	static const char *const langs[] = {"fi", "da", "no", "nb", "nn", "it", "id", "ms", "et"};
	int ok = after || behind_a_date(s, i) || nw_date_scan_is(s, i + 3, NW_DATE_AT, NULL) ||
		 english_half(s, i + 3);

	if (!(nw_date_scan_mark(s, i + 1, '.') || (after && nw_date_scan_mark(s, i + 1, ','))) ||
	    s->t[i + 1].gap || s->t[i + 2].gap || !nw_date_scan_number(s, i + 2, 2) ||
	    s->t[i + 2].ndigits != 2 ||
	    (nw_date_scan_mark(s, i + 3, '.') && s->t[i + 4].ndigits == 4 && !s->t[i + 4].gap))
		return 0;
	for (size_t k = 0; !ok && k < sizeof(langs) / sizeof(langs[0]); k++)
		ok = nw_date_scan_lang(s, langs[k]);
	return ok;
}

/* Hour and minutes; 0 if there is no time of day at i. */
static size_t
hands_at(const struct nw_date_scan *s, size_t i, int after, struct nw_date_fields *f)
{
	int half;
	size_t n;

	if (!nw_date_scan_number(s, i, 2))
		return 0;
	f->hour = (int)s->t[i].value;
	if (nw_date_scan_mark(s, i + 1, ':') && nw_date_scan_number(s, i + 2, 2)) {
		f->minute = (int)s->t[i + 2].value;
		return seconds_at(s, i + 3, f);
	}
	if (nw_date_scan_is(s, i + 1, NW_DATE_HOUR_MARK, NULL))
		return marked_minutes_at(s, i + 2, f);
	if (after && nw_date_scan_is(s, i + 1, NW_DATE_FILLER, NULL) && nw_date_scan_number(s, i + 2, 2) &&
	    nw_date_scan_is(s, i + 3, NW_DATE_MINUTE_MARK, NULL))
		return marked_minutes_at(s, i + 2, f); /* "ساعت 11 و 01 دقیقه" */
	if (dotted_ok(s, i, after)) {
		f->minute = (int)s->t[i + 2].value;
		i += 3;
		if (nw_date_scan_mark(s, i, '.') && !s->t[i].gap && !s->t[i + 1].gap &&
		    nw_date_scan_number(s, i + 1, 2)) {
			f->second = (int)s->t[i + 1].value;
			i += 2;
		}
		return nw_date_scan_is(s, i, NW_DATE_AT, NULL) ? i + 1 : i;
	}
	if ((n = half_at(s, i + 1, &half)) != 0 &&
	    (after || !s->t[i + 1].gap || half == PM || n > 2 ||
		s->t[i + 1].to - s->t[i + 1].from > 2)) /* "5pm", "5 a.m."; not "15 am" */
		return i + 1;
	return 0;
}

/* "noon" where a word said that a time follows. */
static size_t
hour_word_at(const struct nw_date_scan *s, size_t i, int after, struct nw_date_fields *f)
{
	return after && nw_date_scan_is(s, i, NW_DATE_HOUR_WORD, &f->hour) ? i + 1 : 0;
}

/* "T101455" and "T1014" of ISO 8601's basic format; "T10Z". */
static size_t
basic_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	const struct nw_date_tok *t = &s->t[i];
	int64_t v = t->value;

	if (t->type != NW_DATE_TOK_NUMBER ||
	    (t->ndigits != 6 && t->ndigits != 4 &&
		!(t->ndigits == 2 && (letter_is(s, i + 1, 'z') || s->t[i + 1].type == NW_DATE_TOK_END))))
		return 0;
	for (int k = t->ndigits; k < 6; k += 2)
		v *= 100;
	f->hour = (int)(v / 10000);
	f->minute = (int)(v / 100 % 100);
	f->second = (int)(v % 100);
	return i + 1;
}

static int
in_range(const struct nw_date_fields *f)
{
	return (f->hour < 24 || (f->hour == 24 && f->minute == 0 && f->second == 0)) && f->minute < 60 &&
	       f->second <= 60;
}

/* The zone, also behind the word for the clock: "9:30 Uhr (MEZ)". */
static size_t
zone_behind(const struct nw_date_scan *s, size_t i, int exact, struct nw_date_fields *f)
{
	size_t end = nw_date_zone_at(s, i, exact, f), more;

	if (end != i || !nw_date_scan_is(s, i, NW_DATE_AT, NULL))
		return end;
	more = nw_date_zone_at(s, i + 1, 0, f);
	return more != i + 1 ? more : i;
}

/* "北京时间9:30": a zone before its time, in scripts where it is a word of its own. */
static int
zone_before(const struct nw_date_scan *s, size_t i, int *minutes_r)
{
	return (unsigned char)s->text.p[s->t[i].from] >= 0x80 &&
	       nw_date_scan_is(s, i, NW_DATE_ZONE, minutes_r);
}

size_t
nw_date_clock_at(const struct nw_date_scan *s, size_t i, int after, struct nw_date_fields *fields)
{
	struct nw_date_fields f = *fields;
	size_t n, end;
	int half = NO_HALF, iso = i > 0 && !s->t[i].gap && letter_is(s, i - 1, 't');

	f.minute = f.second = f.ms = 0;
	n = half_at(s, i, &half);
	end = hands_at(s, i + n, after || n > 0, &f);
	if (end == 0)
		end = iso ? basic_at(s, i, &f) : hour_word_at(s, i, after, &f);
	if (end == 0)
		return 0;
	if (half == NO_HALF && f.hour <= 12)
		end += half_at(s, end, &half);
	if (half == AM && f.hour == 12)
		f.hour = 0;
	if (half == PM && f.hour < 12)
		f.hour += 12;
	if (!in_range(&f))
		return 0;
	end = zone_behind(s, end, iso || f.second > 0, &f);
	*fields = f;
	return end;
}

/* A weekday or another short remark in brackets. */
static size_t
bracketed(const struct nw_date_scan *s, size_t i)
{
	if (!nw_date_scan_mark(s, i, '(') && !nw_date_scan_mark(s, i, '['))
		return 0;
	for (size_t k = i + 1; k < i + 4 && s->t[k].type != NW_DATE_TOK_END; k++) {
		if (s->t[k].type == NW_DATE_TOK_NUMBER && s->t[k].digits != NW_DATE_HAN)
			return 0;
		if (nw_date_scan_mark(s, k, ')') || nw_date_scan_mark(s, k, ']'))
			return k + 1 - i;
	}
	return 0;
}

/* The date before i was written with dots, so that a time may be too: "29.02.2020 13.12". */
static int
dotted_before(const struct nw_date_scan *s, size_t i)
{
	return !(s->flags & NW_DATE_SEARCH) && i >= 5 && s->t[i].gap &&
	       s->t[i - 1].type == NW_DATE_TOK_NUMBER && nw_date_scan_mark(s, i - 2, '.') &&
	       nw_date_scan_mark(s, i - 4, '.');
}

/* How many tokens at i may stand between a date and its time. */
static size_t
between(const struct nw_date_scan *s, size_t i, int *after_r)
{
	size_t n = bracketed(s, i);

	if (n != 0)
		return n;
	if (s->t[i].type == NW_DATE_TOK_MARK)
		return strchr(",-|/;:@(.~[", (int)(s->t[i].value & 0x7f)) != NULL && s->t[i].value < 0x80;
	if (nw_date_scan_is(s, i, NW_DATE_WEEK_OF, NULL))
		return s->t[i + 1].type == NW_DATE_TOK_END ? 1 : 2;
	if (nw_date_scan_is(s, i, NW_DATE_AT, NULL)) {
		*after_r = 1;
		return 1;
	}
	return nw_date_scan_is(s, i, NW_DATE_WEEKDAY, NULL) || nw_date_scan_is(s, i, NW_DATE_FILLER, NULL);
}

size_t
nw_date_clock_after(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	size_t at = i, end, n;
	int after = dotted_before(s, i), zone = 0, has_zone = 0;

	for (; at < i + BETWEEN_MAX; at += n) {
		end = nw_date_clock_at(s, at, after, f);
		if (end != 0) {
			if (has_zone && !f->has_zone && f->zone[0] == '\0') {
				f->has_zone = 1;
				f->zone_minutes = zone;
			}
			return end;
		}
		n = between(s, at, &after);
		if (n == 0 && zone_before(s, at, &zone))
			n = (size_t)(has_zone = 1);
		if (n == 0)
			break;
	}
	return i;
}
