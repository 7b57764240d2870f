#include <string.h>

#include "jsonfeed_repair.h"

#define KEY	   "\"items\"" /* the member whose elements may be kept when the rest is missing */
#define DIGITS_MAX 18	       /* characters of a number that any reader takes */
#define DEPTH_MAX  256	       /* brackets in brackets; what is deeper is not repaired */

struct repair {
	const char *p, *end;
	char *out;
	size_t n;
	char open[DEPTH_MAX]; /* the brackets, as they close */
	uint32_t depth;
	uint32_t done;	  /* what was repaired */
	char last;	  /* the last character that is no blank */
	int key_is_items; /* the last string of the root was KEY */
	int in_items;	  /* inside its list */
	size_t safe;	  /* length of the output up to the last whole item */
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

/* A string with its quotes; where its end is missing the document is. */
static void
string(struct repair *r)
{
	const char *begin = r->p++;
	size_t n;

	while (r->p < r->end && *r->p != '"')
		r->p += *r->p == '\\' && r->end - r->p > 1 ? 2 : 1;
	r->p += r->p < r->end;
	n = (size_t)(r->p - begin);
	put(r, begin, n);
	if (r->depth == 1)
		r->key_is_items = n == strlen(KEY) && memcmp(begin, KEY, n) == 0;
}

static size_t
digits(const char *p)
{
	return strspn(p, "0123456789");
}

/* How long the number at p is, as JSON writes one; 0 if it is none. */
static size_t
number_length(const char *p)
{
	const char *q = p + (*p == '-');
	size_t n = digits(q);

	if (n == 0 || (*q == '0' && n > 1))
		return 0;
	q += n;
	if (*q == '.') {
		if ((n = digits(q + 1)) == 0)
			return 0;
		q += 1 + n;
	}
	if (*q == 'e' || *q == 'E') {
		q += 1 + (q[1] == '+' || q[1] == '-');
		if ((n = digits(q)) == 0)
			return 0;
		q += n;
	}
	return (size_t)(q - p);
}

static int
is_value(const struct repair *r)
{
	return r->open[r->depth - 1] == ']' || r->last == ':';
}

static void
number(struct repair *r)
{
	size_t n = number_length(r->p);
	int large = n > DIGITS_MAX || memchr(r->p, 'e', n) != NULL || memchr(r->p, 'E', n) != NULL;

	if (large && is_value(r)) {
		r->done |= JSONFEED_NUMBER;
		put(r, "\"", 1);
		put(r, r->p, n);
		put(r, "\"", 1);
	} else {
		put(r, r->p, n == 0 ? n = 1 : n);
	}
	r->p += n;
}

/* 0 where it does not match what is open. */
static int
bracket(struct repair *r)
{
	char c = *r->p;

	put(r, r->p++, 1);
	if (c == ']' || c == '}') {
		if (r->open[--r->depth] != c)
			return 0;
		if (r->in_items && r->depth == 2)
			r->safe = r->n;
		else if (r->depth < 2)
			r->in_items = 0;
		return 1;
	}
	if (r->depth == DEPTH_MAX)
		return 0;
	r->in_items |= r->depth == 1 && c == '[' && r->key_is_items;
	r->open[r->depth++] = c == '[' ? ']' : '}';
	return 1;
}

/* To the end of the root, or of the document; 0 where brackets do not match. */
static int
rewrite(struct repair *r)
{
	int fine = 1;

	do {
		char c = *r->p;

		if (c == '"')
			string(r);
		else if (c == '[' || c == '{' || c == ']' || c == '}')
			fine = bracket(r);
		else if (c == '-' || (c >= '0' && c <= '9'))
			number(r);
		else
			put(r, r->p++, 1);
		r->last = is_blank(c) ? r->last : c;
	} while (fine && r->p < r->end && r->depth > 0);
	return fine;
}

struct nw_str
jsonfeed_repair(const struct nw_host *host, struct nw_sink *sink, struct nw_str text, uint32_t *done_r)
{
	struct repair r = {.p = text.p, .end = text.p + text.len};

	*done_r = 0;
	while (r.p < r.end && is_blank(*r.p))
		r.p++;
	/* room for quotes around short numbers with an exponent, and for the last brackets */
	if (r.p == r.end || *r.p != '{' || (r.out = host->alloc(sink, text.len * 2 + 3)) == NULL || !rewrite(&r))
		return text;
	if (r.depth > 0 && r.in_items && r.safe > 0) {
		r.n = r.safe;
		put(&r, "]}", 2);
		r.done |= JSONFEED_CUT;
	} else {
		put(&r, r.p, (size_t)(r.end - r.p));
	}
	r.out[r.n] = '\0';
	*done_r = r.done;
	return r.done != 0 ? (struct nw_str){r.out, r.n} : text;
}
