/*
 * conf_value.h - one option's text becomes one value: conf_type.c's other half.
 * Floor 1.
 */
#ifndef NW_CORE_CONF_VALUE_H
#define NW_CORE_CONF_VALUE_H

#include <newswatch/plugin.h>

#include "core/conf_diag.h"
#include "wire.pb-c.h"

struct nw_arena;

/*
 * nw_conf_value_read(arena, option, key, entry, value, diags):
 * Set str, num and list of ${value} from ${key}.
 * owns    list is the arena's; text borrows from ${key}.
 * errors  -1 after reporting what is wrong; ${value} keeps the default then.
 */
int nw_conf_value_read(struct nw_arena *, const struct nw_option *, const Nw__Key *, const struct nw_conf_place *entry,
    struct nw_value *, struct nw_conf_diags *);
/* The default as the table writes it ("[a, b]" for a list); -1 without memory or for a table that is wrong. */
int nw_conf_value_default(struct nw_arena *, const struct nw_option *, struct nw_value *value_r);
#endif
