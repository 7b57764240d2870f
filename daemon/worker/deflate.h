/*
 * deflate.h - bytes as a zlib stream (RFC 1950 and 1951), made in half the time of zlib's own fastest level.
 * Floor 4, of the worker.  What it makes, every inflate() reads.
 */
#ifndef NW_WORKER_DEFLATE_H
#define NW_WORKER_DEFLATE_H

#include <newswatch/plugin.h>

struct nw_deflate;

/* owns    the caller frees it with free(); it serves any number of documents.  NULL without memory. */
struct nw_deflate *nw_deflate_new(void);
/* Bytes that the stream of ${n} bytes needs at most while it is made. */
size_t nw_deflate_bound(size_t n);
/* limits  ${in} has at most UINT32_MAX bytes; ${out} has nw_deflate_bound() bytes of room.  Returns the stream's length. */
size_t nw_deflate(struct nw_deflate *, struct nw_bytes in, uint8_t *out);
#endif
