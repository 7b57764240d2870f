#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/limits.h"
#include "query/prefix.h"
#include "query/reach.h"

#define GRAM 3u /* bytes */

static uint32_t
gram_at(const struct nw_reach *r, const char *p)
{
	uint32_t g = (uint32_t)(unsigned char)p[0] | (uint32_t)(unsigned char)p[1] << 8 | (uint32_t)(unsigned char)p[2] << 16;

	return (g * 2654435761u) >> (32 - r->bits);
}

/* The longest run without wildcard of at least GRAM bytes; its end is the rarer part of a prefix. */
static const char *
find_gram(struct nw_str s)
{
	const char *best = NULL;
	size_t run = 0, longest = 0;

	for (size_t i = 0; i < s.len; i++) {
		run = s.p[i] == '*' || s.p[i] == '?' ? 0 : run + 1;
		if (run >= GRAM && run > longest) {
			longest = run;
			best = s.p + i + 1 - GRAM;
		}
	}
	return best;
}

static void
add_pattern(struct nw_reach *r, uint32_t key)
{
	const char *gram = find_gram(nw_words_text(r->words, key));
	uint32_t *first;

	if (gram == NULL) {
		r->rest[r->nrest++] = key;
		return;
	}
	first = &r->bucket[gram_at(r, gram)];
	r->entry[r->nentry] = (struct nw_reach_entry){key, *first};
	*first = ++r->nentry;
}

int
nw_reach_init(struct nw_reach *r, const struct nw_words *w)
{
	uint32_t patterns = w->count[NW_WORDS_WILD] + w->count[NW_WORDS_HANGUL];

	*r = (struct nw_reach){.words = w, .bits = 8};
	while (r->bits < 20 && (1u << r->bits) < 4 * patterns)
		r->bits++;
	r->bucket = calloc((size_t)1 << r->bits, sizeof(*r->bucket));
	r->entry = calloc(patterns + 1, sizeof(*r->entry));
	r->rest = calloc(patterns + 1, sizeof(*r->rest));
	r->fuzzy = calloc(w->count[NW_WORDS_FUZZY] + 1, sizeof(*r->fuzzy));
	if (r->bucket == NULL || r->entry == NULL || r->rest == NULL || r->fuzzy == NULL) {
		nw_reach_done(r);
		return -1;
	}
	for (uint32_t k = NW_WORDS_FIRST; k < w->nkey; k++) {
		if (w->key[k].kind == NW_WORDS_WILD || w->key[k].kind == NW_WORDS_HANGUL)
			add_pattern(r, k);
		else if (w->key[k].kind == NW_WORDS_FUZZY)
			r->fuzzy[r->nfuzzy++] = k;
	}
	return 0;
}

void
nw_reach_done(struct nw_reach *r)
{
	free(r->bucket);
	free(r->entry);
	free(r->rest);
	free(r->fuzzy);
	*r = (struct nw_reach){0};
}

int
nw_reach_any(const struct nw_reach *r, int flags)
{
	return r->nentry + r->nrest + r->nfuzzy != 0 || (flags & NW_REACH_ARABIC);
}

int
nw_reach_glob(struct nw_str pattern, struct nw_str word)
{
	const char *p = pattern.p, *pend = p + pattern.len, *w = word.p, *wend = w + word.len;
	const char *star = NULL, *retry = NULL;

	while (w < wend) {
		if (p < pend && *p == '*') {
			star = ++p;
			retry = w;
		} else if (p < pend && *p == '?') {
			size_t n;

			(void)nw_utf8_next(w, wend, &n);
			w += n;
			p++;
		} else if (p < pend && *p == *w) {
			p++;
			w++;
		} else if (star != NULL) {
			p = star; /* the last star takes one byte more; a "?" behind it only counts from whole characters */
			do
				retry++;
			while (retry < wend && ((unsigned char)*retry & 0xc0) == 0x80);
			w = retry;
		} else {
			return 0;
		}
	}
	while (p < pend && *p == '*')
		p++;
	return p == pend;
}

