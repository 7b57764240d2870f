#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/limits.h"
#include "store/sqlite/ahead.h"

#define FILE_HEADER 100u
#define INTERIOR    0x05u /* of a table's tree */
#define LEAF	    0x0du
#define DEPTH_MAX   20u /* the engine's own bound */
#define TYPE_ONE    9u	/* of a value: the number 1, without bytes */
#define SLACK	    64u /* zeros behind a page, for numbers of a cell that would end there */

struct tree {
	uint32_t root, depth; /* of interior pages above the leaves */
};

struct nw_ahead {
	int fd;
	uint32_t page_size, usable;
	struct tree revision, article;
	uint32_t leaf[NW_STORE_AHEAD_N]; /* of the rows looked for; 0 not found */
	int64_t ref[NW_STORE_AHEAD_N];	 /* articles of revisions */
	uint8_t *page;			 /* of its size, and SLACK */
};

/* Pages about to be told, as long as they lie side by side. */
struct span {
	uint32_t first, last; /* 0: none */
};

/* --- bytes */

static uint32_t
be16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t
be32(const uint8_t *p)
{
	return be16(p) << 16 | be16(p + 2);
}

/* At most nine bytes; the caller has made sure of them. */
static const uint8_t *
varint(const uint8_t *p, uint64_t *v_r)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++, p++) {
		v = v << 7 | (*p & 0x7fu);
		if (*p < 0x80) {
			*v_r = v;
			return p + 1;
		}
	}
	*v_r = v << 8 | *p;
	return p + 1;
}

/* A page of the kind that is expected, in a->page; its number of cells, 0 if it is none. */
static uint32_t
load(struct nw_ahead *a, uint32_t page, uint32_t kind)
{
	uint32_t head = kind == INTERIOR ? 12 : 8, n;

	if (page < 2 ||
	    pread(a->fd, a->page, a->page_size, (off_t)(page - 1) * a->page_size) != (ssize_t)a->page_size ||
	    a->page[0] != kind)
		return 0;
	n = be16(a->page + 3);
	return head + 2 * n <= a->page_size ? n : 0;
}

/* The i-th cell of the page in hand; NULL if it does not lie in it. */
static const uint8_t *
cell(const struct nw_ahead *a, uint32_t i)
{
	uint32_t head = a->page[0] == INTERIOR ? 12 : 8, at = be16(a->page + head + 2 * i);

	return at >= head && at < a->page_size ? a->page + at : NULL;
}

