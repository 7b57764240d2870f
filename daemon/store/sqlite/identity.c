#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "core/digest.h"
#include "core/frame.h"
#include "core/url.h"
#include "store/sqlite/db.h"
#include "store/sqlite/identity.h"

#define DAY_MS	  INT64_C(86400000)
#define TITLE_MIN 8 /* bytes: a shorter title tells nothing about an article */

/* Upper-case ASCII and white space carry no difference. */
static struct nw_str
fold_title(struct nw_arena *a, struct nw_str s)
{
	char *p = nw_arena_alloc(a, s.len + 1);
	size_t n = 0;

	if (p == NULL)
		return (struct nw_str){"", 0};
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
			if (n > 0 && p[n - 1] != ' ')
				p[n++] = ' ';
		} else {
			p[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
		}
	}
	if (n > 0 && p[n - 1] == ' ')
		n--;
	p[n] = '\0';
	return (struct nw_str){p, n};
}

int
nw_identity_same_title(struct nw_arena *a, struct nw_str x, struct nw_str y)
{
	return nw_str_eq(x, y) || nw_str_eq(fold_title(a, x), fold_title(a, y));
}

static struct nw_str
canonical(struct nw_arena *a, struct nw_str url)
{
	struct nw_str out;

	return nw_url_canonical(a, url, &out, NULL) == 0 ? out : url;
}

static void
hash_parts(const struct nw_str *part, size_t n, uint8_t hash[NW_KEY_LEN])
{
	uint8_t full[NW_SHA256_LEN];

	nw_sha256_parts(part, n, full);
	memcpy(hash, full, NW_KEY_LEN);
}

void
nw_identity_hash(struct nw_arena *a, enum nw_key_kind kind, struct nw_str text, uint8_t hash[NW_KEY_LEN])
{
	struct nw_str s = kind == NW_KEY_URL	 ? canonical(a, text)
			  : kind == NW_KEY_TITLE ? fold_title(a, text)
						 : text;

	hash_parts(&s, 1, hash);
}

static void
set_key(struct nw_identity *id, enum nw_key_kind kind, const struct nw_str *part, size_t n)
{
	hash_parts(part, n, id->hash[kind]);
	id->has[kind] = 1;
}

/* The key kind that an article is named by: the source's way, or the next best that it has. */
static uint32_t
policy_kind(const struct nw_identity *id, uint32_t identity)
{
	static const enum nw_key_kind order[4][3] = {
	    [NW_STORE_ID_AUTO] = {NW_KEY_GUID, NW_KEY_URL, NW_KEY_DAY},
	    [NW_STORE_ID_GUID] = {NW_KEY_GUID, NW_KEY_URL, NW_KEY_DAY},
	    [NW_STORE_ID_URL] = {NW_KEY_URL, NW_KEY_GUID, NW_KEY_DAY},
	    [NW_STORE_ID_TITLE] = {NW_KEY_DAY, NW_KEY_URL, NW_KEY_GUID},
	};

	if (id->has[NW_KEY_RULE])
		return NW_KEY_RULE;
	for (size_t i = 0; i < 3; i++)
		if (id->has[order[identity & 3][i]])
			return order[identity & 3][i];
	return NW_KEY_DAY; /* made of nothing: all items without guid, URL and title are one */
}

static void
set_day(struct nw_identity *id, struct nw_str title, const Nw__Article *art)
{
	char day[24] = "";

	if (art->published != NULL)
		(void)snprintf(day, sizeof(day), "%lld", (long long)(art->published->at_ms / DAY_MS));
	set_key(id, NW_KEY_DAY, (struct nw_str[]){title, nw_str(day)}, 2);
}

static void
make_keys(struct nw_arena *a, const Nw__Article *art, uint32_t identity, struct nw_identity *id)
{
	struct nw_str rule = nw_pb_str(art->key), guid = nw_pb_str(art->guid), url = nw_pb_str(art->url);
	struct nw_str title = fold_title(a, nw_pb_str(art->title));

	if (rule.len > 0)
		set_key(id, NW_KEY_RULE, &rule, 1);
	if (guid.len > 0)
		set_key(id, NW_KEY_GUID, &guid, 1);
	if (url.len > 0) {
		url = canonical(a, url);
		set_key(id, NW_KEY_URL, &url, 1);
		if (guid.len > 0)
			set_key(id, NW_KEY_GUID_URL, (struct nw_str[]){guid, url}, 2);
	}
	if (title.len >= TITLE_MIN)
		set_key(id, NW_KEY_TITLE, &title, 1);
	if (identity == NW_STORE_ID_TITLE && title.len > 0)
		set_day(id, title, art);
	id->policy = policy_kind(id, identity);
	if (!id->has[id->policy]) /* nothing else names it */
		set_day(id, title, art);
}

/* --- guids that stand twice in one document --------------------------------------------------------------------- */

