/*
 * lack_own.h - what lack*.c share: an article in hand, and the expressions that are asked about it part by
 * part. Floor 4. Life: nw_lack_open() -> nw_lack_add()* -> nw_lack_ask() -> nw_lack_whole() | nw_lack_holds()
 * ... -> nw_lack_close().
 */
#ifndef NW_CLI_LACK_OWN_H
#define NW_CLI_LACK_OWN_H

#include "base/str.h"
#include "core/limits.h"
#include "query/ast.h"
#include "cli/lack.h"

struct nw_buf;

/* A part of an expression with its answer. */
struct nw_lack_part {
	const struct nw_ast *node, *field; /* the field round it, NULL: none */
	uint32_t id;
	int asked, holds;
};

/* One watch. */
struct nw_lack_watch {
	const struct nw_conf_entry *entry;
	const struct nw_ast *
	    *root; /* the match, or each clause of the score block; none: the expression has errors */
	uint32_t nroot;
	struct nw_lack_part part[NW_LACK_PARTS];
	uint32_t nparts;
	uint32_t whole, limited; /* the expression, without and with the watch's scope */
};

/* The lists and watches of a configuration, ready for an article. */
struct nw_lack_hand {
	const struct nw_config *conf;
	struct nw_arena *arena;
	struct nw_analyse *analyse;
	struct nw_defs *defs;
	struct nw_query_set *set;
};

/* -1 without memory; nw_lack_close() in every case. */
int nw_lack_open(struct nw_lack_hand *, const struct nw_config *);
void nw_lack_close(struct nw_lack_hand *);
/* Make ${watch} of ${entry}; before nw_lack_ask() only.  -1 without memory. */
int nw_lack_add(struct nw_lack_hand *, struct nw_lack_watch *, const struct nw_conf_entry *);
/* Look at the article; every part of the ${n} watches has its answer then.  -1 without memory. */
int nw_lack_ask(
    struct nw_lack_hand *, const Nw__Article *, int64_t now_ms, struct nw_lack_watch *, uint32_t n);

/* NW_LACK_NOTHING, NW_LACK_SCOPE or NW_LACK_UNKNOWN; NW_LACK_ABSENT: it does not hold, its parts tell why. */
enum nw_lack nw_lack_whole(struct nw_lack_hand *, const struct nw_lack_watch *);
/* Whether a part holds; what lies beyond NW_LACK_PARTS was not asked and counts as holding. */
int nw_lack_holds(const struct nw_lack_watch *, const struct nw_ast *);
/* How much of it is there, in hundredths. */
uint32_t nw_lack_share(const struct nw_lack_watch *, const struct nw_ast *);
const struct nw_lack_part *nw_lack_part(const struct nw_lack_watch *, const struct nw_ast *);
/* The part as text: within its field, if it stands in one. */
void nw_lack_print(const struct nw_ast *node, const struct nw_ast *field, struct nw_buf *);
#endif
