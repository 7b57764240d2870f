/*
 * sitemap.h - the entries of a sitemap or of an index of sitemaps, as they are read.
 */
#ifndef SITEMAP_H
#define SITEMAP_H

#include <newswatch/plugin.h>

#define SITEMAP_ENTRIES_MAX  50000	 /* the protocol's own limit for one file */
#define SITEMAP_KEYWORDS_MAX 64		 /* categories of an entry */
#define SITEMAP_INFLATED_MAX (50u << 20) /* bytes; the protocol's own limit */
#define SITEMAP_TEXT_MAX     8192	 /* bytes of one field */

/* One <url> or <sitemap>; texts are scratch memory. */
struct sitemap_entry {
	struct nw_str loc, title, lang, keywords;
	struct nw_time published, modified;
	uint32_t order;	 /* its place in the document */
	uint32_t is_map; /* <sitemap>: what to read next */
};

struct sitemap {
	const struct nw_host *host;
	struct nw_sink *sink;
	const struct nw_doc *doc;
	struct sitemap_entry *entry; /* malloc'ed */
	uint32_t n, cap;
	uint32_t is_index, is_urlset;
	uint32_t left_out, bad_dates;
	uint32_t incomplete;
	char root[64]; /* the root element's name, for messages */
	int rc;
};

/* When an entry last changed, NW_TIME_NONE if it does not say. */
int64_t sitemap_when(const struct sitemap_entry *);
#endif
