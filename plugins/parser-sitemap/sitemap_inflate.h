/*
 * sitemap_inflate.h - a body that is a gzip file, as *.xml.gz are served.
 */
#ifndef SITEMAP_INFLATE_H
#define SITEMAP_INFLATE_H

#include <newswatch/plugin.h>

int sitemap_inflate_is_gzip(struct nw_bytes);
/*
 * sitemap_inflate(bytes, max, out_r, cut_r):
 * owns    the caller free()s out_r->p.
 * limits  ${max} bytes; what is past it, or missing, is told by ${cut_r}.
 * returns NW_OK, NW_EINPUT where nothing can be inflated, NW_ERES.
 */
int sitemap_inflate(struct nw_bytes, size_t max, struct nw_bytes *out_r, uint32_t *cut_r);
#endif
