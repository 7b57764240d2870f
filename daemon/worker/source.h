/*
 * source.h - the sources a worker has opened with their parsers: at most NW_WORKER_SOURCES, the oldest is closed.
 * Floor 4.
 */
#ifndef NW_WORKER_SOURCE_H
#define NW_WORKER_SOURCE_H

#include "wire.pb-c.h"

struct nw_instance;
struct nw_sink;
struct nw_sources;

struct nw_sources *nw_sources_new(void); /* NULL without memory */
void nw_sources_free(struct nw_sources *); /* closes them; NULL is fine */
/*
 * nw_sources_open(sources, sink, parser, job, state_r):
 * What the parser's source_open() made of the job's options; kept for the source's next documents.
 * errors  -1 with sink->err: NW_ECONF for options that are wrong, else what the parser said.
 */
int nw_sources_open(struct nw_sources *, struct nw_sink *, struct nw_instance *, const Nw__ReadJob *, void **state_r);
#endif
