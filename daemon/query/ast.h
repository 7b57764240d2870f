/*
 * ast.h - the watch language as a tree: what an expression says, checked, with every name resolved.
 * Floor 2.  Knows the text of an expression and the definitions (defs.h), nothing of articles.
 * Life: the tree lies in the caller's arena; list and watch contents lie in the definitions and are shared, so a
 * tree is valid as long as both.  No free function.
 *
 * What the evaluator may rely on, for every tree that nw_ast_parse() returns:
 *   - AND has at least one kid that is no NOT; a NOT stands only directly below an AND.
 *   - Operands of proximity operators, FIRST and ATLEAST are places (R2); below a FIELD stands no other FIELD.
 *   - NEAR, PRE, SENT, PARA have two kids or more (one chain is one node); the negative ones and IN exactly two,
 *     left first.  OR has two or more (a list's at least one), ANYOF 1 <= n <= nkid.
 *   - A LIST's kid[0] is one OR of TERMs and REGEXes, the same node wherever the list is named, '@other' entries
 *     flattened in, duplicates gone.  A WATCH's kid[0] is the root of that watch's match, shared likewise.
 *   - depth <= NW_QUERY_DEPTH_MAX, shared contents included: recursion over a tree is bounded.
 */
#ifndef NW_QUERY_AST_H
#define NW_QUERY_AST_H

#include "query/query.h"

struct nw_analyse;
struct nw_arena;
struct nw_defs;
struct nw_term; /* analyse.h: a term cut into positions */

enum nw_ast_kind {
	/* leaves */
	NW_AST_TERM,	/* text, mode, cut */
	NW_AST_REGEX,	/* text (ICU's pattern, "\/" already a slash), icase */
	NW_AST_LIST,	/* text = name, kid[0] */
	NW_AST_WATCH,	/* text = name, kid[0] */
	NW_AST_COMPARE, /* n = enum nw_ast_cfield, value[]: any of them */
	/* truths */
	NW_AST_AND,
	NW_AST_NOT,	/* one kid */
	NW_AST_ATLEAST, /* n, one kid */
	NW_AST_ANYOF,	/* n, kids */
	/* a place if all kids are */
	NW_AST_OR,
	NW_AST_FIELD, /* n = enum nw_ast_field, one kid */
	/* places, n-ary */
	NW_AST_NEAR, /* n = positions between */
	NW_AST_PRE,
	NW_AST_SENT,
	NW_AST_PARA,
	/* places, binary: kid[0] survives */
	NW_AST_NOTNEAR, /* n */
	NW_AST_NOTSENT,
	NW_AST_NOTPARA,
	NW_AST_IN,
	NW_AST_NOTIN,
	NW_AST_FIRST /* n, one kid */
};

enum nw_ast_mode { /* how a TERM is compared */
	NW_AST_PLAIN,
	NW_AST_EXACT,
	NW_AST_ALLCAPS,
	NW_AST_STEM,
	NW_AST_FUZZY
};

enum nw_ast_field {
	NW_AST_TITLE,
	NW_AST_LEAD,
	NW_AST_BODY,
	NW_AST_NEW,
	NW_AST_REMOVED,
	NW_AST_AUTHOR,
	NW_AST_URL
};

enum nw_ast_cfield {
	NW_AST_SOURCE,
	NW_AST_LANG,
	NW_AST_COUNTRY,
	NW_AST_TOPIC,
	NW_AST_TAG,
	NW_AST_DATE,
	NW_AST_AGE,
	NW_AST_NUMBER
};

/* One value of a comparison. */
struct nw_ast_value {
	struct nw_str text; /* canonical: "zh-Hant", "RU", "sanctions" (name alone), "2026-01-01..", "<2d", a number */
	struct nw_str cls;  /* topic: "news", "stance", "mention" or "" for any */
	/*
	 * topic: the score must be >= lo (INT64_MIN: not asked).  date: lo <= instant in ms <= hi, the ends already
	 * first and last ms of their UTC day, INT64_MIN and INT64_MAX where left out.  age: lo < age in ms < hi,
	 * likewise.
	 */
	int64_t lo, hi;
};

