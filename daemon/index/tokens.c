#include <ctype.h>
#include <sqlite3.h>
#include <string.h>

#include "query/analyse.h"
#include "index/tokens.h"

/* --- the tokenizer: no state, words end at blanks */

static int
create(void *context, const char **arg, int narg, Fts5Tokenizer **tokenizer_r)
{
	(void)context;
	(void)arg;
	(void)narg;
	*tokenizer_r = (Fts5Tokenizer *)(uintptr_t)NW_TOKENS_NAME; /* anything but NULL */
	return SQLITE_OK;
}

static void
destroy(Fts5Tokenizer *t)
{
	(void)t;
}

static int
tokenize(Fts5Tokenizer *t, void *cookie, int flags, const char *p, int n,
    int (*token)(void *, int, const char *, int, int, int))
{
	int rc = SQLITE_OK, from = 0;

	(void)t;
	(void)flags;
	while (from < n && rc == SQLITE_OK) {
		const char *blank = memchr(p + from, ' ', (size_t)(n - from));
		int to = blank != NULL ? (int)(blank - p) : n;

		if (to > from)
			rc = token(cookie, 0, p + from, to - from, from, to);
		from = to + 1;
	}
	return rc;
}

int
nw_tokens_register(struct sqlite3 *db)
{
	fts5_tokenizer functions = {create, destroy, tokenize};
	sqlite3_stmt *s = NULL;
	fts5_api *api = NULL;
	int rc = -1;

	if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &s, NULL) == SQLITE_OK &&
	    sqlite3_bind_pointer(s, 1, &api, "fts5_api_ptr", NULL) == SQLITE_OK &&
	    sqlite3_step(s) == SQLITE_ROW && api != NULL &&
	    api->xCreateTokenizer(api, NW_TOKENS_NAME, NULL, &functions, NULL) == SQLITE_OK)
		rc = 0;
	(void)sqlite3_finalize(s); /* repeats the last error */
	return rc;
}

/* --- words */

/* The folded word; most are ASCII, and fold by themselves. */
static void
add_word(struct nw_analyse *an, const struct nw_text *t, uint32_t i, struct nw_buf *out)
{
	const struct nw_pos *pos = &t->pos[i];
	const char *from = t->s.p + pos->off;
	char *to;

	if ((pos->flags & (NW_POS_ASCII | NW_POS_DROPS)) != NW_POS_ASCII) {
		nw_analyse_fold(an, t, i, out);
		return;
	}
	if ((to = nw_buf_room(out, pos->len)) == NULL)
		return;
	for (uint32_t k = 0; k < pos->len; k++)
		to[k] = from[k] >= 'A' && from[k] <= 'Z' ? (char)(from[k] + ('a' - 'A')) : from[k];
	out->len += pos->len;
}

int
nw_tokens_add(const struct nw_tokens_maker *m, struct nw_str s, char mark, struct nw_buf *out)
{
	if (nw_analyse_text(m->an, s, m->text) == -1) {
		out->failed = 1;
		return -1;
	}
	for (uint32_t i = 0; i < m->text->n && !out->failed; i++) {
		size_t from;

		if (m->text->hash[i] == 0) /* the end of a paragraph */
			continue;
		if (mark != 0)
			nw_buf_addc(out, mark);
		from = out->len;
		add_word(m->an, m->text, i, out);
		if (!out->failed)
			m->fn(m->cookie, m->text->hash[i], (struct nw_str){out->p + from, out->len - from});
		nw_buf_addc(out, ' ');
	}
	return out->failed ? -1 : 0;
}

/* --- facts */

int
nw_tokens_is_lang(struct nw_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == '"')
			return 0;
	return 1;
}

/* ${n} bytes of the language's tag. */
static void
add_lang(struct nw_str lang, size_t n, struct nw_buf *out)
{
	nw_buf_addc(out, NW_TOKENS_LANG);
	for (size_t i = 0; i < n; i++)
		nw_buf_addc(out, (char)tolower((unsigned char)lang.p[i]));
	nw_buf_addc(out, ' ');
}

void
nw_tokens_add_facts(struct nw_str lang, int64_t source, struct nw_buf *out)
{
	if (!nw_tokens_is_lang(lang))
		lang.len = 0;
	add_lang(lang, lang.len, out);
	for (size_t n = 1; n < lang.len; n++)
		if (lang.p[n] == '-')
			add_lang(lang, n, out);
	nw_buf_addf(out, "%c%lld ", NW_TOKENS_SOURCE, (long long)source);
}
