#include <stdlib.h>
#include <string.h>

#include "query/anchor.h"

#define BLOOM_BITS_EACH 16u /* bits a pair: one in twenty pairs that are none passes */

/* How often a word is met, guessed: by the number of phrases that hold it, more for short words and likenesses. */
static uint32_t
word_cost(const struct nw_words *w, uint32_t key)
{
	const struct nw_words_key *k = &w->key[key];
	uint32_t rarity = k->len < 4 ? 64 : k->len < 6 ? 8 : 2;

	return (1 + k->uses) * rarity * (k->kind == NW_WORDS_PLAIN ? 1 : 4);
}

/* Nothing is left to look at once the anchor is found. */
static uint32_t
whole(const struct nw_phrases *p, const struct nw_phrase *ph)
{
	const struct nw_matcher *m = p->matcher + ph->first;
	uint32_t n = ph->anchor & NW_ANCHOR_PAIR ? 2 : 1;

	return ph->n == n && m[0].filter == 0 && m[n - 1].filter == 0 ? NW_ANCHOR_WHOLE : 0;
}

static int
is_plain(const struct nw_phrases *p, const struct nw_matcher *m)
{
	return p->words.key[m->key].kind == NW_WORDS_PLAIN;
}

/* How many phrases hold two words in a row: a small table of counts, by hash; what collides counts together. */
struct counts {
	uint32_t *v;
	unsigned bits;
};

static uint32_t *
count_of(const struct counts *c, const struct nw_matcher *m)
{
	return &c->v[nw_anchor_hash(m[0].key, m[1].key) >> (64 - c->bits)];
}

static int
count_pairs(const struct nw_phrases *p, struct counts *c)
{
	c->bits = 10;
	while (c->bits < 22 && (1u << c->bits) < 4 * p->nmatcher)
		c->bits++;
	if ((c->v = calloc((size_t)1 << c->bits, sizeof(*c->v))) == NULL)
		return -1;
	for (uint32_t i = 0; i < p->n; i++)
		for (uint32_t k = 0; k + 1 < p->phrase[i].n; k++)
			++*count_of(c, p->matcher + p->phrase[i].first + k);
	return 0;
}

/* Two words in a row are met far less often than either; of two pairs the one in fewer phrases is the better sign. */
static uint32_t
pair_cost(const struct nw_phrases *p, const struct counts *c, const struct nw_matcher *m)
{
	uint32_t a = word_cost(&p->words, m[0].key), b = word_cost(&p->words, m[1].key), low = a < b ? a : b;

	return (c != NULL ? *count_of(c, m) : 0) + (low < 65536 ? low : 65536) / 64;
}

static void
choose(struct nw_phrases *p, const struct counts *c, struct nw_phrase *ph)
{
	const struct nw_matcher *m = p->matcher + ph->first;
	uint32_t best = UINT32_MAX;

	for (uint32_t i = 0; i < ph->n; i++) {
		uint32_t cost = word_cost(&p->words, m[i].key);

		if (cost < best) {
			best = cost;
			ph->anchor = (uint16_t)i;
		}
		if (i + 1 < ph->n && is_plain(p, &m[i]) && is_plain(p, &m[i + 1]) && (cost = pair_cost(p, c, &m[i])) < best) {
			best = cost;
			ph->anchor = (uint16_t)(i | NW_ANCHOR_PAIR);
		}
	}
}

uint32_t
nw_anchor_cost(const struct nw_phrases *p, uint32_t id)
{
	const struct nw_phrase *ph = &p->phrase[id];
	const struct nw_matcher *m = p->matcher + ph->first + NW_ANCHOR_AT(ph);

	return 1 + (ph->anchor & NW_ANCHOR_PAIR ? pair_cost(p, NULL, m) : word_cost(&p->words, m->key));
}

void
nw_anchor_print(const struct nw_phrases *p, uint32_t id, struct nw_buf *out)
{
	const struct nw_phrase *ph = &p->phrase[id];
	const struct nw_matcher *m = p->matcher + ph->first + NW_ANCHOR_AT(ph);
	int han = 0;

	for (int i = 0; i < (ph->anchor & NW_ANCHOR_PAIR ? 2 : 1); i++) {
		struct nw_str s = nw_words_text(&p->words, m[i].key);

		han = i > 0 && (unsigned char)s.p[0] >= 0xe3; /* Han and Kana are written without a space */
		if (i > 0 && !han)
			nw_buf_addc(out, ' ');
		nw_buf_addstr(out, s);
	}
}

