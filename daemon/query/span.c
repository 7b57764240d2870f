#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "query/span.h"

#define FEW 24u /* spans up to which insertion is faster than the C library's sort */

static int
by_from(const void *a, const void *b)
{
	const struct nw_span *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

static int
is_sorted(const struct nw_span *v, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++)
		if (by_from(&v[i - 1], &v[i]) > 0)
			return 0;
	return 1;
}

/* A few spans, or runs of them in order: most unions are that. */
static void
insert_sort(struct nw_span *v, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++) {
		struct nw_span s = v[i];
		uint32_t k = i;

		for (; k > 0 && by_from(&v[k - 1], &s) > 0; k--)
			v[k] = v[k - 1];
		v[k] = s;
	}
}

uint32_t
nw_span_sort(struct nw_span *v, uint32_t n)
{
	uint32_t k = 0;

	if (n <= FEW)
		insert_sort(v, n);
	else if (!is_sorted(v, n))
		qsort(v, n, sizeof(*v), by_from);
	for (uint32_t i = 0; i < n; i++)
		if (k == 0 || by_from(&v[k - 1], &v[i]) != 0)
			v[k++] = v[i];
	return k;
}

int
nw_span_union(struct nw_arena *arena, const struct nw_spans *operand, uint32_t n, struct nw_spans *out)
{
	const struct nw_spans *only = NULL;
	struct nw_span *v;
	size_t total = 0;
	uint32_t k = 0, filled = 0;

	for (uint32_t i = 0; i < n; i++)
		if (operand[i].n != 0) {
			total += operand[i].n;
			only = &operand[i];
			filled++;
		}
	if (filled < 2) {
		*out = only != NULL ? *only : (struct nw_spans){NULL, 0};
		return 0;
	}
	if (total > UINT32_MAX || (v = nw_arena_alloc(arena, total * sizeof(*v))) == NULL)
		return -1;
	for (uint32_t i = 0; i < n; i++) {
		if (operand[i].n != 0)
			memcpy(v + k, operand[i].v, operand[i].n * sizeof(*v));
		k += operand[i].n;
	}
	*out = (struct nw_spans){v, nw_span_sort(v, k)};
	return 0;
}

/* For each a in order, whether a span of b holds it: among the b's that begin no later, one that ends no sooner. */
int
nw_span_in(struct nw_arena *arena, struct nw_spans a, struct nw_spans b, int outside, struct nw_spans *out)
{
	struct nw_span *v;
	uint32_t j = 0, k = 0, reach = 0;
	int any = 0;

	if (a.n == 0 || b.n == 0) {
		*out = outside ? a : (struct nw_spans){NULL, 0};
		return 0;
	}
	if ((v = nw_arena_alloc(arena, a.n * sizeof(*v))) == NULL)
		return -1;
	for (uint32_t i = 0; i < a.n; i++) {
		for (; j < b.n && b.v[j].from <= a.v[i].from; j++) {
			reach = !any || b.v[j].to > reach ? b.v[j].to : reach;
			any = 1;
		}
		if ((any && reach >= a.v[i].to) == !outside)
			v[k++] = a.v[i];
	}
	*out = (struct nw_spans){v, k};
	return 0;
}

/* The spans of b widened by the distance and joined where they touch: then one look-up tells whether an a is near. */
static uint32_t
widen(struct nw_spans b, uint32_t distance, struct nw_span *v)
{
	uint32_t k = 0;

	for (uint32_t i = 0; i < b.n; i++) {
		/* no b within n positions between: the b's end + n + 1 still blocks */
		struct nw_span w = {b.v[i].from > distance + 1 ? b.v[i].from - distance - 1 : 0, b.v[i].to + distance + 1};

		if (k > 0 && w.from <= v[k - 1].to) {
			if (w.to > v[k - 1].to)
				v[k - 1].to = w.to;
		} else {
			v[k++] = w;
		}
	}
	return k;
}

int
nw_span_notnear(struct nw_arena *arena, struct nw_spans a, struct nw_spans b, uint32_t distance, struct nw_spans *out)
{
	struct nw_span *v, *w;
	uint32_t j = 0, k = 0, nw;

	if (a.n == 0 || b.n == 0) {
		*out = a;
		return 0;
	}
	if ((v = nw_arena_alloc(arena, a.n * sizeof(*v))) == NULL || (w = nw_arena_alloc(arena, b.n * sizeof(*w))) == NULL)
		return -1;
	nw = widen(b, distance, w);
	for (uint32_t i = 0; i < a.n; i++) {
		while (j < nw && w[j].to < a.v[i].from)
			j++;
		if (j >= nw || w[j].from > a.v[i].to)
			v[k++] = a.v[i];
	}
	*out = (struct nw_spans){v, k};
	return 0;
}

/* The units of b as ranges, joined; then as nw_span_notnear(). */
int
nw_span_notunit(struct nw_arena *arena, struct nw_spans a, struct nw_spans b, const struct nw_span_step *step,
    struct nw_spans *out)
{
	struct nw_span *w, *v;
	struct nw_spans units;
	uint32_t j = 0, k = 0, nw = 0;

	if (a.n == 0 || b.n == 0) {
		*out = a;
		return 0;
	}
	if ((w = nw_arena_alloc(arena, b.n * sizeof(*w))) == NULL || (v = nw_arena_alloc(arena, a.n * sizeof(*v))) == NULL)
		return -1;
	for (uint32_t i = 0; i < b.n; i++)
		w[i] = (struct nw_span){step->unit(step->cookie, b.v[i].from), step->unit(step->cookie, b.v[i].to)};
	units = (struct nw_spans){w, b.n};
	for (uint32_t i = 0; i < units.n; i++) {
		if (nw > 0 && w[i].from <= w[nw - 1].to)
			w[nw - 1].to = w[i].to > w[nw - 1].to ? w[i].to : w[nw - 1].to;
		else
			w[nw++] = w[i];
	}
	for (uint32_t i = 0; i < a.n; i++) {
		uint32_t from = step->unit(step->cookie, a.v[i].from), to = step->unit(step->cookie, a.v[i].to);

		while (j < nw && w[j].to < from)
			j++;
		if (j >= nw || w[j].from > to)
			v[k++] = a.v[i];
	}
	*out = (struct nw_spans){v, k};
	return 0;
}

static int
by_to(const void *a, const void *b)
{
	const struct nw_span *x = a, *y = b;

	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return (x->from < y->from) - (x->from > y->from);
}

uint32_t
nw_span_disjoint(struct nw_arena *arena, struct nw_spans s)
{
	struct nw_span *v;
	uint32_t n = 0, end = 0;

	if (s.n < 2)
		return s.n;
	if ((v = nw_arena_alloc(arena, s.n * sizeof(*v))) == NULL)
		return 1;
	memcpy(v, s.v, s.n * sizeof(*v));
	qsort(v, s.n, sizeof(*v), by_to);
	for (uint32_t i = 0; i < s.n; i++)
		if (n == 0 || v[i].from > end) {
			end = v[i].to;
			n++;
		}
	return n;
}
