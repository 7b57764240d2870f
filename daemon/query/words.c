#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "query/wordhash.h"
#include "query/words.h"

static uint32_t *
find_slot(const struct nw_words *w, enum nw_words_kind kind, struct nw_str s)
{
	uint64_t h = nw_wordhash(s.p, s.len) + kind * NW_WORDHASH_A;
	uint32_t i;

	for (i = (uint32_t)(h >> 20) & w->mask; w->slot[i] != 0; i = (i + 1) & w->mask) {
		const struct nw_words_key *k = &w->key[w->slot[i]];

		if (k->kind == kind && k->len == s.len && memcmp(w->text.p + k->off, s.p, s.len) == 0)
			break;
	}
	return &w->slot[i];
}

static int
rehash(struct nw_words *w, uint32_t size)
{
	uint32_t *slot = calloc(size, sizeof(*slot)), *old = w->slot;

	if (slot == NULL)
		return -1;
	w->slot = slot;
	w->mask = size - 1;
	for (uint32_t k = NW_WORDS_FIRST; k < w->nkey; k++)
		*find_slot(w, w->key[k].kind, nw_words_text(w, k)) = k;
	free(old);
	return 0;
}

static int
grow(struct nw_words *w)
{
	uint32_t cap = w->cap == 0 ? 256 : 2 * w->cap;
	struct nw_words_key *key = realloc(w->key, cap * sizeof(*key));

	if (key == NULL)
		return -1;
	w->key = key;
	w->cap = cap;
	if (w->nkey == 0) {
		memset(key, 0, NW_WORDS_FIRST * sizeof(*key));
		w->nkey = NW_WORDS_FIRST;
	}
	return rehash(w, 2 * cap);
}

uint32_t
nw_words_add(struct nw_words *w, enum nw_words_kind kind, struct nw_str s)
{
	uint32_t *slot;

	if (w->nkey == w->cap && (w->nkey >= NW_QUERY_KEYS_MAX || grow(w) == -1))
		return 0;
	slot = find_slot(w, kind, s);
	if (*slot != 0)
		return *slot;
	w->key[w->nkey] = (struct nw_words_key){(uint32_t)w->text.len, (uint32_t)s.len, kind, 0};
	nw_buf_add(&w->text, s.p, s.len);
	if (w->text.failed || w->text.len > UINT32_MAX)
		return 0;
	w->count[kind]++;
	*slot = w->nkey;
	return w->nkey++;
}

uint32_t
nw_words_find(const struct nw_words *w, enum nw_words_kind kind, struct nw_str s)
{
	return w->nkey == 0 ? 0 : *find_slot(w, kind, s);
}

size_t
nw_words_bytes(const struct nw_words *w)
{
	return w->cap * sizeof(*w->key) + w->text.cap + (w->nkey != 0 ? (w->mask + 1) * sizeof(*w->slot) : 0);
}

void
nw_words_done(struct nw_words *w)
{
	free(w->key);
	free(w->slot);
	nw_buf_done(&w->text);
	*w = (struct nw_words){0};
}