/* Phrases by the one word that anchors them: counted, then filled in. */
static int
index_alone(struct nw_phrases *p)
{
	uint32_t nkey = p->words.nkey, *first = calloc(nkey + 1, sizeof(*first)), total = 0;

	if ((p->alone_first = first) == NULL || (p->alone = calloc(p->n + 1, sizeof(*p->alone))) == NULL)
		return -1;
	for (uint32_t i = 0; i < p->n; i++)
		if (!(p->phrase[i].anchor & NW_ANCHOR_PAIR))
			first[p->matcher[p->phrase[i].first + p->phrase[i].anchor].key]++;
	for (uint32_t k = 0; k <= nkey; k++) {
		uint32_t n = k < nkey ? first[k] : 0;

		if (n != 0)
			p->flags[k] |= NW_VOCAB_ALONE >> 22;
		first[k] = total;
		total += n;
	}
	for (uint32_t i = 0; i < p->n; i++)
		if (!(p->phrase[i].anchor & NW_ANCHOR_PAIR))
			p->alone[first[p->matcher[p->phrase[i].first + p->phrase[i].anchor].key]++] = i | whole(p, &p->phrase[i]);
	/* each share's start has become its end, which is the next one's start */
	memmove(first + 1, first, nkey * sizeof(*first));
	first[0] = 0;
	return 0;
}

static struct nw_phrase_pair *
pair_slot(struct nw_phrases *p, const struct nw_matcher *m)
{
	uint32_t i = (uint32_t)(nw_anchor_hash(m[0].key, m[1].key) >> 24) & p->pair_mask;

	while (p->pair[i].n != 0 && (p->pair[i].left != m[0].key || p->pair[i].right != m[1].key))
		i = (i + 1) & p->pair_mask;
	return &p->pair[i];
}

static int
make_pair_table(struct nw_phrases *p)
{
	uint32_t size = 64, bits = 10, pairs = 0;

	for (uint32_t i = 0; i < p->n; i++)
		pairs += (p->phrase[i].anchor & NW_ANCHOR_PAIR) != 0;
	while (size < 2 * pairs)
		size *= 2;
	while (bits < 26 && (1u << bits) < BLOOM_BITS_EACH * pairs)
		bits++;
	p->pair = calloc(size, sizeof(*p->pair));
	p->pair_mask = size - 1;
	p->bloom = calloc(((size_t)1 << bits) / 64, sizeof(*p->bloom));
	p->bloom_shift = 64 - bits;
	p->paired = calloc(pairs + 1, sizeof(*p->paired));
	return p->pair != NULL && p->bloom != NULL && p->paired != NULL ? 0 : -1;
}

static void
index_pair(struct nw_phrases *p, const struct nw_matcher *m)
{
	struct nw_phrase_pair *pair = pair_slot(p, m);
	uint64_t bit = nw_anchor_hash(m[0].key, m[1].key) >> p->bloom_shift;

	pair->left = m[0].key;
	pair->right = m[1].key;
	p->npair += pair->n++ == 0;
	p->bloom[bit >> 6] |= (uint64_t)1 << (bit & 63);
	p->flags[m[0].key] |= NW_VOCAB_LEFT >> 22;
	p->flags[m[1].key] |= NW_VOCAB_RIGHT >> 22;
}

static int
index_pairs(struct nw_phrases *p)
{
	uint32_t total = 0;

	if (make_pair_table(p) == -1)
		return -1;
	for (uint32_t i = 0; i < p->n; i++)
		if (p->phrase[i].anchor & NW_ANCHOR_PAIR)
			index_pair(p, p->matcher + p->phrase[i].first + NW_ANCHOR_AT(&p->phrase[i]));
	for (uint32_t i = 0; i <= p->pair_mask; i++) {
		p->pair[i].first = total + p->pair[i].n; /* its end: filling counts down */
		total += p->pair[i].n;
	}
	for (uint32_t i = p->n; i-- > 0;)
		if (p->phrase[i].anchor & NW_ANCHOR_PAIR)
			p->paired[--pair_slot(p, p->matcher + p->phrase[i].first + NW_ANCHOR_AT(&p->phrase[i]))->first] =
			    i | whole(p, &p->phrase[i]);
	return 0;
}

int
nw_anchor_choose(struct nw_phrases *p)
{
	struct counts counts;

	if (count_pairs(p, &counts) == -1)
		return -1;
	for (uint32_t i = 0; i < p->n; i++)
		choose(p, &counts, &p->phrase[i]);
	free(counts.v);
	p->flags = calloc(p->words.nkey + 1, 1);
	p->hits = calloc(p->n + 1, sizeof(*p->hits));
	p->found = calloc(p->n + 1, sizeof(*p->found));
	if (p->flags == NULL || p->hits == NULL || p->found == NULL)
		return -1;
	return index_alone(p) == -1 || index_pairs(p) == -1 ? -1 : 0;
}
