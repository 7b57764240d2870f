/*
 * coverage.h - what a source does not say by itself: that it breaks, dries up, changes its layout or lies
 * about its freshness.  Each is a condition of the operator's, raised once and cleared once. Floor 4,
 * newswatchd. Life: nw_coverage_new() -> events -> nw_coverage_free().
 */
#ifndef NW_MAIN_COVERAGE_H
#define NW_MAIN_COVERAGE_H

#include "core/batch.h"
#include "core/conf.h"
#include "store/store_commit.h"

struct nw_coverage;
struct nw_err;
struct nw_operator;
struct nw_store;

/* errors NW_ERES; what stood when newswatchd ended is read back. */
struct nw_coverage *nw_coverage_new(struct nw_operator *, struct nw_store *, struct nw_err *);
void nw_coverage_free(struct nw_coverage *); /* NULL is fine */
/* The configuration is another: sources may have gone, or have another name. */
void nw_coverage_renew(struct nw_coverage *);

/* One visit, as far as coverage looks at it. */
struct nw_coverage_visit {
	const struct nw_conf_source *source;
	const struct nw_store_target *target;
	const struct nw_store_poll *end;
	int unreadable; /* a document came and could not be read */
	int killed;	/* it killed its readers and was set aside */
};

/* It ended without a document; robots.txt refused it: NW_STORE_REFUSED. */
void nw_coverage_polled(
    struct nw_coverage *, const struct nw_coverage_visit *, const struct nw_store_polled *);
/* A document was read and committed. */
void nw_coverage_read(struct nw_coverage *, const struct nw_coverage_visit *, const struct nw_store_report *,
    const Nw__Batch *);
/* 1 while a source's validators stand still over a changing document: ask without them. */
int nw_coverage_is_frozen(const struct nw_coverage *, struct nw_str source);
#endif
