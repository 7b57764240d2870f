#include "base/arena.h"
#include "base/buf.h"
#include "store/sqlite/evidence.h"

static int
pack(struct nw_buf *b, const ProtobufCMessage *m)
{
	size_t n = protobuf_c_message_get_packed_size(m);
	char *p = nw_buf_room(b, n);

	if (p == NULL)
		return -1;
	b->len += protobuf_c_message_pack(m, (uint8_t *)p);
	return 0;
}

int
nw_evidence_pack_tag(struct nw_buf *b, const Nw__Tag *t)
{
	Nw__Tag kept = NW__TAG__INIT;

	kept.n_hits = t->n_hits;
	kept.hits = t->hits;
	kept.n_clause = t->n_clause;
	kept.clause = t->clause;
	return pack(b, &kept.base);
}

int
nw_evidence_pack_alert(struct nw_buf *b, const Nw__Alert *a)
{
	Nw__Alert kept = NW__ALERT__INIT;

	kept.n_hits = a->n_hits;
	kept.hits = a->hits;
	kept.n_blocked = a->n_blocked;
	kept.blocked = a->blocked;
	kept.n_clause = a->n_clause;
	kept.clause = a->clause;
	kept.key = a->key;
	return pack(b, &kept.base);
}

/* A byte more than asked, so that every text is followed by a NUL. */
static void *
arena_alloc(void *arena, size_t n)
{
	char *p = n < SIZE_MAX ? nw_arena_alloc(arena, n + 1) : NULL;

	if (p != NULL)
		p[n] = '\0';
	return p;
}

static void
arena_free(void *arena, void *p)
{
	(void)arena; /* the arena is freed as a whole */
	(void)p;
}

Nw__Tag *
nw_evidence_tag(struct nw_arena *a, struct nw_bytes b)
{
	ProtobufCAllocator alloc = {arena_alloc, arena_free, a};

	return nw__tag__unpack(&alloc, b.len, b.p);
}

Nw__Alert *
nw_evidence_alert(struct nw_arena *a, struct nw_bytes b)
{
	ProtobufCAllocator alloc = {arena_alloc, arena_free, a};

	return nw__alert__unpack(&alloc, b.len, b.p);
}
