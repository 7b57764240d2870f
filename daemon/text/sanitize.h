/*
 * sanitize.h - HTML that may be shown: written anew from elements and text, by allow-list.
 * Floor 2.  Whatever comes in, what goes out is balanced and holds only elements and attributes of html_tags.h, with
 * absolute http(s) URLs; nothing of the input is copied unescaped.
 * Life: nw_sanitize_init() -> (open | text | close)* -> nw_sanitize_end() -> nw_sanitize_done().
 */
#ifndef NW_TEXT_SANITIZE_H
#define NW_TEXT_SANITIZE_H

#include "base/buf.h"

struct nw_arena;
struct nw_tag_info;

#define NW_SANITIZE_DEPTH 512 /* open elements that are written; deeper ones vanish, their text stays */

struct nw_sanitize {
	struct nw_buf out;
	struct nw_arena *arena; /* for URLs */
	struct nw_str base;
	size_t max; /* bytes; closing tags may come on top */
	int full;   /* the bound was reached: nothing but closing tags is written any more */
	size_t depth;
	const struct nw_tag_info *open[NW_SANITIZE_DEPTH];
};

/* limits  ${max_bytes}, then `full` is set; the output stays balanced. */
void nw_sanitize_init(struct nw_sanitize *, struct nw_arena *, struct nw_str base, size_t max_bytes);
void nw_sanitize_done(struct nw_sanitize *);
/* ${atts} is a list of name, value, name, value ... NULL, or NULL; a value may be NULL. */
void nw_sanitize_open(struct nw_sanitize *, const struct nw_tag_info *, const char *const *atts);
void nw_sanitize_close(struct nw_sanitize *, const struct nw_tag_info *);
void nw_sanitize_text(struct nw_sanitize *, const char *p, size_t len);
void nw_sanitize_end(struct nw_sanitize *); /* closes what is open */
#endif
