/*
 * arena.h - memory that is freed as a whole, under a cap.
 * Floor 0.  Life: nw_arena_new() -> alloc* -> (nw_arena_reset() -> alloc*)* -> nw_arena_free().
 * No thread safety.  Every block is aligned to 16 bytes.
 */
#ifndef NW_BASE_ARENA_H
#define NW_BASE_ARENA_H

#include <newswatch/plugin.h>

struct nw_arena;

/*
 * nw_arena_new(cap_bytes):
 * owns    the caller frees it with nw_arena_free().
 * limits  all blocks together hold at most ${cap_bytes}; 0 means SIZE_MAX.
 * errors  NULL without memory.
 */
struct nw_arena *nw_arena_new(size_t cap_bytes);
/* For one of very many that stay: its first block has just the bytes that are usually needed.  No cap. */
struct nw_arena *nw_arena_new_small(size_t usual_bytes);
void nw_arena_free(struct nw_arena *); /* NULL is fine */
/* Forget all blocks, keep the memory for the next round. */
void nw_arena_reset(struct nw_arena *);
size_t nw_arena_used(const struct nw_arena *);

/* NULL past the cap or without memory.  _alloc is not zeroed, _zalloc and _array are. */
void *nw_arena_alloc(struct nw_arena *, size_t);
void *nw_arena_zalloc(struct nw_arena *, size_t);
void *nw_arena_array(struct nw_arena *, size_t n, size_t size);
/* A copy with its NUL; on failure .p is NULL. */
struct nw_str nw_arena_str(struct nw_arena *, const void *p, size_t len);
static inline struct nw_str
nw_arena_dup(struct nw_arena *a, struct nw_str s)
{
	return nw_arena_str(a, s.p, s.len);
}
struct nw_str nw_arena_printf(struct nw_arena *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#endif
