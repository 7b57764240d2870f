#include <stdio.h>
#include <string.h>

#include "jsonfeed_repair.h"

#define KEY	   "items" /* the member whose elements may be kept when the rest is missing */
#define DIGITS_MAX 18	   /* characters of a number that any reader takes */

struct repair {
	const char *p, *end;
	char *out;
	size_t n;
	uint32_t depth;	 /* open brackets */
	uint32_t done;	 /* what was repaired */
	int in_items;	 /* inside the list of items of the root */
	int key_is_items; /* the last string of the root was KEY */
	size_t safe;	 /* length of the output up to the last whole item */
};

static int
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
put(struct repair *r, const char *s, size_t n)
{
	memcpy(r->out + r->n, s, n);
	r->n += n;
}

/* How long the escape at p is if JSON knows it, else 0. */
static size_t
escape(const char *p, const char *end)
{
	if (end - p < 2 || strchr("\"\\/bfnrtu", p[1]) == NULL || p[1] == '\0')
		return 0;
	if (p[1] != 'u')
		return 2;
	return end - p >= 6 && strspn(p + 2, "0123456789abcdefABCDEF") >= 4 ? 6 : 0;
}

/* A string with its quotes; where its end is missing the document is. */
static void
string(struct repair *r)
{
	const char *begin = r->p++;

	put(r, "\"", 1);
	while (r->p < r->end && *r->p != '"') {
		size_t len = *r->p == '\\' ? escape(r->p, r->end) : 1;

		if (len == 0) {
			r->done |= JSONFEED_ESCAPE;
			r->p++; /* the character itself is meant */
			continue;
		}
		if ((unsigned char)*r->p < ' ') {
			r->done |= JSONFEED_CONTROL;
			r->n += (size_t)snprintf(r->out + r->n, 7, "\\u%04x", (unsigned char)*r->p);
		} else {
			put(r, r->p, len);
		}
		r->p += len;
	}
	if (r->p < r->end) {
		r->p++;
		put(r, "\"", 1);
	}
	if (r->depth == 1)
		r->key_is_items = (size_t)(r->p - begin) == sizeof(KEY) + 1 && memcmp(begin + 1, KEY, sizeof(KEY) - 1) == 0;
}

static void
number(struct repair *r)
{
	size_t n = strspn(r->p, "0123456789+-.eE");

	if (n <= DIGITS_MAX && memchr(r->p, 'e', n) == NULL && memchr(r->p, 'E', n) == NULL) {
		put(r, r->p, n);
	} else {
		r->done |= JSONFEED_NUMBER;
		put(r, "\"", 1);
		put(r, r->p, n);
		put(r, "\"", 1);
	}
	r->p += n;
}

static void
drop_comma(struct repair *r)
{
	size_t n = r->n;

	while (n > 0 && is_blank(r->out[n - 1]))
		n--;
	if (n == 0 || r->out[n - 1] != ',')
		return;
	r->n = n - 1;
	r->done |= JSONFEED_COMMA;
}

static void
bracket(struct repair *r)
{
	int opens = *r->p == '[' || *r->p == '{';

	if (!opens)
		drop_comma(r);
	put(r, r->p++, 1);
	r->depth += opens ? 1u : 0u;
	r->depth -= !opens && r->depth > 0 ? 1u : 0u;
	if (opens && r->depth == 2 && r->out[r->n - 1] == '[' && r->key_is_items)
		r->in_items = 1;
	else if (r->in_items && r->depth == 2)
		r->safe = r->n;
	else if (r->depth < 2)
		r->in_items = 0;
}

static void
rewrite(struct repair *r)
{
	do {
		if (*r->p == '"')
			string(r);
		else if (*r->p == '[' || *r->p == '{' || *r->p == ']' || *r->p == '}')
			bracket(r);
		else if (*r->p == '-' || (*r->p >= '0' && *r->p <= '9'))
			number(r);
		else
			put(r, r->p++, 1);
	} while (r->p < r->end && r->depth > 0);
}

/* What the output may need: an escape for a control character, quotes around a long number, the last brackets. */
static size_t
room(struct nw_str s)
{
	size_t n = s.len + s.len / DIGITS_MAX * 2 + 8;

	for (size_t i = 0; i < s.len; i++)
		n += (unsigned char)s.p[i] < ' ' ? 5 : 0;
	return n;
}

struct nw_str
jsonfeed_repair(const struct nw_host *host, struct nw_sink *sink, struct nw_str text, uint32_t *done_r)
{
	struct repair r = {.p = text.p, .end = text.p + text.len};

	*done_r = 0;
	while (r.p < r.end && is_blank(*r.p))
		r.p++;
	if (r.p == r.end || *r.p != '{' || (r.out = host->alloc(sink, room(text))) == NULL)
		return text;
	rewrite(&r);
	while (r.p < r.end && is_blank(*r.p))
		r.p++;
	if (r.depth > 0 && r.safe > 0) {
		r.n = r.safe;
		put(&r, "]}", 2);
		r.done |= JSONFEED_CUT;
	} else if (r.p < r.end) {
		r.done |= JSONFEED_TRAILING;
	}
	r.out[r.n] = '\0';
	*done_r = r.done;
	return r.done != 0 ? (struct nw_str){r.out, r.n} : text;
}
