#include <stdlib.h>

#include "base/arena.h"
#include "core/frame.h"
#include "store/sqlite/db.h"
#include "store/sqlite/evidence.h"
#include "store/sqlite/load.h"

static ProtobufCBinaryData
column(sqlite3_stmt *row, int col, struct nw_arena *a, int *bad)
{
	struct nw_str s = nw_db_col_dup(row, col, a);

	*bad |= s.p == NULL;
	return nw_pb(s);
}

static size_t
count_lines(struct nw_str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.p[i] == '\n';
	return n;
}

/* The next line of ${rest}, which moves behind it.  Its line feed becomes the NUL that ends it. */
static struct nw_str
take(struct nw_str *rest, char until)
{
	char *p = (char *)(uintptr_t)rest->p, *end = memchr(p, until, rest->len);
	size_t n = end != NULL ? (size_t)(end - p) : rest->len, used = end != NULL ? n + 1 : n;

	if (end != NULL)
		*end = '\0';
	*rest = (struct nw_str){p + used, rest->len - used};
	return (struct nw_str){p, n};
}

static int
read_categories(struct nw_arena *a, struct nw_str lines, Nw__Article *m)
{
	size_t n = count_lines(lines);

	if (n == 0)
		return 0;
	if ((m->categories = nw_arena_array(a, n, sizeof(*m->categories))) == NULL)
		return -1;
	for (m->n_categories = 0; m->n_categories < n; m->n_categories++)
		m->categories[m->n_categories] = nw_pb(take(&lines, '\n'));
	return 0;
}

static int
read_enclosures(struct nw_arena *a, struct nw_str lines, Nw__Article *m)
{
	size_t n = count_lines(lines);
	Nw__Enclosure *all;

	if (n == 0)
		return 0;
	all = nw_arena_array(a, n, sizeof(*all));
	m->enclosures = nw_arena_array(a, n, sizeof(*m->enclosures));
	if (all == NULL || m->enclosures == NULL)
		return -1;
	for (m->n_enclosures = 0; m->n_enclosures < n; m->n_enclosures++) {
		Nw__Enclosure *e = &all[m->n_enclosures];
		struct nw_str line = take(&lines, '\n');

		nw__enclosure__init(e);
		e->length = strtoll(take(&line, '\t').p, NULL, 10);
		e->type = nw_pb(take(&line, '\t'));
		e->url = nw_pb(line);
		m->enclosures[m->n_enclosures] = e;
	}
	return 0;
}

static int
read_published(sqlite3_stmt *row, struct nw_arena *a, Nw__Article *m)
{
	if (nw_db_col_time(row, 16) == NW_TIME_NONE)
		return 0;
	if ((m->published = nw_arena_alloc(a, sizeof(*m->published))) == NULL)
		return -1;
	nw__time__init(m->published);
	m->published->at_ms = nw_db_col_time(row, 16);
	m->published->precision = nw_db_col_u32(row, 17);
	m->published->origin = nw_db_col_u32(row, 18);
	return 0;
}

int
nw_load_row(sqlite3_stmt *row, struct nw_arena *a, struct nw_loaded *loaded_r, struct nw_err *err)
{
	struct nw_loaded l = {.revision = nw_db_col_int(row, 0),
	    .article = nw_db_col_int(row, 1),
	    .source = nw_db_col_int(row, 23),
	    .n = nw_db_col_int(row, 2),
	    .seen_ms = nw_db_col_int(row, 3),
	    .current_n = nw_db_col_int(row, 21),
	    .state = nw_db_col_dup(row, 22, a)};
	Nw__Article *m = l.m = nw_arena_alloc(a, sizeof(*m));
	int bad = l.state.p == NULL;

	if (m == NULL)
		return nw_db_nomem(err);
	nw__article__init(m);
	m->id = (uint64_t)l.revision;
	m->revision = l.n > 0 ? (uint32_t)l.n : 1;
	m->content_hash = (uint64_t)nw_db_col_int(row, 4);
	m->simhash = (uint64_t)nw_db_col_int(row, 5);
	m->title = column(row, 6, a, &bad);
	m->author = column(row, 7, a, &bad);
	m->summary = column(row, 8, a, &bad);
	m->body = column(row, 9, a, &bad);
	m->url = column(row, 12, a, &bad);
	m->guid = column(row, 13, a, &bad);
	m->lang = column(row, 14, a, &bad);
	m->number = column(row, 15, a, &bad);
	m->first_seen_ms = nw_db_col_int(row, 19);
	m->source = column(row, 20, a, &bad);
	bad |= read_categories(a, nw_db_col_dup(row, 10, a), m) == -1;
	bad |= read_enclosures(a, nw_db_col_dup(row, 11, a), m) == -1;
	bad |= read_published(row, a, m) == -1;
	if (bad)
		return nw_db_nomem(err);
	*loaded_r = l;
	return 0;
}

