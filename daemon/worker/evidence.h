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
#endif
