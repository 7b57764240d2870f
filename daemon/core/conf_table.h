/*
 * conf_table.h - core's own option tables, each option beside the field that holds it.
 * Floor 1, conf_*.c alone.  The tables themselves are in conf.h.
 */
#ifndef NW_CORE_CONF_TABLE_H
#define NW_CORE_CONF_TABLE_H

#include <newswatch/plugin.h>

struct nw_arena;

/* What of an nw_value goes where; NW_BIND_NONE is for options that need more than copying. */
enum nw_bind { NW_BIND_NONE, NW_BIND_U32, NW_BIND_I64, NW_BIND_STR, NW_BIND_LIST };
struct nw_conf_bind {
	uint32_t how;
	size_t offset, count_offset; /* of the field, and (LIST) of its uint32_t count */
};

/* Parallel to nw_conf_daemon_options and its siblings. */
extern const struct nw_conf_bind nw_conf_daemon_binds[], nw_conf_source_binds[], nw_conf_entry_binds[],
    nw_conf_channel_binds[];

/*
 * nw_conf_table_bind(arena, table, binds, values, object):
 * Copy all bound values into ${object}.  Text and lists are copied into ${arena}, or borrowed where it is NULL.
 * errors  -1 without memory.
 */
int nw_conf_table_bind(struct nw_arena *, const struct nw_option *, const struct nw_conf_bind *,
    const struct nw_value *, void *object);
/* The value of an option that is known to be in the table. */
const struct nw_value *nw_conf_table_value(const struct nw_option *, const struct nw_value *, const char *name);
#endif
