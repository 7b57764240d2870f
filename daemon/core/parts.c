#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "core/frame.h"
#include "core/limits.h"
#include "core/parts.h"

#define KEEP_MAX (1u << 20) /* memory for one article that is kept for the next */

struct nw_parts {
	int fd;
	uint64_t end; /* of the file */
	struct nw_arena *heads, *one;
	struct nw_buf packed; /* an article on its way to the file or back */
	size_t n;
	Nw__Article *head[NW_ITEMS_MAX];
	struct {
		uint64_t at;
		size_t len;
	} place[NW_ITEMS_MAX];
};

struct nw_parts *
nw_parts_new(struct nw_err *err)
{
	struct nw_parts *p = calloc(1, sizeof(*p));

	if (p == NULL) {
		nw_fail(err, NW_ERES, "no memory for an answer in parts");
		return NULL;
	}
	p->fd = memfd_create("articles", MFD_CLOEXEC);
	p->heads = nw_arena_new(NW_BATCH_ARENA_MAX);
	if (p->fd != -1 && p->heads != NULL)
		return p;
	nw_fail(err, NW_ERES, "no file for an answer in parts: %s", strerror(errno));
	nw_parts_free(p);
	return NULL;
}

void
nw_parts_free(struct nw_parts *p)
{
	if (p == NULL)
		return;
	if (p->fd != -1)
		(void)close(p->fd); /* nobody has it but us */
	nw_arena_free(p->heads);
	nw_arena_free(p->one);
	nw_buf_done(&p->packed);
	free(p);
}

/* A buffer that held a long article is given back. */
static void
empty(struct nw_buf *b)
{
	if (b->cap > KEEP_MAX)
		nw_buf_done(b);
	nw_buf_reset(b);
}

static int
pack(struct nw_buf *b, const Nw__Article *a)
{
	uint8_t *to;

	empty(b);
	if ((to = (uint8_t *)nw_buf_room(b, nw__article__get_packed_size(a))) == NULL)
		return -1;
	b->len = nw__article__pack(a, to);
	return 0;
}

static Nw__Article *
unpack(struct nw_buf *b, struct nw_arena *arena)
{
	return (Nw__Article *)nw_frame_message(arena, &nw__article__descriptor,
	    (struct nw_bytes){(const uint8_t *)b->p, b->len});
}

/* What tells an article apart, without what may be long. */
static Nw__Article *
head_of(struct nw_parts *p, const Nw__Article *a)
{
	static const ProtobufCBinaryData none = {0, NULL};
	Nw__Article head = *a;

	head.author = head.summary = head.body = head.body_html = head.prev_title = head.prev_body = none;
	head.n_categories = head.n_enclosures = head.n_tags = head.n_alerts = 0;
	return pack(&p->packed, &head) == 0 ? unpack(&p->packed, p->heads) : NULL;
}

static int
put_aside(struct nw_parts *p, const Nw__Article *a, struct nw_err *err)
{
	if ((p->head[p->n] = head_of(p, a)) == NULL || pack(&p->packed, a) == -1)
		return nw_fail(err, NW_ERES, "no memory for an answer in parts");
	if (p->packed.len > NW_PARTS_BYTES - p->end)
		return nw_fail(err, NW_EPLUGIN, "the parts of an answer hold more than %u bytes", NW_PARTS_BYTES);
	if (nw_io_write_full(p->fd, p->packed.p, p->packed.len) == -1)
		return nw_fail(err, NW_ERES, "an answer in parts cannot be put aside: %s", strerror(errno));
	p->place[p->n].at = p->end;
	p->place[p->n].len = p->packed.len;
	p->end += p->packed.len;
	p->n++;
	return 0;
}

int
nw_parts_add(struct nw_parts *p, const Nw__Batch *b, struct nw_err *err)
{
	if (b->n_articles > NW_ITEMS_MAX - p->n)
		return nw_fail(err, NW_EPLUGIN, "the parts of an answer have more than %d articles", NW_ITEMS_MAX);
	for (size_t i = 0; i < b->n_articles; i++)
		if (put_aside(p, b->articles[i], err) == -1)
			return -1;
	return 0;
}

void
nw_parts_heads(const struct nw_parts *p, Nw__Batch *b)
{
	b->articles = (Nw__Article **)(uintptr_t)p->head;
	b->n_articles = p->n;
}

/* The whole of it, or -1. */
static int
fetch(const struct nw_parts *p, size_t i, char *to)
{
	size_t have = 0, len = p->place[i].len;
	ssize_t n;

	while (have < len) {
		n = pread(p->fd, to + have, len - have, (off_t)(p->place[i].at + have));
		if (n == 0)
			errno = EIO;
		if (n == 0 || (n == -1 && errno != EINTR))
			return -1;
		have += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

Nw__Article *
nw_parts_read(struct nw_parts *p, struct nw_arena *arena, size_t i, struct nw_err *err)
{
	Nw__Article *a;
	char *to;

	empty(&p->packed);
	if ((to = nw_buf_room(&p->packed, p->place[i].len)) == NULL || fetch(p, i, to) == -1) {
		nw_fail(err, NW_ERES, "an article that was put aside cannot be read: %s", strerror(errno));
		return NULL;
	}
	p->packed.len = p->place[i].len;
	if ((a = unpack(&p->packed, arena)) == NULL)
		nw_fail(err, NW_ELIMIT, "an article that was put aside needs more memory than its batch may have");
	empty(&p->packed);
	return a;
}

const Nw__Article *
nw_parts_article(struct nw_parts *p, size_t i, struct nw_err *err)
{
	nw_arena_free(p->one);
	if ((p->one = nw_arena_new(NW_BATCH_ARENA_MAX)) == NULL) {
		nw_fail(err, NW_ERES, "no memory for an article that was put aside");
		return NULL;
	}
	return nw_parts_read(p, p->one, i, err);
}
