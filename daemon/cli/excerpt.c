#include "base/arena.h"
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
