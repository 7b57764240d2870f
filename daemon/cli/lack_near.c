/* Which watches came nearest to firing on an article. */
#include <stdlib.h>

#include "cli/lack_own.h"

struct near {
	const struct nw_conf_entry *entry;
	uint32_t share, at; /* in hundredths; its place in the configuration */
};

/* The nearest first; of equals the one that was written first. */
static int
by_share(const void *left, const void *right)
{
	const struct near *a = left, *b = right;

	if (a->share != b->share)
		return a->share < b->share ? 1 : -1;
	return a->at < b->at ? -1 : a->at > b->at;
}

/* Of a score block the best clause; what does not hold is never whole. */
static uint32_t
share_of(struct nw_lack_hand *h, const struct nw_lack_watch *w)
{
	enum nw_lack what = nw_lack_whole(h, w);
	uint32_t most = 0, s;

	if (what != NW_LACK_ABSENT)
		return what == NW_LACK_UNKNOWN ? 0 : 100;
	for (uint32_t i = 0; i < w->nroot; i++)
		if ((s = nw_lack_share(w, w->root[i])) > most)
			most = s;
	return most < 100 ? most : 99;
}

static int
rank(const struct nw_config *conf, const Nw__Article *m, int64_t now_ms, struct nw_lack_watch *w,
    struct near *near, uint32_t n)
{
	const struct nw_conf_section *s = nw_conf_section_find(conf, "watches");
	struct nw_lack_hand h;
	int rc = nw_lack_open(&h, conf);

	for (uint32_t i = 0; i < n && rc == 0; i++)
		rc = nw_lack_add(&h, &w[i], s->entry[i]);
	if (rc == 0)
		rc = nw_lack_ask(&h, m, now_ms, w, n);
	for (uint32_t i = 0; i < n && rc == 0; i++)
		near[i] = (struct near){w[i].entry, share_of(&h, &w[i]), i};
	nw_lack_close(&h);
	if (rc == 0)
		qsort(near, n, sizeof(*near), by_share);
	return rc;
}

int
nw_lack_near(const struct nw_config *conf, const Nw__Article *article, int64_t now_ms, uint32_t max,
    nw_lack_near_fn *fn, void *cookie)
{
	const struct nw_conf_section *s = nw_conf_section_find(conf, "watches");
	uint32_t n = s == NULL ? 0 : s->nentry < NW_LACK_WATCHES ? s->nentry : NW_LACK_WATCHES;
	struct nw_lack_watch *w = n > 0 ? malloc(n * sizeof(*w)) : NULL;
	struct near *near = n > 0 ? malloc(n * sizeof(*near)) : NULL;
	int rc = n == 0 ? 0 : w != NULL && near != NULL ? rank(conf, article, now_ms, w, near, n) : -1;

	for (uint32_t i = 0; rc == 0 && i < n && i < max && near[i].share > 0; i++)
		fn(cookie, near[i].entry, near[i].share);
	free(w);
	free(near);
	return rc;
}
