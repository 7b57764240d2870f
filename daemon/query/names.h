/*
 * names.h - a table from names to whatever the caller keeps under them.
 * Floor 2.  Life: struct nw_names n = {0}; nw_names_put()*; nw_names_get()*; nw_names_done().  Names are borrowed.
 */
#ifndef NW_QUERY_NAMES_H
#define NW_QUERY_NAMES_H

#include <newswatch/plugin.h>

struct nw_names_slot {
	struct nw_str name; /* p is NULL in an empty slot */
	void *value;
};
struct nw_names {
	struct nw_names_slot *slot; /* [cap]; walk it to see all */
	size_t n, cap;
};

/* 1 put in, 0 the name stands there already (its value stays), -1 without memory. */
int nw_names_put(struct nw_names *, struct nw_str name, void *value);
/* The slot of a name or NULL; valid until the next put. */
const struct nw_names_slot *nw_names_get(const struct nw_names *, struct nw_str name);
void nw_names_done(struct nw_names *);
#endif
