/*
 * entries.h - a plugin's options and the entries of the section it owns, typed by its tables.
 * Floor 4.  Everything lies in the worker's arena.
 */
#ifndef NW_WORKER_ENTRIES_H
#define NW_WORKER_ENTRIES_H

#include "core/conf_diag.h"
#include "worker/worker.h"

/*
 * nw_entries_type(instance):
 * Fill ${instance}'s conf from the configuration.  Entries that are wrong are told to the worker's diagnostics and
 * left out.
 * errors  -1 without memory.
 */
int nw_entries_type(struct nw_instance *);
/* Where an entry stands; entry past the last: where the plugin's own options stand. */
struct nw_conf_place nw_entries_place(const struct nw_instance *, uint32_t entry);
/* The section a plugin owns, or NULL. */
const Nw__Section *nw_entries_section(const struct nw_worker *, const struct nw_plugin *);
/* A parser's options of one source; NULL if they are wrong (told to ${diags}) or the parser has none. */
const struct nw_value *nw_entries_source(struct nw_arena *, const struct nw_plugin *, Nw__Key *const *, size_t n,
    const struct nw_conf_place *, struct nw_conf_diags *);
#endif
