#include <stdio.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/batch.h"
#include "core/frame.h"
#include "cli/excerpt.h"

int
nw_excerpt_make(struct nw_arena *a, const struct nw_evidence *ev, struct nw_excerpt *e)
{
	Nw__Hit *hit = nw_arena_array(a, ev->nhits + 1, sizeof(*hit));

	*e = (struct nw_excerpt){
	    .hit = nw_arena_array(a, ev->nhits + 1, sizeof(*e->hit)),
	    .clause = nw_arena_array(a, ev->nclause + 1, sizeof(*e->clause)),
	    .nhit = ev->nhits,
	    .nclause = ev->nclause,
	};
	if (hit == NULL || e->hit == NULL || e->clause == NULL)
		return -1;
	for (uint32_t i = 0; i < ev->nhits; i++) {
		nw__hit__init(&hit[i]);
		hit[i].field = ev->hits[i].field;
		hit[i].off = ev->hits[i].off;
		hit[i].len = ev->hits[i].len;
		hit[i].passage_off = ev->hits[i].passage_off;
		hit[i].passage_len = ev->hits[i].passage_len;
		hit[i].clause = ev->hits[i].clause;
		hit[i].weight = ev->hits[i].weight;
		e->hit[i] = &hit[i];
	}
	for (uint32_t i = 0; i < ev->nclause; i++)
		e->clause[i] = nw_pb(ev->clause[i]);
	return 0;
}

/* Bytes of a text on one line: line ends become blanks; controls of a terminal are not ours to send. */
static void
print_line(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		(void)putchar((unsigned char)p[i] < ' ' || p[i] == 0x7f ? ' ' : p[i]);
}

/* The first hit at or behind ${from} within the same field and passage, NULL if there is none. */
static const Nw__Hit *
next_hit(const struct nw_excerpt *e, const Nw__Hit *in, uint32_t from)
{
	const Nw__Hit *best = NULL;

	for (size_t i = 0; i < e->nhit; i++) {
		const Nw__Hit *h = e->hit[i];

		if (h->field == in->field && h->off >= from && h->off + h->len <= in->passage_off + in->passage_len &&
		    (best == NULL || h->off < best->off || (h->off == best->off && h->len > best->len)))
			best = h;
	}
	return best;
}

static void
print_passage(const Nw__Article *a, const struct nw_excerpt *e, const Nw__Hit *in, int colour)
{
	const char *text = nw_batch_field(a, in->field).p;
	uint32_t at = in->passage_off;
	const Nw__Hit *h;

	(void)fputs("    ", stdout);
	while ((h = next_hit(e, in, at)) != NULL) {
		print_line(text + at, h->off - at);
		(void)fputs(colour ? "\033[1m" : "[", stdout);
		print_line(text + h->off, h->len);
		(void)fputs(colour ? "\033[0m" : "]", stdout);
		at = h->off + h->len;
	}
	print_line(text + at, in->passage_off + in->passage_len - at);
	(void)putchar('\n');
}

static int
is_first_of_passage(const struct nw_excerpt *e, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (e->hit[k]->field == e->hit[i]->field && e->hit[k]->passage_off == e->hit[i]->passage_off)
			return 0;
	return 1;
}

int
nw_excerpt_print(const Nw__Article *a, const struct nw_excerpt *e, int colour)
{
	int n = 0;

	for (size_t i = 0; i < e->nhit && n < NW_EXCERPT_PASSAGES; i++)
		if (nw_batch_hit_ok(a, e->hit[i]) && is_first_of_passage(e, i)) {
			print_passage(a, e, e->hit[i], colour);
			n++;
		}
	return ferror(stdout) ? -1 : 0;
}
