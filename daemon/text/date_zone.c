#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "text/date_scan.h"

#define OFFSET_MAX (15 * 60) /* minutes; no clock is further from UTC */

static struct nw_str
slice(const struct nw_date_scan *s, size_t from, size_t to)
{
	return (struct nw_str){s->text.p + s->t[from].from, s->t[to].to - s->t[from].from};
}

static int
tz_is(const struct nw_date_scan *s, const char *prefix)
{
	return nw_str_starts(s->hint->timezone, prefix);
}

/* Abbreviations that mean several zones mean the source's own where that is one of them. */
static int
ambiguous(const struct nw_date_scan *s, struct nw_str name, int minutes)
{
	if (name.len != 3)
		return minutes;
	if (strncasecmp(name.p, "cst", 3) == 0 && (tz_is(s, "Asia/") || nw_date_scan_lang(s, "zh")))
		return 480;
	if (strncasecmp(name.p, "ist", 3) == 0 && tz_is(s, "Asia/Jerusalem"))
		return 120;
	if (strncasecmp(name.p, "ist", 3) == 0 && tz_is(s, "Europe/Dublin"))
		return 60;
	if (strncasecmp(name.p, "bst", 3) == 0 && tz_is(s, "Asia/Dhaka"))
		return 360;
	if (strncasecmp(name.p, "ast", 3) == 0 && (tz_is(s, "Asia/") || nw_date_scan_lang(s, "ar")))
		return 180;
	return minutes;
}

/* "+0800", "+08:00", "+8", "-0530"; the sign stands at i. */
static size_t
offset_at(const struct nw_date_scan *s, size_t i, int *minutes_r)
{
	const struct nw_date_tok *n = &s->t[i + 1];
	int sign = nw_date_scan_mark(s, i, '+') ? 1 : nw_date_scan_mark(s, i, '-') ? -1 : 0;
	size_t end = i + 2;
	int minutes;

	if (sign == 0 || n->type != NW_DATE_TOK_NUMBER || n->gap || n->ndigits > 4)
		return 0;
	if (n->ndigits > 2) {
		minutes = (int)(n->value / 100 * 60 + n->value % 100);
	} else {
		minutes = (int)n->value * 60;
		if (nw_date_scan_mark(s, end, ':') && !s->t[end].gap && nw_date_scan_number(s, end + 1, 2)) {
			minutes += (int)s->t[end + 1].value;
			end += 2;
		}
	}
	if (minutes > OFFSET_MAX)
		return 0;
	*minutes_r = sign * minutes;
	return end;
}

/* Names are believed in capitals, since "est" and "art" are words too; machines may write longer ones as they
 * like. */
static int
capitals(const struct nw_date_scan *s, size_t i)
{
	struct nw_str name = slice(s, i, i);

	if (s->flags & NW_DATE_MACHINE && name.len > 2)
		return 1;
	for (size_t k = 0; k < name.len; k++)
		if (name.p[k] >= 'a' && name.p[k] <= 'z')
			return 0;
	return 1;
}

static size_t
iana_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	char id[NW_DATE_ZONE_MAX];
	struct nw_str name;
	size_t end = i;

	while (s->t[end].type == NW_DATE_TOK_WORD && nw_date_scan_mark(s, end + 1, '/') &&
	       s->t[end + 2].type == NW_DATE_TOK_WORD)
		end += 2;
	if (end == i)
		return 0;
	name = slice(s, i, end);
	/* "Etc/GMT+5" is one name */
	if (nw_str_starts(name, "Etc/") && s->t[end + 1].type == NW_DATE_TOK_MARK &&
	    nw_date_scan_number(s, end + 2, 2) && !s->t[end + 2].gap)
		name = slice(s, i, end += 2);
	if (name.len >= sizeof(id))
		return 0;
	memcpy(id, name.p, name.len);
	id[name.len] = '\0';
	if (!nw_date_fields_zone_ok(id))
		return 0;
	memcpy(f->zone, id, name.len + 1);
	return end + 1;
}

/* "10:00-12:00" in a text is a span of time; a machine, and whoever gives seconds, means an offset. */
static int
may_be_offset(const struct nw_date_scan *s, size_t i, int exact)
{
	if (s->flags & NW_DATE_MACHINE || nw_date_scan_mark(s, i, '+') || exact)
		return 1;
	return s->t[i + 1].type == NW_DATE_TOK_NUMBER && s->t[i + 1].ndigits == 4;
}

static size_t
name_at(const struct nw_date_scan *s, size_t i, struct nw_date_fields *f)
{
	size_t end = iana_at(s, i, f), more;
	int minutes, offset;

	if (end != 0)
		return end;
	if (!nw_date_scan_is(s, i, NW_DATE_ZONE, &minutes) || !capitals(s, i))
		return 0;
	end = i + 1;
	if ((minutes == 0 || (!s->t[end].gap && may_be_offset(s, end, 0))) &&
	    (more = offset_at(s, end, &offset)) != 0) { /* "GMT+8", "PST-0700": the number is right */
		end = more;
		minutes = offset;
	}
	f->has_zone = 1;
	f->zone_minutes = end == i + 1 ? ambiguous(s, slice(s, i, i), minutes) : minutes;
	return end;
}

/* Behind "(Coordinated Universal Time)". */
static size_t
skip_comment(const struct nw_date_scan *s, size_t i)
{
	size_t end = i;

	if (!nw_date_scan_mark(s, i, '('))
		return i;
	while (s->t[end].type != NW_DATE_TOK_END && !nw_date_scan_mark(s, end, ')') && end < i + 12)
		end++;
	return nw_date_scan_mark(s, end, ')') ? end + 1 : i;
}

size_t
nw_date_zone_at(const struct nw_date_scan *s, size_t i, int exact, struct nw_date_fields *f)
{
	size_t open = nw_date_scan_mark(s, i, '('), end = 0;
	int minutes;

	if (may_be_offset(s, i + open, exact) && (end = offset_at(s, i + open, &minutes)) != 0) {
		f->has_zone = 1;
		f->zone_minutes = minutes;
		if (s->t[end].type == NW_DATE_TOK_WORD && !s->t[end].gap &&
		    nw_date_scan_is(s, end, NW_DATE_ZONE, NULL))
			end++; /* "-05:00Z" */
	} else {
		end = name_at(s, i + open, f);
	}
	if (end == 0)
		return i;
	if (open)
		return nw_date_scan_mark(s, end, ')') ? end + 1 : end;
	return skip_comment(s, end);
}
