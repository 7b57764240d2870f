#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "out.h"

static int
room(struct out *o, size_t n)
{
	size_t cap = o->cap == 0 ? 4096 : o->cap;
	char *p;

	if (o->failed || n < o->cap - o->len)
		return !o->failed;
	while (cap - o->len <= n)
		cap *= 2;
	if ((p = o->host->alloc(o->sink, cap)) == NULL) {
		o->failed = 1;
		return 0;
	}
	if (o->len != 0)
		memcpy(p, o->p, o->len);
	o->p = p;
	o->cap = cap;
	return 1;
}

void
out_add(struct out *o, const char *p, size_t n)
{
	if (n == 0 || !room(o, n))
		return;
	memcpy(o->p + o->len, p, n);
	o->len += n;
}

void
out_adds(struct out *o, const char *s)
{
	out_add(o, s, strlen(s));
}

void
out_str(struct out *o, struct nw_str s)
{
	out_add(o, s.p, s.len);
}

void
out_addf(struct out *o, const char *fmt, ...)
{
	char line[512];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (n > 0)
		out_add(o, line, (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

void
out_html(struct out *o, struct nw_str s)
{
	for (size_t i = 0; i < s.len; i++)
		switch (s.p[i]) {
		case '&':
			out_adds(o, "&amp;");
			break;
		case '<':
			out_adds(o, "&lt;");
			break;
		case '>':
			out_adds(o, "&gt;");
			break;
		case '"':
			out_adds(o, "&quot;");
			break;
		case '\'':
			out_adds(o, "&#39;");
			break;
		default:
			out_add(o, s.p + i, 1);
		}
}

void
out_flat(struct out *o, struct nw_str s)
{
	int blank = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (strchr(" \t\r\n", s.p[i]) != NULL) {
			blank = 1;
			continue;
		}
		if (blank)
			out_add(o, " ", 1);
		blank = 0;
		out_add(o, s.p + i, 1);
	}
	if (blank)
		out_add(o, " ", 1);
}

void
out_date(struct out *o, const struct nw_time *t)
{
	static const char *const form[] = {"", "%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%d %H:%M UTC"};
	time_t at = (time_t)(t->at_ms / 1000);
	char text[64];
	struct tm tm;

	if (t->at_ms == NW_TIME_NONE || t->precision == NW_PREC_NONE || t->precision > NW_PREC_MINUTE ||
	    gmtime_r(&at, &tm) == NULL) {
		out_adds(o, "not dated");
		return;
	}
	out_add(o, text, strftime(text, sizeof(text), form[t->precision], &tm));
}

struct nw_str
out_done(struct out *o)
{
	if (!room(o, 1))
		return (struct nw_str){"", 0};
	o->p[o->len] = '\0';
	return (struct nw_str){o->p, o->len};
}
