/*
 * fake_query.h - the real query engine behind a fake_host.  A test that needs none does not link it.
 */
#ifndef NW_TESTS_FAKE_QUERY_H
#define NW_TESTS_FAKE_QUERY_H

#include <newswatch/plugin.h>

struct fake_host;
struct nw_query_set;

struct fake_query {
	struct nw_query_set *set; /* for lists and other watches, before open */
	uint32_t *cookie;	  /* [id] */
	uint32_t ncookies;
	void (*begin)(struct fake_host *, const struct nw_article *);
	void (*tag)(struct fake_host *, const struct nw_tag *);
	void (*compile)(struct fake_host *);
	void (*free)(struct fake_host *);
};

/* Before fake_host_open(): query_add, query_next and query_holds answer from here on. */
void fake_query_attach(struct fake_host *);
#endif
