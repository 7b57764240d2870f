/* The writer's half of index.h. */
#include "base/err.h"
#include "base/str.h"
#include "core/frame.h"
#include "core/limits.h"
#include "store/store_read.h"
#include "index/index_own.h"

static int
step(struct nw_index *ix, enum nw_index_sql q, const char *doing, struct nw_err *err)
{
	int rc = sqlite3_step(ix->stmt[q]);

	if (rc != SQLITE_DONE)
		nw_index_fail(ix, doing, err);
	(void)sqlite3_reset(ix->stmt[q]); /* repeats the last error */
	return rc == SQLITE_DONE ? 0 : -1;
}

static int
begin(struct nw_index *ix, struct nw_err *err)
{
	if (ix->in_batch)
		return 0;
	if (step(ix, NW_INDEX_SQL_BEGIN, "begin", err) == -1)
		return -1;
	ix->in_batch = 1;
	ix->added = 0;
	return 0;
}

static void
note_word(void *cookie, uint64_t hash, struct nw_str word)
{
	struct nw_index *ix = cookie;
	sqlite3_stmt *s = ix->stmt[NW_INDEX_SQL_ADD_WORD];

	if (!nw_known_add(&ix->known, hash) || ix->failed)
		return;
	if (sqlite3_bind_text(s, 1, word.p, (int)word.len, SQLITE_STATIC) != SQLITE_OK ||
	    sqlite3_step(s) != SQLITE_DONE)
		ix->failed = 1;
	(void)sqlite3_reset(s); /* repeats the last error */
}

/* The article's words: title; body or summary, author, URL, and what it is. */
static int
cut(struct nw_index *ix, const struct nw_store_revision_row *row, struct nw_err *err)
{
	const Nw__Article *a = row->m;
	struct nw_tokens_maker m = {ix->an, &ix->text, note_word, ix};
	struct nw_str body = nw_pb_str(a->body.len != 0 ? a->body : a->summary);

	ix->failed = 0;
	nw_buf_reset(&ix->title);
	nw_buf_reset(&ix->body);
	if (nw_tokens_add(&m, nw_pb_str(a->title), 0, &ix->title) == -1 ||
	    nw_tokens_add(&m, body, 0, &ix->body) == -1 ||
	    nw_tokens_add(&m, nw_pb_str(a->author), NW_TOKENS_AUTHOR, &ix->body) == -1 ||
	    nw_tokens_add(&m, nw_pb_str(a->url), NW_TOKENS_URL, &ix->body) == -1)
		return nw_fail(err, NW_ERES, "index: out of memory");
	nw_tokens_add_facts(nw_pb_str(a->lang), row->source, &ix->body);
	if (ix->body.failed)
		return nw_fail(err, NW_ERES, "index: out of memory");
	return ix->failed ? nw_index_fail(ix, "add a word", err) : 0;
}

int
nw_index_add(struct nw_index *ix, const struct nw_store_revision_row *row, struct nw_err *err)
{
	sqlite3_stmt *s = ix->stmt[NW_INDEX_SQL_ADD];

	if (begin(ix, err) == -1 || cut(ix, row, err) == -1)
		return -1;
	if (sqlite3_bind_int64(s, 1, row->id) != SQLITE_OK ||
	    sqlite3_bind_text64(s, 2, nw_buf_str(&ix->title).p, ix->title.len, SQLITE_STATIC, SQLITE_UTF8) !=
		SQLITE_OK ||
	    sqlite3_bind_text64(s, 3, nw_buf_str(&ix->body).p, ix->body.len, SQLITE_STATIC, SQLITE_UTF8) !=
		SQLITE_OK)
		return nw_index_fail(ix, "bind", err);
	if (step(ix, NW_INDEX_SQL_ADD, "add a revision", err) == -1)
		return -1;
	ix->added++;
	return 0;
}

int
nw_index_commit(struct nw_index *ix, int64_t mark, int64_t seen_ms, struct nw_err *err)
{
	sqlite3_stmt *s = ix->stmt[NW_INDEX_SQL_MARK];

	if (begin(ix, err) == -1)
		return -1;
	if (sqlite3_bind_int64(s, 1, mark) != SQLITE_OK || sqlite3_bind_int64(s, 2, seen_ms) != SQLITE_OK ||
	    sqlite3_bind_int64(s, 3, ix->added) != SQLITE_OK)
		return nw_index_fail(ix, "bind", err);
	if (step(ix, NW_INDEX_SQL_MARK, "move the mark", err) == -1 ||
	    step(ix, NW_INDEX_SQL_COMMIT, "commit", err) == -1)
		return -1;
	ix->in_batch = 0;
	return 0;
}

void
nw_index_rollback(struct nw_index *ix)
{
	if (sqlite3_get_autocommit(ix->db) == 0)
		(void)step(ix, NW_INDEX_SQL_ROLLBACK, "roll back",
		    NULL); /* what stood is told; closing undoes it too */
	nw_known_forget(&ix->known);
	ix->in_batch = 0;
}

int
nw_index_clear(struct nw_index *ix, struct nw_err *err)
{
	static const char sql[] =
	    "BEGIN IMMEDIATE; INSERT INTO words(words) VALUES ('delete-all'); DELETE FROM dictionary;"
	    "UPDATE state SET mark = 0, seen_at = 0, n = 0; COMMIT";

	nw_index_rollback(ix);
	if (sqlite3_exec(ix->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	nw_index_fail(ix, "empty it", err);
	nw_index_rollback(ix);
	return -1;
}

int
nw_index_tidy(struct nw_index *ix, struct nw_err *err)
{
	int64_t before = sqlite3_total_changes64(ix->db);

	if (step(ix, NW_INDEX_SQL_MERGE, "join what batches left", err) == -1)
		return -1;
	return sqlite3_total_changes64(ix->db) - before >= 2; /* as FTS5 tells that it did something */
}