/* The first cell whose row is not before ${id}; n if there is none or the page makes no sense. */
static uint32_t
seek(const struct nw_ahead *a, uint32_t n, int64_t id)
{
	uint32_t low = 0, high = n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		const uint8_t *p = cell(a, mid);
		uint64_t key;

		if (p == NULL)
			return n;
		if (a->page[0] == INTERIOR)
			p += 4;
		else
			p = varint(p, &key); /* the payload's length */
		(void)varint(p, &key);
		if ((int64_t)key < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* --- hints */

static void
tell(const struct nw_ahead *a, struct span *s)
{
	if (s->first != 0)
		(void)posix_fadvise(a->fd, (off_t)(s->first - 1) * a->page_size,
		    (off_t)(s->last - s->first + 1) * a->page_size, POSIX_FADV_WILLNEED); /* a hint */
	*s = (struct span){0, 0};
}

/* Pages with small gaps between are one request. */
static void
note(const struct nw_ahead *a, struct span *s, uint32_t page, uint32_t n)
{
	uint32_t last = page + n - 1;

	if (page == 0 || last < page)
		return;
	if (s->first != 0 && page <= s->last + NW_STORE_AHEAD_GAP && last + NW_STORE_AHEAD_GAP >= s->first) {
		s->first = page < s->first ? page : s->first;
		s->last = last > s->last ? last : s->last;
		return;
	}
	tell(a, s);
	*s = (struct span){page, last};
}

static void
tell_pages(struct nw_ahead *a, size_t n)
{
	struct span s = {0, 0};

	for (size_t i = 0; i < n; i++)
		note(a, &s, a->leaf[i], 1);
	tell(a, &s);
}

/* --- from rows to pages, a level of the tree at a time */

static uint32_t
child(const struct nw_ahead *a, uint32_t n, int64_t id)
{
	uint32_t i = seek(a, n, id);
	const uint8_t *p = i < n ? cell(a, i) : NULL;

	return p != NULL ? be32(p) : be32(a->page + 8);
}

/* From a->leaf, pages of one level, to those of the next. */
static void
step_down(struct nw_ahead *a, const int64_t *id, size_t n)
{
	for (size_t i = 0, to; i < n; i = to) {
		uint32_t page = a->leaf[i], cells = load(a, page, INTERIOR);

		for (to = i; to < n && a->leaf[to] == page; to++)
			a->leaf[to] = cells != 0 ? child(a, cells, id[to]) : 0;
	}
}

static void
descend(struct nw_ahead *a, const struct tree *t, const int64_t *id, size_t n)
{
	for (size_t i = 0; i < n; i++)
		a->leaf[i] = t->root;
	for (uint32_t level = 0; level < t->depth; level++) {
		step_down(a, id, n);
		tell_pages(a, n);
	}
}

static int
measure(struct nw_ahead *a, struct tree *t)
{
	uint32_t page = t->root;

	for (t->depth = 0; t->depth < DEPTH_MAX && load(a, page, INTERIOR) != 0; t->depth++)
		page = be32(a->page + 8);
	return t->depth < DEPTH_MAX && page >= 2 ? 0 : -1;
}

/* --- a row */

/* Bytes of a record's value by its type; 0 for those that are no integer. */
static uint32_t
integer_bytes(uint64_t type)
{
	static const uint8_t bytes[] = {0, 1, 2, 3, 4, 6, 8};

	return type < sizeof(bytes) ? bytes[type] : 0;
}

/* The second column, which is the article; the first is the row's id and takes no bytes. */
static int64_t
article_of(const struct nw_ahead *a, const uint8_t *record)
{
	uint64_t head, type = 0;
	const uint8_t *p = varint(varint(record, &head), &type);
	uint32_t skip = integer_bytes(type), n;
	int64_t v;

	(void)varint(p, &type);
	v = type == TYPE_ONE;
	n = integer_bytes(type);
	if (head > a->page_size || (uint64_t)(record - a->page) + head + skip + n > a->page_size)
		return 0;
	p = record + head + skip;
	for (uint32_t i = 0; i < n; i++)
		v = (int64_t)((uint64_t)v << 8 | p[i]);
	return v;
}

/* Of the leaf in hand. */
static int
read_row(const struct nw_ahead *a, uint32_t n, int64_t id, struct nw_ahead_place *place_r)
{
	uint32_t i = seek(a, n, id), u = a->usable, least = (u - 12) * 32 / 255 - 23;
	const uint8_t *p = i < n ? cell(a, i) : NULL;
	uint64_t payload, key, local;

	if (p == NULL)
		return 0;
	p = varint(varint(p, &payload), &key);
	if ((int64_t)key != id)
		return 0;
	place_r->article = article_of(a, p);
	if (payload <= u - 35)
		return 1;
	local = least + (payload - least) % (u - 4);
	if (local > u - 35)
		local = least;
	if ((uint64_t)(p - a->page) + local + 4 > a->page_size)
		return 0;
	place_r->rest = be32(p + local);
	payload = (payload - local + u - 5) / (u - 4);
	place_r->nrest = payload < NW_STORE_AHEAD_TEXT ? (uint32_t)payload : NW_STORE_AHEAD_TEXT;
	return 1;
}

/* --- */

static size_t
bounded(size_t n)
{
	return n < NW_STORE_AHEAD_N ? n : NW_STORE_AHEAD_N;
}

void
nw_ahead_rows(struct nw_ahead *a, const int64_t *id, size_t n)
{
	descend(a, &a->revision, id, bounded(n));
}

void
nw_ahead_rest(struct nw_ahead *a, const int64_t *id, size_t n)
{
	struct span s = {0, 0};
	uint32_t cells = 0;
	size_t nref = 0;

	n = bounded(n);
	descend(a, &a->revision, id, n);
	for (size_t i = 0; i < n; i++) {
		struct nw_ahead_place place = {0};

		if (i == 0 || a->leaf[i] != a->leaf[i - 1])
			cells = load(a, a->leaf[i], LEAF);
		if (read_row(a, cells, id[i], &place) == 0)
			continue;
		note(a, &s, place.rest, place.nrest);
		if (nref == 0 || a->ref[nref - 1] != place.article)
			a->ref[nref++] = place.article;
	}
	tell(a, &s);
	descend(a, &a->article, a->ref, nref);
}

int
nw_ahead_find(struct nw_ahead *a, int64_t id, struct nw_ahead_place *place_r)
{
	*place_r = (struct nw_ahead_place){0};
	descend(a, &a->revision, &id, 1);
	place_r->page = a->leaf[0];
	return read_row(a, load(a, a->leaf[0], LEAF), id, place_r);
}

/* 0 for a file whose trees cannot be found; then nothing is told. */
static int
find_trees(struct nw_ahead *a, uint32_t revision, uint32_t article)
{
	uint8_t head[FILE_HEADER];

	if (pread(a->fd, head, sizeof(head), 0) != (ssize_t)sizeof(head))
		return 0;
	a->page_size = be16(head + 16) == 1 ? 65536 : be16(head + 16);
	if (a->page_size < 512 || head[20] > a->page_size - 480)
		return 0;
	if ((a->page = calloc(1, a->page_size + SLACK)) == NULL)
		return 0;
	a->usable = a->page_size - head[20];
	a->revision.root = revision;
	a->article.root = article;
	return measure(a, &a->revision) == 0 && measure(a, &a->article) == 0;
}

struct nw_ahead *
nw_ahead_open(const char *path, uint32_t revision, uint32_t article)
{
	struct nw_ahead *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	if ((a->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) == -1) {
		free(a);
		return NULL;
	}
	if (!find_trees(a, revision, article)) /* closed now, it would take the engine's locks with it */
		a->revision = a->article = (struct tree){0};
	return a;
}

void
nw_ahead_close(struct nw_ahead *a)
{
	if (a == NULL)
		return;
	(void)close(a->fd); /* nothing was written */
	free(a->page);
	free(a);
}
