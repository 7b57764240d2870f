#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/limits.h"
#include "query/need.h"
#include "store/store_read.h"
#include "index/index_own.h"
#include "index/lookup.h"
#include "index/reached.h"

struct nw_lookup {
	struct nw_index *ix;
	struct nw_buf text; /* of the MATCH */
};

/* A MATCH under construction. */
struct match {
	struct nw_index *ix;
	struct nw_store *store; /* for the numbers of sources */
	struct nw_buf *out;
	uint32_t nterm;
	int failed; /* the database */
};

/* What a part came to: in the text, no word of the archive can do it, or it says nothing. */
enum part { SAID, NOTHING, ANYTHING };

static enum part add_need(struct match *, const struct nw_need *);

/* --- words of the archive that are like a needed one */

static void
add_term(struct match *m, char mark, struct nw_str word)
{
	nw_buf_addc(m->out, '"');
	if (mark != 0)
		nw_buf_addc(m->out, mark);
	nw_buf_addstr(m->out, word);
	nw_buf_addc(m->out, '"');
	m->nterm++;
}

/* The words reached, joined by OR. */
struct reached {
	struct match *m;
	char mark;
	uint32_t n;
	int too_many;
};

static int
add_one(void *cookie, struct nw_str word)
{
	struct reached *r = cookie;

	r->too_many = r->n == NW_INDEX_REACH_MAX;
	if (r->too_many)
		return 1;
	if (r->n++ > 0)
		nw_buf_adds(r->m->out, " OR ");
	add_term(r->m, r->mark, word);
	return 0;
}

/* Each word of the dictionary that is like it; 0, or -1 when there are too many. */
static int
add_reached(struct match *m, const struct nw_need_word *w, char mark, uint32_t *n_r)
{
	struct reached r = {.m = m, .mark = mark};

	m->failed |= nw_reached_walk(m->ix, w, add_one, &r) == -1;
	*n_r = r.n;
	return r.too_many ? -1 : 0;
}

/* "abc*" and nothing else. */
static int
is_prefix(const struct nw_need_word *w)
{
	return w->like == NW_NEED_GLOB && nw_reached_beginning(w).len + 1 == w->text.len &&
	       w->text.p[w->text.len - 1] == '*';
}

static enum part
add_word(struct match *m, const struct nw_need_word *w, char mark)
{
	size_t from = m->out->len;
	uint32_t n = 0, terms = m->nterm;

	if (w->like == NW_NEED_WORD)
		return ANYTHING;
	nw_buf_addc(m->out, '(');
	if (add_reached(m, w, mark, &n) == 0) {
		nw_buf_addc(m->out, ')');
	} else {
		m->out->len = from;
		m->nterm = terms;
		if (!is_prefix(w))
			return ANYTHING;
		add_term(m, mark, nw_reached_beginning(w));
		nw_buf_addc(m->out, '*');
		return SAID;
	}
	if (n == 0)
		m->out->len = from;
	return n != 0 ? SAID : NOTHING;
}

/* --- phrases: what is plain stays together, the rest is only asked to be there too */

static void
begin_part(struct match *m, uint32_t *nparts)
{
	if ((*nparts)++ > 0)
		nw_buf_adds(m->out, " AND ");
}

static void
add_plain(struct match *m, const struct nw_need *p, uint32_t from, uint32_t to, char mark)
{
	nw_buf_addc(m->out, '"');
	for (uint32_t i = from; i < to; i++) {
		if (i > from)
			nw_buf_addc(m->out, ' ');
		if (mark != 0)
			nw_buf_addc(m->out, mark);
		nw_buf_addstr(m->out, p->word[i].text);
	}
	nw_buf_addc(m->out, '"');
	m->nterm++;
}

