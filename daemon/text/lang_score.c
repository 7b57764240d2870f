#include <string.h>

#include <unicode/uchar.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "text/lang_score.h"
#include "text/lang_words.h"

/* Points; a word or letter's are shared among the languages that have it. */
#define WORD	      24
#define LONG_WORD     48 /* of five letters and more: seldom chance */
#define STEM	      20 /* a word of the table with another ending */
#define ENDING	      10
#define LETTER	      16
#define FOREIGN	      20 /* taken from languages that do not write a letter */
#define LETTER_TIMES  6	 /* each letter counts so often; names repeat */
#define FOREIGN_TIMES 2
#define ENOUGH	      24  /* for an answer at all */
#define CLEAR	      600 /* against a declaration, and then twice the next */
#define STEP_WORDS    16  /* after so many it is asked whether the rest matters */
#define HASTY_WORDS   128 /* whole words of the beginning that may be enough, most of them in no table */
#define HASTY_CLEAR   240 /* points they need without a declaration: ten frequent words */
#define CONFIRM	      96  /* and to confirm one: four */
#define DENSE	      5  /* points a word that a language of the tables has; others borrow some words from it */
#define DENSE_WORDS   12 /* of shorter texts this is not asked: titles are names for a half */
#define ENDING_CHARS  5
#define STEM_CHARS    6 /* of a word must stand when its ending is taken off */
#define STEM_CUT      4 /* characters of such an ending */

struct tally {
	uint64_t langs; /* those of the script, one bit each */
	uint64_t few;	/* of them those that take nothing from their neighbours' shares */
	int said;	/* the language that was declared, -1: none */
	unsigned words;
	int hasty; /* whole words only */
	int points[NW_LANG_LANGS_MAX];
	uint8_t seen[512]; /* how often each letter of the table came */
};

/* Where a word of the table lies: open addressing, a third full, filled at the first question.  Most words of a
 * text are in no table, so that a question has to be cheap. */
#define SLOTS 32768u
static struct slot {
	uint16_t tag;  /* other bits of the hash: a word that is not there is seldom looked at */
	uint16_t word; /* index + 1 into nw_lang_words, 0: free */
} slots[SLOTS];

static void
fill_slots(void)
{
	for (size_t i = 0; i < nw_lang_words_n && i < SLOTS - 1; i++) {
		const char *word = nw_lang_words[i].word;
		uint64_t hash = nw_hash64(word, strlen(word));
		size_t at = hash % SLOTS;

		while (slots[at].word != 0)
			at = (at + 1) % SLOTS;
		slots[at] = (struct slot){(uint16_t)(hash >> 48), (uint16_t)(i + 1)};
	}
}

static const struct nw_lang_word *
find(const char *word, size_t len)
{
	static int filled;
	uint64_t hash = nw_hash64(word, len);
	const struct nw_lang_word *w;

	if (!filled)
		fill_slots();
	filled = 1;
	for (size_t at = hash % SLOTS; slots[at].word != 0; at = (at + 1) % SLOTS) {
		w = &nw_lang_words[slots[at].word - 1];
		if (slots[at].tag == (uint16_t)(hash >> 48) && memcmp(w->word, word, len + 1) == 0)
			return w;
	}
	return NULL;
}

static void
share(struct tally *t, uint64_t langs, int points)
{
	uint64_t left = langs & t->langs, many = left & ~t->few;
	int n = __builtin_popcountll(many != 0 ? many : left);

	for (; left != 0; left &= left - 1)
		t->points[__builtin_ctzll(left)] += points / n;
}

static void
count_letter(struct tally *t, uint32_t c)
{
	size_t lo = 0, hi = nw_lang_letters_n, mid;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (nw_lang_letters[mid].c < c)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == nw_lang_letters_n || nw_lang_letters[lo].c != c || t->seen[lo] >= LETTER_TIMES)
		return;
	share(t, nw_lang_letters[lo].langs, LETTER);
	if (t->seen[lo]++ >= FOREIGN_TIMES)
		return;
	for (uint64_t left = t->langs & ~nw_lang_letters[lo].langs; left != 0; left &= left - 1)
		t->points[__builtin_ctzll(left)] -= FOREIGN;
}

/* The longest ending of the word that the table has. */
static void
count_ending(struct tally *t, const char *word, size_t len, size_t nchars)
{
	char ending[NW_LANG_WORD_SIZE] = "-";
	const struct nw_lang_word *w;
	size_t from = 0;

	for (size_t skip = nchars > ENDING_CHARS ? nchars - ENDING_CHARS : 1; skip > 0; skip--)
		for (from++; from < len && ((unsigned char)word[from] & 0xc0) == 0x80; from++)
			;
	while (from < len) {
		memcpy(ending + 1, word + from, len - from + 1);
		if ((w = find(ending, len - from + 1)) != NULL) {
			share(t, w->langs, ENDING);
			return;
		}
		for (from++; from < len && ((unsigned char)word[from] & 0xc0) == 0x80; from++)
			;
	}
}

/* Inflected words: "utrikesministern" is "utrikesminister". */
static int
count_stem(struct tally *t, const char *word, size_t len, size_t nchars)
{
	const struct nw_lang_word *w;
	char stem[NW_LANG_WORD_SIZE];

	memcpy(stem, word, len + 1);
	for (size_t cut = 0; cut < STEM_CUT && nchars - cut > STEM_CHARS; cut++) {
		for (len--; len > 0 && ((unsigned char)stem[len] & 0xc0) == 0x80; len--)
			;
		stem[len] = '\0';
		if ((w = find(stem, len)) != NULL) {
			share(t, w->langs, STEM);
			return 1;
		}
	}
	return 0;
}

