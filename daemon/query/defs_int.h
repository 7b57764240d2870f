/*
 * defs_int.h - the inside of the definitions, for defs.c and defs_list.c.
 * Floor 2.
 */
#ifndef NW_QUERY_DEFS_INT_H
#define NW_QUERY_DEFS_INT_H

#include "core/limits.h"
#include "query/defs.h"
#include "query/names.h"

enum nw_def_progress { NW_DEF_UNREAD, NW_DEF_READING, NW_DEF_READ, NW_DEF_FAILED };

struct nw_def {
	struct nw_str name;
	struct nw_str *entry; /* of a list; a watch has one, its match */
	uint32_t nentry;
	enum nw_def_progress progress;
	int has_score;
	int cyclic; /* it failed because it leads back to itself */
	struct nw_ast *root;
	nw_query_diag_fn *diag;
	void *cookie;
};

struct nw_defs {
	struct nw_arena *arena;
	struct nw_analyse *an;
	struct nw_names table[NW_DEFS_TAG + 1]; /* by enum nw_defs_kind; values are struct nw_def for lists and watches */
	int has[NW_DEFS_TAG + 1];
	struct nw_def *reading[NW_QUERY_DEPTH_MAX]; /* definitions being read inside one another */
	int depth;
};

/* Reads the entries of a list: its OR, or NULL after its diag got what is wrong. */
struct nw_ast *nw_defs_list_read(struct nw_defs *, struct nw_def *);
#endif
