#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/limits.h"
#include "query/need.h"
#include "index/index_own.h"
#include "index/reached.h"

#define ARABIC_FIRST 0x600
#define ARABIC_LAST  0x6ff

static int
is_arabic(struct nw_str s)
{
	size_t n;
	int32_t c = s.len != 0 ? nw_utf8_next(s.p, s.p + s.len, &n) : -1;

	return c >= ARABIC_FIRST && c <= ARABIC_LAST;
}

int
nw_reached_is_plain(const struct nw_need_word *w)
{
	return w->like == NW_NEED_SAME && !is_arabic(w->text);
}

struct nw_str
nw_reached_beginning(const struct nw_need_word *w)
{
	size_t n = 0;

	if (w->like == NW_NEED_GLOB && !is_arabic(w->text))
		while (n < w->text.len && w->text.p[n] != '*' && w->text.p[n] != '?')
			n++;
	return (struct nw_str){w->text.p, n};
}

int
nw_reached_walk(struct nw_index *ix, const struct nw_need_word *w, nw_reached_fn *fn, void *cookie)
{
	sqlite3_stmt *s = ix->stmt[NW_INDEX_SQL_WORDS];
	struct nw_str head = nw_reached_beginning(w), word;
	int rc = sqlite3_bind_text(s, 1, head.p, (int)head.len, SQLITE_STATIC);

	if (rc == SQLITE_OK)
		rc = SQLITE_ROW;
	while (rc == SQLITE_ROW && (rc = sqlite3_step(s)) == SQLITE_ROW) {
		word = (struct nw_str){
		    (const char *)sqlite3_column_text(s, 0), (size_t)sqlite3_column_bytes(s, 0)};
		if (word.p == NULL || word.len < head.len || memcmp(word.p, head.p, head.len) != 0)
			break;
		if (nw_need_is_like(w, word) && fn(cookie, word) != 0)
			break;
	}
	(void)sqlite3_reset(s); /* repeats the last error */
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : -1;
}

int
nw_reached_count(struct nw_index *ix, struct nw_str word, int64_t *count_r, struct nw_err *err)
{
	sqlite3_stmt *s = ix->stmt[NW_INDEX_SQL_COUNT];
	struct nw_buf quoted = {0};
	int rc;

	nw_buf_addc(&quoted, '"');
	nw_buf_addstr(&quoted, word);
	nw_buf_addc(&quoted, '"');
	rc = quoted.failed ? SQLITE_NOMEM : sqlite3_bind_text(s, 1, quoted.p, (int)quoted.len, SQLITE_STATIC);
	if (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW)
		*count_r = sqlite3_column_int64(s, 0);
	(void)sqlite3_reset(s); /* repeats the last error */
	nw_buf_done(&quoted);
	return rc == SQLITE_ROW ? 0 : nw_index_fail(ix, "count a word", err);
}
