#include "base/arena.h"
#include "base/hash.h"
#include "base/str.h"
#include "core/frame.h"
#include "core/limits.h"
#include "store/sqlite/before.h"

#define GRAM  4	   /* bytes: what two sentences share is counted in pieces of these */
#define TABLE 1024 /* bits of a sentence's set of pieces; long sentences fill it, and then share less */

struct grams {
	uint64_t bit[TABLE / 64];
	uint32_t n;
};

static void
grams_of(struct nw_str s, struct grams *g)
{
	memset(g, 0, sizeof(*g));
	for (size_t i = 0; i + GRAM <= s.len; i++) {
		uint64_t h = nw_hash64(s.p + i, GRAM) % TABLE;

		g->n += !(g->bit[h / 64] >> (h % 64) & 1);
		g->bit[h / 64] |= UINT64_C(1) << (h % 64);
	}
}

/* Hundredths of the pieces of both that are shared. */
static uint32_t
likeness(const struct grams *a, const struct grams *b)
{
	uint32_t both = 0;

	for (size_t i = 0; i < TABLE / 64; i++)
		both += (uint32_t)__builtin_popcountll(a->bit[i] & b->bit[i]);
	return a->n + b->n == 0 ? 0 : 200 * both / (a->n + b->n);
}

/* Bytes of the mark that ends a sentence at p, 0 if none does: . ! ? before white space, their full-width forms, a
 * line's end. */
static size_t
sentence_end(const char *p, size_t left)
{
	static const char *const wide[] = {"\xe3\x80\x82", "\xef\xbc\x81", "\xef\xbc\x9f", "\xef\xbc\x9b"};

	if (*p == '\n')
		return 1;
	if ((*p == '.' || *p == '!' || *p == '?') && (left == 1 || p[1] == ' ' || p[1] == '\n'))
		return 1;
	for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++)
		if (left >= 3 && memcmp(p, wide[i], 3) == 0)
			return 3;
	return 0;
}

/* The next sentence of ${rest}, which moves behind it; blanks at its ends are left out. */
static struct nw_str
next_sentence(struct nw_str *rest)
{
	size_t i = 0, end = 0, from = 0;

	while (i < rest->len && (end = sentence_end(rest->p + i, rest->len - i)) == 0)
		i++;
	end += i;
	while (from < end && (rest->p[from] == ' ' || rest->p[from] == '\n'))
		from++;
	struct nw_str s = {rest->p + from, end - from};

	while (s.len > 0 && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\n'))
		s.len--;
	*rest = (struct nw_str){rest->p + end, rest->len - end};
	return s;
}

/* The sentence of ${text} most like ${now}; empty when none shares half of it, or when it stands unchanged. */
static struct nw_str
most_like(struct nw_str text, struct nw_str now)
{
	struct nw_str rest = {text.p, text.len < NW_STORE_OLD_SCAN ? text.len : NW_STORE_OLD_SCAN},
		      best = {"", 0};
	struct grams g, h;
	uint32_t most = 49;

	grams_of(now, &g);
	while (rest.len > 0) {
		struct nw_str s = next_sentence(&rest);
		uint32_t like;

		if (s.len < GRAM)
			continue;
		if (nw_str_eq(s, now))
			return (struct nw_str){"", 0};
		grams_of(s, &h);
		if ((like = likeness(&g, &h)) > most) {
			most = like;
			best = s;
		}
	}
	return best;
}

static struct nw_str
part(struct nw_str text, uint32_t off, uint32_t len)
{
	if (off > text.len || len > text.len - off)
		return (struct nw_str){"", 0};
	return (struct nw_str){text.p + off, len};
}

static struct nw_str
old_of(const Nw__Article *art, const Nw__Hit *h)
{
	switch (h->field) {
	case NW_FIELD_BODY:
		return most_like(
		    nw_pb_str(art->prev_body), part(nw_pb_str(art->body), h->passage_off, h->passage_len));
	case NW_FIELD_TITLE:
		return nw_str_eq(nw_pb_str(art->prev_title), nw_pb_str(art->title))
			   ? (struct nw_str){"", 0}
			   : nw_pb_str(art->prev_title);
	case NW_FIELD_REMOVED_BODY:
		return part(nw_pb_str(art->prev_body), h->passage_off, h->passage_len);
	case NW_FIELD_REMOVED_TITLE:
		return nw_pb_str(art->prev_title);
	default:
		return (struct nw_str){"", 0};
	}
}

static int
is_listed(const ProtobufCBinaryData *old, size_t n, struct nw_str s)
{
	for (size_t i = 0; i < n; i++)
		if (nw_str_eq(nw_pb_str(old[i]), s))
			return 1;
	return 0;
}

int
nw_before_find(
    struct nw_arena *a, const Nw__Article *art, const Nw__Alert *al, ProtobufCBinaryData **old_r, size_t *n_r)
{
	ProtobufCBinaryData *old;
	size_t n = 0;

	if (art->prev_body.len == 0 && art->prev_title.len == 0)
		return 0;
	if ((old = nw_arena_array(a, NW_STORE_OLD_MAX, sizeof(*old))) == NULL)
		return -1;
	for (size_t i = 0; i < al->n_hits && n < NW_STORE_OLD_MAX; i++) {
		struct nw_str s = old_of(art, al->hits[i]);

		if (s.len == 0 || is_listed(old, n, s))
			continue;
		if ((s = nw_arena_dup(a, s)).p == NULL)
			return -1;
		old[n++] = nw_pb(s);
	}
	*old_r = old;
	*n_r = n;
	return 0;
}
