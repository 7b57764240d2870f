/*
 * prog.h - all expressions of a set as flat tables: nodes, lists, regexes, comparisons, and who wakes whom.
 * Floor 2.  Filled by compile.h (from trees) and wake.h (once, at the end); read by eval.h.
 */
#ifndef NW_QUERY_PROG_H
#define NW_QUERY_PROG_H

#include "base/buf.h"
#include "query/phrase.h"

struct nw_regex;

enum nw_prog_kind {
	NW_PROG_PHRASE, /* a: phrase */
	NW_PROG_LIST,	/* a: list */
	NW_PROG_REGEX,	/* a: regex */
	NW_PROG_COMPARE, /* n: enum nw_ast_cfield; values [a, a + nkid) */
	NW_PROG_AND,
	NW_PROG_NOT,
	NW_PROG_ATLEAST,
	NW_PROG_ANYOF,
	NW_PROG_OR,
	NW_PROG_NEAR,
	NW_PROG_PRE,
	NW_PROG_SENT,
	NW_PROG_PARA,
	NW_PROG_NOTNEAR,
	NW_PROG_NOTSENT,
	NW_PROG_NOTPARA,
	NW_PROG_IN,
	NW_PROG_NOTIN,
	NW_PROG_FIRST,
	NW_PROG_SAME, /* a: a node elsewhere, the match of another watch */
};

/* Where a place is sought: the field prefix above it. */
enum nw_prog_scope {
	NW_PROG_ANYWHERE, /* title and body */
	NW_PROG_TITLE,
	NW_PROG_LEAD,
	NW_PROG_BODY,
	NW_PROG_NEW,
	NW_PROG_REMOVED,
	NW_PROG_AUTHOR,
	NW_PROG_URL,
};

enum {
	NW_PROG_PLACE = 1,
	NW_PROG_NEGATIVE = 2, /* holds a NOT or a negative operator: a near miss is possible */
};

struct nw_prog_text {
	uint32_t off, len; /* in nw_prog.text */
};

struct nw_prog_node {
	uint8_t kind, scope, flags, unused;
	uint32_t n;
	uint32_t a, nkid; /* kids: nodes [a, a + nkid) */
	struct nw_prog_text text; /* canonical; only of what evidence can name as its clause */
};

struct nw_prog_value {
	struct nw_prog_text text, cls;
	int64_t lo, hi;
};

/* A list: its entries sorted by phrase, and regexes apart. */
struct nw_prog_entry {
	uint32_t phrase;
	struct nw_prog_text text;
};
struct nw_prog_list {
	uint32_t first, n;	     /* entries */
	uint32_t first_regex, nregex; /* list_regex[]: regex and text as an entry */
	uint64_t cost;		     /* of waiting for any of them (wake.h) */
	/* of the article begun: the entries' phrases found, without doubles */
	uint32_t article, nfound, cap;
	uint32_t *found;
	/* where they stand, joined when the first expression asks: many expressions name one list */
	uint32_t joined_article;
	struct nw_spans joined;
};

struct nw_prog_clause { /* of a score block */
	uint32_t node;
	int32_t weight, cap; /* cap 0: none */
	struct nw_prog_text text;
};

enum {
	NW_PROG_LAZY = 1,
	NW_PROG_NEARLY = 2, /* a near miss is possible */
	NW_PROG_ALWAYS = 4, /* nothing wakes it: evaluated on every article */
	NW_PROG_TOPIC = 8,
};
#define NW_PROG_NONE UINT32_MAX

struct nw_prog_expr {
	uint32_t group, flags;
	uint32_t match;		 /* node or NW_PROG_NONE */
	uint32_t clause, nclause; /* of the score block */
	int32_t threshold;
	uint32_t limit; /* index + 1 of its limits, 0: none */
	struct nw_prog_text text, score;
};

/* Whom a phrase or list wakes; unless this other phrase is missing, without which it cannot hold either. */
struct nw_prog_alarm {
	uint32_t expr, also; /* also: NW_PROG_NONE if nothing else is sure to be needed */
};

/* A tag's name wakes expressions that ask for it. */
struct nw_prog_tag {
	uint64_t hash; /* of the name */
	uint32_t expr;
};

struct nw_prog {
	struct nw_phrases phrases;
	struct nw_prog_node *node;
	uint32_t nnode, node_cap;
	struct nw_prog_value *value;
	uint32_t nvalue, value_cap;
	struct nw_prog_list *list;
	uint32_t nlist, list_cap;
	struct nw_prog_entry *entry, *list_regex;
	uint32_t nentry, entry_cap, nlist_regex, list_regex_cap;
	struct nw_regex **regex;
	uint32_t nregex, regex_cap;
	struct nw_prog_clause *clause;
	uint32_t nclause, clause_cap;
	struct nw_prog_expr *expr;
	uint32_t nexpr, expr_cap;
	uint32_t *same; /* nodes of watches, by the mark of their trees */
	uint32_t nsame, same_cap;
	struct nw_buf text;
	uint32_t fields; /* 1 << enum nw_prog_scope: which are asked for at all */

	/* who wakes whom, after nw_wake_make() */
	uint32_t *list_of_first; /* by phrase: lists that hold it, in `expr` */
	struct nw_prog_alarm *list_of;
	uint32_t *by_phrase_first, *by_list_first; /* by phrase, by list: expressions */
	struct nw_prog_alarm *by_phrase, *by_list;
	struct nw_prog_tag *tag;	       /* sorted by hash */
	uint32_t ntag;
	uint32_t nalways;
};

static inline struct nw_str
nw_prog_str(const struct nw_prog *p, struct nw_prog_text t)
{
	return (struct nw_str){p->text.p + t.off, t.len};
}
/* Room for ${n} more in a table of ${cap} elements; -1 without memory. */
int nw_prog_room(void **v, uint32_t *cap, uint32_t used, uint32_t n, size_t size);
/* The text is stored with a NUL behind it; parts of it have none. */
struct nw_prog_text nw_prog_add_text(struct nw_prog *, const char *p, size_t len);
size_t nw_prog_bytes(const struct nw_prog *);
void nw_prog_done(struct nw_prog *);
#endif
