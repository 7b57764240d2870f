#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

void
nw_buf_done(struct nw_buf *b)
{
	free(b->p);
	*b = (struct nw_buf){.max = b->max};
}

void
nw_buf_reset(struct nw_buf *b)
{
	b->len = 0;
	b->failed = 0;
}

char *
nw_buf_room(struct nw_buf *b, size_t n)
{
	size_t need, cap;
	char *p;

	if (b->failed)
		return NULL;
	if (__builtin_add_overflow(b->len, n, &need) || need == SIZE_MAX || (b->max != 0 && need > b->max)) {
		b->failed = 1;
		return NULL;
	}
	if (need + 1 > b->cap) { /* one more for the NUL */
		cap = b->cap < 256 ? 256 : b->cap;
		while (cap < need + 1)
			cap = cap > SIZE_MAX / 2 ? need + 1 : cap * 2;
		if ((p = realloc(b->p, cap)) == NULL) {
			b->failed = 1;
			return NULL;
		}
		b->p = p;
		b->cap = cap;
	}
	return b->p + b->len;
}

void
nw_buf_add(struct nw_buf *b, const void *p, size_t n)
{
	char *to = nw_buf_room(b, n);

	if (to == NULL || n == 0)
		return;
	memcpy(to, p, n);
	b->len += n;
}

void
nw_buf_adds(struct nw_buf *b, const char *s)
{
	nw_buf_add(b, s, strlen(s));
}

void
nw_buf_addc(struct nw_buf *b, char c)
{
	nw_buf_add(b, &c, 1);
}

void
nw_buf_addvf(struct nw_buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;
	char *to;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	if (n >= 0 && (to = nw_buf_room(b, (size_t)n)) != NULL) {
		(void)vsnprintf(to, (size_t)n + 1, fmt, again); /* measured above */
		b->len += (size_t)n;
	}
	va_end(again);
}

void
nw_buf_addf(struct nw_buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	nw_buf_addvf(b, fmt, ap);
	va_end(ap);
}

struct nw_str
nw_buf_str(struct nw_buf *b)
{
	if (b->failed || b->len == 0)
		return (struct nw_str){"", 0};
	b->p[b->len] = '\0';
	return (struct nw_str){b->p, b->len};
}

char *
nw_buf_take(struct nw_buf *b, size_t *len_r)
{
	char *p;

	if (nw_buf_room(b, 0) == NULL)
		return NULL;
	p = b->p;
	p[b->len] = '\0';
	if (len_r != NULL)
		*len_r = b->len;
	*b = (struct nw_buf){.max = b->max};
	return p;
}
