#include <string.h>

#include "page_name.h"
#include "page_text.h"

#define NAME_BYTES 200 /* longer is text */

/* How bylines begin, in any letter case. */
static const char *const before[] = {"by ", "by:", "von ", "par ", "por ", "di ", "written by ", "posted by ",
    "submitted by ",

    "published by ", "reported by ", "author:", "author ", "автор:", "作者：", "作者:", "来源：",
    "来源:", "記者：", "记者：", "文／", "text:", NULL};

/* What stands between a name and its date, or after it. */
static const char *const around[] = {"on", "at", "in", "for", "the", "follow", "print", "e-mail", "email",
    "share", "tweet", "updated", "published", "posted", "created", "last", "modified", "am", "pm", "um",
    "vom", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "wed",
    "thu", "fri", "sat", "sun", "january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep",
    "sept", "oct", "nov", "dec", NULL};

/* Labels that stand where a name is missing. */
static const char *const labels[] = {"author", "authors", "by", "byline", "admin", "administrator",
    "webmaster", "null", "undefined", "none", "unknown", "n/a", NULL};

static int
is_one_of(struct nw_str s, const char *const *list)
{
	for (; *list != NULL; list++)
		if (nw_page_text_ieq(s, *list))
			return 1;
	return 0;
}

static struct nw_str
without_prefix(struct nw_str s)
{
	char low[NAME_BYTES + 1];

	for (int round = 0; round < 2; round++)
		for (size_t i = 0; before[i] != NULL; i++)
			if (nw_page_text_istarts(nw_page_text_lower(s, low), before[i])) {
				s.p += strlen(before[i]);
				s.len -= strlen(before[i]);
				s = nw_page_text_trim(s);
				break;
			}
	return s;
}

static struct nw_str
next_word(const char **p, const char *end)
{
	struct nw_str s;

	while (*p < end && **p == ' ')
		++*p;
	s.p = *p;
	while (*p < end && **p != ' ')
		++*p;
	s.len = (size_t)(*p - s.p);
	return s;
}

/* "2014", "08:08", "29,", "3h": with a name before it, the rest is when. */
static int
is_number(struct nw_str w)
{
	return w.len > 0 && w.p[0] >= '0' && w.p[0] <= '9';
}

static int
is_mark(char c)
{
	return strchr(",;:|/-.\"'()[]", c) != NULL;
}

/* Drops marks, and words that belong to a date, from the end. */
static size_t
trimmed_end(const char *p, size_t len)
{
	size_t end, from;

	for (;;) {
		for (end = len; end > 0 && (p[end - 1] == ' ' || (is_mark(p[end - 1]) && p[end - 1] != '.' &&
								     p[end - 1] != ')'));
		     end--)
			;
		for (from = end; from > 0 && p[from - 1] != ' '; from--)
			;
		len = end;
		while (end > from && p[end - 1] == '.')
			end--;
		if (from == 0 || !is_one_of((struct nw_str){p + from, end - from}, around))
			return len;
		len = from;
	}
}

/* "Jane Doe | Apr 19, 2013": what follows a bar and holds a digit or a handle is no name. */
static struct nw_str
before_bar(struct nw_str s)
{
	const char *bar = memchr(s.p, '|', s.len);

	if (bar == NULL || bar == s.p)
		return s;
	for (const char *p = bar; p < s.p + s.len; p++)
		if ((*p >= '0' && *p <= '9') || *p == '@')
			return (struct nw_str){s.p, (size_t)(bar - s.p)};
	return s;
}

struct nw_str
nw_page_name_of(struct nw_page *pg, struct nw_str text)
{
	struct nw_page_buf b = {.pg = pg};
	struct nw_str line = nw_page_text_line(pg, text), s, w;
	const char *p, *end;

	if (line.len > NAME_BYTES)
		return (struct nw_str){"", 0};
	s = before_bar(without_prefix(line));
	for (p = s.p, end = s.p + s.len; (w = next_word(&p, end)).len > 0;) {
		if (is_number(w) &&
		    (b.len > 0 || memchr(w.p, ':', w.len) != NULL || memchr(w.p, '/', w.len) != NULL))
			break;
		if (memchr(w.p, '@', w.len) != NULL)
			continue;
		if (b.len > 0)
			nw_page_text_adds(&b, " ");
		nw_page_text_add(&b, w.p, w.len);
	}
	s = nw_page_text_str(&b);
	s = nw_page_text_dup(pg, s.p, trimmed_end(s.p, s.len));
	if (nw_page_text_weight(s) < 2 || nw_page_text_istarts(s, "http:") ||
	    nw_page_text_istarts(s, "https:") || nw_page_text_istarts(s, "www.") || is_one_of(s, labels) ||
	    is_one_of(s, around))
		return (struct nw_str){"", 0};
	return s;
}
