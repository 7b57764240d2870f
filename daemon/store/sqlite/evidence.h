/*
 * evidence.h - evidence as it is kept: a message Tag or Alert with its hits and clauses.
 * Floor 3, private to store/sqlite.  Offsets count in the text of the revision beside it, which never changes.
 */
#ifndef NW_STORE_EVIDENCE_H
#define NW_STORE_EVIDENCE_H

#include "batch.pb-c.h"
#include "store/store.h"

struct nw_arena;
struct nw_buf;

/* Appended to an empty buffer; -1 without memory. */
int nw_evidence_pack_tag(struct nw_buf *, const Nw__Tag *);
int nw_evidence_pack_alert(struct nw_buf *, const Nw__Alert *);
/* NULL without memory or for damaged bytes.  Name, class, score are columns: the caller sets them. */
Nw__Tag *nw_evidence_tag(struct nw_arena *, struct nw_bytes);
Nw__Alert *nw_evidence_alert(struct nw_arena *, struct nw_bytes);
#endif
