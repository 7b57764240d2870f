/*
 * coverage_own.h - what coverage's files share: coverage_state.c the conditions that stand, coverage.c what
 * raises and ends them, coverage_baseline.c the one word about a first contact.
 */
#ifndef NW_MAIN_COVERAGE_OWN_H
#define NW_MAIN_COVERAGE_OWN_H

#include <uthash.h>

#include "main/coverage.h"

#define NW_COVERAGE_KEY_MAX 256

/* A condition that stands, or is about to: "kind/source". */
struct nw_standing {
	char *key;
	uint32_t streak; /* times in a row */
	int stands;
	int64_t last_ms; /* wall: it was last so */
	int64_t kept_ms; /* wall: the store knows that it was so then */
	UT_hash_handle hh;
};

struct nw_coverage {
	struct nw_operator *operator;
	struct nw_store *store;
	struct nw_standing *entries;
	int owes; /* a report of a first contact could not be made */
};

void nw_coverage_key(char key[NW_COVERAGE_KEY_MAX], const char *kind, struct nw_str source, const char *more);
struct nw_standing *nw_coverage_find(const struct nw_coverage *, const char *key); /* NULL if there is none */
/* The condition of a kind and a source: asked several times by every poll, mostly of none at all. */
struct nw_standing *nw_coverage_of(const struct nw_coverage *, const char *kind, struct nw_str source);
struct nw_standing *nw_coverage_find_or_add(struct nw_coverage *, const char *key); /* NULL without memory */
void nw_coverage_drop(struct nw_coverage *, struct nw_standing *);
/* It is so, once more: raised when it was so ${times} times in a row. */
void __attribute__((format(printf, 6, 7)))
nw_coverage_so(struct nw_coverage *, const struct nw_coverage_visit *, const char *kind, uint32_t times,
    uint32_t severity, const char *fmt, ...);
/* Once every page of a source's first contact is read or given up: what it would have alerted, once. */
void nw_coverage_baseline(struct nw_coverage *, struct nw_str source);
/* Those that could not be made, or whose making a start finds undone. */
void nw_coverage_baselines_owed(struct nw_coverage *);
/* It is not so: cleared if it stood. */
void __attribute__((format(printf, 4, 5))) nw_coverage_over(
    struct nw_coverage *, const struct nw_coverage_visit *, const char *kind, const char *fmt, ...);
#endif
