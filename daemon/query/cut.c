#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/limits.h"
#include "query/ascii.h"
#include "query/cut.h"
#include "query/fold.h"
#include "query/segment.h"
#include "query/wordhash.h"

struct cut {
	struct nw_analyse *an;
	struct nw_text *t;
	const char *start, *end;
	const char *last; /* end of the position before */
	int wild;
	int full; /* no room or no memory: stop */
};

/* What a run of letters and digits turned out to be. */
struct run {
	const char *end; /* behind the last character that is kept */
	uint32_t letters, upper, others, hangul, ignored, wide;
};

static inline uint32_t
entry_at(const struct cut *c, const char *p, size_t *len, int32_t *cp)
{
	if ((unsigned char)*p < 0x80) {
		*len = 1;
		*cp = *p;
		if (c->wild && (*p == '*' || *p == '?'))
			return (uint32_t)NW_FOLD_WORD << 22;
		return nw_fold_entry((uint32_t)*p);
	}
	*cp = nw_utf8_next(p, c->end, len);
	return *cp < 0 ? 0 : nw_fold_entry((uint32_t)*cp);
}

int
nw_cut_gap(const char *p, size_t n)
{
	const char *end = p + n;
	int found = 0, lines = 0;
	size_t len;

	for (; p < end; p += len) {
		int32_t cp = nw_utf8_next(p, end, &len);

		switch (cp < 0 ? NW_FOLD_SEP : NW_FOLD_CLASS(nw_fold_entry((uint32_t)cp))) {
		case NW_FOLD_LINE:
			if (cp == '\n' && p > end - n && p[-1] == '\r')
				break;
			lines += cp == 0x2029 ? 2 : 1;
			if (lines > 1)
				found |= NW_CUT_BLANK;
			break;
		case NW_FOLD_SPACE:
		case NW_FOLD_IGN:
			break;
		case NW_FOLD_MIDDOT:
			lines = 0;
			break;
		default:
			lines = 0;
			found |= NW_CUT_HARD;
		}
	}
	return found;
}

/* Room for one more position. */
static __attribute__((noinline)) int
grow(struct cut *c)
{
	struct nw_text *t = c->t;
	uint32_t cap = t->cap == 0 ? 1024 : 2 * t->cap;
	struct nw_pos *pos;
	uint64_t *hash;

	if (t->n >= NW_TEXT_POSITIONS_MAX || (pos = realloc(t->pos, cap * sizeof(*pos))) == NULL)
		return -1;
	t->pos = pos;
	if ((hash = realloc(t->hash, cap * sizeof(*hash))) == NULL)
		return -1;
	t->hash = hash;
	t->cap = cap;
	return 0;
}

static inline void
push(struct cut *c, const char *p, const char *end, uint32_t flags, uint64_t hash)
{
	struct nw_text *t = c->t;

	if (__builtin_expect(t->n >= t->cap, 0) && grow(c) == -1) {
		c->full = 1;
		return;
	}
	t->pos[t->n] = (struct nw_pos){(uint32_t)(p - c->start), (uint32_t)(end - p), flags, 0};
	t->hash[t->n] = hash;
	t->n++;
}

/* Add a position; what stands between it and the one before decides on paragraph and phrase. */
static void
add(struct cut *c, const char *p, const char *end, uint32_t flags, uint64_t hash)
{
	int gap = p > c->last && c->t->n > 0 ? nw_cut_gap(c->last, (size_t)(p - c->last)) : 0;

	if (gap & NW_CUT_BLANK)
		push(c, c->last, c->last, NW_POS_PARA, 0);
	if ((gap & NW_CUT_HARD) && c->t->n > 0 && ((flags | c->t->pos[c->t->n - 1].flags) & NW_POS_HAN))
		flags |= NW_POS_CUT;
	push(c, p, end, flags, hash);
	c->last = end;
}

static uint64_t
hash_folded(struct cut *c, const char *p, const char *end)
{
	nw_buf_reset(&c->an->fold);
	nw_fold_word(&c->an->fold, p, (size_t)(end - p));
	c->full |= c->an->fold.failed;
	return nw_wordhash(c->an->fold.p != NULL ? c->an->fold.p : "", c->an->fold.len);
}

/* Characters of a word from p on; p stands at one. */
static struct run
scan(const struct cut *c, const char *p)
{
	struct run r = {.end = p};
	uint32_t ignored = 0;
	size_t len;

	for (; p < c->end; p += len) {
		int32_t cp;
		uint32_t e = entry_at(c, p, &len, &cp), k = NW_FOLD_CLASS(e);

		if (k == NW_FOLD_IGN) {
			ignored++;
			continue;
		}
		if (k != NW_FOLD_WORD && k != NW_FOLD_MARK)
			break;
		r.ignored = ignored;
		r.wide |= cp >= 0x80;
		r.letters += (e & NW_FOLD_LETTER) != 0;
		r.upper += (e & NW_FOLD_UPPER) && (e & NW_FOLD_LETTER);
		r.others += k == NW_FOLD_WORD && !(e & NW_FOLD_LETTER);
		r.hangul |= k == NW_FOLD_WORD && (e & NW_FOLD_HANGUL);
		r.end = p + len;
	}
	return r;
}

