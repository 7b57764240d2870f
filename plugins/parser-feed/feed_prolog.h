/*
 * feed_prolog.h - what a document is, judged by its first tags, before anything is parsed.
 */
#ifndef FEED_PROLOG_H
#define FEED_PROLOG_H

#include <newswatch/plugin.h>

#define FEED_ROOT_MAX 64 /* bytes of a root's name that are looked at */

enum feed_kind {
	FEED_KIND_EMPTY, /* nothing but blanks */
	FEED_KIND_TEXT,	 /* no tag at all */
	FEED_KIND_JSON,
	FEED_KIND_HTML,
	FEED_KIND_FEED,
	FEED_KIND_XML, /* some other root */
};

struct feed_prolog {
	enum feed_kind kind;
	struct nw_str root; /* its name as written, "" if there is none */
	size_t root_at;	    /* where its "<" stands */
	size_t start;	    /* where a strict parser may begin: after the XML declaration */
	int junk;	    /* something that does not belong there stands before the root or the declaration */
};

void feed_prolog_look(struct nw_str text, struct feed_prolog *out);
/* Whether a root's name (without its prefix) is that of a feed. */
int feed_prolog_is_feed(struct nw_str qname);
/* More CDATA sections begin than end: one of them may have swallowed its neighbour's end, which is well-formed. */
int feed_prolog_lost_section(struct nw_str text);
/* A tag with more attributes than ${max}; libxml2 shall not see it. */
int feed_prolog_too_many_attrs(struct nw_str text, size_t max);
#endif