static enum part
add_words(struct match *m, const struct nw_need *p, char mark)
{
	uint32_t nparts = 0;

	for (uint32_t i = 0; i < p->n;) {
		uint32_t to = i;
		size_t from = m->out->len;
		enum part got = SAID;

		while (to < p->n && nw_reached_is_plain(&p->word[to]))
			to++;
		begin_part(m, &nparts);
		if (to > i)
			add_plain(m, p, i, to, mark);
		else
			got = add_word(m, &p->word[to++], mark);
		if (got == NOTHING)
			return NOTHING;
		if (got == ANYTHING) {
			m->out->len = from;
			nparts--;
		}
		i = to;
	}
	return nparts != 0 ? SAID : ANYTHING;
}

static char
mark_of(uint32_t fields)
{
	return fields == NW_NEED_AUTHOR ? NW_TOKENS_AUTHOR : fields == NW_NEED_URL ? NW_TOKENS_URL : 0;
}

static void
add_column(struct match *m, uint32_t fields)
{
	if (fields == NW_NEED_TITLE || fields == NW_NEED_BODY)
		nw_buf_adds(m->out, fields == NW_NEED_TITLE ? "title : " : "body : ");
}

/* A language, or the source that is called so now. */
static enum part
add_fact(struct match *m, const struct nw_need *p)
{
	char number[24];
	struct nw_err ignored; /* a store that cannot be read fails where rows of it are needed */
	int64_t id;
	int rc;

	if (p->fields == NW_NEED_LANG) {
		if (!nw_tokens_is_lang(p->word[0].text))
			return ANYTHING;
		add_term(m, NW_TOKENS_LANG, p->word[0].text);
		return SAID;
	}
	if ((rc = nw_store_source_id(m->store, p->word[0].text, &id, &ignored)) != 1)
		return rc == 0 ? NOTHING : ANYTHING;
	(void)snprintf(number, sizeof(number), "%lld", (long long)id);
	add_term(m, NW_TOKENS_SOURCE, nw_str(number));
	return SAID;
}

static int
is_fact(const struct nw_need *p)
{
	return p->fields == NW_NEED_LANG || p->fields == NW_NEED_SOURCE;
}

static enum part
add_phrase(struct match *m, const struct nw_need *p)
{
	enum part got;

	if (is_fact(p))
		return add_fact(m, p);
	add_column(m, p->fields);
	nw_buf_addc(m->out, '(');
	got = add_words(m, p, mark_of(p->fields));
	nw_buf_addc(m->out, ')');
	return got;
}

/* --- operators */

static int
is_plain_phrase(const struct nw_need *p)
{
	for (uint32_t i = 0; p->kind == NW_NEED_PHRASE && i < p->n; i++)
		if (!nw_reached_is_plain(&p->word[i]))
			return 0;
	return p->kind == NW_NEED_PHRASE;
}

/* Both within a distance: positions without a word do not count in the index, so it is never too strict. */
static enum part
add_near(struct match *m, const struct nw_need *a)
{
	add_column(m, a->kid[0]->fields);
	nw_buf_adds(m->out, "NEAR(");
	for (uint32_t i = 0; i < 2; i++) {
		add_plain(m, a->kid[i], 0, a->kid[i]->n, mark_of(a->kid[i]->fields));
		nw_buf_addc(m->out, ' ');
	}
	nw_buf_addf(m->out, ", %u)", a->distance);
	return SAID;
}

/* Kids joined by ${word}: one that came to ${decides} decides for all, one that came to ${skipped} is left
 * out. */
static enum part
add_kids(struct match *m, const struct nw_need *a, const char *word, enum part decides, enum part skipped)
{
	uint32_t n = 0;

	nw_buf_addc(m->out, '(');
	for (uint32_t i = 0; i < a->n; i++) {
		size_t from = m->out->len;
		enum part got;

		if (n > 0)
			nw_buf_adds(m->out, word);
		got = m->nterm < NW_INDEX_TERMS_MAX ? add_need(m, a->kid[i]) : ANYTHING;
		if (got == decides)
			return got;
		if (got == skipped)
			m->out->len = from;
		n += got == SAID;
	}
	nw_buf_addc(m->out, ')');
	return n != 0 ? SAID : skipped;
}

static enum part
add_without(struct match *m, const struct nw_need *w)
{
	if (is_fact(w))
		return add_fact(m, w);
	add_column(m, w->fields);
	add_plain(m, w, 0, 1, 0);
	return SAID;
}

