#include "core/frame.h"
#include "store/sqlite/commit.h"
#include "store/sqlite/db.h"
#include "store/sqlite/event.h"

#define SINCE_MS (90 * INT64_C(86400000)) /* numbers begin anew every year, in every ministry */
#define BITS	 20			  /* of 64: beyond these, two texts only share a number */

/* The next byte of a text that is neither white space nor ASCII punctuation, lower case; -1 at its end. */
static int
next_letter(struct nw_str s, size_t *at)
{
	while (*at < s.len) {
		unsigned char c = (unsigned char)s.p[(*at)++];

		if (c >= 'A' && c <= 'Z')
			return c + 'a' - 'A';
		if (c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))
			return c;
	}
	return -1;
}

static int
same_words(struct nw_str a, struct nw_str b)
{
	size_t i = 0, k = 0;
	int x, y;

	do {
		x = next_letter(a, &i);
		y = next_letter(b, &k);
	} while (x == y && x != -1);
	return x == y;
}

/* One other copy: an event, when it is the same text but for some words. */
static int
compare(struct nw_commit *c, int64_t article, const Nw__Article *art, sqlite3_stmt *row)
{
	struct nw_str number = nw_pb_str(art->number), url = nw_pb_str(art->url);
	uint64_t simhash = (uint64_t)nw_db_col_int(row, 3);

	if (simhash == 0 || __builtin_popcountll(simhash ^ art->simhash) > BITS ||
	    same_words(nw_db_col_str(row, 4), nw_pb_str(art->body)))
		return 0;
	c->report->conflicts++;
	return nw_event_article(c->st, c->now_ms, "conflict", article, c->err,
	    "announcement %.*s reads differently at %.*s (source %s) and %.*s (source %s)", (int)number.len,
	    number.p, (int)url.len, url.p, c->target.source_name.p, (int)nw_db_col_str(row, 2).len,
	    nw_db_col_str(row, 2).p, nw_db_col_str(row, 1).p);
}

int
nw_conflict_look(struct nw_commit *c, int64_t article, const Nw__Article *art)
{
	sqlite3_stmt *row = NULL;
	int rc;

	if (art->number.len == 0 || art->simhash == 0)
		return 0;
	for (rc = nw_db_row(c->st, NW_SQL_COPIES,
		 NW_ARGS(nw_db_str(nw_pb_str(art->number)), nw_db_int(c->target.source),
		     nw_db_str(nw_pb_str(art->lang)), nw_db_int(c->now_ms - SINCE_MS)),
		 &row, c->err);
	     rc == 1; rc = nw_db_next(c->st, row, c->err))
		if (compare(c, article, art, row) == -1) {
			nw_db_done(row);
			return -1;
		}
	return rc;
}