static void
count_word(struct tally *t, const char *word, size_t len, size_t nchars)
{
	const struct nw_lang_word *w = find(word, len);

	if (w != NULL)
		share(t, w->langs, nchars >= 5 ? LONG_WORD : nchars == 1 ? WORD / 2 : WORD);
	else if (nchars >= 5 && !t->hasty && !count_stem(t, word, len, nchars))
		count_ending(t, word, len, nchars);
}

static int
word_char(int32_t c)
{
	if (c < 0x80)
		return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
	return u_isalpha(c) || u_charType(c) == U_NON_SPACING_MARK ||
	       u_charType(c) == U_COMBINING_SPACING_MARK || c == 0x2bb || c == 0x2bc;
}

/* The language with the most points, and how many the next one has. */
struct lead {
	size_t best; /* NW_LANG_LANGS_MAX: none */
	int most, next;
};

static struct lead
lead_of(const struct tally *t)
{
	struct lead l = {NW_LANG_LANGS_MAX, 0, 0};

	for (size_t i = 0; i < nw_lang_langs_n; i++) {
		if (t->points[i] > l.most) {
			l = (struct lead){i, t->points[i], l.most};
		} else if (t->points[i] > l.next) {
			l.next = t->points[i];
		}
	}
	return l;
}

/* Enough of the words are the language's: a text in one that no table knows finds a few in each. */
static int
is_dense(const struct tally *t, int points)
{
	return t->words < DENSE_WORDS || points >= (int)t->words * DENSE;
}

/* One language has so many points and is so far ahead that the rest of the text would not change it. */
static int
is_decided(const struct tally *t, int enough)
{
	struct lead l = lead_of(t);

	return l.most >= enough && l.most >= l.next * 3 && is_dense(t, l.most);
}

/* The declared language is among the likely ones after enough words: the rest of the text would not clear it away. */
static int
is_confirmed(const struct tally *t)
{
	int points = t->points[t->said];

	return points >= CONFIRM && points * 4 >= lead_of(t).most * 3;
}

/* Whole words of the beginning were enough. */
static int
is_clear_early(const struct tally *t)
{
	return t->said != -1 ? is_confirmed(t) : is_decided(t, HASTY_CLEAR);
}

/* Nothing is gained by more words. */
static int
is_enough(const struct tally *t)
{
	if (t->words % STEP_WORDS != 0)
		return 0;
	if (!t->hasty)
		return is_decided(t, CLEAR);
	return t->words == HASTY_WORDS || is_clear_early(t);
}

static void
count_text(struct tally *t, struct nw_str text)
{
	const char *p = text.p, *end = p + text.len;
	char word[NW_LANG_WORD_SIZE + 4];
	size_t len, n = 0, nchars = 0;
	int32_t c;

	for (; p < end; p += len) {
		c = nw_utf8_next(p, end, &len);
		if (c > 0 && word_char(c)) {
			c = c < 0x80 ? c | 0x20 : u_tolower(c);
			if (c >= 0x80)
				count_letter(t, (uint32_t)c);
			if (n < NW_LANG_WORD_SIZE)
				n += nw_utf8_put(word + n, (uint32_t)c);
			nchars++;
			continue;
		}
		word[n < NW_LANG_WORD_SIZE ? n : 0] = '\0';
		if (n > 0 && n < NW_LANG_WORD_SIZE) {
			count_word(t, word, n, nchars);
			t->words++;
			if (is_enough(t))
				return;
		}
		n = nchars = 0;
	}
	word[n < NW_LANG_WORD_SIZE ? n : 0] = '\0';
	if (n > 0 && n < NW_LANG_WORD_SIZE) {
		count_word(t, word, n, nchars);
		t->words++;
	}
}

/* Looks at whole words of the beginning only; 0 if they do not suffice. */
static int
score_early(struct tally t, struct nw_str text, struct nw_lang_score *score_r)
{
	t.hasty = 1;
	count_text(&t, text);
	if (!is_clear_early(&t))
		return 0;
	*score_r = (struct nw_lang_score){nw_lang_langs[t.said != -1 ? (size_t)t.said : lead_of(&t).best].code, 0};
	return 1;
}

/* What Afrikaans and Galician share to the letter with a neighbour that many more write is the neighbour's. */
static int
yields(const char *code)
{
	return strcmp(code, "af") == 0 || strcmp(code, "gl") == 0;
}

struct nw_lang_score
nw_lang_score_of(struct nw_str text, char script, const char *said)
{
	struct tally t = {.said = -1};
	struct nw_lang_score score;
	struct lead l;

	for (size_t i = 0; i < nw_lang_langs_n; i++) {
		if (nw_lang_langs[i].script != script)
			continue;
		t.langs |= UINT64_C(1) << i;
		if (yields(nw_lang_langs[i].code)) {
			t.few |= UINT64_C(1) << i;
			t.points[i] = -1; /* of two alike it is not the first */
		}
		if (strcmp(nw_lang_langs[i].code, said) == 0)
			t.said = (int)i;
	}
	/* a declaration the tables do not know is contradicted by the whole text or not at all */
	if ((t.said != -1 || said[0] == '\0') && score_early(t, text, &score))
		return score;
	count_text(&t, text);
	l = lead_of(&t);
	if (l.best == NW_LANG_LANGS_MAX || l.most < ENOUGH || (l.most == l.next && l.most < ENOUGH * 4) || !is_dense(&t, l.most))
		return (struct nw_lang_score){"", 0};
	return (struct nw_lang_score){nw_lang_langs[l.best].code, l.most >= CLEAR && l.most >= l.next * 2};
}
