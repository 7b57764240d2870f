/*
 * reaches.h - what the patterns of an expression reach in the archive, before it goes live.
 * Floor 4.
 */
#ifndef NW_CLI_REACHES_H
#define NW_CLI_REACHES_H

#include <jansson.h>

struct nw_cli;
struct nw_config;
struct nw_query_set;

/*
 * nw_reaches_show(cli, conf, set, object):
 * Each pattern of ${set} with the words of the archive of ${conf} that it reaches and the number of revisions
 * that have each: as text, or put into ${object}.  Without an index a note says so. returns  0, else the exit
 * code, told.
 */
int nw_reaches_show(
    const struct nw_cli *, const struct nw_config *conf, const struct nw_query_set *, json_t *object);
#endif
