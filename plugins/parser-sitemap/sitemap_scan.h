/*
 * sitemap_scan.h - the tags and texts of a sitemap, one after the other.
 *
 * A sitemap is so plain that a scanner reads it, also where it is not well-formed; nothing in it expands, is fetched
 * or recurses, and every byte is looked at once.
 */
#ifndef SITEMAP_SCAN_H
#define SITEMAP_SCAN_H

#include <newswatch/plugin.h>

enum sitemap_token {
	SITEMAP_OPEN,
	SITEMAP_CLOSE,
	SITEMAP_TEXT,	 /* references are still in it */
	SITEMAP_SECTION, /* CDATA: as it is */
	SITEMAP_DONE,
};

struct sitemap_scan {
	const char *p, *end;
	struct nw_str name; /* of a tag, as written, borrowed */
	struct nw_str text; /* of a text, borrowed */
	int empty;	    /* a tag that is its own end */
	int broken;	    /* something XML does not allow was passed over; stays set */
};

enum sitemap_token sitemap_scan_next(struct sitemap_scan *);
/* Appends ${text} to ${out}, of which ${max} bytes may be filled; references of XML become characters where
 * ${refs}.  Returns the new length, or ${max} + 1 where it does not fit. */
size_t sitemap_scan_text(struct sitemap_scan *, struct nw_str text, int refs, char *out, size_t len, size_t max);
#endif
