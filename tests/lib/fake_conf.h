/*
 * fake_conf.h - option values from text, as the configuration would give them.  Part of fake_host.
 */
#ifndef NW_TESTS_FAKE_CONF_H
#define NW_TESTS_FAKE_CONF_H

#include <stdarg.h>

#include <newswatch/plugin.h>

struct nw_arena;

/* Every option of the table at its default, in table order; ends with a zero value.  NULL table: that end alone. */
struct nw_value *fake_conf_values(struct nw_arena *, const struct nw_option *);
/* Aborts for an unknown name or a value that is none of the type. */
void fake_conf_set(struct nw_arena *, const struct nw_option *, struct nw_value *, const char *name,
    const char *value);
void fake_conf_pairs(struct nw_arena *, const struct nw_option *, struct nw_value *, va_list);
#endif