/* Single letters joined by dots (R4): extend the run of one letter as far as they go. */
static int
extend_acronym(const struct cut *c, struct run *r)
{
	int dots = 0;

	if (r->letters != 1 || r->others != 0)
		return 0;
	while (r->end + 1 < c->end && *r->end == '.') {
		const char *p = r->end + 1;
		size_t len;
		int32_t cp;
		uint32_t e = entry_at(c, p, &len, &cp);
		struct run next;

		if (NW_FOLD_CLASS(e) != NW_FOLD_WORD || !(e & NW_FOLD_LETTER))
			break;
		next = scan(c, p);
		if (next.letters != 1 || next.others != 0)
			break;
		r->letters++;
		r->upper += next.upper;
		r->ignored |= next.ignored;
		r->wide |= next.wide;
		r->hangul |= next.hangul;
		r->end = next.end;
		dots++;
	}
	return dots;
}

static const char *
cut_word(struct cut *c, const char *p)
{
	struct run r = scan(c, p);
	int dots = extend_acronym(c, &r);
	uint32_t flags = (r.letters != 0 ? NW_POS_LETTERS : 0) | (r.letters != 0 && r.upper == r.letters ? NW_POS_UPPER : 0) |
	    (r.hangul ? NW_POS_HANGUL : 0) | (dots != 0 ? NW_POS_DOTTED | NW_POS_DROPS : 0) |
	    (r.ignored != 0 ? NW_POS_DROPS : 0) | (r.wide ? 0 : NW_POS_ASCII);

	add(c, p, r.end, flags, hash_folded(c, p, r.end));
	return r.end;
}

/* Whether the gap before an ASCII word needs no look: nothing stands there that ends a line or touches Han. */
static int
is_plain_gap(const struct cut *c, const char *p)
{
	if (c->t->n == 0 || p == c->last)
		return 1;
	if (c->t->pos[c->t->n - 1].flags & NW_POS_HAN)
		return 0;
	for (const char *q = c->last; q < p; q++)
		if (*q < ' ' && *q != '\t') /* bytes of other alphabets are negative, or large */
			return 0;
	return 1;
}

/* Whether the character at p could go on with a word that ended before it. */
static int
continues(const struct cut *c, const char *p)
{
	size_t len;
	int32_t cp;
	uint32_t k;

	if (p >= c->end)
		return 0;
	k = NW_FOLD_CLASS(entry_at(c, p, &len, &cp));
	return k == NW_FOLD_WORD || k == NW_FOLD_MARK || k == NW_FOLD_IGN;
}

/* One word of a block; 0 if it is not of ASCII alone, or may be an acronym. */
static inline int
cut_ascii_word(struct cut *c, const char *p, size_t len, int at_high)
{
	struct nw_ascii_word w;
	uint32_t flags;

	if (at_high && continues(c, p + len))
		return 0;
	w = nw_ascii_word(p, len, (size_t)(c->end - p));
	if (len == 1 && w.letters && p + 1 < c->end && p[1] == '.')
		return 0;
	flags = NW_POS_ASCII | (w.letters ? NW_POS_LETTERS | (w.small ? 0 : NW_POS_UPPER) : 0);
	if (is_plain_gap(c, p)) {
		push(c, p, p + len, flags, w.hash);
		c->last = p + len;
	} else {
		add(c, p, p + len, flags, w.hash);
	}
	return 1;
}

/* ASCII text from p on, until another alphabet or the end; returns where it stopped. */
static const char *
cut_ascii(struct cut *c, const char *p)
{
	while (p < c->end && !c->full) {
		char tail[NW_ASCII_BLOCK] = {0};
		size_t left = (size_t)(c->end - p);
		struct nw_ascii_mask m;
		unsigned valid;

		if (left < NW_ASCII_BLOCK)
			memcpy(tail, p, left);
		m = nw_ascii_scan(left < NW_ASCII_BLOCK ? tail : p);
		valid = m.high != 0 ? (unsigned)__builtin_ctzll(m.high) : NW_ASCII_BLOCK;
		if (valid < NW_ASCII_BLOCK)
			m.word &= ((uint64_t)1 << valid) - 1;
		while (m.word != 0) {
			unsigned start = (unsigned)__builtin_ctzll(m.word);
			uint64_t rest = ~(m.word >> start);
			unsigned len = rest != 0 ? (unsigned)__builtin_ctzll(rest) : NW_ASCII_BLOCK;

			if (start + len == NW_ASCII_BLOCK) { /* it may go on in the next block, which begins with it */
				if (start == 0)
					return cut_word(c, p);
				valid = start;
				m.high = 0;
				break;
			}
			if (!cut_ascii_word(c, p + start, len, start + len == valid))
				return cut_word(c, p + start);
			m.word &= ~((((uint64_t)1 << len) - 1) << start);
		}
		p += valid < left ? valid : left;
		if (m.high != 0)
			return p;
	}
	return p;
}

/* Whether a mark or an ignorable could begin with this byte. */
static inline int
may_attach(unsigned char c)
{
	return c >= 0x80 && !(c >= 0xe4 && c <= 0xe9);
}

