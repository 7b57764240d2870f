#include "base/arena.h"
#include "base/str.h"
#include "store/sqlite/identity.h"
#include "store/sqlite/prefix.h"
#include "store/sqlite/read.h"

int
nw_read_rows(struct nw_store *st, enum nw_sql q, const struct nw_arg *args, size_t n, nw_read_row_fn *fn,
    void *cookie, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int rc, said = 0;

	nw_db_reading(st);
	for (rc = nw_db_row(st, q, args, n, &row, err); rc == 1; rc = nw_db_next(st, row, err))
		if ((said = fn(cookie, row)) != 0) {
			nw_db_done(row);
			return said == -1 ? nw_db_nomem(err) : 0;
		}
	return rc;
}

/* --- which article is meant ------------------------------------------------------------------------------------- */

struct found {
	int64_t *article;
	uint32_t n, max;
};

static int
add_found(void *cookie, sqlite3_stmt *row)
{
	struct found *f = cookie;

	for (uint32_t i = 0; i < f->n; i++)
		if (f->article[i] == nw_db_col_int(row, 0))
			return 0;
	f->article[f->n++] = nw_db_col_int(row, 0);
	return f->n == f->max;
}

static int
find_by_key(
    struct nw_store *st, enum nw_key_kind kind, struct nw_str text, struct found *f, struct nw_err *err)
{
	uint8_t hash[NW_KEY_LEN];
	struct nw_arena *a;

	if (f->n == f->max)
		return 0;
	if ((a = nw_arena_new(0)) == NULL)
		return nw_db_nomem(err);
	nw_identity_hash(a, kind, text, hash);
	nw_arena_free(a);
	return nw_read_rows(st, NW_SQL_KEY_ANYWHERE, NW_ARGS(nw_db_int(kind), nw_db_blob(hash, sizeof(hash))),
	    add_found, f, err);
}

static int
find_by_id(struct nw_store *st, struct nw_str text, struct found *f, struct nw_err *err)
{
	static const struct {
		enum nw_sql prefix, article;
	} table[] = {
	    {NW_SQL_ALERT_PREFIX, NW_SQL_ARTICLE_OF_ALERT}, {NW_SQL_NEAR_PREFIX, NW_SQL_ARTICLE_OF_NEAR}};
	char id[NW_STORE_ID_LEN + 1];
	int rc;

	for (size_t i = 0; i < 2 && f->n == 0; i++) {
		if ((rc = nw_prefix_find(st, table[i].prefix, text, id, err)) == 1)
			rc = nw_read_rows(st, table[i].article, NW_ARGS(nw_db_text(id)), add_found, f, err);
		if (rc == -1)
			return -1;
	}
	return 0;
}

/* "article:17", as steps and events refer to it. */
static int
find_by_number(struct nw_store *st, struct nw_str text, struct found *f, struct nw_err *err)
{
	int64_t id = 0;

	if (!nw_str_starts(text, "article:") || text.len > 8 + 18)
		return 0;
	for (size_t i = 8; i < text.len; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return 0;
		id = id * 10 + (text.p[i] - '0');
	}
	return nw_read_rows(st, NW_SQL_ARTICLE_ROW, NW_ARGS(nw_db_int(id)), add_found, f, err);
}

int
nw_read_find(struct nw_store *st, struct nw_str text, int64_t *article_r, uint32_t max, uint32_t *n_r,
    struct nw_err *err)
{
	static const enum nw_key_kind kind[] = {NW_KEY_URL, NW_KEY_GUID, NW_KEY_RULE};
	struct found f = {article_r, 0, max};

	nw_db_reading(st);
	if (find_by_number(st, text, &f, err) == -1 || find_by_id(st, text, &f, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(kind) / sizeof(*kind); i++)
		if (find_by_key(st, kind[i], text, &f, err) == -1)
			return -1;
	if (f.n < f.max &&
	    nw_read_rows(st, NW_SQL_NUMBER_ANYWHERE, NW_ARGS(nw_db_str(text)), add_found, &f, err) == -1)
		return -1;
	*n_r = f.n;
	return 0;
}
