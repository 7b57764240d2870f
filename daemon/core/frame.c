#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "core/frame.h"

int
nw_frame_pack(struct nw_buf *b, const Nw__Frame *f)
{
	size_t n = nw__frame__get_packed_size(f);
	uint8_t *to;

	if (n > UINT32_MAX || (to = (uint8_t *)nw_buf_room(b, NW_FRAME_HEAD + n)) == NULL) {
		b->failed = 1;
		return -1;
	}
	to[0] = (uint8_t)(n >> 24);
	to[1] = (uint8_t)(n >> 16);
	to[2] = (uint8_t)(n >> 8);
	to[3] = (uint8_t)n;
	b->len += NW_FRAME_HEAD + nw__frame__pack(f, to + NW_FRAME_HEAD);
	return 0;
}

size_t
nw_frame_length(const uint8_t head[NW_FRAME_HEAD], size_t cap)
{
	size_t n = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];

	return n > cap ? 0 : n;
}

/* --- protobuf-c on an arena ------------------------------------------------------------------------------------- */

struct budget {
	struct nw_arena *arena;
	int spent; /* an allocation was refused: the arena's cap, not the bytes, is to blame */
};

/* One byte more than asked, so that every bytes field is followed by a NUL. */
static void *
budget_alloc(void *data, size_t n)
{
	struct budget *b = data;
	uint8_t *p = n < SIZE_MAX ? nw_arena_alloc(b->arena, n + 1) : NULL;

	if (p == NULL)
		b->spent = 1;
	else
		p[n] = '\0';
	return p;
}

static void
budget_free(void *data, void *p)
{
	(void)data; /* the arena is freed as a whole */
	(void)p;
}

static int has_unknown(const ProtobufCMessage *);

/* The messages of one field; which of a oneof's members stands there is told by its case. */
static int
field_has_unknown(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	const char *at = (const char *)m + f->offset;
	const char *quantifier = (const char *)m + f->quantifier_offset;
	const ProtobufCMessage *one;
	ProtobufCMessage *const *many;

	if (f->type != PROTOBUF_C_TYPE_MESSAGE)
		return 0;
	if (f->label == PROTOBUF_C_LABEL_REPEATED) {
		memcpy(&many, at, sizeof(many));
		for (size_t i = 0, n = *(const size_t *)(const void *)quantifier; i < n; i++)
			if (has_unknown(many[i]))
				return 1;
		return 0;
	}
	if ((f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 && *(const uint32_t *)(const void *)quantifier != f->id)
		return 0;
	memcpy(&one, at, sizeof(one));
	return one != NULL && has_unknown(one);
}

/* Recursion as deep as the schema, which does not contain itself. */
static int
has_unknown(const ProtobufCMessage *m)
{
	if (m->n_unknown_fields != 0)
		return 1;
	for (unsigned i = 0; i < m->descriptor->n_fields; i++)
		if (field_has_unknown(m, &m->descriptor->fields[i]))
			return 1;
	return 0;
}

int
nw_frame_unpack(struct nw_arena *a, struct nw_bytes bytes, Nw__Frame **frame_r, struct nw_err *err)
{
	struct budget budget = {.arena = a};
	ProtobufCAllocator on_arena = {budget_alloc, budget_free, &budget};
	Nw__Frame *f = nw__frame__unpack(&on_arena, bytes.len, bytes.p);

	if (f == NULL && budget.spent)
		return nw_fail(err, NW_ELIMIT, "frame: a message of %zu bytes unpacks to more than its cap", bytes.len);
	if (f == NULL)
		return nw_fail(err, NW_EPLUGIN, "frame: %zu bytes that are no message", bytes.len);
	if (has_unknown(&f->base))
		return nw_fail(err, NW_EPLUGIN, "frame: a field this release does not know; both ends must be one release");
	if (f->kind_case == NW__FRAME__KIND__NOT_SET)
		return nw_fail(err, NW_EPLUGIN, "frame: a message of no kind");
	*frame_r = f;
	return 0;
}

/* --- whole frames on a blocking descriptor ---------------------------------------------------------------------- */

int
nw_frame_write(int fd, const Nw__Frame *f, struct nw_err *err)
{
	struct nw_buf b = {0};
	int rc;

	if (nw_frame_pack(&b, f) == -1)
		rc = nw_fail(err, NW_ERES, "frame: out of memory");
	else if ((rc = nw_io_write_full(fd, b.p, b.len)) == -1)
		nw_fail(err, NW_ERES, "frame: write: %s", strerror(errno));
	nw_buf_done(&b);
	return rc;
}

int
nw_frame_read(int fd, size_t cap, struct nw_arena *a, Nw__Frame **frame_r, struct nw_err *err)
{
	uint8_t head[NW_FRAME_HEAD], *body;
	size_t n;
	int rc = nw_io_read_full(fd, head, sizeof(head));

	if (rc == 0)
		return 0;
	if (rc == -1)
		return nw_fail(err, NW_ERES, "frame: read: %s", strerror(errno));
	if ((n = nw_frame_length(head, cap)) == 0)
		return nw_fail(err, NW_EPLUGIN, "frame: a length of 0 or above %zu bytes", cap);
	if ((body = nw_arena_alloc(a, n)) == NULL)
		return nw_fail(err, NW_ELIMIT, "frame: no memory for %zu bytes", n);
	if (nw_io_read_full(fd, body, n) != 1)
		return nw_fail(err, NW_ERES, "frame: read: %s", strerror(errno));
	return nw_frame_unpack(a, (struct nw_bytes){body, n}, frame_r, err) == -1 ? -1 : 1;
}
