#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "query/fold.h"
#include "query/tongue.h"
#include "query/wordhash.h"

#define SLOTS_MIN 64u
#define SLOTS_EACH 4u /* of each word: the fewer words share a first slot, the fewer branches go wrong */

/* A slot moves by the low bits of its hash, which it does not hold: a larger table takes them from the words again. */
static void
put(struct nw_vocab_table *t, uint64_t hash, uint32_t word)
{
	uint32_t i;

	for (i = (uint32_t)hash & t->mask; t->slot[i] != 0; i = (i + 1) & t->mask)
		;
	t->slot[i] = nw_tongue_tag(hash) | word;
	t->used++;
}

static int
make_table(struct nw_vocab_table *t, uint32_t words)
{
	uint32_t size = SLOTS_MIN;

	while (size < SLOTS_EACH * words)
		size *= 2;
	t->slot = calloc(size, sizeof(*t->slot));
	t->mask = size - 1;
	return t->slot != NULL ? 0 : -1;
}

static int
by_hash(const void *a, const void *b)
{
	const struct nw_vocab_stem *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->key > y->key) - (x->key < y->key);
}

/* The folded stem of a word; in a language without a stemmer the folded word (R20). */
static int
stem(struct nw_vocab *v, const struct nw_vocab_tongue *t, struct nw_str lower, uint64_t *hash)
{
	nw_buf_reset(&v->folded);
	if (t->stemmer != NULL)
		nw_stem_word(t->stemmer, lower, &v->folded);
	else
		nw_fold_word(&v->folded, lower.p, lower.len);
	*hash = nw_wordhash(nw_buf_str(&v->folded).p, v->folded.len);
	return v->folded.failed ? -1 : 0;
}

/* The stems of all STEM keys in this language. */
static int
stem_keys(struct nw_vocab *v, struct nw_vocab_tongue *t)
{
	const struct nw_words *w = v->words;

	t->stem = calloc(w->count[NW_WORDS_STEM] + 1, sizeof(*t->stem));
	if (t->stem == NULL || (t->stemmer != NULL && make_table(&t->stems, NW_QUERY_LEARNT_MAX) == -1))
		return -1;
	for (uint32_t k = NW_WORDS_FIRST; k < w->nkey; k++) {
		if (w->key[k].kind != NW_WORDS_STEM)
			continue;
		if (stem(v, t, nw_words_text(w, k), &t->stem[t->nstem].hash) == -1)
			return -1;
		t->stem[t->nstem++].key = k;
	}
	qsort(t->stem, t->nstem, sizeof(*t->stem), by_hash);
	return 0;
}

static int
load_words(struct nw_vocab *v, struct nw_vocab_tongue *t)
{
	const struct nw_words *w = v->words;

	if (make_table(&t->words, w->count[NW_WORDS_PLAIN] + (t->learns ? NW_QUERY_LEARNT_MAX : 0)) == -1)
		return -1;
	for (uint32_t k = NW_WORDS_FIRST; k < w->nkey; k++) {
		struct nw_str s = nw_words_text(w, k);
		uint64_t hash;
		uint32_t word;

		if (w->key[k].kind != NW_WORDS_PLAIN)
			continue;
		hash = nw_wordhash(s.p, s.len);
		if (!t->learns)
			put(&t->words, hash, k | (uint32_t)v->flags[k] << 22);
		else if (nw_tongue_learn(v, t, s, hash, &word) == -1)
			return -1;
	}
	return 0;
}

struct nw_vocab_tongue *
nw_tongue_new(struct nw_vocab *v, const char *name)
{
	struct nw_vocab_tongue *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	(void)strncpy(t->name, name, sizeof(t->name) - 1);
	if (v->words->count[NW_WORDS_STEM] != 0)
		t->stemmer = nw_stem_open(name);
	t->flags = strcmp(name, "ar") == 0 ? NW_REACH_ARABIC : 0;
	if (stem_keys(v, t) == 0) {
		t->learns = nw_reach_any(&v->reach, t->flags) || (t->stemmer == NULL && t->nstem != 0);
		if (load_words(v, t) == 0)
			return t;
	}
	nw_tongue_free(t);
	return NULL;
}

