/*
 * sitemap_read.h - the entries of a sitemap: of XML, whatever its prefixes and however broken, or a list of addresses.
 */
#ifndef SITEMAP_READ_H
#define SITEMAP_READ_H

#include "sitemap.h"

/* Fills the entries and says in ${s} what the document is.  Of one that is cut or broken, what is whole is kept and
 * `incomplete` is set.  What went wrong is in rc. */
void sitemap_read(struct sitemap *, struct nw_str text);
/* Whether the name of a tag, as written, is that of a root; ${index_r} says of which. */
int sitemap_read_is_root(struct nw_str name, uint32_t *index_r);
/* Whether a text, or its beginning, is a list of addresses. */
int sitemap_read_is_list(struct nw_str text);
#endif
