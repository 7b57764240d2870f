#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "query/analyse.h"
#include "query_brute.h"

/* --- choices */

unsigned
nw_brute_roll(struct nw_brute_dice *d, unsigned sides)
{
	if (d->p != NULL) {
		if (d->n == 0)
			return 0;
		d->n--;
		return *d->p++ % sides;
	}
	d->seed = d->seed * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)(d->seed >> 33) % sides;
}

static int
make_field(struct nw_brute_dice *d, struct nw_brute_text *t, int f, int words)
{
	char *s = t->s[f];
	int pos = 0, sentence = 0, para = 0, n = 0;
	size_t len = 0;

	for (; n < words; n++) {
		unsigned gap = n == 0 ? 0 : nw_brute_roll(d, 12);

		if (n > 0 && gap == 0) {
			len += (size_t)(stpcpy(s + len, "\n\n") - (s + len));
			pos++;
			sentence++;
			para++;
		} else if (n > 0 && gap == 1) {
			len += (size_t)(stpcpy(s + len, "\n") - (s + len));
			sentence++;
		} else if (n > 0) {
			len += (size_t)(stpcpy(s + len, gap == 2 ? ", " : " ") - (s + len));
		}
		t->w[f][n].word = (int)nw_brute_roll(d, 5);
		t->w[f][n].pos = pos++;
		t->w[f][n].sentence = sentence;
		t->w[f][n].para = para;
		t->w[f][n].off = (int)len;
		s[len] = s[len + 1] = (char)('a' + t->w[f][n].word);
		len += 2;
		s[len] = '\0';
	}
	t->n[f] = n;
	return 0;
}

void
nw_brute_make_text(struct nw_brute_dice *d, struct nw_brute_text *t)
{
	memset(t, 0, sizeof(*t));
	make_field(d, t, 0, (int)nw_brute_roll(d, 4));
	make_field(d, t, 1, 1 + (int)nw_brute_roll(d, 14));
}

static void
make_word(struct nw_brute_dice *d, struct nw_buf *b)
{
	char c = (char)('a' + nw_brute_roll(d, 5));

	nw_buf_addf(b, "%c%c", c, c);
}

static void
make_leaf(struct nw_brute_dice *d, struct nw_buf *b)
{
	unsigned kind = nw_brute_roll(d, 8);

	if (kind == 0)
		nw_buf_adds(b, nw_brute_roll(d, 2) ? "title:" : "body:");
	if (kind < 2) {
		nw_buf_addc(b, '"');
		make_word(d, b);
		nw_buf_addc(b, ' ');
		make_word(d, b);
		nw_buf_addc(b, '"');
	} else {
		make_word(d, b);
	}
}

static void make_place(struct nw_brute_dice *, struct nw_buf *, int depth);

static void
make_group(struct nw_brute_dice *d, struct nw_buf *b, const char *op, unsigned n, int depth)
{
	for (unsigned i = 0; i < n; i++) {
		if (i > 0)
			nw_buf_addf(b, " %s ", op);
		nw_buf_addc(b, '(');
		make_place(d, b, depth);
		nw_buf_addc(b, ')');
	}
}

