#include "base/arena.h"
#include "core/batch.h"
#include "core/frame.h"

static struct nw_time
view_time(const Nw__Time *t)
{
	return t != NULL ? (struct nw_time){t->at_ms, t->precision, t->origin}
			 : (struct nw_time){.at_ms = NW_TIME_NONE};
}

static int
view_arrays(struct nw_arena *arena, const Nw__Article *a, struct nw_article *v)
{
	struct nw_str *categories = nw_arena_array(arena, a->n_categories, sizeof(*categories));
	struct nw_enclosure *enclosures = nw_arena_array(arena, a->n_enclosures, sizeof(*enclosures));

	if (categories == NULL || enclosures == NULL)
		return -1;
	for (size_t i = 0; i < a->n_categories; i++)
		categories[i] = nw_pb_str(a->categories[i]);
	for (size_t i = 0; i < a->n_enclosures; i++)
		enclosures[i] = (struct nw_enclosure){nw_pb_str(a->enclosures[i]->url),
		    nw_pb_str(a->enclosures[i]->type), a->enclosures[i]->length};
	v->categories = categories;
	v->ncategories = (uint32_t)a->n_categories;
	v->enclosures = enclosures;
	v->nenclosures = (uint32_t)a->n_enclosures;
	return 0;
}

int
nw_batch_article(struct nw_arena *arena, const Nw__Article *a, struct nw_article *view_r)
{
	*view_r = (struct nw_article){
	    .size = sizeof(*view_r),
	    .flags = a->flags,
	    .guid = nw_pb_str(a->guid),
	    .key = nw_pb_str(a->key),
	    .url = nw_pb_str(a->url),
	    .title = nw_pb_str(a->title),
	    .title_html = {"", 0},
	    .author = nw_pb_str(a->author),
	    .summary = nw_pb_str(a->summary),
	    .summary_html = {"", 0},
	    .body = nw_pb_str(a->body),
	    .body_html = nw_pb_str(a->body_html),
	    .lang = nw_pb_str(a->lang),
	    .number = nw_pb_str(a->number),
	    .source = nw_pb_str(a->source),
	    .published = view_time(a->published),
	    .updated = view_time(a->updated),
	    .first_seen_ms = a->first_seen_ms,
	    .revision = a->revision != 0 ? a->revision : 1,
	    .prev_title = nw_pb_str(a->prev_title),
	    .prev_body = nw_pb_str(a->prev_body),
	};
	return view_arrays(arena, a, view_r);
}

/* --- evidence */

struct nw_hit *
nw_batch_hits(struct nw_arena *a, Nw__Hit *const *hits, size_t n)
{
	struct nw_hit *out = nw_arena_array(a, n, sizeof(*out));

	for (size_t i = 0; out != NULL && i < n; i++)
		out[i] = (struct nw_hit){
		    .field = hits[i]->field,
		    .off = hits[i]->off,
		    .len = hits[i]->len,
		    .passage_off = hits[i]->passage_off,
		    .passage_len = hits[i]->passage_len,
		    .clause = hits[i]->clause,
		    .weight = hits[i]->weight,
		};
	return out;
}

struct nw_str *
nw_batch_clauses(struct nw_arena *a, const ProtobufCBinaryData *clause, size_t n)
{
	struct nw_str *out = nw_arena_array(a, n, sizeof(*out));

	for (size_t i = 0; out != NULL && i < n; i++)
		out[i] = nw_pb_str(clause[i]);
	return out;
}

const struct nw_tag *
nw_batch_tag(struct nw_arena *a, const Nw__Tag *t)
{
	struct nw_hit *hits = nw_batch_hits(a, t->hits, t->n_hits);
	struct nw_str *clause = nw_batch_clauses(a, t->clause, t->n_clause);
	struct nw_tag *view = nw_arena_alloc(a, sizeof(*view));

	if (hits == NULL || clause == NULL || view == NULL)
		return NULL;
	*view = (struct nw_tag){
	    .size = sizeof(*view),
	    .nhits = (uint32_t)t->n_hits,
	    .kind = nw_pb_str(t->kind),
	    .name = nw_pb_str(t->name),
	    .cls = nw_pb_str(t->cls),
	    .score = t->score,
	    .has_score = (uint32_t)t->has_score,
	    .nclause = (uint32_t)t->n_clause,
	    .hits = hits,
	    .clause = clause,
	};
	return view;
}
