#include "base/arena.h"
#include "query/blocked.h"

/* The members of ${all} that are not in ${some}, which is a part of it. */
static struct nw_spans
without(struct nw_evidence_draft *d, struct nw_spans all, struct nw_spans some)
{
	struct nw_span *v = nw_arena_array(d->ev->arena, all.n + 1, sizeof(*v));
	uint32_t k = 0, n = 0;

	if (v == NULL) {
		d->ev->failed = 1;
		return (struct nw_spans){NULL, 0};
	}
	for (uint32_t i = 0; i < all.n; i++) {
		if (k < some.n && all.v[i].from == some.v[k].from && all.v[i].to == some.v[k].to)
			k++;
		else
			v[n++] = all.v[i];
	}
	return (struct nw_spans){v, n};
}

/* The spans of b that are near a, share its sentence, or hold it: what strikes it. */
static struct nw_spans
strikers(struct nw_evidence_draft *d, const struct nw_prog_node *node, struct nw_spans a, struct nw_spans b)
{
	struct nw_span_step step = {.cookie = d->ev->fields,
	    .unit = node->kind == NW_PROG_NOTSENT ? nw_fields_sentence : nw_fields_paragraph};
	struct nw_spans harmless = {NULL, 0};
	int rc = 0;

	if (node->kind == NW_PROG_NOTNEAR) {
		rc = nw_span_notnear(d->ev->arena, b, a, node->n, &harmless);
	} else if (node->kind != NW_PROG_NOTIN) {
		rc = nw_span_notunit(d->ev->arena, b, a, &step, &harmless);
	} else {
		struct nw_span *v = nw_arena_array(d->ev->arena, b.n + 1, sizeof(*v));
		uint32_t n = 0;

		for (uint32_t i = 0; v != NULL && i < b.n; i++) {
			struct nw_spans one = {&b.v[i], 1}, inside = {NULL, 0};

			rc |= nw_span_in(d->ev->arena, a, one, 0, &inside);
			if (inside.n == 0)
				v[n++] = b.v[i];
		}
		rc |= v == NULL ? -1 : 0;
		harmless = (struct nw_spans){v, n};
	}
	d->ev->failed |= rc != 0;
	return without(d, b, harmless);
}

/* A negative operator: of its left spans within the evidence (${within}), those that the right ones strike. */
static void
add_strikers(struct nw_evidence_draft *d, const struct nw_prog_node *node, uint32_t at, struct nw_spans within,
    struct nw_prog_text clause)
{
	struct nw_eval *ev = d->ev;
	struct nw_spans a = nw_eval_place(ev, node->a), kept, struck, b, inner = {NULL, 0};

	ev->relaxed = 0;
	b = nw_eval_place(ev, node->a + 1);
	kept = nw_eval_place(ev, at);
	ev->relaxed = 1;
	struck = without(d, a, kept); /* those that an inner operator struck are told by it; here they do no harm */
	if (nw_span_in(ev->arena, struck, within, 0, &inner) == -1)
		ev->failed = 1;
	nw_evidence_add(d, strikers(d, node, inner.n != 0 ? inner : struck, b), clause);
}

static void
collect_place(struct nw_evidence_draft *d, uint32_t at, struct nw_spans within, struct nw_prog_text clause)
{
	const struct nw_prog_node *node = &d->ev->prog->node[at];

	if (!(node->flags & NW_PROG_NEGATIVE))
		return;
	switch (node->kind) {
	case NW_PROG_NOTNEAR:
	case NW_PROG_NOTSENT:
	case NW_PROG_NOTPARA:
	case NW_PROG_NOTIN:
		add_strikers(d, node, at, within, clause);
		collect_place(d, node->a, within, clause);
		return;
	case NW_PROG_SAME:
	case NW_PROG_FIRST:
		collect_place(d, node->a, within, clause);
		return;
	default:
		for (uint32_t i = 0; i < node->nkid; i++)
			collect_place(d, node->a + i, within, clause);
	}
}

/* A NOT whose clause holds. */
static void
collect_not(struct nw_evidence_draft *d, const struct nw_prog_node *node)
{
	d->ev->relaxed = 0;
	if (nw_eval_truth(d->ev, node->a, 1))
		nw_evidence_collect(d, node->a);
	d->ev->relaxed = 1;
}

void
nw_blocked_collect(struct nw_evidence_draft *d, uint32_t at)
{
	const struct nw_prog_node *node = &d->ev->prog->node[at];

	if (!(node->flags & NW_PROG_NEGATIVE))
		return;
	if (node->kind == NW_PROG_NOT) {
		collect_not(d, node);
	} else if (node->flags & NW_PROG_PLACE) {
		collect_place(d, at, nw_eval_place(d->ev, at), node->text);
	} else if (node->kind == NW_PROG_SAME) {
		nw_blocked_collect(d, node->a);
	} else if (node->kind == NW_PROG_ATLEAST) {
		collect_place(d, node->a, nw_eval_place(d->ev, node->a), node->text);
	} else {
		for (uint32_t i = 0; i < node->nkid; i++)
			nw_blocked_collect(d, node->a + i);
	}
}