void
nw_tongue_free(struct nw_vocab_tongue *t)
{
	if (t == NULL)
		return;
	nw_stem_close(t->stemmer);
	free(t->words.slot);
	free(t->stems.slot);
	free(t->stem);
	free(t->learnt);
	free(t->key);
	free(t);
}

static int
grow(void **v, uint32_t *cap, uint32_t need, size_t size)
{
	uint32_t n = *cap == 0 ? 64 : *cap;
	void *p;

	if (need <= *cap)
		return 0;
	while (n < need)
		n *= 2;
	if ((p = realloc(*v, n * size)) == NULL)
		return -1;
	*v = p;
	*cap = n;
	return 0;
}

/* An id for these keys. */
static int
record(struct nw_vocab *v, struct nw_vocab_tongue *t, const uint32_t *key, uint32_t n, uint32_t *word)
{
	uint32_t flags = 0;
	void *keys = t->key, *learnt = t->learnt;

	if (v->words->nkey + t->nlearnt >= NW_VOCAB_ID(UINT32_MAX))
		return -1;
	if (grow(&keys, &t->key_cap, t->nkey + n, sizeof(*t->key)) == -1)
		return -1;
	t->key = keys;
	if (grow(&learnt, &t->learnt_cap, t->nlearnt + 1, sizeof(*t->learnt)) == -1)
		return -1;
	t->learnt = learnt;
	memcpy(t->key + t->nkey, key, n * sizeof(*key));
	for (uint32_t i = 0; i < n; i++)
		flags |= v->flags[key[i]];
	*word = (v->words->nkey + t->nlearnt) | flags << 22;
	t->learnt[t->nlearnt++] = (struct nw_vocab_learnt){t->nkey, n};
	t->nkey += n;
	return 0;
}

/* Past three quarters of the table a word is resolved each time it is met, until the table is made anew. */
static void
remember(struct nw_vocab_table *t, uint64_t hash, uint32_t word)
{
	if (t->used < t->mask / 4 * 3)
		put(t, hash, word);
}

/* The STEM keys that share a stem. */
static void
add_stems(struct nw_vocab *v, const struct nw_vocab_tongue *t, uint64_t hash)
{
	struct nw_vocab_stem want = {hash, 0};
	uint32_t lo = 0, hi = t->nstem;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (by_hash(&t->stem[mid], &want) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < t->nstem && t->stem[lo].hash == hash; lo++)
		nw_reach_add(&v->out, t->stem[lo].key);
}

int
nw_tongue_learn(struct nw_vocab *v, struct nw_vocab_tongue *t, struct nw_str folded, uint64_t hash, uint32_t *word)
{
	uint32_t own = nw_words_find(v->words, NW_WORDS_PLAIN, folded);

	*word = 0;
	nw_reach_find(&v->reach, folded, t->flags, &v->out);
	if (t->stemmer == NULL)
		add_stems(v, t, hash);
	if (v->out.failed)
		return -1;
	if (own != 0 && v->out.n == 0) {
		*word = own | (uint32_t)v->flags[own] << 22;
	} else if (v->out.n != 0) {
		nw_reach_add(&v->out, own);
		if (v->out.failed || record(v, t, v->out.key, v->out.n, word) == -1)
			return -1;
	}
	remember(&t->words, hash, *word);
	return 0;
}

int
nw_tongue_learn_stem(struct nw_vocab *v, struct nw_vocab_tongue *t, struct nw_str lower, uint64_t hash, uint32_t *word)
{
	uint64_t stemmed;

	*word = 0;
	if (stem(v, t, lower, &stemmed) == -1)
		return -1;
	v->out.n = 0;
	add_stems(v, t, stemmed);
	if (v->out.failed || (v->out.n != 0 && record(v, t, v->out.key, v->out.n, word) == -1))
		return -1;
	remember(&t->stems, hash, *word);
	return 0;
}
