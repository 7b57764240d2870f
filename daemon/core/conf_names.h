/*
 * conf_names.h - names that must be unique, and where each was first.
 * Floor 1, conf_*.c alone.  Life: struct nw_conf_names n = {0}; nw_conf_names_add()*; nw_conf_names_done().
 */
#ifndef NW_CORE_CONF_NAMES_H
#define NW_CORE_CONF_NAMES_H

#include <newswatch/plugin.h>

struct nw_conf_names {
	struct nw_conf_names_slot {
		struct nw_str name;
		uint32_t index;
		uint32_t used;
	} *slot;
	size_t n, cap;
};

/* Borrows ${name}.  1 added, 0 it was there (index_r gets the first one's), -1 without memory. */
int nw_conf_names_add(struct nw_conf_names *, struct nw_str name, uint32_t index, uint32_t *index_r);
/* The index, or -1. */
int64_t nw_conf_names_find(const struct nw_conf_names *, struct nw_str name);
void nw_conf_names_done(struct nw_conf_names *);
#endif