/* One Han or Kana character with the marks that belong to it. */
static const char *
cut_han_marked(struct cut *c, const char *p, uint32_t e, int32_t cp, size_t len)
{
	const char *end = p + len, *q = end;
	uint32_t flags = NW_POS_HAN | NW_POS_LETTERS;
	uint64_t folded = 0;
	int marks = 0;
	char out[4];

	while (q < c->end && (unsigned char)*q >= 0x80) {
		int32_t next;
		uint32_t k = NW_FOLD_CLASS(entry_at(c, q, &len, &next));

		if (k != NW_FOLD_MARK && k != NW_FOLD_IGN)
			break;
		q += len;
		if (k == NW_FOLD_MARK) {
			end = q;
			marks = 1;
		}
	}
	if (marks || (e & NW_FOLD_MULTI)) {
		add(c, p, end, flags | (marks ? NW_POS_DROPS : 0), hash_folded(c, p, end));
	} else {
		len = nw_utf8_put(out, NW_FOLD_CHAR(e, (uint32_t)cp));
		memcpy(&folded, out, len);
		add(c, p, end, flags, nw_wordhash_short(folded, 0));
	}
	return end;
}

/* One Han or Kana character; nearly always nothing is attached to it and nothing stands before it. */
static inline const char *
cut_han(struct cut *c, const char *p, uint32_t e, int32_t cp, size_t len)
{
	const char *end = p + len;
	uint64_t folded = 0;
	char out[4];

	if ((e & NW_FOLD_MULTI) || (end < c->end && may_attach((unsigned char)*end)))
		return cut_han_marked(c, p, e, cp, len);
	len = nw_utf8_put(out, NW_FOLD_CHAR(e, (uint32_t)cp));
	memcpy(&folded, out, len);
	if (p == c->last) {
		push(c, p, end, NW_POS_HAN | NW_POS_LETTERS, nw_wordhash_short(folded, 0));
		c->last = end;
	} else {
		add(c, p, end, NW_POS_HAN | NW_POS_LETTERS, nw_wordhash_short(folded, 0));
	}
	return end;
}

/* A run of the common Han block, three bytes each. */
static const char *
cut_han_run(struct cut *c, const char *p)
{
	while (c->end - p >= 3 && (unsigned char)*p >= 0xe4 && (unsigned char)*p <= 0xe9 && !c->full) {
		uint32_t cp = ((uint32_t)(unsigned char)p[0] & 15) << 12 | ((uint32_t)(unsigned char)p[1] & 63) << 6 |
		    ((uint32_t)(unsigned char)p[2] & 63);
		uint32_t e = nw_fold_entry(cp);

		if (NW_FOLD_CLASS(e) != NW_FOLD_HAN)
			break;
		p = cut_han(c, p, e, (int32_t)cp, 3);
	}
	return p;
}

/* Thai, Lao, Khmer: ICU says where words end; pieces without a letter or digit are none. */
static const char *
cut_segments(struct cut *c, const char *p)
{
	const char *q = p, *end = p;
	size_t len;
	int32_t at;

	for (; q < c->end; q += len) {
		int32_t cp;
		uint32_t k = NW_FOLD_CLASS(entry_at(c, q, &len, &cp));

		if (k != NW_FOLD_SEGMENT && k != NW_FOLD_MARK && k != NW_FOLD_IGN)
			break;
		if (k != NW_FOLD_IGN)
			end = q + len;
	}
	at = nw_segment_start(c->an, p, (size_t)(end - p));
	while (at >= 0 && !c->full) {
		int32_t to = nw_segment_next(c->an, (size_t)(end - p));

		if (to < 0)
			break;
		if (nw_segment_is_word(p + at, (size_t)(to - at)))
			add(c, p + at, p + to, NW_POS_SEGMENT | NW_POS_LETTERS, hash_folded(c, p + at, p + to));
		at = to;
	}
	return end;
}

int
nw_cut(struct nw_analyse *an, struct nw_text *t, int flags)
{
	struct cut c = {.an = an, .t = t, .start = t->s.p, .end = t->s.p + t->s.len, .last = t->s.p,
	    .wild = (flags & NW_CUT_WILD) != 0};
	const char *p = c.start;

	t->n = t->nsentence = t->lead = 0;
	while (p < c.end && !c.full) {
		size_t len;
		int32_t cp;
		uint32_t e;

		if (!c.wild)
			p = (unsigned char)*p < 0x80 ? cut_ascii(&c, p) : cut_han_run(&c, p);
		if (p >= c.end)
			break;
		e = entry_at(&c, p, &len, &cp);
		switch (NW_FOLD_CLASS(e)) {
		case NW_FOLD_WORD:
			p = cut_word(&c, p);
			break;
		case NW_FOLD_HAN:
			p = cut_han(&c, p, e, cp, len);
			break;
		case NW_FOLD_SEGMENT:
			p = cut_segments(&c, p);
			break;
		default:
			p += len;
		}
	}
	return t->n >= NW_TEXT_POSITIONS_MAX || !c.full ? 0 : -1;
}
