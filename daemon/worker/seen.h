/*
 * seen.h - what a target's last visits have shown: pairs (hash of the key, hash of the raw item), sorted.
 * Floor 4.  It only saves work: lost or forged, everything is read again and UNIQUE keys decide.
 * Life: nw_seen_new() -> nw_seen_look()* -> nw_seen_blob().  In the caller's arena.
 */
#ifndef NW_WORKER_SEEN_H
#define NW_WORKER_SEEN_H

#include <newswatch/plugin.h>

struct nw_arena;
struct nw_seen;

/* A blob of the wrong length is taken as empty.  NULL without memory. */
struct nw_seen *nw_seen_new(struct nw_arena *, struct nw_bytes blob);

enum { NW_SEEN_NEW, NW_SEEN_CHANGED, NW_SEEN_SAME };
/* What the item is, and remember it for the new blob; without memory it is NEW. */
int nw_seen_look(struct nw_seen *, uint64_t key, uint64_t raw);
/* The new blob: this document's items, then earlier ones while there is room (NW_SEEN_MAX). */
struct nw_bytes nw_seen_blob(struct nw_seen *);
#endif
