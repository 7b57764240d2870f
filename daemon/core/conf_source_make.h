/*
 * conf_source_make.h - a source out of its typed values: what it inherits, its addresses, days and parsers' options.
 * Floor 1, conf_*.c alone.
 */
#ifndef NW_CORE_CONF_SOURCE_MAKE_H
#define NW_CORE_CONF_SOURCE_MAKE_H

#include "core/conf.h"
#include "core/conf_valid.h"

/* One source being made of its values. */
struct nw_conf_making {
	struct nw_arena *arena; /* of the source */
	const struct nw_conf_daemon *daemon;
	const struct nw_value *value;
	struct nw_conf_diags *diags;
	struct nw_conf_source *s;
	struct nw_str *zone; /* the last one that was right: most sources share a few */
	int64_t now_ms;
	int no_memory;
};

/* Fill m->s from m->value and from the keys that are not core's; what is wrong is reported, lack of memory is kept. */
void nw_conf_source_make(struct nw_conf_making *m, Nw__Key **rest, size_t nrest);
/* Where the ${i}-th value of an option stands. */
struct nw_conf_valid nw_conf_source_make_place(const struct nw_conf_making *, const char *name, uint32_t i);
#endif
