/*
 * opml.h - lists of sources for and from other readers, as OPML 2.0.
 * Floor 4.  Folders of an OPML file are the files of sources.d.
 */
#ifndef NW_CLI_OPML_H
#define NW_CLI_OPML_H

#include "base/buf.h"
#include "core/conf.h"

struct nw_err;

#define NW_OPML_BYTES_MAX   (16u << 20) /* of a file; 20,000 outlines have 5 MB */
#define NW_OPML_SOURCES_MAX 20000	/* more than one daemon polls */

/* What import left out, and why, as a line for people. */
typedef void nw_opml_left_fn(void *cookie, const char *why, struct nw_str title, struct nw_str url);

/* The sources of a configuration; those without a feed stand as links. */
void nw_opml_export(const struct nw_config *, struct nw_buf *);
/*
 * nw_opml_import(conf, xml, yaml, n_r, left, cookie, err):
 * Entries for sources.d that `newswatch check` accepts, with names made of their hosts.  Addresses that ${conf} has
 * already, that come twice or are no web address are left out.
 * limits  NW_OPML_SOURCES_MAX.
 * errors  NW_EINPUT: it is no OPML.
 */
int nw_opml_import(const struct nw_config *, struct nw_bytes xml, struct nw_buf *yaml, uint32_t *n_r, nw_opml_left_fn *,
    void *cookie, struct nw_err *);
#endif