static void
make_place(struct nw_brute_dice *d, struct nw_buf *b, int depth)
{
	static const char *const binary[] = {"IN", "NOTIN", "NOTSENT", "NOTPARA"};
	char op[32];
	unsigned kind = depth == 0 ? 0 : nw_brute_roll(d, 9);

	switch (kind) {
	case 1:
	case 2:
	case 3:
		(void)snprintf(op, sizeof(op), "%s/%u", kind == 3 ? "PRE" : "NEAR", nw_brute_roll(d, 5));
		make_group(d, b, op, 2 + nw_brute_roll(d, 2), depth - 1);
		break;
	case 4:
		make_group(d, b, nw_brute_roll(d, 2) ? "SENT" : "PARA", 2 + nw_brute_roll(d, 2), depth - 1);
		break;
	case 5:
		make_group(d, b, binary[nw_brute_roll(d, 4)], 2, depth - 1);
		break;
	case 6:
		(void)snprintf(op, sizeof(op), "NOTNEAR/%u", nw_brute_roll(d, 4));
		make_group(d, b, op, 2, depth - 1);
		break;
	case 7:
		make_group(d, b, "OR", 2 + nw_brute_roll(d, 2), depth - 1);
		break;
	case 8:
		nw_buf_addf(b, "FIRST(%u, ", 1 + nw_brute_roll(d, 6));
		make_place(d, b, depth - 1);
		nw_buf_addc(b, ')');
		break;
	default:
		make_leaf(d, b);
	}
}

static void
make_truth(struct nw_brute_dice *d, struct nw_buf *b, int depth)
{
	unsigned n = 2 + nw_brute_roll(d, 2);

	switch (depth == 0 ? 0 : nw_brute_roll(d, 5)) {
	case 1:
	case 2:
		for (unsigned i = 0; i < n; i++) {
			nw_buf_adds(b, i == 0 ? "(" : nw_brute_roll(d, 3) == 0 ? " AND NOT (" : " AND (");
			make_truth(d, b, depth - 1);
			nw_buf_addc(b, ')');
		}
		break;
	case 3:
		nw_buf_addf(b, "ANYOF(%u", 1 + nw_brute_roll(d, n));
		for (unsigned i = 0; i < n; i++) {
			nw_buf_adds(b, ", ");
			make_truth(d, b, depth - 1);
		}
		nw_buf_addc(b, ')');
		break;
	case 4:
		nw_buf_addf(b, "ATLEAST(%u, ", 1 + nw_brute_roll(d, 3));
		make_place(d, b, depth - 1);
		nw_buf_addc(b, ')');
		break;
	default:
		make_place(d, b, depth < 2 ? depth : 2);
	}
}

void
nw_brute_make_expr(struct nw_brute_dice *d, struct nw_buf *b, int place)
{
	if (place)
		make_place(d, b, 2);
	else
		make_truth(d, b, 2);
}

/* --- by definition */

static void
put(struct nw_brute_set *s, struct nw_brute_span x)
{
	for (int i = 0; i < s->n; i++)
		if (memcmp(&s->v[i], &x, sizeof(x)) == 0)
			return;
	if (s->n == NW_BRUTE_SPANS)
		s->full = 1;
	else
		s->v[s->n++] = x;
}

static int
unit_of(const struct nw_brute_text *t, int f, int pos, int para)
{
	for (int i = 0; i < t->n[f]; i++)
		if (t->w[f][i].pos == pos)
			return para ? t->w[f][i].para : t->w[f][i].sentence;
	return -1;
}

static int
in_scope(int scope, int f)
{
	return scope == -1 || (scope == NW_AST_TITLE ? f == 0 : f == 1);
}

static void
phrase(const struct nw_brute_text *t, const struct nw_ast *a, int scope, struct nw_brute_set *out)
{
	int n = (int)a->cut->n;

	for (int f = 0; f < 2; f++)
		for (int i = 0; in_scope(scope, f) && i + n <= t->n[f]; i++) {
			int same = 1;

			for (int k = 0; k < n; k++)
				same &= t->w[f][i + k].word == a->cut->word[k].folded.p[0] - 'a' &&
				    t->w[f][i + k].pos == t->w[f][i].pos + k;
			if (same)
				put(out, (struct nw_brute_span){f, t->w[f][i].pos, t->w[f][i + n - 1].pos});
		}
}

static void place(const struct nw_brute_text *, const struct nw_ast *, int scope, int relaxed, struct nw_brute_set *);

