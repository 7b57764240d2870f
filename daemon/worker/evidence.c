#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/batch.h"
#include "core/frame.h"
#include "core/limits.h"
#include "query/query.h"
#include "worker/evidence.h"
#include "worker/quote.h"

/* The clauses that hits really name, in the order of their first use. */
struct clauses {
	const struct nw_str *given;
	uint32_t ngiven, n;
	uint32_t from[NW_CLAUSES_MAX];
	ProtobufCBinaryData *text;
};

/* The kept index of a given clause; the last one stands in when there is no room, which NW_CLAUSES_MAX excludes. */
static uint32_t
keep_clause(struct nw_sink *s, struct clauses *c, uint32_t given)
{
	struct nw_str text = given < c->ngiven ? c->given[given] : (struct nw_str){"", 0};

	for (uint32_t i = 0; i < c->n; i++)
		if (c->from[i] == given)
			return i;
	c->from[c->n] = given;
	c->text[c->n] = nw_pb(nw_sink_text(s, text, NW_CLAUSE_MAX, NULL));
	return c->n++;
}

static Nw__Hit **
take_hits(struct nw_sink *s, const struct nw_hit *given, uint32_t n, struct clauses *c, size_t *n_r)
{
	Nw__Hit **list, *all;
	size_t kept = 0;

	if (n > NW_HITS_MAX)
		n = NW_HITS_MAX;
	list = nw_arena_alloc(s->items, n * sizeof(*list));
	all = nw_arena_alloc(s->items, n * sizeof(*all));
	for (uint32_t i = 0; list != NULL && all != NULL && i < n; i++) {
		Nw__Hit *h = &all[kept];

		nw__hit__init(h);
		h->field = given[i].field;
		h->off = given[i].off;
		h->len = given[i].len;
		h->passage_off = given[i].passage_off;
		h->passage_len = given[i].passage_len;
		h->weight = given[i].weight;
		if (!nw_batch_hit_ok(s->article, h)) {
			nw_sink_note(s, "%s: evidence outside its field is left out", s->inst->plugin->name);
			continue;
		}
		h->clause = keep_clause(s, c, given[i].clause);
		list[kept++] = h;
	}
	*n_r = kept;
	return list;
}

static int
begin_clauses(struct nw_sink *s, struct clauses *c, const struct nw_str *given, uint32_t n, size_t nhits)
{
	*c = (struct clauses){.given = given, .ngiven = n};
	if (nhits > NW_CLAUSES_MAX)
		nhits = NW_CLAUSES_MAX;
	return (c->text = nw_arena_alloc(s->items, nhits * sizeof(*c->text))) != NULL ? 0 : -1;
}

/* --- tags -------------------------------------------------------------------------------------------------------- */

static int
known_class(struct nw_str cls)
{
	return cls.len == 0 || nw_str_is(cls, "news") || nw_str_is(cls, "stance") || nw_str_is(cls, "mention");
}

static int
tagged_already(const struct nw_sink *s, const Nw__Tag *t)
{
	for (uint32_t i = 0; i < s->tags.n; i++) {
		const Nw__Tag *o = s->tags.p[i];

		if (nw_str_eq(nw_pb_str(o->kind), nw_pb_str(t->kind)) && nw_str_eq(nw_pb_str(o->name), nw_pb_str(t->name)))
			return 1;
	}
	return 0;
}

/* Make a tag of the batch visible to later plugins and to `topic:` and `tag:`. */
static int
publish(struct nw_sink *s, Nw__Tag *t)
{
	const struct nw_tag *view = nw_batch_tag(s->eval, t);

	if (view == NULL || nw_vec_add(s->items, &s->tags, t) == -1 ||
	    nw_vec_add(s->eval, &s->tag_views, (void *)(uintptr_t)view) == -1)
		return nw_sink_fail(s, NW_ELIMIT, "no memory for a tag");
	s->view->tags = (const struct nw_tag *const *)s->tag_views.p;
	s->view->ntags = s->tag_views.n;
	if (s->analysed)
		nw_query_tag(s->worker->set, view);
	return NW_OK;
}

