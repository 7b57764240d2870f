#include <stdio.h>
#include <string.h>

#include "core/batch.h"
#include "cli/evidence.h"
#include "cli/out.h"
#include "cli/show.h"

#define MARKS_MAX 64 /* in one passage; a sentence with more is marked as far as that */

static int
same_passage(const Nw__Hit *a, const Nw__Hit *b)
{
	return a->field == b->field && a->passage_off == b->passage_off && a->passage_len == b->passage_len;
}

/* The hits of a passage, in the order of the text. */
static size_t
gather(struct nw_out_mark *mark, Nw__Hit *const *hits, size_t n, const Nw__Hit *of)
{
	size_t nmark = 0, at;

	for (size_t i = 0; i < n && nmark < MARKS_MAX; i++) {
		struct nw_out_mark m = {hits[i]->off - of->passage_off, hits[i]->len};

		if (!same_passage(hits[i], of) || hits[i]->off < of->passage_off)
			continue;
		for (at = nmark++; at > 0 && mark[at - 1].off > m.off; at--)
			mark[at] = mark[at - 1];
		mark[at] = m;
	}
	return nmark;
}

void
nw_evidence_print(const char *indent, const Nw__Article *a, Nw__Hit *const *hits, size_t n)
{
	struct nw_out_mark mark[MARKS_MAX];

	for (size_t i = 0; i < n; i++) {
		struct nw_str text = nw_batch_field(a, hits[i]->field);
		size_t k = 0;

		while (k < i && !same_passage(hits[k], hits[i]))
			k++;
		if (k < i || !nw_batch_hit_ok(a, hits[i]))
			continue; /* told with an earlier hit */
		printf("%s%s: ", indent, nw_show_field(hits[i]->field));
		nw_out_passage((struct nw_str){text.p + hits[i]->passage_off, hits[i]->passage_len}, mark,
		    gather(mark, hits, n, hits[i]));
		(void)putchar('\n');
	}
}