/* Where intervals of a place can lie; two places without a common bit never meet (enum nw_field's order). */
#define NW_AST_IN_FIELD(f) (1u << (f))
#define NW_AST_IN_TEXT	   (NW_AST_IN_FIELD(NW_FIELD_TITLE) | NW_AST_IN_FIELD(NW_FIELD_BODY))

struct nw_ast {
	uint8_t kind;	/* enum nw_ast_kind */
	uint8_t place;	/* 1: yields intervals, 0: a truth (R2) */
	uint8_t mode;	/* TERM: enum nw_ast_mode */
	uint8_t icase;	/* REGEX */
	uint8_t fields; /* NW_AST_IN_FIELD bits as seen from outside any field: prefix */
	uint8_t wild;	/* TERM: holds a wildcard */
	uint8_t scoped; /* holds a FIELD somewhere below */
	uint8_t vague;	/* REGEX: has no literal of three characters, so it runs on every article (R23) */
	uint8_t stems;	/* holds a STEM, contents of lists and watches included */
	uint16_t depth; /* 1 for a leaf, contents of lists and watches included */
	uint32_t size;	/* nodes from here down, contents of watches included, a list counted as one */
	uint32_t n;
	uint32_t line, col, len; /* where it stands: 1-based, col and len in bytes */
	uint32_t off;		 /* the same place as bytes from the start of the text */
	uint32_t nkid, nvalue;
	uint32_t mark; /* the evaluator's own; 0 after parsing */
	struct nw_str text;
	struct nw_ast **kid;
	const struct nw_ast_value *value;
	const struct nw_term *cut;
};

/* A score block (R26). */
struct nw_ast_clause {
	struct nw_ast *expr;
	int32_t weight;
	int32_t cap; /* in points, > 0; valid if has_cap */
	uint8_t has_cap;
	uint32_t line;
};
struct nw_ast_score {
	struct nw_ast_clause *clause;
	uint32_t nclause;
	int32_t threshold;
};

enum {
	NW_AST_IS_TOPIC = 1,  /* topic:, tag: and watch() are refused */
	NW_AST_ANY_NAME = 2,  /* names without a definition pass; a LIST or WATCH may have nkid 0 */
	NW_AST_NOTES = 4,     /* tell warnings and notes too, not only errors */
};

struct nw_ast_ctx {
	struct nw_analyse *an; /* cuts the terms */
	struct nw_arena *arena;
	struct nw_defs *defs; /* NULL: nothing is defined */
	uint32_t flags;
	nw_query_diag_fn *diag; /* NULL: nobody asks */
	void *cookie;
	const struct nw_str *langs; /* the `lang` key beside the expression, for R20's note; may be NULL */
	uint32_t nlangs;
};

/*
 * nw_ast_parse(ctx, text, scope):
 * The tree of ${text}; ${scope} ("any", "new-text", "title", "lead", "" = any) puts its field round the whole.
 * limits  NW_QUERY_TEXT_MAX, NW_QUERY_DEPTH_MAX, NW_QUERY_DISTANCE_MAX, NW_QUERY_NODES_MAX.
 * errors  NULL after ${diag} got all that is wrong, the first one exactly placed; also without memory.
 */
struct nw_ast *nw_ast_parse(const struct nw_ast_ctx *, struct nw_str text, struct nw_str scope);
/* A score block, one clause a line, the threshold last; lines count within ${text}. */
struct nw_ast_score *nw_ast_parse_score(const struct nw_ast_ctx *, struct nw_str text);

enum { NW_AST_EXPAND = 1 /* contents in place of @name and watch(name) */ };
/* Appends the canonical text: parsing it again yields the same tree.  One line, no line feed. */
void nw_ast_print(struct nw_buf *, const struct nw_ast *, uint32_t flags);
/* Appends a score block, one clause a line. */
void nw_ast_print_score(struct nw_buf *, const struct nw_ast_score *, uint32_t flags);

static inline int
nw_ast_is_place(const struct nw_ast *a)
{
	return a->place;
}
#endif