/* Whether these spans, one of each operand, make a chain. */
static int
is_chain(const struct nw_brute_text *t, const struct nw_ast *a, const struct nw_brute_span *s, int n)
{
	int order[8];

	for (int i = 0; i < n; i++) {
		order[i] = i;
		if (s[i].field != s[0].field)
			return 0;
	}
	for (int i = 0; i < n; i++)
		for (int k = i + 1; k < n; k++)
			if (s[order[k]].from < s[order[i]].from) {
				int x = order[i];

				order[i] = order[k];
				order[k] = x;
			}
	for (int i = 0; i < n; i++) {
		int para = a->kind == NW_AST_PARA;

		if (a->kind == NW_AST_PRE && order[i] != i)
			return 0;
		if (a->kind == NW_AST_SENT || para) {
			int u = unit_of(t, s[0].field, s[0].from, para);

			if (unit_of(t, s[i].field, s[i].from, para) != u || unit_of(t, s[i].field, s[i].to, para) != u)
				return 0;
		}
		if (i == 0)
			continue;
		if (s[order[i]].from <= s[order[i - 1]].to)
			return 0;
		if ((a->kind == NW_AST_NEAR || a->kind == NW_AST_PRE) &&
		    s[order[i]].from - s[order[i - 1]].to - 1 > (int)a->n)
			return 0;
	}
	return 1;
}

static void
chain(const struct nw_brute_text *t, const struct nw_ast *a, int scope, int relaxed, struct nw_brute_set *out)
{
	static struct nw_brute_set all;
	struct nw_brute_set mine[3];
	struct nw_brute_span s[3];
	int n = (int)a->nkid, at[3] = {0};

	for (int i = 0; i < n; i++) {
		mine[i].n = mine[i].full = 0;
		place(t, a->kid[i], scope, relaxed, &mine[i]);
		out->full |= mine[i].full;
		if (mine[i].n == 0)
			return;
	}
	all.n = all.full = 0;
	for (;;) {
		int i;

		for (i = 0; i < n; i++)
			s[i] = mine[i].v[at[i]];
		if (is_chain(t, a, s, n)) {
			struct nw_brute_span span = s[0];

			for (i = 1; i < n; i++) {
				span.from = s[i].from < span.from ? s[i].from : span.from;
				span.to = s[i].to > span.to ? s[i].to : span.to;
			}
			put(&all, span);
		}
		for (i = 0; i < n && ++at[i] == mine[i].n; i++)
			at[i] = 0;
		if (i == n)
			break;
	}
	out->full |= all.full;
	for (int i = 0; i < all.n; i++) { /* minimal: none that holds another */
		int holds = 0;

		for (int k = 0; k < all.n; k++)
			holds |= k != i && all.v[k].field == all.v[i].field && all.v[k].from >= all.v[i].from &&
			    all.v[k].to <= all.v[i].to;
		if (!holds)
			put(out, all.v[i]);
	}
}

static int
distance(struct nw_brute_span a, struct nw_brute_span b)
{
	if (b.from > a.to)
		return b.from - a.to - 1;
	return a.from > b.to ? a.from - b.to - 1 : 0;
}

static int
share_unit(const struct nw_brute_text *t, struct nw_brute_span a, struct nw_brute_span b, int para)
{
	for (int p = a.from; p <= a.to; p++)
		for (int q = b.from; q <= b.to; q++)
			if (unit_of(t, a.field, p, para) >= 0 && unit_of(t, a.field, p, para) == unit_of(t, b.field, q, para))
				return 1;
	return 0;
}

