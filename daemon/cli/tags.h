/*
 * tags.h - the names that tag: may name under a configuration: those of the entries that its taggers read.
 * Floor 4.  Only taggers know which entries they read, so that a worker loads them; it gets no entries.
 */
#ifndef NW_CLI_TAGS_H
#define NW_CLI_TAGS_H

#include <newswatch/plugin.h>

struct nw_cli;
struct nw_config;

/*
 * nw_tags_known(cli, conf, names_r, n_r):
 * owns    the array is freed by the caller, its names are the configuration's.  NULL: some tagger names its tags
 *         itself, or no worker could be asked (told as a note), so that any name may be a tag.
 * returns 0, -1 without memory.
 */
int nw_tags_known(const struct nw_cli *, const struct nw_config *, struct nw_str **names_r, uint32_t *n_r);
#endif
