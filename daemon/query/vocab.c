#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "query/fold.h"
#include "query/tongue.h"
#include "query/vocab.h"
#include "query/wordhash.h"

int
nw_vocab_init(struct nw_vocab *v, const struct nw_words *words, const uint8_t *flags)
{
	*v = (struct nw_vocab){.words = words, .flags = flags};
	return nw_reach_init(&v->reach, words);
}

void
nw_vocab_done(struct nw_vocab *v)
{
	for (uint32_t i = 0; i < v->ntongue; i++)
		nw_tongue_free(v->tongue[i]);
	nw_reach_done(&v->reach);
	free(v->out.key);
	nw_buf_done(&v->word);
	nw_buf_done(&v->folded);
	*v = (struct nw_vocab){0};
}

/* Languages differ only by stemmer, and that only matters if somebody asks for stems; Arabic also has prefixes. */
struct nw_vocab_tongue *
nw_vocab_open(struct nw_vocab *v, struct nw_str lang)
{
	char name[NW_STEM_NAME_MAX];
	struct nw_vocab_tongue *t;

	nw_stem_name(lang, name);
	if (v->words->count[NW_WORDS_STEM] == 0 && strcmp(name, "ar") != 0)
		name[0] = '\0';
	for (uint32_t i = 0; i < v->ntongue; i++) {
		if (strcmp(v->tongue[i]->name, name) != 0)
			continue;
		t = v->tongue[i];
		if (t->words.used + t->stems.used <= v->words->count[NW_WORDS_PLAIN] + NW_QUERY_LEARNT_MAX)
			return t;
		nw_tongue_free(t); /* what was learnt is forgotten as a whole */
		v->tongue[i] = v->tongue[--v->ntongue];
		break;
	}
	if (v->ntongue == NW_VOCAB_TONGUES_MAX || (t = nw_tongue_new(v, name)) == NULL)
		return NULL;
	v->tongue[v->ntongue++] = t;
	return t;
}

/* A word met for the first time: what it reaches, remembered. */
static int
learn(struct nw_vocab *v, struct nw_vocab_tongue *t, const struct nw_text *text, uint32_t i, uint32_t *word)
{
	nw_buf_reset(&v->word);
	nw_fold_word(&v->word, text->s.p + text->pos[i].off, text->pos[i].len);
	if (v->word.failed)
		return -1;
	return nw_tongue_learn(v, t, nw_buf_str(&v->word), text->hash[i], word);
}

/* The first slot decides nearly always; without a branch on what it holds, since that cannot be foreseen. */
static int
look_words(struct nw_vocab *v, struct nw_vocab_tongue *t, struct nw_text *text)
{
	const uint64_t *slot = t->words.slot, *hash = text->hash;
	uint32_t mask = t->words.mask, n = text->n;
	struct nw_pos *pos = text->pos;

	for (uint32_t i = 0; i < n; i++) {
		uint64_t s = slot[hash[i] & mask], differs = (s ^ nw_tongue_tag(hash[i])) & NW_TONGUE_TAG;

		__builtin_prefetch(&slot[hash[i + 8 < n ? i + 8 : i] & mask]);
		pos[i].word = differs == 0 ? (uint32_t)(s & ~NW_TONGUE_TAG) : 0;
		if (__builtin_expect(s != 0 && differs != 0, 0) && nw_tongue_find(&t->words, hash[i], &pos[i].word))
			continue;
		if (t->learns && differs != 0 && !(pos[i].flags & NW_POS_PARA)) {
			if (learn(v, t, text, i, &pos[i].word) == -1)
				return -1;
			slot = t->words.slot;
			mask = t->words.mask;
		}
	}
	return 0;
}

static int
look_stems(struct nw_vocab *v, struct nw_vocab_tongue *t, const struct nw_text *text, uint32_t *stem)
{
	for (uint32_t i = 0; i < text->n; i++) {
		const struct nw_pos *pos = &text->pos[i];
		uint64_t hash = text->hash[i];
		struct nw_str word = {text->s.p + pos->off, pos->len};

		stem[i] = 0;
		if (pos->flags & NW_POS_PARA)
			continue;
		if ((pos->flags & (NW_POS_ASCII | NW_POS_DROPS)) == NW_POS_ASCII && nw_tongue_find(&t->stems, hash, &stem[i]))
			continue;
		nw_buf_reset(&v->word);
		nw_fold_exact(&v->word, word.p, word.len, 1);
		word = nw_buf_str(&v->word);
		hash = nw_wordhash(word.p, word.len);
		if (!nw_tongue_find(&t->stems, hash, &stem[i]) && nw_tongue_learn_stem(v, t, word, hash, &stem[i]) == -1)
			return -1;
	}
	return 0;
}

int
nw_vocab_look(struct nw_vocab *v, struct nw_vocab_tongue *t, struct nw_text *text, uint32_t *stem)
{
	if (look_words(v, t, text) == -1)
		return -1;
	if (stem == NULL)
		return 0;
	if (t->stemmer != NULL)
		return look_stems(v, t, text, stem);
	memset(stem, 0, text->n * sizeof(*stem));
	return 0;
}

size_t
nw_vocab_bytes(const struct nw_vocab *v)
{
	size_t n = 0;

	for (uint32_t i = 0; i < v->ntongue; i++) {
		const struct nw_vocab_tongue *t = v->tongue[i];

		n += (t->words.mask + 1 + t->stems.mask + 1) * sizeof(uint64_t) + t->learnt_cap * sizeof(*t->learnt) +
		    t->key_cap * sizeof(*t->key);
	}
	return n;
}