static void
two(const struct nw_brute_text *t, const struct nw_ast *a, int scope, int relaxed, struct nw_brute_set *out)
{
	struct nw_brute_set left = {.n = 0}, right = {.n = 0};

	place(t, a->kid[0], scope, relaxed, &left);
	place(t, a->kid[1], scope, relaxed, &right);
	out->full |= left.full | right.full;
	for (int i = 0; i < left.n; i++) {
		int struck = 0, inside = 0;

		for (int k = 0; k < right.n; k++) {
			struct nw_brute_span x = left.v[i], y = right.v[k];

			if (x.field != y.field)
				continue;
			inside |= y.from <= x.from && x.to <= y.to;
			struck |= a->kind == NW_AST_NOTNEAR ? distance(x, y) <= (int)a->n
							    : share_unit(t, x, y, a->kind == NW_AST_NOTPARA);
		}
		if (a->kind == NW_AST_IN ? inside : relaxed || !(a->kind == NW_AST_NOTIN ? inside : struck))
			put(out, left.v[i]);
	}
}

static void
place(const struct nw_brute_text *t, const struct nw_ast *a, int scope, int relaxed, struct nw_brute_set *out)
{
	struct nw_brute_set in = {.n = 0};

	switch (a->kind) {
	case NW_AST_TERM:
		phrase(t, a, scope, out);
		return;
	case NW_AST_FIELD:
		place(t, a->kid[0], (int)a->n, relaxed, out);
		return;
	case NW_AST_OR:
		for (uint32_t i = 0; i < a->nkid; i++)
			place(t, a->kid[i], scope, relaxed, out);
		return;
	case NW_AST_FIRST:
		place(t, a->kid[0], scope, relaxed, &in);
		out->full |= in.full;
		for (int i = 0; i < in.n; i++)
			if ((scope == -1 && in.v[i].field == 0) || in.v[i].from < (int)a->n)
				put(out, in.v[i]);
		return;
	case NW_AST_NEAR:
	case NW_AST_PRE:
	case NW_AST_SENT:
	case NW_AST_PARA:
		chain(t, a, scope, relaxed, out);
		return;
	default:
		two(t, a, scope, relaxed, out);
	}
}

void
nw_brute_place(const struct nw_brute_text *t, const struct nw_ast *a, int relaxed, struct nw_brute_set *out)
{
	out->n = out->full = 0;
	place(t, a, -1, relaxed, out);
}

/* The largest choice of spans from ${i} on that do not overlap what is chosen. */
static int
disjoint(const struct nw_brute_set *s, int i, struct nw_brute_span *chosen, int n)
{
	int with = 0, without;

	if (i == s->n)
		return n;
	without = disjoint(s, i + 1, chosen, n);
	for (int k = 0; k < n; k++)
		if (chosen[k].field == s->v[i].field && chosen[k].from <= s->v[i].to && s->v[i].from <= chosen[k].to)
			return without;
	chosen[n] = s->v[i];
	with = disjoint(s, i + 1, chosen, n + 1);
	return with > without ? with : without;
}

static int
count_true(const struct nw_brute_text *t, const struct nw_ast *a, int relaxed)
{
	int n = 0;

	for (uint32_t i = 0; i < a->nkid; i++) {
		int x = nw_brute_truth(t, a->kid[i], relaxed);

		if (x < 0)
			return -1;
		n += x;
	}
	return n;
}

int
nw_brute_truth(const struct nw_brute_text *t, const struct nw_ast *a, int relaxed)
{
	static struct nw_brute_set s;
	struct nw_brute_span chosen[24];
	int n;

	if (a->place || a->kind == NW_AST_ATLEAST) {
		nw_brute_place(t, a->place ? a : a->kid[0], relaxed, &s);
		if (s.full || (!a->place && s.n > 20))
			return -1;
		return a->place ? s.n > 0 : disjoint(&s, 0, chosen, 0) >= (int)a->n;
	}
	if (a->kind == NW_AST_NOT) {
		n = nw_brute_truth(t, a->kid[0], relaxed);
		return relaxed ? 1 : n < 0 ? -1 : !n;
	}
	if ((n = count_true(t, a, relaxed)) < 0)
		return -1;
	return a->kind == NW_AST_AND ? n == (int)a->nkid : a->kind == NW_AST_OR ? n > 0 : n >= (int)a->n;
}
