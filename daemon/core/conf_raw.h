/*
 * conf_raw.h - files of a configuration and the entries in them, before anything is typed.
 * Floor 1, conf_*.c alone.
 */
#ifndef NW_CORE_CONF_RAW_H
#define NW_CORE_CONF_RAW_H

#include <newswatch/plugin.h>

#include "core/conf_diag.h"
#include "wire.pb-c.h"

struct nw_arena;

/* One entry of a section ("sources", "watches", ...), or (section "") some of the daemon's own options. */
struct nw_conf_raw {
	struct nw_str section;
	struct nw_str name; /* of `lists:` and `plugins:`, whose entries are named by their key; else "" */
	struct nw_conf_place at;
	Nw__Key **keys;
	size_t nkeys;
};
struct nw_conf_raws {
	struct nw_conf_raw *item; /* malloc'ed; the rest lies in the arena */
	size_t n, cap;
};

struct nw_conf_file {
	struct nw_str path; /* as shown in messages */
	struct nw_str text;
	uint32_t yaml; /* 0: a list's `file:` */
};

/* Appends; -1 without memory. */
int nw_conf_raw_add(struct nw_conf_raws *, const struct nw_conf_raw *);
void nw_conf_raws_done(struct nw_conf_raws *);
#endif
