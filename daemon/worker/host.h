/*
 * host.h - the table of calls a plugin gets: services over daemon/text, core/url and the query engine.
 * Floor 4.
 */
#ifndef NW_WORKER_HOST_H
#define NW_WORKER_HOST_H

#include <newswatch/plugin.h>

extern const struct nw_host nw_host_table;
#endif
