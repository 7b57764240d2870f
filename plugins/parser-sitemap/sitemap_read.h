/*
 * sitemap_read.h - libxml2's reader over a sitemap: no network, no entity, no DTD, no depth.
 */
#ifndef SITEMAP_READ_H
#define SITEMAP_READ_H

#include "sitemap.h"

/* Fills the entries; a document that is not well-formed is read a second time, with bare ampersands escaped and what
 * is whole kept.  What went wrong is in rc. */
void sitemap_read(struct sitemap *, struct nw_str text);
#endif
