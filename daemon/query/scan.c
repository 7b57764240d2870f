#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "query/anchor.h"
#include "query/fold.h"
#include "query/scan.h"

#define WAITING_MAX 64u

struct waiting {
	uint64_t hash;
	uint32_t left, right, i;
	const struct nw_phrase_pair *pair;
};

struct lone {
	uint32_t key, i;
};

struct scan {
	struct nw_phrases *p;
	const struct nw_vocab *v;
	const struct nw_vocab_tongue *tongue;
	const struct nw_scan_field *t;
	uint32_t nwaiting, nlone;
	struct waiting waiting[WAITING_MAX];
	struct lone lone[WAITING_MAX];
};

static int
holds_key(const struct scan *s, uint32_t id, uint32_t key)
{
	const uint32_t *keys;
	uint32_t n;

	keys = nw_vocab_keys(s->v, s->tongue, &id, &n);
	for (uint32_t i = 0; i < n; i++)
		if (keys[i] == key)
			return 1;
	return 0;
}

/* EXACT: the spelling of the text, composed (R22). */
static int
is_spelled(const struct scan *s, const struct nw_pos *pos, uint32_t exact)
{
	const char *p = s->t->text->s.p + pos->off;
	struct nw_str want = nw_words_text(&s->p->words, exact);
	char out[256];
	struct nw_buf b = {.p = out, .cap = sizeof(out), .max = sizeof(out) - 1};

	if ((pos->flags & (NW_POS_ASCII | NW_POS_DROPS)) == NW_POS_ASCII)
		return nw_str_eq(want, (struct nw_str){p, pos->len});
	if (want.len >= sizeof(out))
		return 0;
	nw_fold_exact(&b, p, pos->len, 0);
	return !b.failed && nw_str_eq(want, (struct nw_str){out, b.len});
}

static int
matches(const struct scan *s, uint32_t i, const struct nw_matcher *m)
{
	const struct nw_pos *pos = &s->t->text->pos[i];
	uint32_t id = NW_VOCAB_ID(pos->word), stem = s->t->stem != NULL ? NW_VOCAB_ID(s->t->stem[i]) : 0;

	if (!(id == m->key || (id >= s->v->words->nkey && holds_key(s, id, m->key)) || (stem != 0 && holds_key(s, stem, m->key))))
		return 0;
	if (m->filter == 0)
		return 1;
	if (m->filter == NW_PHRASE_CAPS)
		return (pos->flags & NW_POS_UPPER) != 0;
	return is_spelled(s, pos, m->filter);
}

static void
add_hit(struct nw_phrases *p, uint32_t id, uint32_t from, uint32_t to)
{
	struct nw_phrase_hits *h = &p->hits[id];

	if (h->article != p->article) {
		*h = (struct nw_phrase_hits){.article = p->article};
		p->found[p->nfound++] = id;
	} else if (h->n > 0 && h->v[h->n - 1].from == from) {
		return; /* the word answers to the anchor in two ways */
	}
	if (h->n == h->cap) {
		uint32_t cap = h->cap == 0 ? 2 : 4 * h->cap;
		struct nw_span *v = nw_arena_alloc(p->arena, cap * sizeof(*v));

		if (v == NULL) {
			p->failed = 1;
			return;
		}
		if (h->n != 0)
			memcpy(v, h->v, h->n * sizeof(*v));
		h->v = v;
		h->cap = cap;
	}
	h->v[h->n++] = (struct nw_span){from, to};
}

/* The phrase's anchor stands at position i: does the rest stand round it? */
static void
try_phrase(const struct scan *s, uint32_t id, uint32_t i)
{
	const struct nw_phrase *ph = &s->p->phrase[id];
	const struct nw_matcher *m = s->p->matcher + ph->first;
	const struct nw_pos *pos = s->t->text->pos;
	uint32_t at = NW_ANCHOR_AT(ph), start;

	if (i < at || ph->n - at > s->t->text->n - i)
		return;
	start = i - at;
	for (uint32_t j = 0; j < ph->n; j++)
		if ((j > 0 && (pos[start + j].flags & NW_POS_CUT)) || !matches(s, start + j, &m[j]))
			return;
	add_hit(s->p, id, s->t->base + start, s->t->base + start + ph->n - 1);
}

/* A word that anchors phrases stands at position i. */
static void
try_key(const struct scan *s, uint32_t key, uint32_t i)
{
	for (uint32_t a = s->p->alone_first[key]; a < s->p->alone_first[key + 1]; a++) {
		uint32_t phrase = s->p->alone[a];

		if (phrase & NW_ANCHOR_WHOLE)
			add_hit(s->p, phrase & ~NW_ANCHOR_WHOLE, s->t->base + i, s->t->base + i);
		else
			try_phrase(s, phrase, i);
	}
}

/* Like pairs (below), words wait for one another. */
static void
try_lone(struct scan *s)
{
	for (uint32_t k = 0; k < s->nlone; k++)
		__builtin_prefetch(&s->p->alone[s->p->alone_first[s->lone[k].key]]);
	for (uint32_t k = 0; k < s->nlone; k++)
		__builtin_prefetch(&s->p->hits[s->p->alone[s->p->alone_first[s->lone[k].key]] & ~NW_ANCHOR_WHOLE]);
	for (uint32_t k = 0; k < s->nlone; k++)
		try_key(s, s->lone[k].key, s->lone[k].i);
	s->nlone = 0;
}

