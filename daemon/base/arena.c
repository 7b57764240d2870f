#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define ALIGN	    16u
#define BLOCK_MIN   (16u * 1024)
#define BLOCK_MAX   (1024u * 1024)

struct block {
	struct block *next;
	size_t size, used; /* of data */
	_Alignas(ALIGN) unsigned char data[];
};

struct nw_arena {
	struct block *first, *now;
	size_t cap, held; /* bytes in blocks */
	size_t least;	  /* of the first block */
	size_t used;	  /* bytes given out in blocks before `now` */
};

struct nw_arena *
nw_arena_new(size_t cap_bytes)
{
	struct nw_arena *a = calloc(1, sizeof(*a));

	if (a != NULL) {
		a->cap = cap_bytes != 0 ? cap_bytes : SIZE_MAX;
		a->least = BLOCK_MIN;
	}
	return a;
}

struct nw_arena *
nw_arena_new_small(size_t usual_bytes)
{
	struct nw_arena *a = nw_arena_new(0);

	if (a != NULL)
		a->least = usual_bytes;
	return a;
}

void
nw_arena_free(struct nw_arena *a)
{
	struct block *b, *next;

	if (a == NULL)
		return;
	for (b = a->first; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	free(a);
}

void
nw_arena_reset(struct nw_arena *a)
{
	for (struct block *b = a->first; b != NULL; b = b->next)
		b->used = 0;
	a->now = a->first;
	a->used = 0;
}

size_t
nw_arena_used(const struct nw_arena *a)
{
	return a->used + (a->now != NULL ? a->now->used : 0);
}

/* Make `now` a block with room for n bytes: the next kept one if it fits, else a new one after `now`. */
static int
grow(struct nw_arena *a, size_t n)
{
	struct block *next = a->now != NULL ? a->now->next : a->first, *b;
	size_t size = a->held < a->least ? a->least : a->held < BLOCK_MAX ? a->held : BLOCK_MAX;

	if (next == NULL || next->size < n) {
		if (size < n)
			size = n;
		if (size > a->cap - a->held)
			size = n;
		if (n > a->cap - a->held || (b = malloc(sizeof(*b) + size)) == NULL)
			return -1;
		*b = (struct block){.next = next, .size = size};
		a->held += size;
		if (a->now != NULL)
			a->now->next = b;
		else
			a->first = b;
		next = b;
	}
	if (a->now != NULL)
		a->used += a->now->used;
	a->now = next;
	return 0;
}

void *
nw_arena_alloc(struct nw_arena *a, size_t n)
{
	void *p;

	if (n > SIZE_MAX - ALIGN)
		return NULL;
	n = n == 0 ? ALIGN : (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if ((a->now == NULL || n > a->now->size - a->now->used) && grow(a, n) == -1)
		return NULL;
	p = a->now->data + a->now->used;
	a->now->used += n;
	return p;
}

void *
nw_arena_zalloc(struct nw_arena *a, size_t n)
{
	void *p = nw_arena_alloc(a, n);

	return p != NULL ? memset(p, 0, n) : NULL;
}

void *
nw_arena_array(struct nw_arena *a, size_t n, size_t size)
{
	size_t total;

	return __builtin_mul_overflow(n, size, &total) ? NULL : nw_arena_zalloc(a, total);
}

struct nw_str
nw_arena_str(struct nw_arena *a, const void *p, size_t len)
{
	char *s = len < SIZE_MAX ? nw_arena_alloc(a, len + 1) : NULL;

	if (s == NULL)
		return (struct nw_str){NULL, 0};
	if (len != 0)
		memcpy(s, p, len);
	s[len] = '\0';
	return (struct nw_str){s, len};
}

struct nw_str
nw_arena_printf(struct nw_arena *a, const char *fmt, ...)
{
	va_list ap;
	int n;
	char *s;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || (s = nw_arena_alloc(a, (size_t)n + 1)) == NULL)
		return (struct nw_str){NULL, 0};
	va_start(ap, fmt);
	(void)vsnprintf(s, (size_t)n + 1, fmt, ap); /* measured above */
	va_end(ap);
	return (struct nw_str){s, (size_t)n};
}
