#include <ctype.h>

#include "base/suggest.h"

static unsigned
least(unsigned a, unsigned b, unsigned c)
{
	a = a < b ? a : b;
	return a < c ? a : c;
}

static int
same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Edits from a to b, both at most NW_SUGGEST_BYTES_MAX bytes, case apart (three rows of the usual table). */
static unsigned
edits(struct nw_str a, struct nw_str b)
{
	unsigned row[3][NW_SUGGEST_BYTES_MAX + 1];
	size_t i, j;

	for (j = 0; j <= b.len; j++)
		row[0][j] = (unsigned)j;
	for (i = 1; i <= a.len; i++) {
		unsigned *now = row[i % 3], *up = row[(i - 1) % 3], *up2 = row[(i + 1) % 3];

		now[0] = (unsigned)i;
		for (j = 1; j <= b.len; j++) {
			now[j] = least(up[j] + 1, now[j - 1] + 1, up[j - 1] + !same(a.p[i - 1], b.p[j - 1]));
			if (i > 1 && j > 1 && same(a.p[i - 1], b.p[j - 2]) && same(a.p[i - 2], b.p[j - 1]))
				now[j] = least(now[j], up2[j - 2] + 1, now[j]);
		}
	}
	return row[a.len % 3][b.len];
}

void
nw_suggest_offer(struct nw_suggest *s, struct nw_str name)
{
	unsigned d;

	if (s->word.len > NW_SUGGEST_BYTES_MAX || name.len > NW_SUGGEST_BYTES_MAX || name.len == 0)
		return;
	if (name.len > s->word.len + s->distance || s->word.len > name.len + s->distance)
		return;
	if ((d = edits(s->word, name)) < s->distance || (d == s->distance && s->best.len == 0)) {
		s->distance = d;
		s->best = name;
	}
}