static inline void
try_alone(struct scan *s, uint32_t id, uint32_t i)
{
	const uint32_t *keys;
	uint32_t n;

	keys = nw_vocab_keys(s->v, s->tongue, &id, &n);
	for (uint32_t k = 0; k < n; k++) {
		__builtin_prefetch(&s->p->alone_first[keys[k]]);
		s->lone[s->nlone++] = (struct lone){keys[k], i};
		if (s->nlone == WAITING_MAX)
			try_lone(s);
	}
}

/* A pair that anchors phrases stands at position i. */
static void
try_paired(const struct scan *s, const struct nw_phrase_pair *pair, uint32_t i)
{
	for (uint32_t a = pair->first; a < pair->first + pair->n; a++) {
		uint32_t phrase = s->p->paired[a];

		if (!(phrase & NW_ANCHOR_WHOLE))
			try_phrase(s, phrase, i);
		else if (!(s->t->text->pos[i + 1].flags & NW_POS_CUT))
			add_hit(s->p, phrase & ~NW_ANCHOR_WHOLE, s->t->base + i, s->t->base + i + 1);
	}
}

/*
 * Pairs wait until there are some of them: with a hundred thousand rules each look-up misses the caches, and asked for
 * one behind the other they wait for memory together.
 */
static void
try_waiting(struct scan *s)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < s->nwaiting; k++)
		if (nw_anchor_maybe(s->p, s->waiting[k].hash)) {
			s->waiting[n] = s->waiting[k];
			nw_anchor_fetch(s->p, s->waiting[n++].hash);
		}
	for (uint32_t k = 0; k < n; k++) {
		struct waiting *w = &s->waiting[k];

		w->pair = nw_anchor_pair(s->p, w->hash, w->left, w->right);
		if (w->pair != NULL)
			__builtin_prefetch(&s->p->paired[w->pair->first]);
	}
	for (uint32_t k = 0; k < n; k++)
		if (s->waiting[k].pair != NULL)
			__builtin_prefetch(&s->p->hits[s->p->paired[s->waiting[k].pair->first] & ~NW_ANCHOR_WHOLE]);
	for (uint32_t k = 0; k < n; k++)
		if (s->waiting[k].pair != NULL)
			try_paired(s, s->waiting[k].pair, s->waiting[k].i);
	s->nwaiting = 0;
}

static inline void
try_pair(struct scan *s, uint32_t left, uint32_t right, uint32_t i)
{
	uint64_t hash = nw_anchor_hash(left, right);

	nw_anchor_fetch_bloom(s->p, hash);
	s->waiting[s->nwaiting++] = (struct waiting){hash, left, right, i, NULL};
	if (s->nwaiting == WAITING_MAX)
		try_waiting(s);
}

/* Words that were learnt answer to several keys: each with each. */
static void
try_pairs(struct scan *s, uint32_t left, uint32_t right, uint32_t i)
{
	const uint32_t *a, *b;
	uint32_t na, nb;

	a = nw_vocab_keys(s->v, s->tongue, &left, &na);
	b = nw_vocab_keys(s->v, s->tongue, &right, &nb);
	for (uint32_t j = 0; j < na; j++)
		for (uint32_t k = 0; k < nb; k++)
			try_pair(s, a[j], b[k], i);
}

void
nw_scan_begin(struct nw_phrases *p, struct nw_arena *arena)
{
	p->arena = arena;
	p->nfound = 0;
	p->failed = 0;
	if (++p->article == 0) { /* after four thousand million articles the marks mean nothing */
		memset(p->hits, 0, p->n * sizeof(*p->hits));
		p->article = 1;
	}
}

void
nw_scan_text(struct nw_phrases *p, const struct nw_vocab *v, const struct nw_vocab_tongue *tongue,
    const struct nw_scan_field *t)
{
	struct scan s;
	const struct nw_pos *pos = t->text->pos;
	uint32_t nkey = v->words->nkey, before = 0;

	s.p = p; /* not initialised as a whole: the pairs that wait need not be cleared */
	s.v = v;
	s.tongue = tongue;
	s.t = t;
	s.nwaiting = s.nlone = 0;
	for (uint32_t i = 0; i < t->text->n; i++) {
		uint32_t word = pos[i].word, id = NW_VOCAB_ID(word);

		if ((before & NW_VOCAB_LEFT) && (word & NW_VOCAB_RIGHT)) {
			if (id < nkey && NW_VOCAB_ID(before) < nkey)
				try_pair(&s, NW_VOCAB_ID(before), id, i - 1);
			else
				try_pairs(&s, NW_VOCAB_ID(before), id, i - 1);
		}
		if (word & NW_VOCAB_ALONE)
			try_alone(&s, id, i);
		if (t->stem != NULL && (t->stem[i] & NW_VOCAB_ALONE))
			try_alone(&s, NW_VOCAB_ID(t->stem[i]), i);
		before = word;
	}
	try_waiting(&s);
	try_lone(&s);
}
