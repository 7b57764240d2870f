#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "core/frame.h"

#define TAIL_FIELD 15 /* Frame.tail */
#define TAIL_HEAD_MAX 6 /* bytes of its tag and its length, which has 32 bits */
#define WRITE_BYTES 65536 /* written at once */

/* On the wire a READ job's body is the frame's last field, so that its reader need not copy it. */
static Nw__ReadJob *
read_of(const Nw__Frame *f)
{
	return f->kind_case == NW__FRAME__KIND_JOB && f->job->job_case == NW__JOB__JOB_READ ? f->job->read : NULL;
}

/* What stands before the bytes of a body that follows the frame; its length. */
static size_t
tail_head(uint8_t out[TAIL_HEAD_MAX], size_t body)
{
	size_t n = 0;

	if (body == 0)
		return 0;
	out[n++] = TAIL_FIELD << 3 | 2;
	for (; body >= 0x80; body >>= 7)
		out[n++] = (uint8_t)(body | 0x80);
	out[n++] = (uint8_t)body;
	return n;
}

int
nw_frame_pack(struct nw_buf *b, const Nw__Frame *f)
{
	Nw__ReadJob *read = read_of(f);
	Nw__Frame out = *f;
	ProtobufCBinaryData body = read != NULL ? read->body : (ProtobufCBinaryData){0, NULL};
	uint8_t head[TAIL_HEAD_MAX], *to;
	size_t n, here, nhead, follows;

	if (read != NULL && read->body.len <= UINT32_MAX) {
		out.tail = read->body;
		read->tail_bytes = (uint32_t)read->body.len;
		read->body = (ProtobufCBinaryData){0, NULL};
	}
	follows = out.tail.data == NULL ? out.tail.len : 0;
	out.tail.len -= follows;
	nhead = tail_head(head, follows);
	here = nw__frame__get_packed_size(&out) + nhead;
	n = here + follows;
	if (n > UINT32_MAX || (to = (uint8_t *)nw_buf_room(b, NW_FRAME_HEAD + here + 1)) == NULL) {
		b->failed = 1;
	} else {
		to[0] = (uint8_t)(n >> 24);
		to[1] = (uint8_t)(n >> 16);
		to[2] = (uint8_t)(n >> 8);
		to[3] = (uint8_t)n;
		(void)nw__frame__pack(&out, to + NW_FRAME_HEAD); /* as long as measured */
		memcpy(to + NW_FRAME_HEAD + here - nhead, head, nhead);
		to[NW_FRAME_HEAD + here] = '\0'; /* behind the body */
		b->len += NW_FRAME_HEAD + here;
	}
	if (read != NULL) {
		read->body = body;
		read->tail_bytes = 0;
	}
	return b->failed ? -1 : 0;
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

/* A varint at ${at}; its length, 0 if it is none. */
static size_t
varint(struct nw_bytes in, size_t at, uint64_t *v_r)
{
	*v_r = 0;
	for (size_t n = 0; n < 10 && at + n < in.len; n++) {
		*v_r |= (uint64_t)(in.p[at + n] & 0x7f) << (7 * n);
		if (in.p[at + n] < 0x80)
			return n + 1;
	}
	return 0;
}

/*
 * Takes the field `tail` off the end of a frame, of an ${open} one what tells its length; what is not understood is
 * left to the library to refuse.
 */
static struct nw_bytes
take_tail(struct nw_bytes *frame, int open)
{
	struct nw_bytes in = *frame;
	uint64_t tag, len;
	size_t at = 0, n, start;

	while (at < in.len && (n = varint(in, start = at, &tag)) != 0) {
		at += n;
		if ((n = varint(in, at, &len)) == 0)
			break;
		at += n;
		if ((tag & 7) == 0)
			continue;
		if (tag >> 3 == TAIL_FIELD && (tag & 7) == 2 && (open ? at == in.len : len == in.len - at)) {
			frame->len = start;
			return (struct nw_bytes){open ? NULL : in.p + at, (size_t)len};
		}
		if ((tag & 7) != 2 || len > in.len - at)
			break;
		at += (size_t)len;
	}
	return (struct nw_bytes){NULL, 0};
}

/* Gives the body to its job; -1 if one is there without the other. */
static int
give_tail(Nw__Frame *f, struct nw_bytes tail)
{
	Nw__ReadJob *read = read_of(f);

	if (f->tail.len != 0 || (read == NULL && tail.len != 0))
		return -1;
	if (read == NULL)
		return 0;
	if (read->body.len != 0 || read->tail_bytes != tail.len)
		return -1;
	read->body = (ProtobufCBinaryData){tail.len, (uint8_t *)(uintptr_t)tail.p};
	read->tail_bytes = 0;
	return 0;
}

static int
unpack(struct nw_arena *a, struct nw_bytes bytes, int open, Nw__Frame **frame_r, struct nw_err *err)
{
	struct budget budget = {.arena = a};
	ProtobufCAllocator on_arena = {budget_alloc, budget_free, &budget};
	struct nw_bytes tail = take_tail(&bytes, open);
	Nw__Frame *f = nw__frame__unpack(&on_arena, bytes.len, bytes.p);

	if (f == NULL && budget.spent)
		return nw_fail(err, NW_ELIMIT, "frame: a message of %zu bytes unpacks to more than its cap", bytes.len);
	if (f == NULL)
		return nw_fail(err, NW_EPLUGIN, "frame: %zu bytes that are no message", bytes.len);
	if (has_unknown(&f->base))
		return nw_fail(err, NW_EPLUGIN, "frame: a field this release does not know; both ends must be one release");
	if (f->kind_case == NW__FRAME__KIND__NOT_SET)
		return nw_fail(err, NW_EPLUGIN, "frame: a message of no kind");
	if (give_tail(f, tail) == -1)
		return nw_fail(err, NW_EPLUGIN, "frame: a document that is not as long as its job says");
	*frame_r = f;
	return 0;
}

int
nw_frame_unpack(struct nw_arena *a, struct nw_bytes bytes, Nw__Frame **frame_r, struct nw_err *err)
{
	return unpack(a, bytes, 0, frame_r, err);
}

int
nw_frame_unpack_open(struct nw_arena *a, struct nw_bytes bytes, Nw__Frame **frame_r, struct nw_err *err)
{
	return unpack(a, bytes, 1, frame_r, err);
}

ProtobufCMessage *
nw_frame_message(struct nw_arena *a, const ProtobufCMessageDescriptor *of, struct nw_bytes bytes)
{
	struct budget budget = {.arena = a};
	ProtobufCAllocator on_arena = {budget_alloc, budget_free, &budget};

	return protobuf_c_message_unpack(of, &on_arena, bytes.len, bytes.p);
}

/* --- whole frames on a blocking descriptor ---------------------------------------------------------------------- */

/* A READ job's body is the last field: that is nw_frame_pack()'s to know. */
static int
write_packed(int fd, const Nw__Frame *f, struct nw_err *err)
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

/* A packed message on its way to a descriptor: never whole in memory. */
struct writer {
	ProtobufCBuffer base; /* first: the library knows nothing else */
	int fd, failed;
	size_t n;
	uint8_t out[WRITE_BYTES];
};

static void
flush(struct writer *w)
{
	if (!w->failed && nw_io_write_full(w->fd, w->out, w->n) == -1)
		w->failed = errno != 0 ? errno : EIO;
	w->n = 0;
}

static void
append(ProtobufCBuffer *base, size_t len, const uint8_t *p)
{
	struct writer *w = (struct writer *)base;

	if (len > WRITE_BYTES - w->n)
		flush(w);
	if (len <= WRITE_BYTES) {
		memcpy(w->out + w->n, p, len);
		w->n += len;
	} else if (!w->failed && nw_io_write_full(w->fd, p, len) == -1) {
		w->failed = errno != 0 ? errno : EIO;
	}
}

int
nw_frame_write(int fd, const Nw__Frame *f, struct nw_err *err)
{
	struct writer w = {.base = {append}, .fd = fd};
	size_t n = nw__frame__get_packed_size(f);
	uint8_t head[NW_FRAME_HEAD] = {(uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};

	if (n > UINT32_MAX)
		return nw_fail(err, NW_ELIMIT, "frame: a message of %zu bytes", n);
	if (read_of(f) != NULL)
		return write_packed(fd, f, err);
	append(&w.base, sizeof(head), head);
	(void)nw__frame__pack_to_buffer(f, &w.base);
	flush(&w);
	return w.failed ? nw_fail(err, NW_ERES, "frame: write: %s", strerror(w.failed)) : 0;
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
	if ((body = nw_arena_alloc(a, n + 1)) == NULL)
		return nw_fail(err, NW_ELIMIT, "frame: no memory for %zu bytes", n);
	if (nw_io_read_full(fd, body, n) != 1)
		return nw_fail(err, NW_ERES, "frame: read: %s", strerror(errno));
	body[n] = '\0';
	return nw_frame_unpack(a, (struct nw_bytes){body, n}, frame_r, err) == -1 ? -1 : 1;
}
