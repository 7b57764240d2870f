#include "query/simhash.h"

#define PLANES 21u /* counts up to two million words, the bits of one count side by side in as many numbers */

struct counts {
	uint64_t plane[PLANES]; /* bit b of plane p: bit p of how many words had bit b */
	uint32_t n;
};

static void
count(struct counts *c, const struct nw_text *t)
{
	for (uint32_t i = 0; i < t->n; i++) {
		uint64_t carry = t->hash[i];

		if (carry == 0)
			continue;
		c->n++;
		for (uint32_t p = 0; carry != 0 && p < PLANES; p++) {
			uint64_t both = c->plane[p] & carry;

			c->plane[p] ^= carry;
			carry = both;
		}
	}
}

uint64_t
nw_simhash_of(const struct nw_text *title, const struct nw_text *body)
{
	struct counts c = {0};
	uint64_t out = 0;

	count(&c, title);
	count(&c, body);
	if (c.n < NW_SIMHASH_WORDS_MIN)
		return 0;
	for (uint32_t b = 0; b < 64; b++) {
		uint32_t ones = 0;

		for (uint32_t p = 0; p < PLANES; p++)
			ones |= (uint32_t)(c.plane[p] >> b & 1) << p;
		out |= (uint64_t)(2 * ones > c.n) << b;
	}
	return out;
}
