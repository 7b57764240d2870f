/*
 * poll.h - a target's state between two polls: loaded, changed, saved.
 * Floor 3, private to store/sqlite.
 */
#ifndef NW_STORE_POLL_H
#define NW_STORE_POLL_H

#include "store/store_target.h"

/* A target's row, and what is needed of its source's.  Strings live in the arena of nw_poll_load(). */
struct nw_poll_state {
	int64_t id, source, article, due_ms, failing_since_ms, last_ok_ms, last_change_ms, first_read_ms;
	uint32_t kind, role, enabled, failures, step, depth, baseline, conditional, moved_n, last_status,
	    unchanged;
	int64_t items_last, items_usual;
	struct nw_str charset; /* of the source's listings, last time */
	struct nw_str url, etag, last_modified, adopted_url, moved_url, last_error;
	uint8_t body_hash[32];
	uint32_t has_body_hash;
	/* of the source */
	struct nw_str source_name;
	uint32_t identity;
	int64_t rhythm_ms, last_new_ms, articles;
};

/* 1, 0 there is no such target any more, -1. */
int nw_poll_load(
    struct nw_store *, int64_t target, struct nw_arena *, struct nw_poll_state *state_r, struct nw_err *);
int nw_poll_save(struct nw_store *, const struct nw_poll_state *, int64_t now_ms, struct nw_err *);

/* What every answered poll does to the state: counters, failures, permanent redirects.  Events are written. */
int nw_poll_answered(struct nw_store *, struct nw_poll_state *, const struct nw_store_poll *,
    struct nw_store_polled *polled_r, struct nw_err *);
int nw_poll_failed(struct nw_store *, struct nw_poll_state *, const struct nw_store_poll *,
    struct nw_store_polled *polled_r, struct nw_err *);
/* The target has nothing more to do: it goes, or stays without a due time where a listing would name it again. */
int nw_poll_finish(struct nw_store *, struct nw_poll_state *, int64_t now_ms, struct nw_err *);
/* A page was read, or looked at again: when its next look is due, or 0 when it was the last one. */
int64_t nw_poll_next_look(const struct nw_poll_state *, const struct nw_store_poll *);
#endif
