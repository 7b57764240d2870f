#include "pool/pool_own.h"

void
nw_queue_init(struct nw_queue *q)
{
	q->first = NULL;
	q->end = &q->first;
	q->n = 0;
}

void
nw_queue_add(struct nw_queue *q, struct nw_ticket *t)
{
	t->next = NULL;
	*q->end = t;
	q->end = &t->next;
	q->n++;
}

void
nw_queue_push(struct nw_queue *q, struct nw_ticket *t)
{
	t->next = q->first;
	if (q->first == NULL)
		q->end = &t->next;
	q->first = t;
	q->n++;
}

struct nw_ticket *
nw_queue_take_at(struct nw_queue *q, struct nw_ticket **at)
{
	struct nw_ticket *t = *at;

	*at = t->next;
	if (t->next == NULL)
		q->end = at;
	t->next = NULL;
	q->n--;
	return t;
}

struct nw_ticket *
nw_queue_take(struct nw_queue *q)
{
	return q->first != NULL ? nw_queue_take_at(q, &q->first) : NULL;
}