static uint32_t
decode(struct nw_str s, int32_t out[NW_QUERY_FUZZY_MAX])
{
	const char *p = s.p, *end = p + s.len;
	uint32_t n = 0;
	size_t len;

	for (; p < end; p += len) {
		if (n == NW_QUERY_FUZZY_MAX)
			return n + 1;
		out[n++] = nw_utf8_next(p, end, &len);
	}
	return n;
}

static uint32_t
least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

uint32_t
nw_reach_edits(struct nw_str s, struct nw_str t, uint32_t max)
{
	int32_t a[NW_QUERY_FUZZY_MAX], b[NW_QUERY_FUZZY_MAX];
	uint32_t row[3][NW_QUERY_FUZZY_MAX + 1]; /* this row and the two above, in turn */
	uint32_t na = decode(s, a), nb = decode(t, b);

	if (na > NW_QUERY_FUZZY_MAX || nb > NW_QUERY_FUZZY_MAX || na > nb + max || nb > na + max)
		return max + 1;
	for (uint32_t j = 0; j <= nb; j++)
		row[0][j] = j;
	for (uint32_t i = 1; i <= na; i++) {
		uint32_t *now = row[i % 3], *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3], low = i;

		now[0] = i;
		for (uint32_t j = 1; j <= nb; j++) {
			now[j] = least(least(up[j], now[j - 1]) + 1, up[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least(now[j], up2[j - 2] + 1);
			low = least(low, now[j]);
		}
		if (low > max)
			return max + 1;
	}
	return least(row[na % 3][nb], max + 1);
}

void
nw_reach_add(struct nw_reach_out *out, uint32_t key)
{
	if (key == 0)
		return;
	for (uint32_t i = 0; i < out->n; i++)
		if (out->key[i] == key)
			return;
	if (out->n == out->cap) {
		uint32_t cap = out->cap == 0 ? 16 : 2 * out->cap;
		uint32_t *v;

		if (out->n >= NW_QUERY_REACH_MAX)
			return;
		if ((v = realloc(out->key, cap * sizeof(*v))) == NULL) {
			out->failed = 1;
			return;
		}
		out->key = v;
		out->cap = cap;
	}
	out->key[out->n++] = key;
}

static void
try_pattern(const struct nw_reach *r, uint32_t key, struct nw_str word, struct nw_reach_out *out)
{
	struct nw_str s = nw_words_text(r->words, key);

	if (r->words->key[key].kind == NW_WORDS_HANGUL ? memmem(word.p, word.len, s.p, s.len) != NULL
						       : nw_reach_glob(s, word))
		nw_reach_add(out, key);
}

/* Everything but what the word itself is. */
static void
find_likeness(const struct nw_reach *r, struct nw_str word, struct nw_reach_out *out)
{
	for (size_t i = 0; i + GRAM <= word.len && r->nentry != 0; i++)
		for (uint32_t e = r->bucket[gram_at(r, word.p + i)]; e != 0; e = r->entry[e - 1].next)
			try_pattern(r, r->entry[e - 1].key, word, out);
	for (uint32_t i = 0; i < r->nrest; i++)
		try_pattern(r, r->rest[i], word, out);
	for (uint32_t i = 0; i < r->nfuzzy; i++) {
		struct nw_str s = nw_words_text(r->words, r->fuzzy[i]);
		uint32_t max = nw_utf8_count(s) < 8 ? 1 : 2;

		if (nw_reach_edits(s, word, max) <= max)
			nw_reach_add(out, r->fuzzy[i]);
	}
}

void
nw_reach_find(const struct nw_reach *r, struct nw_str word, int flags, struct nw_reach_out *out)
{
	struct nw_str bare[NW_PREFIX_FORMS];
	uint32_t n = flags & NW_REACH_ARABIC ? nw_prefix_strip(word, bare) : 0;

	out->n = 0;
	if (word.len > NW_QUERY_REACH_WORD_MAX)
		return;
	find_likeness(r, word, out);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t key = nw_words_find(r->words, NW_WORDS_PLAIN, bare[i]);

		nw_reach_add(out, key);
		find_likeness(r, bare[i], out);
	}
}