int
nw_evidence_add_tag(struct nw_sink *s, const struct nw_tag *given)
{
	struct clauses c;
	struct nw_tag t;
	Nw__Tag *out;

	if (nw_sink_allowed(s, NW_PHASE_TAG, "add_tag") != NW_OK)
		return NW_EPLUGIN;
	nw_sink_sized(&t, sizeof(t), given);
	if (t.name.len == 0 || !known_class(nw_str_or_empty(t.cls)))
		return nw_sink_fail(s, NW_EPLUGIN, "a tag without a name, or of a class that is not news, stance, mention");
	if (s->tags.n == NW_TAGS_MAX)
		return NW_ELIMIT;
	if ((out = nw_arena_alloc(s->items, sizeof(*out))) == NULL ||
	    begin_clauses(s, &c, t.clause, t.nclause, t.nhits) == -1)
		return nw_sink_fail(s, NW_ELIMIT, "no memory for a tag");
	nw__tag__init(out);
	out->kind = nw_pb(nw_sink_text(s, t.kind.len != 0 ? t.kind : NW_STR("topic"), NW_NAME_MAX, NULL));
	out->name = nw_pb(nw_sink_text(s, t.name, NW_TAG_NAME_MAX, NULL));
	out->cls = nw_pb(nw_sink_text(s, t.cls, NW_NAME_MAX, NULL));
	if (tagged_already(s, out))
		return NW_OK;
	out->score = t.has_score ? t.score : 0;
	out->has_score = t.has_score != 0;
	out->hits = take_hits(s, t.hits, t.nhits, &c, &out->n_hits);
	out->clause = c.text;
	out->n_clause = c.n;
	return publish(s, out);
}

/* --- alerts ------------------------------------------------------------------------------------------------------ */

static int
fill_alert(struct nw_sink *s, const struct nw_alert *a, Nw__Alert *out)
{
	const struct nw_entry_info *entry = &s->inst->info[a->entry];
	struct clauses c;

	nw__alert__init(out);
	out->plugin = s->inst->index;
	out->entry = entry->section_index;
	out->severity = a->severity < entry->severity ? a->severity : entry->severity;
	out->score = a->has_score ? a->score : 0;
	out->has_score = a->has_score != 0;
	out->near = a->near != 0;
	if (s->count_only)
		return 0;
	if (begin_clauses(s, &c, a->clause, a->nclause, (size_t)a->nhits + a->nblocked) == -1)
		return -1;
	out->key = nw_pb(nw_sink_text(s, a->key, NW_KEY_MAX, NULL));
	out->hits = take_hits(s, a->hits, a->nhits, &c, &out->n_hits);
	for (size_t i = 0; i < out->n_hits; i++)
		out->hits[i]->quote = nw_quote_of(s->article, out->hits[i]);
	out->blocked = take_hits(s, a->blocked, a->nblocked, &c, &out->n_blocked);
	out->clause = c.text;
	out->n_clause = c.n;
	return 0;
}

int
nw_evidence_add_alert(struct nw_sink *s, const struct nw_alert *given)
{
	struct nw_alert a;
	Nw__Alert *out;

	if (nw_sink_allowed(s, NW_PHASE_RULE, "add_alert") != NW_OK)
		return NW_EPLUGIN;
	nw_sink_sized(&a, sizeof(a), given);
	if (a.entry >= s->inst->nentry)
		return nw_sink_fail(s, NW_EPLUGIN, "an alert of entry %u of %u", a.entry, s->inst->nentry);
	if (a.near && !s->near)
		return NW_OK;
	if (s->alerts.n == NW_ALERTS_MAX) {
		nw_sink_note(s, "alerts beyond the first %d of one article are left out", NW_ALERTS_MAX);
		return NW_ELIMIT;
	}
	if ((out = nw_arena_alloc(s->items, sizeof(*out))) == NULL || fill_alert(s, &a, out) == -1 ||
	    nw_vec_add(s->items, &s->alerts, out) == -1)
		return nw_sink_fail(s, NW_ELIMIT, "the alerts need more than %u bytes", NW_BATCH_ARENA_MAX);
	return NW_OK;
}
