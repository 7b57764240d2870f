#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "query/fold.h"
#include "query/sentence.h"

#define ABBREVIATION_MAX 12 /* bytes of the longest one, folded */

/* Folded, so that a capital at the start of a sentence makes no difference; single letters need no entry. */
static const char *const abbreviations[] = {"abs", "adm", "amb", "apr", "art", "arts", "aug", "bzw", "ca", "cf", "co", "col",
    "corp", "dec", "dr", "feb", "gen", "gov", "hon", "inc", "jan", "jr", "lt", "ltd", "mar", "mme", "mr", "mrs", "ms", "no",
    "nos", "nov", "nr", "num", "oct", "para", "prof", "rep", "sec", "sen", "sept", "sr", "sra", "st", "vs", "гг", "др", "им",
    "млн", "млрд", "пп", "см", "ст", "тыс"};
/* Languages that write ordinal numbers with a point. */
static const char ordinal[][3] = {"de", "da", "nb", "nn", "no", "fi", "cs", "sk", "hu", "pl", "hr", "sr", "sl", "et", "lv", "is"};

struct finder {
	struct nw_text *t;
	int ordinals;
	uint32_t para, para_words; /* the paragraph being read, and its share of the lead */
	uint32_t lead_words;
};

static uint32_t
class_at(const char *p, const char *end, size_t *len)
{
	int32_t cp = nw_utf8_next(p, end, len);

	return cp < 0 ? NW_FOLD_SEP : NW_FOLD_CLASS(nw_fold_entry((uint32_t)cp));
}

static int
is_space(uint32_t k)
{
	return k == NW_FOLD_SPACE || k == NW_FOLD_LINE || k == NW_FOLD_IGN;
}

static int
is_abbreviation(struct nw_str word)
{
	char out[ABBREVIATION_MAX];
	struct nw_buf b = {.p = out, .cap = sizeof(out), .max = sizeof(out) - 1};
	size_t lo = 0, hi = sizeof(abbreviations) / sizeof(abbreviations[0]);

	nw_fold_word(&b, word.p, word.len < ABBREVIATION_MAX ? word.len : 0);
	if (b.failed || b.len == 0)
		return 0;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int c = nw_str_cmp((struct nw_str){out, b.len}, nw_str(abbreviations[mid]));

		if (c == 0)
			return 1;
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return 0;
}

/* Whether a point behind this position is none that ends a sentence. */
static int
takes_point(const struct finder *f, const struct nw_pos *w)
{
	struct nw_str s = {f->t->s.p + w->off, w->len};
	const char *p = s.p, *end = s.p + s.len;
	uint32_t letters = 0, digits = 0;
	size_t len;

	if (w->flags & NW_POS_HAN)
		return 0;
	if (w->flags & NW_POS_DOTTED)
		return 1;
	for (; p < end && letters + digits < 3; p += len) {
		int32_t cp = nw_utf8_next(p, end, &len);
		uint32_t e = cp < 0 ? 0 : nw_fold_entry((uint32_t)cp);

		if (NW_FOLD_CLASS(e) == NW_FOLD_MARK || NW_FOLD_CLASS(e) == NW_FOLD_IGN)
			continue;
		letters += (e & NW_FOLD_LETTER) != 0;
		digits += !(e & NW_FOLD_LETTER);
	}
	if (digits == 0)
		return letters == 1 || is_abbreviation(s);
	return letters == 0 && digits < 3 && f->ordinals;
}

static int
starts_lower(const struct finder *f, const struct nw_pos *w)
{
	const char *p = f->t->s.p + w->off;
	size_t len;
	int32_t cp = nw_utf8_next(p, p + w->len, &len);

	return cp >= 0 && (nw_fold_entry((uint32_t)cp) & NW_FOLD_LOWER) != 0;
}

/* Behind marks that end, quote or close, from p on. */
static const char *
skip_closing(const char *p, const char *end, int quotes)
{
	size_t len;

	while (p < end) {
		uint32_t k = class_at(p, end, &len);

		if (k != NW_FOLD_CLOSE && k != NW_FOLD_STOP && k != NW_FOLD_MAYSTOP && k != NW_FOLD_DOT &&
		    !(k == NW_FOLD_QUOTE && (quotes || *p == '"' || *p == '\'')))
			break;
		p += len;
	}
	return p;
}