static int
compare_texts(const void *a, const void *b)
{
	return nw_str_cmp(*(const struct nw_str *)a, *(const struct nw_str *)b);
}

/* The guids of a batch, n_r of them, sorted; NULL without memory or guids. */
static struct nw_str *
sorted_guids(struct nw_arena *a, const Nw__Batch *m, size_t *n_r)
{
	struct nw_str *all = nw_arena_array(a, m->n_articles + 1, sizeof(*all));
	size_t k = 0;

	if (all == NULL)
		return NULL;
	for (size_t i = 0; i < m->n_articles; i++)
		if (m->articles[i]->guid.len > 0)
			all[k++] = nw_pb_str(m->articles[i]->guid);
	qsort(all, k, sizeof(*all), compare_texts);
	*n_r = k;
	return k > 0 ? all : NULL;
}

/* Whether the article's guid, by which it would be named, stands in the document again, and its URL can help. */
static int
shares_guid(const struct nw_str *all, size_t n, const Nw__Article *art)
{
	struct nw_str guid = nw_pb_str(art->guid);
	const struct nw_str *at;

	if (art->key.len > 0 || art->url.len == 0 ||
	    (at = bsearch(&guid, all, n, sizeof(*all), compare_texts)) == NULL)
		return 0;
	return (at > all && nw_str_eq(at[-1], guid)) || (at + 1 < all + n && nw_str_eq(at[1], guid));
}

struct nw_identity *
nw_identity_keys(struct nw_arena *a, const Nw__Batch *m, uint32_t identity)
{
	struct nw_identity *id = nw_arena_array(a, m->n_articles + 1, sizeof(*id));
	struct nw_str *guids;
	size_t n = 0;

	if (id == NULL)
		return NULL;
	for (size_t i = 0; i < m->n_articles; i++)
		make_keys(a, m->articles[i], identity, &id[i]);
	if ((guids = sorted_guids(a, m, &n)) == NULL)
		return id;
	for (size_t i = 0; i < m->n_articles; i++)
		if (id[i].policy == NW_KEY_GUID && shares_guid(guids, n, m->articles[i])) {
			id[i].policy = NW_KEY_GUID_URL;
			id[i].guid_shared = 1;
		}
	return id;
}

uint32_t
nw_identity_decide(
    struct nw_arena *a, const Nw__Batch *m, const struct nw_store_policy *p, uint32_t decided)
{
	struct nw_str *all;
	size_t n = 0, urls = 0, twice = 0;

	if (p->identity != NW_STORE_ID_AUTO)
		return p->identity;
	if (decided != NW_STORE_ID_AUTO || m->n_articles == 0)
		return decided;
	all = sorted_guids(a, m, &n);
	for (size_t i = 0; i < m->n_articles; i++) {
		urls += m->articles[i]->url.len > 0;
		twice += all != NULL && shares_guid(all, n, m->articles[i]);
	}
	if (n == m->n_articles && twice == 0)
		return NW_STORE_ID_GUID;
	return urls == m->n_articles ? NW_STORE_ID_URL
	       : n > 0 && twice == 0 ? NW_STORE_ID_GUID
				     : NW_STORE_ID_TITLE;
}

/* --- what the store knows --------------------------------------------------------------------------------------- */

static int
look_up(struct nw_store *st, int64_t source, const struct nw_identity *id, uint32_t kind, int64_t *article_r,
    struct nw_err *err)
{
	if (!id->has[kind])
		return 0;
	return nw_db_get(st, NW_SQL_KEY_FIND,
	    NW_ARGS(nw_db_int(source), nw_db_int(kind), nw_db_blob(id->hash[kind], NW_KEY_LEN)), 0, article_r,
	    err);
}

/* Whether an article's URL and title are those of the item. */
static int
compare_with(struct nw_store *st, int64_t article, const Nw__Article *art, const struct nw_identity *id,
    int *same_url_r, int *same_title_r, struct nw_err *err)
{
	struct nw_arena *a = nw_arena_new(0);
	sqlite3_stmt *row = NULL;
	uint8_t hash[NW_KEY_LEN];
	int rc;

	if (a == NULL)
		return nw_db_nomem(err);
	rc = nw_db_row(st, NW_SQL_ARTICLE_FACE, NW_ARGS(nw_db_int(article)), &row, err);
	*same_url_r = *same_title_r = 0;
	if (rc == 1) {
		struct nw_str url = nw_db_col_dup(row, 0, a);

		nw_identity_hash(a, NW_KEY_URL, url, hash);
		*same_url_r =
		    url.len == 0 ? !id->has[NW_KEY_URL]
				 : id->has[NW_KEY_URL] && memcmp(hash, id->hash[NW_KEY_URL], NW_KEY_LEN) == 0;
		*same_title_r = nw_identity_same_title(a, nw_db_col_dup(row, 1, a), nw_pb_str(art->title));
		nw_db_done(row);
	}
	nw_arena_free(a);
	return rc == -1 ? -1 : 0;
}