int
nw_load_previous(struct nw_store *st, struct nw_arena *a, struct nw_loaded *l, struct nw_err *err)
{
	sqlite3_stmt *row = NULL;
	int bad = 0, rc;

	if (l->n < 2)
		return 0;
	rc = nw_db_row(
	    st, NW_SQL_LOAD_PREVIOUS, NW_ARGS(nw_db_int(l->article), nw_db_int(l->n - 1)), &row, err);
	if (rc != 1)
		return rc;
	l->m->prev_title = column(row, 0, a, &bad);
	l->m->prev_body = column(row, 1, a, &bad);
	nw_db_done(row);
	return bad ? nw_db_nomem(err) : 0;
}

static Nw__Tag *
read_tag(sqlite3_stmt *row, struct nw_arena *a)
{
	Nw__Tag *t = nw_evidence_tag(a, nw_db_col_blob(row, 4));
	int bad = 0;

	if (t == NULL)
		return NULL;
	t->kind = column(row, 0, a, &bad);
	t->name = column(row, 1, a, &bad);
	t->cls = column(row, 2, a, &bad);
	t->has_score = sqlite3_column_type(row, 3) != SQLITE_NULL;
	t->score = nw_db_col_int(row, 3);
	return bad ? NULL : t;
}

int
nw_load_tags(struct nw_store *st, struct nw_arena *a, struct nw_loaded *l, struct nw_err *err)
{
	Nw__Tag **tags = nw_arena_array(a, NW_TAGS_MAX, sizeof(Nw__Tag *));
	sqlite3_stmt *row = NULL;
	size_t n = 0;
	int rc;

	if (tags == NULL)
		return nw_db_nomem(err);
	for (rc = nw_db_row(st, NW_SQL_LOAD_TAGS, NW_ARGS(nw_db_int(l->revision)), &row, err);
	     rc == 1 && n < NW_TAGS_MAX; rc = nw_db_next(st, row, err))
		if ((tags[n++] = read_tag(row, a)) == NULL) {
			nw_db_done(row);
			return nw_fail(err, NW_ERES, "store: the tags of revision %lld cannot be read",
			    (long long)l->revision);
		}
	if (rc == -1)
		return -1;
	nw_db_done(rc == 1 ? row : NULL);
	l->m->tags = tags;
	l->m->n_tags = n;
	return 0;
}

int
nw_load_revision(
    struct nw_store *st, int64_t id, struct nw_arena *a, struct nw_loaded *loaded_r, struct nw_err *err)
{
	struct nw_loaded l = {0};
	sqlite3_stmt *row = NULL;
	int rc = nw_db_row(st, NW_SQL_LOAD_REVISION, NW_ARGS(nw_db_int(id)), &row, err);

	if (rc != 1)
		return rc;
	rc = nw_load_row(row, a, &l, err);
	nw_db_done(row);
	if (rc == -1 || nw_load_previous(st, a, &l, err) == -1 || nw_load_tags(st, a, &l, err) == -1)
		return -1;
	*loaded_r = l;
	return 1;
}