/* The end of the sentence in the gap p..end between two positions, or NULL. */
static const char *
find_end(const struct finder *f, const struct nw_pos *before, const struct nw_pos *after, const char *p, const char *end)
{
	const char *gap = p, *kept = p; /* kept: behind the last character that is no white space */
	size_t len;

	while (p < end) {
		uint32_t k = class_at(p, end, &len);
		const char *q;

		if (k == NW_FOLD_LINE)
			return kept;
		if (k == NW_FOLD_STOP)
			return skip_closing(p + len, end, 0);
		if (k == NW_FOLD_MAYSTOP || k == NW_FOLD_DOT) {
			int lone = k == NW_FOLD_DOT && p == gap && !(p + 1 < end && p[1] == '.');
			size_t next;

			q = skip_closing(p + len, end, 1);
			if (q < end && is_space(class_at(q, end, &next)) && !starts_lower(f, after) &&
			    !(lone && takes_point(f, before)))
				return q;
			p = kept = q;
			continue;
		}
		p += len;
		if (!is_space(k))
			kept = p;
	}
	return NULL;
}

static const char *
skip_space(const char *p, const char *end)
{
	size_t len;

	while (p < end && is_space(class_at(p, end, &len)))
		p += len;
	return p;
}

static int
begin_sentence(struct finder *f, uint32_t pos, const char *p, const char *end)
{
	struct nw_text *t = f->t;

	if (t->nsentence >= t->sentence_cap) {
		uint32_t cap = t->sentence_cap == 0 ? 64 : 2 * t->sentence_cap;
		struct nw_sentence *s = realloc(t->sentence, cap * sizeof(*s));

		if (s == NULL)
			return -1;
		t->sentence = s;
		t->sentence_cap = cap;
	}
	t->sentence[t->nsentence++] = (struct nw_sentence){pos, f->para, (uint32_t)(skip_space(p, end) - t->s.p), 0};
	return 0;
}

static void
end_sentence(struct finder *f, const char *at)
{
	struct nw_sentence *s = &f->t->sentence[f->t->nsentence - 1];

	s->len = (uint32_t)(at - f->t->s.p) - s->off;
}

/* The lead is whole paragraphs: at each one's end, see whether it suffices. */
static void
end_paragraph(struct finder *f, uint32_t pos)
{
	if (f->lead_words < NW_SENTENCE_LEAD) {
		f->lead_words += f->para_words;
		f->t->lead = pos;
	}
	f->para_words = 0;
}

static const char *
trimmed_end(const struct nw_text *t)
{
	const char *end = t->s.p + t->s.len;
	size_t len;

	while (end > t->s.p) {
		int32_t cp = nw_utf8_prev(t->s.p, end, &len);

		if (cp >= 0 && !is_space(NW_FOLD_CLASS(nw_fold_entry((uint32_t)cp))))
			break;
		end -= len;
	}
	return end;
}

static int
has_ordinals(struct nw_str lang)
{
	for (size_t i = 0; i < sizeof(ordinal) / sizeof(ordinal[0]); i++)
		if (lang.len >= 2 && memcmp(lang.p, ordinal[i], 2) == 0 && (lang.len == 2 || lang.p[2] == '-'))
			return 1;
	return 0;
}

/* What stands between word a and word b: perhaps an end of sentence, perhaps one of a paragraph. */
static int
read_gap(struct finder *f, uint32_t a, uint32_t b)
{
	struct nw_text *t = f->t;
	const struct nw_pos *before = &t->pos[a], *after = &t->pos[b];
	const char *p = t->s.p + before->off + before->len, *end = t->s.p + after->off, *at;

	if (p == end || (end - p == 1 && *p == ' '))
		return 0;
	at = find_end(f, before, after, p, end);
	if (at == NULL)
		return 0;
	end_sentence(f, at);
	if (b > a + 1) {
		end_paragraph(f, a + 1);
		f->para++;
	}
	return begin_sentence(f, b, at, end);
}

int
nw_sentence_find(struct nw_text *t, struct nw_str lang)
{
	struct finder f = {.t = t, .ordinals = has_ordinals(lang)};
	uint32_t last = 0;

	t->nsentence = t->lead = 0;
	if (t->n == 0)
		return 0;
	if (begin_sentence(&f, 0, t->s.p, t->s.p + t->pos[0].off) == -1)
		return -1;
	for (uint32_t i = 0; i < t->n; i++) {
		if (t->pos[i].flags & NW_POS_PARA)
			continue;
		if (i > 0 && read_gap(&f, last, i) == -1)
			return -1;
		f.para_words++;
		last = i;
	}
	end_sentence(&f, trimmed_end(t));
	end_paragraph(&f, t->n);
	return 0;
}
