/*
 * jobs.h - the three jobs of a worker.  Each fills the sink's batch.
 * Floor 4.
 * errors  -1 with sink->err: the culprit and one clear line.
 */
#ifndef NW_WORKER_JOBS_H
#define NW_WORKER_JOBS_H

#include "worker/sink.h"

/* A document becomes articles: probe, parse, and for each that is not known: language, tags, alerts. */
int nw_read_job(struct nw_sink *, const Nw__ReadJob *);
/* Articles that are known get tags and alerts anew. */
int nw_match_job(struct nw_sink *, const Nw__MatchJob *);
/* Alerts become the parts of a message. */
int nw_render_job(struct nw_sink *, const Nw__RenderJob *);
#endif
