#include "core/frame.h"
#include "store/sqlite/commit.h"
#include "store/sqlite/db.h"

#define BANDS 4 /* of 16 bits */

struct candidate {
	int64_t story;
	int distance; /* differing bits */
};

static int64_t
band_of(uint64_t simhash, int i)
{
	return (int64_t)i << 16 | (int64_t)(simhash >> (16 * i) & 0xffff);
}

/* A near text joins, but never two keys of one source, never two announcement numbers. */
static int
consider(struct nw_commit *c, const struct nw_subject *s, int64_t article, int distance, struct candidate *best)
{
	sqlite3_stmt *row = NULL;
	int rc = nw_db_row(c->st, NW_SQL_STORY_OF, NW_ARGS(nw_db_int(article)), &row, c->err);
	struct nw_str number;

	if (rc != 1)
		return rc;
	number = nw_db_col_str(row, 2);
	if (nw_db_col_int(row, 1) != s->source &&
	    (number.len == 0 || s->number.len == 0 || nw_str_eq(number, s->number)))
		*best = (struct candidate){nw_db_col_int(row, 0), distance};
	nw_db_done(row);
	return 0;
}

static int
find(struct nw_commit *c, const struct nw_subject *s, int band, struct candidate *best)
{
	int64_t since = c->now_ms - NW_STORE_STORY_S * 1000LL;
	sqlite3_stmt *row = NULL;
	int rc = nw_db_row(c->st, NW_SQL_BAND_FIND,
	    NW_ARGS(nw_db_int(band_of(s->simhash, band)), nw_db_int(since), nw_db_int(s->article)), &row, c->err);

	for (; rc == 1; rc = nw_db_next(c->st, row, c->err)) {
		int distance = __builtin_popcountll((uint64_t)nw_db_col_int(row, 1) ^ s->simhash);

		if (distance < best->distance && consider(c, s, nw_db_col_int(row, 0), distance, best) == -1) {
			nw_db_done(row);
			return -1;
		}
	}
	return rc;
}

int
nw_story_join(struct nw_commit *c, struct nw_subject *s)
{
	struct candidate best = {.story = s->article, .distance = NW_STORE_STORY_BITS + 1};

	if (s->story != 0)
		return 0;
	for (int i = 0; i < BANDS && s->simhash != 0; i++)
		if (find(c, s, i, &best) == -1)
			return -1;
	s->story = best.story;
	if (nw_db_run(c->st, NW_SQL_STORY_SET, NW_ARGS(nw_db_int(s->article), nw_db_int(s->story)), c->err) ==
	    -1)
		return -1;
	for (int i = 0; i < BANDS && s->simhash != 0; i++)
		if (nw_db_run(c->st, NW_SQL_BAND_ADD,
			NW_ARGS(nw_db_int(band_of(s->simhash, i)), nw_db_int(s->article),
			    nw_db_int(c->now_ms), nw_db_int((int64_t)s->simhash)),
			c->err) == -1)
			return -1;
	return 0;
}
