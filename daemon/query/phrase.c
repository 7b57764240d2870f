#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "core/limits.h"
#include "query/phrase.h"

static int
is_same(const struct nw_phrases *p, uint32_t id, const struct nw_matcher *m, uint32_t n)
{
	return p->phrase[id].n == n && memcmp(p->matcher + p->phrase[id].first, m, n * sizeof(*m)) == 0;
}

static uint32_t *
find_slot(const struct nw_phrases *p, const struct nw_matcher *m, uint32_t n)
{
	uint32_t i = (uint32_t)nw_hash64(m, n * sizeof(*m)) & p->mask;

	while (p->slot[i] != 0 && !is_same(p, p->slot[i] - 1, m, n))
		i = (i + 1) & p->mask;
	return &p->slot[i];
}

static int
grow_phrases(struct nw_phrases *p)
{
	uint32_t cap = p->cap == 0 ? 256 : 2 * p->cap, size = 2 * cap;
	struct nw_phrase *v = realloc(p->phrase, cap * sizeof(*v));
	uint32_t *slot;

	if (v == NULL)
		return -1;
	p->phrase = v;
	if ((slot = calloc(size, sizeof(*slot))) == NULL)
		return -1;
	free(p->slot);
	p->slot = slot;
	p->mask = size - 1;
	p->cap = cap;
	for (uint32_t i = 0; i < p->n; i++)
		*find_slot(p, p->matcher + v[i].first, v[i].n) = i + 1;
	return 0;
}

static int
grow_matchers(struct nw_phrases *p, uint32_t n)
{
	uint32_t cap = p->matcher_cap == 0 ? 1024 : p->matcher_cap;
	struct nw_matcher *m;

	while (cap < p->nmatcher + n)
		cap *= 2;
	if (cap == p->matcher_cap)
		return 0;
	if ((m = realloc(p->matcher, cap * sizeof(*m))) == NULL)
		return -1;
	p->matcher = m;
	p->matcher_cap = cap;
	return 0;
}

uint32_t
nw_phrase_add(struct nw_phrases *p, const struct nw_matcher *m, uint32_t n)
{
	uint32_t *slot;

	if (n == 0 || n > NW_TERM_WORDS_MAX || (p->n == p->cap && (p->n >= NW_QUERY_PHRASES_MAX || grow_phrases(p) == -1)))
		return NW_PHRASE_NONE;
	slot = find_slot(p, m, n);
	if (*slot != 0)
		return *slot - 1;
	if (grow_matchers(p, n) == -1)
		return NW_PHRASE_NONE;
	memcpy(p->matcher + p->nmatcher, m, n * sizeof(*m));
	p->phrase[p->n] = (struct nw_phrase){.first = p->nmatcher, .n = (uint16_t)n};
	p->nmatcher += n;
	for (uint32_t i = 0; i < n; i++)
		p->words.key[m[i].key].uses++;
	*slot = ++p->n;
	return p->n - 1;
}

size_t
nw_phrase_bytes(const struct nw_phrases *p)
{
	return nw_words_bytes(&p->words) + p->cap * (sizeof(*p->phrase) + 2 * sizeof(*p->slot)) +
	    p->matcher_cap * sizeof(*p->matcher) +
	    (p->hits != NULL ? p->n * (sizeof(*p->hits) + 2 * sizeof(uint32_t)) + p->words.nkey * (sizeof(uint32_t) + 1) +
		(p->pair_mask + 1) * sizeof(*p->pair) : 0);
}

void
nw_phrase_done(struct nw_phrases *p)
{
	nw_words_done(&p->words);
	free(p->phrase);
	free(p->matcher);
	free(p->slot);
	free(p->flags);
	free(p->alone_first);
	free(p->alone);
	free(p->pair);
	free(p->paired);
	free(p->bloom);
	free(p->hits);
	free(p->found);
	*p = (struct nw_phrases){0};
}
