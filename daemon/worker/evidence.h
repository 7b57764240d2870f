/*
 * evidence.h - tags and alerts with their evidence, as plugins give them, become part of the article in hand.
 * Floor 4.
 */
#ifndef NW_WORKER_EVIDENCE_H
#define NW_WORKER_EVIDENCE_H

#include "worker/sink.h"

/* The host table's add_tag() and add_alert().  Evidence that lies outside its field is left out with a note. */
int nw_evidence_add_tag(struct nw_sink *, const struct nw_tag *);
int nw_evidence_add_alert(struct nw_sink *, const struct nw_alert *);
/* A tag of the batch as later plugins and the query engine see it, in ${arena}; NULL without memory. */
const struct nw_tag *nw_evidence_tag_view(struct nw_arena *, const Nw__Tag *);
/* Hits of the batch as plugins see them. */
struct nw_hit *nw_evidence_hits(struct nw_arena *, Nw__Hit *const *, size_t n);
struct nw_str *nw_evidence_clauses(struct nw_arena *, const ProtobufCBinaryData *, size_t n);
#endif