/* All kids, and none of the words that rule an article out; to leave one of those out costs time, never an
 * answer. */
static enum part
add_and(struct match *m, const struct nw_need *a)
{
	enum part got;
	uint32_t n = 0;

	nw_buf_addc(m->out, '(');
	got = add_kids(m, a, " AND ", NOTHING, ANYTHING);
	for (uint32_t i = 0; got == SAID && i < a->nwithout && m->nterm < NW_INDEX_TERMS_MAX; i++) {
		size_t from = m->out->len;

		nw_buf_adds(m->out, n == 0 ? " NOT (" : " OR ");
		if (add_without(m, a->without[i]) == SAID)
			n++;
		else
			m->out->len = from;
	}
	nw_buf_adds(m->out, n != 0 ? "))" : ")");
	return got;
}

/* On anything but SAID the caller cuts the text back. */
static enum part
add_need(struct match *m, const struct nw_need *need)
{
	switch (need->kind) {
	case NW_NEED_PHRASE:
		return add_phrase(m, need);
	case NW_NEED_AND:
		if (need->distance != NW_NEED_ANYWHERE && is_plain_phrase(need->kid[0]) &&
		    is_plain_phrase(need->kid[1]))
			return add_near(m, need);
		return add_and(m, need);
	case NW_NEED_OR:
		return add_kids(m, need, " OR ", ANYTHING, NOTHING);
	default:
		return ANYTHING;
	}
}

/* --- the cursor */

static int
start(struct nw_lookup *l, int64_t from, int64_t before, struct nw_err *err)
{
	sqlite3_stmt *s = l->ix->stmt[NW_INDEX_SQL_FIND];

	if (sqlite3_bind_text64(s, 1, nw_buf_str(&l->text).p, l->text.len, SQLITE_STATIC, SQLITE_UTF8) !=
		SQLITE_OK ||
	    sqlite3_bind_int64(s, 2, from) != SQLITE_OK || sqlite3_bind_int64(s, 3, before) != SQLITE_OK)
		return nw_index_fail(l->ix, "bind", err);
	return 1;
}

int
nw_lookup_open(struct nw_index *ix, struct nw_store *store, const struct nw_need *need, int64_t from,
    int64_t before, struct nw_lookup **lookup_r, struct nw_err *err)
{
	struct nw_lookup *l = calloc(1, sizeof(*l));
	struct match m = {.ix = ix, .store = store};
	enum part got;
	int rc;

	if (l == NULL)
		return nw_fail(err, NW_ERES, "index: out of memory");
	l->ix = ix;
	m.out = &l->text;
	got = add_need(&m, need);
	if (l->text.failed)
		rc = nw_fail(err, NW_ERES, "index: out of memory");
	else if (m.failed)
		rc = nw_index_fail(ix, "read the dictionary", err);
	else if (got == ANYTHING)
		rc = 0;
	else if (got == NOTHING)
		rc = start(l, 0, 0, err);
	else
		rc = start(l, from, before, err);
	if (got == NOTHING)
		nw_buf_reset(&l->text);
	if (rc == 1)
		*lookup_r = l;
	else
		nw_lookup_close(l);
	return rc;
}

int
nw_lookup_next(struct nw_lookup *l, int64_t *id_r, struct nw_err *err)
{
	sqlite3_stmt *s = l->ix->stmt[NW_INDEX_SQL_FIND];
	int rc;

	if (l->text.len == 0)
		return 0; /* no word of the archive can do it */
	rc = sqlite3_step(s);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return nw_index_fail(l->ix, "look up", err);
	if (rc == SQLITE_ROW)
		*id_r = sqlite3_column_int64(s, 0);
	return rc == SQLITE_ROW;
}

void
nw_lookup_close(struct nw_lookup *l)
{
	if (l == NULL)
		return;
	(void)sqlite3_reset(l->ix->stmt[NW_INDEX_SQL_FIND]); /* repeats the last error */
	nw_buf_done(&l->text);
	free(l);
}
