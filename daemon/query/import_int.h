/*
 * import_int.h - the inside of the import, shared by its files.
 * Floor 2.  import.c: entry, messages, tokens, nodes.  import_expr.c: operators by the vendor's precedence.
 * import_word.c: words that are no words.  import_lexis.c, import_factiva.c: what each vendor's words mean.  import_date.c: dates.  import_emm.c: all of EMM.
 */
#ifndef NW_QUERY_IMPORT_INT_H
#define NW_QUERY_IMPORT_INT_H

#include "query/ast.h"
#include "query/import.h"

enum nw_import_type {
	NW_IMPORT_END,
	NW_IMPORT_OPEN,
	NW_IMPORT_CLOSE,
	NW_IMPORT_COMMA,
	NW_IMPORT_WORD,
	NW_IMPORT_QUOTED,
	NW_IMPORT_SLASHES /* "/5/", "/n5/", "/f50/": text is what stands between */
};

struct nw_import_token {
	enum nw_import_type type;
	size_t off, len;
	struct nw_str text; /* a slice, not NUL-terminated */
	int called;	    /* an opening bracket follows, white space apart */
	int glued;	    /* it follows at once */
};

enum { NW_IMPORT_ANDNOT = 300 }; /* an operator that no node has: "a and not b" */

struct nw_import_op {
	unsigned kind; /* enum nw_ast_kind or NW_IMPORT_ANDNOT */
	uint32_t n;    /* the vendor's */
	int binds;     /* the higher, the tighter */
	const char *loses; /* what the operator here cannot say, else NULL */
	size_t off, len;
};

struct nw_import;

struct nw_import_rules {
	const char *name;    /* as a person writes it */
	const char *confirm; /* what is not certain of distances, said once; NULL if nothing */
	const char *order;   /* why brackets are added */
	/* Reads the operator at pos without a message; 0 if none stands there, pos unmoved. */
	int (*op)(struct nw_import *, struct nw_import_op *);
	/* Whether a word begins what is no plain term (a segment, a field, a function), and reads it, the word included. */
	int (*is_special)(const struct nw_import *, const struct nw_import_token *);
	struct nw_ast *(*special)(struct nw_import *, const struct nw_import_token *);
	/* Rewrites a word's truncation signs; the word is NUL-terminated and may shrink. */
	void (*word)(struct nw_import *, char *word, const struct nw_import_token *);
};

struct nw_import {
	const struct nw_import_rules *rules;
	struct nw_arena *arena;
	struct nw_str text;
	size_t pos;
	size_t end; /* of the last token read */
	nw_query_diag_fn *diag;
	void *cookie;
	uint32_t errors, depth;
	uint32_t told; /* bits of what is said once */
	struct nw_ast spare;
};

enum { NW_IMPORT_TOLD_PLURAL = 1, NW_IMPORT_TOLD_CONFIRM = 2, NW_IMPORT_TOLD_DATE = 4 };

/* --- import.c */
void nw_import_next(struct nw_import *, struct nw_import_token *);
void nw_import_peek(const struct nw_import *, struct nw_import_token *);
void nw_import_tell(struct nw_import *, uint32_t severity, size_t off, size_t len, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* Whether a slice is that word, case apart. */
int nw_import_is(struct nw_str, const char *word);
/* "w/5", "near5": the number behind a prefix, case apart; -1 if the word is no such. */
int64_t nw_import_number(struct nw_str word, const char *prefix);
/* Moves over the next token and fills the rest of the operator; always 1. */
int nw_import_op(struct nw_import *, struct nw_import_op *, unsigned kind, int64_t n, int binds, const char *loses);
/* Tells what an operator becomes, and puts our n into it: adjacent counts 1 at the vendors and 0 here. */
void nw_import_op_tell(struct nw_import *, struct nw_import_op *);
struct nw_ast *nw_import_node(struct nw_import *, unsigned kind, struct nw_ast **kid, uint32_t nkid);
struct nw_ast *nw_import_pair(struct nw_import *, unsigned kind, struct nw_ast *, struct nw_ast *);
struct nw_ast *nw_import_field(struct nw_import *, unsigned field, struct nw_ast *);
/* A term of one word or several, rewritten by the vendor's rules; case is put aside as the vendor does. */
struct nw_ast *nw_import_term(struct nw_import *, struct nw_str text, const struct nw_import_token *);
struct nw_ast *nw_import_compare(struct nw_import *, unsigned cfield, const char *value);
struct nw_ast *nw_import_bad(struct nw_import *);
/* --- import_expr.c */
struct nw_ast *nw_import_expr(struct nw_import *, int binds_min);
struct nw_ast *nw_import_operand(struct nw_import *);
/* "(", an expression, ")". */
struct nw_ast *nw_import_bracket(struct nw_import *);
/* --- import_word.c; refuses a word without quotes that can only have been meant as an operator */
void nw_import_check_word(struct nw_import *, const struct nw_import_token *);
/* --- import_date.c; after "date" or "date(": date: or age:, NULL if no date stands there, pos unmoved */
struct nw_ast *nw_import_date(struct nw_import *);
/* --- the vendors */
extern const struct nw_import_rules nw_import_lexis, nw_import_factiva;
int nw_import_emm(struct nw_import *, struct nw_buf *out);
#endif
