/*
 * source.h - a source's options, between configuration, store, fetch and worker.
 * Floor 4, newswatchd.  Pure translations; nothing here waits or keeps.
 */
#ifndef NW_MAIN_SOURCE_H
#define NW_MAIN_SOURCE_H

#include "core/conf.h"
#include "core/netaddr.h"
#include "store/store_commit.h"
#include "store/store_target.h"

struct nw_arena;
struct nw_err;
struct nw_request;
struct nw_store;

/* The store's sources become those of the configuration; nothing is asked or written where they are already. */
int nw_source_sync_all(
    struct nw_store *, const struct nw_config *, int64_t now_ms, int64_t spread_ms, struct nw_err *);
/* The request of a poll.  ${conditional}: with validators.  Borrows from target, source and arena. */
int nw_source_request(struct nw_arena *, const struct nw_conf_daemon *, const struct nw_conf_source *,
    const struct nw_store_target *, int conditional, struct nw_request *request_r, struct nw_err *);
/* The READ job of a document. */
struct nw_source_document {
	struct nw_str url, content_type;
	struct nw_bytes body, seen;
	int64_t fetched_at_ms;
};
int nw_source_job(struct nw_arena *, const struct nw_conf_daemon *, const struct nw_conf_source *,
    const struct nw_store_target *, const struct nw_source_document *, Nw__Job **job_r, struct nw_err *);
void nw_source_policy(
    const struct nw_conf_daemon *, const struct nw_conf_source *, struct nw_store_policy *policy_r);
#endif
