/*
 * polled.h - the options of the sources polled lately, unpacked once and kept: a poll of an unchanged feed
 * costs less than unpacking them.  The store's bytes are the truth, so an entry counts only while they are
 * the same.  Sources asked often have places of their own, which a burst of the others does not take.
 * Floor 4, newswatchd.  Life: nw_polled_get() -> use -> nw_polled_put().
 */
#ifndef NW_MAIN_POLLED_H
#define NW_MAIN_POLLED_H

#include "core/conf.h"

struct nw_err;
struct nw_polled_cache;

/* One source's options, kept by whoever holds it. */
struct nw_polled {
	struct nw_conf_source *source;
	struct nw_arena *arena;
	struct nw_bytes options;
	uint32_t holders, tidied; /* times since it was asked for */
};

struct nw_polled_cache *nw_polled_new(void);   /* NULL without memory */
void nw_polled_free(struct nw_polled_cache *); /* those still held live on; NULL is fine */
/* errors NW_ECONF: bytes of another release; NW_ERES. */
int nw_polled_get(struct nw_polled_cache *, int64_t source, struct nw_bytes options,
    const struct nw_conf_daemon *, struct nw_polled **polled_r, struct nw_err *);
void nw_polled_put(struct nw_polled *);
/* Now and then: what nobody has asked for since the last two calls is forgotten. */
void nw_polled_tidy(struct nw_polled_cache *);
/* The daemon's options have changed, which a source inherits. */
void nw_polled_forget(struct nw_polled_cache *);
#endif
