/*
 * conf_type.h - options as written become typed values, by the tables of <newswatch/plugin.h>.
 * Floor 1.  One function for core's own tables (main), for plugins' options and entries (worker).  No libyaml here.
 */
#ifndef NW_CORE_CONF_TYPE_H
#define NW_CORE_CONF_TYPE_H

#include <newswatch/plugin.h>

#include "core/conf_diag.h"
#include "wire.pb-c.h"

struct nw_arena;

/* How a scalar was written: Nw__Scalar.style. */
enum nw_scalar_style {
	NW_SCALAR_PLAIN,
	NW_SCALAR_SINGLE,  /* '...' */
	NW_SCALAR_DOUBLE,  /* "..." */
	NW_SCALAR_LITERAL, /* | */
	NW_SCALAR_FOLDED,  /* > */
};

/* What is to be typed, and where it stands. */
struct nw_conf_typing {
	const struct nw_option *table; /* ends with {0} */
	const struct nw_option *also;  /* further names for "did you mean" only; may be NULL */
	Nw__Key *const *keys;
	size_t nkeys;
	const struct nw_value *defaults; /* nw_conf_type_defaults() of the table, for many entries; may be NULL */
	struct nw_conf_place at;	 /* of the entry: where a missing option is reported */
	uint32_t *wrong_r; /* not NULL: how many values were wrong or missing; unknown names do not count */
	Nw__Key ***rest_r;	 /* not NULL: unknown keys are collected here instead of refused */
	size_t *nrest_r;
};

/*
 * nw_conf_type(arena, typing, values_r, diags):
 * ${values_r} gets one value an option, in the table's order; what is not given holds the default's value and
 * given == 0.  Value.host is the Nw__Key it came from (NULL if not given).
 * owns    the arena; text borrows from the keys.
 * errors  -1 after reporting everything that is wrong to ${diags}: unknown, duplicate and missing options, wrong
 *         types, values out of range, query text that is not a block or single-quoted scalar.  ${values_r} is set
 *         also then (wrong ones hold the default) unless memory is out.
 */
int nw_conf_type(struct nw_arena *, const struct nw_conf_typing *, struct nw_value **values_r, struct nw_conf_diags *);

/* What an empty entry is typed as; NULL without memory (or for a table whose defaults are wrong: a test looks). */
struct nw_value *nw_conf_type_defaults(struct nw_arena *, const struct nw_option *table);

/* Where a key, or one of its values, stands.  File and entry come from ${entry}. */
struct nw_conf_place nw_conf_at_key(const struct nw_conf_place *entry, const Nw__Key *);
struct nw_conf_place nw_conf_at_scalar(const struct nw_conf_place *entry, const Nw__Scalar *);
/*
 * nw_conf_at_text(entry, scalar, line, col, len):
 * Where line ${line}, column ${col} (1-based) of the scalar's text stand in the file: the place of an error inside
 * a query.
 */
struct nw_conf_place nw_conf_at_text(const struct nw_conf_place *entry, const Nw__Scalar *, uint32_t line,
    uint32_t col, uint32_t len);
/* Index of an option in a table, or -1. */
int nw_conf_option(const struct nw_option *table, struct nw_str name);
#endif