/* The guid is known: the same article, or one that was given a guid already used. */
static int
judge_guid(struct nw_store *st, int64_t source, const Nw__Article *art, struct nw_identity *id, int64_t found,
    struct nw_err *err)
{
	int same_url, same_title, rc;

	if (compare_with(st, found, art, id, &same_url, &same_title, err) == -1)
		return -1;
	if (same_url || same_title || !id->has[NW_KEY_GUID_URL]) {
		id->article = found;
		return 0;
	}
	id->policy = NW_KEY_GUID_URL;
	id->guid_shared = 1;
	if ((rc = look_up(st, source, id, NW_KEY_GUID_URL, &found, err)) == 1)
		id->article = found;
	return rc == -1 ? -1 : 0;
}

/* Another key hits and the title agrees: the same article under a new policy key. */
static int
find_by_other(
    struct nw_store *st, int64_t source, const Nw__Article *art, struct nw_identity *id, struct nw_err *err)
{
	static const enum nw_key_kind other[] = {NW_KEY_RULE, NW_KEY_GUID, NW_KEY_URL};
	int64_t found;
	int same_url, same_title, rc;

	for (size_t i = 0; i < sizeof(other) / sizeof(*other); i++) {
		if (other[i] == id->policy || (other[i] == NW_KEY_GUID && id->guid_shared))
			continue;
		if ((rc = look_up(st, source, id, other[i], &found, err)) == -1)
			return -1;
		if (rc == 0 || found == 0)
			continue;
		if (compare_with(st, found, art, id, &same_url, &same_title, err) == -1)
			return -1;
		if (same_title) {
			id->article = found;
			id->by_other = 1;
			return 0;
		}
	}
	return 0;
}

int
nw_identity_find(struct nw_store *st, int64_t source, const Nw__Article *art, int probe_titles,
    struct nw_identity *id, struct nw_err *err)
{
	int64_t found = 0;
	int rc = look_up(st, source, id, id->policy, &found, err);

	if (rc == 1 && found != 0 && id->policy == NW_KEY_GUID)
		return judge_guid(st, source, art, id, found, err);
	if (rc == 1)
		id->article = found;
	if (rc == 0)
		rc = find_by_other(st, source, art, id, err);
	if (rc == -1 || id->article != 0 || !probe_titles)
		return rc == -1 ? -1 : 0;
	found = 0;
	if ((rc = look_up(st, source, id, NW_KEY_TITLE, &found, err)) == 1)
		id->known_title = found != 0;
	return rc == -1 ? -1 : 0;
}

/* --- keys kept -------------------------------------------------------------------------------------------------- */

static int
add_key(struct nw_store *st, int64_t source, int64_t article, const struct nw_identity *id, uint32_t kind,
    struct nw_err *err)
{
	if (nw_db_run(st, NW_SQL_KEY_ADD,
		NW_ARGS(nw_db_int(source), nw_db_int(kind), nw_db_blob(id->hash[kind], NW_KEY_LEN),
		    nw_db_int(article)),
		err) == -1)
		return -1;
	return nw_db_changes(st) > 0;
}

int
nw_identity_claim(
    struct nw_store *st, int64_t source, int64_t article, const struct nw_identity *id, struct nw_err *err)
{
	return add_key(st, source, article, id, id->policy, err);
}

/* A title that a second article bears tells nothing from then on. */
static int
share_title(
    struct nw_store *st, int64_t source, int64_t article, const struct nw_identity *id, struct nw_err *err)
{
	return nw_db_run(st, NW_SQL_KEY_SHARED,
	    NW_ARGS(nw_db_int(source), nw_db_int(NW_KEY_TITLE),
		nw_db_blob(id->hash[NW_KEY_TITLE], NW_KEY_LEN), nw_db_int(article)),
	    err);
}

static int
add_keys(struct nw_store *st, int64_t source, int64_t article, const struct nw_identity *id, uint32_t but,
    struct nw_err *err)
{
	int n = 0, rc;

	for (uint32_t kind = NW_KEY_RULE; kind < NW_KEY_N; kind++) {
		/* a guid together with its URL is only needed where it names the article */
		if (!id->has[kind] || kind == but || (kind == NW_KEY_GUID_URL && id->policy != kind))
			continue;
		if ((rc = add_key(st, source, article, id, kind, err)) == -1)
			return -1;
		if (rc == 0 && kind == NW_KEY_TITLE && !id->known_title &&
		    share_title(st, source, article, id, err) == -1)
			return -1;
		n += rc;
	}
	return n;
}

int
nw_identity_add(
    struct nw_store *st, int64_t source, int64_t article, const struct nw_identity *id, struct nw_err *err)
{
	return add_keys(st, source, article, id, 0, err);
}

int
nw_identity_add_rest(
    struct nw_store *st, int64_t source, int64_t article, const struct nw_identity *id, struct nw_err *err)
{
	return add_keys(st, source, article, id, id->policy, err);
}
