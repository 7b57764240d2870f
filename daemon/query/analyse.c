#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "core/limits.h"
#include "query/cut.h"
#include "query/fold.h"
#include "query/segment.h"
#include "query/sentence.h"
#include "query/wordhash.h"

struct nw_analyse *
nw_analyse_new(void)
{
	return calloc(1, sizeof(struct nw_analyse));
}

void
nw_analyse_free(struct nw_analyse *an)
{
	if (an == NULL)
		return;
	nw_segment_close(an);
	nw_buf_done(&an->fold);
	nw_text_done(&an->term);
	free(an);
}

void
nw_analyse_warm(struct nw_analyse *an)
{
	struct nw_str s = NW_STR("e\xcc\x81\xd0\xb8\xcc\x86"); /* a sequence for the normaliser */

	nw_segment_warm(an);
	nw_buf_reset(&an->fold);
	nw_fold_word(&an->fold, s.p, s.len);
	nw_fold_exact(&an->fold, s.p, s.len, 1);
}

int
nw_analyse_text(struct nw_analyse *an, struct nw_str s, struct nw_text *t)
{
	t->s = s;
	if (nw_cut(an, t, 0) == 0)
		return 0;
	t->n = 0;
	return -1;
}

int
nw_analyse_sentences(struct nw_text *t, struct nw_str lang)
{
	return nw_sentence_find(t, lang);
}

uint32_t
nw_analyse_sentence_of(const struct nw_text *t, uint32_t i)
{
	uint32_t lo = 0, hi = t->nsentence;

	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (t->sentence[mid].pos <= i)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

void
nw_text_done(struct nw_text *t)
{
	free(t->pos);
	free(t->hash);
	free(t->sentence);
	*t = (struct nw_text){0};
}

void
nw_analyse_fold(struct nw_analyse *an, const struct nw_text *t, uint32_t i, struct nw_buf *out)
{
	(void)an;
	nw_fold_word(out, t->s.p + t->pos[i].off, t->pos[i].len);
}

void
nw_analyse_exact(struct nw_analyse *an, const struct nw_text *t, uint32_t i, int lower, struct nw_buf *out)
{
	(void)an;
	nw_fold_exact(out, t->s.p + t->pos[i].off, t->pos[i].len, lower);
}

uint64_t
nw_analyse_hash(const void *folded, size_t len)
{
	return nw_wordhash(folded, len);
}

/* Count what the refusals and wildcards of R17, R18 and R21 ask for. */
static void
count_characters(struct nw_term_word *w)
{
	const char *p = w->folded.p, *end = p + w->folded.len;
	uint32_t run = 0, star = 0;
	size_t len;

	for (; p < end; p += len) {
		int32_t cp = nw_utf8_next(p, end, &len);

		if (cp == '*' || cp == '?') {
			w->flags |= NW_TERM_WILD;
			star |= cp == '*';
			run = 0;
			continue;
		}
		w->nletter++;
		w->before = (uint16_t)(w->before + !star);
		w->syllables = (uint16_t)(w->syllables + (cp >= 0xac00 && cp <= 0xd7a3));
		if (++run > w->literals)
			w->literals = (uint16_t)run;
	}
}

static int
is_wildcard(char c)
{
	return c == '*' || c == '?';
}

/* Whether a wildcard at an edge of position i touches a script that needs none. */
static int
touches(const struct nw_text *t, uint32_t i)
{
	const struct nw_pos *w = &t->pos[i], *prev = i > 0 ? w - 1 : NULL, *next = i + 1 < t->n ? w + 1 : NULL;
	uint32_t whole = NW_POS_HAN | NW_POS_SEGMENT;

	return (prev != NULL && (prev->flags & whole) && prev->off + prev->len == w->off && is_wildcard(t->s.p[w->off])) ||
	    (next != NULL && (next->flags & whole) && w->off + w->len == next->off && is_wildcard(t->s.p[next->off - 1]));
}

static int
copy_word(struct nw_analyse *an, const struct nw_text *t, uint32_t i, struct nw_arena *arena, struct nw_term_word *w)
{
	const struct nw_pos *pos = &t->pos[i];
	const char *p = t->s.p + pos->off;
	uint32_t letters = 0;
	size_t len;

	for (const char *q = p; q < p + pos->len; q += len) {
		int32_t cp = nw_utf8_next(q, p + pos->len, &len);

		letters += cp >= 0 && (nw_fold_entry((uint32_t)cp) & NW_FOLD_LETTER) != 0;
	}
	nw_buf_reset(&an->fold);
	nw_fold_word(&an->fold, p, pos->len);
	w->folded = nw_arena_dup(arena, nw_buf_str(&an->fold));
	nw_buf_reset(&an->fold);
	nw_fold_exact(&an->fold, p, pos->len, 0);
	w->exact = nw_arena_dup(arena, nw_buf_str(&an->fold));
	w->off = pos->off;
	w->len = pos->len;
	w->flags = (letters > 1 && (pos->flags & NW_POS_UPPER) ? NW_TERM_CAPS : 0) |
	    (pos->flags & NW_POS_HAN ? NW_TERM_HAN : 0) | (pos->flags & NW_POS_HANGUL ? NW_TERM_HANGUL : 0) |
	    (pos->flags & NW_POS_SEGMENT ? NW_TERM_SEGMENT : 0) | (pos->flags & NW_POS_DOTTED ? NW_TERM_DOTTED : 0) |
	    (pos->flags & NW_POS_ASCII ? NW_TERM_ASCII : 0) | (touches(t, i) ? NW_TERM_WILD_TOUCHES : 0);
	count_characters(w);
	return an->fold.failed || w->folded.p == NULL || w->exact.p == NULL ? -1 : 0;
}

struct nw_term *
nw_analyse_term(struct nw_analyse *an, struct nw_str s, struct nw_arena *arena)
{
	struct nw_text *t = &an->term;
	uint32_t every = NW_TERM_CAPS | NW_TERM_ASCII, n = 0;
	struct nw_term *term;

	t->s = s;
	if (nw_cut(an, t, NW_CUT_WILD) == -1 || t->n > NW_TERM_WORDS_MAX ||
	    (term = nw_arena_zalloc(arena, sizeof(*term) + t->n * sizeof(term->word[0]))) == NULL)
		return NULL;
	for (uint32_t i = 0; i < t->n; i++) {
		if (t->pos[i].flags & NW_POS_PARA)
			continue;
		if (copy_word(an, t, i, arena, &term->word[n]) == -1)
			return NULL;
		term->flags |= term->word[n].flags & ~every;
		n++;
	}
	for (uint32_t i = 0; i < n; i++)
		every &= term->word[i].flags;
	term->flags |= n > 0 ? every : 0;
	term->n = n;
	return term;
}
