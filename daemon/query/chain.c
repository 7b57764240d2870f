#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "core/limits.h"
#include "query/chain.h"

/*
 * A state is what a chain has used: a set of operands (as bits), or for PRE how many of them.  For each state the
 * chains found so far are kept as (end, latest start), in a queue: spans come in the order of their start, so that
 * the window of ends that are near enough only moves forward, and of those the latest start makes the minimal span.
 */
struct link {
	uint32_t end, start;
};
struct queue {
	struct link *v;
	uint32_t head, n;
};
struct item {
	struct nw_span s;
	uint32_t operand;
	uint32_t unit;
	uint32_t *start; /* [states]: latest start of a chain that ends here, + 1; 0: none */
};
struct chain {
	const struct nw_span_step *step;
	uint32_t n, states, final;
	struct item *item, **by_end;
	uint32_t nitem;
	struct queue *queue;
	struct nw_span *out;
	uint32_t nout;
};

static int
by_start(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->s.from != y->s.from)
		return x->s.from < y->s.from ? -1 : 1;
	return (x->s.to > y->s.to) - (x->s.to < y->s.to);
}

static int
by_end(const void *a, const void *b)
{
	const struct item *x = *(struct item *const *)a, *y = *(struct item *const *)b;

	return (x->s.to > y->s.to) - (x->s.to < y->s.to);
}

/* A chain that ends at ${end}: those that end no later and begin no later are of no more use. */
static void
enqueue(struct queue *q, uint32_t end, uint32_t start)
{
	while (q->n > q->head && q->v[q->n - 1].start <= start)
		q->n--;
	q->v[q->n++] = (struct link){end, start};
}

/* The latest start, + 1, of a chain in this state that ends before ${s} and near enough; 0 if there is none. */
static uint32_t
latest(const struct chain *c, struct queue *q, const struct item *it)
{
	uint32_t limit = c->step->distance;

	while (q->head < q->n) {
		uint32_t end = q->v[q->head].end;

		if ((limit == UINT32_MAX || it->s.from - end - 1 <= limit) &&
		    (c->step->unit == NULL || c->step->unit(c->step->cookie, end) == it->unit))
			return q->v[q->head].start + 1;
		q->head++;
	}
	return 0;
}

/* From which state operand ${j} may be taken, and where that leads. */
static int
leads(const struct chain *c, uint32_t state, uint32_t j, uint32_t *to)
{
	if (c->step->ordered) {
		*to = state + 1;
		return state == j;
	}
	*to = state | 1u << j;
	return !(state >> j & 1);
}

static void
visit(struct chain *c, struct item *it)
{
	for (uint32_t state = 0; state < c->final; state++) {
		uint32_t to, start;

		if (!leads(c, state, it->operand, &to))
			continue;
		start = state == 0 ? it->s.from + 1 : latest(c, &c->queue[state], it);
		if (start == 0)
			continue;
		if (to == c->final)
			c->out[c->nout++] = (struct nw_span){start - 1, it->s.to};
		else
			it->start[to] = start;
	}
}

static void
run(struct chain *c)
{
	uint32_t done = 0;

	for (uint32_t i = 0; i < c->nitem; i++) {
		for (; done < c->nitem && c->by_end[done]->s.to < c->item[i].s.from; done++)
			for (uint32_t state = 1; state < c->final; state++)
				if (c->by_end[done]->start[state] != 0)
					enqueue(&c->queue[state], c->by_end[done]->s.to, c->by_end[done]->start[state] - 1);
		visit(c, &c->item[i]);
	}
}

/* Drop each span that holds another one. */
static uint32_t
minimal(struct nw_span *v, uint32_t n)
{
	uint32_t k = n, end = UINT32_MAX;

	n = k = nw_span_sort(v, n);
	for (uint32_t i = n; i-- > 0;) { /* from the last start back: kept if it ends before all that begin later */
		if (v[i].to >= end)
			continue;
		end = v[i].to;
		if (k < n && v[k].from == v[i].from)
			v[k] = v[i];
		else
			v[--k] = v[i];
	}
	memmove(v, v + k, (n - k) * sizeof(*v));
	return n - k;
}

static int
fill(struct nw_arena *arena, struct chain *c, const struct nw_spans *operand)
{
	uint32_t k = 0;
	uint32_t *start;

	c->item = nw_arena_array(arena, c->nitem, sizeof(*c->item));
	c->by_end = nw_arena_array(arena, c->nitem, sizeof(struct item *));
	c->queue = nw_arena_array(arena, c->states, sizeof(*c->queue));
	start = nw_arena_array(arena, (size_t)c->nitem * c->states, sizeof(*start));
	if (c->item == NULL || c->by_end == NULL || c->queue == NULL || start == NULL)
		return -1;
	for (uint32_t j = 0; j < c->n; j++)
		for (uint32_t i = 0; i < operand[j].n; i++) {
			struct item it = {.s = operand[j].v[i], .operand = j, .start = start + (size_t)k * c->states};

			if (c->step->unit != NULL) {
				it.unit = c->step->unit(c->step->cookie, it.s.from);
				if (c->step->unit(c->step->cookie, it.s.to) != it.unit)
					continue;
			}
			c->item[k++] = it;
		}
	c->nitem = k;
	qsort(c->item, k, sizeof(*c->item), by_start);
	for (uint32_t i = 0; i < k; i++)
		c->by_end[i] = &c->item[i];
	qsort(c->by_end, k, sizeof(struct item *), by_end);
	return 0;
}

static int
make_room(struct nw_arena *arena, struct chain *c)
{
	struct link *links = nw_arena_alloc(arena, (size_t)c->nitem * c->states * sizeof(*links));

	/* an item is last in one chain at most: the final state is reached from one state only */
	c->out = nw_arena_alloc(arena, (size_t)c->nitem * sizeof(*c->out));
	if (links == NULL || c->out == NULL)
		return -1;
	for (uint32_t s = 0; s < c->states; s++)
		c->queue[s].v = links + (size_t)s * c->nitem;
	return 0;
}

int
nw_chain_find(struct nw_arena *arena, const struct nw_spans *operand, uint32_t n, const struct nw_span_step *step,
    struct nw_spans *out)
{
	struct chain c = {.step = step, .n = n};
	size_t total = 0;

	*out = (struct nw_spans){NULL, 0};
	for (uint32_t j = 0; j < n; j++) {
		if (operand[j].n == 0)
			return 0;
		total += operand[j].n;
	}
	if (n > NW_QUERY_CHAIN_MAX || total > UINT32_MAX)
		return -1;
	c.nitem = (uint32_t)total;
	c.final = step->ordered ? n : (1u << n) - 1;
	c.states = c.final + 1;
	if (fill(arena, &c, operand) == -1 || make_room(arena, &c) == -1)
		return -1;
	run(&c);
	*out = (struct nw_spans){c.out, minimal(c.out, c.nout)};
	return 0;
}
