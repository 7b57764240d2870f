#include <stdlib.h>
#include <string.h>

#include "feed_text.h"

#define CAP_MIN	 64
#define CAP_KEPT (256u << 10) /* a buffer that held more is given back */

void
feed_text_done(struct feed_text *t)
{
	free(t->p);
	*t = (struct feed_text){0};
}

void
feed_text_reset(struct feed_text *t)
{
	if (t->cap > CAP_KEPT) {
		free(t->p);
		t->p = NULL;
		t->cap = 0;
	}
	t->len = 0;
	if (t->p != NULL)
		t->p[0] = '\0';
}

/* Room for n more bytes and the NUL. */
static int
grow(struct feed_text *t, size_t n)
{
	size_t cap = t->cap < CAP_MIN ? CAP_MIN : t->cap;
	char *p;

	if (t->failed || n >= SIZE_MAX / 4 - t->len)
		return -1;
	while (cap < t->len + n + 1)
		cap += cap / 2;
	p = realloc(t->p, cap);
	if (p == NULL) {
		t->failed = 1;
		return -1;
	}
	t->p = p;
	t->cap = cap;
	return 0;
}

void
feed_text_add(struct feed_text *t, const char *p, size_t n)
{
	if (t->len + n + 1 > t->cap && grow(t, n) == -1)
		return;
	memcpy(t->p + t->len, p, n);
	t->len += n;
	t->p[t->len] = '\0';
}

void
feed_text_adds(struct feed_text *t, const char *s)
{
	feed_text_add(t, s, strlen(s));
}

static const char *
reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

void
feed_text_add_escaped(struct feed_text *t, const char *p, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		const char *ref = reference(p[i]);

		if (ref == NULL)
			continue;
		feed_text_add(t, p + from, i - from);
		feed_text_adds(t, ref);
		from = i + 1;
	}
	feed_text_add(t, p + from, n - from);
}

void
feed_text_swap(struct feed_text *a, struct feed_text *b)
{
	struct feed_text t = *a;

	*a = *b;
	*b = t;
}

void
feed_text_trim(struct feed_text *t)
{
	struct nw_str s = feed_trim(feed_text_str(t));

	if (s.len == t->len)
		return;
	memmove(t->p, s.p, s.len);
	t->len = s.len;
	t->p[t->len] = '\0';
}

void
feed_text_fold(struct feed_text *t)
{
	size_t out = 0;

	feed_text_trim(t);
	for (size_t i = 0; i < t->len; i++) {
		if (!feed_is_space(t->p[i]))
			t->p[out++] = t->p[i];
		else if (t->p[out - 1] != ' ')
			t->p[out++] = ' ';
	}
	if (t->len > 0) {
		t->len = out;
		t->p[out] = '\0';
	}
}

int
feed_text_is_blank(const struct feed_text *t)
{
	return feed_trim(feed_text_str(t)).len == 0;
}

struct nw_str
feed_text_str(const struct feed_text *t)
{
	return t->len > 0 ? (struct nw_str){t->p, t->len} : NW_STR("");
}

int
feed_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

char
feed_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

int
feed_same(const char *a, const char *b)
{
	while (*a != '\0' && feed_lower(*a) == feed_lower(*b)) {
		a++;
		b++;
	}
	return *a == *b;
}

int
feed_starts(struct nw_str s, const char *lower_prefix)
{
	size_t i = 0;

	while (lower_prefix[i] != '\0' && i < s.len && feed_lower(s.p[i]) == lower_prefix[i])
		i++;
	return lower_prefix[i] == '\0';
}

int
feed_same_n(struct nw_str s, const char *lower)
{
	return s.len == strlen(lower) && feed_starts(s, lower);
}

struct nw_str
feed_trim(struct nw_str s)
{
	while (s.len > 0 && feed_is_space(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && feed_is_space(s.p[s.len - 1]))
		s.len--;
	return s;
}
